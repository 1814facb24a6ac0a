/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/goversion.h"

#include "ecosystems/gomod/version.h"

#include <string.h>

/* From this minor version on "1.N" is below "1.Nrc1" and no longer means 1.N.0. */
#define FIRST_LANGUAGE_MINOR "21"

typedef struct {
	const char *text;
	size_t length;
} Part;

/* Major, minor and patch are decimal text; `patch` is empty where the version
 * has none (a language version or pre-release), `kind` is empty but for
 * pre-releases ("alpha", "beta", "rc"), whose number is `pre`. */
typedef struct {
	Part major, minor, patch, kind, pre;
} Parts;

static const Part zero = { "0", 1 };

static bool take_number(const char **p, Part *number)
{
	size_t length = strspn(*p, "0123456789");

	if (length == 0 || (length > 1 && **p == '0'))
		return false;
	*number = (Part){ *p, length };
	*p += length;
	return true;
}

static bool take_apart(const char *version, Parts *parts)
{
	const char *p = version;

	*parts = (Parts){ 0 };
	if (!take_number(&p, &parts->major))
		return false;
	if (*p == '\0') {
		parts->minor = parts->patch = zero;
		return true;
	}
	if (*p++ != '.' || !take_number(&p, &parts->minor))
		return false;
	if (*p == '\0') {
		if (version_compare_digits(parts->minor.text, parts->minor.length,
					   FIRST_LANGUAGE_MINOR, strlen(FIRST_LANGUAGE_MINOR)) < 0)
			parts->patch = zero;
		return true;
	}
	if (*p == '.') {
		p++;
		return take_number(&p, &parts->patch) && *p == '\0';
	}
	parts->kind = (Part){ p, strcspn(p, "0123456789") };
	p += parts->kind.length;
	for (size_t i = 0; i < parts->kind.length; i++)
		if (parts->kind.text[i] < 'a' || parts->kind.text[i] > 'z')
			return false;
	return parts->kind.length > 0 && take_number(&p, &parts->pre) && *p == '\0';
}

bool goversion_is_valid(const char *version)
{
	Parts parts;

	return take_apart(version, &parts);
}

static int compare_numbers(Part a, Part b)
{
	return version_compare_digits(a.text, a.length, b.text, b.length);
}

static int compare_words(Part a, Part b)
{
	int order = memcmp(a.text, b.text, MIN(a.length, b.length));

	if (order == 0)
		return (a.length > b.length) - (a.length < b.length);
	return order < 0 ? -1 : 1;
}

int goversion_compare(const char *a, const char *b)
{
	Parts x, y;
	bool a_is_valid = take_apart(a, &x), b_is_valid = take_apart(b, &y);
	int order;

	if (!a_is_valid || !b_is_valid)
		return a_is_valid - b_is_valid;
	/* An absent patch is shorter than any number, hence below. */
	if ((order = compare_numbers(x.major, y.major)) != 0 ||
	    (order = compare_numbers(x.minor, y.minor)) != 0 ||
	    (order = compare_numbers(x.patch, y.patch)) != 0)
		return order;
	if (x.kind.length == 0 || y.kind.length == 0)
		return (x.kind.length > 0) - (y.kind.length > 0);
	order = compare_words(x.kind, y.kind);
	return order != 0 ? order : compare_numbers(x.pre, y.pre);
}

char *goversion_of_toolchain(const char *name)
{
	g_autofree char *version = NULL;

	if (!g_str_has_prefix(name, "go") || strpbrk(name, "/\\") != NULL)
		return NULL;
	name += strlen("go");
	version = g_strndup(name, strcspn(name, " \t-"));
	return goversion_is_valid(version) ? g_steal_pointer(&version) : NULL;
}

int goversion_compare_toolchains(const char *a, const char *b)
{
	g_autofree char *x = goversion_of_toolchain(a);
	g_autofree char *y = goversion_of_toolchain(b);

	return goversion_compare(x != NULL ? x : "", y != NULL ? y : "");
}

int goversion_compare_modules(const char *path, const char *a, const char *b)
{
	if (strcmp(path, GOVERSION_PATH) == 0)
		return goversion_compare(a, b);
	if (strcmp(path, GOVERSION_TOOLCHAIN_PATH) == 0)
		return goversion_compare_toolchains(a, b);
	return version_compare(a, b);
}

/* The length of the number without leading zeros at `p`; 0 if there is none. */
static size_t number_length(const char *p)
{
	size_t length = strspn(p, "0123456789");

	return length > 1 && *p == '0' ? 0 : length;
}

/* The length of "N.N" at `p`; 0 if it does not begin so. */
static size_t language_length(const char *p)
{
	size_t major = number_length(p), minor;

	if (major == 0 || *p == '0' || p[major] != '.')
		return 0;
	minor = number_length(p + major + 1);
	return minor == 0 ? 0 : major + 1 + minor;
}

bool goversion_is_line(const char *p)
{
	size_t length = language_length(p);

	if (length == 0)
		return false;
	p += length;
	if (*p == '.') {
		length = number_length(p + 1);
		if (length == 0)
			return false;
		p += 1 + length;
	}
	length = strspn(p, "abcdefghijklmnopqrstuvwxyz");
	if (length == 0)
		return *p == '\0';
	p += length;
	length = strspn(p, "0123456789");
	return length > 0 && p[length] == '\0';
}

char *goversion_lax_line(const char *text)
{
	const char *p = *text == 'v' ? text + 1 : text;
	size_t length = language_length(p);

	if (length == 0 || g_ascii_isdigit(p[length]))
		return NULL;
	return g_strndup(p, length);
}

char *goversion_first_release(const char *line)
{
	const char *dot = strchr(line, '.');
	bool is_language = dot != NULL && dot[1 + strspn(dot + 1, "0123456789")] == '\0';

	return g_strconcat(line, is_language ? ".0" : "", NULL);
}
