/* SPDX-License-Identifier: MIT */
/* The dashboard: one issue of a repository that says what is open, held, limited and
 * failed, with boxes that people check to ask for one now.
 *
 * Its text is made and read here, purely; where it lies is found and changed by the
 * same requests on all forges. It is known by its mark and by who opened it.
 * Source: pull-requests.md 14, 16.
 */
#pragma once

#include "publish/api.h"

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
typedef struct {
	Api *api;
	const char *number, *body; /* keys: "number", "body"; "iid", "description" */
	HttpMethod change;
} BoardHome;

/* Our login, as it stands in a query, for a list of our own issues; NULL if we do not
 * know who we are. An App has no user: it knows its dashboard by the number alone. The
 * caller's. */
char *board_login(Api *api);

/* As Forge.read_board and Forge.write_board. `list` is the path of our open issues, for
 * a board without a number; NULL: it is not looked for. */
bool board_read(const BoardHome *home, const char *list, Board *board, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool board_write(const BoardHome *home, Board *board, const char *body, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
