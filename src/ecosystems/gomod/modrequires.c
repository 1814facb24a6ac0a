/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modrequires.h"

#include "base/text.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modedit.h"
#include "ecosystems/gomod/modline.h"
#include "ecosystems/gomod/modtoken.h"

#include <string.h>

#define INDIRECT          "// indirect"
#define FIRST_SEPARATED   "1.17" /* go lines from here on: direct and indirect requirements apart */
#define FIRST_AT_MOST_TWO "1.27" /* … and in two statements at most */
#define NO_GO_LINE        "1.16" /* what holds for a file without a go line */
#define MAX_WRITES        4

static void set_version(ModNode *line, const char *version)
{
	GPtrArray *before = line->before;

	/* A blank line above a requirement in a block does not survive: golang issue 33779. */
	if (line->is_in_block && before != NULL && before->len == 1 &&
	    *(const char *)g_ptr_array_index(before, 0) == '\0')
		g_clear_pointer(&line->before, g_ptr_array_unref);
	modnode_set_token(line, line->is_in_block ? 1 : 2, version);
}

/* The text of a comment without slashes and the spaces around it. */
static char *comment_words(const char *comment)
{
	return modtoken_trim(comment + (g_str_has_prefix(comment, "//") ? 2 : 0));
}

static void set_indirect(ModNode *line, bool is_indirect)
{
	g_autofree char *words = NULL;
	char **comment;

	if (modfile_is_marked_indirect(line) == is_indirect)
		return;
	if (line->suffix == NULL) {
		modnode_append(&line->suffix, INDIRECT);
		return;
	}
	comment = (char **)&g_ptr_array_index(line->suffix, 0);
	words = comment_words(*comment);
	if (!is_indirect && strcmp(words, "indirect") == 0) {
		g_clear_pointer(&line->suffix, g_ptr_array_unref);
		return;
	}
	if (is_indirect) {
		g_free(*comment);
		*comment = *words == '\0' ? g_strdup(INDIRECT)
					  : g_strconcat(INDIRECT "; ", words, NULL);
	} else {
		char *rest = g_strconcat("//", strstr(*comment, "indirect;") + strlen("indirect;"),
					 NULL);

		g_free(*comment);
		*comment = rest;
	}
}

/* Where the require statements stand; -1: there is none. */
typedef struct {
	int last;             /* the last of all */
	int direct, indirect; /* the last without comments that holds only such lines */
	guint n;
} Layout;

static bool has_comments(const ModNode *node)
{
	g_autofree char *words = NULL;

	if (node->before != NULL || (node->suffix != NULL && node->suffix->len > 1))
		return true;
	if (node->suffix == NULL)
		return false;
	words = comment_words(g_ptr_array_index(node->suffix, 0));
	return strcmp(words, "indirect") != 0;
}

/* Looks whether all lines of a block are direct, or indirect, without comments. */
static void judge_block(const ModNode *block, bool *is_direct, bool *is_indirect)
{
	*is_direct = *is_indirect = block->lines->len > 0;
	for (guint i = 0; i < block->lines->len; i++) {
		const ModNode *line = g_ptr_array_index(block->lines, i);
		bool is_commented = has_comments(line);
		bool is_marked = modfile_is_marked_indirect(line);

		*is_direct &= !is_commented && !is_marked;
		*is_indirect &= !is_commented && is_marked;
	}
}

static Layout find_layout(const ModSyntax *syntax)
{
	Layout layout = { -1, -1, -1, 0 };

	for (guint i = 0; i < syntax->nodes->len; i++) {
		const ModNode *node = g_ptr_array_index(syntax->nodes, i);
		bool is_direct, is_indirect;

		if (!modline_is_of(node, "require"))
			continue;
		layout.last = (int)i;
		layout.n++;
		if (has_comments(node))
			continue;
		if (node->kind == MOD_BLOCK) {
			judge_block(node, &is_direct, &is_indirect);
		} else {
			is_indirect = modfile_is_marked_indirect(node);
			is_direct = !is_indirect;
		}
		if (is_direct)
			layout.direct = (int)i;
		if (is_indirect)
			layout.indirect = (int)i;
	}
	return layout;
}

static ModNode *insert_block(ModSyntax *syntax, int at)
{
	ModNode *block = modline_new_block("require");

	g_ptr_array_insert(syntax->nodes, at, block);
	return block;
}

/* Finds or makes the two blocks that new and changed requirements go to. */
static void ensure_targets(ModSyntax *syntax, Layout layout, ModNode **direct, ModNode **indirect)
{
	int n = (int)syntax->nodes->len;

	if (layout.direct >= 0) {
		*direct = modline_ensure_block(syntax, (guint)layout.direct);
	} else {
		layout.direct = layout.indirect >= 0 ? layout.indirect
				: layout.last >= 0   ? layout.last + 1
						     : n;
		layout.indirect += layout.indirect >= 0;
		*direct = insert_block(syntax, layout.direct);
	}
	if (layout.indirect >= 0)
		*indirect = modline_ensure_block(syntax, (guint)layout.indirect);
	else
		*indirect = insert_block(syntax, layout.direct + 1);
}

/* Moves a require line to the end of `block`, leaving a removed one behind. */
static void move_line(ModNode *line, ModNode *block)
{
	ModNode *moved = modnode_new(MOD_LINE);

	moved->tokens = g_steal_pointer(&line->tokens);
	moved->before = g_steal_pointer(&line->before);
	moved->suffix = g_steal_pointer(&line->suffix);
	moved->is_in_block = true;
	if (!line->is_in_block)
		g_ptr_array_remove_index(moved->tokens, 0);
	g_clear_pointer(&line->spans, g_array_unref);
	g_ptr_array_add(block->lines, moved);
}

/* What is wanted, by path, until it has been seen to. */
static GTree *wanted_by_path(const ModWanted *wanted, size_t n_wanted)
{
	GTree *tree = g_tree_new_full(text_compare, NULL, NULL, NULL);

	for (size_t i = 0; i < n_wanted; i++)
		g_tree_insert(tree, (gpointer)wanted[i].path, (gpointer)&wanted[i]);
	return tree;
}

/* Gives the first line of each wanted path its version and mark and removes all
 * others. What is seen to leaves `left`. */
static void settle_lines(ModFile *file, GTree *left)
{
	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(file->requires, i);
		const ModWanted *want = g_tree_lookup(left, require->path);

		if (want == NULL) {
			modline_remove(require->node);
			continue;
		}
		set_version(require->node, want->version);
		set_indirect(require->node, want->is_indirect);
		g_tree_remove(left, require->path);
	}
}

static ModNode *add_wanted(ModSyntax *syntax, ModNode *block, const ModWanted *want)
{
	g_autofree char *quoted = modtoken_quote(want->path);
	const Tokens tokens = { "require", quoted, want->version };
	ModNode *line;

	if (block == NULL) {
		line = modline_add(syntax, NULL, tokens);
	} else {
		line = modline_new(tokens, true);
		g_ptr_array_add(block->lines, line);
	}
	set_indirect(line, want->is_indirect);
	return line;
}

static void set_in_one_list(ModFile *file, const ModWanted *wanted, size_t n_wanted)
{
	g_autoptr(GTree) left = wanted_by_path(wanted, n_wanted);

	settle_lines(file, left);
	for (size_t i = 0; i < n_wanted; i++)
		if (g_tree_lookup(left, wanted[i].path) != NULL)
			add_wanted(file->syntax, NULL, &wanted[i]);
}

/* The lines of statement `i` if it is a block; none if it is a line, which stays
 * where it is when its mark changes. */
static GHashTable *lines_of_block(const ModSyntax *syntax, int i)
{
	GHashTable *lines = g_hash_table_new(NULL, NULL);
	const ModNode *node = i >= 0 ? g_ptr_array_index(syntax->nodes, (guint)i) : NULL;

	for (guint l = 0; node != NULL && node->kind == MOD_BLOCK && l < node->lines->len; l++)
		g_hash_table_add(lines, g_ptr_array_index(node->lines, l));
	return lines;
}

/* Whether a block holds a requirement that is now direct, or nothing at all. */
static bool stays_direct(const ModNode *block)
{
	for (guint i = 0; i < block->lines->len; i++) {
		const ModNode *line = g_ptr_array_index(block->lines, i);

		if (line->tokens != NULL && !modfile_is_marked_indirect(line))
			return true;
	}
	return block->lines->len == 0;
}

/* Moves the comments above all require blocks to the two targets. */
static void collect_comments(ModSyntax *syntax, ModNode *direct, ModNode *indirect)
{
	for (guint i = 0; i < syntax->nodes->len; i++) {
		ModNode *node = g_ptr_array_index(syntax->nodes, i);
		ModNode *target;

		if (node == direct || node == indirect || node->kind != MOD_BLOCK ||
		    !modline_is_of(node, "require") || node->before == NULL)
			continue;
		target = stays_direct(node) ? direct : indirect;
		if (target->before != NULL)
			modnode_append(&target->before, "//");
		modline_append_comments(&target->before, node->before);
		g_clear_pointer(&node->before, g_ptr_array_unref);
	}
}

static void set_apart(ModFile *file, const ModWanted *wanted, size_t n_wanted, bool in_two)
{
	g_autoptr(GTree) left = wanted_by_path(wanted, n_wanted);
	Layout layout = find_layout(file->syntax);
	g_autoptr(GHashTable) in_direct = lines_of_block(file->syntax, layout.direct);
	g_autoptr(GHashTable) in_indirect = lines_of_block(file->syntax, layout.indirect);
	bool moves_all =
		in_two || (layout.n == 1 &&
			   !has_comments(g_ptr_array_index(file->syntax->nodes, layout.last)));
	ModNode *direct, *indirect;

	ensure_targets(file->syntax, layout, &direct, &indirect);
	settle_lines(file, left);
	if (in_two)
		collect_comments(file->syntax, direct, indirect);
	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(file->requires, i);
		ModNode *line = require->node;

		if (line->tokens == NULL)
			continue;
		if (modfile_is_marked_indirect(line)) {
			if (moves_all || g_hash_table_contains(in_direct, line))
				move_line(line, indirect);
		} else if (moves_all || g_hash_table_contains(in_indirect, line)) {
			move_line(line, direct);
		}
	}
	for (size_t i = 0; i < n_wanted; i++)
		if (g_tree_lookup(left, wanted[i].path) != NULL)
			add_wanted(file->syntax, wanted[i].is_indirect ? indirect : direct,
				   &wanted[i]);
}

void modrequires_set(ModFile *file, const ModWanted *wanted, size_t n_wanted)
{
	const char *go = file->go != NULL ? file->go : NO_GO_LINE;

	if (goversion_compare(go, FIRST_SEPARATED) < 0)
		set_in_one_list(file, wanted, n_wanted);
	else
		set_apart(file, wanted, n_wanted, goversion_compare(go, FIRST_AT_MOST_TWO) >= 0);
	modedit_finish(file);
}

/* Whether every line of `text` ends in CRLF, and there is one. */
static bool is_crlf(GBytes *text)
{
	gsize length;
	const char *bytes = g_bytes_get_data(text, &length);
	bool is_any = false;

	for (gsize i = 0; i < length; i++) {
		if (bytes[i] != '\n')
			continue;
		if (i == 0 || bytes[i - 1] != '\r')
			return false;
		is_any = true;
	}
	return is_any;
}

static GBytes *to_crlf(GBytes *text)
{
	gsize length;
	const char *bytes = g_bytes_get_data(text, &length);
	GString *result = g_string_sized_new(length + length / 16);

	for (gsize i = 0; i < length; i++) {
		if (bytes[i] == '\n')
			g_string_append_c(result, '\r');
		g_string_append_c(result, bytes[i]);
	}
	return g_string_free_to_bytes(result);
}

/* `written`, which has LF, with the line ends of `text`. The caller's. */
static GBytes *with_ends_of(GBytes *text, GBytes *written)
{
	return is_crlf(text) ? to_crlf(written) : g_bytes_ref(written);
}

static GBytes *write_once(GBytes *text, const char *go, const char *toolchain,
			  const ModWanted *wanted, size_t n_wanted, GError **error)
{
	g_autoptr(ModFile) file = modfile_parse("go.mod", text, MODFILE_MAIN, error);

	if (file == NULL)
		return NULL;
	if (go != NULL && g_strcmp0(file->go, go) != 0)
		modedit_set_go(file, go);
	if (g_strcmp0(file->toolchain, toolchain) != 0)
		modedit_set_toolchain(file, toolchain);
	modrequires_set(file, wanted, n_wanted);
	return modsyntax_print(file->syntax);
}

GBytes *modrequires_write(GBytes *text, const char *go, const char *toolchain,
			  const ModWanted *wanted, size_t n_wanted, GError **error)
{
	g_autoptr(GBytes) written = g_bytes_ref(text);

	for (int i = 0; i < MAX_WRITES; i++) {
		GBytes *next = write_once(written, go, toolchain, wanted, n_wanted, error);
		bool is_stable;

		if (next == NULL)
			return NULL;
		is_stable = g_bytes_equal(next, written);
		g_bytes_unref(written);
		written = next;
		if (is_stable)
			break;
	}
	return with_ends_of(text, written);
}

GBytes *modrequires_bump(GBytes *text, const Bump *bumps, size_t n_bumps, GError **error)
{
	g_autoptr(ModFile) file = modfile_parse("go.mod", text, MODFILE_MAIN, error);
	g_autoptr(GBytes) written = NULL;

	if (file == NULL)
		return NULL;
	for (size_t i = 0; i < n_bumps; i++)
		modedit_require(file, bumps[i].path, bumps[i].version);
	modedit_finish(file);
	written = modsyntax_print(file->syntax);
	return with_ends_of(text, written);
}
