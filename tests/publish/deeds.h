/* SPDX-License-Identifier: MIT */
/* One deed of a forge against a server that answers from a table: what is asked of the
 * server, and what is made of its answers. */
#pragma once

#include "base/secret.h"
#include "base/time.h"
#include "net/http.h"
#include "net/loopback.h"
#include "publish/forges.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define DEED_COMMIT "0123456789abcdef0123456789abcdef01234567"
#define DEED_LONG   "Bumps x.\n<details>\nlong\n</details>\n<!-- m -->\n"

typedef enum {
	OPEN, /* bot/x, which is at DEED_COMMIT, to main */
	UPDATE,
	UPDATE_LONG, /* with a section */
	CLOSE,
	FIND,
	LOOK,
	LIST,
	SAY,
	HEAR, /* on 6 and 9 */
	NOD,  /* at the comment 5 of alice on 6 */
	MAY_PUSH,
	DRESS,
	AUTOMERGE,
	CANCEL_AUTOMERGE,
	OPEN_DRAFT,
	OPEN_LONG, /* with a section */
	DISCOVER,  /* all of acme's */
	LIST_TWICE,
	LIST_THEN_DISCOVER,
	FIND_BOARD,
	READ_BOARD, /* the one that was 3 */
	CHECK,      /* with a dashboard */
} DeedKind;

typedef struct {
	const char *name;
	DeedKind kind;
	Page pages[10];
	/* What came of it, see deed_result(); "KIND: words of the error". Of an error a
	 * part will do. */
	const char *result;
	/* What was asked to change something, "POST /path body" each on a line; NULL:
	 * whatever it was. */
	const char *asked;
} Deed;

typedef struct {
	const Forge *forge;
	Hosted *hosted;
} DeedStage;

static inline const char *deed_kind(const GError *error)
{
	static const char *const kinds[] = {
		[FAILURE_INPUT] = "INPUT",     [FAILURE_CONFIG] = "CONFIG",
		[FAILURE_ABSENT] = "ABSENT",   [FAILURE_DENIED] = "DENIED",
		[FAILURE_BUSY] = "BUSY",       [FAILURE_NET] = "NET",
		[FAILURE_IO] = "IO",           [FAILURE_LIMIT] = "LIMIT",
		[FAILURE_STOPPED] = "STOPPED",
	};

	return kinds[failure_kind(error)];
}

static inline void deed_print(GString *text, const Proposal *proposal)
{
	static const char *const states[] = { "open", "closed", "merged" };

	g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s %s", text->len > 0 ? ", " : "",
			       proposal->number, states[proposal->state], proposal->base);
}

static inline bool deed_open(const DeedStage *stage, DeedKind kind, GString *text, GError **error)
{
	static const char *const openings[] = { "opened", "open before", "nothing to open" };
	g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");
	Opening opening = OPENED;

	proposal->head_commit = g_strdup(DEED_COMMIT);
	proposal->title = g_strdup("Bump x");
	proposal->body = g_strdup("Bumps x.");
	proposal->is_draft = kind == OPEN_DRAFT;
	if (kind == OPEN_LONG) {
		g_free(proposal->body);
		proposal->body = g_strdup(DEED_LONG);
	}
	if (!stage->forge->open(stage->hosted, proposal, &opening, error))
		return false;
	g_string_append(text, openings[opening]);
	if (opening != OPENED_NOT)
		g_string_append_printf(text, " %" G_GINT64_FORMAT, proposal->number);
	return true;
}

static inline bool deed_change(const DeedStage *stage, DeedKind kind, GError **error)
{
	g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");

	proposal->number = 6;
	proposal->title = g_strdup("Bump x");
	proposal->body = g_strdup(kind == UPDATE_LONG ? DEED_LONG : "Bumps x.");
	if (kind == SAY)
		return stage->forge->say(stage->hosted, 6, "text", error);
	return (kind == UPDATE || kind == UPDATE_LONG ? stage->forge->update : stage->forge->close)(
		stage->hosted, proposal, error);
}

static inline bool deed_search(const DeedStage *stage, DeedKind kind, GString *text, GError **error)
{
	g_autoptr(Proposal) found = NULL;

	if (!(kind == FIND ? stage->forge->find(stage->hosted, "bot/x", "main", &found, error)
			   : stage->forge->look(stage->hosted, 6, &found, error)))
		return false;
	if (found != NULL)
		deed_print(text, found);
	else
		g_string_append(text, "none");
	return true;
}

static inline bool deed_list(const DeedStage *stage, GString *text, GError **error)
{
	g_autoptr(GPtrArray) all = stage->forge->list(stage->hosted, error);

	for (guint i = 0; all != NULL && i < all->len; i++)
		deed_print(text, g_ptr_array_index(all, i));
	return all != NULL;
}

static inline bool deed_hear(const DeedStage *stage, GString *text, GError **error)
{
	g_autoptr(GPtrArray) proposals = proposals_new(), comments = NULL;
	int64_t last_at = 0;
	char last[32];

	for (int number = 6; number <= 9; number += 3) {
		g_ptr_array_add(proposals, proposal_new("bot/x", "main"));
		((Proposal *)g_ptr_array_index(proposals, proposals->len - 1))->number = number;
	}
	comments = stage->forge->hear(stage->hosted, proposals, 1767225600, &last_at, error);
	for (guint i = 0; comments != NULL && i < comments->len; i++) {
		const Comment *comment = g_ptr_array_index(comments, i);

		g_string_append_printf(text, "%s%s on %" G_GINT64_FORMAT ": %s%s%s",
				       text->len > 0 ? ", " : "", comment->author, comment->number,
				       comment->body, comment->is_edited ? " (edited)" : "",
				       comment->is_bot ? " (bot)" : "");
	}
	time_text(last_at, last, sizeof last);
	g_string_append_printf(text, "; the last %s", last);
	return comments != NULL;
}

static inline bool deed_person(const DeedStage *stage, DeedKind kind, GString *text, GError **error)
{
	Comment comment = { .id = 5, .number = 6, .author = (char *)"alice", .author_id = 3 };
	bool may = false;

	if (kind == NOD)
		return stage->forge->nod(stage->hosted, &comment, error);
	if (!stage->forge->may_push(stage->hosted, &comment, &may, error))
		return false;
	g_string_append(text, may ? "may" : "may not");
	return true;
}

static inline GPtrArray *deed_names(const char *first, const char *second)
{
	GPtrArray *names = g_ptr_array_new();

	g_ptr_array_add(names, (char *)first);
	if (second != NULL)
		g_ptr_array_add(names, (char *)second);
	return names;
}

static inline bool deed_dress(const DeedStage *stage, GString *text, GError **error)
{
	g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");
	g_autoptr(GPtrArray) labels = deed_names("dependencies", "docker");
	g_autoptr(GPtrArray) assignees = deed_names("alice", "ghost");
	g_autoptr(GPtrArray) reviewers = deed_names("alice", "acme/team");
	Dress dress = { labels, assignees, reviewers, 4 };

	proposal->number = 6;
	return stage->forge->dress(stage->hosted, proposal, &dress, text, error);
}

static inline bool deed_automerge(const DeedStage *stage, DeedKind kind, GString *text,
				  GError **error)
{
	g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");

	proposal->number = 6;
	proposal->head_commit = g_strdup("abc");
	return kind == AUTOMERGE ? stage->forge->automerge(stage->hosted, proposal, text, error)
				 : stage->forge->cancel_automerge(stage->hosted, 6, text, error);
}

static inline bool deed_discover(const DeedStage *stage, GString *text, GError **error)
{
	g_autoptr(GPtrArray) urls = NULL;

	urls = stage->forge->discover(stage->hosted, error);
	for (guint i = 0; urls != NULL && i < urls->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
				       strrchr(g_ptr_array_index(urls, i), '/') + 1);
	return urls != NULL;
}

static inline bool deed_list_twice(const DeedStage *stage, GString *text, GError **error)
{
	return deed_list(stage, text, error) && deed_list(stage, text, error);
}

/* What the answer to one says bears on the other. */
static inline bool deed_list_then_discover(const DeedStage *stage, GString *text, GError **error)
{
	return deed_list(stage, text, error) && deed_discover(stage, text, error);
}

static inline bool deed_board(const DeedStage *stage, DeedKind kind, GString *text, GError **error)
{
	g_auto(Board) board = { .number = kind == READ_BOARD ? 3 : 0 };

	if (!stage->forge->read_board(stage->hosted, &board, error))
		return false;
	g_string_append_printf(text, "%" G_GINT64_FORMAT "%s", board.number,
			       board.is_open ? " open" : "");
	return true;
}

/* The rights that are there, then those that are missing with what is said of them. */
static inline bool deed_check(const DeedStage *stage, GString *text, GError **error)
{
	g_autoptr(Standing) standing = standing_new();

	if (!stage->forge->check(stage->hosted, standing, error))
		return false;
	g_string_append_printf(text, "%s", standing->account != NULL ? standing->account : "?");
	for (guint i = 0; i < standing->rights->len; i++) {
		const Right *right = g_ptr_array_index(standing->rights, i);

		g_string_append_printf(text, "\n%s %s%s%s", right->is_granted ? "+" : "-",
				       right->what, right->is_granted ? "" : ": ",
				       right->why != NULL ? right->why : "");
	}
	for (guint i = 0; i < standing->remarks->len; i++)
		g_string_append_printf(text, "\n* %s",
				       (char *)g_ptr_array_index(standing->remarks, i));
	return true;
}

static inline char *deed_result(const DeedStage *stage, DeedKind kind)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	bool is_good = kind == OPEN || kind == OPEN_DRAFT || kind == OPEN_LONG
			       ? deed_open(stage, kind, text, &error)
		       : kind == AUTOMERGE || kind == CANCEL_AUTOMERGE
			       ? deed_automerge(stage, kind, text, &error)
		       : kind == FIND || kind == LOOK    ? deed_search(stage, kind, text, &error)
		       : kind == LIST                    ? deed_list(stage, text, &error)
		       : kind == HEAR                    ? deed_hear(stage, text, &error)
		       : kind == NOD || kind == MAY_PUSH ? deed_person(stage, kind, text, &error)
		       : kind == DRESS                   ? deed_dress(stage, text, &error)
		       : kind == DISCOVER                ? deed_discover(stage, text, &error)
		       : kind == LIST_TWICE              ? deed_list_twice(stage, text, &error)
		       : kind == LIST_THEN_DISCOVER ? deed_list_then_discover(stage, text, &error)
		       : kind == CHECK              ? deed_check(stage, text, &error)
		       : kind == FIND_BOARD || kind == READ_BOARD
			       ? deed_board(stage, kind, text, &error)
			       : deed_change(stage, kind, &error);

	g_assert_true(is_good == (error == NULL));
	return is_good ? g_strdup(text->str)
		       : g_strdup_printf("%s: %s", deed_kind(error), error->message);
}

/* Everything but GET, as in Deed.asked. */
static inline char *deed_changes(const Loopback *server)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < server->requests->len; i++) {
		const char *request = g_ptr_array_index(server->requests, i);
		const char *body = strstr(request, "\r\n\r\n") + 4;
		g_auto(GStrv) words = g_strsplit(request, " ", 3);

		if (strcmp(words[0], "GET") != 0)
			g_string_append_printf(text, "%s%s %s %s", text->len > 0 ? "\n" : "",
					       words[0], words[1], body);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* As tests/publish/NAME_test.c runs each of its rows. */
static inline void deed_run(const Forge *forge, const Deed *row)
{
	g_autoptr(Loopback) server = loopback_new(row->pages);
	HttpOptions options = { .backoff_ms = 1 };
	g_autoptr(Http) http = http_new(&options, NULL, 1790000000);
	World world = { .http = http, .now = 1790000000 };
	g_autofree char *url = g_strconcat(server->origin, "/acme",
					   row->kind == DISCOVER ? "" : "/shop.git", NULL);
	g_autoptr(Secret) secret = secret_new("s3cr3t-t0ken", 12);
	Credential credential = { .host = server->origin, .secret = secret };
	Repository repository = { .url = url,
				  .credential = &credential,
				  .discover = row->kind == DISCOVER,
				  .has_dashboard = row->kind == CHECK };
	g_autoptr(Hosted) hosted = forge->begin(&world, &repository, NULL);
	DeedStage stage = { forge, hosted };
	g_autofree char *result = deed_result(&stage, row->kind);
	g_autofree char *asked = deed_changes(server);
	const char *words = row->result;

	while (g_ascii_isupper(*words))
		words++;
	if (words > row->result && g_str_has_prefix(words, ": ") &&
	    strncmp(result, row->result, (size_t)(words - row->result) + 2) == 0 &&
	    strstr(result, words + 2) != NULL)
		g_test_message("%s", result);
	else
		g_assert_cmpstr(result, ==, row->result);
	if (row->asked != NULL)
		g_assert_cmpstr(asked, ==, row->asked);
}

#define DEEDS_ADD(forge, rows, function)                                                  \
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {                                 \
		g_autofree char *path =                                                   \
			g_strdup_printf("/publish/%s/%s", (forge)->name, (rows)[i].name); \
                                                                                          \
		g_test_add_data_func(path, &(rows)[i], function);                         \
	}
