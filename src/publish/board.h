/* SPDX-License-Identifier: MIT */
/* The dashboard: one issue of a repository that says what is open, held, limited and
 * failed, with boxes that people check to ask for one now.
 *
 * Its text is made and read here, purely; where it lies is found and changed by the
 * same requests on all forges. It is known by its mark and by who opened it.
 * Source: pull-requests.md 14, 16.
 */
#pragma once

#include "publish/hosted.h"

#define BOARD_TITLE "Dependency dashboard"

/* One line of a part. */
typedef struct {
	char *key;  /* the update key, for the box; NULL: there is none */
	char *text; /* Markdown, one line */
} BoardLine;

typedef struct {
	GPtrArray *parts[4]; /* of BoardLine: open, held, limited, failed */
} BoardText;

enum { BOARD_OPEN, BOARD_HELD, BOARD_LIMITED, BOARD_FAILED };

void board_text_begin(BoardText *text);
void board_text_clear(BoardText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BoardText, board_text_clear)

/* Adds a line; both are copied. */
void board_text_add(BoardText *text, int part, const char *key, const char *line);

/* The body, within `max_bytes`; the caller's. */
char *board_print(const BoardText *text, size_t max_bytes);

/* The keys whose boxes are checked, each once; the caller's. */
GTree *board_checked(const char *body);

/* How one forge keeps issues. */
typedef struct BoardHome {
	const char *body; /* key: "body", "description" */
	HttpMethod change;
	/* The path of our open issues as far as the forge can tell, the caller's; who we
	 * are is learnt, but where the list is of ours for sure. */
	char *(*list)(Hosted *hosted, GError **error)G_GNUC_WARN_UNUSED_RESULT;
	/* Where the issue of this number is found, the caller's; a list has it only if it is
	 * ours. NULL: below "/issues/". */
	char *(*one)(const Hosted *hosted, int64_t number);
} BoardHome;

/* Adds to `standing` whether the token is good enough to keep one. */
bool board_check(Hosted *hosted, Standing *standing, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Forge.read_board and Forge.write_board. */
bool board_read(Hosted *hosted, Board *board, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool board_write(Hosted *hosted, Board *board, const char *body, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
