/* SPDX-License-Identifier: MIT */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs `attempt` in a child, since nothing here can be taken back; its result. */
static int in_a_child(int (*attempt)(const char *folder), const char *folder)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(attempt(folder));
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int start_a_program(const char *folder)
{
	char *const arguments[] = { (char *)"true", NULL };

	(void)folder;
	sandbox_enter();
	execv("/bin/true", arguments);
	return errno;
}

#ifdef __X32_SYSCALL_BIT
/* A kernel without this way in answers ENOSYS, as the call itself would. */
static int start_a_program_by_another_number(const char *folder)
{
	(void)folder;
	sandbox_enter();
	return syscall(__X32_SYSCALL_BIT | 520, "/bin/true", NULL, NULL) == 0 ? 0 : errno;
}
#endif

static int leave_a_core(const char *folder)
{
	struct rlimit core;

	(void)folder;
	sandbox_enter();
	getrlimit(RLIMIT_CORE, &core);
	return core.rlim_cur == 0 && core.rlim_max == 0 ? 0 : 1;
}

static void confine(const char *folder)
{
	g_autoptr(GPtrArray) readable = g_ptr_array_new(), writable = g_ptr_array_new();

	g_ptr_array_add(writable, (void *)folder);
	g_ptr_array_add(readable, (void *)"/there/is/no/such/folder");
	sandbox_enter();
	g_assert_true(sandbox_confine(readable, writable, NULL));
}

static int write_inside(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "inside", NULL);
	int file;

	confine(folder);
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return file >= 0 ? 0 : errno;
}

static int move_inside(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "inside", NULL);
	g_autofree char *below = g_build_filename(folder, "below", NULL);
	g_autofree char *moved = g_build_filename(below, "moved", NULL);

	confine(folder);
	if (!g_file_set_contents(path, "x", 1, NULL) || mkdir(below, 0700) != 0 ||
	    rename(path, moved) != 0)
		return errno;
	unlink(moved);
	rmdir(below);
	return 0;
}

static int write_outside(const char *folder)
{
	g_autofree char *path = g_strconcat(folder, "-outside", NULL);
	int file;

	confine(folder);
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (file >= 0)
		unlink(path);
	return file >= 0 ? 0 : errno;
}

static int read_the_system(const char *folder)
{
	confine(folder);
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0 ? 0 : errno;
}

static int read_a_neighbour(const char *folder)
{
	g_autofree char *parent = g_path_get_dirname(folder);

	confine(folder);
	return open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0 ? 0 : errno;
}

static bool has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= 2;
}

static const struct {
	const char *name;
	int (*attempt)(const char *folder);
	int result;
	bool needs_landlock;
} attempts[] = {
	{ "no_program_is_started", start_a_program, EPERM, false },
#ifdef __X32_SYSCALL_BIT
	{ "no_program_is_started_by_another_number", start_a_program_by_another_number, EPERM,
	  false },
#endif
	{ "no_core_is_left", leave_a_core, 0, false },
	{ "what_is_ours_is_written", write_inside, 0, false },
	{ "what_is_ours_is_moved", move_inside, 0, false },
	{ "nothing_else_is_written", write_outside, EACCES, true },
	{ "the_system_is_read", read_the_system, 0, false },
	{ "nothing_else_is_read", read_a_neighbour, EACCES, true },
};

static void an_attempt_ends_as_it_should(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autofree char *folder = NULL, *file = NULL;

	if (attempts[i].needs_landlock && !has_landlock()) {
		g_test_skip("this kernel has no Landlock, or an old one");
		return;
	}
	folder = g_dir_make_tmp("upkeepd-XXXXXX", NULL);
	g_assert_cmpint(in_a_child(attempts[i].attempt, folder), ==, attempts[i].result);
	file = g_build_filename(folder, "inside", NULL);
	unlink(file);
	rmdir(folder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
		g_autofree char *path = g_strdup_printf("/sandbox/%s", attempts[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), an_attempt_ends_as_it_should);
	}
	return g_test_run();
}
