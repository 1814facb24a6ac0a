/* SPDX-License-Identifier: MIT */
/* Where upkeepd keeps its files, for every program alike.
 * Source: cli.md 1 (options common to all), 4. */
#pragma once

/* The state directory: `option` (--state) if given, else what systemd or XDG
 * say, else root's or the user's own. The caller's. */
char *paths_state(const char *option);

/* The cache directory, likewise. The caller's. */
char *paths_cache(void);

/* The settings: `option` (--config) if given, else $UPKEEPD_CONFIG, else the
 * system's file if there is one, else NULL: built-in defaults hold. The caller's. */
char *paths_settings(const char *option);
