/* SPDX-License-Identifier: MIT */
#include "git/refs.h"

#include "base/text.h"
#include "git/cleanup.h"
#include "upkeepd/limits.h"

#include <string.h>

#define HEADS "refs/heads/"
#define TAGS  "refs/tags/"

RefQuery *ref_query_new(void)
{
	RefQuery *query = g_new0(RefQuery, 1);

	query->branches = g_tree_new_full(text_compare, NULL, g_free, NULL);
	query->prefixes = g_tree_new_full(text_compare, NULL, g_free, NULL);
	query->own = g_tree_new_full(text_compare, NULL, g_free, NULL);
	return query;
}

void ref_query_free(RefQuery *query)
{
	if (query == NULL)
		return;
	g_tree_unref(query->branches);
	g_tree_unref(query->prefixes);
	g_tree_unref(query->own);
	g_free(query);
}

bool refs_is_branch(const char *name)
{
	g_autofree char *full = g_strconcat(HEADS, name, NULL);
	int is_valid = 0;

	return strlen(name) <= LIMIT_BRANCH && *name != '-' && g_utf8_validate(name, -1, NULL) &&
	       git_reference_name_is_valid(&is_valid, full) == 0 && is_valid;
}

static bool add_name(GTree *names, const char *branch, GError **error)
{
	if (!refs_is_branch(branch))
		return fail(error, FAILURE_CONFIG, "'%s' cannot be a branch", branch);
	text_add(names, g_strdup(branch));
	return true;
}

bool ref_query_add_branch(RefQuery *query, const char *branch, GError **error)
{
	return add_name(query->branches, branch, error);
}

bool ref_query_add_own(RefQuery *query, const char *branch, GError **error)
{
	return add_name(query->own, branch, error);
}

bool ref_query_add_prefix(RefQuery *query, const char *prefix, GError **error)
{
	g_autofree char *example = g_strconcat(prefix, "x", NULL);
	size_t length = strlen(prefix);

	if (length < 2 || strchr("/-_", prefix[length - 1]) == NULL || !refs_is_branch(example))
		return fail(error, FAILURE_CONFIG, "branches cannot begin with '%s'", prefix);
	text_add(query->prefixes, g_strdup(prefix));
	return true;
}

Refs *refs_new(void)
{
	Refs *refs = g_new0(Refs, 1);

	refs->tips = g_tree_new_full(text_compare, NULL, g_free, g_free);
	refs->tags = g_tree_new_full(text_compare, NULL, g_free, g_free);
	return refs;
}

void refs_free(Refs *refs)
{
	if (refs == NULL)
		return;
	g_free(refs->default_branch);
	g_free(refs->head);
	g_tree_unref(refs->tips);
	g_tree_unref(refs->tags);
	g_free(refs);
}

typedef struct {
	const char *branch;
	bool is_ours;
} PrefixSearch;

static gboolean search_prefix(void *prefix, void *unused, void *data)
{
	PrefixSearch *search = data;

	(void)unused;
	search->is_ours = g_str_has_prefix(search->branch, prefix);
	return search->is_ours;
}

static bool is_claimed(const RefQuery *query, const char *branch)
{
	PrefixSearch search = { branch, g_tree_lookup(query->own, branch) != NULL };

	if (!search.is_ours)
		g_tree_foreach(query->prefixes, search_prefix, &search);
	return search.is_ours;
}

/* A branch that is called as a folder of ours ("upkeepd") makes ours impossible,
 * and is worth knowing of. */
static bool is_in_the_way(const RefQuery *query, const char *branch)
{
	g_autofree char *folder = g_strconcat(branch, "/", NULL);

	return g_tree_lookup(query->prefixes, folder) != NULL;
}

static bool note_tag(Refs *refs, const char *name, const char *id, GError **error)
{
	g_autofree char *tag = g_strdup(name + strlen(TAGS));

	if (g_str_has_suffix(tag, "^{}"))
		tag[strlen(tag) - strlen("^{}")] = '\0';
	if (!refs_is_branch(tag)) /* names of tags obey the same rules */
		return true;
	if (g_tree_nnodes(refs->tags) >= LIMIT_VERSIONS)
		return fail(error, FAILURE_LIMIT, "more than %d tags", LIMIT_VERSIONS);
	g_tree_insert(refs->tags, g_steal_pointer(&tag), g_strdup(id));
	return true;
}

bool refs_note(Refs *refs, const RefQuery *query, const char *name, const char *id,
	       const char *target, GError **error)
{
	const char *branch;

	if (strcmp(name, "HEAD") == 0) {
		g_free(refs->head);
		refs->head = g_strdup(id);
		g_free(refs->default_branch);
		refs->default_branch = NULL;
		if (target != NULL && g_str_has_prefix(target, HEADS) &&
		    refs_is_branch(target + strlen(HEADS))) {
			refs->default_branch = g_strdup(target + strlen(HEADS));
			g_tree_insert(refs->tips, g_strdup(refs->default_branch), g_strdup(id));
		}
		return true;
	}
	if (query->wants_tags && g_str_has_prefix(name, TAGS))
		return note_tag(refs, name, id, error);
	if (!g_str_has_prefix(name, HEADS))
		return true;
	branch = name + strlen(HEADS);
	if ((!query->is_everything && g_tree_lookup(query->branches, branch) == NULL &&
	     !is_claimed(query, branch) && !is_in_the_way(query, branch)) ||
	    !refs_is_branch(branch))
		return true;
	if (g_tree_nnodes(refs->tips) >= LIMIT_REFS)
		return fail(error, FAILURE_LIMIT, "more than %d branches of ours", LIMIT_REFS);
	g_tree_insert(refs->tips, g_strdup(branch), g_strdup(id));
	return true;
}

bool refs_is_base(const Refs *refs, const RefQuery *query, const char *branch)
{
	return g_strcmp0(branch, refs->default_branch) == 0 ||
	       g_tree_lookup(query->branches, branch) != NULL;
}

bool refs_is_ours(const Refs *refs, const RefQuery *query, const char *branch)
{
	return is_claimed(query, branch) && !refs_is_base(refs, query, branch);
}

bool refs_check_ours(const Refs *refs, const RefQuery *query, const char *branch, GError **error)
{
	if (!refs_is_branch(branch))
		return fail(error, FAILURE_CONFIG, "'%s' cannot be a branch", branch);
	if (!is_claimed(query, branch))
		return fail(error, FAILURE_CONFIG, "'%s' is not a branch of ours", branch);
	if (refs_is_base(refs, query, branch))
		return fail(error, FAILURE_CONFIG, "'%s' is a base branch", branch);
	return true;
}
