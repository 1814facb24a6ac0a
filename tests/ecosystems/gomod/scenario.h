/* SPDX-License-Identifier: MIT */
/* Small worlds of modules, written a line each, for tests of resolution.
 *
 *     a@v1.0.0 go 1.16 req b@v1.0.0 c@v1.0.0! {a.go: b; a_test.go: t}
 *     main req a@v1.0.0 {m.go: a}
 *     dir ../a = a req b@v1.0.0
 *     + replace a => ../a
 *
 * A module version, what it requires (`!` is `// indirect`) and its Go files with
 * the packages they import. A path without a dot means example.com/PATH, quotes
 * keep it as it is, `[x]` is a build constraint. The go line is 1.21 unless said
 * (`none` for none); without braces there is one file that imports nothing. `dir` is
 * a folder beside the main module, `+` one more line for the go.mod above it. A file
 * "x/go.mod: (module y)" is just that.
 */
#pragma once

#include "base/crypto.h"
#include "ecosystems/gomod/dirhash.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/latest.h"
#include "ecosystems/gomod/modrecord.h"
#include "ecosystems/gomod/supplier.h"
#include "ecosystems/gomod/tidy.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

/* The main module lies in this folder, so that there is something beside it. */
#define SCENARIO_MAIN "main"

typedef struct {
	char *path, *version;     /* version NULL: a folder of the source */
	char *folder;             /* of a folder: its name in the source */
	char *go;                 /* NULL: no go line */
	GPtrArray *requires;      /* of char *, "a@v1.0.0!" as written */
	GPtrArray *lines;         /* of char *: the rest of its go.mod */
	char *gomod;              /* NULL until scenario_finish() */
	GPtrArray *names, *texts; /* of char *: Go files */
} ScenarioModule;

typedef struct {
	Supplier supplier;
	Source source;
	GPtrArray *modules; /* of ScenarioModule */
	GTree *files;       /* of the source: char * to GBytes */
	guint files_read;   /* out of modules, for vendoring */
} Scenario;

static inline void scenario_module_free(void *data)
{
	ScenarioModule *module = data;

	g_free(module->path);
	g_free(module->version);
	g_free(module->folder);
	g_free(module->go);
	g_free(module->gomod);
	g_ptr_array_unref(module->requires);
	g_ptr_array_unref(module->lines);
	g_ptr_array_unref(module->names);
	g_ptr_array_unref(module->texts);
	g_free(module);
}

static inline void scenario_free(Scenario *scenario)
{
	g_ptr_array_unref(scenario->modules);
	g_tree_unref(scenario->files);
	g_ptr_array_unref(scenario->source.paths);
	g_free(scenario->source.name);
	g_free(scenario);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)

/* "a/x" as "example.com/a/x". */
static inline char *scenario_path(const char *text)
{
	if (*text == '"')
		return g_strndup(text + 1, strlen(text) - 2);
	if (memchr(text, '.', strcspn(text, "/")) != NULL)
		return g_strdup(text);
	return g_strconcat("example.com/", text, NULL);
}

/* "a@v1.0.0!" into its parts; version NULL where there is none. */
static inline void scenario_split(const char *text, char **path, char **version, bool *is_indirect)
{
	const char *at = strrchr(text, '@');
	size_t length = strlen(text);

	*is_indirect = length > 0 && text[length - 1] == '!';
	length -= *is_indirect ? 1 : 0;
	*version = at != NULL ? g_strndup(at + 1, length - (size_t)(at + 1 - text)) : NULL;
	g_autofree char *before = g_strndup(text, at != NULL ? (size_t)(at - text) : length);
	*path = scenario_path(before);
}

static inline char *scenario_source(const char *imports)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(GStrv) words = NULL;

	while (*imports == ' ')
		imports++;
	if (*imports == '(') /* the file as it is */
		return g_strdup_printf("%.*s\n", (int)strlen(imports) - 2, imports + 1);
	if (*imports == '[') {
		const char *end = strchr(imports, ']');

		g_string_append_printf(text, "//go:build %.*s\n\n", (int)(end - imports - 1),
				       imports + 1);
		imports = end + 1;
	}
	g_string_append(text, "package p\n");
	words = g_strsplit(imports, " ", -1);
	for (char **word = words; *word != NULL; word++) {
		g_autofree char *path = **word != '\0' ? scenario_path(*word) : NULL;

		if (path != NULL)
			g_string_append_printf(text, "import _ \"%s\"\n", path);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* "a.go: b; x/c.go" */
static inline void scenario_files(ScenarioModule *module, const char *text)
{
	g_auto(GStrv) files = g_strsplit(text, ";", -1);

	for (char **file = files; *file != NULL; file++) {
		g_auto(GStrv) parts = g_strsplit(*file, ": ", 2);

		if (*g_strstrip(parts[0]) == '\0')
			continue;
		g_ptr_array_add(module->names, g_strdup(parts[0]));
		g_ptr_array_add(module->texts, scenario_source(parts[1] != NULL ? parts[1] : ""));
	}
}

static inline int scenario_by_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static inline void scenario_block(GString *text, const GPtrArray *lines)
{
	if (lines->len > 0)
		g_string_append(text, "\nrequire ");
	if (lines->len > 1)
		g_string_append(text, "(\n");
	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(text, "%s%s\n", lines->len > 1 ? "\t" : "",
				       (char *)lines->pdata[i]);
	if (lines->len > 1)
		g_string_append(text, ")\n");
}

/* A go.mod as `go mod tidy` lays it out. `lines_first`: other lines stand above the
 * requirements, which were the last to come. */
static inline char *scenario_gomod(const char *path, const char *go, char **requires,
				   const GPtrArray *lines, bool lines_first)
{
	g_autoptr(GString) text = g_string_new(NULL), rest = g_string_new(NULL);
	g_autoptr(GPtrArray) direct = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) indirect = g_ptr_array_new_with_free_func(g_free);
	bool is_one = go == NULL || goversion_compare(go, "1.17") < 0;

	g_string_append_printf(text, "module %s\n", path);
	if (go != NULL)
		g_string_append_printf(text, "\ngo %s\n", go);
	for (char **word = requires; *word != NULL; word++) {
		g_autofree char *name = NULL, *version = NULL;
		bool is_indirect;

		if (**word == '\0')
			continue;
		scenario_split(*word, &name, &version, &is_indirect);
		g_ptr_array_add(
			is_indirect && !is_one ? indirect : direct,
			g_strconcat(name, " ", version, is_indirect ? " // indirect" : "", NULL));
	}
	g_ptr_array_sort(direct, scenario_by_words);
	g_ptr_array_sort(indirect, scenario_by_words);
	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(rest, "\n%s\n", (char *)lines->pdata[i]);
	if (lines_first)
		g_string_append(text, rest->str);
	scenario_block(text, direct);
	scenario_block(text, indirect);
	if (!lines_first)
		g_string_append(text, rest->str);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static inline void scenario_add(Scenario *scenario, const char *line)
{
	ScenarioModule *module = g_new0(ScenarioModule, 1);
	const char *brace = strchr(line, '{');
	g_autofree char *head =
		g_strndup(line, brace != NULL ? (size_t)(brace - line) : strlen(line));
	g_auto(GStrv) words = g_strsplit(g_strchomp(head), " ", -1);
	char **word = words;
	const char *go = "1.21";
	bool unused;

	if (strcmp(*word, "dir") == 0) {
		module->folder = g_strdup(word[1] + strlen("../"));
		word += 3;
	}
	scenario_split(*word, &module->path, &module->version, &unused);
	if (strcmp(*word, "main") == 0)
		module->folder = g_strdup(SCENARIO_MAIN);
	word++;
	if (*word != NULL && strcmp(*word, "go") == 0) {
		go = word[1];
		word += 2;
	}
	module->go = strcmp(go, "none") != 0 ? g_strdup(go) : NULL;
	module->requires = g_ptr_array_new_with_free_func(g_free);
	module->lines = g_ptr_array_new_with_free_func(g_free);
	if (*word != NULL && strcmp(*word, "req") == 0)
		for (word++; *word != NULL; word++)
			g_ptr_array_add(module->requires, g_strdup(*word));
	module->names = g_ptr_array_new_with_free_func(g_free);
	module->texts = g_ptr_array_new_with_free_func(g_free);
	if (brace != NULL) {
		g_autofree char *files = g_strndup(brace + 1, strcspn(brace + 1, "}"));

		scenario_files(module, files);
	} else {
		scenario_files(module, "p.go");
	}
	g_ptr_array_add(scenario->modules, module);
}

static inline const ScenarioModule *scenario_find(const Scenario *scenario, const char *path,
						  const char *version)
{
	for (guint i = 0; i < scenario->modules->len; i++) {
		const ScenarioModule *module = scenario->modules->pdata[i];

		if (module->version != NULL && strcmp(module->path, path) == 0 &&
		    strcmp(module->version, version) == 0)
			return module;
	}
	return NULL;
}

static inline bool scenario_need_gomods(Supplier *supplier, Facts *facts, const GPtrArray *modules,
					GError **error G_GNUC_UNUSED)
{
	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];
		const ScenarioModule *found = scenario_find(
			(Scenario *)supplier, module->actual_path, module->actual_version);
		g_autoptr(GError) local = NULL;
		g_autoptr(GBytes) text = NULL, record = NULL;
		g_autoptr(ModFile) file = NULL;
		g_autofree char *sum = NULL;

		if (found == NULL) {
			fail(&local, FAILURE_ABSENT, "it does not exist");
			facts_fail_gomod(module, local);
			continue;
		}
		text = g_bytes_new(found->gomod, strlen(found->gomod));
		file = modfile_parse("go.mod", text, MODFILE_DEPENDENCY, &local);
		g_assert_no_error(local);
		sum = dirhash_of_gomod(text);
		record = modrecord_new(file, sum);
		facts_take_gomod(facts, module, record);
	}
	return true;
}

static inline bool scenario_need_indexes(Supplier *supplier, Facts *facts G_GNUC_UNUSED,
					 const GPtrArray *modules, GError **error G_GNUC_UNUSED)
{
	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];
		const ScenarioModule *found = scenario_find(
			(Scenario *)supplier, module->actual_path, module->actual_version);
		g_autoptr(IndexBuilder) builder = index_builder_new();
		g_autoptr(GError) local = NULL;

		if (found == NULL) {
			fail(&local, FAILURE_ABSENT, "it does not exist");
			facts_fail_index(module, local);
			continue;
		}
		for (guint j = 0; j < found->names->len; j++) {
			const char *name = found->names->pdata[j], *text = found->texts->pdata[j];
			const char *slash = strrchr(name, '/');
			g_autofree char *folder = slash != NULL
							  ? g_strndup(name, (size_t)(slash - name))
							  : g_strdup("");

			if (g_str_has_suffix(name, ".go"))
				index_builder_add(builder, folder, slash != NULL ? slash + 1 : name,
						  text, strlen(text));
		}
		facts_take_index(module, index_builder_finish(builder, "h1:zip"));
	}
	return true;
}

/* What latest_choose() asks of a scenario. */
typedef struct {
	const Scenario *scenario;
	const ModFile *main, *newest; /* newest NULL: nothing is retracted */
	const char *path;
} ScenarioLatest;

static inline bool scenario_allows(void *data, const char *version)
{
	const ScenarioLatest *latest = data;

	return !modfile_excludes(latest->main, latest->path, version) &&
	       (latest->newest == NULL || modfile_retraction(latest->newest, version) == NULL);
}

static inline bool scenario_has_gomod(void *data, const char *version)
{
	const ScenarioLatest *latest = data;
	const ScenarioModule *module = scenario_find(latest->scenario, latest->path, version);

	return strchr(module->gomod, '\n')[1] != '\0';
}

static inline bool scenario_allows_all(void *data G_GNUC_UNUSED, const char *version G_GNUC_UNUSED)
{
	return true;
}

static inline bool scenario_find_latest(Supplier *supplier, Facts *facts, GPtrArray *queries,
					GError **error G_GNUC_UNUSED)
{
	Scenario *scenario = (Scenario *)supplier;

	for (guint i = 0; i < queries->len; i++) {
		LatestQuery *query = queries->pdata[i];
		ScenarioLatest latest = { scenario, facts_main_file(facts), NULL,
					  query->path->text };
		LatestRules rules = { .allows = scenario_allows_all,
				      .has_gomod = scenario_has_gomod,
				      .data = &latest };
		g_autoptr(GPtrArray) extra = g_ptr_array_new(), versions = NULL;
		g_autoptr(ModFile) file = NULL;
		g_autoptr(GBytes) text = NULL;
		const char *top;

		for (guint j = 0; j < scenario->modules->len; j++) {
			const ScenarioModule *module = scenario->modules->pdata[j];

			if (module->version != NULL && strcmp(module->path, latest.path) == 0)
				g_ptr_array_add(extra, module->version);
		}
		versions = latest_versions(NULL, extra);
		top = latest_choose(versions, &rules);
		if (top == NULL)
			continue;
		text = g_bytes_new_static(scenario_find(scenario, latest.path, top)->gomod,
					  strlen(scenario_find(scenario, latest.path, top)->gomod));
		file = modfile_read("go.mod", text, MODFILE_DEPENDENCY, NULL);
		latest.newest = file;
		rules.allows = scenario_allows;
		query->exists = true;
		query->version = g_strdup(latest_choose(versions, &rules));
	}
	return true;
}

/* Every name that is no version means the last version added; one that is means itself,
 * or itself without go.mod. */
static inline bool scenario_find_versions(Supplier *supplier, Facts *facts G_GNUC_UNUSED,
					  GPtrArray *queries, GError **error G_GNUC_UNUSED)
{
	const Scenario *scenario = (const Scenario *)supplier;

	for (guint i = 0; i < queries->len; i++) {
		VersionQuery *query = queries->pdata[i];

		for (guint j = 0; j < scenario->modules->len; j++) {
			const ScenarioModule *module = scenario->modules->pdata[j];

			if (module->version == NULL || strcmp(module->path, query->path) != 0 ||
			    (version_is_canonical(query->text) &&
			     !g_str_has_prefix(module->version, query->text)))
				continue;
			g_free(query->version);
			query->version = g_strdup(module->version);
		}
		if (query->version == NULL)
			query->error =
				g_error_new(FAILURE, FAILURE_ABSENT, "'%s@%s' does not exist",
					    query->path, query->text);
	}
	return true;
}

/* There was never such a Go as 1.999. */
static inline bool scenario_find_go(Supplier *supplier G_GNUC_UNUSED, const char *go,
				    bool *is_released, GError **error G_GNUC_UNUSED)
{
	*is_released = !g_str_has_prefix(go, "1.999");
	return true;
}

static inline bool scenario_packs(Supplier *supplier G_GNUC_UNUSED, const char *path G_GNUC_UNUSED)
{
	return false;
}

static inline int scenario_by_name(const void *a, const void *b, void *names)
{
	const GPtrArray *list = names;

	return strcmp(list->pdata[*(const guint *)a], list->pdata[*(const guint *)b]);
}

static inline bool scenario_need_listings(Supplier *supplier, const GPtrArray *modules,
					  GError **error)
{
	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];
		const ScenarioModule *found = scenario_find(
			(Scenario *)supplier, module->actual_path, module->actual_version);
		g_autoptr(FileListBuilder) builder = filelist_builder_new();
		g_autofree guint *order = NULL;

		if (found == NULL)
			return fail(error, FAILURE_ABSENT, "it does not exist");
		order = g_new(guint, found->names->len);
		for (guint j = 0; j < found->names->len; j++)
			order[j] = j;
		g_qsort_with_data(order, (int)found->names->len, sizeof *order, scenario_by_name,
				  found->names);
		for (guint j = 0; j < found->names->len; j++) {
			const char *name = found->names->pdata[order[j]];
			const char *text = found->texts->pdata[order[j]];
			uint8_t digest[32];

			sha256(text, strlen(text), digest);
			filelist_builder_add(builder, name, digest,
					     g_str_has_suffix(name, ".go") ? text : NULL,
					     strlen(text));
		}
		module->listing = filelist_builder_finish(builder);
	}
	return true;
}

static inline bool scenario_read_files(Supplier *supplier, GPtrArray *files,
				       GError **error G_GNUC_UNUSED)
{
	Scenario *scenario = (Scenario *)supplier;

	for (guint i = 0; i < files->len; i++) {
		WantedFile *wanted = files->pdata[i];
		const ScenarioModule *found = scenario_find(scenario, wanted->module->actual_path,
							    wanted->module->actual_version);
		guint at = 0;

		while (strcmp(found->names->pdata[at], wanted->name) != 0)
			at++;
		wanted->bytes =
			g_bytes_new(found->texts->pdata[at], strlen(found->texts->pdata[at]));
		scenario->files_read++;
	}
	return true;
}

static inline bool scenario_want(Source *source G_GNUC_UNUSED, const GPtrArray *paths G_GNUC_UNUSED,
				 GError **error G_GNUC_UNUSED)
{
	return true;
}

static inline GBytes *scenario_read(Source *source, const char *path,
				    size_t max_bytes G_GNUC_UNUSED, GError **error)
{
	GBytes *bytes = g_tree_lookup(source->detail, path);

	if (bytes == NULL)
		return fail_null(error, FAILURE_ABSENT, "there is no file '%s'", path);
	return g_bytes_ref(bytes);
}

static inline int scenario_by_text(const void *a, const void *b, void *unused G_GNUC_UNUSED)
{
	return strcmp(a, b);
}

static inline void scenario_put(Scenario *scenario, const char *folder, const char *name,
				const char *text)
{
	g_tree_insert(scenario->files, g_strconcat(folder, "/", name, NULL),
		      g_bytes_new(text, strlen(text)));
}

static inline gboolean scenario_list(void *path, void *bytes G_GNUC_UNUSED, void *paths)
{
	g_ptr_array_add(paths, path);
	return FALSE;
}

/* After files of the source have come or gone. */
static inline void scenario_index(Scenario *scenario)
{
	g_ptr_array_set_size(scenario->source.paths, 0);
	g_tree_foreach(scenario->files, scenario_list, scenario->source.paths);
}

/* Once all modules are there: writes their go.mod files, and the source. */
static inline void scenario_finish(Scenario *scenario)
{
	for (guint i = 0; i < scenario->modules->len; i++) {
		ScenarioModule *module = scenario->modules->pdata[i];

		g_ptr_array_add(module->requires, NULL);
		module->gomod =
			scenario_gomod(module->path, module->go, (char **)module->requires->pdata,
				       module->lines, module->requires->len == 1);
		if (module->folder == NULL)
			continue;
		scenario_put(scenario, module->folder, "go.mod", module->gomod);
		for (guint j = 0; j < module->names->len; j++)
			scenario_put(scenario, module->folder, module->names->pdata[j],
				     module->texts->pdata[j]);
	}
	scenario_index(scenario);
}

static inline Scenario *scenario_new(void)
{
	Scenario *scenario = g_new0(Scenario, 1);

	scenario->modules = g_ptr_array_new_with_free_func(scenario_module_free);
	scenario->files =
		g_tree_new_full(scenario_by_text, NULL, g_free, (GDestroyNotify)g_bytes_unref);
	scenario->supplier.need_gomods = scenario_need_gomods;
	scenario->supplier.need_indexes = scenario_need_indexes;
	scenario->supplier.find_latest = scenario_find_latest;
	scenario->supplier.find_versions = scenario_find_versions;
	scenario->supplier.find_go = scenario_find_go;
	scenario->supplier.packs = scenario_packs;
	scenario->supplier.need_listings = scenario_need_listings;
	scenario->supplier.read_files = scenario_read_files;
	scenario->source.name = g_strdup("scenario");
	scenario->source.paths = g_ptr_array_new();
	scenario->source.want = scenario_want;
	scenario->source.read = scenario_read;
	scenario->source.detail = scenario->files;
	return scenario;
}

/* One line more for the go.mod of the module added last. */
static inline void scenario_line(Scenario *scenario, const char *line)
{
	ScenarioModule *module = scenario->modules->pdata[scenario->modules->len - 1];
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	/* Paths are written short here as well. */
	for (char **word = words + 1; *word != NULL; word++) {
		char *path;

		if (strcmp(*words, "ignore") == 0 ||
		    (**word != '"' && (!g_ascii_isalpha(**word) || strchr(*word, '.') != NULL)))
			continue;
		path = scenario_path(*word);
		g_free(*word);
		*word = path;
	}
	g_ptr_array_add(module->lines, g_strjoinv(" ", words));
}
