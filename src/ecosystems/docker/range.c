/* SPDX-License-Identifier: MIT */
/* The ranges of `ignore: versions:` for images: Bundler's syntax.
 *
 * range := part { "," part }, all of which must hold
 * part  := [ "=" | "!=" | ">" | ">=" | "<" | "<=" | "~>" ] version
 * version: numbers and words, joined by dots; a word, as in `2.a` or `1.22.x`, is
 * lower than any number, and what follows a hyphen counts as words. A leading v
 * is passed over.
 *
 * Source: dependabot-yml.md 6.3 and 6.5, dependabot-core docker/requirement.rb.
 */
#include "ecosystems/docker/choice.h"

#include <limits.h>
#include <string.h>

typedef enum { EQUAL, NOT_EQUAL, ABOVE, AT_LEAST, BELOW, AT_MOST, NEARLY } Relation;

static const struct {
	const char *written;
	Relation relation;
} relations[] = {
	{ ">=", AT_LEAST }, { "<=", AT_MOST }, { "!=", NOT_EQUAL }, { "~>", NEARLY },
	{ "=", EQUAL },     { ">", ABOVE },    { "<", BELOW },
};

/* [0-9]+(.[0-9A-Za-z]+)*(-[0-9A-Za-z.-]+)? */
static bool is_version(const char *text)
{
	const char *p = text + strspn(text, "0123456789");

	if (p == text)
		return false;
	while (*p == '.' && g_ascii_isalnum(p[1]))
		for (p++; g_ascii_isalnum(*p);)
			p++;
	if (*p == '-' && p[1] != '\0')
		p += strspn(p, "-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return *p == '\0';
}

/* How many numbers a version begins with, before the first word. */
static int leading_numbers(const char *version)
{
	int count = 0;

	while (g_ascii_isdigit(*version)) {
		while (g_ascii_isdigit(*version))
			version++;
		count++;
		if (*version == '.')
			version++;
	}
	return count;
}

/* The tag's numbers against at most `count` parts of `version`; a part that is
 * missing on either side is 0. */
static int compare(Numbers core, const char *version, int count)
{
	while (count-- > 0) {
		static const Numbers zero = { "0", 1 };
		Numbers x = numbers_next(&core), y = { 0 };
		int order;

		version += strspn(version, ".");
		if (*version == '-' || g_ascii_isalpha(*version))
			return 1;
		if (g_ascii_isdigit(*version)) {
			const char *end = version + strspn(version, "0123456789");

			y = numbers_from(version, end);
			version = end;
		}
		if (x.length == 0 && y.length == 0)
			return 0;
		order = numbers_compare(x.length > 0 ? x : zero, y.length > 0 ? y : zero, 1);
		if (order != 0)
			return order;
	}
	return 0;
}

static bool holds(Relation relation, Numbers core, const char *version)
{
	int order = compare(core, version, INT_MAX);

	switch (relation) {
	case EQUAL:
		return order == 0;
	case NOT_EQUAL:
		return order != 0;
	case ABOVE:
		return order > 0;
	case AT_LEAST:
		return order >= 0;
	case BELOW:
		return order < 0;
	case AT_MOST:
		return order <= 0;
	case NEARLY:
		/* The last number may rise, a single one may have followers. */
		return order >= 0 &&
		       compare(core, version, MAX(leading_numbers(version) - 1, 1)) == 0;
	}
	g_assert_not_reached();
}

bool choice_in_range(const char *range, const Dependency *dep, const Release *release, bool *is_in,
		     GError **error)
{
	g_auto(GStrv) parts = g_strsplit(range, ",", -1);
	guint count = g_strv_length(parts);

	(void)dep;
	*is_in = true;
	for (guint i = 0; i < count; i++) {
		char *part = g_strstrip(parts[i]);
		Relation relation = EQUAL;

		if (*part == '\0' && i > 0 && i + 1 == count)
			break;
		for (size_t k = 0; k < G_N_ELEMENTS(relations); k++) {
			if (!g_str_has_prefix(part, relations[k].written))
				continue;
			relation = relations[k].relation;
			part = g_strchug(part + strlen(relations[k].written));
			break;
		}
		part += *part == 'v' && g_ascii_isdigit(part[1]);
		if (!is_version(part))
			return fail(
				error, FAILURE_CONFIG,
				"'%s' is no range of tags; write '>= 1.22, < 1.24' or '~> 1.22'",
				range);
		*is_in = *is_in && holds(relation, tag_of(release)->core, part);
	}
	if (count == 0)
		return fail(error, FAILURE_CONFIG, "a range of tags is empty");
	return true;
}
