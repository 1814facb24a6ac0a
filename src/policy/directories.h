/* SPDX-License-Identifier: MIT */
/* Which directories of a repository an entry is for.
 *
 * Plain items are directories, there or not. Globs have the results of Ruby's
 * Dir.glob with hidden files, on which people's files rely: a `*` or `**` at the
 * end also finds the directory it stands in, `**` before another component any
 * depth; sets and `{a,b}` are known, and case counts. Pure: a list of paths in,
 * a list of directories out; symbolic links are files.
 * Source: dependabot-yml.md 9.1; dependabot-core, file_fetcher_command.rb.
 */
#pragma once

#include "upkeepd/rules.h"

/* Whether an element of `directories` takes in `directory` (as directory_normal()
 * has it), which is taken to exist. */
bool directories_take_in(const char *written, const char *directory);

/* All directories of a repository, to be made once for all entries. `paths` (of char *) are
 * its files from the root, without leading slash. */
typedef struct Folders Folders;
Folders *folders_new(const GPtrArray *paths);
void folders_free(Folders *folders);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Folders, folders_free)

/* The directories of an entry in a repository with these, each once, in the order of the
 * items, those of one glob sorted. The caller's; of char *, as directory_normal() has
 * them. A glob costs what lies below the beginning that it spells out.
 * Errors: LIMIT if there are more than LIMIT_DIRECTORIES, or if there are too many
 * globs for so large a tree. */
GPtrArray *directories_expand(const Rules *rules, const Folders *folders, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Holds the entries of a file against a repository with these files: one that takes
 * in what cannot be expanded, or a directory that an earlier one of the same
 * ecosystem and branch has, gets a problem and is not usable any more. What can
 * be seen without the files has been found when the file was read. */
void directories_check(RulesFile *file, const GPtrArray *paths);
