/* SPDX-License-Identifier: MIT */
#include "listen/socket.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_INHERITED = 3, BACKLOG = 64 };

typedef struct addrinfo Addresses;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Addresses, freeaddrinfo)

static bool is_number(const char *variable, gint64 expected)
{
	const char *text = g_getenv(variable);
	gint64 number;

	return text != NULL &&
	       g_ascii_string_to_signed(text, 10, expected, expected, &number, NULL);
}

int socket_inherited(void)
{
	return is_number("LISTEN_PID", getpid()) && is_number("LISTEN_FDS", 1) ? FIRST_INHERITED
									       : -1;
}

static int open_one(const Addresses *address)
{
	int on = 1,
	    one = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
			 address->ai_protocol);

	if (one < 0)
		return -1;
	(void)setsockopt(one, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(one, address->ai_addr, address->ai_addrlen) == 0 && listen(one, BACKLOG) == 0)
		return one;
	on = errno;
	close(one);
	errno = on;
	return -1;
}

bool socket_open(const char *address, int *opened, GError **error)
{
	const char *colon = strrchr(address, ':');
	bool is_bracketed = *address == '[' && colon != NULL && colon > address && colon[-1] == ']';
	g_autofree char *host = NULL;
	g_autoptr(Addresses) found = NULL;
	const Addresses hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	int code;

	g_return_val_if_fail(colon != NULL, false);
	host = g_strndup(address + is_bracketed, (gsize)(colon - address) - (is_bracketed ? 2 : 0));
	code = getaddrinfo(*host != '\0' ? host : NULL, colon + 1, &hints, &found);
	if (code != 0)
		return fail(error, FAILURE_IO, "'%s': %s", address, gai_strerror(code));
	*opened = -1;
	for (const Addresses *one = found; one != NULL && *opened < 0; one = one->ai_next)
		*opened = open_one(one);
	return *opened >= 0 ||
	       fail(error, FAILURE_IO, "listening at '%s': %s", address, g_strerror(errno));
}
