/* SPDX-License-Identifier: MIT */
#include "worker/stream.h"

#include "git/diff.h"
#include "upkeepd/ecosystem.h"

#include <stdio.h>

static Json *event_new(const char *name)
{
	Json *event = json_new_object();

	json_set_string(event, "event", name);
	return event;
}

/* One line, at once: who reads the stream may be waiting for it. */
static void print(Json *event)
{
	g_autofree char *line = json_print(event);

	puts(line);
	fflush(stdout);
	json_free(event);
}

void stream_update(const Update *update)
{
	const Dependency *dependency = update->dependency;
	Json *event = event_new("update");

	json_set_string(event, "ecosystem", update->manifest->ecosystem->name);
	json_set_string(event, "file", update->manifest->path);
	json_set_integer(event, "line", dependency->line);
	json_set_string(event, "name", dependency->name);
	json_set_string(event, "current", update->from);
	json_set_string(event, "current_digest", update->from_digest);
	json_set_string(event, "chosen", update->to);
	json_set_string(event, "chosen_digest", update->to_digest);
	json_set_string(event, "kind", step_word(update->step));
	print(event);
}

void stream_move(const char *file, const char *name, const char *from, const char *to)
{
	Json *event = event_new("move");

	json_set_string(event, "file", file);
	json_set_string(event, "name", name);
	json_set_string(event, "from", from);
	json_set_string(event, "to", to);
	print(event);
}

void stream_files(const GPtrArray *changes)
{
	for (guint i = 0; i < changes->len; i++) {
		const FileChange *change = g_ptr_array_index(changes, i);
		g_autofree char *diff = diff_of(change);
		Json *event = event_new("file");

		json_set_string(event, "path", change->path);
		json_set_string(event, "diff", diff);
		print(event);
	}
}

void stream_error(const char *text)
{
	Json *event = event_new("error");

	json_set_string(event, "text", text);
	print(event);
}

void stream_end(End end)
{
	Json *event = event_new("end");

	json_set_integer(event, "status", end);
	print(event);
}
