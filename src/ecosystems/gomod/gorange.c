/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gorange.h"

#include "base/relation.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

#define MAX_SEGMENTS 32

/* A run of digits or of letters. */
typedef struct {
	const char *text;
	size_t length;
} Segment;

/* A version as RubyGems sees it: "1.2.3-rc1" is 1, 2, 3, "pre", "rc", 1. */
typedef struct {
	Segment segments[MAX_SEGMENTS];
	int n;
} GemVersion;

static bool is_number(Segment segment)
{
	return g_ascii_isdigit(segment.text[0]);
}

/* Zeros in front of a number count for nothing. */
static Segment number_of(const char *text, size_t length)
{
	while (length > 1 && *text == '0') {
		text++;
		length--;
	}
	return (Segment){ text, length };
}

static void add_segment(GemVersion *version, Segment segment)
{
	if (version->n < MAX_SEGMENTS)
		version->segments[version->n++] = segment;
}

static GemVersion gem_version(const char *text)
{
	GemVersion version = { .n = 0 };

	text += *text == 'v';
	while (*text != '\0' && *text != '+') {
		size_t digits = strspn(text, "0123456789"), letters = 0;

		while (g_ascii_isalpha(text[letters]))
			letters++;
		if (digits > 0)
			add_segment(&version, number_of(text, digits));
		else if (letters > 0)
			add_segment(&version, (Segment){ text, letters });
		else if (*text == '-')
			add_segment(&version, (Segment){ "pre", 3 });
		text += digits > 0 ? digits : MAX(letters, 1);
	}
	return version;
}

static bool is_zero(Segment segment)
{
	return segment.length == 1 && segment.text[0] == '0';
}

/* Without zeros at the end, and before the first word. */
static GemVersion canonical(const GemVersion *version)
{
	GemVersion result = { .n = 0 };
	int numbers = 0, end;

	while (numbers < version->n && is_number(version->segments[numbers]))
		numbers++;
	for (end = numbers; end > 0 && is_zero(version->segments[end - 1]);)
		end--;
	for (int i = 0; i < version->n; i++)
		if (i < end || i >= numbers)
			add_segment(&result, version->segments[i]);
	while (result.n > 0 && is_zero(result.segments[result.n - 1]))
		result.n--;
	return result;
}

static int compare_segments(Segment a, Segment b)
{
	int order;

	if (is_number(a) && is_number(b))
		return version_compare_digits(a.text, a.length, b.text, b.length);
	if (is_number(a) != is_number(b))
		return is_number(a) ? 1 : -1;
	order = memcmp(a.text, b.text, MIN(a.length, b.length));
	if (order == 0)
		return (a.length > b.length) - (a.length < b.length);
	return order < 0 ? -1 : 1;
}

static int compare(const GemVersion *x, const GemVersion *y)
{
	static const Segment zero = { "0", 1 };
	GemVersion a = canonical(x), b = canonical(y);

	for (int i = 0; i < MAX(a.n, b.n); i++) {
		int order = compare_segments(i < a.n ? a.segments[i] : zero,
					     i < b.n ? b.segments[i] : zero);

		if (order != 0)
			return order;
	}
	return 0;
}

/* The numbers before the first word. */
static GemVersion release_of(const GemVersion *version)
{
	GemVersion release = *version;

	for (release.n = 0; release.n < version->n && is_number(version->segments[release.n]);)
		release.n++;
	return release;
}

/* Whether `version` agrees with `floor` in all its numbers but the last: below the
 * next of the last but one, which a single number is itself. */
static bool is_near(const GemVersion *version, const GemVersion *floor)
{
	GemVersion numbers = release_of(version), start = release_of(floor);

	start.n = MAX(start.n - 1, 1);
	for (int i = numbers.n; i < start.n; i++)
		add_segment(&numbers, (Segment){ "0", 1 });
	numbers.n = MIN(numbers.n, start.n);
	return compare(&numbers, &start) == 0;
}

static bool holds(Relation relation, const GemVersion *version, const char *bound_text)
{
	GemVersion bound = gem_version(bound_text);

	return relation_holds(relation, compare(version, &bound),
			      relation == RELATION_NEAR && is_near(version, &bound));
}

/* [0-9]+ then letters and digits, dots between, a tail behind - or +. */
static bool is_version(const char *text)
{
	const char *p = text + (*text == 'v');

	if (!g_ascii_isdigit(*p))
		return false;
	while (g_ascii_isalnum(*p) || (*p == '.' && g_ascii_isalnum(p[1])))
		p++;
	if (*p == '-' || *p == '+')
		while (*p != '\0' && (g_ascii_isalnum(*p) || strchr(".-+", *p) != NULL))
			p++;
	return *p == '\0';
}

static bool is_wildcard(const char *part)
{
	return strcmp(part, "x") == 0 || strcmp(part, "X") == 0 || strcmp(part, "*") == 0;
}

/* What is written as one condition: an operator and the parts of a version. */
typedef struct {
	enum { PLAIN, TILDE, CARET } sign; /* of those that only gomod has */
	Relation relation;
	char **parts;     /* between dots; wildcards among them */
	guint n, n_fixed; /* parts; those before the first wildcard */
} Condition;

/* The version with 0 for what a wildcard leaves open. The caller's. */
static char *lower_end(const Condition *c)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < c->n; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "." : "",
				       i < c->n_fixed ? c->parts[i] : "0");
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The first `n` parts, at least `most` of them, filled with 0. The caller's. */
static char *filled(const Condition *c, guint n, guint most)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < MAX(n, most); i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "." : "", i < n ? c->parts[i] : "0");
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The bound of "< 1.5.x": below 1.6, as what is open may be anything. The caller's. */
static char *upper_end(const Condition *c)
{
	g_autofree char *start = NULL;
	guint64 number = 0;

	if (c->n_fixed == c->n || c->n_fixed == 0)
		return lower_end(c);
	start = filled(c, c->n_fixed - 1, 0);
	g_ascii_string_to_unsigned(c->parts[c->n_fixed - 1], 10, 0, G_MAXUINT32, &number, NULL);
	return g_strdup_printf("%s%s%" G_GUINT64_FORMAT ".0", start, *start != '\0' ? "." : "",
			       number + 1);
}

/* From the version to below the next major one. */
static bool is_in_caret(const GemVersion *version, const char *bound)
{
	const char *first = bound + (*bound == 'v');
	g_autofree char *digits = g_strndup(first, strspn(first, "0123456789"));
	guint64 major = 0;
	g_autofree char *next = NULL;

	g_ascii_string_to_unsigned(digits, 10, 0, G_MAXUINT32, &major, NULL);
	next = g_strdup_printf("%" G_GUINT64_FORMAT ".0.0.a", major + 1);
	return holds(RELATION_AT_LEAST, version, bound) && holds(RELATION_BELOW, version, next);
}

/* No operator, of either kind. */
static bool is_bare(const Condition *c)
{
	return c->sign == PLAIN && c->relation == RELATION_NONE;
}

static bool condition_holds(const Condition *c, const GemVersion *version)
{
	g_autofree char *low = lower_end(c);
	g_autofree char *bound = NULL;

	if (c->n_fixed == 0) /* `x`, `*` */
		return holds(RELATION_AT_LEAST, version, "0");
	if (is_bare(c) || c->sign == CARET)
		return is_in_caret(version, low);
	if (c->sign == TILDE) {
		bound = c->n < 3 ? filled(c, MIN(c->n_fixed, c->n), c->n + 1) : g_strdup(low);
		return holds(RELATION_NEAR, version, bound);
	}
	if (c->n_fixed < c->n && c->relation == RELATION_EQUAL) {
		bound = filled(c, c->n_fixed, c->n_fixed + 1);
		return holds(RELATION_NEAR, version, bound);
	}
	bound = c->relation == RELATION_BELOW || c->relation == RELATION_AT_MOST ? upper_end(c)
										 : g_strdup(low);
	return holds(c->relation, version, bound);
}

/* Takes the operator off the front of `text`; what is behind it. */
static const char *take_sign(const char *text, Condition *c)
{
	c->relation = relation_take(&text);
	if (c->relation != RELATION_NONE || (*text != '~' && *text != '^'))
		return text;
	c->sign = *text == '~' ? TILDE : CARET;
	for (text++; g_ascii_isspace(*text);)
		text++;
	return text;
}

/* Whether what follows a wildcard may: words and further wildcards. */
static bool is_component(const char *part)
{
	const char *p = part;

	while (g_ascii_isalnum(*p))
		p++;
	return is_wildcard(part) || (p > part && *p == '\0');
}

/* Reads one condition. False if it is none. */
static bool read_condition(const char *text, Condition *c)
{
	g_autofree char *low = NULL;

	c->parts = g_strsplit(take_sign(text, c), ".", -1);
	c->n = g_strv_length(c->parts);
	for (c->n_fixed = 0; c->n_fixed < c->n && !is_wildcard(c->parts[c->n_fixed]);)
		c->n_fixed++;
	if (c->n == 0)
		return false;
	for (guint i = c->n_fixed; i < c->n; i++)
		if (!is_component(c->parts[i]))
			return false;
	low = lower_end(c);
	return is_version(low);
}

/* "1.0.0 - 2.0.0", both ends included. False if it is none. */
static bool read_hyphen(const char *text, const GemVersion *version, bool *is_in)
{
	g_auto(GStrv) ends = g_strsplit(text, " - ", 2);
	const char *low, *high;

	if (g_strv_length(ends) != 2)
		return false;
	low = g_strstrip(ends[0]);
	high = g_strstrip(ends[1]);
	if (!is_version(low) || !is_version(high))
		return false;
	*is_in = holds(RELATION_AT_LEAST, version, low) && holds(RELATION_AT_MOST, version, high);
	return true;
}

/* Whether all conditions of one alternative hold. False: one is none. */
static bool alternative_holds(const char *text, const GemVersion *version, bool *is_in)
{
	g_auto(GStrv) texts = g_strsplit(text, ",", -1);

	*is_in = true;
	if (*texts == NULL)
		return false;
	for (char **one = texts; *one != NULL; one++) {
		Condition c = { 0 };
		bool is_read, is_held = false;

		g_strstrip(*one);
		is_read = read_hyphen(*one, version, &is_held);
		if (!is_read && read_condition(*one, &c)) {
			is_read = true;
			is_held = condition_holds(&c, version);
		}
		g_strfreev(c.parts);
		if (!is_read)
			return false;
		*is_in = *is_in && is_held;
	}
	return true;
}

bool gorange_contains(const char *range, const char *version, bool *is_in, GError **error)
{
	g_auto(GStrv) alternatives = g_strsplit(range, "||", -1);
	GemVersion gem = gem_version(version);

	*is_in = false;
	for (char **one = alternatives; *one != NULL; one++) {
		bool is_held;

		if (!alternative_holds(*one, &gem, &is_held))
			return fail(
				error, FAILURE_CONFIG,
				"'%.60s' is malformed: a range for gomod is one such as '>= 1.5, "
				"< 2', '~1.5', '^1.5', '= 1.5.2' or '1.x', several parted by "
				"'||'",
				range);
		*is_in = *is_in || is_held;
	}
	if (*alternatives == NULL)
		return fail(error, FAILURE_CONFIG, "a range for gomod must not be empty");
	return true;
}

/* What a condition without an operator means; NULL: what it seems to. The caller's. */
static char *remark_on(char *text)
{
	Condition c = { 0 };
	char *remark = NULL;

	g_strstrip(text);
	if (strstr(text, " - ") != NULL || !read_condition(text, &c)) {
		g_strfreev(c.parts);
		return NULL;
	}
	if (is_bare(&c) && c.n_fixed == c.n)
		remark = g_strdup_printf("'%.60s' ignores every version from there to the next "
					 "major; for this release alone write '= %.60s'",
					 text, text);
	else if (is_bare(&c) && c.n > 2 && c.n_fixed > 0)
		remark = g_strdup_printf("'%.60s' ignores every version up to the next major; for "
					 "one minor write '~1.5'",
					 text);
	g_strfreev(c.parts);
	return remark;
}

bool gorange_check(const char *range, char **remark, GError **error)
{
	g_auto(GStrv) conditions = NULL;
	g_autofree char *flat = NULL;
	bool is_in;

	*remark = NULL;
	if (!gorange_contains(range, "v0.0.0", &is_in, error))
		return false;
	flat = g_strdelimit(g_strdup(range), "|", ',');
	conditions = g_strsplit(flat, ",", -1);
	for (char **one = conditions; *one != NULL && *remark == NULL; one++)
		*remark = remark_on(*one);
	return true;
}
