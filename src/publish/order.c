/* SPDX-License-Identifier: MIT */
#include "publish/order.h"

#include "base/text.h"
#include "upkeepd/limits.h"

#include <string.h>

#define MARK "<!-- upkeepd:reply "

enum {
	MAX_LINE = 400, /* no name of a module is longer than 255 */
	MAX_DAYS = 365,
	WEEK = 7,
};

static void order_free(void *data)
{
	Order *order = data;

	g_free(order->name);
	g_free(order->condition);
	g_free(order->text);
	g_free(order);
}

/* What Markdown makes of the lines of a comment, as far as it hides orders. */
typedef struct {
	char fence;     /* the character of the fence that is open; 0: none */
	size_t length;  /* of that fence */
	bool is_hidden; /* in an HTML comment */
} Markdown;

/* Whether `line` opens or closes a fence of code. */
static bool is_fence(Markdown *state, const char *line)
{
	size_t length;

	if (*line != '`' && *line != '~')
		return false;
	for (length = 1; line[length] == *line;)
		length++;
	if (length < 3)
		return false;
	if (state->fence == 0) {
		state->fence = *line;
		state->length = length;
		return true;
	}
	if (*line == state->fence && length >= state->length &&
	    line[length + strspn(line + length, " \t\r")] == '\0')
		state->fence = 0;
	return true;
}

/* Follows HTML comments through a line; whether it has a part of one. */
static bool has_hidden(Markdown *state, const char *line)
{
	bool is_any = state->is_hidden;

	for (const char *p = line; p != NULL && *p != '\0';) {
		p = strstr(p, state->is_hidden ? "-->" : "<!--");
		if (p == NULL)
			break;
		p += strlen(state->is_hidden ? "-->" : "<!--");
		state->is_hidden = !state->is_hidden;
		is_any = true;
	}
	return is_any;
}

/* What a line says in plain words, behind its indentation; NULL: nothing that counts. */
static const char *plain_words(Markdown *state, const char *line)
{
	size_t indent = strspn(line, " ");

	if (indent > 3 || line[indent] == '\t')
		return NULL; /* code */
	line += indent;
	if (!state->is_hidden && is_fence(state, line))
		return NULL;
	if (state->fence != 0 || has_hidden(state, line) || *line == '>')
		return NULL;
	return line;
}

/* Where the mention of `name` that begins `line` ends; NULL: there is none. */
static const char *behind(const char *line, const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || g_ascii_strncasecmp(line, name, length) != 0)
		return NULL;
	line += length;
	if (g_str_has_prefix(line, "[bot]"))
		line += strlen("[bot]");
	line += *line == ',' || *line == ':';
	return *line == ' ' || *line == '\t' || *line == '\0' ? line : NULL;
}

/* What follows a mention of us. `*is_alias`: we are called by another's name. */
static const char *addressed(const char *line, const char *account, const char *name,
			     bool *is_alias)
{
	const char *rest = NULL;

	*is_alias = false;
	if (*line++ != '@')
		return NULL;
	if (account == NULL)
		return line + strcspn(line, " \t");
	rest = behind(line, "upkeepd");
	if (rest == NULL && name != NULL)
		rest = behind(line, name);
	if (rest == NULL) {
		g_autofree char *login = g_strndup(account, strcspn(account, "["));

		rest = behind(line, login);
	}
	if (rest == NULL) {
		rest = behind(line, "dependabot");
		*is_alias = true;
	}
	return rest;
}

static bool is_word(const char *word, const char *expected)
{
	return word != NULL && g_ascii_strcasecmp(word, expected) == 0;
}

/* "major version", at words[0]; true and REACH_ALL where nothing follows. */
static bool read_reach(char **words, Reach *reach)
{
	static const char *const names[] = { NULL, "major", "minor", "patch" };

	*reach = REACH_ALL;
	if (words[0] == NULL)
		return true;
	for (unsigned i = REACH_MAJOR; i < G_N_ELEMENTS(names); i++)
		if (is_word(words[0], names[i]))
			*reach = (Reach)i;
	return *reach != REACH_ALL && is_word(words[1], "version") && words[2] == NULL;
}

/* "this dependency", "this minor version", "NAME", "NAME minor version". */
static bool read_ignore(Order *order, char **words)
{
	if (words[0] == NULL)
		return false;
	if (!is_word(words[0], "this")) {
		order->name = g_strdup(words[0]);
		return strchr(words[0], '*') == NULL && read_reach(words + 1, &order->reach);
	}
	if (is_word(words[1], "dependency"))
		return words[2] == NULL;
	return words[1] != NULL && read_reach(words + 1, &order->reach);
}

/* "*", "this dependency", "NAME", "NAME [< 1.9, > 1.8.0]". */
static bool read_unignore(Order *order, char **words, const char *text)
{
	const char *open = strchr(text, '['), *close = strrchr(text, ']');

	if (words[0] == NULL || *words[0] == '[')
		return false;
	if (is_word(words[0], "this"))
		return is_word(words[1], "dependency") && words[2] == NULL;
	order->name = g_strdup(words[0]);
	if (words[1] == NULL)
		return true;
	if (*words[1] != '[' || close == NULL || close < open || close[1] != '\0')
		return false;
	order->condition = g_strstrip(g_strndup(open + 1, (gsize)(close - open - 1)));
	return true;
}

/* "NAME ignore conditions", "this dependency ignore conditions", "ignore conditions". */
static bool read_show(Order *order, char **words)
{
	if (is_word(words[0], "this") && is_word(words[1], "dependency")) {
		words += 2;
	} else if (words[0] != NULL && !is_word(words[0], "ignore")) {
		order->name = g_strdup(words[0]);
		words++;
	}
	return is_word(words[0], "ignore") && is_word(words[1], "conditions") && words[2] == NULL;
}

/* "14d", "2w", "14 days". */
static bool read_hold(Order *order, char **words)
{
	size_t digits = words[0] == NULL ? 0 : strspn(words[0], "0123456789");
	const char *unit = words[0] == NULL ? NULL : words[0] + digits;
	g_autofree char *number = words[0] == NULL ? NULL : g_strndup(words[0], digits);
	guint64 count = 0;

	if (unit == NULL || !g_ascii_string_to_unsigned(number, 10, 1, MAX_DAYS, &count, NULL))
		return false;
	if (*unit == '\0' && words[1] != NULL)
		unit = *++words;
	if (words[1] != NULL)
		return false;
	if (is_word(unit, "w") || is_word(unit, "week") || is_word(unit, "weeks"))
		count *= WEEK;
	else if (!is_word(unit, "d") && !is_word(unit, "day") && !is_word(unit, "days"))
		return false;
	order->days = (int)count;
	return count <= MAX_DAYS;
}

/* "when green". */
static bool read_merge(Order *order G_GNUC_UNUSED, char **words)
{
	return is_word(words[0], "when") && is_word(words[1], "green") && words[2] == NULL;
}

/* "merge". */
static bool read_cancel(Order *order G_GNUC_UNUSED, char **words)
{
	return is_word(words[0], "merge") && words[1] == NULL;
}

static bool read_verb(Order *order, char **words)
{
	static const struct {
		const char *word;
		OrderVerb verb;
	} alone[] = {
		{ "rebase", ORDER_REBASE },   { "recreate", ORDER_RECREATE },
		{ "close", ORDER_CLOSE },     { "reopen", ORDER_REOPEN },
		{ "explain", ORDER_EXPLAIN },
	};
	static const struct {
		const char *word;
		OrderVerb verb;
		bool (*read)(Order *order, char **words);
	} more[] = {
		{ "ignore", ORDER_IGNORE, read_ignore }, { "show", ORDER_SHOW, read_show },
		{ "hold", ORDER_HOLD, read_hold },       { "merge", ORDER_MERGE, read_merge },
		{ "cancel", ORDER_CANCEL, read_cancel },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(alone); i++)
		if (is_word(words[0], alone[i].word) && words[1] == NULL) {
			order->verb = alone[i].verb;
			return true;
		}
	for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
		if (is_word(words[0], more[i].word)) {
			order->verb = more[i].verb;
			return more[i].read(order, words + 1);
		}
	if (!is_word(words[0], "unignore"))
		return false;
	order->verb = ORDER_UNIGNORE;
	return read_unignore(order, words + 1, order->text);
}

/* "--commit", as telephones write it too. */
static bool is_commit(const char *word)
{
	return is_word(word, "--commit") || is_word(word, "—commit") || is_word(word, "–commit");
}

/* Takes it out, wherever it stands behind the verb. */
static bool take_commit(char **words)
{
	char **kept = words;
	bool is_any = false;

	for (char **word = words; *word != NULL; word++) {
		if (word > words && is_commit(*word)) {
			is_any = true;
			g_free(*word);
		} else {
			*kept++ = *word;
		}
	}
	*kept = NULL;
	return is_any;
}

/* The words of a text, without empty ones. */
static char **split(const char *text)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	g_auto(GStrv) all = g_strsplit(text, " ", -1);

	for (char **word = all; *word != NULL; word++)
		if (**word != '\0')
			g_ptr_array_add(words, g_strdup(*word));
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&words), FALSE);
}

/* A mention alone is none, nor is a sentence by which another is meant. */
static Order *read_order(const char *rest, bool is_alias)
{
	Order *order = g_new0(Order, 1);
	g_autofree char *text = text_one_line(rest);
	g_auto(GStrv) words = NULL;

	g_strstrip(text);
	if (g_str_has_suffix(text, ".") || g_str_has_suffix(text, "!"))
		text[strlen(text) - 1] = '\0';
	order->text = g_steal_pointer(&text);
	words = split(order->text);
	order->is_to_commit = take_commit(words);
	if (words[0] != NULL && read_verb(order, words) &&
	    (!order->is_to_commit || order->verb == ORDER_IGNORE || order->verb == ORDER_HOLD))
		return order;
	if (words[0] == NULL || is_alias) {
		order_free(order);
		return NULL;
	}
	order->verb = ORDER_UNKNOWN;
	return order;
}

GPtrArray *order_read(const char *comment, const char *account, const char *name)
{
	GPtrArray *orders = g_ptr_array_new_with_free_func(order_free);
	Markdown state = { 0 };
	g_auto(GStrv) lines = g_strsplit(comment, "\n", -1);

	for (char **line = lines; *line != NULL && orders->len < LIMIT_ORDERS; line++) {
		const char *words = plain_words(&state, *line), *rest;
		bool is_alias = false;
		Order *order;

		rest = words == NULL ? NULL : addressed(words, account, name, &is_alias);
		if (rest == NULL || strlen(rest) > MAX_LINE)
			continue;
		order = read_order(rest, is_alias);
		if (order != NULL)
			g_ptr_array_add(orders, order);
	}
	return orders;
}

char *order_range(const char *version, Reach reach)
{
	const char *p = version + strcspn(version, "0123456789");
	guint64 numbers[3] = { 0 };
	int count = 0;

	for (; count < 3 && g_ascii_isdigit(*p); count++) {
		size_t digits = strspn(p, "0123456789");
		g_autofree char *number = g_strndup(p, digits);

		if (!g_ascii_string_to_unsigned(number, 10, 0, UINT32_MAX, &numbers[count], NULL))
			return NULL;
		p += digits;
		p += *p == '.';
	}
	if (count < (int)reach)
		return NULL;
	if (reach == REACH_MAJOR)
		return g_strdup_printf(">= %" G_GUINT64_FORMAT ".a, < %" G_GUINT64_FORMAT,
				       numbers[0], numbers[0] + 1);
	if (reach == REACH_MINOR)
		return g_strdup_printf(">= %" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT
				       ".a, < %" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT,
				       numbers[0], numbers[1], numbers[0], numbers[1] + 1);
	return g_strdup_printf("= %" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT,
			       numbers[0], numbers[1], numbers[2]);
}

char *order_mark(int64_t comment_id)
{
	return g_strdup_printf(MARK "%" G_GINT64_FORMAT " -->", comment_id);
}

int64_t order_answered(const char *comment)
{
	const char *last = g_strrstr(comment, MARK), *end;
	g_autofree char *number = NULL;
	int64_t id = 0;

	if (last == NULL || (end = strstr(last, " -->")) == NULL)
		return 0;
	last += strlen(MARK);
	number = end < last ? NULL : g_strndup(last, (gsize)(end - last));
	if (number == NULL || !g_ascii_string_to_signed(number, 10, 1, INT64_MAX, &id, NULL))
		return 0;
	return id;
}

OrderVerb order_merging(const char *comment)
{
	const char *merge = g_strrstr(comment, ORDER_MARK_MERGE);
	const char *cancel = g_strrstr(comment, ORDER_MARK_CANCEL);

	if (merge == NULL && cancel == NULL)
		return ORDER_UNKNOWN;
	return merge != NULL && (cancel == NULL || merge > cancel) ? ORDER_MERGE : ORDER_CANCEL;
}
