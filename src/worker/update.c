/* SPDX-License-Identifier: MIT */
/* `update [PATH] [NAME[@VERSION]…]`: edits the files of a checkout in place. */
#include "git/diff.h"
#include "worker/checkout.h"
#include "worker/decide.h"
#include "worker/discover.h"
#include "worker/follow.h"
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
	RulesFile *rules;       /* that say which files there are */
	RulesFile *own;         /* of the repository, where updates are named; NULL */
	GPtrArray *names;       /* of Name; empty: everything */
	GPtrArray *manifests;   /* of Manifest */
	Registries *registries; /* that the rules list */
	Decision decision;
	GPtrArray *updates; /* of Update: those that were rewritten plainly */
	GPtrArray *changes; /* of FileChange */
	bool has_failed;
} Work;

static void work_clear(Work *work)
{
	g_clear_pointer(&work->updates, g_ptr_array_unref);
	g_clear_pointer(&work->changes, g_ptr_array_unref);
	decision_clear(&work->decision);
	g_clear_pointer(&work->manifests, g_ptr_array_unref);
	g_clear_pointer(&work->registries, registries_free);
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

/* A named update is made whatever the rules cover; where they do, they are obeyed as far
 * as that leaves anything to choose. Then mistakes in them are not said: nothing depends
 * on them. */
static bool read_files(Work *work, GError **error)
{
	bool is_named = work->names->len > 0;
	g_autoptr(GPtrArray) problems = problems_new();

	if (!discover_rules(work->source, work->session->settings->rules,
			    is_named ? &work->own : &work->rules, error))
		return false;
	if (work->rules == NULL)
		work->rules = discover_default_rules(work->source);
	work->registries = registries_new(&work->session->world, work->session->settings,
					  work->own != NULL ? work->own : work->rules, problems);
	say_problems(problems);
	work->manifests =
		discover_manifests(work->source, work->rules, work->below, NULL, NULL, error);
	if (work->manifests == NULL ||
	    (work->own != NULL &&
	     !discover_assign(work->source, work->own, work->below, work->manifests, error)))
		return false;
	for (guint i = 0; i < work->manifests->len; i++) {
		const Manifest *manifest = g_ptr_array_index(work->manifests, i);

		say_problems(manifest->problems);
	}
	return true;
}

/* Whether it lies in PATH itself. */
static bool is_at_hand(const Work *work, const Manifest *manifest)
{
	size_t length = strlen(work->below);
	const char *path = manifest->path;

	if (length == 0)
		return strchr(path, '/') == NULL;
	return strncmp(path, work->below, length) == 0 && path[length] == '/' &&
	       strchr(path + length + 1, '/') == NULL;
}

/* A name means the project that PATH itself is, as it would for the Go command; where
 * PATH is none, all projects below. */
static bool is_meant(const Work *work, const Manifest *manifest)
{
	if (work->names->len == 0 || manifest->ecosystem->perform == NULL ||
	    is_at_hand(work, manifest))
		return true;
	for (guint i = 0; i < work->manifests->len; i++) {
		const Manifest *other = g_ptr_array_index(work->manifests, i);

		if (other->ecosystem == manifest->ecosystem && is_at_hand(work, other))
			return false;
	}
	return true;
}

/* Who performs finds the version that is given by itself. */
static bool needs_choice(const Work *work, const Manifest *manifest, const Dependency *dependency)
{
	const Name *name;

	if (work->names->len == 0 || !is_meant(work, manifest))
		return work->names->len == 0;
	name = names_find(work->names, manifest->ecosystem, dependency);
	return name != NULL && (name->version == NULL || manifest->ecosystem->perform == NULL);
}

static void begin(Work *work)
{
	bool is_named = work->names->len > 0;

	work->decision = (Decision){ 0 };
	decision_begin(&work->decision, work->manifests, NULL, work->session->world.now, is_named,
		       NULL, NULL);
	decision_mind_registries(&work->decision, work->registries);
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

/* Whether a reference could not be looked up, which is said. */
static bool is_unknown(Work *work, const Selection *selection)
{
	const Dependency *dependency = selection->dependency;

	if (dependency->offer == NULL || dependency->offer->error == NULL)
		return false;
	trouble(work, "%s:%d: '%s': %s", selection->manifest->path, dependency->line,
		dependency->name, dependency->offer->error->message);
	return true;
}

/* What a named reference that stays is told. */
static void say_stay(Work *work, const Selection *selection, Name *name)
{
	const Dependency *dependency = selection->dependency;
	const char *why = selection->text != NULL ? selection->text : selection_word(selection);

	if (is_unknown(work, selection)) {
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

/* What became of each named reference, and what could not be found out of any. */
static void say_choices(Work *work)
{
	for (guint i = 0; i < work->decision.selections->len; i++) {
		const Selection *selection = g_ptr_array_index(work->decision.selections, i);
		const Manifest *manifest = selection->manifest;
		Name *name = names_find(work->names, manifest->ecosystem, selection->dependency);

		if (name == NULL) {
			is_unknown(work, selection);
			continue;
		}
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
	while (plan->updates->len > 0)
		g_ptr_array_add(work->updates, g_ptr_array_steal_index(plan->updates, 0));
	take_changes(work, plan->changes);
}

/* What one manifest is to have: what was chosen, and what was named outright. */
static Plan *plan_for(Work *work, Manifest *manifest)
{
	Plan *plan = plan_new(manifest->rules);

	for (guint i = 0; i < manifest->dependencies->len; i++) {
		Dependency *dependency = g_ptr_array_index(manifest->dependencies, i);
		Name *name = names_find(work->names, manifest->ecosystem, dependency);
		Update *update;

		if (name == NULL || name->version == NULL)
			continue;
		name->is_moved = true;
		update = update_new(manifest, dependency);
		update->to = g_strdup(name->version);
		g_ptr_array_add(plan->updates, update);
	}
	for (guint i = 0; i < work->decision.selections->len; i++) {
		Selection *selection = g_ptr_array_index(work->decision.selections, i);
		Name *name;

		if (selection->manifest != manifest || selection->update == NULL)
			continue;
		name = names_find(work->names, manifest->ecosystem, selection->dependency);
		if (name != NULL)
			name->is_moved = true;
		g_ptr_array_add(plan->updates, g_steal_pointer(&selection->update));
	}
	return plan;
}

static void say_deed(const Work *work, const Deed *deed)
{
	for (guint i = 0; i < deed->notes->len; i++) {
		const Problem *note = g_ptr_array_index(deed->notes, i);

		fprintf(stderr, "upkeepd: %s: %s\n", note->path, note->text);
	}
	for (guint i = 0; i < deed->shifts->len; i++) {
		const Shift *shift = g_ptr_array_index(deed->shifts, i);

		if (work->invocation->json)
			stream_move(shift->path, shift->name, shift->from, shift->to);
		else if (!work->invocation->quiet && !work->invocation->diff)
			printf("%s: %s %s -> %s\n", shift->path, shift->name,
			       shift->from != NULL ? shift->from : "none",
			       shift->to != NULL ? shift->to : "none");
	}
}

/* The images have been moved by now. */
static GPtrArray *builders_now(const Work *work)
{
	return work->decision.builders == NULL
		       ? NULL
		       : builders_after(work->decision.builders, work->changes);
}

static bool perform(Work *work, const Ecosystem *ecosystem, GError **error)
{
	g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func((GDestroyNotify)plan_free);
	g_autoptr(GPtrArray) builders = builders_now(work);
	g_auto(Deed) deed = { 0 };
	const Worlds worlds = registries_worlds(work->registries);

	for (guint i = 0; i < work->manifests->len; i++) {
		Manifest *manifest = g_ptr_array_index(work->manifests, i);
		Plan *plan;

		if (manifest->ecosystem != ecosystem || !is_meant(work, manifest))
			continue;
		plan = plan_for(work, manifest);
		plan->builders = builders;
		if (plan->updates->len > 0)
			g_ptr_array_add(plans, plan);
		else
			plan_free(plan);
	}
	deed_begin(&deed);
	if (plans->len > 0 && !ecosystem->perform(&worlds, work->source, plans, &deed, error))
		return false;
	for (guint i = 0; i < plans->len; i++) {
		const Plan *plan = g_ptr_array_index(plans, i);

		if (plan->error != NULL)
			trouble(work, "%s", plan->error->message);
	}
	say_deed(work, &deed);
	take_changes(work, deed.changes);
	return true;
}

static bool rewrite(Work *work, GError **error)
{
	g_auto(Deed) deed = { 0 };
	g_autoptr(Builders) builders = NULL;

	work->updates = g_ptr_array_new_with_free_func((GDestroyNotify)update_free);
	work->changes = file_changes_new();
	deed_begin(&deed);
	for (const Ecosystem *const *ecosystem = ecosystems; *ecosystem != NULL; ecosystem++)
		if ((*ecosystem)->perform == NULL)
			rewrite_plain(work, *ecosystem);
		else if (!perform(work, *ecosystem, error))
			return false;
	if (!follow_builders(work->source, &builders, work->updates, work->changes, deed.shifts,
			     error))
		return false;
	say_deed(work, &deed);
	return true;
}

static bool is_below(const char *name, const char *other)
{
	size_t length = strlen(other);

	return strncmp(name, other, length) == 0 && name[length] == '/';
}

/* What is called nearly so: a module "m" or "m/v3" where "m/v2" was meant. */
static const char *neighbour(const Work *work, const char *name)
{
	for (guint i = 0; i < work->manifests->len; i++) {
		const Manifest *manifest = g_ptr_array_index(work->manifests, i);

		for (guint k = 0; k < manifest->dependencies->len; k++) {
			const Dependency *dependency = g_ptr_array_index(manifest->dependencies, k);

			if (is_below(name, dependency->name) || is_below(dependency->name, name))
				return dependency->name;
		}
	}
	return NULL;
}

static void say_unknown(Work *work, const Name *name)
{
	const char *other = neighbour(work, name->name);

	trouble(work, "nothing here is called '%s%s%s'%s%s%s", name->name,
		name->tag != NULL ? ":" : "", name->tag != NULL ? name->tag : "",
		other != NULL ? "; there is '" : "", other != NULL ? other : "",
		other != NULL ? "'" : "");
}

static void say_names(Work *work)
{
	for (guint i = 0; i < work->names->len; i++) {
		const Name *name = g_ptr_array_index(work->names, i);

		if (!name->is_met)
			say_unknown(work, name);
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
