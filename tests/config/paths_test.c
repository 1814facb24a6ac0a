/* SPDX-License-Identifier: MIT */
#include "config/paths.h"

#include <glib.h>

static void an_option_wins_over_the_environment(void)
{
	g_autofree char *state = paths_state("here");
	g_autofree char *settings = paths_settings("this.yml");

	g_setenv("STATE_DIRECTORY", "/run/state", TRUE);
	g_assert_cmpstr(state, ==, "here");
	g_assert_cmpstr(settings, ==, "this.yml");
}

static void systemd_names_the_directories_before_xdg_does(void)
{
	g_autofree char *state = NULL;
	g_autofree char *cache = NULL;

	g_setenv("STATE_DIRECTORY", "/run/one:/run/two", TRUE);
	g_setenv("XDG_STATE_HOME", "/home/a/state", TRUE);
	g_setenv("CACHE_DIRECTORY", "/run/cache", TRUE);
	state = paths_state(NULL);
	cache = paths_cache();
	g_assert_cmpstr(state, ==, "/run/one");
	g_assert_cmpstr(cache, ==, "/run/cache");
}

static void xdg_directories_get_a_folder_of_ours(void)
{
	g_autofree char *state = NULL;
	g_autofree char *cache = NULL;

	g_unsetenv("STATE_DIRECTORY");
	g_unsetenv("CACHE_DIRECTORY");
	g_setenv("XDG_STATE_HOME", "/home/a/state", TRUE);
	g_setenv("XDG_CACHE_HOME", "/home/a/cache", TRUE);
	state = paths_state(NULL);
	cache = paths_cache();
	g_assert_cmpstr(state, ==, "/home/a/state/upkeepd");
	g_assert_cmpstr(cache, ==, "/home/a/cache/upkeepd");
}

static void a_relative_xdg_directory_is_none(void)
{
	g_autofree char *state = NULL;

	g_unsetenv("STATE_DIRECTORY");
	g_setenv("XDG_STATE_HOME", "relative", TRUE);
	state = paths_state(NULL);
	g_assert_true(g_path_is_absolute(state));
}

static void settings_come_from_the_environment(void)
{
	g_autofree char *settings = NULL;

	g_setenv("UPKEEPD_CONFIG", "/srv/upkeepd.yml", TRUE);
	settings = paths_settings(NULL);
	g_assert_cmpstr(settings, ==, "/srv/upkeepd.yml");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/paths/an_option_wins_over_the_environment",
			an_option_wins_over_the_environment);
	g_test_add_func("/paths/systemd_names_the_directories_before_xdg_does",
			systemd_names_the_directories_before_xdg_does);
	g_test_add_func("/paths/xdg_directories_get_a_folder_of_ours",
			xdg_directories_get_a_folder_of_ours);
	g_test_add_func("/paths/a_relative_xdg_directory_is_none",
			a_relative_xdg_directory_is_none);
	g_test_add_func("/paths/settings_come_from_the_environment",
			settings_come_from_the_environment);
	return g_test_run();
}
