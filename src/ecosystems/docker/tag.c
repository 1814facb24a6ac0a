/* SPDX-License-Identifier: MIT */
/* The rules, by number as the code cites them (docker.md 4.3):
 *
 * 1. A tag of hex digits alone is a hash.
 * 2. A tag with a timestamp is a date; around it prefix and suffix are literal.
 * 3. Between hyphens, the first token that is a core (parse_core) divides the
 *    tag; what stands before is a literal prefix.
 * 4. The core's digits tell version, date and build apart.
 * 5. The tokens after the core are a pre-release, revisions, an OS release, or
 *    literal words.
 */
#include "ecosystems/docker/tag.h"

#include "ecosystems/docker/codename.h"

#include <limits.h>
#include <string.h>

/* What stands in a line for a part that may vary. No tag contains them. */
#define MARK_REVISION '#'
#define MARK_OS       '@'

static const struct {
	const char *word;
	Prerelease prerelease;
	bool in_core;  /* "1.22rc1" */
	bool is_token; /* "1.1.0-rc.1" */
} prerelease_words[] = {
	{ "a", PRERELEASE_ALPHA, true, false },     { "alpha", PRERELEASE_ALPHA, true, true },
	{ "b", PRERELEASE_BETA, true, false },      { "beta", PRERELEASE_BETA, true, true },
	{ "cr", PRERELEASE_CANDIDATE, true, true }, { "dev", PRERELEASE_DEV, false, true },
	{ "m", PRERELEASE_ALPHA, true, false },     { "milestone", PRERELEASE_ALPHA, true, true },
	{ "pre", PRERELEASE_PREVIEW, true, true },  { "preview", PRERELEASE_PREVIEW, true, true },
	{ "rc", PRERELEASE_CANDIDATE, true, true },
};

/* Words that name a channel, which is left or entered by nobody but the user. */
static const char *const channel_words[] = {
	"alpha", "beta",    "canary",  "dev", "ea",       "edge",     "experimental",
	"next",  "nightly", "preview", "rc",  "snapshot", "unstable",
};

static const char *const systems[] = { "alpine", "debian", "ubuntu" };
static const char *const windows_words[] = { "windowsservercore", "nanoserver" };

/* A stretch of the tag between two hyphens. */
typedef struct {
	const char *from, *to;
} Token;

typedef struct {
	bool has_v;
	Numbers numbers, java_update, prerelease_number, revision;
	Prerelease prerelease;
} Core;

static size_t token_length(Token token)
{
	return (size_t)(token.to - token.from);
}

static bool token_is(Token token, const char *word)
{
	return strlen(word) == token_length(token) &&
	       g_ascii_strncasecmp(token.from, word, token_length(token)) == 0;
}

static const char *token_among(Token token, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (token_is(token, words[i]))
			return words[i];
	return NULL;
}

static int digits_value(const char *p, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++)
		value = value * 10 + (p[i] - '0');
	return value;
}

static bool is_year(const char *p)
{
	return digits_value(p, 4) >= 1990 && digits_value(p, 4) <= 2199;
}

/* 8, 10, 12 or 14 digits that begin with a plausible day. */
static bool is_date_like(Numbers numbers)
{
	const char *p = numbers.text;
	size_t length = numbers.length;
	int month, day;

	if (memchr(p, '.', length) != NULL ||
	    (length != 8 && length != 10 && length != 12 && length != 14) || !is_year(p))
		return false;
	month = digits_value(p + 4, 2);
	day = digits_value(p + 6, 2);
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* Rule 1. Digits alone are a build number, letters alone a word. */
static bool is_hash(Token token)
{
	const char *p = token.from;
	bool is_sha = token_length(token) > 3 && memcmp(p, "sha", 3) == 0;
	bool has_letter = is_sha, has_digit = is_sha;
	size_t most = is_sha ? 64 : 40, length;

	if (is_sha)
		p += p[3] == '-' ? 4 : 3;
	else if (p < token.to && *p == 'g')
		p++;
	length = (size_t)(token.to - p);
	if (length < 7 || length > most)
		return false;
	for (; p < token.to; p++) {
		if (!g_ascii_isdigit(*p) && (*p < 'a' || *p > 'f'))
			return false;
		*(g_ascii_isdigit(*p) ? &has_digit : &has_letter) = true;
	}
	return has_letter && has_digit;
}

/* The `_N(.N)*` at the end of a core, or nothing. */
static bool parse_core_revision(Core *core, const char *p, const char *end)
{
	if (p == end)
		return true;
	if (*p != '_' || p + 1 == end || numbers_end(p + 1, end) != end)
		return false;
	core->revision = numbers_from(p + 1, end);
	return true;
}

/* What may follow the pre-release word `p` begins with: a number, then a revision.
 * `rc_3.4` has no number: `_3.4` is the revision. */
static bool parse_core_prerelease(Core *core, const char *p, const char *end)
{
	const char *word = p, *digits;

	while (p < end && g_ascii_isalpha(*p))
		p++;
	core->prerelease = PRERELEASE_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(prerelease_words); i++)
		if (prerelease_words[i].in_core &&
		    token_is((Token){ word, p }, prerelease_words[i].word))
			core->prerelease = prerelease_words[i].prerelease;
	if (core->prerelease == PRERELEASE_NONE)
		return false;
	digits = p < end && (*p == '.' || *p == '_') ? p + 1 : p;
	core->prerelease_number = numbers_from(digits, digits_end(digits, end));
	if (parse_core_revision(core, digits_end(digits, end), end))
		return true;
	core->prerelease_number = (Numbers){ 0 };
	return parse_core_revision(core, p, end);
}

/* Rule 3: [v]N(.N)*, a Java update, a pre-release word, a revision. */
static bool parse_core(Core *core, Token token)
{
	const char *p = token.from, *end = token.to, *at;

	*core = (Core){ .prerelease = PRERELEASE_NONE };
	core->has_v = p < end && g_ascii_tolower(*p) == 'v';
	if (core->has_v)
		p++;
	at = numbers_end(p, end);
	if (at == p)
		return false;
	core->numbers = numbers_from(p, at);
	if (at + 1 < end && g_ascii_tolower(*at) == 'u' && g_ascii_isdigit(at[1])) {
		p = at + 1;
		at = digits_end(p, end);
		core->java_update = numbers_from(p, at);
	}
	p = at + 1 < end && (*at == '.' || *at == '_') ? at + 1 : at;
	if (p < end && g_ascii_isalpha(*p))
		return parse_core_prerelease(core, p, end);
	return parse_core_revision(core, at, end);
}

/* A core, or a word and `_` before one; `*from` is where the core begins. */
static bool find_core(Core *core, Token token, const char **from)
{
	*from = token.from;
	if (parse_core(core, token))
		return true;
	for (const char *p = token.from + 1; p < token.to; p++) {
		*from = p + 1;
		if (*p == '_' && g_ascii_isalpha(p[-1]) &&
		    parse_core(core, (Token){ p + 1, token.to }))
			return true;
	}
	return false;
}

static bool add_revision(Tag *tag, GString *line, char sort, const char *from, const char *to)
{
	if (tag->revision_count == TAG_REVISIONS)
		return false;
	tag->revisions[tag->revision_count++] = (Revision){ sort, numbers_from(from, to) };
	g_string_append_c(line, MARK_REVISION);
	g_string_append_c(line, sort);
	return true;
}

static void add_word(Tag *tag, GString *line, Token token)
{
	char *word = g_ascii_strdown(token.from, (gssize)token_length(token));

	tag->is_channel |= token_among(token, channel_words, G_N_ELEMENTS(channel_words)) != NULL;
	tag->is_windows |= token_among(token, windows_words, G_N_ELEMENTS(windows_words)) != NULL ||
			   g_str_has_prefix(word, "ltsc") || g_str_has_prefix(word, "sac");
	g_string_append(line, word);
	g_ptr_array_add(tag->words, word);
}

/* The spelling ("glued", "split", or a name) is part of the line. */
static void set_os(Tag *tag, GString *line, const char *os, char spelling, Numbers release)
{
	tag->os = os;
	tag->os_release = release;
	g_string_append_printf(line, "%c%s%c", MARK_OS, os, spelling);
}

/* `rc.1` and its like directly after the core. */
static bool parse_prerelease_token(Tag *tag, Token token)
{
	const char *p = token.from, *digits;

	while (p < token.to && g_ascii_isalpha(*p))
		p++;
	digits = p < token.to && (*p == '.' || *p == '_') ? p + 1 : p;
	if (digits == token.to || digits_end(digits, token.to) != token.to)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(prerelease_words); i++) {
		if (!prerelease_words[i].is_token ||
		    !token_is((Token){ token.from, p }, prerelease_words[i].word))
			continue;
		tag->prerelease = prerelease_words[i].prerelease;
		tag->prerelease_number = numbers_from(digits, token.to);
		return true;
	}
	return false;
}

/* `kb123`, `r5`, `b06`: their letter, K, r or b; 0 if it is none of them. */
static char revision_letter(Token token, const char **digits)
{
	const char *p = token.from;
	bool is_kb = token_length(token) > 2 && g_ascii_strncasecmp(p, "kb", 2) == 0;
	char letter = is_kb ? 'K' : g_ascii_tolower(*p);

	*digits = p + (is_kb ? 2 : 1);
	if ((letter != 'K' && letter != 'r' && letter != 'b') || *digits >= token.to ||
	    digits_end(*digits, token.to) != token.to)
		return 0;
	return letter;
}

/* `alpine3.19`, `bookworm`. */
static bool parse_os_token(Tag *tag, GString *line, Token token, const GPtrArray *codenames)
{
	Numbers release_of_name;
	const char *os;

	for (size_t i = 0; i < G_N_ELEMENTS(systems); i++) {
		size_t length = strlen(systems[i]);
		const char *release = token.from + length;

		if (token_length(token) > length &&
		    token_is((Token){ token.from, release }, systems[i]) &&
		    numbers_end(release, token.to) == token.to) {
			set_os(tag, line, systems[i], 'g', numbers_from(release, token.to));
			return true;
		}
	}
	os = codename_find(codenames, token.from, token.to, &release_of_name);
	if (os != NULL)
		set_os(tag, line, os, 'n', release_of_name);
	return os != NULL;
}

/* Rule 5, for the token after `previous`. False if there is no room for it. */
static bool parse_suffix_token(Tag *tag, GString *line, Token token, Token previous,
			       const GPtrArray *codenames)
{
	const char *digits, *os;
	char letter;

	if (is_hash(token))
		return add_revision(tag, line, 'H', token.to, token.to);
	if (token.from < token.to && numbers_end(token.from, token.to) == token.to) {
		os = token_among(previous, systems, G_N_ELEMENTS(systems));
		if (os != NULL && tag->os == NULL)
			set_os(tag, line, os, 's', numbers_from(token.from, token.to));
		else if (token_among(previous, windows_words, G_N_ELEMENTS(windows_words)) != NULL)
			add_word(tag, line, token);
		else
			return add_revision(tag, line,
					    is_date_like(numbers_from(token.from, token.to)) ? 'D'
											     : 'N',
					    token.from, token.to);
		return true;
	}
	letter = revision_letter(token, &digits);
	if (letter != 0)
		return add_revision(tag, line, letter, digits, token.to);
	if (tag->os == NULL && parse_os_token(tag, line, token, codenames))
		return true;
	add_word(tag, line, token);
	return true;
}

static Token next_token(const char *p, const char *end)
{
	const char *hyphen = memchr(p, '-', (size_t)(end - p));

	return (Token){ p, hyphen == NULL ? end : hyphen };
}

static bool is_two_digits(Token token)
{
	return token_length(token) == 2 && digits_end(token.from, token.to) == token.to;
}

/* Rule 4. A year takes the two-digit tokens after it into the core; `*p` is then
 * behind them. */
static void tell_kind(Tag *tag, const char **p, const char *end)
{
	bool is_single = memchr(tag->core.text, '.', tag->core.length) == NULL;

	tag->kind = TAG_VERSION;
	if (is_single && is_date_like(tag->core)) {
		tag->kind = TAG_DATE;
	} else if (is_single && tag->core.length == 4 && is_year(tag->core.text)) {
		for (int i = 0; i < 2 && *p < end; i++) {
			Token token = next_token(*p + 1, end);

			if (!is_two_digits(token))
				break;
			tag->kind = TAG_DATE;
			tag->core.length = (size_t)(token.to - tag->core.text);
			*p = token.to;
		}
	} else if (is_single && tag->core.length >= 7) {
		tag->kind = TAG_BUILD;
	}
}

static void set_prefix(Tag *tag, const char *from, const char *to)
{
	Token token = { from, from };

	g_free(tag->prefix);
	tag->prefix = g_strndup(from, (gsize)(to - from));
	for (; token.to < to; token.from = token.to + 1) {
		token = next_token(token.from, to);
		tag->is_channel |=
			token_among(token, channel_words, G_N_ELEMENTS(channel_words)) != NULL;
	}
}

/* Rules 4 and 5, with `core` found; `p` is behind its token. */
static bool parse_ordered(Tag *tag, const Core *core, const char *p, const char *end,
			  const GPtrArray *codenames)
{
	g_autoptr(GString) line = g_string_new(NULL);
	Token token = { p, p }, previous;

	tag->has_v = core->has_v;
	tag->core = core->numbers;
	tag->java_update = core->java_update;
	tag->prerelease = core->prerelease;
	tag->prerelease_number = core->prerelease_number;
	if (core->revision.length > 0)
		add_revision(tag, line, 'N', core->revision.text,
			     core->revision.text + core->revision.length);
	tell_kind(tag, &p, end);
	if (p < end && tag->prerelease == PRERELEASE_NONE &&
	    parse_prerelease_token(tag, next_token(p + 1, end)))
		p = next_token(p + 1, end).to;
	while (p < end) {
		previous = token;
		token = next_token(p + 1, end);
		g_string_append_c(line, '-');
		if (!parse_suffix_token(tag, line, token, previous, codenames))
			return false;
		p = token.to;
	}
	tag->precision = numbers_count(tag->core);
	tag->line = g_strdup_printf("%d %s %d %s", (int)tag->kind, tag->prefix,
				    tag->java_update.length > 0, line->str);
	return true;
}

/* Rule 2: where YYYY-MM-DDThh-mm-ssZ begins; NULL if nowhere. */
static const char *find_timestamp(const char *text)
{
	static const char shape[] = "0000-00-00T00-00-00Z";
	const size_t length = sizeof(shape) - 1, size = strlen(text);

	for (size_t from = 0; from + length <= size; from++) {
		size_t i = 0;

		while (i < length && (shape[i] == '0' ? g_ascii_isdigit(text[from + i])
						      : text[from + i] == shape[i]))
			i++;
		if (i == length)
			return text + from;
	}
	return NULL;
}

static void parse_timestamp(Tag *tag, const char *stamp)
{
	const char *suffix = strchr(stamp, 'Z') + 1;

	tag->kind = TAG_DATE;
	set_prefix(tag, tag->text, stamp);
	tag->core = numbers_from(stamp, suffix - 1);
	tag->precision = numbers_count(tag->core);
	if (*suffix != '\0')
		g_ptr_array_add(tag->words, g_strdup(suffix + (*suffix == '-')));
	tag->line = g_strdup_printf("stamp %s %s", tag->prefix, suffix);
}

/* Where a codename is the version: the first one, between literal words. */
static void parse_codename(Tag *tag, const char *end, const GPtrArray *codenames)
{
	for (const char *p = tag->text; p < end; p = next_token(p, end).to + 1) {
		Token token = next_token(p, end);

		const char *os = codename_find(codenames, token.from, token.to, &tag->core);

		if (os == NULL)
			continue;
		tag->kind = TAG_CODENAME;
		set_prefix(tag, tag->text, token.from);
		tag->precision = numbers_count(tag->core);
		if (token.to < end)
			g_ptr_array_add(tag->words, g_strdup(token.to + 1));
		tag->line = g_strdup_printf("name %s %s %s", os, tag->prefix, token.to);
		return;
	}
}

bool tag_is_valid(const char *text)
{
	size_t length = 0;

	if (*text == '.' || *text == '-')
		return false;
	for (; text[length] != '\0'; length++)
		if (!g_ascii_isalnum(text[length]) && strchr("_.-", text[length]) == NULL)
			return false;
	return length >= 1 && length <= 128;
}

/* Rule 3: divides the tag at its first core. False if it has none that counts. */
static bool parse_tokens(Tag *tag, const char *end, const GPtrArray *codenames)
{
	Token token = { tag->text, tag->text }, previous;

	for (const char *p = tag->text; p < end; p = token.to + 1) {
		const char *from;
		Core core;

		previous = token;
		token = next_token(p, end);
		if (!find_core(&core, token, &from))
			continue;
		/* "windowsservercore-1809": the number is the host's, not a version */
		if (token_among(previous, windows_words, G_N_ELEMENTS(windows_words)) != NULL)
			return false;
		set_prefix(tag, tag->text, from);
		return parse_ordered(tag, &core, token.to, end, codenames);
	}
	return false;
}

/* Makes a moving tag of what had begun to look like more. */
static void forget(Tag *tag)
{
	char *text = g_steal_pointer(&tag->text);

	g_free(tag->prefix);
	g_free(tag->line);
	g_ptr_array_unref(tag->words);
	*tag = (Tag){ .text = text,
		      .prefix = g_strdup(""),
		      .prerelease = PRERELEASE_NONE,
		      .words = g_ptr_array_new_with_free_func(g_free) };
}

Tag *tag_parse(const char *text, const GPtrArray *codenames, bool names_are_versions)
{
	Tag *tag;
	const char *stamp, *end;

	if (!tag_is_valid(text))
		return NULL;
	tag = g_new0(Tag, 1);
	tag->text = g_strdup(text);
	tag->prerelease = PRERELEASE_NONE;
	tag->prefix = g_strdup("");
	tag->words = g_ptr_array_new_with_free_func(g_free);
	end = tag->text + strlen(tag->text);
	stamp = find_timestamp(tag->text);
	if (is_hash((Token){ tag->text, end })) {
		tag->kind = TAG_HASH;
	} else if (stamp != NULL) {
		parse_timestamp(tag, stamp);
	} else if (!parse_tokens(tag, end, codenames)) {
		forget(tag);
		if (names_are_versions)
			parse_codename(tag, end, codenames);
	}
	return tag;
}

void tag_free(Tag *tag)
{
	if (tag == NULL)
		return;
	g_free(tag->text);
	g_free(tag->line);
	g_free(tag->prefix);
	g_ptr_array_unref(tag->words);
	g_free(tag);
}

const char *tag_kind_word(TagKind kind)
{
	static const char *const words[] = {
		[TAG_MOVING] = "moving", [TAG_HASH] = "hash",       [TAG_BUILD] = "build",
		[TAG_DATE] = "date",     [TAG_VERSION] = "version", [TAG_CODENAME] = "codename",
	};

	return words[kind];
}

bool tag_is_ordered(const Tag *tag)
{
	return tag->kind != TAG_MOVING && tag->kind != TAG_HASH;
}

bool tag_is_numbered_prerelease(const Tag *tag)
{
	return tag->prerelease != PRERELEASE_NONE && tag->prerelease_number.length > 0;
}

bool tag_is_comparable(const Tag *a, const Tag *b)
{
	return a->precision == b->precision && g_strcmp0(a->line, b->line) == 0;
}

int tag_compare_versions(const Tag *a, const Tag *b)
{
	int order = numbers_compare(a->core, b->core, INT_MAX);

	if (order == 0)
		order = numbers_compare(a->java_update, b->java_update, INT_MAX);
	if (order == 0)
		order = (int)a->prerelease - (int)b->prerelease;
	if (order == 0)
		order = numbers_compare(a->prerelease_number, b->prerelease_number, INT_MAX);
	return order;
}

int tag_compare(const Tag *a, const Tag *b)
{
	int order = tag_compare_versions(a, b);

	for (int i = 0; order == 0 && i < a->revision_count && i < b->revision_count; i++)
		order = numbers_compare(a->revisions[i].numbers, b->revisions[i].numbers, INT_MAX);
	return order;
}

int tag_compare_os(const Tag *a, const Tag *b)
{
	return numbers_compare(a->os_release, b->os_release, INT_MAX);
}

bool tag_is_spelt_alike(const Tag *a, const Tag *b)
{
	if (a->has_v != b->has_v)
		return false;
	for (int i = 0; i < a->revision_count && i < b->revision_count; i++)
		if (numbers_count(a->revisions[i].numbers) !=
		    numbers_count(b->revisions[i].numbers))
			return false;
	return true;
}
