/* SPDX-License-Identifier: MIT */
#include "daemon/notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct {
	struct sockaddr_un address;
	socklen_t length; /* 0: nobody listens */
	int64_t watchdog_ms;
} manager;

static void read_watchdog(void)
{
	const char *pid = g_getenv("WATCHDOG_PID");
	const char *text = g_getenv("WATCHDOG_USEC");
	guint64 number = 0;

	if (pid != NULL && g_ascii_string_to_unsigned(pid, 10, 0, G_MAXINT, &number, NULL) &&
	    (pid_t)number != getpid())
		return;
	if (text != NULL && g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL))
		manager.watchdog_ms = MAX((int64_t)(number / 2000), 1);
}

void notify_start(void)
{
	const char *path = g_getenv("NOTIFY_SOCKET");
	size_t length = path != NULL ? strlen(path) : 0;

	manager.address.sun_family = AF_UNIX;
	if (length > 1 && length < sizeof manager.address.sun_path &&
	    (path[0] == '/' || path[0] == '@')) {
		memcpy(manager.address.sun_path, path, length);
		if (path[0] == '@') /* of the abstract name space */
			manager.address.sun_path[0] = '\0';
		manager.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
		read_watchdog();
	}
	g_unsetenv("NOTIFY_SOCKET");
	g_unsetenv("WATCHDOG_PID");
	g_unsetenv("WATCHDOG_USEC");
}

void notify(const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;
	int sock = -1;

	if (manager.length == 0)
		return;
	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return;
	(void)sendto(sock, text, strlen(text), MSG_NOSIGNAL,
		     (const struct sockaddr *)&manager.address, manager.length);
	close(sock);
}

int64_t notify_watchdog_ms(void)
{
	return manager.watchdog_ms;
}
