/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <glib/gstdio.h>

#include <string.h>
#include <sys/stat.h>

typedef struct {
	char *folder, *path;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	fixture->folder = g_dir_make_tmp("upkeepd-XXXXXX", NULL);
	fixture->path = g_build_filename(fixture->folder, "token", NULL);
}

static void tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_unlink(fixture->path);
	g_rmdir(fixture->folder);
	g_free(fixture->path);
	g_free(fixture->folder);
}

static Secret *read_back(const Fixture *fixture, const char *text, gssize length, int mode,
			 GError **error)
{
	g_assert_true(g_file_set_contents(fixture->path, text, length, NULL));
	g_assert_cmpint(g_chmod(fixture->path, mode), ==, 0);
	return secret_from_file(fixture->path, error);
}

static void a_secret_is_read_without_its_line_end(Fixture *fixture,
						  gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(Secret) secret = read_back(fixture, "t0ken\r\n", -1, 0600, NULL);

	g_assert_cmpstr(secret_reveal(secret), ==, "t0ken");
}

static void a_secret_that_others_may_read_is_refused(Fixture *fixture,
						     gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(read_back(fixture, "t0ken", -1, 0640, &error));
	g_assert_error(error, FAILURE, FAILURE_CONFIG);
	g_assert_nonnull(strstr(error->message, "readable by others"));
	g_assert_null(strstr(error->message, "t0ken"));
}

static void what_is_too_large_is_the_wrong_file(Fixture *fixture,
						gconstpointer unused G_GNUC_UNUSED)
{
	g_autofree char *text = g_strnfill(100000, 'x');
	g_autoptr(GError) error = NULL;

	g_assert_null(read_back(fixture, text, -1, 0600, &error));
	g_assert_nonnull(strstr(error->message, "more than 65536 bytes"));
}

static void a_pipe_is_not_waited_for(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(mkfifo(fixture->path, 0600), ==, 0);
	g_assert_null(secret_from_file(fixture->path, &error));
	g_assert_nonnull(strstr(error->message, "is no file"));
}

static void what_is_missing_is_said(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(secret_from_file(fixture->path, &error));
	g_assert_error(error, FAILURE, FAILURE_CONFIG);
	g_assert_nonnull(strstr(error->message, "No such file"));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Fixture *fixture, gconstpointer unused);
	} tests[] = {
		{ "/secret/a_secret_is_read_without_its_line_end",
		  a_secret_is_read_without_its_line_end },
		{ "/secret/a_secret_that_others_may_read_is_refused",
		  a_secret_that_others_may_read_is_refused },
		{ "/secret/what_is_too_large_is_the_wrong_file",
		  what_is_too_large_is_the_wrong_file },
		{ "/secret/a_pipe_is_not_waited_for", a_pipe_is_not_waited_for },
		{ "/secret/what_is_missing_is_said", what_is_missing_is_said },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
