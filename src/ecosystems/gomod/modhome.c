/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modhome.h"

#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/version.h"

#include <glib.h>

#include <string.h>

/* Where a module lies: its repository, and its directory there. */
typedef struct {
	char *page;      /* "https://github.com/owner/name"; NULL: not told */
	char *directory; /* "", or "sub/" */
	bool is_gitlab;
} Home;

static void home_clear(Home *home)
{
	g_free(home->page);
	g_free(home->directory);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Home, home_clear)

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

static Home find(const char *path)
{
	Home home = { NULL, NULL, false };
	g_autofree char *prefix = NULL, *head = NULL;
	const char *rest = "";
	size_t length;

	if (!modpath_check(path, NULL) || !modpath_split(path, &length))
		return home;
	prefix = g_strndup(path, length);
	if (g_str_has_prefix(prefix, "gopkg.in/"))
		home.page = gopkg_page(prefix);
	for (size_t i = 0; i < G_N_ELEMENTS(owners) && home.page == NULL; i++) {
		if (!g_str_has_prefix(prefix, owners[i].prefix))
			continue;
		head = elements(prefix + strlen(owners[i].prefix), 1, &rest);
		home.page = head == NULL ? NULL : g_strconcat(owners[i].page, head, NULL);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(hosts) && home.page == NULL; i++) {
		if (!g_str_has_prefix(prefix, hosts[i]))
			continue;
		head = elements(prefix, 3, &rest);
		home.page = head == NULL ? NULL : g_strconcat("https://", head, NULL);
		home.is_gitlab = g_str_has_prefix(prefix, "gitlab.com/");
	}
	/* Groups within groups: where the repository ends is not told. */
	if (home.is_gitlab && *rest != '\0')
		g_clear_pointer(&home.page, g_free);
	home.directory = *rest == '\0' ? g_strdup("") : g_strconcat(rest, "/", NULL);
	return home;
}

char *modhome_page(const char *path)
{
	g_auto(Home) home = find(path);

	return g_steal_pointer(&home.page);
}

/* The tag of a version, or the commit of a pseudo-version. */
static char *revision(const Home *home, const char *version)
{
	size_t length = strlen(version);

	if (version_is_pseudo(version))
		return version_pseudo_revision(version);
	if (version_is_incompatible(version))
		length -= strlen("+incompatible");
	return g_strdup_printf("%s%.*s", home->directory, (int)length, version);
}

char *modhome_changes(const char *path, const char *from, const char *to)
{
	g_auto(Home) home = find(path);
	g_autofree char *old = NULL, *new = NULL;

	if (home.page == NULL || !version_is_valid(from) || !version_is_valid(to) ||
	    g_str_has_prefix(home.page, "https://bitbucket.org/"))
		return NULL;
	old = revision(&home, from);
	new = revision(&home, to);
	return g_strdup_printf("%s%s/compare/%s...%s", home.page, home.is_gitlab ? "/-" : "", old,
			       new);
}

void modhome_links(const Update *update, char **home, char **changes)
{
	const char *path = update->dependency->name;

	*home = modhome_page(path);
	if (update->from != NULL && update->to != NULL)
		*changes = modhome_changes(path, update->from, update->to);
}
