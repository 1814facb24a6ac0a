/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modedit.h"
#include "ecosystems/gomod/modrequires.h"
#include "tables.h"

static char *replace_all(char *text, const char *old, const char *new)
{
	g_auto(GStrv) parts = g_strsplit(text, old, -1);

	g_free(text);
	return g_strjoinv(new, parts);
}

/* The bytes that a cell of the table stands for. */
static char *text_of(const char *cell)
{
	char *text = g_strdup(cell);

	if (g_str_has_prefix(text, "H16"))
		text = replace_all(text, "H16", "module e/m⏎⏎go 1.16⏎");
	else if (g_str_has_prefix(text, "H27"))
		text = replace_all(text, "H27", "module e/m⏎⏎go 1.27.0⏎");
	else if (*text == 'H')
		text = replace_all(text, "H", "module e/m⏎⏎go 1.21⏎");
	text = replace_all(text, "⏎ ", "⏎");
	text = replace_all(text, "<U+FEFF>", "\357\273\277");
	text = replace_all(text, "e/", "example.com/");
	text = replace_all(text, "⏎", "\n");
	text = replace_all(text, "␍", "\r");
	return replace_all(text, "⇥", "\t");
}

/* "-require=e/a@v1.1.0" and its like. */
static void edit(ModFile *file, const char *flag)
{
	g_auto(GStrv) words = g_strsplit_set(flag, "=@", -1);
	const char *verb = words[0];
	g_autofree char *path = text_of(words[1] != NULL ? words[1] : "");
	const char *version = words[1] != NULL ? words[2] : NULL;

	if (strcmp(verb, "-require") == 0) {
		modedit_require(file, path, version);
	} else if (strcmp(verb, "-droprequire") == 0) {
		modedit_drop_require(file, path);
	} else if (strcmp(verb, "-exclude") == 0) {
		modedit_exclude(file, path, version);
	} else if (strcmp(verb, "-dropexclude") == 0) {
		modedit_drop_exclude(file, path, version);
	} else if (strcmp(verb, "-replace") == 0) {
		bool has_version = strchr(flag, '@') != NULL;
		g_autofree char *new_path = text_of(words[has_version ? 3 : 2]);

		modedit_replace(file, path, has_version ? version : NULL, new_path,
				has_version ? words[4] : NULL);
	} else if (strcmp(verb, "-retract") == 0) {
		modedit_retract(file, path, path);
	} else if (strcmp(verb, "-go") == 0) {
		modedit_set_go(file, path);
	} else if (strcmp(verb, "-toolchain") == 0) {
		modedit_set_toolchain(file, strcmp(path, "none") == 0 ? NULL : path);
	} else {
		g_assert_cmpstr(verb, ==, "-fmt");
	}
}

/* "a=v1.0.0 b=v1.0.0!": the wanted set, `!` for indirect. */
static void set(ModFile *file, char **words)
{
	ModWanted wanted[8] = { 0 };
	g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
	size_t n = 0;

	for (; words[n] != NULL; n++) {
		char *version = g_strdup(strchr(words[n], '=') + 1);
		char *path = g_strdup_printf("example.com/%c", words[n][0]);

		g_ptr_array_add(owned, path);
		g_ptr_array_add(owned, version);
		wanted[n].is_indirect = g_str_has_suffix(version, "!");
		if (wanted[n].is_indirect)
			version[strlen(version) - 1] = '\0';
		wanted[n].path = path;
		wanted[n].version = version;
	}
	modrequires_set(file, wanted, n);
}

static void change(ModFile *file, const char *operation)
{
	g_auto(GStrv) words = g_strsplit(operation, " ", -1);

	if (g_str_has_prefix(words[0], "set"))
		set(file, words + 1);
	for (char **word = words + 1; strcmp(words[0], "edit") == 0 && *word != NULL; word++)
		edit(file, *word);
	modedit_finish(file);
}

static void edits_as_in_the_table(void)
{
	g_autoptr(GPtrArray) rows = table_rows("modedits.tsv", 4);

	g_assert_cmpint(rows->len, ==, 51);
	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *before = text_of(row[2]);
		g_autofree char *after = text_of(row[3]);
		g_autoptr(GBytes) bytes = g_bytes_new(before, strlen(before));
		g_autoptr(GBytes) result = NULL;
		g_autofree char *text = NULL;
		g_autoptr(GError) error = NULL;
		g_autoptr(ModFile) file = modfile_parse("go.mod", bytes, MODFILE_MAIN, &error);

		if (g_str_has_prefix(after, "error: ")) {
			g_assert_error(error, FAILURE, FAILURE_INPUT);
			if (!g_str_has_prefix(error->message, after + strlen("error: ")))
				g_test_fail_printf("%s: %s", row[0], error->message);
			continue;
		}
		g_assert_no_error(error);
		change(file, row[1]);
		result = modsyntax_print(file->syntax);
		text = g_strndup(g_bytes_get_data(result, NULL), g_bytes_get_size(result));
		if (strcmp(text, after) != 0)
			g_test_fail_printf("%s:\n%s\nwanted:\n%s", row[0], text, after);
	}
}

static void assert_text(GBytes *bytes, const char *wanted)
{
	g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

	g_assert_cmpstr(text, ==, wanted);
}

/* Source: Go 1.26.8, `go mod tidy`. */
static void a_lone_line_stays_where_it_is_when_its_mark_changes(void)
{
	static const char before[] = "module e/m\n\ngo 1.21\n\nrequire e.com/a v1.0.0\n\n"
				     "require e.com/b v1.0.0 // indirect\n";
	static const char after[] =
		"module e/m\n\ngo 1.21\n\nrequire (\n"
		"\te.com/a v1.0.0 // indirect\n\te.com/d v1.0.0\n)\n\n"
		"require (\n\te.com/b v1.0.0\n\te.com/c v1.0.0 // indirect\n)\n";
	static const ModWanted wanted[] = {
		{ "e.com/a", "v1.0.0", true },
		{ "e.com/b", "v1.0.0", false },
		{ "e.com/c", "v1.0.0", true },
		{ "e.com/d", "v1.0.0", false },
	};
	g_autoptr(GBytes) bytes = g_bytes_new_static(before, strlen(before));
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) result =
		modrequires_write(bytes, "1.21", NULL, wanted, G_N_ELEMENTS(wanted), &error);

	g_assert_no_error(error);
	assert_text(result, after);
}

static void line_ends_stay_what_they_were(void)
{
	static const char before[] = "module e/m\r\n\r\ngo 1.21\r\n\r\nrequire e.com/a v1.0.0\r\n";
	static const char after[] = "module e/m\r\n\r\ngo 1.22\r\n\r\ntoolchain go1.22.3\r\n\r\n"
				    "require e.com/a v1.1.0\r\n";
	static const ModWanted wanted[] = { { "e.com/a", "v1.1.0", false } };
	g_autoptr(GBytes) bytes = g_bytes_new_static(before, strlen(before));
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) result = modrequires_write(bytes, "1.22", "go1.22.3", wanted, 1, &error);

	g_assert_no_error(error);
	assert_text(result, after);
}

/* Go's own two steps: `go mod edit` makes a line of the block, and a line with a
 * comment of its own stays where it is. */
static void a_bump_is_laid_out_before_it_is_tidied(void)
{
	static const char before[] = "module e.com/m\r\n\r\ngo 1.21\r\n\r\nrequire (\r\n"
				     "\te.com/b v1.0.0 // keep\r\n)\r\n";
	static const Bump bump = { "e.com/b", "v1.1.0" };
	static const ModWanted wanted[] = { { "e.com/a", "v1.0.0", true },
					    { "e.com/b", "v1.1.0", true } };
	g_autoptr(GBytes) text = g_bytes_new_static(before, strlen(before));
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bumped = modrequires_bump(text, &bump, 1, &error);
	g_autoptr(GBytes) result = NULL;

	g_assert_no_error(error);
	result = modrequires_write(bumped, "1.21", NULL, wanted, 2, &error);
	g_assert_no_error(error);
	assert_text(result, "module e.com/m\r\n\r\ngo 1.21\r\n\r\n"
			    "require e.com/b v1.1.0 // indirect; keep\r\n\r\n"
			    "require e.com/a v1.0.0 // indirect\r\n");
}

static void comments_of_several_blocks_are_joined_from_go_1_27_on(void)
{
	static const char before[] =
		"module e/m\n\ngo 1.27\n\n// one\nrequire (\n\te.com/a v1.0.0\n"
		"\te.com/b v1.0.0\n)\n\n// two\nrequire (\n\te.com/c v1.0.0\n"
		"\te.com/d v1.0.0\n)\n\n// three\nrequire (\n"
		"\te.com/e v1.0.0 // indirect\n\t// why\n"
		"\te.com/f v1.0.0 // indirect\n)\n";
	static const char after[] = "module e/m\n\ngo 1.27\n\n// one\n//\n// two\nrequire (\n"
				    "\te.com/a v1.0.0\n\te.com/b v1.0.0\n\te.com/c v1.0.0\n"
				    "\te.com/d v1.0.0\n)\n\n// three\nrequire (\n"
				    "\te.com/e v1.0.0 // indirect\n\t// why\n"
				    "\te.com/f v1.0.0 // indirect\n)\n";
	static const ModWanted wanted[] = {
		{ "e.com/a", "v1.0.0", false }, { "e.com/b", "v1.0.0", false },
		{ "e.com/c", "v1.0.0", false }, { "e.com/d", "v1.0.0", false },
		{ "e.com/e", "v1.0.0", true },  { "e.com/f", "v1.0.0", true },
	};
	g_autoptr(GBytes) bytes = g_bytes_new_static(before, strlen(before));
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) result =
		modrequires_write(bytes, NULL, NULL, wanted, G_N_ELEMENTS(wanted), &error);

	g_assert_no_error(error);
	assert_text(result, after);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/gomod/modedit/edits_as_in_the_table", edits_as_in_the_table);
	g_test_add_func("/gomod/modedit/lone_line_stays_where_it_is_when_its_mark_changes",
			a_lone_line_stays_where_it_is_when_its_mark_changes);
	g_test_add_func("/gomod/modedit/line_ends_stay_what_they_were",
			line_ends_stay_what_they_were);
	g_test_add_func("/gomod/modedit/comments_of_several_blocks_are_joined_from_go_1_27_on",
			comments_of_several_blocks_are_joined_from_go_1_27_on);
	g_test_add_func("/gomod/modedit/a_bump_is_laid_out_before_it_is_tidied",
			a_bump_is_laid_out_before_it_is_tidied);
	return g_test_run();
}
