/* SPDX-License-Identifier: MIT */
#include "daemon/pool.h"

#include <glib-unix.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct Pool {
	char terminator;
	const PoolEvents *events;
	void *data;
	GPtrArray *members; /* of Member */
};

typedef struct {
	Pool *pool;
	pid_t pid;
	int output;          /* the reading end */
	guint watch, reader; /* sources; 0: gone */
	GString *heard;      /* of the present block */
} Member;

static void member_free(gpointer data)
{
	Member *member = data;

	if (member->watch != 0)
		g_source_remove(member->watch);
	if (member->reader != 0)
		g_source_remove(member->reader);
	close(member->output);
	g_string_free(member->heard, TRUE);
	g_free(member);
}

Pool *pool_new(char terminator, const PoolEvents *events, void *data)
{
	Pool *pool = g_new0(Pool, 1);

	pool->terminator = terminator;
	pool->events = events;
	pool->data = data;
	pool->members = g_ptr_array_new_with_free_func(member_free);
	return pool;
}

void pool_free(Pool *pool)
{
	if (pool == NULL)
		return;
	for (guint i = 0; i < pool->members->len; i++) {
		const Member *member = pool->members->pdata[i];

		(void)kill(member->pid, SIGKILL);
		(void)waitpid(member->pid, NULL, 0);
	}
	g_ptr_array_unref(pool->members);
	g_free(pool);
}

static void say(Member *member)
{
	member->pool->events->said(member->pool->data, member->heard->str, member->heard->len);
	g_string_truncate(member->heard, 0);
}

static void hear(Member *member, const char *bytes, size_t length)
{
	while (length > 0) {
		const char *end = memchr(bytes, member->pool->terminator, length);
		size_t part = end != NULL ? (size_t)(end - bytes) : length;

		g_string_append_len(member->heard, bytes, (gssize)part);
		if (end != NULL || member->heard->len >= POOL_BLOCK)
			say(member);
		if (end != NULL)
			part++;
		bytes += part;
		length -= part;
	}
}

/* Reads what is there; false at the end of the output. */
static bool drain(Member *member)
{
	char bytes[16 * 1024];
	ssize_t length = 0;

	while ((length = read(member->output, bytes, sizeof bytes)) > 0)
		hear(member, bytes, (size_t)length);
	return length < 0 && (errno == EAGAIN || errno == EINTR);
}

static gboolean on_output(gint descriptor G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
			  gpointer data)
{
	Member *member = data;

	if (drain(member))
		return G_SOURCE_CONTINUE;
	member->reader = 0;
	return G_SOURCE_REMOVE;
}

static void on_end(GPid pid, gint status, gpointer data)
{
	Member *member = data;
	Pool *pool = member->pool;

	/* What it wrote may still lie in the pipe. */
	member->watch = 0;
	(void)drain(member);
	if (member->heard->len > 0)
		say(member);
	g_spawn_close_pid(pid);
	g_ptr_array_remove_fast(pool->members, member);
	pool->events->ended(pool->data, pid, status);
}

bool pool_start(Pool *pool, char *const *argv, GError **error)
{
	Member *member = NULL;
	GPid pid = 0;
	gint output = -1;

	if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
				      NULL, &pid, NULL, &output, NULL, error)) {
		g_prefix_error(error, "starting a worker: ");
		return false;
	}
	(void)g_unix_set_fd_nonblocking(output, TRUE, NULL);
	member = g_new0(Member, 1);
	member->pool = pool;
	member->pid = pid;
	member->output = output;
	member->heard = g_string_new(NULL);
	member->watch = g_child_watch_add(pid, on_end, member);
	member->reader = g_unix_fd_add(output, G_IO_IN | G_IO_HUP | G_IO_ERR, on_output, member);
	g_ptr_array_add(pool->members, member);
	return true;
}

guint pool_size(const Pool *pool)
{
	return pool->members->len;
}

bool pool_signal(Pool *pool, pid_t pid, int signal_number)
{
	bool is_any = false;

	for (guint i = 0; i < pool->members->len; i++) {
		const Member *member = pool->members->pdata[i];

		if (pid != 0 && member->pid != pid)
			continue;
		/* GLib may have reaped it a moment ago; numbers are not used again so fast. */
		(void)kill(member->pid, signal_number);
		is_any = true;
	}
	return is_any;
}
