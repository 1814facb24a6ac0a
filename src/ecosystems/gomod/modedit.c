/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modedit.h"

#include "base/text.h"
#include "ecosystems/gomod/modline.h"
#include "ecosystems/gomod/modtoken.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

#define FIRST_EXCLUDE_SEMVER "v1.21" /* go lines from here on sort `exclude` by version */

void modedit_require(ModFile *file, const char *path, const char *version)
{
	g_autofree char *quoted = modtoken_quote(path);
	const Tokens tokens = { "require", quoted, version };
	bool is_set = false;

	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(file->requires, i);

		if (strcmp(require->path, path) != 0)
			continue;
		if (is_set)
			modline_remove(require->node);
		else
			modline_update(require->node, tokens);
		is_set = true;
	}
	if (!is_set)
		modline_add(file->syntax, NULL, tokens);
	modfile_reread(file);
}

void modedit_drop_require(ModFile *file, const char *path)
{
	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(file->requires, i);

		if (strcmp(require->path, path) == 0)
			modline_remove(require->node);
	}
	modfile_reread(file);
}

/* Go looks for a place by the verb only where it has a hint, or means to have
 * none; its `exclude` and `replace` end up last otherwise (a nil pointer in an
 * interface is no nil), and so do ours. */
static void add_beside(ModSyntax *syntax, const ModNode *hint, const char *const *tokens)
{
	if (hint != NULL)
		modline_add(syntax, hint, tokens);
	else
		modline_add_last(syntax, tokens);
}

void modedit_exclude(ModFile *file, const char *path, const char *version)
{
	g_autofree char *quoted = modtoken_quote(path);
	const Tokens tokens = { "exclude", quoted, version };
	const ModNode *hint = NULL;

	if (modfile_excludes(file, path, version))
		return;
	for (guint i = 0; i < file->excludes->len; i++) {
		const ModRequire *exclude = g_ptr_array_index(file->excludes, i);

		if (strcmp(exclude->path, path) == 0)
			hint = exclude->node;
	}
	add_beside(file->syntax, hint, tokens);
	modfile_reread(file);
}

void modedit_drop_exclude(ModFile *file, const char *path, const char *version)
{
	for (guint i = 0; i < file->excludes->len; i++) {
		const ModRequire *exclude = g_ptr_array_index(file->excludes, i);

		if (strcmp(exclude->path, path) == 0 && strcmp(exclude->version, version) == 0)
			modline_remove(exclude->node);
	}
	modfile_reread(file);
}

void modedit_replace(ModFile *file, const char *old_path, const char *old_version,
		     const char *new_path, const char *new_version)
{
	g_autofree char *old_quoted = modtoken_quote(old_path);
	g_autofree char *new_quoted = modtoken_quote(new_path);
	Tokens tokens = { "replace", old_quoted };
	size_t n = 2;
	const ModNode *hint = NULL;
	bool is_set = false;

	if (old_version != NULL)
		tokens[n++] = old_version;
	tokens[n++] = "=>";
	tokens[n++] = new_quoted;
	tokens[n] = new_version;
	for (guint i = 0; i < file->replaces->len; i++) {
		const ModReplace *replace = g_ptr_array_index(file->replaces, i);

		if (strcmp(replace->old_path, old_path) != 0)
			continue;
		hint = replace->node;
		if (old_version != NULL && g_strcmp0(replace->old_version, old_version) != 0)
			continue;
		if (is_set)
			modline_remove(replace->node);
		else
			modline_update(replace->node, tokens);
		is_set = true;
	}
	if (!is_set)
		add_beside(file->syntax, hint, tokens);
	modfile_reread(file);
}

void modedit_drop_replace(ModFile *file, const char *old_path, const char *old_version)
{
	for (guint i = 0; i < file->replaces->len; i++) {
		const ModReplace *replace = g_ptr_array_index(file->replaces, i);

		if (strcmp(replace->old_path, old_path) == 0 &&
		    g_strcmp0(replace->old_version, old_version) == 0)
			modline_remove(replace->node);
	}
	modfile_reread(file);
}

void modedit_retract(ModFile *file, const char *low, const char *high)
{
	const Tokens one = { "retract", low };
	const Tokens several = { "retract", "[", low, ",", high, "]" };

	modline_add(file->syntax, NULL, strcmp(low, high) == 0 ? one : several);
	modfile_reread(file);
}

void modedit_set_go(ModFile *file, const char *version)
{
	const Tokens tokens = { "go", version };

	if (file->go_node != NULL && version == NULL)
		modline_remove(file->go_node);
	else if (file->go_node != NULL)
		modline_update(file->go_node, tokens);
	else if (version != NULL)
		modline_add(file->syntax, file->module_node, tokens);
	modfile_reread(file);
}

void modedit_set_toolchain(ModFile *file, const char *name)
{
	const Tokens tokens = { "toolchain", name };
	const ModNode *hint = file->go_node != NULL ? file->go_node : file->module_node;

	if (file->toolchain_node != NULL && name == NULL)
		modline_remove(file->toolchain_node);
	else if (file->toolchain_node != NULL)
		modline_update(file->toolchain_node, tokens);
	else if (name != NULL)
		modline_add(file->syntax, hint, tokens);
	modfile_reread(file);
}

/* Removes `line` if `key` has been seen; takes the key. */
static void keep_first(GTree *seen, char *key, ModNode *line)
{
	if (g_tree_lookup(seen, key) != NULL) {
		modline_remove(line);
		g_free(key);
		return;
	}
	g_tree_insert(seen, key, line);
}

void modedit_drop_duplicates(ModFile *file)
{
	g_autoptr(GTree) seen = g_tree_new_full(text_compare, NULL, g_free, NULL);

	for (guint i = 0; i < file->excludes->len; i++) {
		const ModRequire *exclude = g_ptr_array_index(file->excludes, i);

		keep_first(seen, g_strdup_printf("exclude %s %s", exclude->path, exclude->version),
			   exclude->node);
	}
	for (guint i = file->replaces->len; i > 0; i--) { /* the last one wins */
		const ModReplace *replace = g_ptr_array_index(file->replaces, i - 1);
		const char *version = replace->old_version != NULL ? replace->old_version : "";

		keep_first(seen, g_strdup_printf("replace %s %s", replace->old_path, version),
			   replace->node);
	}
	for (guint i = 0; i < file->tools->len; i++) {
		const ModPath *tool = g_ptr_array_index(file->tools, i);

		keep_first(seen, g_strconcat("tool ", tool->path, NULL), tool->node);
	}
	for (guint i = 0; i < file->ignores->len; i++) {
		const ModPath *ignored = g_ptr_array_index(file->ignores, i);

		keep_first(seen, g_strconcat("ignore ", ignored->path, NULL), ignored->node);
	}
	modfile_reread(file);
}

static gint compare_lines(gconstpointer x, gconstpointer y)
{
	const ModNode *a = *(const ModNode *const *)x, *b = *(const ModNode *const *)y;

	for (guint i = 0; i < modline_count(a) && i < modline_count(b); i++) {
		int order = strcmp(modnode_token(a, i), modnode_token(b, i));

		if (order != 0)
			return order;
	}
	return (modline_count(a) > modline_count(b)) - (modline_count(a) < modline_count(b));
}

static gint compare_excludes(gconstpointer x, gconstpointer y)
{
	const ModNode *a = *(const ModNode *const *)x, *b = *(const ModNode *const *)y;
	int order;

	if (modline_count(a) != 2 || modline_count(b) != 2)
		return compare_lines(x, y);
	order = strcmp(modnode_token(a, 0), modnode_token(b, 0));
	return order != 0 ? order : version_compare(modnode_token(a, 1), modnode_token(b, 1));
}

/* The bounds of a `retract` line; empty text, which is no version, for others. */
static void interval_of(const ModNode *line, const char **low, const char **high)
{
	*low = *high = "";
	if (modline_count(line) == 1) {
		*low = *high = modnode_token(line, 0);
	} else if (modline_count(line) == 5 && strcmp(modnode_token(line, 0), "[") == 0) {
		*low = modnode_token(line, 1);
		*high = modnode_token(line, 3);
	}
}

static gint compare_retracts(gconstpointer x, gconstpointer y)
{
	const char *a_low, *a_high, *b_low, *b_high;
	int order;

	interval_of(*(const ModNode *const *)x, &a_low, &a_high);
	interval_of(*(const ModNode *const *)y, &b_low, &b_high);
	order = version_compare(b_low, a_low);
	return order != 0 ? order : version_compare(b_high, a_high);
}

static void sort_blocks(ModFile *file)
{
	g_autofree char *go = g_strconcat("v", file->go, NULL);
	bool sorts_excludes = version_compare(go, FIRST_EXCLUDE_SEMVER) >= 0;

	for (guint i = 0; i < file->syntax->nodes->len; i++) {
		ModNode *block = g_ptr_array_index(file->syntax->nodes, i);

		if (block->kind != MOD_BLOCK)
			continue;
		if (modline_is_of(block, "retract")) /* GLib's sort is stable */
			g_ptr_array_sort(block->lines, compare_retracts);
		else if (modline_is_of(block, "exclude") && sorts_excludes)
			g_ptr_array_sort(block->lines, compare_excludes);
		else
			g_ptr_array_sort(block->lines, compare_lines);
	}
}

void modedit_finish(ModFile *file)
{
	modfile_reread(file);
	modedit_drop_duplicates(file);
	sort_blocks(file);
	modline_clean_up(file->syntax);
	modfile_reread(file);
}
