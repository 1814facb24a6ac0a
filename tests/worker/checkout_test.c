/* SPDX-License-Identifier: MIT */
#include "worker/checkout.h"

#include <glib/gstdio.h>

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
	char *root;
	Source *source;
} Fixture;

static void write_text(const char *root, const char *path, const char *text)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	g_autofree char *folder = g_path_get_dirname(full);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
	g_assert_true(g_file_set_contents(full, text, -1, NULL));
}

static void set_up(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *below = NULL, *link = NULL, *script = NULL, *folder = NULL;

	(void)unused;
	fixture->root = g_dir_make_tmp("upkeepd-XXXXXX", NULL);
	write_text(fixture->root, ".git/HEAD", "ref: refs/heads/main\n");
	write_text(fixture->root, "cmd/a/Dockerfile", "FROM a:1\n");
	write_text(fixture->root, "node_modules/x/Dockerfile", "FROM a:1\n");
	write_text(fixture->root, "run.sh", "#!/bin/sh\n");
	script = g_build_filename(fixture->root, "run.sh", NULL);
	g_assert_cmpint(g_chmod(script, 0755), ==, 0);
	link = g_build_filename(fixture->root, "outside", NULL);
	g_assert_cmpint(symlink("/etc", link), ==, 0);
	folder = g_build_filename(fixture->root, "cmd/a", NULL);
	fixture->source = checkout_open(folder, &below, NULL);
	g_assert_cmpstr(below, ==, "cmd/a");
	g_assert_cmpstr(checkout_root(fixture->source), ==, fixture->root);
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
	const char *const remove[] = { "rm", "-rf", fixture->root, NULL };

	(void)unused;
	source_free(fixture->source);
	g_spawn_sync(NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
		     NULL);
	g_free(fixture->root);
}

static void regular_files_are_listed(Fixture *fixture, gconstpointer unused)
{
	const GPtrArray *paths = fixture->source->paths;

	(void)unused;
	g_assert_cmpuint(paths->len, ==, 2);
	g_assert_cmpstr(paths->pdata[0], ==, "cmd/a/Dockerfile");
	g_assert_cmpstr(paths->pdata[1], ==, "run.sh");
	g_assert_true(source_has(fixture->source, "run.sh"));
	g_assert_false(source_has(fixture->source, "run"));
}

static void a_checkout_is_found_through_a_link(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *below = NULL, *link = g_strconcat(fixture->root, ".link", NULL);
	g_autoptr(Source) source = NULL;
	g_autoptr(GError) error = NULL;

	(void)unused;
	g_assert_cmpint(symlink(fixture->root, link), ==, 0);
	source = checkout_open(link, &below, &error);
	g_assert_no_error(error);
	g_assert_cmpint(unlink(link), ==, 0);
	g_assert_cmpstr(checkout_root(source), ==, fixture->root);
	g_assert_cmpstr(below, ==, "");
	g_assert_true(source_has(source, "run.sh"));
}

static void a_name_that_would_speak_to_a_terminal_is_passed_over(Fixture *fixture,
								 gconstpointer unused)
{
	g_autofree char *below = NULL;
	g_autoptr(Source) source = NULL;

	(void)unused;
	write_text(fixture->root, "a\033[2J/Dockerfile", "FROM a:1\n");
	write_text(fixture->root, "a\nb", "");
	source = checkout_open(fixture->root, &below, NULL);
	g_assert_cmpuint(source->paths->len, ==, fixture->source->paths->len);
}

static void a_folder_of_another_user_is_passed_over(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *below = NULL, *folder = g_build_filename(fixture->root, "data", NULL);
	g_autoptr(Source) source = NULL;
	g_autoptr(GError) error = NULL;

	(void)unused;
	if (geteuid() == 0) {
		g_test_skip("root may read everything");
		return;
	}
	g_assert_cmpint(g_mkdir(folder, 0), ==, 0);
	source = checkout_open(fixture->root, &below, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(source->paths->len, ==, fixture->source->paths->len);
}

static void a_link_is_no_file(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	(void)unused;
	g_assert_null(fixture->source->read(fixture->source, "outside", 100, &error));
	g_assert_error(error, FAILURE, FAILURE_ABSENT);
}

static void a_file_too_large_is_refused(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	(void)unused;
	g_assert_null(fixture->source->read(fixture->source, "run.sh", 3, &error));
	g_assert_error(error, FAILURE, FAILURE_LIMIT);
}

static bool put(Fixture *fixture, const char *path, const char *text, GError **error)
{
	g_autoptr(GPtrArray) changes = file_changes_new();
	g_autoptr(GBytes) after = text != NULL ? g_bytes_new(text, strlen(text)) : NULL;

	g_ptr_array_add(changes, file_change_new(path, NULL, after));
	return checkout_write(fixture->source, changes, error);
}

static void a_file_keeps_its_mode(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *full = g_build_filename(fixture->root, "run.sh", NULL);
	g_autofree char *text = NULL;
	struct stat status;

	(void)unused;
	g_assert_true(put(fixture, "run.sh", "new\n", NULL));
	g_assert_true(g_file_get_contents(full, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "new\n");
	g_assert_cmpint(stat(full, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 07777, ==, 0755);
}

static void folders_come_and_go_with_files(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *folder = g_build_filename(fixture->root, "vendor", NULL);

	(void)unused;
	g_assert_true(put(fixture, "vendor/x/y.go", "package x\n", NULL));
	g_assert_true(g_file_test(folder, G_FILE_TEST_IS_DIR));
	g_assert_true(put(fixture, "vendor/x/y.go", NULL, NULL));
	g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

static void nothing_is_written_through_a_link(Fixture *fixture, gconstpointer unused)
{
	static const char *const paths[] = { "outside/hosts", "outside", "../x", "cmd/../../x" };

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(put(fixture, paths[i], "x", &error));
		g_assert_error(error, FAILURE, FAILURE_INPUT);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(Fixture *fixture, gconstpointer unused);
	} tests[] = {
		{ "regular_files_are_listed", regular_files_are_listed },
		{ "a_checkout_is_found_through_a_link", a_checkout_is_found_through_a_link },
		{ "a_name_that_would_speak_to_a_terminal_is_passed_over",
		  a_name_that_would_speak_to_a_terminal_is_passed_over },
		{ "a_folder_of_another_user_is_passed_over",
		  a_folder_of_another_user_is_passed_over },
		{ "a_link_is_no_file", a_link_is_no_file },
		{ "a_file_too_large_is_refused", a_file_too_large_is_refused },
		{ "a_file_keeps_its_mode", a_file_keeps_its_mode },
		{ "folders_come_and_go_with_files", folders_come_and_go_with_files },
		{ "nothing_is_written_through_a_link", nothing_is_written_through_a_link },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strdup_printf("/worker/checkout/%s", tests[i].name);

		g_test_add(path, Fixture, NULL, set_up, tests[i].test, tear_down);
	}
	return g_test_run();
}
