/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modquery.h"

#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

/* "v1" or "v1.2". */
static bool is_prefix(const char *text)
{
	const char *dot = strchr(text, '.');

	return version_is_valid(text) && strpbrk(text, "-+") == NULL &&
	       (dot == NULL || strchr(dot + 1, '.') == NULL);
}

/* What a comparison is with; `*or_equal`: that itself, too. */
static const char *bound_of(const char *text, bool *or_equal)
{
	*or_equal = text[1] == '=';
	return text + (*or_equal ? 2 : 1);
}

ModQueryKind modquery_kind(const char *text)
{
	bool or_equal;

	if (strcmp(text, "latest") == 0)
		return MODQUERY_LATEST;
	if (strcmp(text, "upgrade") == 0)
		return MODQUERY_UPGRADE;
	if (strcmp(text, "patch") == 0)
		return MODQUERY_PATCH;
	if (is_prefix(text))
		return MODQUERY_PREFIX;
	if ((*text != '<' && *text != '>') || !version_is_valid(bound_of(text, &or_equal)))
		return MODQUERY_NONE;
	return *text == '<' ? MODQUERY_BELOW : MODQUERY_ABOVE;
}

/* Whether both have the same first `count` numbers. */
static bool begins_alike(const char *a, const char *b, size_t count)
{
	char *x[3] = { NULL }, *y[3] = { NULL };
	bool is_alike = version_numbers(a, x) && version_numbers(b, y);

	for (size_t i = 0; i < count && is_alike; i++)
		is_alike = strcmp(x[i], y[i]) == 0;
	for (size_t i = 0; i < 3; i++) {
		g_free(x[i]);
		g_free(y[i]);
	}
	return is_alike;
}

static bool compares(const char *text, const char *version)
{
	bool or_equal;
	int order = version_compare(version, bound_of(text, &or_equal));

	return (*text == '<' ? order < 0 : order > 0) || (or_equal && order == 0);
}

bool modquery_admits(const char *text, const char *current, const char *version)
{
	switch (modquery_kind(text)) {
	case MODQUERY_UPGRADE:
		return version_compare(version, current) >= 0;
	case MODQUERY_PATCH:
		return version_compare(version, current) >= 0 && begins_alike(version, current, 2);
	case MODQUERY_PREFIX:
		/* "v1.2" is not for pre-releases of v1.2.0. */
		return version_compare(version, text) >= 0 &&
		       begins_alike(version, text, strchr(text, '.') == NULL ? 1 : 2);
	case MODQUERY_BELOW:
	case MODQUERY_ABOVE:
		return compares(text, version);
	case MODQUERY_NONE:
	case MODQUERY_LATEST:
		break;
	}
	return true;
}

bool modquery_wants_incompatible(const char *text, const char *path, const char *current)
{
	switch (modquery_kind(text)) {
	case MODQUERY_UPGRADE:
	case MODQUERY_PATCH:
		return version_is_incompatible(current);
	case MODQUERY_PREFIX:
		return !modpath_check_version(path, text, NULL);
	case MODQUERY_BELOW:
	case MODQUERY_ABOVE:
		return version_is_incompatible(text);
	case MODQUERY_NONE:
	case MODQUERY_LATEST:
		break;
	}
	return false;
}

bool modquery_takes_untagged(const char *text, const char *current)
{
	ModQueryKind kind = modquery_kind(text);

	return kind == MODQUERY_LATEST ||
	       ((kind == MODQUERY_UPGRADE || kind == MODQUERY_PATCH) && version_is_pseudo(current));
}
