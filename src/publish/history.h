/* SPDX-License-Identifier: MIT */
/* What a source repository tells of its own past, and what of that is about an update.
 *
 * A History is learnt once, kept, and serves every update of whatever repository:
 * all that depends on the versions at hand is found by the pure functions below.
 * Source: pull-requests.md 6.2; dependabot-core, release_finder.rb.
 */
#pragma once

#include "base/json.h"
#include "upkeepd/plan.h"

/* One release, as its forge shows it. */
typedef struct {
	char *tag, *name, *text; /* name and text may be empty */
} Announcement;

/* A file of the default branch. */
typedef struct {
	char *path, *text; /* NULL: there is none */
} HistoryFile;

typedef struct {
	char *forge, *page;       /* Forge.name, Home.page */
	char *branch;             /* the default one; NULL: not known */
	GPtrArray *announcements; /* of Announcement, as the forge has them: newest first */
	HistoryFile changelog, guide;
} History;

History *history_new(const char *forge, const char *page);
void history_free(History *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_free)

/* NULLs become empty. */
void history_announce(History *history, const char *tag, const char *name, const char *text);

/* To be kept, and back. Errors: NET if `json` is none of ours. */
Json *history_json(const History *history);
History *history_read(const Json *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Less than, equal to or greater than zero, as version `a` is older than `b`. Numbers
 * count by value, whatever their length; what has letters is before what has not. Total. */
int history_order(const char *a, const char *b);

/* What the releases after home->from_version up to home->to_version say, newest first,
 * as one text of Markdown; NULL where they say nothing. Of a repository with the
 * releases of many things those are meant that are named like the new one. The
 * caller's. */
char *history_notes(const History *history, const Home *home);

/* The tag of the release called `version`, among those of the home's kind; NULL: there
 * is none. Borrowed. */
const char *history_tag(const History *history, const Home *home, const char *version);
