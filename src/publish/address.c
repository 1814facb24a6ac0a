/* SPDX-License-Identifier: MIT */
#include "publish/address.h"

#include <string.h>

void forge_address_free(ForgeAddress *address)
{
	if (address == NULL)
		return;
	g_free(address->origin);
	g_free(address->prefix);
	g_free(address->owner);
	g_free(address->name);
	g_free(address);
}

/* The parts of a path, empty ones left out, the last without .git. */
static GPtrArray *parts_of(const char *path)
{
	g_auto(GStrv) split = g_strsplit(path, "/", -1);
	GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);

	for (char **part = split; *part != NULL; part++)
		if (**part != '\0')
			g_ptr_array_add(parts, g_strdup(*part));
	if (parts->len > 0) {
		char *last = g_ptr_array_index(parts, parts->len - 1);

		if (g_str_has_suffix(last, ".git"))
			last[strlen(last) - 4] = '\0';
	}
	return parts;
}

static char *join(const GPtrArray *parts, guint from, guint to, const char *before)
{
	GString *text = g_string_new(NULL);

	for (guint i = from; i < to; i++)
		g_string_append_printf(text, "%s%s", i > from || *before == '/' ? "/" : "",
				       (const char *)g_ptr_array_index(parts, i));
	return g_string_free(text, FALSE);
}

ForgeAddress *forge_address(const char *url, bool is_owner, unsigned owner_parts, GError **error)
{
	const char *host = url != NULL ? strstr(url, "://") : NULL, *path;
	g_autoptr(ForgeAddress) address = NULL;
	g_autoptr(GPtrArray) parts = NULL;
	guint end, start;

	if (url == NULL)
		return fail_null(error, FAILURE_CONFIG, "a local repository has no forge");
	if (host == NULL ||
	    (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://")))
		return fail_null(error, FAILURE_CONFIG, "'%s' is no http or https address", url);
	path = strchr(host + 3, '/');
	parts = parts_of(path != NULL ? path : "");
	end = parts->len - (is_owner || parts->len == 0 ? 0 : 1);
	if (end == 0 || end < owner_parts)
		return fail_null(error, FAILURE_CONFIG, "'%s' names no %s", url,
				 is_owner ? "owner" : "repository of a forge");
	start = owner_parts > 0 ? end - owner_parts : 0;
	address = g_new0(ForgeAddress, 1);
	address->origin = g_strndup(url, path != NULL ? (size_t)(path - url) : strlen(url));
	address->prefix = join(parts, 0, start, "/");
	address->owner = join(parts, start, end, "");
	if (!is_owner)
		address->name = g_strdup(g_ptr_array_index(parts, end));
	return g_steal_pointer(&address);
}

char *github_api(const char *origin)
{
	const char *host = strstr(origin, "://") + 3;

	if (g_ascii_strcasecmp(host, "github.com") == 0)
		return g_strdup("https://api.github.com");
	if (g_str_has_suffix(host, ".ghe.com"))
		return g_strdup_printf("https://api.%s", host);
	return g_strdup_printf("%s/api/v3", origin);
}

const char *forge_guess(const char *url)
{
	static const struct {
		const char *word, *forge;
	} guesses[] = {
		{ "github", "github" }, { ".ghe.com", "github" }, { "gitlab", "gitlab" },
		{ "gitea", "gitea" },   { "forgejo", "forgejo" }, { "codeberg.org", "forgejo" },
	};
	const char *host = url != NULL ? strstr(url, "://") : NULL;
	g_autofree char *name = NULL;

	if (host == NULL)
		return "plain";
	name = g_ascii_strdown(host + 3, (gssize)strcspn(host + 3, "/"));
	for (size_t i = 0; i < G_N_ELEMENTS(guesses); i++)
		if (strstr(name, guesses[i].word) != NULL)
			return guesses[i].forge;
	return "plain";
}
