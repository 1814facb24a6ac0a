/* SPDX-License-Identifier: MIT */
/* What a dependabot.yml asks for, with every default filled in.
 *
 * Source: dependabot-yml.md 2 (the keys), in the words of the file itself. Made
 * by config/dependabot.c, read by policy/, publish/ and worker/. A member of a
 * multi-ecosystem group has the group's schedule, labels and so on filled in.
 * The paths of all places are borrowed from the file's.
 */
#pragma once

#include "upkeepd/manifest.h"
#include "upkeepd/timetable.h"

/* Bits of update types. */
enum { UPDATE_MAJOR = 1, UPDATE_MINOR = 2, UPDATE_PATCH = 4 };

/* One element of `allow` or `ignore`. */
typedef struct {
	char *name;            /* pattern with `*`; NULL: all */
	char *type;            /* allow: "direct", "indirect", "all", "production", "development" */
	unsigned update_types; /* bits; 0: none given */
	GPtrArray *versions;   /* ignore: of char *, as written; NULL: none given */
	Place place;
} Filter;

typedef struct {
	char *name;
	bool is_security;            /* applies-to: security-updates */
	GPtrArray *patterns;         /* of char *; NULL: all */
	GPtrArray *exclude_patterns; /* of char *; NULL: none */
	char *dependency_type;       /* "development", "production"; NULL: both */
	unsigned update_types;       /* bits; 0: all */
	bool is_by_name;             /* group-by: dependency-name */
	unsigned automerge;          /* as in Rules; 0: as the entry says */
	int automerge_age;
	Place place;
} Group;

typedef struct {
	int default_days, major_days, minor_days, patch_days; /* resolved: never -1 */
	GPtrArray *include, *exclude; /* of char *; NULL: everything, nothing */
	bool is_given;                /* the block stands in the file */
	Place place;
} Cooldown;

typedef struct {
	char *prefix;             /* NULL: found from history; "": none */
	char *prefix_development; /* NULL: none given */
	bool include_scope;
} CommitMessage;

typedef enum { CASE_KEPT, CASE_LOWER, CASE_UPPER } LetterCase;

typedef struct {
	char separator;      /* '/', '-', '_' */
	char *prefix;        /* NULL: the settings' */
	char *template_;     /* NULL: none */
	char word_separator; /* 0: none */
	int letter_case;     /* a LetterCase, of what follows the prefix */
	int max_length;      /* 0: not given */
} BranchName;

/* One member of top-level `registries`; secrets stay as the references written. */
typedef struct {
	char *name, *type, *url;
	char *username, *password, *token,
		*key; /* as written, `${{secrets.NAME}}` unexpanded; NULL */
	bool replaces_base;
	bool is_usable; /* false: in error; reported, not used */
	Place place;
} RegistryEntry;

void registry_entry_free(RegistryEntry *registry);

/* One `updates:` entry. */
struct Rules {
	int index;              /* in the file, from 0 */
	char *ecosystem_name;   /* as written; NULL where it is missing */
	bool is_handled;        /* docker, docker-compose or gomod */
	GPtrArray *directories; /* of char *, as written; one for `directory` */
	bool is_list;           /* the key was `directories`, and not one plain item */
	Schedule schedule;
	GPtrArray *allow, *ignore; /* of Filter; empty if none */
	GPtrArray *groups;         /* of Group, in the order of the file */
	Cooldown cooldown;
	GPtrArray *exclude_paths; /* of char * */
	int open_pull_requests_limit;
	char *target_branch;              /* NULL: default branch */
	GPtrArray *labels;                /* of char *; NULL: defaults; empty: none */
	GPtrArray *assignees, *reviewers; /* of char *; empty if none */
	int milestone;                    /* 0: none */
	CommitMessage commit_message;
	BranchName branch_name;
	bool is_rebase_disabled;     /* rebase-strategy: disabled */
	bool uses_all_registries;    /* registries: "*" */
	GPtrArray *registries;       /* of char *, names */
	bool has_vendor, vendor;     /* whether it is given, and what it says */
	char *versioning_strategy;   /* "auto" by default */
	char *multi_ecosystem_group; /* NULL: none */
	GPtrArray *patterns;         /* of char *; with multi_ecosystem_group */
	char *display_name;          /* `name`; NULL */

	/* upkeepd's own keys (docker.md 4.6, 4.8, gomod.md e.4), under `x-upkeepd:` */
	char *variant;           /* "exact", "auto" (the default), "newest" */
	bool pins_digest;        /* pin: digest */
	bool allows_unknown_age; /* cooldown-unknown: allow */
	int settle_hours;        /* settle; 24 by default */
	bool has_latest_guard;   /* latest-guard; true by default (docker.md 4.5) */
	GPtrArray *platforms; /* of char *, "os/architecture[/variant]"; NULL: as docker.md 4.9 */
	char *max_go;         /* a Go version, or "keep"; NULL: no bound */
	bool rewrites_imports, carries_toolchain; /* major-imports: rewrite; toolchain: carry */
	unsigned automerge; /* bit n: steps of STEP_DIGEST + n; 0: people merge all */
	int automerge_age;  /* days that what is merged so must be out; 0: none */
	bool opens_drafts;  /* draft */
	int hourly_limit;   /* proposals opened within an hour; 0: no bound */
	char *rebase;       /* "auto", "conflicted", "behind", "never"; NULL: not given */

	Place place;    /* of the entry */
	bool is_usable; /* false: in error; reported, not acted on */
};

/* When a branch is rebuilt because its base has moved, and nothing else has changed. */
typedef enum {
	REBASE_CONFLICTED, /* if it could not be merged, or would come to something else */
	REBASE_BEHIND,     /* always */
	REBASE_NEVER,
} RebaseWhen;

/* What the entry says of that (NULL: the default): `x-upkeepd: rebase`, where "auto" is
 * BEHIND if the forge may merge by itself and else CONFLICTED; `rebase-strategy: disabled`
 * is NEVER.
 * Source: pull-requests.md 9.6; Renovate's rebaseWhen. */
RebaseWhen rules_rebase(const Rules *rules);

/* An entry with the defaults of the file format: every dependency, no schedule. */
/* Its group with that name; NULL: it has none. Borrowed. */
const Group *rules_group(const Rules *rules, const char *name);

Rules *rules_new(void);
void rules_free(Rules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rules, rules_free)

void filter_free(Filter *filter);
void group_free(Group *group);

/* A directory as all of the program compares it: with a leading slash, none at
 * the end, `.` and `..` resolved ("cmd/a/" is "/cmd/a"); the caller's. */
char *directory_normal(const char *written);

/* Whether an element of `directories` is a glob: it has `*`, `?`, or both `[` and
 * `]`. Braces alone make none.
 * Source: dependabot-core, file_fetcher_command.rb. */
bool directory_is_glob(const char *written);

typedef struct {
	char *name;
	Schedule schedule;
	GPtrArray *labels, *assignees; /* of char *; NULL if not given */
	int open_pull_requests_limit;  /* -1: not given */
	int milestone;                 /* 0: none */
	char *target_branch;
	CommitMessage commit_message;
	BranchName branch_name;
	bool is_usable; /* false: in error; its members are neither */
	Place place;
} MultiEcosystemGroup;

MultiEcosystemGroup *multi_ecosystem_group_new(void);
void multi_ecosystem_group_free(MultiEcosystemGroup *group);

/* A whole file. */
typedef struct {
	char *path;
	GPtrArray *entries;                /* of Rules, in the order of the file */
	GPtrArray *registries;             /* of RegistryEntry */
	GPtrArray *multi_ecosystem_groups; /* of MultiEcosystemGroup */
	GPtrArray *problems;               /* of Problem, in the order of the file */
	GTree *zones;                      /* name to Zone, of all schedules */
	bool allows_beta;                  /* enable-beta-ecosystems */
} RulesFile;

/* A file without entries. */
RulesFile *rules_file_new(const char *path);
void rules_file_free(RulesFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RulesFile, rules_file_free)
