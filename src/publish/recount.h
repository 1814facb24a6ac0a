/* SPDX-License-Identifier: MIT */
/* Reading the past of a source repository from its forge: releases, change log, commits.
 *
 * Every answer is a stranger's and bounded. What a repository does not have is left
 * out and is no error; what could not be asked for is one. A forge that grants few
 * requests is left alone before they are used up, others need them, until it grants more:
 * the store keeps that.
 * Source: pull-requests.md 6; forges.md 1.4, 1.5, 3.2, 4.2, 5.2.
 */
#pragma once

#include "publish/api.h"
#include "publish/history.h"
#include "publish/section.h"

/* Who may see a repository: what is told of it belongs in no more visible place. */
typedef enum { SEEN_BY_ALL, SEEN_BY_USERS, SEEN_BY_MEMBERS } Visibility;

typedef struct {
	Api api;
	const char *forge;  /* Forge.name; borrowed */
	char *page;         /* Home.page */
	int64_t ends_at_us; /* g_get_monotonic_time() after which nothing more is asked */
} Recount;

/* `source` is a repository by the URL at which its forge can be asked; its credential
 * goes along. Errors: CONFIG if its forge cannot be asked, or the URL is none. */
bool recount_init(Recount *recount, World *w, const Repository *source, const char *page,
		  int64_t ends_at_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void recount_clear(Recount *recount);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Recount, recount_clear)

/* Errors, of all below: NET, BUSY: another time; ABSENT, DENIED, INPUT: there is nothing
 * to be had; LIMIT. */
bool recount_visibility(Recount *recount, Visibility *visibility, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* `directory` is Home.directory: a change log may lie there. */
History *recount_history(Recount *recount, const char *directory, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The file at `path` as it was at `revision`; NULL and no error: there is none, or it is
 * no text. The caller's. */
bool recount_file(Recount *recount, const char *path, const char *revision, char **text,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was committed between two revisions, as the text of a section; `*text` NULL: they
 * cannot be compared. */
bool recount_commits(Recount *recount, const char *from, const char *to, char **text,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
