/* SPDX-License-Identifier: MIT */
#include "worker/discover.h"

#include "base/text.h"
#include "config/dependabot.h"
#include "policy/directories.h"
#include "policy/filter.h"
#include "upkeepd/limits.h"

#include <string.h>

static RulesFile *read_fallback(const char *path, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) text = NULL;
	g_autofree char *bytes = NULL;
	gsize length;

	if (!g_file_get_contents(path, &bytes, &length, &local))
		return fail_null(error, FAILURE_CONFIG, "%s", local->message);
	text = g_bytes_new_take(g_steal_pointer(&bytes), length);
	return rules_parse(path, text);
}

bool discover_rules(Source *source, const char *fallback, RulesFile **rules, GError **error)
{
	static const char *const paths[] = { ".github/dependabot.yml", ".github/dependabot.yaml" };

	*rules = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autoptr(GBytes) text = NULL;

		if (!source_has(source, paths[i]))
			continue;
		text = source->read(source, paths[i], LIMIT_CONFIG, error);
		if (text == NULL)
			return false;
		*rules = rules_parse(paths[i], text);
		break;
	}
	if (*rules == NULL && fallback != NULL) {
		*rules = read_fallback(fallback, error);
		if (*rules == NULL)
			return false;
	}
	if (*rules != NULL)
		directories_check(*rules, source->paths);
	return true;
}

/* "line:column: text", as parsers begin, into a problem. */
static void note_problem(Manifest *manifest, const GError *error)
{
	g_auto(GStrv) parts = g_strsplit(error->message, ":", 3);
	guint64 line = 0, column = 0;
	const char *text = error->message;

	if (g_strv_length(parts) == 3 &&
	    g_ascii_string_to_unsigned(parts[0], 10, 1, INT32_MAX, &line, NULL) &&
	    g_ascii_string_to_unsigned(parts[1], 10, 0, INT32_MAX, &column, NULL))
		text = g_strchug(parts[2]);
	g_ptr_array_add(manifest->problems, problem_new(manifest->path, (int)line, (int)column,
							WEIGHT_ERROR, "%s", text));
}

typedef struct {
	const Rules *rules;
	const Ecosystem *ecosystem;
	const char *path; /* borrowed from the source */
	char *directory;  /* the caller's */
} Claim;

static void claim_clear(void *data)
{
	g_free(((Claim *)data)->directory);
}

static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return length == 0 || (strncmp(path, folder, length) == 0 && path[length] == '/');
}

static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? g_strdup_printf("/%.*s", (int)(slash - path), path) : g_strdup("/");
}

/* The folders of one entry. */
typedef struct {
	const Rules *rules;
	const Ecosystem *ecosystem;
	GTree *directories;
} Cover;

static void cover_free(Cover *cover)
{
	if (cover == NULL)
		return;
	g_tree_unref(cover->directories);
	g_free(cover);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cover, cover_free)

static Cover *cover_new(const Folders *folders, const Rules *rules, GError **error)
{
	g_autoptr(GPtrArray) list = directories_expand(rules, folders, error);
	Cover *cover;

	if (list == NULL)
		return NULL;
	cover = g_new0(Cover, 1);
	cover->rules = rules;
	cover->ecosystem = ecosystem_by_name(rules->ecosystem_name);
	cover->directories = g_tree_new_full(text_compare, NULL, g_free, NULL);
	for (guint i = 0; i < list->len; i++)
		g_tree_insert(cover->directories, g_strdup(list->pdata[i]), cover);
	return cover;
}

static bool cover_has(const Cover *cover, const char *path, const char *directory)
{
	return cover->ecosystem->claims(path) &&
	       g_tree_lookup(cover->directories, directory) != NULL &&
	       !filter_excludes(cover->rules, directory, path);
}

/* Where entries are held against files. */
typedef struct {
	const Source *source;
	const RulesFile *file;
	Folders *folders;
	GTree *files;      /* of GArray: by directory, where in source->paths its files stand */
	GPtrArray *covers; /* of Cover, one for each entry; NULL: not asked for yet */
} Ground;

static void free_array(gpointer array)
{
	g_array_unref(array);
}

static GTree *files_of(const GPtrArray *paths)
{
	GTree *files = g_tree_new_full(text_compare, NULL, g_free, free_array);

	for (guint i = 0; i < paths->len; i++) {
		g_autofree char *directory = directory_of(paths->pdata[i]);
		GArray *indexes = g_tree_lookup(files, directory);

		if (indexes == NULL) {
			indexes = g_array_new(FALSE, FALSE, sizeof(guint));
			g_tree_insert(files, g_steal_pointer(&directory), indexes);
		}
		g_array_append_val(indexes, i);
	}
	return files;
}

static Ground ground_of(const Source *source, const RulesFile *file)
{
	Ground ground = { source, file, folders_new(source->paths), files_of(source->paths),
			  g_ptr_array_new_with_free_func((GDestroyNotify)cover_free) };

	g_ptr_array_set_size(ground.covers, (int)file->entries->len);
	return ground;
}

static void ground_clear(Ground *ground)
{
	g_ptr_array_unref(ground->covers);
	g_tree_unref(ground->files);
	folders_free(ground->folders);
}

static int by_number(gconstpointer a, gconstpointer b)
{
	guint x = *(const guint *)a, y = *(const guint *)b;

	return (x > y) - (x < y);
}

/* Where the files stand that lie in the folders of an entry, in order; of guint. */
static GArray *files_in(const Ground *ground, const Cover *cover)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(guint));

	for (GTreeNode *node = g_tree_node_first(cover->directories); node != NULL;
	     node = g_tree_node_next(node)) {
		const GArray *here = g_tree_lookup(ground->files, g_tree_node_key(node));

		if (here != NULL)
			g_array_append_vals(all, here->data, here->len);
	}
	g_array_sort(all, by_number);
	return all;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ground, ground_clear)

/* Of the entry at `index`, which is expanded once; borrowed. */
static Cover *cover_of(const Ground *ground, guint index, GError **error)
{
	Cover *cover = g_ptr_array_index(ground->covers, index);

	if (cover == NULL) {
		cover = cover_new(ground->folders, g_ptr_array_index(ground->file->entries, index),
				  error);
		ground->covers->pdata[index] = cover;
	}
	return cover;
}

/* Of the entries of the same branch for the ecosystem that the entry's own yields to;
 * borrowed. */
static GPtrArray *rivals_of(const Ground *ground, const Rules *rules, const Ecosystem *ecosystem,
			    GError **error)
{
	g_autoptr(GPtrArray) rivals = g_ptr_array_new();
	const GPtrArray *entries = ground->file->entries;

	for (guint i = 0; ecosystem->yields_to != NULL && i < entries->len; i++) {
		const Rules *entry = g_ptr_array_index(entries, i);
		Cover *cover;

		if (!entry->is_usable || !entry->is_handled ||
		    g_strcmp0(entry->ecosystem_name, ecosystem->yields_to) != 0 ||
		    g_strcmp0(entry->target_branch, rules->target_branch) != 0)
			continue;
		cover = cover_of(ground, i, error);
		if (cover == NULL)
			return NULL;
		g_ptr_array_add(rivals, cover);
	}
	return g_steal_pointer(&rivals);
}

static bool is_rivals(const GPtrArray *rivals, const char *path, const char *directory)
{
	for (guint i = 0; i < rivals->len; i++)
		if (cover_has(g_ptr_array_index(rivals, i), path, directory))
			return true;
	return false;
}

static bool claim(const Ground *ground, guint index, const char *below, GArray *claims,
		  GError **error)
{
	const GPtrArray *paths = ground->source->paths;
	const Rules *rules = g_ptr_array_index(ground->file->entries, index);
	const Ecosystem *ecosystem = ecosystem_by_name(rules->ecosystem_name);
	g_autoptr(GPtrArray) rivals = NULL;
	g_autoptr(GArray) files = NULL;
	const Cover *cover;

	if (ecosystem == NULL)
		return true; /* known to the file's format, not built in */
	cover = cover_of(ground, index, error);
	rivals = cover != NULL ? rivals_of(ground, rules, ecosystem, error) : NULL;
	if (rivals == NULL)
		return false;
	files = files_in(ground, cover);
	for (guint i = 0; i < files->len; i++) {
		const char *path = g_ptr_array_index(paths, g_array_index(files, guint, i));
		Claim one = { rules, ecosystem, path, NULL };

		if (!is_below(path, below) || !ecosystem->claims(path))
			continue;
		one.directory = directory_of(path);
		if (!cover_has(cover, path, one.directory) ||
		    is_rivals(rivals, path, one.directory)) {
			claim_clear(&one);
			continue;
		}
		if (claims->len >= LIMIT_MANIFESTS) {
			claim_clear(&one);
			return fail(error, FAILURE_LIMIT, "more than %d manifests",
				    LIMIT_MANIFESTS);
		}
		g_array_append_val(claims, one);
	}
	return true;
}

static Manifest *read_manifest(Source *source, const Claim *one, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) text = source->read(source, one->path, LIMIT_MANIFEST, &local);
	g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
	Manifest *manifest;

	if (text == NULL && failure_kind(local) != FAILURE_LIMIT) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	manifest = manifest_new(one->ecosystem, one->path, one->directory,
				text != NULL ? text : empty);
	manifest->rules = one->rules;
	if (text == NULL || !one->ecosystem->parse(manifest, &local))
		note_problem(manifest, local);
	return manifest;
}

/* What the entries cover, in their order. */
static GArray *claim_all(const Source *source, const RulesFile *rules, const char *below,
			 bool (*wants)(const Rules *entry, void *data), void *data, GError **error)
{
	g_autoptr(GArray) claims = g_array_new(FALSE, FALSE, sizeof(Claim));
	g_auto(Ground) ground = ground_of(source, rules);

	g_array_set_clear_func(claims, claim_clear);
	for (guint i = 0; i < rules->entries->len; i++) {
		const Rules *entry = g_ptr_array_index(rules->entries, i);

		if (entry->is_usable && entry->is_handled &&
		    (wants == NULL || wants(entry, data)) &&
		    !claim(&ground, i, below, claims, error))
			return NULL;
	}
	return g_steal_pointer(&claims);
}

GPtrArray *discover_manifests(Source *source, const RulesFile *rules, const char *below,
			      bool (*wants)(const Rules *entry, void *data), void *data,
			      GError **error)
{
	g_autoptr(GPtrArray) manifests =
		g_ptr_array_new_with_free_func((GDestroyNotify)manifest_free);
	g_autoptr(GPtrArray) paths = g_ptr_array_new();
	g_autoptr(GArray) claims = claim_all(source, rules, below, wants, data, error);

	if (claims == NULL)
		return NULL;
	for (guint i = 0; i < claims->len; i++)
		g_ptr_array_add(paths, (void *)g_array_index(claims, Claim, i).path);
	if (!source->want(source, paths, error))
		return NULL;
	for (guint i = 0; i < claims->len; i++) {
		Manifest *manifest = read_manifest(source, &g_array_index(claims, Claim, i), error);

		if (manifest == NULL)
			return NULL;
		g_ptr_array_add(manifests, manifest);
	}
	return g_steal_pointer(&manifests);
}

bool discover_assign(const Source *source, const RulesFile *rules, const char *below,
		     GPtrArray *manifests, GError **error)
{
	g_autoptr(GArray) claims = claim_all(source, rules, below, NULL, NULL, error);

	for (guint i = 0; claims != NULL && i < manifests->len; i++) {
		Manifest *manifest = g_ptr_array_index(manifests, i);

		for (guint k = 0; k < claims->len; k++) {
			const Claim *one = &g_array_index(claims, Claim, k);

			if (one->ecosystem != manifest->ecosystem ||
			    strcmp(one->path, manifest->path) != 0)
				continue;
			manifest->rules = one->rules;
			break;
		}
	}
	return claims != NULL;
}

/* A person's own folders, not those of dependencies or of made-up input. */
static bool is_of_others(const char *directory)
{
	return strstr(directory, "/vendor/") != NULL || g_str_has_suffix(directory, "/vendor") ||
	       strstr(directory, "/testdata/") != NULL || g_str_has_suffix(directory, "/testdata");
}

static Rules *everywhere(const Ecosystem *ecosystem, const Source *source)
{
	Rules *rules = rules_new();
	g_autoptr(GTree) known = g_tree_new_with_data(text_compare, NULL);

	rules->ecosystem_name = g_strdup(ecosystem->name);
	rules->is_handled = rules->is_usable = true;
	for (guint i = 0; i < source->paths->len; i++) {
		const char *path = g_ptr_array_index(source->paths, i);
		g_autofree char *directory = NULL;

		if (!ecosystem->claims(path))
			continue;
		directory = directory_of(path);
		if (is_of_others(directory) || g_tree_lookup(known, directory) != NULL)
			continue;
		g_tree_insert(known, directory, directory);
		g_ptr_array_add(rules->directories, g_steal_pointer(&directory));
	}
	return rules;
}

RulesFile *discover_default_rules(const Source *source)
{
	RulesFile *file = rules_file_new("the built-in rules");

	for (const Ecosystem *const *ecosystem = ecosystems; *ecosystem != NULL; ecosystem++) {
		Rules *rules = everywhere(*ecosystem, source);

		rules->index = (int)file->entries->len;
		g_ptr_array_add(file->entries, rules);
	}
	return file;
}
