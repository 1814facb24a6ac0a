/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/version.h"

#include <string.h>

#define INCOMPATIBLE "+incompatible"

typedef struct {
	const char *text;
	size_t length;
} Part;

/* A version taken apart; parts point into its text. */
typedef struct {
	Part numbers[3];
	int n_numbers;    /* how many are written, 1 to 3 */
	Part pre_release; /* with its '-'; empty if none */
	Part build;       /* with its '+'; empty if none */
} Parts;

static bool is_identifier_byte(char c)
{
	return g_ascii_isalnum(c) || c == '-';
}

static bool is_number(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!g_ascii_isdigit(text[i]))
			return false;
	return length > 0;
}

/* Takes a number without leading zeros off the front of `*p`. */
static bool take_number(const char **p, Part *number)
{
	size_t length = strspn(*p, "0123456789");

	if (length == 0 || (length > 1 && **p == '0'))
		return false;
	*number = (Part){ *p, length };
	*p += length;
	return true;
}

/* Takes dot-separated identifiers, and the sign in front of them, off `*p`.
 * In a pre-release no number may have a leading zero. */
static bool take_identifiers(const char **p, bool is_pre_release, Part *identifiers)
{
	const char *start = *p, *identifier = *p + 1, *end = identifier;

	for (;; end++) {
		if (is_identifier_byte(*end))
			continue;
		if (end == identifier)
			return false;
		if (is_pre_release && is_number(identifier, (size_t)(end - identifier)) &&
		    end - identifier > 1 && *identifier == '0')
			return false;
		if (*end != '.')
			break;
		identifier = end + 1;
	}
	*identifiers = (Part){ start, (size_t)(end - start) };
	*p = end;
	return true;
}

static bool take_apart(const char *version, Parts *parts)
{
	const char *p = version;

	*parts = (Parts){ 0 };
	if (*p != 'v')
		return false;
	do {
		p++;
		if (!take_number(&p, &parts->numbers[parts->n_numbers++]))
			return false;
	} while (parts->n_numbers < 3 && *p == '.');
	if (parts->n_numbers == 3) {
		if (*p == '-' && !take_identifiers(&p, true, &parts->pre_release))
			return false;
		if (*p == '+' && !take_identifiers(&p, false, &parts->build))
			return false;
	}
	for (int i = parts->n_numbers; i < 3; i++)
		parts->numbers[i] = (Part){ "0", 1 };
	return *p == '\0';
}

bool version_is_valid(const char *version)
{
	Parts parts;

	return take_apart(version, &parts);
}

int version_compare_digits(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int order;

	if (a_length != b_length)
		return a_length < b_length ? -1 : 1;
	order = a_length == 0 ? 0 : memcmp(a, b, a_length);
	return (order > 0) - (order < 0);
}

static int compare_identifiers(Part a, Part b)
{
	bool a_is_number = is_number(a.text, a.length), b_is_number = is_number(b.text, b.length);
	int order;

	if (a_is_number && b_is_number)
		return version_compare_digits(a.text, a.length, b.text, b.length);
	if (a_is_number != b_is_number)
		return a_is_number ? -1 : 1;
	order = memcmp(a.text, b.text, MIN(a.length, b.length));
	if (order == 0)
		return (a.length > b.length) - (a.length < b.length);
	return order < 0 ? -1 : 1;
}

/* Takes the next identifier, and the sign or dot in front of it, off `*rest`. */
static Part next_identifier(Part *rest)
{
	Part identifier = { rest->text + 1, 0 };

	while (identifier.length + 1 < rest->length && identifier.text[identifier.length] != '.')
		identifier.length++;
	rest->text += identifier.length + 1;
	rest->length -= identifier.length + 1;
	return identifier;
}

static int compare_pre_releases(Part a, Part b)
{
	if (a.length == 0 || b.length == 0)
		return (a.length == 0) - (b.length == 0);
	while (a.length > 0 && b.length > 0) {
		Part x = next_identifier(&a), y = next_identifier(&b);
		int order = compare_identifiers(x, y);

		if (order != 0)
			return order;
	}
	return (a.length > 0) - (b.length > 0);
}

int version_compare(const char *a, const char *b)
{
	Parts x, y;
	bool a_is_valid = take_apart(a, &x), b_is_valid = take_apart(b, &y);

	if (!a_is_valid || !b_is_valid)
		return a_is_valid - b_is_valid;
	for (int i = 0; i < 3; i++) {
		int order = version_compare_digits(x.numbers[i].text, x.numbers[i].length,
						   y.numbers[i].text, y.numbers[i].length);

		if (order != 0)
			return order;
	}
	return compare_pre_releases(x.pre_release, y.pre_release);
}

static bool part_is(Part part, const char *text)
{
	return part.length == strlen(text) && memcmp(part.text, text, part.length) == 0;
}

static void append_part(GString *text, Part part)
{
	g_string_append_len(text, part.text, (gssize)part.length);
}

/* "vX.Y.Z" and the pre-release of `parts`. */
static GString *without_build(const Parts *parts)
{
	GString *text = g_string_new("v");

	for (int i = 0; i < 3; i++) {
		if (i > 0)
			g_string_append_c(text, '.');
		append_part(text, parts->numbers[i]);
	}
	append_part(text, parts->pre_release);
	return text;
}

char *version_canonical(const char *version)
{
	Parts parts;
	GString *text;

	if (!take_apart(version, &parts))
		return NULL;
	text = without_build(&parts);
	if (part_is(parts.build, INCOMPATIBLE))
		append_part(text, parts.build);
	return g_string_free(text, FALSE);
}

bool version_is_canonical(const char *version)
{
	Parts parts;

	return take_apart(version, &parts) && parts.n_numbers == 3 &&
	       (parts.build.length == 0 || part_is(parts.build, INCOMPATIBLE));
}

bool version_is_prerelease(const char *version)
{
	Parts parts;

	return take_apart(version, &parts) && parts.pre_release.length > 0;
}

bool version_is_incompatible(const char *version)
{
	return g_str_has_suffix(version, INCOMPATIBLE);
}

char *version_major(const char *version)
{
	Parts parts;

	if (!take_apart(version, &parts))
		return NULL;
	return g_strdup_printf("v%.*s", (int)parts.numbers[0].length, parts.numbers[0].text);
}

bool version_numbers(const char *version, char *numbers[static 3])
{
	Parts parts;

	if (!take_apart(version, &parts))
		return false;
	for (int i = 0; i < 3; i++)
		numbers[i] = g_strndup(parts.numbers[i].text, parts.numbers[i].length);
	return true;
}

#define TIME_DIGITS 14

/* A pseudo-version taken apart further: the pre-release is
 * "-" [ before ] time "-" revision, `before` being "", "0." or "pre.0.". */
typedef struct {
	Parts parts;
	Part before, time, revision;
} Pseudo;

static bool take_pseudo_apart(const char *version, Pseudo *pseudo)
{
	Part pre, last;
	const char *dash;

	if (!take_apart(version, &pseudo->parts))
		return false;
	pre = pseudo->parts.pre_release;
	if (pre.length == 0)
		return false;
	pre.text++;
	pre.length--;
	dash = memrchr(pre.text, '-', pre.length);
	if (dash == NULL || dash - pre.text < TIME_DIGITS)
		return false;
	last = (Part){ dash + 1, (size_t)(pre.text + pre.length - dash - 1) };
	pseudo->revision = last;
	pseudo->time = (Part){ dash - TIME_DIGITS, TIME_DIGITS };
	pseudo->before = (Part){ pre.text, (size_t)(pseudo->time.text - pre.text) };
	if (last.length == 0 || memchr(last.text, '.', last.length) != NULL ||
	    !is_number(pseudo->time.text, TIME_DIGITS))
		return false;
	if (pseudo->before.length == 0) /* vX.0.0-T-R */
		return part_is(pseudo->parts.numbers[1], "0") &&
		       part_is(pseudo->parts.numbers[2], "0");
	if (part_is(pseudo->before, "0."))
		return true;
	return pseudo->before.length > 3 &&
	       memcmp(pseudo->before.text + pseudo->before.length - 3, ".0.", 3) == 0;
}

bool version_is_pseudo(const char *version)
{
	Pseudo pseudo;

	return take_pseudo_apart(version, &pseudo);
}

bool version_pseudo_time(const char *version, int64_t *at, GError **error)
{
	Pseudo pseudo;
	g_autoptr(GDateTime) time = NULL;
	int fields[TIME_DIGITS / 2];

	if (!take_pseudo_apart(version, &pseudo))
		return fail(error, FAILURE_INPUT, "'%s' is no pseudo-version", version);
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		fields[i] =
			(pseudo.time.text[2 * i] - '0') * 10 + pseudo.time.text[2 * i + 1] - '0';
	/* Year 0 exists for Go and not for GLib; no commit is that old. */
	time = g_date_time_new_utc(fields[0] * 100 + fields[1], fields[2], fields[3], fields[4],
				   fields[5], fields[6]);
	if (time == NULL)
		return fail(error, FAILURE_INPUT, "the time in '%s' does not exist", version);
	*at = g_date_time_to_unix(time);
	return true;
}

/* `number`, which is not 0, less one. */
static char *one_less(Part number)
{
	char *text = g_strndup(number.text, number.length);
	size_t i = number.length - 1;

	while (text[i] == '0')
		text[i--] = '9';
	text[i]--;
	if (text[0] == '0' && number.length > 1)
		memmove(text, text + 1, number.length);
	return text;
}

bool version_pseudo_base(const char *version, char **base, GError **error)
{
	Pseudo pseudo;
	GString *text;

	*base = NULL;
	if (!take_pseudo_apart(version, &pseudo))
		return fail(error, FAILURE_INPUT, "'%s' is no pseudo-version", version);
	if (pseudo.before.length == 0)
		return true;
	if (part_is(pseudo.before, "0.")) {
		g_autofree char *patch = NULL;

		if (part_is(pseudo.parts.numbers[2], "0"))
			return fail(error, FAILURE_INPUT,
				    "the version before '%s' would be negative", version);
		patch = one_less(pseudo.parts.numbers[2]);
		text = g_string_new("v");
		append_part(text, pseudo.parts.numbers[0]);
		g_string_append_c(text, '.');
		append_part(text, pseudo.parts.numbers[1]);
		g_string_append_printf(text, ".%s", patch);
	} else {
		pseudo.parts.pre_release.length =
			pseudo.before.length - 2; /* '-' more, ".0." less */
		text = without_build(&pseudo.parts);
	}
	append_part(text, pseudo.parts.build);
	*base = g_string_free(text, FALSE);
	return true;
}

char *version_pseudo_revision(const char *version)
{
	Pseudo pseudo;

	if (!take_pseudo_apart(version, &pseudo))
		return NULL;
	return g_strndup(pseudo.revision.text, pseudo.revision.length);
}

/* "12" to "13", "99" to "100". */
static char *one_more(Part number)
{
	GString *text = g_string_new_len(number.text, (gssize)number.length);

	for (size_t i = text->len; i-- > 0;) {
		if (text->str[i] != '9') {
			text->str[i]++;
			return g_string_free(text, FALSE);
		}
		text->str[i] = '0';
	}
	g_string_prepend_c(text, '1');
	return g_string_free(text, FALSE);
}

char *version_pseudo_new(const char *major, const char *base, int64_t at, const char *revision)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at);
	g_autofree char *digits = time != NULL ? g_date_time_format(time, "%Y%m%d%H%M%S") : NULL;
	g_autofree char *canonical = base != NULL ? version_canonical(base) : NULL;
	g_autofree char *patch = NULL;
	const char *build = "";
	Parts parts;

	if (digits == NULL) /* a time beyond the calendar */
		digits = g_strdup("00010101000000");
	if (canonical == NULL)
		return g_strdup_printf("%s.0.0-%s-%s", major, digits, revision);
	if (version_is_incompatible(canonical)) {
		build = "+incompatible";
		canonical[strlen(canonical) - strlen(build)] = '\0';
	}
	if (!take_apart(canonical, &parts))
		g_assert_not_reached();
	if (parts.pre_release.length > 0)
		return g_strdup_printf("%s.0.%s-%s%s", canonical, digits, revision, build);
	patch = one_more(parts.numbers[2]);
	return g_strdup_printf("v%.*s.%.*s.%s-0.%s-%s%s", (int)parts.numbers[0].length,
			       parts.numbers[0].text, (int)parts.numbers[1].length,
			       parts.numbers[1].text, patch, digits, revision, build);
}
