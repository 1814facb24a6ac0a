/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modpath.h"

#include "ecosystems/gomod/version.h"

#include <string.h>

#define GOPKG    "gopkg.in/"
#define UNSTABLE "-unstable"

static size_t digits_before(const char *path, size_t end)
{
	size_t start = end;

	while (start > 0 && g_ascii_isdigit(path[start - 1]))
		start--;
	return end - start;
}

/* gopkg.in/x.v0, .v1, .v2 …, each with or without -unstable. */
static bool split_gopkg(const char *path, size_t *prefix_length)
{
	size_t end = strlen(path), digits;

	if (g_str_has_suffix(path, UNSTABLE))
		end -= strlen(UNSTABLE);
	digits = digits_before(path, end);
	if (digits == 0 || end < digits + 2 || path[end - digits - 1] != 'v' ||
	    path[end - digits - 2] != '.' ||
	    (path[end - digits] == '0' && (digits > 1 || path[end] != '\0')))
		return false;
	*prefix_length = end - digits - 2;
	return true;
}

bool modpath_split(const char *path, size_t *prefix_length)
{
	size_t end = strlen(path), start = end, digits;

	*prefix_length = end;
	if (g_str_has_prefix(path, GOPKG))
		return split_gopkg(path, prefix_length);
	/* A dot among the digits makes the end wrong, not just no major version. */
	while (start > 0 && (g_ascii_isdigit(path[start - 1]) || path[start - 1] == '.'))
		start--;
	if (start <= 1 || start == end || path[start - 1] != 'v' || path[start - 2] != '/')
		return true;
	digits = digits_before(path, end);
	if (digits != end - start || path[start] == '0' || (digits == 1 && path[start] == '1'))
		return false;
	*prefix_length = start - 2;
	return true;
}

typedef enum { PATH_MODULE, PATH_IMPORT, PATH_FILE } PathKind;

/* rule of golang/mod module.go modPathOK, importPathOK, fileNameOK */
static bool is_allowed(gunichar c, PathKind kind)
{
	if (c < 128) {
		if (g_ascii_isalnum((char)c) || (c != 0 && strchr("-._~", (int)c) != NULL))
			return true;
		if (kind == PATH_IMPORT)
			return c == '+';
		return kind == PATH_FILE && c != 0 && strchr("!#$%&()+,=@[]^{} ", (int)c) != NULL;
	}
	return kind == PATH_FILE && g_unichar_isalpha(c);
}

/* Names that Windows takes for devices, whatever their ending. */
static bool is_device_name(const char *name, size_t length)
{
	static const char *const names[] = {
		"CON",  "com1", "com2", "com3", "com4", "com5", "com6", "com7",
		"com8", "com9", "NUL",  "lpt1", "lpt2", "lpt3", "lpt4", "lpt5",
		"lpt6", "lpt7", "lpt8", "lpt9", "PRN",  "AUX",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i]) == length && g_ascii_strncasecmp(name, names[i], length) == 0)
			return true;
	return false;
}

/* What is wrong with one element, NULL if nothing. */
static const char *element_fault(const char *element, size_t length, PathKind kind)
{
	size_t stem, digits;

	if (length == 0)
		return "an empty element";
	if (strspn(element, ".") >= length)
		return "an element of dots";
	if (element[0] == '.' && kind == PATH_MODULE)
		return "an element that begins with a dot";
	if (element[length - 1] == '.')
		return "an element that ends with a dot";
	for (size_t at = 0; at < length;) {
		gunichar c = g_utf8_get_char_validated(element + at, (gssize)(length - at));

		if (c >= (gunichar)-2 || !is_allowed(c, kind))
			return "a character that may not be in it";
		at += (size_t)(g_utf8_next_char(element + at) - (element + at));
	}
	stem = strcspn(element, ".");
	if (is_device_name(element, MIN(stem, length)))
		return "a Windows device name";
	if (kind == PATH_FILE) /* may look like a Windows short name */
		return NULL;
	digits = digits_before(element, MIN(stem, length));
	if (digits > 0 && digits < MIN(stem, length) &&
	    element[MIN(stem, length) - digits - 1] == '~')
		return "an element that looks like a Windows short name";
	return NULL;
}

static const char *path_fault(const char *path, PathKind kind)
{
	if (path[0] == '\0')
		return "no character";
	if (path[0] == '-' && kind != PATH_FILE)
		return "a dash at its start";
	for (const char *element = path;; element++) {
		size_t length = strcspn(element, "/");
		const char *fault = element_fault(element, length, kind);

		if (fault != NULL)
			return fault;
		element += length;
		if (*element == '\0')
			return NULL;
	}
}

static const char *host_fault(const char *path)
{
	size_t length = strcspn(path, "/");

	if (memchr(path, '.', length) == NULL)
		return "no dot in its first element";
	for (size_t i = 0; i < length; i++)
		if (!g_ascii_islower(path[i]) && !g_ascii_isdigit(path[i]) && path[i] != '.' &&
		    path[i] != '-')
			return "a character in its first element that no host name has";
	return NULL;
}

bool modpath_check(const char *path, GError **error)
{
	const char *fault = path_fault(path, PATH_MODULE);
	size_t prefix_length;

	if (fault == NULL)
		fault = host_fault(path);
	if (fault != NULL)
		return fail(error, FAILURE_INPUT, "the module path '%s' has %s", path, fault);
	if (!modpath_split(path, &prefix_length))
		return fail(error, FAILURE_INPUT, "the module path '%s' ends in no major version",
			    path);
	return true;
}

bool modpath_check_import(const char *path, GError **error)
{
	const char *fault = path_fault(path, PATH_IMPORT);

	if (fault != NULL)
		return fail(error, FAILURE_INPUT, "the import path '%s' has %s", path, fault);
	return true;
}

bool modpath_check_file(const char *path, GError **error)
{
	const char *fault = path_fault(path, PATH_FILE);

	if (fault != NULL)
		return fail(error, FAILURE_INPUT, "the file name '%s' has %s", path, fault);
	return true;
}

/* The number in a major version ("/v2", ".v2-unstable"), with its v. */
static char *number_of(const char *major)
{
	size_t length = strcspn(major + 1, "-");

	return g_strndup(major + 1, length);
}

/* What versions a path may have, for a person. */
static char *wanted_major(const char *major)
{
	return major[0] == '\0' ? g_strdup("v0 or v1") : number_of(major);
}

bool modpath_check_version(const char *path, const char *version, GError **error)
{
	size_t prefix_length;
	g_autofree char *of_path = NULL;
	g_autofree char *of_version = version_major(version);
	const char *major;

	if (!modpath_split(path, &prefix_length))
		return fail(error, FAILURE_INPUT, "the module path '%s' ends in no major version",
			    path);
	major = path + prefix_length;
	of_path = wanted_major(major);
	if (of_version == NULL)
		return fail(error, FAILURE_INPUT, "'%s' is no version like v1.2.3", version);
	if (major[0] == '\0' && (strcmp(of_version, "v0") == 0 || strcmp(of_version, "v1") == 0 ||
				 version_is_incompatible(version)))
		return true;
	/* gopkg.in gave v0.0.0 pseudo-versions to .v1 before it knew better. */
	if (major[0] == '.' && strcmp(of_path, "v1") == 0 && g_str_has_prefix(version, "v0.0.0-"))
		return true;
	if (strcmp(of_path, of_version) == 0)
		return true;
	return fail(error, FAILURE_INPUT, "the version '%s' of '%s' should be %s, not %s", version,
		    path, of_path, of_version);
}

char *modpath_major(const char *path)
{
	size_t prefix_length;

	if (!modpath_split(path, &prefix_length))
		return NULL;
	return path[prefix_length] == '\0' ? g_strdup("v0") : number_of(path + prefix_length);
}

char *modpath_at(const char *path, guint major)
{
	bool is_gopkg = g_str_has_prefix(path, GOPKG);
	size_t prefix_length;

	if (!modpath_split(path, &prefix_length))
		return NULL;
	if (major <= 1 && !is_gopkg)
		return g_strndup(path, prefix_length);
	return g_strdup_printf("%.*s%cv%u", (int)prefix_length, path, is_gopkg ? '.' : '/', major);
}

static char *escape(const char *text)
{
	GString *escaped = g_string_new(NULL);

	for (; *text != '\0'; text++) {
		if (g_ascii_isupper(*text))
			g_string_append_c(escaped, '!');
		g_string_append_c(escaped, g_ascii_tolower(*text));
	}
	return g_string_free(escaped, FALSE);
}

char *modpath_escape(const char *path, GError **error)
{
	return modpath_check(path, error) ? escape(path) : NULL;
}

char *modpath_escape_version(const char *version, GError **error)
{
	const char *fault = element_fault(version, strlen(version), PATH_FILE);

	if (strpbrk(version, "!/") != NULL)
		fault = "a character that may not be in it";
	if (fault != NULL)
		return fail_null(error, FAILURE_INPUT, "the version '%s' has %s", version, fault);
	return escape(version);
}

/* Takes one bound of a range in a class; false if there is none. */
static bool take_bound(const char **at, const char *end, gunichar *bound)
{
	if (*at >= end || **at == '-' || **at == ']')
		return false;
	if (**at == '\\' && ++*at >= end)
		return false;
	*bound = g_utf8_get_char(*at);
	*at = g_utf8_next_char(*at);
	return true;
}

/* Matches one character against the class at `*p` ("[a-z]", "[^x]") and moves
 * `*p` behind it; false too if the class is malformed. Source: Go path.Match. */
static bool match_class(const char **p, const char *end, gunichar c)
{
	bool is_negated = false, is_in = false;
	const char *at = *p + 1;

	if (at < end && *at == '^') {
		is_negated = true;
		at++;
	}
	do {
		gunichar low, high;

		if (!take_bound(&at, end, &low))
			return false;
		high = low;
		if (at < end && *at == '-') {
			at++;
			if (!take_bound(&at, end, &high))
				return false;
		}
		is_in |= low <= c && c <= high;
	} while (at < end && *at != ']');
	if (at >= end)
		return false;
	*p = at + 1;
	return is_in != is_negated;
}

/* Whether the glob [p, end) matches [text, text_end). One step back suffices:
 * the last `*` is the only one whose choice can still matter. Both are valid
 * UTF-8. `*` and `?` do not cross a slash. */
static bool match(const char *p, const char *end, const char *text, const char *text_end)
{
	const char *star = NULL, *star_text = NULL;

	for (;;) {
		const char *next = p;
		gunichar c = text < text_end ? g_utf8_get_char(text) : 0;
		bool is_match = false;

		if (p == end && text == text_end)
			return true;
		if (p < end && *p == '*') {
			star = ++p;
			star_text = text;
			continue;
		}
		if (p < end && text < text_end) {
			if (*p == '[') {
				is_match = match_class(&next, end, c);
			} else if (*p == '?') {
				is_match = c != '/';
				next = p + 1;
			} else {
				if (*p == '\\' && p + 1 < end)
					p++;
				is_match = g_utf8_get_char(p) == c;
				next = g_utf8_next_char(p);
			}
		}
		if (is_match) {
			p = next;
			text = g_utf8_next_char(text);
			continue;
		}
		if (star == NULL || star_text >= text_end || *star_text == '/')
			return false;
		star_text = g_utf8_next_char(star_text);
		text = star_text;
		p = star;
	}
}

/* The end of the first `n` elements of `path`; NULL if it has fewer. */
static const char *end_of_elements(const char *path, size_t n)
{
	for (const char *p = path;; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		if (--n == 0)
			return p;
		if (*p == '\0')
			return NULL;
	}
}

bool modpath_matches(const char *globs, const char *path)
{
	g_auto(GStrv) list = NULL;

	if (globs == NULL || !g_utf8_validate(globs, -1, NULL) || !g_utf8_validate(path, -1, NULL))
		return false;
	list = g_strsplit(globs, ",", -1);
	for (size_t i = 0; list[i] != NULL; i++) {
		size_t length = strlen(list[i]), n = 1;
		const char *end;

		if (length > 0 && list[i][length - 1] == '/')
			length--;
		if (length == 0)
			continue;
		for (size_t j = 0; j < length; j++)
			n += list[i][j] == '/';
		end = end_of_elements(path, n);
		if (end != NULL && match(list[i], list[i] + length, path, end))
			return true;
	}
	return false;
}

bool modpath_glob(const char *glob, const char *text)
{
	return g_utf8_validate(glob, -1, NULL) && g_utf8_validate(text, -1, NULL) &&
	       match(glob, glob + strlen(glob), text, text + strlen(text));
}

bool modpath_is_within(const char *path, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(path, prefix, length) == 0 && (path[length] == '\0' || path[length] == '/');
}
