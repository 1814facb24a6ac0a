/* SPDX-License-Identifier: MIT */
/* A watched repository, wherever it is: its branches, the files of a commit,
 * new commits and pushes.
 *
 * https goes by a thin client of protocol v2: an unchanged repository costs one
 * small request, a changed one its folders and the files asked for. Servers
 * without it and ssh go by libgit2's own transports, a `path` is opened where it
 * is. The caller sees no difference.
 *
 * Branches are named without refs/heads/; objects by 40 lower-case hex digits.
 * Nothing is ever written outside the branches claimed as ours, nor without
 * naming what was there before. New commits live in memory until pushed. Not for
 * two processes at once on one repository (the queue's leases see to that).
 *
 * Errors of all functions: NET (also for answers that make no sense), BUSY,
 * DENIED (401, 403, or the remote's refusal), ABSENT (no such repository), LIMIT,
 * CONFIG (an address of no use, object names by SHA-256), IO.
 * Source: operations.md 2, forges.md 8.
 */
#pragma once

#include "git/build.h"
#include "git/objects.h"
#include "git/push.h"
#include "net/http.h"
#include "upkeepd/forge.h"

typedef struct {
	Http *http;                  /* borrowed; NULL: only `path` repositories */
	const char *cache_directory; /* "repositories/" lies below; NULL as above */
	const char *token_user; /* whose a token without a user is (Forge.git_user); NULL: anyone */
	const char *known_hosts; /* of ssh; NULL: /etc/ssh/ssh_known_hosts */
	int64_t now;             /* Unix seconds */
	bool is_offline;         /* only what the cache holds */
	/* A stranger chose the address: no private ones, and no way but that of wire.h,
	 * which sees to it. */
	bool is_foreign;
} RemoteOptions;

typedef struct Remote Remote;

/* Opens without asking anything of the remote. `repository` is borrowed for the
 * life of the result. Errors: CONFIG, IO; ABSENT if `path` is no repository. */
Remote *remote_open(const Repository *repository, const RemoteOptions *options, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void remote_free(Remote *remote);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remote, remote_free)

/* The URL or path it was opened by; borrowed. */
const char *remote_name(const Remote *remote);

/* Branches that begin with `prefix` are ours: they are learnt, and only they may
 * be pushed to. It ends in one of `/ - _`. Errors: CONFIG. */
bool remote_claim(Remote *remote, const char *prefix, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The branch of this name is ours, whatever it begins with: it is learnt, and may be
 * pushed to. For one whose commits were seen to be ours. Errors: CONFIG. */
bool remote_claim_branch(Remote *remote, const char *branch, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* All branches are learnt, and none of them claimed by that: where names of ours
 * have no beginning in common. Learning fails with LIMIT beyond LIMIT_REFS. */
void remote_survey(Remote *remote);

/* Tags are learnt too. */
void remote_want_tags(Remote *remote);

/* A base branch beside the default one whose tip is wanted. Errors: CONFIG. */
bool remote_watch(Remote *remote, const char *branch, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Asks which commits the branches are at: one small request. Offline: what was
 * known last, or NET. */
bool remote_learn(Remote *remote, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was learnt; borrowed. NULL: HEAD names no branch (an empty repository, or
 * a detached one); there is no such branch. */
const char *remote_default_branch(const Remote *remote);
const char *remote_head(const Remote *remote);
const char *remote_tip(const Remote *remote, const char *branch);
/* All of them with their tips (char * → char *), sorted: ours, and bases. */
const GTree *remote_tips(const Remote *remote);
/* What every tag leads to (char * → char *), sorted; seldom something else than a
 * commit. */
const GTree *remote_tags(const Remote *remote);
/* Whether a branch is the default one or watched as a base. */
bool remote_is_base(const Remote *remote, const char *branch);
/* Whether a branch is ours to move: claimed, and no base. */
bool remote_is_ours(const Remote *remote, const char *branch);

/* The files of a commit: objects_files(), brought here first if need be. */
GPtrArray *remote_files(Remote *remote, const char *commit,
			bool (*wants)(const char *path, void *data), void *data, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Brings files by their ids (of char *), in one request; those that are here are
 * not asked for. */
bool remote_fetch(Remote *remote, const GPtrArray *ids, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bytes of a file that was fetched. Errors: ABSENT if not; LIMIT. */
GBytes *remote_read(Remote *remote, const char *id, size_t max_bytes, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Who made the commits of `ids` (of char *), in one request at most. The caller's;
 * of Commit, in the same order. */
GPtrArray *remote_commits(Remote *remote, const GPtrArray *ids, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Up to `count` commits from `tip`, newest first: objects_history(). Costs one
 * request of about 300 bytes a commit whenever the tip has moved. */
GPtrArray *remote_history(Remote *remote, const char *tip, unsigned count, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Brings all commits that the branches and tags which were learnt lead to, without
 * folders: some 300 bytes each. Errors: LIMIT beyond LIMIT_PACK bytes. */
bool remote_fetch_history(Remote *remote, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After that: objects_find_commit() and objects_descends(). */
char *remote_find_commit(Remote *remote, const char *beginning, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool remote_descends(Remote *remote, const char *commit, const char *ancestor, bool *descends,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* build_commit() on a commit whose files were listed. */
char *remote_build(Remote *remote, const char *base, const GPtrArray *changes,
		   const CommitText *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the remote takes push options, as far as it has said lately. */
bool remote_takes_options(Remote *remote, bool *takes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the remote lets us in to push, found out without pushing. `*is_known` false:
 * only a push would tell. Errors: DENIED if it does not. */
bool remote_try_push(Remote *remote, bool *is_known, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Carries out `updates` (of PushUpdate) in one request and sets the result of
 * each, one with options in a request of its own; `is_atomic`: all or none, and no
 * options. One with a ref of its own (push.h) goes over HTTP only, and its branch need
 * not be ours. After anything but success the branches are
 * learnt again, so that every result is what the remote holds now. What went
 * through is known to remote_tip().
 *
 * Errors: CONFIG, before anything is sent, if a branch is not one of ours or is a
 * base; else it is not known what happened, and learning will tell. */
bool remote_push(Remote *remote, GPtrArray *updates, bool is_atomic, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
