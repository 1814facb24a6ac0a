/* SPDX-License-Identifier: MIT */
#include "upkeepd/limits.h"
#include "upkeepd/plan.h"

#include <string.h>

/* A page longer than this is no page that people go to. */
#define LIMIT_PAGE 512

/* Groups within groups, as GitLab has them. */
#define LIMIT_PARTS 12

Home *home_new(char *page, const char *directory)
{
	Home *home;

	if (page == NULL)
		return NULL;
	home = g_new0(Home, 1);
	home->page = page;
	home->directory = g_strdup(directory);
	return home;
}

void home_free(Home *home)
{
	if (home == NULL)
		return;
	g_free(home->page);
	g_free(home->directory);
	g_free(home->from);
	g_free(home->to);
	g_free(home->from_version);
	g_free(home->to_version);
	g_free(home);
}

static bool is_of(const char *text, size_t length, const char *more)
{
	for (size_t i = 0; i < length; i++)
		if (!g_ascii_isalnum(text[i]) && strchr(more, text[i]) == NULL)
			return false;
	return length > 0;
}

bool home_is_revision(const char *text)
{
	return strlen(text) <= 255 && is_of(text, strlen(text), "._/+-") && *text != '-' &&
	       strstr(text, "..") == NULL;
}

/* What follows the scheme, or stands for it: "git@host:owner/name" has none. `*gap` is
 * what separates host and path. */
static const char *behind_scheme(const char *claim, char *gap)
{
	static const char *const schemes[] = { "https://", "http://", "git+https://", "git+http://",
					       "git://",   "ssh://",  "git+ssh://" };

	*gap = '/';
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (g_str_has_prefix(claim, schemes[i]))
			return claim + strlen(schemes[i]);
	if (strstr(claim, "://") != NULL || !g_str_has_prefix(claim, "git@"))
		return NULL;
	*gap = ':';
	return claim;
}

/* A host, with a port if need be, in lower case; NULL if it is none. */
static char *host_of(const char *text, size_t length)
{
	g_autofree char *host = g_ascii_strdown(text, (gssize)length);
	const char *colon = strchr(host, ':');
	size_t name = colon != NULL ? (size_t)(colon - host) : length;

	if (!is_of(host, name, ".-") || !g_ascii_isalnum(*host) ||
	    (colon != NULL && strspn(colon + 1, "0123456789") != strlen(colon + 1)))
		return NULL;
	return g_steal_pointer(&host);
}

/* Where the path of a page inside the repository leaves the repository's own. */
static bool is_inside(const char *host, guint count, const char *part)
{
	static const char *const flat[] = { "github.com", "codeberg.org", "bitbucket.org",
					    "gitea.com" };

	if (strcmp(part, "-") == 0)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(flat); i++)
		if (strcmp(host, flat[i]) == 0)
			return count == 2;
	return false;
}

/* Appends "/owner/name" of the path; the number of its parts, 0: it is none. */
static guint append_path(GString *page, const char *host, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", LIMIT_PARTS + 1);
	guint count = 0;

	for (char **part = parts; *part != NULL; part++) {
		if (**part == '\0')
			continue;
		if (is_inside(host, count, *part))
			break;
		if (g_str_has_suffix(*part, ".git"))
			(*part)[strlen(*part) - strlen(".git")] = '\0';
		if (!is_of(*part, strlen(*part), "._~-") || **part == '.' || count == LIMIT_PARTS)
			return 0;
		g_string_append_printf(page, "/%s", *part);
		count++;
	}
	return count;
}

char *home_page(const char *claim)
{
	char gap;
	const char *start = behind_scheme(claim, &gap), *at;
	g_autofree char *host = NULL, *path = NULL;
	g_autoptr(GString) page = NULL;
	size_t length;

	if (start == NULL || strlen(claim) > LIMIT_PAGE)
		return NULL;
	at = memchr(start, '@', strcspn(start, "/?#"));
	if (at != NULL)
		start = at + 1;
	length = strcspn(start, gap == ':' ? ":" : "/");
	if (start[length] != gap)
		return NULL;
	host = host_of(start, length);
	path = g_strndup(start + length + 1, strcspn(start + length + 1, "?#"));
	if (host == NULL)
		return NULL;
	page = g_string_new("https://");
	g_string_append(page, host);
	return append_path(page, host, path) >= 2 ? g_strdup(page->str) : NULL;
}
