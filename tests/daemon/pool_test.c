/* SPDX-License-Identifier: MIT */
#include "daemon/pool.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

typedef struct {
	Pool *pool;
	GMainLoop *loop;
	GString *said; /* blocks, each followed by '|' */
	size_t n_said;
	int status;
} Heard;

static void on_said(void *data, const char *block, size_t length)
{
	Heard *heard = data;

	heard->n_said++;
	g_string_append_len(heard->said, block, (gssize)length);
	g_string_append_c(heard->said, '|');
}

static void on_ended(void *data, pid_t pid, int status)
{
	Heard *heard = data;

	g_assert_cmpint(pid, >, 0);
	heard->status = status;
	if (pool_size(heard->pool) == 0)
		g_main_loop_quit(heard->loop);
}

static const PoolEvents events = { on_said, on_ended };

/* Starts `n` shells that run `script`, and waits for all; said->str is the caller's. */
static Heard run(const char *script, guint n, int kill_with)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	Heard heard = { .said = g_string_new(NULL), .status = -1 };

	heard.loop = g_main_loop_new(NULL, FALSE);
	heard.pool = pool_new(';', &events, &heard);
	for (guint i = 0; i < n; i++) {
		g_autoptr(GError) error = NULL;

		g_assert_true(pool_start(heard.pool, (char *const *)argv, &error));
		g_assert_no_error(error);
	}
	g_assert_cmpuint(pool_size(heard.pool), ==, n);
	if (kill_with != 0)
		g_assert_true(pool_signal(heard.pool, 0, kill_with));
	g_main_loop_run(heard.loop);
	g_main_loop_unref(heard.loop);
	pool_free(heard.pool);
	return heard;
}

static const struct {
	const char *name, *script, *said;
	int status; /* of exit */
} scripts[] = {
	{ "says_nothing", "true", "", 0 },
	{ "says_blocks", "printf 'a;bc;;d;'", "a|bc||d|", 0 },
	{ "forgets_the_last_terminator", "printf 'a;b'", "a|b|", 0 },
	{ "says_a_block_in_pieces", "printf a; printf 'b;'", "ab|", 0 },
	{ "fails", "printf 'a;'; exit 3", "a|", 3 },
};

static void worker(gconstpointer data)
{
	size_t row = GPOINTER_TO_SIZE(data);
	Heard heard = run(scripts[row].script, 1, 0);

	g_assert_cmpstr(heard.said->str, ==, scripts[row].said);
	g_assert_true(WIFEXITED(heard.status));
	g_assert_cmpint(WEXITSTATUS(heard.status), ==, scripts[row].status);
	g_string_free(heard.said, TRUE);
}

static void blocks_of_several_do_not_mix(void)
{
	Heard heard = run("for i in 1 2 3 4 5; do printf 'x%01000d;' 0; done", 8, 0);

	g_assert_cmpuint(heard.n_said, ==, 40);
	for (const char *p = heard.said->str; *p != '\0'; p += 1002) {
		g_assert_cmpint(p[0], ==, 'x');
		g_assert_cmpint(p[1001], ==, '|');
	}
	g_string_free(heard.said, TRUE);
}

static void all_can_be_killed(void)
{
	Heard heard = run("exec sleep 100", 3, SIGKILL);

	g_assert_true(WIFSIGNALED(heard.status));
	g_assert_cmpint(WTERMSIG(heard.status), ==, SIGKILL);
	g_string_free(heard.said, TRUE);
}

static void a_program_that_is_not_there_is_an_error(void)
{
	const char *const argv[] = { "/nonexistent/upkeepd-worker", NULL };
	g_autoptr(Pool) pool = pool_new(';', &events, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_false(pool_start(pool, (char *const *)argv, &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_IO);
	g_assert_cmpuint(pool_size(pool), ==, 0);
	g_assert_false(pool_signal(pool, 1, SIGKILL)); /* not one of ours */
}

static void who_is_left_dies_with_the_pool(void)
{
	const char *const argv[] = { "/bin/sh", "-c", "exec sleep 100", NULL };
	Pool *pool = pool_new(';', &events, NULL);

	g_assert_true(pool_start(pool, (char *const *)argv, NULL));
	pool_free(pool);
	g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1); /* no child is left */
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autofree char *path = g_strdup_printf("/pool/a_worker_%s", scripts[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), worker);
	}
	g_test_add_func("/pool/blocks_of_several_do_not_mix", blocks_of_several_do_not_mix);
	g_test_add_func("/pool/all_can_be_killed", all_can_be_killed);
	g_test_add_func("/pool/a_program_that_is_not_there_is_an_error",
			a_program_that_is_not_there_is_an_error);
	g_test_add_func("/pool/who_is_left_dies_with_the_pool", who_is_left_dies_with_the_pool);
	return g_test_run();
}
