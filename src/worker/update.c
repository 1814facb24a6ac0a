/* SPDX-License-Identifier: MIT */
/* `update [PATH] [NAME[@VERSION]…]`: edits the files of a checkout in place. */
#include "ecosystems/gomod/fetch.h"
#include "ecosystems/gomod/together.h"
#include "git/diff.h"
#include "worker/checkout.h"
#include "worker/decide.h"
#include "worker/discover.h"
#include "worker/names.h"
#include "worker/override.h"
#include "worker/session.h"
#include "worker/stream.h"

#include <stdio.h>
#include <string.h>

typedef struct {
	const Invocation *invocation;
	Session *session;
	Source *source;
	char *below;
	RulesFile *rules;     /* that say which files there are */
	RulesFile *own;       /* of the repository, where updates are named; NULL */
	GPtrArray *names;     /* of Name; empty: everything */
	GPtrArray *manifests; /* of Manifest */
	Decision decision;
	GPtrArray *changes; /* of FileChange */
	bool has_failed;
} Work;

static void work_clear(Work *work)
{
	g_clear_pointer(&work->changes, g_ptr_array_unref);
	decision_clear(&work->decision);
	g_clear_pointer(&work->manifests, g_ptr_array_unref);
	g_clear_pointer(&work->names, g_ptr_array_unref);
	g_clear_pointer(&work->rules, rules_file_free);
	g_clear_pointer(&work->own, rules_file_free);
	g_clear_pointer(&work->source, source_free);
	g_clear_pointer(&work->session, session_free);
	g_free(work->below);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* Something failed; the rest is still done. */
static void trouble(Work *work, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void trouble(Work *work, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	fprintf(stderr, "upkeepd: %s\n", text);
	if (work->invocation->json)
		stream_error(text);
	work->has_failed = true;
}

/* The first argument is PATH if a directory of that name exists. */
static const char *read_arguments(Work *work)
{
	char **argument = work->invocation->arguments;
	const char *path = ".";

	work->names = g_ptr_array_new_with_free_func((GDestroyNotify)name_free);
	if (*argument != NULL && g_file_test(*argument, G_FILE_TEST_IS_DIR))
		path = *argument++;
	for (; *argument != NULL; argument++)
		g_ptr_array_add(work->names, name_parse(*argument));
	return path;
}

/* A named update is made whatever the rules cover. */
static bool read_files(Work *work, GError **error)
{
	const char *fallback = work->session->settings->rules;

	if (work->names->len == 0 && !discover_rules(work->source, fallback, &work->rules, error))
		return false;
	if (work->rules == NULL)
		work->rules = discover_default_rules(work->source);
	work->manifests =
		discover_manifests(work->source, work->rules, work->below, NULL, NULL, error);
	if (work->manifests == NULL ||
	    (work->names->len > 0 && !override_begin(work->manifests, work->source, fallback,
						     work->below, &work->own, error)))
		return false;
	for (guint i = 0; i < work->manifests->len; i++) {
		const Manifest *manifest = g_ptr_array_index(work->manifests, i);

		say_problems(manifest->problems);
	}
	return true;
}

/* Modules go through tidy(), which also takes versions that no list has. */
static bool is_of_modules(const Ecosystem *ecosystem)
{
	return ecosystem == ecosystem_by_name("gomod");
}

/* A name means the module that PATH itself is, as it would for the Go command; where
 * PATH is none, all modules below. */
static bool is_meant(const Work *work, const Manifest *manifest)
{
	g_autofree char *own = g_build_filename(work->below, "go.mod", NULL);

	return work->names->len == 0 || !is_of_modules(manifest->ecosystem) ||
	       !source_has(work->source, own) || strcmp(manifest->path, own) == 0;
}

/* A module whose version is given needs no look-up: the engine finds it. */
static bool needs_choice(const Work *work, const Manifest *manifest, const Dependency *dependency)
{
	const Name *name;

	if (work->names->len == 0 || !is_meant(work, manifest))
		return work->names->len == 0;
	name = names_find(work->names, manifest->ecosystem, dependency);
	return name != NULL && (name->version == NULL || !is_of_modules(manifest->ecosystem));
}

static void begin(Work *work)
{
	bool is_named = work->names->len > 0;

	work->decision = (Decision){ 0 };
	decision_begin(&work->decision, work->manifests, NULL, work->session->world.now, is_named,
		       NULL, NULL);
	for (guint i = work->decision.selections->len; i-- > 0;) {
		const Selection *selection = g_ptr_array_index(work->decision.selections, i);

		for (guint k = 0; k < work->names->len; k++) {
			Name *name = g_ptr_array_index(work->names, k);

			name->is_met =
				name->is_met || name_means(name, selection->manifest->ecosystem,
							   selection->dependency);
		}
		if (!needs_choice(work, selection->manifest, selection->dependency))
			g_ptr_array_remove_index(work->decision.selections, i);
	}
}

/* Whether all that a name means has one and the same version now. */
static bool is_alone(const Work *work, const Name *name)
{
	const char *version = NULL;
	bool is_first = true;

	for (guint i = 0; i < work->decision.selections->len; i++) {
		const Selection *selection = g_ptr_array_index(work->decision.selections, i);

		if (!name_means(name, selection->manifest->ecosystem, selection->dependency) ||
		    selection->dependency->why_not != NULL)
			continue;
		if (!is_first && g_strcmp0(version, selection->dependency->version) != 0)
			return false;
		version = selection->dependency->version;
		is_first = false;
	}
	return true;
}

/* Rules do not keep a person from what was asked for by name. */
static void say_overridden(const Manifest *manifest, const Dependency *dependency,
			   const Release *release)
{
	g_autofree char *why = override_text(manifest, dependency, release);

	if (why != NULL)
		fprintf(stderr, "upkeepd: %s:%d: '%s' is updated against the rules: %s\n",
			manifest->path, dependency->line, dependency->name, why);
}

static bool is_known(const Dependency *dependency)
{
	return dependency->offer != NULL && dependency->offer->error == NULL;
}

/* Which release each named reference is to have. */
static void name_releases(Work *work)
{
	for (guint i = 0; i < work->decision.selections->len; i++) {
		Selection *selection = g_ptr_array_index(work->decision.selections, i);
		const Ecosystem *ecosystem = selection->manifest->ecosystem;
		Name *name = names_find(work->names, ecosystem, selection->dependency);

		if (name == NULL || name->version == NULL || !is_known(selection->dependency))
			continue;
		selection->named = ecosystem->counterpart(selection->dependency, name->version,
							  is_alone(work, name));
		name->is_moved = name->is_moved || selection->named != NULL;
	}
}

/* A reference that has no such release stays as it is. */
static void leave_others(Work *work)
{
	for (guint i = work->decision.selections->len; i-- > 0;) {
		const Selection *selection = g_ptr_array_index(work->decision.selections, i);
		const Dependency *dependency = selection->dependency;
		const Name *name =
			names_find(work->names, selection->manifest->ecosystem, dependency);

		if (name == NULL || name->version == NULL || selection->named != NULL ||
		    !is_known(dependency))
			continue;
		if (name->is_moved)
			fprintf(stderr,
				"upkeepd: %s:%d: '%s' stays: '%s' has no '%s' of its kind\n",
				selection->manifest->path, dependency->line, dependency->version,
				dependency->name, name->version);
		g_ptr_array_remove_index(work->decision.selections, i);
	}
}

static void say_update(const Work *work, const Update *update)
{
	bool has_versions = g_strcmp0(update->from, update->to) != 0;

	if (work->invocation->json)
		stream_update(update);
	if (work->invocation->json || work->invocation->quiet || work->invocation->diff)
		return;
	printf("%s:%d: %s %s -> %s\n", update->manifest->path, update->dependency->line,
	       update->dependency->name,
	       has_versions && update->from != NULL ? update->from
	       : update->from_digest != NULL        ? update->from_digest
						    : "none",
	       has_versions && update->to != NULL ? update->to
	       : update->to_digest != NULL        ? update->to_digest
						  : "none");
}

/* What a named reference that stays is told. */
static void say_stay(Work *work, const Selection *selection, Name *name)
{
	const Dependency *dependency = selection->dependency;
	const char *why = selection->text != NULL ? selection->text : selection_word(selection);

	if (dependency->offer != NULL && dependency->offer->error != NULL) {
		trouble(work, "%s:%d: '%s': %s", selection->manifest->path, dependency->line,
			dependency->name, dependency->offer->error->message);
		name->is_moved = true; /* said already */
		return;
	}
	fprintf(stderr, "upkeepd: %s:%d: '%s' stays: %s\n", selection->manifest->path,
		dependency->line, dependency->name, why);
	if (name->version == NULL || selection->reason == REASON_UP_TO_DATE)
		name->is_moved = true;
}

static const Release *chosen_release(const Selection *selection)
{
	const GPtrArray *releases = selection->dependency->offer->releases;

	for (guint i = 0; i < releases->len; i++) {
		const Release *release = g_ptr_array_index(releases, i);

		if (g_strcmp0(release->version, selection->update->to) == 0)
			return release;
	}
	return NULL;
}

/* What became of each named reference. */
static void say_choices(Work *work)
{
	for (guint i = 0; i < work->decision.selections->len; i++) {
		const Selection *selection = g_ptr_array_index(work->decision.selections, i);
		const Manifest *manifest = selection->manifest;
		Name *name = names_find(work->names, manifest->ecosystem, selection->dependency);

		if (name == NULL)
			continue;
		if (selection->update == NULL) {
			say_stay(work, selection, name);
			continue;
		}
		name->is_moved = true;
		say_overridden(manifest, selection->dependency, chosen_release(selection));
	}
}

static Plan *plan_of(Work *work, const Ecosystem *ecosystem)
{
	Plan *plan = plan_new(g_ptr_array_index(work->rules->entries, 0));

	for (guint i = 0; i < work->decision.selections->len; i++) {
		Selection *selection = g_ptr_array_index(work->decision.selections, i);

		if (selection->manifest->ecosystem == ecosystem && selection->update != NULL)
			g_ptr_array_add(plan->updates, g_steal_pointer(&selection->update));
	}
	return plan;
}

static void take_changes(Work *work, GPtrArray *changes)
{
	while (changes->len > 0)
		g_ptr_array_add(work->changes, g_ptr_array_steal_index(changes, 0));
}

static void rewrite_plain(Work *work, const Ecosystem *ecosystem)
{
	g_autoptr(Plan) plan = plan_of(work, ecosystem);
	g_autoptr(GError) error = NULL;

	if (plan->updates->len == 0)
		return;
	if (!ecosystem->rewrite(plan, &error)) {
		trouble(work, "%s", error->message);
		return;
	}
	for (guint i = 0; i < plan->updates->len; i++)
		say_update(work, g_ptr_array_index(plan->updates, i));
	take_changes(work, plan->changes);
}

/* What one go.mod is to require: what was chosen, and what was named outright. */
static GArray *bumps_of(Work *work, const Manifest *manifest)
{
	GArray *bumps = g_array_new(FALSE, FALSE, sizeof(Bump));

	for (guint i = 0; i < manifest->dependencies->len; i++) {
		const Dependency *dependency = g_ptr_array_index(manifest->dependencies, i);
		Name *name = names_find(work->names, manifest->ecosystem, dependency);
		Bump bump = { dependency->name, name != NULL ? name->version : NULL };

		if (bump.version == NULL)
			continue;
		name->is_moved = true;
		say_overridden(manifest, dependency, &(Release){ .version = name->version });
		g_array_append_val(bumps, bump);
	}
	for (guint i = 0; i < work->decision.selections->len; i++) {
		const Selection *selection = g_ptr_array_index(work->decision.selections, i);
		Bump bump = { selection->dependency->name, NULL };

		if (selection->manifest != manifest || selection->update == NULL)
			continue;
		bump.version = selection->update->to;
		g_array_append_val(bumps, bump);
	}
	return bumps;
}

static void say_moves(const Work *work, const TidyResult *result)
{
	g_autofree char *path = g_build_filename(result->directory, "go.mod", NULL);

	for (guint i = 0; i < result->notes->len; i++)
		fprintf(stderr, "upkeepd: %s: %s\n", path,
			(char *)g_ptr_array_index(result->notes, i));
	for (guint i = 0; i < result->moves->len; i++) {
		const Move *move = g_ptr_array_index(result->moves, i);

		if (work->invocation->json)
			stream_move(path, move->path, move->from, move->to);
		else if (!work->invocation->quiet && !work->invocation->diff)
			printf("%s: %s %s -> %s\n", path, move->path,
			       move->from != NULL ? move->from : "none",
			       move->to != NULL ? move->to : "none");
	}
}

static void rewrite_modules(Work *work, const Manifest *manifest, const GPtrArray *builders,
			    Together *together)
{
	g_autoptr(GArray) bumps = bumps_of(work, manifest);
	g_autofree char *folder = g_path_get_dirname(manifest->path);
	g_autoptr(GError) error = NULL;
	TidyOrder order = { .directory = strcmp(folder, ".") == 0 ? "" : folder,
			    .bumps = (const Bump *)(const void *)bumps->data,
			    .n_bumps = bumps->len,
			    .max_go = manifest->rules->max_go,
			    .builders = builders };

	if (bumps->len == 0)
		return;
	if (!together_tidy(together, &order, &error))
		trouble(work, "%s: %s", manifest->path, error->message);
}

static bool rewrite_all_modules(Work *work, GError **error)
{
	Supplier *supplier = fetch_new(&work->session->world, error);
	g_autoptr(Together) together = NULL;
	g_autoptr(GPtrArray) results = NULL, changes = NULL, builders = NULL;

	if (supplier == NULL)
		return false;
	/* The images have been moved by now. */
	if (work->decision.builders != NULL)
		builders = builders_after(work->decision.builders, work->changes);
	together = together_new(work->source, supplier);
	for (guint i = 0; i < work->manifests->len; i++) {
		const Manifest *manifest = g_ptr_array_index(work->manifests, i);

		if (is_of_modules(manifest->ecosystem) && is_meant(work, manifest))
			rewrite_modules(work, manifest, builders, together);
	}
	fetch_free(supplier);
	results = together_results(together, error);
	if (results != NULL)
		changes = together_changes(together, error);
	if (changes == NULL)
		return false;
	for (guint i = 0; i < results->len; i++)
		say_moves(work, g_ptr_array_index(results, i));
	take_changes(work, changes);
	return true;
}

static bool rewrite(Work *work, GError **error)
{
	bool has_modules = false;

	work->changes = g_ptr_array_new_with_free_func((GDestroyNotify)file_change_free);
	for (const Ecosystem *const *ecosystem = ecosystems; *ecosystem != NULL; ecosystem++)
		if (!is_of_modules(*ecosystem))
			rewrite_plain(work, *ecosystem);
	for (guint i = 0; i < work->manifests->len; i++) {
		const Manifest *manifest = g_ptr_array_index(work->manifests, i);

		has_modules = has_modules || is_of_modules(manifest->ecosystem);
	}
	return !has_modules || rewrite_all_modules(work, error);
}

static void say_names(Work *work)
{
	for (guint i = 0; i < work->names->len; i++) {
		const Name *name = g_ptr_array_index(work->names, i);

		if (!name->is_met)
			trouble(work, "nothing here is called '%s%s%s'", name->name,
				name->tag != NULL ? ":" : "", name->tag != NULL ? name->tag : "");
		else if (!name->is_moved)
			trouble(work, "there is no version '%s' of '%s'", name->version,
				name->name);
	}
}

static bool run(Work *work, GError **error)
{
	const char *path = read_arguments(work);

	work->session = session_open(work->invocation, NULL, error);
	if (work->session == NULL)
		return false;
	work->source = checkout_open(path, &work->below, error);
	if (work->source == NULL || !read_files(work, error))
		return false;
	begin(work);
	if (work->names->len == 0 &&
	    !decision_mind_builders(&work->decision, work->source, work->manifests, error))
		return false;
	if (!decision_look_up(&work->decision, &work->session->world, error))
		return false;
	name_releases(work);
	leave_others(work);
	if (!decision_choose(&work->decision, &work->session->world, error))
		return false;
	say_choices(work);
	if (!rewrite(work, error))
		return false;
	say_names(work);
	if (work->invocation->json) {
		stream_files(work->changes);
	} else if (work->invocation->diff) {
		g_autofree char *diff = diff_of_all(work->changes);

		fputs(diff, stdout);
	}
	return work->invocation->diff || checkout_write(work->source, work->changes, error);
}

End update_command(const Invocation *invocation)
{
	g_auto(Work) work = { .invocation = invocation };
	g_autoptr(GError) error = NULL;
	End end;

	if (run(&work, &error))
		end = work.has_failed ? END_FAILED : END_DONE;
	else
		end = complain(error);
	if (invocation->json && error != NULL)
		stream_error(error->message);
	if (invocation->json)
		stream_end(end);
	return end;
}
