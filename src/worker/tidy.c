/* SPDX-License-Identifier: MIT */
/* `tidy [PATH]`: what `go mod tidy` would leave in go.mod, go.sum and vendor/. */
#include "ecosystems/gomod/fetch.h"
#include "ecosystems/gomod/together.h"
#include "git/diff.h"
#include "worker/checkout.h"
#include "worker/discover.h"
#include "worker/registries.h"
#include "worker/session.h"
#include "worker/stream.h"

#include <stdio.h>
#include <string.h>

/* The modules that a folder means: the one it lies in, as for the Go command; all
 * below it, where it lies in none. Of char *, folders from the root. */
static GPtrArray *find_modules(const Source *source, const char *below)
{
	GPtrArray *modules = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *at = g_strdup(below);
	bool is_root = false;

	while (!is_root) {
		g_autofree char *file = g_build_filename(at, "go.mod", NULL);
		char *slash = strrchr(at, '/');

		if (source_has(source, file)) {
			g_ptr_array_add(modules, g_steal_pointer(&at));
			return modules;
		}
		is_root = *at == '\0';
		*(slash != NULL ? slash : at) = '\0';
	}
	for (guint i = 0; i < source->paths->len; i++) {
		const char *path = g_ptr_array_index(source->paths, i);
		size_t length = strlen(below);

		if (g_str_has_suffix(path, "/go.mod") && strncmp(path, below, length) == 0 &&
		    (length == 0 || path[length] == '/'))
			g_ptr_array_add(modules, g_path_get_dirname(path));
	}
	return modules;
}

static bool tidy_all(Together *together, const GPtrArray *modules, GError **error)
{
	for (guint i = 0; i < modules->len; i++) {
		TidyOrder order = { .directory = g_ptr_array_index(modules, i) };

		if (!together_tidy(together, &order, error)) {
			if (modules->len > 1)
				g_prefix_error(error, "%s/go.mod: ", order.directory);
			return false;
		}
	}
	return true;
}

/* Whose registries are asked for which module. */
typedef struct {
	RulesFile *rules;       /* of the repository; NULL: it has none */
	Registries *registries; /* NULL: as rules */
	GPtrArray *manifests;   /* of Manifest: the go.mod files that the rules cover; NULL */
} Ruled;

static void ruled_clear(Ruled *ruled)
{
	g_clear_pointer(&ruled->manifests, g_ptr_array_unref);
	g_clear_pointer(&ruled->registries, registries_free);
	g_clear_pointer(&ruled->rules, rules_file_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ruled, ruled_clear)

static bool is_of_modules(const Rules *entry, void *data G_GNUC_UNUSED)
{
	return g_strcmp0(entry->ecosystem_name, "gomod") == 0;
}

/* Mistakes in the rules are not said: of them only the registries matter. */
static bool read_rules(const Session *session, Source *source, Ruled *ruled, GError **error)
{
	g_autoptr(GPtrArray) problems = problems_new();

	if (!discover_rules(source, session->settings->rules, &ruled->rules, error))
		return false;
	if (ruled->rules == NULL)
		return true;
	ruled->registries =
		registries_new(&session->world, session->settings, ruled->rules, problems);
	say_problems(problems);
	ruled->manifests = discover_manifests(source, ruled->rules, "", is_of_modules, NULL, error);
	return ruled->manifests != NULL;
}

/* What a module is looked up with. */
static const World *world_of(const Session *session, const Ruled *ruled, const char *directory)
{
	g_autofree char *path = g_build_filename(directory, "go.mod", NULL);

	for (guint i = 0; ruled->manifests != NULL && i < ruled->manifests->len; i++) {
		const Manifest *manifest = g_ptr_array_index(ruled->manifests, i);

		if (strcmp(manifest->path, path) == 0)
			return registries_world(ruled->registries, manifest->rules);
	}
	return &session->world;
}

/* What would become of modules that are looked up with `world`, of TidyResult; adds what
 * would change to `changes`. */
static GPtrArray *ask_in(const World *world, Source *source, const GPtrArray *modules,
			 GPtrArray *changes, GError **error)
{
	g_autoptr(Together) together = NULL;
	GPtrArray *results = NULL;
	Supplier *supplier = fetch_new(world, error);

	if (supplier == NULL)
		return NULL;
	together = together_new(source, supplier);
	if (tidy_all(together, modules, error))
		results = together_results(together, changes, error);
	fetch_free(supplier);
	return results;
}

/* ask_in() for all modules: those that ask the same registries together. */
static GPtrArray *ask(Session *session, Source *source, const char *below, GPtrArray *changes,
		      GError **error)
{
	g_autoptr(GPtrArray) modules = find_modules(source, below), all = NULL;
	g_auto(Ruled) ruled = { 0 };

	if (modules->len == 0)
		return fail_null(error, FAILURE_ABSENT, "there is no go.mod in '%s'", source->name);
	if (!read_rules(session, source, &ruled, error))
		return NULL;
	while (modules->len > 0) {
		const World *world = world_of(session, &ruled, g_ptr_array_index(modules, 0));
		g_autoptr(GPtrArray) alike = g_ptr_array_new_with_free_func(g_free);
		GPtrArray *results;

		for (guint i = 0; i < modules->len;) {
			if (world_of(session, &ruled, g_ptr_array_index(modules, i)) == world)
				g_ptr_array_add(alike, g_ptr_array_steal_index(modules, i));
			else
				i++;
		}
		results = ask_in(world, source, alike, changes, error);
		if (results == NULL)
			return NULL;
		if (all == NULL)
			all = results;
		else
			g_ptr_array_extend_and_steal(all, results);
	}
	return g_steal_pointer(&all);
}

static void say_notes(const TidyResult *result)
{
	for (guint i = 0; i < result->notes->len; i++)
		fprintf(stderr, "upkeepd: %s\n", (char *)g_ptr_array_index(result->notes, i));
}

static void stream_moves(const TidyResult *result)
{
	g_autofree char *path = g_build_filename(result->directory, "go.mod", NULL);

	for (guint i = 0; i < result->moves->len; i++) {
		const Move *move = g_ptr_array_index(result->moves, i);

		stream_move(path, move->path, move->from, move->to);
	}
}

/* Says or writes what would change; `*is_tidy`: nothing would. */
static bool run(const Invocation *invocation, bool *is_tidy, GError **error)
{
	const char *path = invocation->arguments[0] != NULL ? invocation->arguments[0] : ".";
	g_autoptr(Session) session = session_open(invocation, NULL, error);
	g_autoptr(Source) source = NULL;
	g_autoptr(GPtrArray) results = NULL, changes = file_changes_new();
	g_autofree char *below = NULL;

	if (session == NULL)
		return false;
	source = checkout_open(path, &below, error);
	if (source == NULL)
		return false;
	results = ask(session, source, below, changes, error);
	if (results == NULL)
		return false;
	*is_tidy = changes->len == 0;
	for (guint i = 0; i < results->len && !invocation->quiet; i++)
		say_notes(g_ptr_array_index(results, i));
	if (invocation->json) {
		for (guint i = 0; i < results->len; i++)
			stream_moves(g_ptr_array_index(results, i));
		stream_files(changes);
	} else if (invocation->diff) {
		g_autofree char *diff = diff_of_all(changes);

		fputs(diff, stdout);
	}
	if (invocation->diff || invocation->check)
		return true;
	return checkout_write(source, changes, error);
}

End tidy_command(const Invocation *invocation)
{
	g_autoptr(GError) error = NULL;
	bool is_tidy = true;
	End end = END_DONE;

	if (invocation->arguments[0] != NULL && invocation->arguments[1] != NULL) {
		fputs("upkeepd: tidy takes one path\n", stderr);
		return END_MISUSED;
	}
	if (!run(invocation, &is_tidy, &error))
		end = complain(error);
	else if (invocation->check && !is_tidy)
		end = END_FAILED;
	if (invocation->json && error != NULL)
		stream_error(error->message);
	if (invocation->json)
		stream_end(end);
	else if (error == NULL && end == END_FAILED && !invocation->quiet && !invocation->diff)
		fputs("upkeepd: go.mod or go.sum is not tidy; `upkeepd tidy` changes that\n",
		      stderr);
	return end;
}
