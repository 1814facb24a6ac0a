/* SPDX-License-Identifier: MIT */
/* The go.mod files of real update commits, before and after, as they lie in the
 * folder UPKEEPD_SHARED names; skipped where it is absent. */
#include "base/json.h"
#include "ecosystems/gomod/modrequires.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

static char *cases_folder(void)
{
	const char *shared = g_getenv("UPKEEPD_SHARED");

	return g_build_filename(shared != NULL ? shared : "../shared", "truth/gomod/cases", NULL);
}

static GBytes *read_bytes(const char *folder, const char *side, const char *path)
{
	g_autofree char *name = g_build_filename(folder, side, path, NULL);
	char *text;
	gsize length;

	if (!g_file_get_contents(name, &text, &length, NULL))
		return NULL;
	return g_bytes_new_take(text, length);
}

static bool is_named_only(const Json *json)
{
	for (const Json *feature = json_first(json_array(json, "features")); feature != NULL;
	     feature = json_next(feature))
		if (g_strcmp0(json_text(feature), "mod:only-named-lines") == 0)
			return true;
	return false;
}

/* Whether two texts are equal but for blank lines: the bot's own substitutions
 * left out the blank line above `toolchain` for a year. */
static bool are_alike(GBytes *a, GBytes *b)
{
	const char *p = g_bytes_get_data(a, NULL), *p_end = p + g_bytes_get_size(a);
	const char *q = g_bytes_get_data(b, NULL), *q_end = q + g_bytes_get_size(b);

	for (;; p++, q++) {
		while (p < p_end && *p == '\n')
			p++;
		while (q < q_end && *q == '\n')
			q++;
		if (p == p_end || q == q_end || *p != *q)
			return p == p_end && q == q_end;
	}
}

/* Parses one side and checks that it is printed as it was. */
static ModFile *unchanged(const char *folder, const char *path, GBytes *text)
{
	g_autoptr(GError) error = NULL;
	ModFile *file = modfile_parse(path, text, MODFILE_MAIN, &error);
	g_autoptr(GBytes) printed = NULL;

	g_assert_no_error(error);
	printed = modsyntax_print(file->syntax);
	if (!are_alike(printed, text))
		g_test_fail_printf("%s: %s is printed otherwise", folder, path);
	return file;
}

/* Writes what `after` requires into `before`. */
static GBytes *rewrite(GBytes *before, const ModFile *after)
{
	g_autofree ModWanted *wanted = g_new0(ModWanted, after->requires->len + 1);
	g_autoptr(GError) error = NULL;
	GBytes *written;

	for (guint i = 0; i < after->requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(after->requires, i);

		wanted[i] = (ModWanted){ require->path, require->version, require->is_indirect };
	}
	written = modrequires_write(before, after->go, after->toolchain, wanted,
				    after->requires->len, &error);
	g_assert_no_error(error);
	return written;
}

/* "v1.2.3" of the "1.2.3" that messages say; the caller's. */
static char *version_named(const Json *dependency, const char *key)
{
	const char *text = json_string(dependency, key);

	return text == NULL ? NULL : g_strconcat(*text == 'v' ? "" : "v", text, NULL);
}

static bool requires_less(const ModFile *file, const char *path, const char *version)
{
	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(file->requires, i);

		if (strcmp(require->path, path) == 0 &&
		    version_compare(require->version, version) < 0)
			return true;
	}
	return false;
}

/* Whether the commit changed no requirement of a go.mod but those that it names. */
static bool changes_nothing_else(const Json *json, const char *path)
{
	static const char *const others[] = { "direct", "indirect", "added", "removed", "flipped" };

	for (const Json *one = json_first(json_array(json, "modules")); one != NULL;
	     one = json_next(one)) {
		const Json *changes = json_object(one, "changes");
		int64_t sum = 0;

		if (g_strcmp0(json_string(one, "path"), path) != 0)
			continue;
		for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
			sum += json_integer(changes, others[i], 1);
		return sum == 0 && is_named_only(json);
	}
	return false;
}

/* Sets what the commit's message names, and nothing else; NULL: nothing that it names
 * stands here. The caller's. */
static GBytes *set_named(const Json *json, GBytes *before, const ModFile *old)
{
	g_autoptr(GPtrArray) versions = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) bumps = g_array_new(FALSE, FALSE, sizeof(Bump));
	g_autoptr(GError) error = NULL;
	GBytes *set;

	for (const Json *one = json_first(json_array(json, "dependencies")); one != NULL;
	     one = json_next(one)) {
		char *to = version_named(one, "to");
		Bump bump = { json_string(one, "name"), to };

		g_ptr_array_add(versions, to);
		if (to != NULL && requires_less(old, bump.path, to))
			g_array_append_val(bumps, bump);
	}
	if (bumps->len == 0)
		return NULL;
	set = modrequires_bump(before, (const Bump *)(const void *)bumps->data, bumps->len, &error);
	g_assert_no_error(error);
	return set;
}

static guint check_case(const char *folder, bool *is_named, guint *n_equal, guint *n_set)
{
	g_autoptr(GBytes) text = read_bytes(folder, "", "case.json");
	g_autoptr(GError) error = NULL;
	g_autoptr(Json) json = json_parse(g_bytes_get_data(text, NULL), g_bytes_get_size(text),
					  "case.json", &error);
	guint n = 0;

	g_assert_no_error(error);
	*is_named = is_named_only(json);
	*n_equal = 0;
	for (const Json *file = json_first(json_array(json, "files")); file != NULL;
	     file = json_next(file)) {
		const char *path = json_string(file, "path");
		g_autoptr(GBytes) before = read_bytes(folder, "before", path);
		g_autoptr(GBytes) after = read_bytes(folder, "after", path);
		g_autoptr(ModFile) old = NULL;
		g_autoptr(ModFile) new = NULL;
		g_autoptr(GBytes) written = NULL, set = NULL;

		if (!g_str_has_suffix(path, "go.mod") || before == NULL || after == NULL)
			continue;
		old = unchanged(folder, path, before);
		new = unchanged(folder, path, after);
		written = rewrite(before, new);
		set = changes_nothing_else(json, path) ? set_named(json, before, old) : NULL;
		if (set != NULL && !are_alike(set, after))
			g_test_fail_printf("%s: %s is another with the named versions set", folder,
					   path);
		*n_set += set != NULL;
		n++;
		*n_equal += are_alike(written, after);
		if (!are_alike(written, after))
			g_test_message("%s: %s is written otherwise", folder, path);
	}
	return n;
}

static void real_updates_are_written_as_they_were(void)
{
	g_autofree char *folder = cases_folder();
	g_autoptr(GDir) cases = g_dir_open(folder, 0, NULL);
	const char *name;
	guint n = 0, n_equal = 0, n_set = 0;

	if (cases == NULL) {
		g_test_skip("no folder with real update commits here");
		return;
	}
	while ((name = g_dir_read_name(cases)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		bool is_named;
		guint equal, files = check_case(path, &is_named, &equal, &n_set);

		if (is_named && equal != files)
			g_test_fail_printf("%s: only named lines changed, and ours differ", name);
		n += files;
		n_equal += equal;
	}
	g_test_message("%u of %u files written as they were, %u by setting what is named", n_equal,
		       n, n_set);
	g_assert_cmpuint(n_set, >, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/gomod/truth/real_updates_are_written_as_they_were",
			real_updates_are_written_as_they_were);
	return g_test_run();
}
