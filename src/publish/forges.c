/* SPDX-License-Identifier: MIT */
#include "publish/forges.h"

#include <string.h>

const Forge *const forges[] = { &forge_github, &forge_gitlab, &forge_gitlab_push,
				&forge_gitea,  &forge_agit,   &forge_plain,
				NULL };

const Forge *forge_by_name(const char *name)
{
	if (strcmp(name, "forgejo") == 0)
		return &forge_gitea;
	for (const Forge *const *forge = forges; *forge != NULL; forge++)
		if (strcmp((*forge)->name, name) == 0)
			return *forge;
	return NULL;
}

Proposal *proposal_new(const char *head, const char *base)
{
	Proposal *proposal = g_new0(Proposal, 1);

	proposal->head = g_strdup(head);
	proposal->base = g_strdup(base);
	proposal->labels = g_ptr_array_new_with_free_func(g_free);
	return proposal;
}

static void proposal_clear(Proposal *proposal)
{
	g_free(proposal->head);
	g_free(proposal->base);
	g_free(proposal->head_commit);
	g_free(proposal->title);
	g_free(proposal->body);
	g_free(proposal->url);
	g_free(proposal->author);
	g_ptr_array_unref(proposal->labels);
}

void proposal_free(Proposal *proposal)
{
	if (proposal == NULL)
		return;
	proposal_clear(proposal);
	g_free(proposal);
}

GPtrArray *proposals_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)proposal_free);
}

void proposal_take_over(Proposal *proposal, Proposal *known)
{
	proposal_clear(proposal);
	*proposal = *known;
	g_free(known);
}

void board_clear(Board *board)
{
	g_clear_pointer(&board->body, g_free);
}

void comment_free(Comment *comment)
{
	if (comment == NULL)
		return;
	g_free(comment->author);
	g_free(comment->body);
	g_free(comment);
}

GPtrArray *comments_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)comment_free);
}

static void right_free(void *data)
{
	Right *right = data;

	g_free(right->why);
	g_free(right);
}

Standing *standing_new(void)
{
	Standing *standing = g_new0(Standing, 1);

	standing->rights = g_ptr_array_new_with_free_func(right_free);
	standing->remarks = g_ptr_array_new_with_free_func(g_free);
	return standing;
}

void standing_free(Standing *standing)
{
	if (standing == NULL)
		return;
	g_free(standing->account);
	g_ptr_array_unref(standing->rights);
	g_ptr_array_unref(standing->remarks);
	g_free(standing->advice);
	g_free(standing);
}

void standing_add(Standing *standing, const char *what, const char *why)
{
	Right *right = g_new0(Right, 1);

	right->what = what;
	right->is_granted = why == NULL;
	right->why = g_strdup(why);
	g_ptr_array_add(standing->rights, right);
}
