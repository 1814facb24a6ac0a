/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gosum.h"

#include <string.h>

/* Z and M in the table are the two lines of a module version that is needed. */
#define Z     "e.c/a v1.0.0 h1:zip=\n"
#define M     "e.c/a v1.0.0/go.mod h1:mod=\n"
#define STALE "e.c/z v1.0.0 h1:old=\n"

static const struct {
	const char *name, *before, *after; /* before NULL: no file; after NULL: refused */
} files[] = {
	{ "no file", NULL, Z M },
	{ "an empty file", "", Z M },
	{ "what is needed", Z M, Z M },
	{ "a stale line", Z M STALE, Z M },
	{ "a line too few", Z, Z M },
	{ "another hash of another kind stays", Z M "e.c/a v1.0.0 h2:x\n",
	  Z M "e.c/a v1.0.0 h2:x\n" },
	{ "and is put into order", Z M "e.c/a v1.0.0 h2:x\n" STALE, Z "e.c/a v1.0.0 h2:x\n" M },
	{ "a hash of another kind alone is not enough", "e.c/a v1.0.0 h2:x\n" M,
	  Z "e.c/a v1.0.0 h2:x\n" M },
	{ "malformed lines stay", Z M "two fields\na b c d\n", Z M "two fields\na b c d\n" },
	{ "malformed lines go with a stale one", Z M "two fields\na b c d\n" STALE, Z M },
	{ "no order", M Z, M Z },
	{ "no order, and a stale line", M Z STALE, Z M },
	{ "duplicates", Z M Z M, Z M Z M },
	{ "duplicates and a stale line", Z M Z M STALE, Z M },
	{ "CRLF", "e.c/a v1.0.0 h1:zip=\r\ne.c/a v1.0.0/go.mod h1:mod=\r\n",
	  "e.c/a v1.0.0 h1:zip=\r\ne.c/a v1.0.0/go.mod h1:mod=\r\n" },
	{ "CRLF and a stale line",
	  "e.c/a v1.0.0 h1:zip=\r\ne.c/a v1.0.0/go.mod h1:mod=\r\ne.c/z v1.0.0 h1:old=\r\n", Z M },
	{ "the sum of an empty go.mod does not count",
	  Z M "e.c/q v1.0.0/go.mod h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=\n",
	  Z M "e.c/q v1.0.0/go.mod h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=\n" },
	{ "a wrong sum of the zip", "e.c/a v1.0.0 h1:bad=\n" M, NULL },
	{ "a wrong sum of the go.mod", Z "e.c/a v1.0.0/go.mod h1:bad=\n", NULL },
	{ "a wrong sum beside the right one", Z M "e.c/a v1.0.0 h1:bad=\n", NULL },
	{ "no line feed at the end",
	  Z "e.c/a v1.0.0/go.mod h1:mod=", Z "e.c/a v1.0.0/go.mod h1:mod=" },
};

static void a_file_is_kept_or_written_anew(const void *data)
{
	size_t i = (size_t)((const char *)data - (const char *)files) / sizeof *files;
	const char *before = files[i].before;
	g_autoptr(GBytes) text = before != NULL ? g_bytes_new_static(before, strlen(before)) : NULL;
	g_autoptr(GoSum) sums = gosum_read(text);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) after = NULL;
	bool is_right = gosum_need(sums, "e.c/a", "v1.0.0", true, "h1:mod=", &error) &&
			gosum_need(sums, "e.c/a", "v1.0.0", false, "h1:zip=", &error);

	g_assert_cmpint(is_right, ==, files[i].after != NULL);
	if (!is_right) {
		g_assert_cmpint(failure_kind(error), ==, FAILURE_INPUT);
		g_assert_nonnull(strstr(error->message, "checksum mismatch"));
		return;
	}
	after = gosum_write(sums);
	g_autofree char *found = g_strndup(g_bytes_get_data(after, NULL), g_bytes_get_size(after));
	g_assert_cmpstr(found, ==, files[i].after);
}

static void nothing_needed_leaves_an_empty_file_or_none(void)
{
	g_autoptr(GBytes) text = g_bytes_new_static(STALE, strlen(STALE));
	g_autoptr(GoSum) sums = gosum_read(text), none = gosum_read(NULL);
	g_autoptr(GBytes) after = gosum_write(sums), empty = NULL;

	g_assert_cmpuint(g_bytes_get_size(after), ==, 0);
	g_assert_null(gosum_write(none));
	gosum_meet(none, "e.c/a", "v1.0.0", true);
	empty = gosum_write(none);
	g_assert_cmpuint(g_bytes_get_size(empty), ==, 0);
}

static void what_was_only_looked_at_has_the_file_made_anew(void)
{
	static const char crlf[] = "e.c/b v1.0.0/go.mod h1:2\r\ne.c/a v1.0.0/go.mod h1:1\r\n";
	g_autoptr(GBytes) text = g_bytes_new_static(crlf, strlen(crlf));
	g_autoptr(GoSum) sums = gosum_read(text);
	g_autoptr(GBytes) same = NULL, after = NULL;

	g_assert_true(gosum_need(sums, "e.c/a", "v1.0.0", true, "h1:1", NULL));
	g_assert_true(gosum_need(sums, "e.c/b", "v1.0.0", true, "h1:2", NULL));
	gosum_meet(sums, "e.c/a", "v1.0.0", true);
	same = gosum_write(sums);
	g_assert_true(g_bytes_equal(same, text));
	gosum_meet(sums, "e.c/a", "v1.1.0", true);
	after = gosum_write(sums);
	g_autofree char *found = g_strndup(g_bytes_get_data(after, NULL), g_bytes_get_size(after));
	g_assert_cmpstr(found, ==, "e.c/a v1.0.0/go.mod h1:1\ne.c/b v1.0.0/go.mod h1:2\n");
}

static void lines_are_sorted_by_path_then_version(void)
{
	g_autoptr(GoSum) sums = gosum_read(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) after = NULL;

	g_assert_true(gosum_need(sums, "e.c/b", "v1.10.0", false, "h1:1", &error));
	g_assert_true(gosum_need(sums, "e.c/b", "v1.9.0", true, "h1:2", &error));
	g_assert_true(gosum_need(sums, "e.c/b", "v1.9.0", false, "h1:3", &error));
	g_assert_true(gosum_need(sums, "e.c/a/x", "v1.0.0", false, "h1:4", &error));
	g_assert_true(gosum_need(sums, "e.c/a", "v2.0.0+incompatible", false, "h1:5", &error));
	after = gosum_write(sums);
	g_autofree char *found = g_strndup(g_bytes_get_data(after, NULL), g_bytes_get_size(after));
	g_assert_cmpstr(found, ==,
			"e.c/a v2.0.0+incompatible h1:5\n"
			"e.c/a/x v1.0.0 h1:4\n"
			"e.c/b v1.9.0 h1:3\n"
			"e.c/b v1.9.0/go.mod h1:2\n"
			"e.c/b v1.10.0 h1:1\n");
}

static void a_sum_is_there_or_not(void)
{
	g_autoptr(GBytes) text = g_bytes_new_static(Z "e.c/b v1.0.0 h2:x\n", strlen(Z) + 18);
	g_autoptr(GoSum) sums = gosum_read(text);

	g_assert_true(gosum_has(sums, "e.c/a", "v1.0.0", false));
	g_assert_false(gosum_has(sums, "e.c/a", "v1.0.0", true));
	g_assert_false(gosum_has(sums, "e.c/b", "v1.0.0", false));
	g_assert_true(gosum_agrees(sums, "e.c/a", "v1.0.0", false, "h1:zip="));
	g_assert_false(gosum_agrees(sums, "e.c/a", "v1.0.0", false, "h1:other="));
	g_assert_false(gosum_agrees(sums, "e.c/b", "v1.0.0", false, "h2:x"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_strconcat("/gomod/gosum/", files[i].name, NULL);

		g_test_add_data_func(path, &files[i], a_file_is_kept_or_written_anew);
	}
	g_test_add_func("/gomod/gosum/nothing_needed_leaves_an_empty_file_or_none",
			nothing_needed_leaves_an_empty_file_or_none);
	g_test_add_func("/gomod/gosum/what_was_only_looked_at_has_the_file_made_anew",
			what_was_only_looked_at_has_the_file_made_anew);
	g_test_add_func("/gomod/gosum/lines_are_sorted_by_path_then_version",
			lines_are_sorted_by_path_then_version);
	g_test_add_func("/gomod/gosum/a_sum_is_there_or_not", a_sum_is_there_or_not);
	return g_test_run();
}
