/* SPDX-License-Identifier: MIT */
#include "publish/board.h"

#include "base/text.h"
#include "publish/conversation.h"

#include <string.h>

#define MARK "<!-- upkeepd:dashboard -->"
#define BOX  "] <!-- key="

enum { LIMIT_CHECKED = 100, LIMIT_KEY = 1000 };

static const char *const headings[] = { "Open", "Held", "Limited", "Failed" };
static const char introduction[] =
	"What upkeepd finds to update here. Check a box to have that update proposed at the next "
	"look, whatever holds it back.\n";
static const char nothing[] = "\nThere is nothing to update.\n";
static const char more[] = "- and more\n";

static void line_free(void *data)
{
	BoardLine *line = data;

	g_free(line->key);
	g_free(line->text);
	g_free(line);
}

void board_text_begin(BoardText *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(text->parts); i++)
		text->parts[i] = g_ptr_array_new_with_free_func(line_free);
}

void board_text_clear(BoardText *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(text->parts); i++)
		g_clear_pointer(&text->parts[i], g_ptr_array_unref);
}

void board_text_add(BoardText *text, int part, const char *key, const char *line)
{
	BoardLine *one = g_new0(BoardLine, 1);

	one->key = g_strdup(key);
	one->text = g_strdup(line);
	g_ptr_array_add(text->parts[part], one);
}

char *board_print(const BoardText *text, size_t max_bytes)
{
	g_autoptr(GString) body = g_string_new(introduction);
	size_t room = max_bytes - strlen(MARK) - strlen(more) - 2;
	bool is_any = false, is_full = false;

	for (size_t i = 0; i < G_N_ELEMENTS(text->parts) && !is_full; i++) {
		if (text->parts[i]->len > 0)
			g_string_append_printf(body, "\n### %s\n\n", headings[i]);
		for (guint k = 0; k < text->parts[i]->len && !is_full; k++) {
			const BoardLine *line = g_ptr_array_index(text->parts[i], k);
			g_autofree char *written =
				line->key != NULL ? g_strdup_printf("- [ " BOX "%s --> %s\n",
								    line->key, line->text)
						  : g_strdup_printf("- %s\n", line->text);

			is_any = true;
			is_full = body->len + strlen(written) > room;
			g_string_append(body, is_full ? more : written);
		}
	}
	if (!is_any)
		g_string_append(body, nothing);
	g_string_append(body, "\n" MARK);
	return g_strdup(body->str);
}

GTree *board_checked(const char *body)
{
	GTree *keys = g_tree_new_full(text_compare, NULL, g_free, NULL);
	g_auto(GStrv) lines = g_strsplit(body, "\n", -1);

	for (char **line = lines; *line != NULL && g_tree_nnodes(keys) < LIMIT_CHECKED; line++) {
		const char *p = *line, *end;

		if (!g_str_has_prefix(p, "- [x" BOX) && !g_str_has_prefix(p, "- [X" BOX))
			continue;
		p += strlen("- [x" BOX);
		end = strstr(p, " -->");
		if (end != NULL && end > p && end - p <= LIMIT_KEY)
			text_add(keys, g_strndup(p, (gsize)(end - p)));
	}
	return keys;
}

static bool is_open(const Json *issue)
{
	return g_str_has_prefix(
		json_string(issue, "state") != NULL ? json_string(issue, "state") : "", "open");
}

static void take(const Hosted *hosted, Board *board, const Json *issue)
{
	board->number = json_integer(issue, hosted->conversation->number, 0);
	board->is_open = is_open(issue);
	g_free(board->body);
	board->body = g_strdup(json_string(issue, hosted->board->body));
}

typedef struct {
	const Hosted *hosted;
	Board *board;
} Search;

static bool has_mark(const Json *issue, const Hosted *hosted)
{
	const char *body = json_string(issue, hosted->board->body);

	return body != NULL && strstr(body, MARK) != NULL;
}

/* Servers ignore filters that they do not know, and call a pull request an issue. */
static bool is_issue_by(const Json *issue, const char *login)
{
	const char *author = json_string(json_object(issue, "user"), "login");

	return json_object(issue, "pull_request") == NULL &&
	       (login == NULL || (author != NULL && g_ascii_strcasecmp(author, login) == 0));
}

/* Who takes the mark out mostly leaves the title. */
static bool is_like_one(const Json *issue, const Hosted *hosted)
{
	return has_mark(issue, hosted) || g_strcmp0(json_string(issue, "title"), BOARD_TITLE) == 0;
}

static bool match(const Json *issue, void *data)
{
	const Search *search = data;

	if (!has_mark(issue, search->hosted) || !is_issue_by(issue, search->hosted->login))
		return true;
	take(search->hosted, search->board, issue);
	return false;
}

bool board_check(Hosted *hosted, Standing *standing, GError **error)
{
	static const char keeping[] = "keep the dashboard";
	g_autofree char *path = api_path(&hosted->api, "/issues"), *list = NULL;
	g_autoptr(GError) local = NULL;

	list = hosted->board->list(hosted, &local);
	if (list != NULL)
		return api_try(&hosted->api, HTTP_POST, path, keeping, standing, error);
	if (failure_kind(local) != FAILURE_DENIED) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	standing_add(standing, keeping, local->message);
	return true;
}

/* What has the number that is known may be somebody else's, in a repository that was made
 * anew; then `board` has none. */
static bool read_known(Hosted *hosted, Board *board, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path =
		hosted->board->one != NULL
			? hosted->board->one(hosted, board->number)
			: api_path(&hosted->api, "/issues/%" G_GINT64_FORMAT, board->number);
	const Json *issue;

	if (!api_ask(&hosted->api, HTTP_GET, path, NULL, &answer, error))
		return false;
	if (!api_is_good(&answer) && answer.status != 404 && answer.status != 410)
		return api_refused(&answer, "reading the dashboard", error);
	issue = json_is_array(answer.json) ? json_first(answer.json) : answer.json;
	if (api_is_good(&answer) && issue != NULL && is_issue_by(issue, hosted->login) &&
	    is_like_one(issue, hosted))
		take(hosted, board, issue);
	else
		board->number = 0;
	return true;
}

bool board_read(Hosted *hosted, Board *board, GError **error)
{
	g_autofree char *list = hosted->board->list(hosted, error);
	Search search = { hosted, board };

	if (list == NULL || (board->number != 0 && !read_known(hosted, board, error)))
		return false;
	return board->number != 0 ||
	       api_each(&hosted->api, list, "looking for the dashboard", match, &search, error);
}

bool board_write(Hosted *hosted, Board *board, const char *body, GError **error)
{
	static const char doing[] = "writing the dashboard";
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;
	Json *json;

	if (!conversation_meet(hosted, error))
		return false;
	json = json_new_object();
	json_set_string(json, hosted->board->body, body);
	if (board->number != 0) {
		path = api_path(&hosted->api, "/issues/%" G_GINT64_FORMAT, board->number);
		return api_do(&hosted->api, hosted->board->change, path, json, doing, &answer,
			      error);
	}
	path = api_path(&hosted->api, "/issues");
	json_set_string(json, "title", BOARD_TITLE);
	if (!api_do(&hosted->api, HTTP_POST, path, json, doing, &answer, error))
		return false;
	board->number = json_integer(answer.json, hosted->conversation->number, 0);
	return true;
}
