/* SPDX-License-Identifier: MIT */
/* Finding the change log among a repository's files, and in it what is about an update.
 *
 * Headings are told from other lines that mention a version as Dependabot tells them.
 * Everything here is a stranger's; each function is linear in it. Pure.
 * Source: pull-requests.md 6.3; dependabot-core, changelog_finder.rb and
 * changelog_pruner.rb.
 */
#pragma once

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

/* How much the file `name` (without directories) of `bytes` bytes is a change log: 0
 * for the best name, more for others, -1 for none. */
int changelog_rank(const char *name, int64_t bytes);

/* Whether the file tells how to come from one major version to the next. */
bool changelog_is_guide(const char *name, int64_t bytes);

/* Whether a folder at the root may hold a change log. */
bool changelog_is_folder(const char *name);

/* The lines from the heading of version `to` up to that of `from` ("1.2.3"; NULL: not
 * known), whichever way the log runs. NULL where neither has one. The caller's. */
char *changelog_cut(const char *text, const char *from, const char *to);
