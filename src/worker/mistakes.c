/* SPDX-License-Identifier: MIT */
#include "worker/mistakes.h"

#include "base/text.h"

static void say(const Job *job, const Problem *problem)
{
	Place place = { problem->path, problem->line, problem->column };
	g_autoptr(GError) error = NULL;

	if (problem->weight == WEIGHT_WARNING) {
		turn_warning(job->turn, place, problem->text);
		return;
	}
	fail(&error, FAILURE_INPUT, "%s", problem->text);
	turn_error(job->turn, place, error);
}

void mistakes_in_rules(const Job *job)
{
	for (guint i = 0; i < job->rules->problems->len; i++)
		say(job, g_ptr_array_index(job->rules->problems, i));
}

/* Several entries may cover one file. */
static void say_new(const Job *job, const GPtrArray *problems, GTree *said)
{
	for (guint i = 0; i < problems->len; i++) {
		const Problem *problem = g_ptr_array_index(problems, i);
		char *text = problem_text(problem);

		if (g_tree_lookup(said, text) == NULL)
			say(job, problem);
		g_tree_insert(said, text, (void *)problem);
	}
}

void mistakes_in_files(const Job *job)
{
	g_autoptr(GTree) said = g_tree_new_full(text_compare, NULL, g_free, NULL);

	for (guint i = 0; i < job->bases->len; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);

		for (guint k = 0; base->manifests != NULL && k < base->manifests->len; k++) {
			const Manifest *manifest = g_ptr_array_index(base->manifests, k);

			say_new(job, manifest->problems, said);
		}
	}
}

/* What says that the same is wrong: the text or, where a host turns us away, the host alone
 * (docker.md 5.1 rule 10). The caller's. */
static char *trouble_of(const Offer *offer)
{
	return failure_kind(offer->error) == FAILURE_DENIED
		       ? g_strdup_printf("denied %.*s", (int)strcspn(offer->key, "/"), offer->key)
		       : g_strdup(offer->error->message);
}

static void say_trouble(const Job *job, const Selection *selection, GTree *said)
{
	const Dependency *dependency = selection->dependency;
	Place place = { selection->manifest->path, dependency->line, dependency->column };
	char *trouble = trouble_of(dependency->offer);

	if (g_tree_lookup(said, trouble) == NULL)
		turn_error(job->turn, place, dependency->offer->error);
	g_tree_insert(said, trouble, dependency->offer);
}

void mistakes_in_look_ups(const Job *job, const Base *base)
{
	g_autoptr(GTree) said = g_tree_new_full(text_compare, NULL, g_free, NULL);
	const GPtrArray *selections = base->decision.selections;

	for (guint i = 0; i < selections->len; i++) {
		const Selection *selection = g_ptr_array_index(selections, i);
		const Offer *offer = selection->dependency->offer;

		/* What is wrong with a host is so for all that lies there. */
		if (offer != NULL && offer->error != NULL)
			say_trouble(job, selection, said);
		if (selection->complaint != NULL &&
		    g_tree_lookup(said, selection->complaint) == NULL) {
			g_autoptr(GError) error = NULL;

			fail(&error, FAILURE_INPUT, "%s", selection->complaint);
			turn_error(job->turn, (Place){ 0 }, error);
			g_tree_insert(said, g_strdup(selection->complaint), selection->complaint);
		}
	}
}
