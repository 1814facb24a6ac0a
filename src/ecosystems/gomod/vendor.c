/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/vendor.h"

#include "base/crypto.h"
#include "base/text.h"
#include "ecosystems/gomod/embed.h"
#include "ecosystems/gomod/gotree.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/imports.h"
#include "ecosystems/gomod/supplier.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Go versions from which on modules.txt says more, and less is copied. */
#define GO_SAYS_EXPLICIT "1.14"
#define GO_SAYS_VERSIONS "1.17" /* and go.mod, go.sum stay behind */
#define GO_FORGETS_TESTS "1.22" /* what tests embed stays behind */

#define MODULES_TXT "modules.txt"

/* One file that is to be below vendor/. */
typedef struct {
	Module *module;
	const ListedFile *file;
} Copy;

/* Packages of one module. */
typedef struct {
	Module *module;
	GPtrArray *paths; /* of char *, sorted */
} Provider;

/* A vendor/ being planned. */
typedef struct {
	Facts *facts;
	const Solution *solution;
	const char *go;
	char *folder;         /* vendor/ from the root of the source, with the slash */
	GPtrArray *providers; /* of Provider, sorted as modules.txt is */
	GTree *copies;        /* char *, below vendor/, to Copy */
	GString *modules_txt;
	GPtrArray *changes;
} Vendoring;

bool vendor_is_used(const Source *source, const char *directory)
{
	g_autofree char *path = gotree_join(directory, "vendor/" MODULES_TXT);

	return source_has(source, path);
}

static int by_string(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_module(const void *a, const void *b)
{
	return module_order(&(*(Provider *const *)a)->module, &(*(Provider *const *)b)->module);
}

static void provider_free(void *data)
{
	g_ptr_array_unref(((Provider *)data)->paths);
	g_free(data);
}

static bool is_at_least(const Vendoring *vendoring, const char *go)
{
	return goversion_compare(vendoring->go, go) >= 0;
}

/* Packages to copy: what the main module, its tests and its tools import, without
 * the tests of dependencies, whatever the go line says about those. */
static GPtrArray *needed_packages(const Facts *facts, const Load *load)
{
	g_autoptr(GHashTable) met = g_hash_table_new(NULL, NULL); /* set of Package */
	GPtrArray *queue = g_ptr_array_new();

	for (guint i = 0; i < load->packages->len; i++) {
		Package *package = load->packages->pdata[i];
		bool is_own = package->module != NULL && !package_is_external(facts, package);

		if ((is_own || package->importer == NULL) && g_hash_table_add(met, package))
			g_ptr_array_add(queue, package);
	}
	for (guint i = 0; i < queue->len; i++) {
		const Package *package = queue->pdata[i];

		for (guint j = 0; j < package->imports->len; j++)
			if (g_hash_table_add(met, package->imports->pdata[j]))
				g_ptr_array_add(queue, package->imports->pdata[j]);
	}
	return queue;
}

static Provider *provider_of(Vendoring *vendoring, GHashTable *by_address, Module *module)
{
	Provider *provider = g_hash_table_lookup(by_address, module);

	if (provider == NULL) {
		provider = g_new0(Provider, 1);
		provider->module = module;
		provider->paths = g_ptr_array_new();
		g_hash_table_insert(by_address, module, provider);
		g_ptr_array_add(vendoring->providers, provider);
	}
	return provider;
}

/* Modules that provide a package, and those that go.mod lists. */
static void find_providers(Vendoring *vendoring)
{
	g_autoptr(GHashTable) by_address = g_hash_table_new(NULL, NULL); /* Module to Provider */
	const GPtrArray *roots = roots_modules(vendoring->solution->roots);
	g_autoptr(GPtrArray) packages =
		needed_packages(vendoring->facts, vendoring->solution->load);

	for (guint i = 0; i < packages->len; i++) {
		const Package *package = packages->pdata[i];

		if (package_is_external(vendoring->facts, package) && !package->is_test)
			g_ptr_array_add(provider_of(vendoring, by_address, package->module)->paths,
					(char *)package->path->text);
	}
	for (guint i = 0; is_at_least(vendoring, GO_SAYS_EXPLICIT) && i < roots->len; i++) {
		Module *module = roots->pdata[i];

		if (!path_is_go(module->path) && !path_is_toolchain(module->path))
			provider_of(vendoring, by_address, module);
	}
	g_ptr_array_sort(vendoring->providers, by_module);
	for (guint i = 0; i < vendoring->providers->len; i++)
		g_ptr_array_sort(((Provider *)vendoring->providers->pdata[i])->paths, by_string);
}

static void append_words(GString *text, const char *path, const char *version)
{
	g_string_append_printf(text, " %s", path);
	if (version != NULL)
		g_string_append_printf(text, " %s", version);
}

static void describe_provider(Vendoring *vendoring, const Provider *provider)
{
	const Module *module = provider->module;
	GString *text = vendoring->modules_txt;
	bool is_explicit = is_at_least(vendoring, GO_SAYS_EXPLICIT) &&
			   roots_version(vendoring->solution->roots, module->path) == module;
	bool says_go = is_at_least(vendoring, GO_SAYS_VERSIONS) && module->go != NULL;

	g_string_append_c(text, '#');
	append_words(text, module->path->text, module->version);
	if (module->is_replaced) {
		g_string_append(text, " =>");
		append_words(text, module->actual_path, module->actual_version);
	}
	g_string_append_c(text, '\n');
	if (is_explicit || says_go)
		g_string_append_printf(text, "## %s%s%s%s\n", is_explicit ? "explicit" : "",
				       is_explicit && says_go ? "; " : "", says_go ? "go " : "",
				       says_go ? module->go : "");
	for (guint i = 0; i < provider->paths->len; i++)
		g_string_append_printf(text, "%s\n", (char *)provider->paths->pdata[i]);
}

static bool is_described(const Vendoring *vendoring, const ModReplace *replace)
{
	for (guint i = 0; i < vendoring->providers->len; i++) {
		const Module *module = ((Provider *)vendoring->providers->pdata[i])->module;

		if (replace->old_version != NULL &&
		    strcmp(module->path->text, replace->old_path) == 0 &&
		    strcmp(module->version, replace->old_version) == 0)
			return true;
	}
	return false;
}

/* Replacements for all versions always stand at the end, others if nothing above
 * was replaced by them. Of two for one module the last holds. */
static void describe_replacements(Vendoring *vendoring)
{
	const ModFile *main = facts_main_file(vendoring->facts);

	for (guint i = 0; is_at_least(vendoring, GO_SAYS_EXPLICIT) && i < main->replaces->len;
	     i++) {
		const ModReplace *replace = main->replaces->pdata[i];

		if (is_described(vendoring, replace))
			continue;
		g_string_append_c(vendoring->modules_txt, '#');
		append_words(vendoring->modules_txt, replace->old_path, replace->old_version);
		g_string_append(vendoring->modules_txt, " =>");
		append_words(vendoring->modules_txt, replace->new_path, replace->new_version);
		g_string_append_c(vendoring->modules_txt, '\n');
	}
}

/* A listing of a directory of the source is made now; it changes with each
 * commit. */
static bool list_directory(Vendoring *vendoring, Module *module, GError **error)
{
	const GoTree *tree = facts_tree(vendoring->facts);
	Source *source = gotree_source(tree);
	g_autoptr(GPtrArray) files = gotree_files(tree, module->directory);
	g_autoptr(FileListBuilder) builder = filelist_builder_new();
	size_t prefix = strlen(module->directory) + (*module->directory != '\0' ? 1 : 0);
	uint64_t total = 0;

	if (!source->want(source, files, error))
		return false;
	for (guint i = 0; i < files->len; i++) {
		const char *path = files->pdata[i];
		g_autoptr(GBytes) bytes = source->read(source, path, LIMIT_MODULE_ZIP, error);
		uint8_t digest[32];
		gsize length;
		const char *text;

		if (bytes == NULL)
			return false;
		text = g_bytes_get_data(bytes, &length);
		total += length;
		if (total > LIMIT_MODULE_ZIP)
			return fail(error, FAILURE_LIMIT, "the files of '%s' are too large",
				    module->directory);
		sha256(text, length, digest);
		filelist_builder_add(builder, path + prefix, digest,
				     g_str_has_suffix(path, ".go") ? text : NULL, length);
	}
	module->listing = filelist_builder_finish(builder);
	return true;
}

static bool need_listings(Vendoring *vendoring, GError **error)
{
	Supplier *supplier = facts_supplier(vendoring->facts);
	g_autoptr(GPtrArray) modules = g_ptr_array_new();

	for (guint i = 0; i < vendoring->providers->len; i++) {
		const Provider *provider = vendoring->providers->pdata[i];
		Module *module = provider->module;

		if (provider->paths->len == 0 || module->listing != NULL)
			continue;
		if (module->directory == NULL)
			g_ptr_array_add(modules, module);
		else if (!list_directory(vendoring, module, error))
			return false;
	}
	return modules->len == 0 || supplier->need_listings(supplier, modules, error);
}

/* Plans to copy `file` to its place in the module's own tree below vendor/. */
static void copy_file(Vendoring *vendoring, Module *module, const ListedFile *file)
{
	Copy *copy = g_new(Copy, 1);

	*copy = (Copy){ module, file };
	g_tree_replace(vendoring->copies, gotree_join(module->path->text, file->name), copy);
}

static bool is_metadata(const char *name)
{
	static const char *const starts[] = { "AUTHORS", "CONTRIBUTORS", "COPYLEFT",
					      "COPYING", "COPYRIGHT",    "LEGAL",
					      "LICENSE", "NOTICE",       "PATENTS" };

	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++)
		if (g_str_has_prefix(name, starts[i]))
			return true;
	return false;
}

/* Whether a file of a package's own folder is copied. */
static bool is_copied(const Vendoring *vendoring, const ListedFile *file, const char *name)
{
	if (g_str_has_suffix(name, "_test.go") || file->is_excluded)
		return false;
	return !is_at_least(vendoring, GO_SAYS_VERSIONS) ||
	       (strcmp(name, "go.mod") != 0 && strcmp(name, "go.sum") != 0);
}

/* Go reads all of a package that it copies, for what is embedded. */
static bool check_file(const Module *module, const ListedFile *file, const char *name,
		       GError **error)
{
	return !file->is_broken || !imports_is_read(name) ||
	       fail(error, FAILURE_INPUT, "'%s' of '%s' is no Go, and cannot be vendored",
		    file->name, module->path->text);
}

/* The files directly in one folder: of a package, or above one. */
static bool copy_folder(Vendoring *vendoring, Module *module, const char *folder, bool is_package,
			GError **error)
{
	const FileList *listing = module->listing;
	g_autofree char *prefix = *folder != '\0' ? g_strconcat(folder, "/", NULL) : g_strdup("");

	for (guint i = filelist_first(listing, folder); i < listing->files->len; i++) {
		const ListedFile *file = &g_array_index(listing->files, ListedFile, i);
		const char *name = file->name + strlen(prefix);

		if (!g_str_has_prefix(file->name, prefix))
			break;
		if (strchr(name, '/') != NULL)
			continue;
		if (is_package && !check_file(module, file, name, error))
			return false;
		if (is_package ? is_copied(vendoring, file, name) : is_metadata(name))
			copy_file(vendoring, module, file);
	}
	return true;
}

static bool copy_embedded(Vendoring *vendoring, Module *module, const char *folder, GError **error)
{
	g_autoptr(GPtrArray) files = embed_files(module->listing, folder,
						 !is_at_least(vendoring, GO_FORGETS_TESTS), error);

	if (files == NULL) {
		g_prefix_error(error, "'%s' of '%s': ", folder, module->path->text);
		return false;
	}
	for (guint i = 0; i < files->len; i++)
		copy_file(vendoring, module, files->pdata[i]);
	return true;
}

static bool copy_package(Vendoring *vendoring, Module *module, const char *path, GError **error)
{
	size_t root = strlen(module->path->text);
	g_autofree char *folder = g_strdup(path[root] == '/' ? path + root + 1 : "");
	char *slash;

	if (!copy_folder(vendoring, module, folder, true, error) ||
	    !copy_embedded(vendoring, module, folder, error))
		return false;
	while (*folder != '\0') {
		slash = strrchr(folder, '/');
		*(slash != NULL ? slash : folder) = '\0';
		if (!copy_folder(vendoring, module, folder, false, error))
			return false;
	}
	return true;
}

static bool plan_copies(Vendoring *vendoring, GError **error)
{
	if (!need_listings(vendoring, error))
		return false;
	for (guint i = 0; i < vendoring->providers->len; i++) {
		const Provider *provider = vendoring->providers->pdata[i];

		for (guint j = 0; j < provider->paths->len; j++)
			if (!copy_package(vendoring, provider->module, provider->paths->pdata[j],
					  error))
				return false;
	}
	return true;
}

/* The file that is there now; NULL if there is none. */
static GBytes *read_present(const Vendoring *vendoring, const char *name, GError **error)
{
	Source *source = gotree_source(facts_tree(vendoring->facts));
	g_autofree char *path = g_strconcat(vendoring->folder, name, NULL);

	return source_has(source, path) ? source->read(source, path, LIMIT_MODULE_ZIP, error)
					: NULL;
}

static bool has_digest(GBytes *bytes, const uint8_t expected[static 32])
{
	gsize length;
	const void *text = g_bytes_get_data(bytes, &length);
	uint8_t digest[32];

	sha256(text, length, digest);
	return memcmp(digest, expected, sizeof digest) == 0;
}

static void add_change(Vendoring *vendoring, const char *name, GBytes *before, GBytes *after)
{
	g_autofree char *path = g_strconcat(vendoring->folder, name, NULL);

	g_ptr_array_add(vendoring->changes, file_change_new(path, before, after));
}

/* What is there and should not be. */
static bool remove_others(Vendoring *vendoring, GError **error)
{
	Source *source = gotree_source(facts_tree(vendoring->facts));
	size_t length = strlen(vendoring->folder);
	bool is_there;

	for (guint i = source_find(source, vendoring->folder, &is_there); i < source->paths->len;
	     i++) {
		const char *path = source->paths->pdata[i], *name = path + length;
		g_autoptr(GBytes) before = NULL;

		if (strncmp(path, vendoring->folder, length) != 0)
			break;
		if (strcmp(name, MODULES_TXT) == 0 ||
		    g_tree_lookup(vendoring->copies, name) != NULL)
			continue;
		before = source->read(source, path, LIMIT_MODULE_ZIP, error);
		if (before == NULL)
			return false;
		add_change(vendoring, name, before, NULL);
	}
	return true;
}

/* Files that have to come from a module, and what stands in their place. */
typedef struct {
	WantedFile wanted;
	const char *name; /* below vendor/; borrowed */
	GBytes *before;
} Missing;

static void missing_free(void *data)
{
	Missing *missing = data;

	g_clear_pointer(&missing->wanted.bytes, g_bytes_unref);
	g_clear_pointer(&missing->before, g_bytes_unref);
	g_free(missing);
}

/* What find_missing() works on. */
typedef struct {
	Vendoring *vendoring;
	GPtrArray *missing; /* of Missing */
	GError **error;
	bool is_good;
} Comparison;

static gboolean find_missing(void *key, void *value, void *data)
{
	Comparison *comparison = data;
	const Copy *copy = value;
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) before = read_present(comparison->vendoring, key, &local);
	Missing *missing;

	if (local != NULL) {
		g_propagate_error(comparison->error, g_steal_pointer(&local));
		return !(comparison->is_good = false); /* the walk ends */
	}
	if (before != NULL && has_digest(before, copy->file->digest))
		return FALSE;
	missing = g_new0(Missing, 1);
	missing->wanted.module = copy->module;
	missing->wanted.name = copy->file->name;
	missing->name = key;
	missing->before = g_steal_pointer(&before);
	g_ptr_array_add(comparison->missing, missing);
	return FALSE;
}

static bool read_directory_file(const Vendoring *vendoring, WantedFile *wanted, GError **error)
{
	Source *source = gotree_source(facts_tree(vendoring->facts));
	g_autofree char *path = gotree_join(wanted->module->directory, wanted->name);

	wanted->bytes = source->read(source, path, LIMIT_MODULE_ZIP, error);
	return wanted->bytes != NULL;
}

static bool fetch_missing(Vendoring *vendoring, const GPtrArray *missing, GError **error)
{
	Supplier *supplier = facts_supplier(vendoring->facts);
	g_autoptr(GPtrArray) files = g_ptr_array_new();

	for (guint i = 0; i < missing->len; i++) {
		WantedFile *wanted = &((Missing *)missing->pdata[i])->wanted;

		if (wanted->module->directory == NULL)
			g_ptr_array_add(files, wanted);
		else if (!read_directory_file(vendoring, wanted, error))
			return false;
	}
	return files->len == 0 || supplier->read_files(supplier, files, error);
}

static gboolean want_present(void *key, void *copy G_GNUC_UNUSED, void *data)
{
	const Comparison *comparison = data;

	g_ptr_array_add(comparison->missing, g_strconcat(comparison->vendoring->folder, key, NULL));
	return FALSE;
}

/* What vendor/ holds now is made available at once. */
static bool want_all_present(Vendoring *vendoring, GError **error)
{
	Source *source = gotree_source(facts_tree(vendoring->facts));
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	Comparison comparison = { .vendoring = vendoring, .missing = paths };

	g_tree_foreach(vendoring->copies, want_present, &comparison);
	return source->want(source, paths, error);
}

static bool add_changes(Vendoring *vendoring, GError **error)
{
	g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func(missing_free);
	Comparison comparison = { vendoring, missing, error, true };
	g_autoptr(GBytes) before = NULL, after = NULL;

	if (!want_all_present(vendoring, error))
		return false;
	g_tree_foreach(vendoring->copies, find_missing, &comparison);
	if (!comparison.is_good || !fetch_missing(vendoring, missing, error))
		return false;
	for (guint i = 0; i < missing->len; i++) {
		const Missing *one = missing->pdata[i];

		add_change(vendoring, one->name, one->before, one->wanted.bytes);
	}
	before = read_present(vendoring, MODULES_TXT, error);
	if (before == NULL || !remove_others(vendoring, error))
		return false;
	/* Without dependencies there is no vendor/ at all. */
	if (vendoring->modules_txt->len > 0)
		after = g_bytes_new(vendoring->modules_txt->str, vendoring->modules_txt->len);
	if (after == NULL || !g_bytes_equal(before, after))
		add_change(vendoring, MODULES_TXT, before, after);
	return true;
}

bool vendor_refresh(Facts *facts, const Solution *solution, GPtrArray *changes, GError **error)
{
	Vendoring vendoring = {
		.facts = facts,
		.solution = solution,
		.go = roots_go(solution->roots),
		.folder = gotree_join(facts_main(facts)->directory, "vendor/"),
		.providers = g_ptr_array_new_with_free_func(provider_free),
		.copies = g_tree_new_full(text_compare, NULL, g_free, g_free),
		.modules_txt = g_string_new(NULL),
		.changes = changes,
	};
	bool is_done;

	find_providers(&vendoring);
	for (guint i = 0; i < vendoring.providers->len; i++)
		describe_provider(&vendoring, vendoring.providers->pdata[i]);
	describe_replacements(&vendoring);
	is_done = plan_copies(&vendoring, error) && add_changes(&vendoring, error);
	g_free(vendoring.folder);
	g_ptr_array_unref(vendoring.providers);
	g_tree_unref(vendoring.copies);
	g_string_free(vendoring.modules_txt, TRUE);
	return is_done;
}
