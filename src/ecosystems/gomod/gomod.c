/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gomod.h"

#include "base/text.h"
#include "ecosystems/gomod/findhome.h"
#include "ecosystems/gomod/gocarry.h"
#include "ecosystems/gomod/gochoice.h"
#include "ecosystems/gomod/gofollow.h"
#include "ecosystems/gomod/golookup.h"
#include "ecosystems/gomod/gonotice.h"
#include "ecosystems/gomod/gorange.h"
#include "ecosystems/gomod/gosetup.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modhome.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

/* Folders of a package below its module. */
#define DEEPEST_TOOL 100

const ModFile *gomod_file(const Dependency *dependency)
{
	return dependency->detail;
}

static bool has_name(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash != NULL ? slash + 1 : path, name) == 0;
}

static bool claims(const char *path)
{
	return has_name(path, "go.mod");
}

static bool accompanies(const char *path)
{
	return has_name(path, "go.sum");
}

/* Why a requirement cannot be moved; NULL if it can. */
static const char *why_not(const ModFile *file, const ModRequire *require)
{
	if (modfile_replacement(file, require->path, require->version) != NULL ||
	    strcmp(require->version, VERSION_PLACEHOLDER) == 0)
		return "replaced";
	if (!modpath_check(require->path, NULL))
		return "invalid";
	return require->is_query ? "unresolved" : NULL;
}

/* What a person should know of a requirement that cannot be moved; NULL: nothing more. */
static char *remark_on(const ModFile *file, const ModRequire *require)
{
	const ModReplace *replace = modfile_replacement(file, require->path, require->version);

	if (replace != NULL)
		return g_strdup_printf("go.mod has '%s%s%s' instead", replace->new_path,
				       replace->new_version != NULL ? " " : "",
				       replace->new_version != NULL ? replace->new_version : "");
	if (modpath_check(require->path, NULL) && require->is_query)
		return g_strdup_printf("'%s' is a name that `go mod tidy` looks up",
				       require->version);
	return NULL;
}

static Dependency *dependency_of(const ModFile *file, const ModRequire *require)
{
	Dependency *dependency = dependency_new();
	guint first = require->node->is_in_block ? 0 : 1; /* behind `require` */
	Span path = modnode_span(require->node, first);
	Span version = modnode_span(require->node, first + 1);

	dependency->name = g_strdup(require->path);
	dependency->key = g_strdup(require->path);
	dependency->version = g_strdup(require->version);
	dependency->line = require->node->line;
	dependency->column = require->node->column;
	dependency->span = (Span){ path.from, version.to };
	dependency->is_direct = !require->is_indirect;
	dependency->why_not = g_strdup(why_not(file, require));
	dependency->remark = remark_on(file, require);
	dependency->detail = (void *)file; /* the manifest's */
	return dependency;
}

/* The module of a program that a `tool` line names, which is marked indirect unless
 * it is imported too. */
static void ask_for_tools(const ModFile *file, GTree *by_path)
{
	for (guint i = 0; i < file->tools->len; i++) {
		g_autofree char *path = g_strdup(((ModPath *)file->tools->pdata[i])->path);
		char *slash = path;

		for (int depth = 0; slash != NULL && depth < DEEPEST_TOOL; depth++) {
			Dependency *module = g_tree_lookup(by_path, path);

			if (module != NULL) {
				module->is_tool = true;
				break;
			}
			slash = strrchr(path, '/');
			if (slash != NULL)
				*slash = '\0';
		}
	}
}

/* One dependency for each path. Where a path is required twice the highest version
 * counts, whichever line it stands on. */
static void add_dependencies(Manifest *m, const ModFile *file)
{
	g_autoptr(GTree) by_path = g_tree_new_full(text_compare, NULL, NULL, NULL);

	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(file->requires, i);
		Dependency *known = g_tree_lookup(by_path, require->path);

		if (known == NULL) {
			known = dependency_of(file, require);
			g_ptr_array_add(m->dependencies, known);
			g_tree_insert(by_path, known->name, known);
		} else if (version_compare(require->version, known->version) > 0) {
			g_free(known->version);
			known->version = g_strdup(require->version);
		}
	}
	ask_for_tools(file, by_path);
}

static void file_free(void *file)
{
	modfile_free(file);
}

/* Moves what is wrong in the file to the manifest. The first mistake ends it, as for
 * the Go command: then all others are told beside it. */
static bool take_problems(Manifest *m, ModFile *file, GError **error)
{
	bool is_good = true;

	while (file->problems->len > 0) {
		Problem *problem = g_ptr_array_steal_index(file->problems, 0);

		if (problem->weight == WEIGHT_ERROR && is_good) {
			is_good = fail(error, FAILURE_INPUT, "%d:%d: %s", problem->line,
				       problem->column, problem->text);
			problem_free(problem);
		} else {
			g_ptr_array_add(m->problems, problem);
		}
	}
	return is_good;
}

static bool parse(Manifest *m, GError **error)
{
	ModFile *file = modfile_read(m->path, m->text, MODFILE_MAIN, error);

	if (file == NULL)
		return false;
	m->detail = file;
	m->free_detail = file_free;
	if (!take_problems(m, file, error))
		return false;
	if (!modfile_check_replaces(file, error))
		return false;
	add_dependencies(m, file);
	return true;
}

const Ecosystem ecosystem_gomod = {
	.name = "gomod",
	.id = "go_modules",
	.label = "go",
	.hides_v = true,
	.tool = GOVERSION_PATH,
	.claims = claims,
	.accompanies = accompanies,
	.tells_builders = gosetup_tells,
	.read_builders = gosetup_read,
	.follow = gofollow,
	.parse = parse,
	.look_up = golookup_offers,
	.home = modhome_of,
	.find_homes = findhome_all,
	.notices = gonotice_all,
	.order = gochoice_order,
	.judge = gochoice_judge,
	.rank = gochoice_rank,
	.examine = gochoice_examine,
	.complete = gochoice_complete,
	.counterpart = gochoice_counterpart,
	.leaps = gochoice_leaps,
	.step = gochoice_step,
	.in_range = gochoice_in_range,
	.check_range = gorange_check,
	.describe = golookup_describe,
	.resolve = gocarry_resolve,
	.perform = gocarry_perform,
	.rewrite = gocarry_rewrite,
};
