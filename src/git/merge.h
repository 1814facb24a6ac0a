/* SPDX-License-Identifier: MIT */
/* What a merge would come to, without making one.
 *
 * Three files are merged as git does it, line by line; whatever is more than that (a file
 * that one side deletes and the other changes, one that both add, other modes) is taken
 * for a conflict. Renames are not looked for.
 */
#pragma once

#include "git/remote.h"

/* What `commit`, a child of `parent`, changes of that, put on top of `onto`: the files in
 * which a merge of `commit` into `onto` differs from `onto`, of FileChange; `*changes` NULL
 * if they conflict. Costs the folders of the three commits and the files concerned, as far
 * as they are not here.
 * Errors: as remote_files(); LIMIT for a file of more than LIMIT_GOSUM bytes. */
bool merge_changes(Remote *remote, const char *parent, const char *commit, const char *onto,
		   GPtrArray **changes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether `tree` is what a clean merge of `commit` (of `parent`) into `onto` comes to: nobody
 * has added anything. Errors: as above. */
bool merge_gives(Remote *remote, const char *parent, const char *commit, const char *onto,
		 const char *tree, bool *gives, GError **error) G_GNUC_WARN_UNUSED_RESULT;
