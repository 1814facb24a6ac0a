/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/facts.h"

#include "base/text.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modrecord.h"
#include "ecosystems/gomod/stdlib.h"
#include "ecosystems/gomod/supplier.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Go versions from which on a go line has consequences. */
#define GO_COUNTS "1.21" /* it takes part in the graph */
#define GO_PRUNES "1.17" /* the module lists all that its packages need */

/* Longer paths are those of no module; what they lie in is not asked. */
#define LIMIT_IMPORT 1024

/* Requirement lines of all modules of one graph; Kubernetes-size ones have
 * some 100,000. Paths and versions cannot be more. */
#define LIMIT_REQUIREMENTS 4000000

struct Facts {
	MainModule main;
	Supplier *supplier;
	GoTree *tree;
	GTree *paths;   /* char * to Path */
	GTree *modules; /* of Module, by path number and version */
	Module *main_module;
	uint32_t path_count;
	unsigned mark;
	uint64_t requirement_count;
	GPtrArray *met_gomods, *met_zips;
	bool is_bounded;
};

static int by_module(const void *a, const void *b, void *unused G_GNUC_UNUSED)
{
	const Module *x = a, *y = b;

	if (x->path != y->path)
		return x->path->number < y->path->number ? -1 : 1;
	return strcmp(x->version, y->version);
}

static void path_free(void *data)
{
	g_free((char *)((Path *)data)->text);
	g_free(data);
}

static void package_facts_free(void *data)
{
	PackageFacts *package = data;

	g_free(package->imports);
	g_free(package->tests);
	g_free(package->failure);
	g_free(package);
}

static void module_free(void *data)
{
	Module *module = data;

	g_free((char *)module->version);
	g_free((char *)module->actual_path);
	g_free((char *)module->actual_version);
	g_free((char *)module->directory);
	g_free((char *)module->sibling);
	g_free((char *)module->go);
	g_free(module->gomod_sum);
	g_free(module->requirements);
	g_free(module->words);
	g_clear_error(&module->requirements_error);
	g_clear_error(&module->packages_error);
	index_free(module->index);
	filelist_free(module->listing);
	g_clear_pointer(&module->packages, g_hash_table_unref);
	g_free(module);
}

Facts *facts_new(const MainModule *main, Supplier *supplier)
{
	Facts *facts = g_new0(Facts, 1);
	Module *module;

	facts->main = *main;
	facts->supplier = supplier;
	facts->tree = gotree_new(main->source);
	facts->met_gomods = g_ptr_array_new();
	facts->met_zips = g_ptr_array_new();
	facts->paths = g_tree_new_full(text_compare, NULL, NULL, path_free);
	facts->modules = g_tree_new_full(by_module, NULL, NULL, module_free);
	module = facts_module(facts, facts_path(facts, main->file->module), "");
	module->directory = g_strdup(main->directory);
	module->packages_state = KNOWN;
	facts->main_module = module;
	return facts;
}

void facts_free(Facts *facts)
{
	if (facts == NULL)
		return;
	g_ptr_array_unref(facts->met_gomods);
	g_ptr_array_unref(facts->met_zips);
	g_tree_unref(facts->modules);
	g_tree_unref(facts->paths);
	gotree_free(facts->tree);
	g_free(facts);
}

const ModFile *facts_main_file(const Facts *facts)
{
	return facts->main.file;
}

Module *facts_main(const Facts *facts)
{
	return facts->main_module;
}

const GoSum *facts_sums(const Facts *facts)
{
	return facts->main.sums;
}

const GoTree *facts_tree(const Facts *facts)
{
	return facts->tree;
}

Supplier *facts_supplier(const Facts *facts)
{
	return facts->supplier;
}

bool facts_is_bounded(const Facts *facts)
{
	return facts->is_bounded;
}

Path *facts_path(Facts *facts, const char *text)
{
	Path *path = g_tree_lookup(facts->paths, text), *parent = NULL;
	const char *slash = strrchr(text, '/');

	if (path != NULL)
		return path;
	if (slash != NULL && strlen(text) <= LIMIT_IMPORT) {
		g_autofree char *above = g_strndup(text, (size_t)(slash - text));

		parent = facts_path(facts, above);
	}
	path = g_new0(Path, 1);
	path->text = g_strdup(text);
	path->parent = parent;
	path->number = facts->path_count++;
	path->is_standard = stdlib_has(text);
	g_tree_insert(facts->paths, (char *)path->text, path);
	return path;
}

uint32_t facts_path_count(const Facts *facts)
{
	return facts->path_count;
}

/* The other module of the workspace with this path; NULL if there is none. */
static const Member *find_sibling(const Facts *facts, const Path *path)
{
	const GPtrArray *siblings = facts->main.siblings;

	for (guint i = 0; siblings != NULL && i < siblings->len; i++) {
		const Member *sibling = siblings->pdata[i];

		if (g_strcmp0(sibling->path, path->text) == 0 &&
		    strcmp(sibling->directory, facts->main.directory) != 0)
			return sibling;
	}
	return NULL;
}

static void apply_replacement(Facts *facts, Module *module)
{
	const Member *sibling = find_sibling(facts, module->path);
	const ModReplace *replace =
		modfile_replacement(facts->main.file, module->path->text, module->version);

	module->is_replaced = replace != NULL;
	module->actual_path = g_strdup(replace != NULL ? replace->new_path : module->path->text);
	module->actual_version = g_strdup(replace != NULL ? replace->new_version : module->version);
	if (replace == NULL && sibling != NULL)
		module->sibling = g_strdup(sibling->directory);
	if (replace == NULL || replace->new_version != NULL)
		return;
	module->directory = gotree_resolve(facts->main.directory, replace->new_path);
	if (module->directory != NULL) {
		module->packages_state = KNOWN;
		return;
	}
	module->packages_state = module->requirements_state = FAILED;
	module->packages_error = g_error_new(FAILURE, FAILURE_INPUT,
					     "replacement directory '%s' lies outside of the "
					     "repository",
					     replace->new_path);
	module->requirements_error = g_error_copy(module->packages_error);
}

static void require_toolchain(Facts *facts, Module *module)
{
	if (goversion_compare(module->version, GO_COUNTS) >= 0) {
		g_autofree char *name = g_strconcat("go", module->version, NULL);

		module->requirements = g_new(Module *, 1);
		module->requirements[module->n_requirements++] =
			facts_module(facts, facts_path(facts, GOVERSION_TOOLCHAIN_PATH), name);
	}
}

Module *facts_module(Facts *facts, Path *path, const char *version)
{
	const Module key = { .path = path, .version = version };
	Module *module = g_tree_lookup(facts->modules, &key);

	if (module != NULL)
		return module;
	module = g_new0(Module, 1);
	module->path = path;
	module->version = g_strdup(version);
	g_tree_insert(facts->modules, module, module);
	if (path_is_go(path) || path_is_toolchain(path)) {
		module->requirements_state = KNOWN;
		if (path_is_go(path))
			require_toolchain(facts, module);
	} else if (*version != '\0') {
		apply_replacement(facts, module);
	}
	return module;
}

bool path_is_go(const Path *path)
{
	return path->parent == NULL && strcmp(path->text, GOVERSION_PATH) == 0;
}

bool path_is_toolchain(const Path *path)
{
	return path->parent == NULL && strcmp(path->text, GOVERSION_TOOLCHAIN_PATH) == 0;
}

bool module_is_main(const Facts *facts, const Module *module)
{
	return module == facts->main_module;
}

int module_compare(const Module *a, const Module *b)
{
	if (a == b)
		return 0;
	return goversion_compare_modules(a->path->text, a->version, b->version);
}

int module_order(const void *a, const void *b)
{
	const Module *x = *(const Module *const *)a, *y = *(const Module *const *)b;
	int order =
		x->path == y->path ? module_compare(x, y) : strcmp(x->path->text, y->path->text);

	return order != 0 ? order : strcmp(x->version, y->version);
}

char *module_text(const Module *module)
{
	if (*module->version == '\0')
		return g_strdup(module->path->text);
	return g_strconcat(module->path->text, "@", module->version, NULL);
}

unsigned facts_next_mark(Facts *facts)
{
	return ++facts->mark;
}

const GPtrArray *facts_met_gomods(const Facts *facts)
{
	return facts->met_gomods;
}

const GPtrArray *facts_met_zips(const Facts *facts)
{
	return facts->met_zips;
}

void facts_forget_met(Facts *facts)
{
	for (guint i = 0; i < facts->met_gomods->len; i++)
		((Module *)facts->met_gomods->pdata[i])->is_met_gomod = false;
	for (guint i = 0; i < facts->met_zips->len; i++)
		((Module *)facts->met_zips->pdata[i])->is_met_zip = false;
	g_ptr_array_set_size(facts->met_gomods, 0);
	g_ptr_array_set_size(facts->met_zips, 0);
}

static void meet_gomods(Facts *facts, const GPtrArray *modules)
{
	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];

		if (!module->is_met_gomod)
			g_ptr_array_add(facts->met_gomods, module);
		module->is_met_gomod = true;
	}
}

static void meet_zips(Facts *facts, const GPtrArray *modules)
{
	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];

		if (!module->is_met_zip)
			g_ptr_array_add(facts->met_zips, module);
		module->is_met_zip = true;
	}
}

void facts_fail_gomod(Module *module, const GError *error)
{
	module->requirements_state = FAILED;
	module->requirements_error = g_error_copy(error);
}

G_GNUC_PRINTF(2, 3)
static void refuse(Module *module, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	module->requirements_state = FAILED;
	module->requirements_error = g_error_new_valist(FAILURE, FAILURE_INPUT, format, arguments);
	va_end(arguments);
}

/* Whether the go.mod may be that of `module`: what it calls itself, and the Go
 * version it asks for. */
static bool check_gomod(Facts *facts, Module *module, const ModRecord *record)
{
	if (module->directory == NULL && *record->module == '\0')
		refuse(module, "its go.mod has no module line");
	else if (module->directory == NULL && strcmp(record->module, module->path->text) != 0 &&
		 strcmp(record->module, module->actual_path) != 0)
		refuse(module, "its go.mod declares its path as '%s'", record->module);
	else if (*record->go != '\0' && !gobound_admits(facts->main.bound, record->go)) {
		refuse(module, "it requires go >= %s, and %s", record->go, facts->main.bound->by);
		facts->is_bounded = true;
	}
	return module->requirements_state != FAILED;
}

void facts_take_gomod(Facts *facts, Module *module, GBytes *bytes)
{
	g_autoptr(GPtrArray) requirements = g_ptr_array_new();
	const char *path, *version;
	ModRecord record;

	if (!modrecord_open(bytes, &record)) {
		refuse(module, "its go.mod could not be read");
		return;
	}
	if (!check_gomod(facts, module, &record))
		return;
	while (modrecord_next(&record, &path, &version))
		if (!modfile_excludes(facts->main.file, path, version))
			g_ptr_array_add(requirements,
					facts_module(facts, facts_path(facts, path), version));
	if (*record.go != '\0')
		module->go = g_strdup(record.go);
	if (module->go != NULL && goversion_compare(module->go, GO_COUNTS) >= 0)
		g_ptr_array_add(requirements,
				facts_module(facts, facts_path(facts, GOVERSION_PATH), module->go));
	module->is_pruned = module->go != NULL && goversion_compare(module->go, GO_PRUNES) >= 0;
	module->gomod_sum = g_strdup(record.sum);
	module->n_requirements = requirements->len;
	module->requirements = (Module **)g_ptr_array_free(g_steal_pointer(&requirements), FALSE);
	module->requirements_state = KNOWN;
	facts->requirement_count += module->n_requirements;
}

/* A replacement directory's go.mod lies in the source. */
static void read_gomod(Facts *facts, Module *module)
{
	g_autofree char *path = gotree_join(module->directory, "go.mod");
	g_autoptr(GError) error = NULL;
	Source *source = gotree_source(facts->tree);
	g_autoptr(GBytes) text = source->read(source, path, LIMIT_ANSWER, &error);
	g_autoptr(ModFile) file = NULL;
	g_autoptr(GBytes) record = NULL;

	if (text != NULL)
		file = modfile_parse(path, text, MODFILE_DEPENDENCY, &error);
	if (file == NULL) {
		facts_fail_gomod(module, error);
		return;
	}
	record = modrecord_new(file, "");
	facts_take_gomod(facts, module, record);
}

/* A version of another module of the workspace that was never published is the
 * folder beside us, as a `replace` would say. */
static void fall_back(Facts *facts, const GPtrArray *modules)
{
	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];

		if (module->requirements_state != FAILED || module->sibling == NULL ||
		    failure_kind(module->requirements_error) != FAILURE_ABSENT)
			continue;
		g_clear_error(&module->requirements_error);
		g_clear_error(&module->packages_error);
		g_clear_pointer((char **)&module->actual_version, g_free);
		module->directory = g_steal_pointer((char **)&module->sibling);
		module->packages_state = KNOWN;
		module->requirements_state = UNKNOWN;
		read_gomod(facts, module);
	}
}

bool facts_need_requirements(Facts *facts, const GPtrArray *modules, GError **error)
{
	g_autoptr(GPtrArray) unknown = g_ptr_array_new();
	unsigned mark = facts_next_mark(facts);

	meet_gomods(facts, modules);
	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];

		if (module->requirements_state != UNKNOWN || module->mark == mark)
			continue;
		module->mark = mark;
		if (module->directory != NULL)
			read_gomod(facts, module);
		else
			g_ptr_array_add(unknown, module);
	}
	if (unknown->len > 0 &&
	    !facts->supplier->need_gomods(facts->supplier, facts, unknown, error))
		return false;
	fall_back(facts, unknown);
	if (facts->requirement_count > LIMIT_REQUIREMENTS)
		return fail(error, FAILURE_LIMIT, "the module graph has more than %d requirements",
			    LIMIT_REQUIREMENTS);
	return true;
}

/* Says which module is not to be had, or not to be used, in one sentence. */
static bool refuse_without(const Module *module, GError **error)
{
	g_autofree char *text = module_text(module);
	GError *why = g_error_copy(module->requirements_error);

	if (strstr(why->message, module->path->text) != NULL)
		g_prefix_error(&why, "cannot be tidied: ");
	else
		g_prefix_error(&why, "'%s': ", text);
	g_propagate_error(error, why);
	return false;
}

bool facts_must_have_requirements(Facts *facts, const GPtrArray *modules, GError **error)
{
	if (!facts_need_requirements(facts, modules, error))
		return false;
	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i];

		if (module->requirements_state == FAILED)
			return refuse_without(module, error);
	}
	return true;
}

void facts_take_index(Module *module, PackageIndex *index)
{
	module->packages_state = KNOWN;
	module->index = index;
}

void facts_fail_index(Module *module, const GError *error)
{
	module->packages_state = FAILED;
	module->packages_error = g_error_copy(error);
}

/* What failed on the way says nothing of a module: to go on without it could end
 * with other requirements than tomorrow. */
static bool check_transport(const GPtrArray *modules, GError **error)
{
	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i];
		FailureKind kind;

		if (module->packages_state != FAILED)
			continue;
		kind = failure_kind(module->packages_error);
		if (kind != FAILURE_INPUT && kind != FAILURE_ABSENT && kind != FAILURE_DENIED &&
		    kind != FAILURE_LIMIT) {
			g_propagate_error(error, g_error_copy(module->packages_error));
			return false;
		}
	}
	return true;
}

/* Where there may be a folder instead, the go.mod decides. */
static bool need_siblings(Facts *facts, const GPtrArray *modules, GError **error)
{
	g_autoptr(GPtrArray) siblings = g_ptr_array_new();

	for (guint i = 0; i < modules->len; i++)
		if (((Module *)modules->pdata[i])->sibling != NULL)
			g_ptr_array_add(siblings, modules->pdata[i]);
	return siblings->len == 0 || facts_need_requirements(facts, siblings, error);
}

bool facts_need_packages(Facts *facts, const GPtrArray *modules, GError **error)
{
	g_autoptr(GPtrArray) unknown = g_ptr_array_new();
	unsigned mark;

	if (!need_siblings(facts, modules, error))
		return false;
	meet_zips(facts, modules);
	mark = facts_next_mark(facts);
	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];

		if (module->packages_state != UNKNOWN || module->mark == mark)
			continue;
		module->mark = mark;
		g_ptr_array_add(unknown, module);
	}
	return unknown->len == 0 ||
	       (facts->supplier->need_indexes(facts->supplier, facts, unknown, error) &&
		check_transport(unknown, error));
}

/* The folder of a package within its module. */
static const char *folder_of(const Module *module, const Path *path)
{
	return path == module->path ? "" : path->text + strlen(module->path->text) + 1;
}

bool facts_has_package(Facts *facts, Module *module, const Path *path)
{
	const char *folder = folder_of(module, path);

	g_assert(module->packages_state == KNOWN);
	if (module->directory != NULL)
		return gotree_has_package(facts->tree, module->directory, folder);
	return index_find(module->index, folder, NULL);
}

const Path *facts_sibling_of(const Facts *facts, const Path *path)
{
	for (const Path *prefix = path; prefix != NULL; prefix = prefix->parent) {
		const Member *sibling = find_sibling(facts, prefix);
		const char *folder = path == prefix ? "" : path->text + strlen(prefix->text) + 1;

		if (sibling != NULL && gotree_has_package(facts->tree, sibling->directory, folder))
			return prefix;
	}
	return NULL;
}

static Path *path_of_word(Facts *facts, Module *module, uint32_t number)
{
	if (module->words == NULL)
		module->words = g_new0(Path *, index_word_count(module->index));
	if (module->words[number] == NULL)
		module->words[number] = facts_path(facts, index_word(module->index, number));
	return module->words[number];
}

static void package_of_index(Facts *facts, Module *module, const char *folder,
			     PackageFacts *package)
{
	IndexEntry entry = { 0 };

	if (!index_find(module->index, folder, &entry))
		return;
	package->n_imports = entry.n_imports;
	package->n_tests = entry.n_tests;
	package->has_source = entry.has_source;
	package->imports = g_new(Path *, entry.n_imports);
	package->tests = g_new(Path *, entry.n_tests);
	for (uint32_t i = 0; i < entry.n_imports; i++)
		package->imports[i] = path_of_word(facts, module, entry.imports[i]);
	for (uint32_t i = 0; i < entry.n_tests; i++)
		package->tests[i] = path_of_word(facts, module, entry.tests[i]);
}

/* What gather() needs to turn a set of words into paths. */
typedef struct {
	Facts *facts;
	Path **paths;
	uint32_t count;
} Gathering;

static gboolean gather(void *word, void *unused G_GNUC_UNUSED, void *data)
{
	Gathering *gathering = data;

	gathering->paths[gathering->count++] = facts_path(gathering->facts, word);
	return FALSE;
}

static Path **paths_of(Facts *facts, GTree *words, uint32_t *count)
{
	Gathering gathering = { facts, g_new(Path *, g_tree_nnodes(words)), 0 };

	g_tree_foreach(words, gather, &gathering);
	*count = gathering.count;
	return gathering.paths;
}

static void package_of_directory(Facts *facts, Module *module, const char *folder,
				 PackageFacts *package)
{
	g_auto(GoFolder) found = { 0 };
	g_autoptr(GError) error = NULL;

	if (!gotree_read(facts->tree, module->directory, folder, &found, &error))
		package->failure = g_strdup(error->message);
	package->has_source = found.has_source;
	package->imports = paths_of(facts, found.imports, &package->n_imports);
	package->tests = paths_of(facts, found.tests, &package->n_tests);
}

const PackageFacts *facts_package(Facts *facts, Module *module, Path *path)
{
	const char *folder = folder_of(module, path);
	PackageFacts *package;

	if (module->packages == NULL)
		module->packages = g_hash_table_new_full(NULL, NULL, NULL, package_facts_free);
	package = g_hash_table_lookup(module->packages, path);
	if (package != NULL)
		return package;
	package = g_new0(PackageFacts, 1);
	if (module->directory != NULL)
		package_of_directory(facts, module, folder, package);
	else
		package_of_index(facts, module, folder, package);
	g_hash_table_insert(module->packages, path, package);
	return package;
}

GPtrArray *facts_main_packages(Facts *facts, GError **error)
{
	g_autoptr(GPtrArray) folders =
		gotree_packages(facts->tree, facts->main.directory, facts->main.file->ignores);
	GPtrArray *paths;

	if (!gotree_want(facts->tree, facts->main.directory, folders, error))
		return NULL;
	paths = g_ptr_array_new();
	for (guint i = 0; i < folders->len; i++) {
		g_autofree char *path = gotree_join(facts->main.file->module, folders->pdata[i]);

		g_ptr_array_add(paths, facts_path(facts, path));
	}
	return paths;
}
