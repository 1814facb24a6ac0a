/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/start.h"

#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/supplier.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

/* What a go.mod without a go line is read as. */
#define GO_UNKNOWN "1.16"

static void query_free(void *data)
{
	VersionQuery *query = data;

	g_free(query->version);
	g_clear_error(&query->error);
	g_free(query);
}

void start_clear(Start *start)
{
	g_clear_pointer(&start->modules, g_ptr_array_unref);
	g_clear_pointer(&start->direct, g_hash_table_unref);
	g_clear_pointer(&start->bumps, g_array_unref);
}

static bool check_major(const char *path, const char *version, GError **error)
{
	if (modpath_check_version(path, version, error))
		return true;
	g_prefix_error(error, "'%s@%s': ", path, version);
	return false;
}

/* A bump that could not hold. */
static bool check_bump(const ModFile *file, const char *path, const char *version, GError **error)
{
	const ModRequire *require = modfile_require(file, path);
	const ModReplace *replace;

	if (require == NULL)
		return fail(error, FAILURE_ABSENT, "'%s' is not required in '%s'", path,
			    file->path);
	if (!check_major(path, version, error))
		return false;
	if (modfile_excludes(file, path, version))
		return fail(error, FAILURE_INPUT, "'%s@%s' is excluded in '%s'", path, version,
			    file->path);
	replace = modfile_replacement(file, path, version);
	if (replace == NULL)
		replace = modfile_replacement(file, path, require->version);
	if (replace != NULL && replace->old_version == NULL)
		return fail(
			error, FAILURE_INPUT,
			"'%s' is replaced by '%s' in '%s': another version would change nothing",
			path, replace->new_path, file->path);
	return true;
}

/* A tag of a time before go.mod files is asked for without its "+incompatible". */
static void add_query(GPtrArray *queries, const char *path, const char *text,
		      const ModRequire *require)
{
	VersionQuery *query;

	if (version_is_canonical(text) && modpath_check_version(path, text, NULL))
		return;
	query = g_new0(VersionQuery, 1);
	query->path = path;
	query->text = text;
	if (require != NULL && version_is_canonical(require->version))
		query->current = require->version;
	g_ptr_array_add(queries, query);
}

/* The version that `text` means, which is itself if nobody was asked. */
static const char *answer_of(const GPtrArray *queries, const char *path, const char *text)
{
	for (guint i = 0; i < queries->len; i++) {
		const VersionQuery *query = queries->pdata[i];

		if (strcmp(query->path, path) == 0 && strcmp(query->text, text) == 0)
			return query->version;
	}
	return text;
}

static const Bump *bump_of(const Bump *bumps, size_t n_bumps, const char *path)
{
	for (size_t i = 0; i < n_bumps; i++)
		if (strcmp(bumps[i].path, path) == 0)
			return &bumps[i];
	return NULL;
}

/* Asks for all versions that are none; few files have any. */
static bool ask_versions(Facts *facts, const Bump *bumps, size_t n_bumps, GPtrArray *queries,
			 GError **error)
{
	const GPtrArray *requires = facts_main_file(facts)->requires;
	Supplier *supplier = facts_supplier(facts);

	for (size_t i = 0; i < n_bumps; i++)
		add_query(queries, bumps[i].path, bumps[i].version,
			  modfile_require(facts_main_file(facts), bumps[i].path));
	for (guint i = 0; i < requires->len; i++) {
		const ModRequire *require = requires->pdata[i];

		if (bump_of(bumps, n_bumps, require->path) == NULL)
			add_query(queries, require->path, require->version, NULL);
	}
	if (queries->len > 0 && !supplier->find_versions(supplier, facts, queries, error))
		return false;
	for (guint i = 0; i < queries->len; i++) {
		const VersionQuery *query = queries->pdata[i];

		if (query->version != NULL)
			continue;
		if (failure_kind(query->error) == FAILURE_ABSENT &&
		    version_is_canonical(query->text) &&
		    !check_major(query->path, query->text, error))
			return false;
		g_propagate_error(error, g_error_copy(query->error));
		return false;
	}
	return true;
}

static Module *add_module(Start *start, Facts *facts, GHashTable *seen, const char *path,
			  const char *version, bool is_direct)
{
	Path *interned = facts_path(facts, path);
	Module *module = facts_module(facts, interned, version);

	if (g_hash_table_add(seen, module))
		g_ptr_array_add(start->modules, module);
	if (is_direct)
		g_hash_table_add(start->direct, interned);
	return module;
}

static bool add_modules(Start *start, Facts *facts, const Bump *bumps, size_t n_bumps,
			const GPtrArray *queries, GError **error)
{
	const ModFile *file = facts_main_file(facts);
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL); /* set of Module */

	for (size_t i = 0; i < n_bumps; i++)
		if (!check_bump(file, bumps[i].path,
				answer_of(queries, bumps[i].path, bumps[i].version), error))
			return false;
	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = file->requires->pdata[i];
		const Bump *bump = bump_of(bumps, n_bumps, require->path);
		const char *text = bump != NULL ? bump->version : require->version;
		const char *version = answer_of(queries, require->path, text);
		const Module *module;

		if (bump == NULL && modfile_excludes(file, require->path, version))
			continue;
		module = add_module(start, facts, seen, require->path, version,
				    !require->is_indirect);
		if (bump != NULL) {
			Bump canonical = { module->path->text, module->version };

			g_array_append_val(start->bumps, canonical);
		}
	}
	add_module(start, facts, seen, GOVERSION_PATH, file->go != NULL ? file->go : GO_UNKNOWN,
		   true);
	if (file->toolchain != NULL)
		add_module(start, facts, seen, GOVERSION_TOOLCHAIN_PATH, file->toolchain, false);
	return true;
}

bool start_fill(Start *start, Facts *facts, const Bump *bumps, size_t n_bumps, GError **error)
{
	g_autoptr(GPtrArray) queries = g_ptr_array_new_with_free_func(query_free);

	start->modules = g_ptr_array_new();
	start->direct = g_hash_table_new(NULL, NULL);
	start->bumps = g_array_new(FALSE, FALSE, sizeof(Bump));
	return ask_versions(facts, bumps, n_bumps, queries, error) &&
	       add_modules(start, facts, bumps, n_bumps, queries, error);
}

/* What add_summed() gathers. */
typedef struct {
	Facts *facts;
	GHashTable *listed;       /* set of Module: the start */
	GHashTable *bumped;       /* set of Path: other versions of these are of the past */
	GPtrArray *gomods, *zips; /* of Module */
} Expected;

/* go.sum may hold lines of years that nobody needs: of zips, which are large, only
 * those of requirements are believed. */
static void add_summed(void *data, const char *path, const char *version, bool is_gomod)
{
	Expected *expected = data;
	Module *module;

	if (!modpath_check(path, NULL) || !version_is_canonical(version))
		return;
	module = facts_module(expected->facts, facts_path(expected->facts, path), version);
	if (g_hash_table_contains(expected->bumped, module->path))
		return;
	if (is_gomod)
		g_ptr_array_add(expected->gomods, module);
	else if (g_hash_table_contains(expected->listed, module))
		g_ptr_array_add(expected->zips, module);
}

bool start_prefetch(Facts *facts, const Start *start, GError **error)
{
	Expected expected = {
		.facts = facts,
		.listed = g_hash_table_new(NULL, NULL),
		.bumped = g_hash_table_new(NULL, NULL),
		.gomods = g_ptr_array_new(),
		.zips = g_ptr_array_new(),
	};
	bool is_done;

	for (guint i = 0; i < start->modules->len; i++)
		g_hash_table_add(expected.listed, start->modules->pdata[i]);
	for (guint i = 0; i < start->bumps->len; i++) {
		const Bump *bump = &g_array_index(start->bumps, Bump, i);
		Path *path = facts_path(facts, bump->path);

		g_hash_table_add(expected.bumped, path);
		g_ptr_array_add(expected.gomods, facts_module(facts, path, bump->version));
		g_ptr_array_add(expected.zips, facts_module(facts, path, bump->version));
	}
	gosum_foreach(facts_sums(facts), add_summed, &expected);
	is_done = facts_need_requirements(facts, expected.gomods, error) &&
		  facts_need_packages(facts, expected.zips, error);
	g_hash_table_unref(expected.listed);
	g_hash_table_unref(expected.bumped);
	g_ptr_array_unref(expected.gomods);
	g_ptr_array_unref(expected.zips);
	return is_done;
}
