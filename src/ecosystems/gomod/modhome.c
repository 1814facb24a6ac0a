/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modhome.h"

#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/version.h"

#include <glib.h>

#include <string.h>

/* Vanity hosts that are one owner's repositories elsewhere, name by name. */
static const struct {
	const char *prefix, *page;
} owners[] = {
	{ "golang.org/x/", "https://github.com/golang/" },
	{ "k8s.io/", "https://github.com/kubernetes/" },
	{ "sigs.k8s.io/", "https://github.com/kubernetes-sigs/" },
	{ "go.uber.org/", "https://github.com/uber-go/" },
};

static const char *const hosts[] = { "github.com/", "gitlab.com/", "codeberg.org/",
				     "bitbucket.org/" };

/* The first `count` elements of `path`; NULL if it has fewer. `*rest` is what follows. */
static char *elements(const char *path, unsigned count, const char **rest)
{
	const char *p = path;

	for (unsigned i = 0; i < count; i++) {
		size_t length = strcspn(p, "/");

		if (length == 0)
			return NULL;
		p += length;
		if (i + 1 < count && *p++ != '/')
			return NULL;
	}
	*rest = *p == '/' ? p + 1 : p;
	return g_strndup(path, (gsize)(p - path));
}

/* gopkg.in/name.v3 is github.com/go-name/name, gopkg.in/user/name.v3 user's. */
static char *gopkg_page(const char *prefix)
{
	const char *name = prefix + strlen("gopkg.in/");

	if (strchr(name, '/') != NULL)
		return g_strconcat("https://github.com/", name, NULL);
	return g_strdup_printf("https://github.com/go-%s/%s", name, name);
}

/* Groups within groups: where the repository ends is not told. */
static bool is_untold(const char *page, const char *rest)
{
	return page != NULL && *rest != '\0' && g_str_has_prefix(page, "https://gitlab.com/");
}

Home *modhome_find(const char *path)
{
	g_autofree char *prefix = NULL, *head = NULL, *page = NULL, *directory = NULL;
	const char *rest = "";
	size_t length;

	if (!modpath_check(path, NULL) || !modpath_split(path, &length))
		return NULL;
	prefix = g_strndup(path, length);
	if (g_str_has_prefix(prefix, "gopkg.in/"))
		page = gopkg_page(prefix);
	for (size_t i = 0; i < G_N_ELEMENTS(owners) && page == NULL; i++) {
		if (!g_str_has_prefix(prefix, owners[i].prefix))
			continue;
		head = elements(prefix + strlen(owners[i].prefix), 1, &rest);
		page = head == NULL ? NULL : g_strconcat(owners[i].page, head, NULL);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(hosts) && page == NULL; i++) {
		if (!g_str_has_prefix(prefix, hosts[i]))
			continue;
		head = elements(prefix, 3, &rest);
		page = head == NULL ? NULL : g_strconcat("https://", head, NULL);
	}
	if (is_untold(page, rest))
		return NULL;
	directory = *rest == '\0' ? g_strdup("") : g_strconcat(rest, "/", NULL);
	return home_new(g_steal_pointer(&page), directory);
}

/* The tag of a version, or the commit of a pseudo-version; `*version` as its release
 * is called, NULL for a commit. */
static char *revision(const char *directory, const char *text, char **version)
{
	size_t length = strlen(text);

	if (!version_is_valid(text))
		return NULL;
	if (version_is_pseudo(text))
		return version_pseudo_revision(text);
	if (version_is_incompatible(text))
		length -= strlen("+incompatible");
	*version = g_strndup(text + 1, length - 1);
	return g_strdup_printf("%s%.*s", directory, (int)length, text);
}

void modhome_place(Home *home, const char *from, const char *to)
{
	if (from != NULL)
		home->from = revision(home->directory, from, &home->from_version);
	if (to != NULL)
		home->to = revision(home->directory, to, &home->to_version);
}

Home *modhome_of(const Update *update)
{
	Home *home = modhome_find(update->dependency->name);

	if (home != NULL)
		modhome_place(home, update->from, update->to);
	return home;
}
