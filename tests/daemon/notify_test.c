/* SPDX-License-Identifier: MIT */
#include "daemon/notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* An abstract socket, so that nothing has to be removed. Each case runs in a
 * process of its own, since the environment is read once. */
static int manager(char *name, size_t size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_DGRAM, 0);
	socklen_t length = 0;

	g_snprintf(name, (gulong)size, "@upkeepd-test-%d", (int)getpid());
	memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
	length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	g_assert_cmpint(bind(sock, (struct sockaddr *)&address, length), ==, 0);
	return sock;
}

static void tells_the_manager(void)
{
	char name[64], text[256];
	int sock = manager(name, sizeof name);
	ssize_t length = 0;

	g_setenv("NOTIFY_SOCKET", name, TRUE);
	g_setenv("WATCHDOG_USEC", "3000000", TRUE);
	g_unsetenv("WATCHDOG_PID");
	notify_start();
	notify("READY=1\nSTATUS=%s", "next: never");
	length = recv(sock, text, sizeof text, MSG_DONTWAIT);
	g_assert_cmpmem(text, (gsize)length, "READY=1\nSTATUS=next: never", 26);
	g_assert_cmpint(notify_watchdog_ms(), ==, 1500);
	g_assert_null(g_getenv("NOTIFY_SOCKET"));
	close(sock);
}

static void is_silent_without_a_manager(void)
{
	g_unsetenv("NOTIFY_SOCKET");
	g_setenv("WATCHDOG_USEC", "3000000", TRUE);
	notify_start();
	notify("READY=1");
	g_assert_cmpint(notify_watchdog_ms(), ==, 0);
}

static void the_watchdog_of_another_process_is_not_ours(void)
{
	g_setenv("NOTIFY_SOCKET", "@upkeepd-test-none", TRUE);
	g_setenv("WATCHDOG_USEC", "3000000", TRUE);
	g_setenv("WATCHDOG_PID", "1", TRUE);
	notify_start();
	notify("READY=1"); /* to nobody: no error */
	g_assert_cmpint(notify_watchdog_ms(), ==, 0);
}

static void in_a_process(void)
{
	g_autofree char *path = g_strconcat(g_test_get_path(), "/subprocess", NULL);

	g_test_trap_subprocess(path, 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_passed();
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(void);
	} tests[] = {
		{ "/notify/tells_the_manager", tells_the_manager },
		{ "/notify/is_silent_without_a_manager", is_silent_without_a_manager },
		{ "/notify/the_watchdog_of_another_process_is_not_ours",
		  the_watchdog_of_another_process_is_not_ours },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat(tests[i].path, "/subprocess", NULL);

		g_test_add_func(tests[i].path, in_a_process);
		g_test_add_func(path, tests[i].test);
	}
	return g_test_run();
}
