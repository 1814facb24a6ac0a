/* SPDX-License-Identifier: MIT */
#include "daemon/stop.h"

#include "daemon/daemon.h"

#include <glib-unix.h>

#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int event = -1;

/* Only what signal-safety(7) allows. */
static void on_signal(int number)
{
	const uint64_t one = 1;
	ssize_t written = 0;

	if (number == SIGALRM)
		_exit(END_SIGNALLED);
	(void)alarm(STOP_ALARM_S);
	written = write(event, &one, sizeof one);
	(void)written;
}

static struct {
	GSourceFunc stop;
	gpointer data;
} caller;

static gboolean on_event(gint descriptor G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
			 gpointer data G_GNUC_UNUSED)
{
	uint64_t count = 0;

	if (read(event, &count, sizeof count) == sizeof count)
		(void)caller.stop(caller.data);
	return G_SOURCE_CONTINUE;
}

void stop_watch(GSourceFunc stop, gpointer data)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGALRM };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	caller.stop = stop;
	caller.data = data;
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	g_unix_fd_add(event, G_IO_IN, on_event, NULL);
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		(void)sigaction(numbers[i], &action, NULL);
}
