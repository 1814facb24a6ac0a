/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modline.h"

#include <string.h>

guint modline_count(const ModNode *line)
{
	return line->tokens != NULL ? line->tokens->len : 0;
}

ModNode *modline_new(const char *const *tokens, bool is_in_block)
{
	ModNode *line = modnode_new(MOD_LINE);

	line->is_in_block = is_in_block;
	for (size_t i = is_in_block ? 1 : 0; tokens[i] != NULL; i++)
		modnode_append(&line->tokens, tokens[i]);
	return line;
}

bool modline_is_of(const ModNode *node, const char *verb)
{
	return node->tokens != NULL && strcmp(modnode_token(node, 0), verb) == 0;
}

ModNode *modline_new_block(const char *verb)
{
	ModNode *block = modnode_new(MOD_BLOCK);

	modnode_append(&block->tokens, verb);
	block->lines = g_ptr_array_new_with_free_func((GDestroyNotify)modnode_free);
	return block;
}

ModNode *modline_ensure_block(ModSyntax *syntax, guint i)
{
	ModNode *line = g_ptr_array_index(syntax->nodes, i);
	ModNode *block;

	if (line->kind == MOD_BLOCK)
		return line;
	block = modline_new_block(modnode_token(line, 0));
	g_ptr_array_remove_index(line->tokens, 0);
	if (line->spans != NULL)
		g_array_remove_index(line->spans, 0);
	line->is_in_block = true;
	g_ptr_array_add(block->lines, line);
	g_ptr_array_index(syntax->nodes, i) = block;
	return block;
}

/* Where a line stands: the statement, and the place in its block (-1: it is the
 * statement). False if it does not. */
static bool find_line(const ModSyntax *syntax, const ModNode *line, guint *statement, int *place)
{
	for (guint i = 0; i < syntax->nodes->len; i++) {
		const ModNode *node = g_ptr_array_index(syntax->nodes, i);
		guint at;

		*statement = i;
		*place = -1;
		if (node == line)
			return true;
		if (node->kind == MOD_BLOCK && g_ptr_array_find(node->lines, line, &at)) {
			*place = (int)at;
			return true;
		}
	}
	return false;
}

ModNode *modline_add(ModSyntax *syntax, const ModNode *hint, const char *const *tokens)
{
	GPtrArray *nodes = syntax->nodes;
	guint statement = nodes->len;
	int place = -1;
	bool is_found = hint != NULL && find_line(syntax, hint, &statement, &place);
	ModNode *line, *block;

	for (guint i = nodes->len; i > 0 && hint == NULL && !is_found; i--)
		if (modline_is_of(g_ptr_array_index(nodes, i - 1), tokens[0])) {
			statement = i - 1;
			is_found = true;
		}
	if (!is_found || !modline_is_of(g_ptr_array_index(nodes, statement), tokens[0])) {
		line = modline_new(tokens, false);
		g_ptr_array_insert(nodes, is_found ? (gint)statement + 1 : -1, line);
		return line;
	}
	block = modline_ensure_block(syntax, statement);
	line = modline_new(tokens, true);
	g_ptr_array_insert(block->lines, place >= 0 ? place + 1 : -1, line);
	return line;
}

ModNode *modline_add_last(ModSyntax *syntax, const char *const *tokens)
{
	ModNode *line = modline_new(tokens, false);

	g_ptr_array_add(syntax->nodes, line);
	return line;
}

void modline_update(ModNode *line, const char *const *tokens)
{
	g_clear_pointer(&line->tokens, g_ptr_array_unref);
	g_clear_pointer(&line->spans, g_array_unref);
	for (size_t i = line->is_in_block ? 1 : 0; tokens[i] != NULL; i++)
		modnode_append(&line->tokens, tokens[i]);
}

void modline_remove(ModNode *line)
{
	g_clear_pointer(&line->tokens, g_ptr_array_unref);
	g_clear_pointer(&line->spans, g_array_unref);
	g_clear_pointer(&line->suffix, g_ptr_array_unref);
}

void modline_append_comments(GPtrArray **to, const GPtrArray *from)
{
	for (guint i = 0; from != NULL && i < from->len; i++)
		modnode_append(to, g_ptr_array_index(from, i));
}

/* The only line of `block` as a statement with the comments of both; what stands
 * behind the parentheses is lost, as it is with Go. */
static ModNode *collapse(const ModNode *block)
{
	const ModNode *only = g_ptr_array_index(block->lines, 0);
	ModNode *line = modnode_new(MOD_LINE);

	modline_append_comments(&line->before, block->before);
	modline_append_comments(&line->before, only->before);
	modline_append_comments(&line->tokens, block->tokens);
	modline_append_comments(&line->tokens, only->tokens);
	modline_append_comments(&line->suffix, only->suffix);
	modline_append_comments(&line->suffix, block->suffix);
	return line;
}

/* Without the lines of a block that have been removed. */
static void drop_removed(ModNode *block)
{
	GPtrArray *old = block->lines;

	block->lines = g_ptr_array_new_with_free_func((GDestroyNotify)modnode_free);
	for (guint i = 0; i < old->len; i++) {
		ModNode **line = (ModNode **)&g_ptr_array_index(old, i);

		if (modline_count(*line) > 0)
			g_ptr_array_add(block->lines, g_steal_pointer(line));
	}
	g_ptr_array_unref(old);
}

void modline_clean_up(ModSyntax *syntax)
{
	GPtrArray *old = syntax->nodes;

	syntax->nodes = g_ptr_array_new_with_free_func((GDestroyNotify)modnode_free);
	for (guint i = 0; i < old->len; i++) {
		g_autoptr(ModNode) node = g_steal_pointer(&g_ptr_array_index(old, i));

		if (node->kind == MOD_BLOCK)
			drop_removed(node);
		if (node->kind == MOD_LINE && node->tokens == NULL)
			continue;
		if (node->kind == MOD_BLOCK && node->lines->len == 0)
			continue;
		if (node->kind == MOD_BLOCK && node->lines->len == 1 && node->close_before == NULL)
			g_ptr_array_add(syntax->nodes, collapse(node));
		else
			g_ptr_array_add(syntax->nodes, g_steal_pointer(&node));
	}
	g_ptr_array_unref(old);
}
