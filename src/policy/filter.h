/* SPDX-License-Identifier: MIT */
/* What the rules say of dependencies, releases and files: allow, ignore, cooldown,
 * exclude-paths. Pure; knows no ecosystem, only what one answers about steps,
 * ranges and names.
 *
 * Source: dependabot-yml.md 5, 6, 9.3, 11.
 */
#pragma once

#include "upkeepd/ecosystem.h"
#include "upkeepd/rules.h"

/* Whether `pattern`, of allow, ignore or a group, means the dependency by one of
 * its names. NULL means all. */
bool filter_names(const Ecosystem *ecosystem, const Dependency *dep, const char *pattern);

/* Whether all of a dependency is out of the question: NOT_ALLOWED, or IGNORED by an
 * entry without versions and update types, REASON_NONE if not. Known before
 * anything is looked up. `*rule` is the place of the entry that decided, also
 * of the one that lets it in; NULL if none did. */
Reason filter_dependency(const Ecosystem *ecosystem, const Rules *rules, const Dependency *dep,
			 const Place **rule);

/* The same for one release that is newer than the present one, with a text that
 * says what of the entry decided, the caller's. An entry whose range cannot be
 * understood counts for nothing; the first one is named in `*complaint`, which may
 * be set already. */
Verdict filter_release(const Ecosystem *ecosystem, const Rules *rules, const Dependency *dep,
		       const Release *release, char **complaint);

/* "semver-major, semver-minor" of bits of update types; the caller's. */
char *filter_types_text(unsigned types);

/* How long to wait after publication, in seconds by step; 0 where the dependency
 * is left out. A step that is none, as of two texts, waits like a digest. */
void filter_cooldown(const Ecosystem *ecosystem, const Rules *rules, const Dependency *dep,
		     int64_t seconds[STEP_MAJOR + 1]);

/* Whether a file is excluded. A pattern is held against the path from the root of
 * the repository and from the entry's `directory` ("/", "/cmd/a"); it takes in
 * all that lies below what it matches. `*` and `?` do not cross `/`, `**` does;
 * `{a,b}` stands for both; a pattern with a `*` and no `/` matches at any depth. */
bool filter_excludes(const Rules *rules, const char *directory, const char *path);
