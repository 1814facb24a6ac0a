/* SPDX-License-Identifier: MIT */
#include "publish/pages.h"

#include <string.h>

typedef struct {
	const char *forge;
	const char *compare, *releases, *commit, *file; /* between page and what is shown */
} Routes;

static const Routes *routes_of(const char *forge)
{
	static const Routes all[] = {
		{ "github", "/compare/", "/releases", "/commit/", "/blob/" },
		{ "gitlab", "/-/compare/", "/-/releases", "/-/commit/", "/-/blob/" },
		{ "gitea", "/compare/", "/releases", "/commit/", "/src/branch/" },
		{ "agit", "/compare/", "/releases", "/commit/", "/src/branch/" },
		{ "forgejo", "/compare/", "/releases", "/commit/", "/src/branch/" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (strcmp(all[i].forge, forge) == 0)
			return &all[i];
	return NULL;
}

char *page_compare(const char *forge, const char *page, const char *from, const char *to)
{
	const Routes *routes = routes_of(forge);

	if (routes == NULL || from == NULL || to == NULL || !home_is_revision(from) ||
	    !home_is_revision(to))
		return NULL;
	return g_strconcat(page, routes->compare, from, "...", to, NULL);
}

char *page_releases(const char *forge, const char *page)
{
	const Routes *routes = routes_of(forge);

	return routes == NULL ? NULL : g_strconcat(page, routes->releases, NULL);
}

char *page_commit(const char *forge, const char *page, const char *id)
{
	const Routes *routes = routes_of(forge);

	if (routes == NULL || !home_is_revision(id))
		return NULL;
	return g_strconcat(page, routes->commit, id, NULL);
}

char *page_file(const char *forge, const char *page, const char *branch, const char *path)
{
	const Routes *routes = routes_of(forge);

	if (routes == NULL || !home_is_revision(branch) || !home_is_revision(path))
		return NULL;
	return g_strconcat(page, routes->file, branch, "/", path, NULL);
}
