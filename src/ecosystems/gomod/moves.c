/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/moves.h"

#include "base/text.h"

#include <string.h>

static void move_free(void *data)
{
	Move *move = data;

	g_free(move->path);
	g_free(move->from);
	g_free(move->to);
	g_free(move);
}

/* A move for each path that `file` lists, its `from` or its `to` set. */
static void enter(GTree *moves, const ModFile *file, bool is_after)
{
	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = file->requires->pdata[i];
		Move *move = g_tree_lookup(moves, require->path);
		char **version;

		if (move == NULL) {
			move = g_new0(Move, 1);
			move->path = g_strdup(require->path);
			g_tree_insert(moves, move->path, move);
		}
		version = is_after ? &move->to : &move->from;
		if (*version != NULL)
			continue;
		*version = g_strdup(require->version);
		*(is_after ? &move->is_direct : &move->was_direct) = !require->is_indirect;
	}
}

static gboolean take_moved(void *path G_GNUC_UNUSED, void *data, void *list)
{
	Move *move = data;

	if (g_strcmp0(move->from, move->to) == 0 && move->was_direct == move->is_direct)
		move_free(move);
	else
		g_ptr_array_add(list, move);
	return FALSE;
}

GPtrArray *moves_between(const ModFile *before, const ModFile *after)
{
	g_autoptr(GTree) moves = g_tree_new_full(text_compare, NULL, NULL, NULL);
	GPtrArray *list = g_ptr_array_new_with_free_func(move_free);

	enter(moves, before, false);
	enter(moves, after, true);
	g_tree_foreach(moves, take_moved, list);
	return list;
}
