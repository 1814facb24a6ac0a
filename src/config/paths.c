/* SPDX-License-Identifier: MIT */
#include "config/paths.h"

#include <glib.h>

#include <string.h>
#include <unistd.h>

#define SYSTEM_SETTINGS "/etc/upkeepd/upkeepd.yml"

static char *directory(const char *systemd, const char *xdg, const char *below_home,
		       const char *root)
{
	const char *set = g_getenv(systemd);

	/* systemd separates several by colons; the first is ours. */
	if (set != NULL && *set != '\0')
		return g_strndup(set, strcspn(set, ":"));
	set = g_getenv(xdg);
	if (set != NULL && *set == '/')
		return g_build_filename(set, "upkeepd", NULL);
	if (geteuid() == 0)
		return g_strdup(root);
	return g_build_filename(g_get_home_dir(), below_home, "upkeepd", NULL);
}

char *paths_state(const char *option)
{
	if (option != NULL)
		return g_strdup(option);
	return directory("STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state", "/var/lib/upkeepd");
}

char *paths_cache(void)
{
	return directory("CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache", "/var/cache/upkeepd");
}

char *paths_settings(const char *option)
{
	const char *set = g_getenv("UPKEEPD_CONFIG");

	if (option != NULL)
		return g_strdup(option);
	if (set != NULL && *set != '\0')
		return g_strdup(set);
	if (g_file_test(SYSTEM_SETTINGS, G_FILE_TEST_EXISTS))
		return g_strdup(SYSTEM_SETTINGS);
	return NULL;
}
