/* SPDX-License-Identifier: MIT */
/* What is going to be done, and what became of it. */
#pragma once

#include "upkeepd/release.h"

/* Where the source of a dependency lies, and its two versions there. These are claims of
 * strangers: good for links, and for questions that nothing secret goes along with. */
typedef struct {
	char *page;      /* of the repository, plain: "https://github.com/golang/net" */
	char *directory; /* below its root, as its tags begin: "", "sub/" */
	char *from, *to; /* tags or commits; NULL: not known */
	char *from_version, *to_version; /* as releases are called: "1.22.4"; NULL: none */
} Home;

/* `page` is taken (home_page()); NULL gives NULL. */
Home *home_new(char *page, const char *directory);
void home_free(Home *home);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Home, home_free)

/* The page of the repository that `claim` means: a URL in whatever form git knows, or
 * of a page of it. "https://HOST/OWNER/NAME" of plain letters, without ".git", user,
 * query and fragment; NULL if it is nothing of the kind. The caller's. Pure. */
char *home_page(const char *claim);

/* Whether `text` is a tag or commit that can stand in a URL and in Markdown as it is. */
bool home_is_revision(const char *text);

/* What more there is to tell of an update, in the order of a body. The least needed is
 * last, and left out first where not all fits. */
typedef enum {
	SECTION_IMAGE, /* dates, digests, platforms */
	SECTION_RELEASES,
	SECTION_CHANGELOG,
	SECTION_GUIDE,
	SECTION_COMMITS,
} SectionKind;

typedef struct {
	SectionKind kind;
	char *url;  /* the page it is taken from; NULL: none */
	char *text; /* Markdown, harmless already: lines */
} Section;

/* Both are taken. */
Section *section_new(SectionKind kind, char *url, char *text);
void section_free(Section *section);

/* What people should know of a dependency that is moved, whatever they do with the
 * proposal: that its author has given it up. */
typedef struct {
	char *text;  /* a phrase of Markdown, harmless already */
	char *quote; /* what a stranger says of it, as it is said; NULL: nothing */
} Notice;

/* Both are taken. */
Notice *notice_new(char *text, char *quote);
void notice_free(Notice *notice);
GPtrArray *notices_new(void); /* of Notice, which it owns */

/* One dependency to move to one release. */
typedef struct Update {
	Manifest *manifest;     /* borrowed */
	Dependency *dependency; /* borrowed */
	char *from, *to;        /* versions as written; NULL where only a digest is written */
	char *to_name;          /* what the dependency is called from then on; NULL: as before */
	char *from_digest, *to_digest; /* NULL where none is written */
	Step step;
	char *note;          /* one sentence for title and body ("moves to Alpine 3.21"); NULL */
	Home *home;          /* NULL: not known, or not asked for */
	GPtrArray *sections; /* of Section, in their order, one of a kind; may be empty */
	struct Update *otherwise; /* what is done where this cannot be (Ecosystem.leaps); NULL */
} Update;

Update *update_new(Manifest *manifest, Dependency *dependency);
Update *update_copy(const Update *update);
void update_free(Update *update);

/* The name of the dependency afterwards. Borrowed. */
const char *update_target(const Update *update);

/* When what it goes to was published, in Unix seconds; 0: nobody has told. */
int64_t update_published_at(const Update *update);

/* Has it do what it does otherwise, for which there must be something. */
void update_give_way(Update *update);

/* One file before and after. */
typedef struct {
	char *path;
	GBytes *before; /* NULL: the file is new */
	GBytes *after;  /* NULL: the file goes away */
} FileChange;

FileChange *file_change_new(const char *path, GBytes *before, GBytes *after);
void file_change_free(FileChange *change);
GPtrArray *file_changes_new(void); /* of FileChange, which it owns */

/* An ignore condition that people want to stand in the rules. */
typedef struct {
	char *ecosystem;        /* as after package-ecosystem */
	char *name, *range;     /* as in an `ignore` entry; "" is all versions */
	char *places;           /* the base of its entries, and a directory of each; a line each */
	char *author, *said_on; /* who wants that, and on which proposal ("#7"); NULL: not known */
} Amendment;

void amendment_free(Amendment *amendment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Amendment, amendment_free)

/* One branch. */
typedef struct {
	const Rules *rules; /* the entry; borrowed */
	char *update_key;   /* identifies the plan across runs: what it moves, not to what */
	char *group;        /* name of the group; NULL for one dependency */
	bool is_across;     /* the form for several directories */
	bool is_multi; /* `group` is a multi-ecosystem group; `rules` is the first of its entries */
	GPtrArray *updates; /* of Update */
	GPtrArray *changes; /* of FileChange, filled by rewrite */
	GPtrArray *remarks; /* of char *: what moves besides, for the body; a line of Markdown
			     * each, harmless already */
	GPtrArray *absent;  /* of Notice: what its group has and it does not move, and why */
	const GPtrArray *builders; /* of Builder: all that builds the repository, as the plan
				    * leaves it, for resolve; borrowed; NULL: nothing known */
	bool is_waiting_for_notes; /* what there is to tell could not all be found out now */
	Amendment *amendment; /* all that it does is to write this into the rules, which stand on
			       * the default branch: it has no updates; NULL: it is for updates */
	char *branch, *title, *message, *body;
	char *note; /* a phrase for the title beside those of its updates; NULL */
	/* It turned out to change nothing of what it is for, as the problems of its manifests
	 * say: no failure, and nothing to propose. */
	bool is_moot;
	GError *error; /* why it cannot be carried out; NULL if it can */
	bool is_held;  /* with an error: it could be, but must not for now */
} Plan;

Plan *plan_new(const Rules *rules);
void plan_free(Plan *plan);

typedef enum {
	ACTION_CREATED,
	ACTION_UPDATED,
	ACTION_SUPERSEDED,
	ACTION_CLOSED,
	ACTION_UNCHANGED,
	ACTION_SKIPPED,
	ACTION_FAILED,
	ACTION_DRY_RUN,
} Action;

/* "created", …, "dry-run". */
const char *action_word(Action action);

/* What became of a plan. */
typedef struct {
	char *branch;
	Action action;
	char *commit;       /* 40 hex digits; NULL if none */
	char *proposal_url; /* NULL if none */
	char *reason;       /* why skipped, closed or failed; NULL */
	bool is_passing;    /* it failed for now: the next run may do better */
} Outcome;

Outcome *outcome_new(const char *branch, Action action);
void outcome_free(Outcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Update, update_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileChange, file_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outcome, outcome_free)
