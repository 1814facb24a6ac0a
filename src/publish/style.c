/* SPDX-License-Identifier: MIT */
#include "publish/style.h"

#include <string.h>

#define ARROW_UP "⬆️"

enum {
	BUILD = 1 << 0,
	CHORE = 1 << 1,
	DOCS = 1 << 2,
	FIX = 1 << 3,
	CI = 1 << 4,
	FEAT = 1 << 5,
	PERF = 1 << 6,
	REFACTOR = 1 << 7,
	STYLE = 1 << 8,
	TEST = 1 << 9,
	BREAKING = 1 << 10,
	NEW = 1 << 11,
	UPDATE = 1 << 12,
	UPGRADE = 1 << 13,
	BOTH = BUILD | CHORE | DOCS | FIX,
	ANGULAR = BOTH | CI | FEAT | PERF | REFACTOR | STYLE | TEST,
	ESLINT = BOTH | BREAKING | NEW | UPDATE | UPGRADE,
};

static const struct {
	const char *word;
	unsigned bit;
} words[] = {
	{ "build", BUILD },
	{ "chore", CHORE },
	{ "docs", DOCS },
	{ "fix", FIX },
	{ "ci", CI },
	{ "feat", FEAT },
	{ "perf", PERF },
	{ "refactor", REFACTOR },
	{ "style", STYLE },
	{ "test", TEST },
	{ "breaking", BREAKING },
	{ "new", NEW },
	{ "update", UPDATE },
	{ "upgrade", UPGRADE },
};

static const char *const gitmojis[] = {
	"alien",
	"ambulance",
	"apple",
	"arrow_down",
	"arrow_up",
	"art",
	"beers",
	"bento",
	"bookmark",
	"boom",
	"bug",
	"building_construction",
	"bulb",
	"busts_in_silhouette",
	"camera_flash",
	"card_file_box",
	"chart_with_upwards_trend",
	"checkered_flag",
	"children_crossing",
	"clown_face",
	"construction",
	"construction_worker",
	"egg",
	"fire",
	"globe_with_meridians",
	"green_apple",
	"green_heart",
	"hankey",
	"heavy_minus_sign",
	"heavy_plus_sign",
	"iphone",
	"lipstick",
	"lock",
	"loud_sound",
	"memo",
	"mute",
	"ok_hand",
	"package",
	"page_facing_up",
	"pencil2",
	"penguin",
	"pushpin",
	"recycle",
	"rewind",
	"robot",
	"rocket",
	"rotating_light",
	"see_no_evil",
	"sparkles",
	"speech_balloon",
	"tada",
	"truck",
	"twisted_rightwards_arrows",
	"whale",
	"wheelchair",
	"white_check_mark",
	"wrench",
	"zap",
};

unsigned style_word(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].bit;
	return 0;
}

PastCommit *past_commit_new(CommitBy by, const char *subject, unsigned found)
{
	PastCommit *commit = g_new0(PastCommit, 1);

	commit->by = by;
	commit->subject = g_strdup(subject);
	commit->words = found;
	return commit;
}

void past_commit_free(PastCommit *commit)
{
	if (commit == NULL)
		return;
	g_free(commit->subject);
	g_free(commit);
}

/* Any beginning of the text before the mark counts: Dependabot looks for "fix:"
 * and finds it in "prefix:" as well. */
static unsigned words_before(const char *message, const char *mark)
{
	unsigned found = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t length = strlen(words[i].word);

		if ((size_t)(mark - message) >= length &&
		    g_ascii_strncasecmp(mark - length, words[i].word, length) == 0)
			found |= words[i].bit;
	}
	return found;
}

static CommitBy author_of(const char *name, const char *email, const char *message,
			  const char *own_email)
{
	if (g_str_has_prefix(message, "Merge"))
		return BY_MERGE;
	if (strstr(name, "dependabot") != NULL || strcmp(email, "support@dependabot.com") == 0 ||
	    (own_email != NULL && strcmp(email, own_email) == 0))
		return BY_DEPENDABOT;
	return g_str_has_suffix(name, "[bot]") || strstr(email, "[bot]@") != NULL ? BY_BOT
										  : BY_PERSON;
}

PastCommit *past_commit_read(const char *author_name, const char *author_email, const char *message,
			     const char *own_email)
{
	g_autofree char *subject = g_strndup(message, strcspn(message, "\r\n"));
	unsigned found = 0;

	for (const char *mark = message; (mark = strpbrk(mark, ":(")) != NULL; mark++)
		found |= words_before(message, mark);
	return past_commit_new(author_of(author_name, author_email, message, own_email), subject,
			       found);
}

static bool is_blank(char byte)
{
	return g_ascii_isspace(byte);
}

/* Whether a colon, blanks and perhaps `[` stand before a letter that `fits`. */
static bool has_after_colon(const char *subject, bool (*fits)(char))
{
	for (const char *p = subject; (p = strchr(p, ':')) != NULL;) {
		const char *q = ++p;

		while (is_blank(*q))
			q++;
		if (q == p)
			continue;
		if (fits(*q) || (*q == '[' && fits(q[1])))
			return true;
	}
	return false;
}

static bool is_upper(char byte)
{
	return g_ascii_isupper(byte);
}

static bool is_lower(char byte)
{
	return g_ascii_islower(byte);
}

/* "build: Bump …", "build: [Security] Upgrade …". */
static bool bot_is_capital(const char *subject)
{
	for (const char *p = subject; (p = strstr(p, ": ")) != NULL;) {
		p += 2;
		if (g_str_has_prefix(p, "[Security] ") || g_str_has_prefix(p, "[security] "))
			p += strlen("[security] ");
		if (*p == 'B' || *p == 'U')
			return true;
	}
	return false;
}

/* What the last commit of the bot shows; false: no style that is known. */
static bool style_of_bot(const char *subject, Style *style)
{
	static const char *const types[] = { "build", "chore", "upgrade" };

	if (g_str_has_prefix(subject, ARROW_UP)) {
		*style = (Style){ g_strdup(ARROW_UP " "), true };
		return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		size_t length = strlen(types[i]);
		char mark;

		if (g_ascii_strncasecmp(subject, types[i], length) != 0)
			continue;
		mark = subject[length];
		if (mark != ':' && mark != '(')
			continue;
		style->prefix = g_strdup_printf("%.*s%s", (int)length, subject,
						mark == ':' ? ": " : "(deps): ");
		style->is_capital = bot_is_capital(subject);
		return true;
	}
	return false;
}

static bool has_gitmoji(const char *subject)
{
	for (const char *p = subject; (p = strchr(p, ':')) != NULL;) {
		const char *end = strchr(++p, ':');

		if (end == NULL)
			return false;
		for (size_t i = 0; i < G_N_ELEMENTS(gitmojis); i++)
			if (strlen(gitmojis[i]) == (size_t)(end - p) &&
			    g_ascii_strncasecmp(p, gitmojis[i], (size_t)(end - p)) == 0)
				return true;
	}
	return false;
}

static bool begins_as_eslint(const char *subject)
{
	size_t length = strcspn(subject, ":(");
	g_autofree char *word = NULL;

	if (subject[length] == '\0' || !g_ascii_isupper(subject[0]))
		return false;
	word = g_strndup(subject, length);
	word[0] = g_ascii_tolower(word[0]);
	return (style_word(word) & ESLINT) != 0;
}

/* "net/http: …": a lower-case letter and more up to a colon, without a blank. */
static bool has_other_prefix(const char *subject)
{
	size_t length = strcspn(subject, " \t\r\n\f\v");

	return g_ascii_islower(subject[0]) && length > 2 &&
	       memchr(subject + 2, ':', length - 2) != NULL;
}

/* What people did, counted. */
typedef struct {
	guint people, angular, angular_capital, eslint, gitmoji, other, worded;
	guint capital_after_colon, lower_after_colon; /* of the worded */
	unsigned words;                               /* of all of them */
	bool has_chore, has_build;                    /* at a beginning */
} Tally;

static void count(Tally *tally, const PastCommit *commit)
{
	const char *subject = commit->subject;

	tally->people++;
	tally->words |= commit->words;
	if ((commit->words & ANGULAR) != 0) {
		tally->angular++;
		tally->angular_capital += g_ascii_isupper(subject[0]);
	}
	if (commit->words != 0) {
		tally->worded++;
		tally->capital_after_colon += has_after_colon(subject, is_upper);
		tally->lower_after_colon += has_after_colon(subject, is_lower);
	}
	tally->eslint += begins_as_eslint(subject);
	tally->gitmoji += has_gitmoji(subject);
	tally->other += has_other_prefix(subject);
	tally->has_chore |=
		g_str_has_prefix(subject, "chore") || g_str_has_prefix(subject, "Chore");
	tally->has_build |=
		g_str_has_prefix(subject, "build") || g_str_has_prefix(subject, "Build");
}

static bool is_angular(const Tally *tally)
{
	if (tally->people == 0 || tally->angular * 10 < tally->people * 3)
		return false;
	if ((tally->words & (ANGULAR & ~BOTH)) != 0)
		return true;
	return (tally->words & (ESLINT & ~BOTH)) == 0;
}

static bool is_most(guint part, guint whole)
{
	return part * 10 > whole * 3;
}

static char *prefix_of_people(const Tally *tally)
{
	if (is_angular(tally)) {
		bool is_chore = tally->has_chore && !tally->has_build;
		bool is_capital = tally->angular_capital * 2 > tally->angular;

		if (is_capital)
			return g_strdup(is_chore ? "Chore(deps): " : "Build(deps): ");
		return g_strdup(is_chore ? "chore(deps): " : "build(deps): ");
	}
	if (is_most(tally->eslint, tally->people))
		return g_strdup("Upgrade: ");
	if (is_most(tally->gitmoji, tally->people))
		return g_strdup(ARROW_UP " ");
	return g_strdup(is_most(tally->other, tally->people) ? "build(deps): " : "");
}

static char *prefix_of_setting(const CommitMessage *setting)
{
	g_autoptr(GString) prefix = g_string_new(setting->prefix);
	char last;

	if (prefix->len == 0)
		return g_strdup("");
	if (setting->include_scope)
		g_string_append(prefix, "(deps)");
	last = prefix->str[prefix->len - 1];
	if (g_ascii_isalnum(last) || last == ')' || last == ']')
		g_string_append_c(prefix, ':');
	if (prefix->str[prefix->len - 1] != ' ')
		g_string_append_c(prefix, ' ');
	return g_strdup(prefix->str);
}

void style_clear(Style *style)
{
	g_clear_pointer(&style->prefix, g_free);
}

Style style_find(const CommitMessage *setting, const GPtrArray *history)
{
	bool is_set = setting != NULL && setting->prefix != NULL, has_bot = false,
	     has_style = false;
	Style style = { NULL, false };
	Tally tally = { 0 };

	for (guint i = 0; history != NULL && i < history->len; i++) {
		const PastCommit *commit = g_ptr_array_index(history, i);

		if (commit->by == BY_DEPENDABOT && !has_bot) {
			has_bot = true;
			has_style = style_of_bot(commit->subject, &style);
		} else if (commit->by == BY_PERSON) {
			count(&tally, commit);
		}
	}
	if (is_set || !has_style) {
		g_free(style.prefix);
		style.prefix = is_set ? prefix_of_setting(setting) : prefix_of_people(&tally);
	}
	if (has_style || history == NULL)
		return style;
	if (is_angular(&tally) || is_most(tally.eslint, tally.people)) {
		if (tally.capital_after_colon == tally.worded)
			style.is_capital = true;
		else if (tally.lower_after_colon != tally.worded)
			style.is_capital = !g_ascii_islower(style.prefix[0]);
		return style;
	}
	style.is_capital = !g_ascii_islower(style.prefix[0]);
	return style;
}
