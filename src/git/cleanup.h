/* SPDX-License-Identifier: MIT */
/* g_autoptr for libgit2's handles, and what differs between its versions: 1.5
 * (Debian 12) to 1.9 (Debian 13). */
#pragma once

#include <git2.h>
#include <glib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_blob, git_blob_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_commit, git_commit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_config, git_config_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_odb, git_odb_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_odb_object, git_odb_object_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_packbuilder, git_packbuilder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_reference, git_reference_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_reference_iterator, git_reference_iterator_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_remote, git_remote_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_repository, git_repository_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_signature, git_signature_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_transaction, git_transaction_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_tree, git_tree_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_tree_entry, git_tree_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_patch, git_patch_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(git_buf, git_buf_dispose)

static inline void writepack_free(git_odb_writepack *pack)
{
	if (pack != NULL)
		pack->free(pack);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_odb_writepack, writepack_free)

#ifdef LIBGIT2_VERSION_CHECK
#define LIBGIT2_HAS_TIMEOUTS LIBGIT2_VERSION_CHECK(1, 7, 0)
#else
#define LIBGIT2_HAS_TIMEOUTS (LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 7)
#endif
