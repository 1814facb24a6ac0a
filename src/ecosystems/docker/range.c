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
#include "base/relation.h"
#include "ecosystems/docker/choice.h"

#include <limits.h>
#include <string.h>

/* Parts of a range for which it is worth telling whether they leave anything. */
enum { MOST_TRIED = 16 };

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

	/* The last number may rise, a single one may have followers. */
	return relation_holds(
		relation, order,
		relation == RELATION_NEAR &&
			compare(core, version, MAX(leading_numbers(version) - 1, 1)) == 0);
}

/* Takes the relation off the front of `*part`, and a v. */
static Relation take_relation(const char **part)
{
	Relation relation = relation_take(part);

	*part += **part == 'v' && g_ascii_isdigit((*part)[1]);
	return relation;
}

/* "1.22.x", as it would be written for another ecosystem. */
static bool has_wildcard(const char *version)
{
	g_auto(GStrv) parts = g_strsplit(version, ".", -1);

	for (char **part = parts; *part != NULL; part++)
		if (g_ascii_strcasecmp(*part, "x") == 0)
			return true;
	return false;
}

/* Whether the numbers lie in `range`; `*odd` is a part that can match nothing, or NULL;
 * the caller's. */
static bool contains(const char *range, Numbers core, bool *is_in, char **odd, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(range, ",", -1);
	guint count = g_strv_length(parts);

	*is_in = count > 0;
	*odd = NULL;
	for (guint i = 0; i < count; i++) {
		const char *version = g_strstrip(parts[i]);
		Relation relation;

		/* Ruby's split() drops what is empty behind the last comma. */
		if (*version == '\0' && i > 0 && i + 1 == count)
			break;
		relation = take_relation(&version);
		if (!is_version(version)) {
			g_clear_pointer(odd, g_free);
			return fail(
				error, FAILURE_CONFIG,
				"'%.60s' is malformed: a range for docker is one such as '1.22', "
				"'>= 1.22, < 1.24', '~> 1.22.0' or '!= 1.5'",
				range);
		}
		if (*odd == NULL && has_wildcard(version))
			*odd = g_strdup(version);
		*is_in = *is_in && holds(relation, core, version);
	}
	return count > 0 || fail(error, FAILURE_CONFIG, "a range for docker must not be empty");
}

bool choice_in_range(const char *range, const Dependency *dep, const Release *release, bool *is_in,
		     GError **error)
{
	g_autofree char *odd = NULL;

	(void)dep;
	return contains(range, tag_of(release)->core, is_in, &odd, error);
}

static bool has(const char *range, const char *core)
{
	g_autofree char *odd = NULL;
	bool is_in = false;

	return contains(range, numbers_from(core, core + strlen(core)), &is_in, &odd, NULL) &&
	       is_in;
}

/* Whether a range that can be read has any tag in it. All its parts hold between two
 * of the versions that it names, or at one: so it has one of these, or what comes just
 * after one, or 0, or nothing. */
static bool can_match(const char *range)
{
	g_auto(GStrv) parts = g_strsplit(range, ",", -1);

	if (g_strv_length(parts) > MOST_TRIED)
		return true;
	for (char **part = parts; *part != NULL; part++) {
		const char *version = g_strstrip(*part);
		g_autofree char *core = NULL, *after = NULL;

		(void)take_relation(&version);
		core = g_strndup(version, strspn(version, "0123456789."));
		after = g_strconcat(core, ".0.0.0.0.0.0.0.1", NULL);
		if (has(range, core) || has(range, after))
			return true;
	}
	return has(range, "0");
}

bool choice_check_range(const char *range, char **remark, GError **error)
{
	g_autofree char *odd = NULL;
	bool is_in;

	*remark = NULL;
	if (!contains(range, (Numbers){ 0 }, &is_in, &odd, error))
		return false;
	is_in = can_match(range);
	if (odd != NULL)
		*remark = g_strdup_printf(
			"'%.60s' %s: x is no wildcard here; for all of 1.22 write '~> 1.22.0'", odd,
			is_in ? "is not what it seems" : "matches nothing");
	else if (!is_in)
		*remark = g_strdup_printf(
			"'%.60s' matches nothing: of a tag its numbers alone count, and no "
			"number is all of that",
			range);
	return true;
}
