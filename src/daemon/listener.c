/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "daemon"

#include "daemon/listener.h"

#include <signal.h>
#include <sys/wait.h>

enum { AGAIN_S = 30 };

struct Listener {
	const Call *call;
	GPid pid;           /* 0: it does not run */
	guint watch, timer; /* sources; 0: not there */
};

static void start(Listener *listener);

static gboolean on_timer(gpointer data)
{
	Listener *listener = data;

	listener->timer = 0;
	start(listener);
	return G_SOURCE_REMOVE;
}

static void on_end(GPid pid, gint status, gpointer data)
{
	Listener *listener = data;
	g_autoptr(GError) error = NULL;

	g_spawn_close_pid(pid);
	listener->pid = 0;
	listener->watch = 0;
	if (!g_spawn_check_wait_status(status, &error))
		g_warning("upkeepd-listen has ended and is started again: %s", error->message);
	listener->timer = g_timeout_add_seconds(AGAIN_S, on_timer, listener);
}

static void start(Listener *listener)
{
	const Call *call = listener->call;
	g_autofree char *path = program_path("upkeepd-listen");
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	const char *const words[] = {
		call->config != NULL ? "--config" : NULL, call->config,
		call->state != NULL ? "--state" : NULL,   call->state,
		call->quiet ? "--quiet" : NULL,           call->verbose ? "--verbose" : NULL
	};

	g_ptr_array_add(argv, path);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i] != NULL)
			g_ptr_array_add(argv, (char *)words[i]);
	g_ptr_array_add(argv, NULL);
	if (!g_spawn_async(NULL, (char **)argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
			   &listener->pid, &error)) {
		g_warning("there is no page: %s", error->message);
		return;
	}
	listener->watch = g_child_watch_add(listener->pid, on_end, listener);
}

static void stop(Listener *listener)
{
	if (listener->timer != 0)
		g_source_remove(listener->timer);
	listener->timer = 0;
	if (listener->pid == 0)
		return;
	g_source_remove(listener->watch);
	listener->watch = 0;
	/* It has nothing to put in order, and its socket must be free. */
	(void)kill(listener->pid, SIGKILL);
	(void)waitpid(listener->pid, NULL, 0);
	listener->pid = 0;
}

Listener *listener_new(const Call *call)
{
	Listener *listener = g_new0(Listener, 1);

	listener->call = call;
	return listener;
}

void listener_free(Listener *listener)
{
	if (listener == NULL)
		return;
	stop(listener);
	g_free(listener);
}

void listener_follow(Listener *listener, bool is_wanted)
{
	stop(listener);
	if (is_wanted)
		start(listener);
}
