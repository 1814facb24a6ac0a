/* SPDX-License-Identifier: MIT */
/* What merges would come to, of one file "f" in three commits and the rest left alone. */
#include "git/fixture.h"
#include "git/merge.h"

static const struct {
	const char *name;
	const char *parent, *commit, *onto; /* NULL: it is not there */
	const char *merged;                 /* "": nothing changes; NULL: a conflict */
} cases[] = {
	{ "only_the_commit", "a\n", "b\n", "a\n", "b\n" },
	{ "only_the_other", "a\n", "a\n", "b\n", "" },
	{ "both_alike", "a\n", "b\n", "b\n", "" },
	{ "far_apart", "a\n1\n2\nz\n", "b\n1\n2\nz\n", "a\n1\n2\ny\n", "b\n1\n2\ny\n" },
	{ "the_same_line", "a\n", "b\n", "c\n", NULL },
	{ "lines_that_touch", "a\nz\n", "b\nz\n", "a\ny\n", NULL },
	{ "a_new_file", NULL, "b\n", NULL, "b\n" },
	{ "a_new_file_in_both", NULL, "b\n", "c\n", NULL },
	{ "changed_and_deleted", "a\n", "b\n", NULL, NULL },
	{ "deleted_and_changed", "a\n", NULL, "b\n", NULL },
};

static char *commit_with(Fixture *fixture, const char *text)
{
	g_autofree char *other = put_file(fixture, "left alone\n");
	g_autofree char *file = text == NULL ? NULL : put_file(fixture, text);
	g_autofree char *first = file == NULL ? NULL : g_strconcat("100644 f ", file, NULL);
	g_autofree char *second = g_strconcat("100644 g ", other, NULL);
	const char *rows[] = { first != NULL ? first : second, first != NULL ? second : NULL,
			       NULL };
	g_autofree char *tree = put_tree(fixture, rows);

	return put_commit(fixture, tree, "", 1000);
}

static void comes_to(const void *data)
{
	const size_t row = GPOINTER_TO_SIZE(data);
	g_autoptr(Fixture) fixture = fixture_new(true);
	const Repository repository = { .path = fixture->directory };
	const RemoteOptions options = { .now = 1700000000 };
	g_autofree char *parent = commit_with(fixture, cases[row].parent);
	g_autofree char *commit = commit_with(fixture, cases[row].commit);
	g_autofree char *onto = commit_with(fixture, cases[row].onto);
	g_autoptr(GPtrArray) changes = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Remote) remote = remote_open(&repository, &options, &error);

	g_assert_no_error(error);
	g_assert_true(merge_changes(remote, parent, commit, onto, &changes, &error));
	if (cases[row].merged == NULL) {
		g_assert_null(changes);
	} else if (*cases[row].merged == '\0') {
		g_assert_cmpuint(changes->len, ==, 0);
	} else {
		const FileChange *change = g_ptr_array_index(changes, 0);

		g_assert_cmpuint(changes->len, ==, 1);
		g_assert_cmpstr(change->path, ==, "f");
		g_assert_cmpmem(g_bytes_get_data(change->after, NULL),
				g_bytes_get_size(change->after), cases[row].merged,
				strlen(cases[row].merged));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/merge/", cases[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), comes_to);
	}
	return g_test_run();
}
