/* SPDX-License-Identifier: MIT */
/* The collapsed blocks of a body: release notes, change log, commits.
 *
 * A block is whole lines, from "<details>" to "</details>"; no line of what is in it
 * is one of these two, so that a body can be taken apart again. Pure.
 * Source: pull-requests.md 5.1, 5.3; dependabot-core, metadata_presenter.rb.
 */
#pragma once

#include "upkeepd/plan.h"

/* The line that stands for sections that did not fit. */
#define SECTION_LEFT_OUT "… (more was found than fits here)"

/* The line by which the next run knows that there was no time to find out all. */
#define SECTION_WAITING "<!-- upkeepd:notes later -->"

/* The block of a section of the dependency `name`; the caller's. */
char *section_block(const Section *section, const char *name);

/* "Release notes", …: what block and link are called. */
const char *section_title(SectionKind kind);

/* One commit, for section_commits(). */
typedef struct {
	const char *id;    /* 40 hex digits or so */
	const char *title; /* a stranger's words, of which the first line counts */
} SourceCommit;

enum { SECTION_COMMITS_SHOWN = 10 };

/* The text of a section of commits: the first of `commits` (of SourceCommit, newest
 * first), and where all of them are. `has_more`: there are more than these. The caller's. */
char *section_commits(const char *forge, const char *page, const GArray *commits, bool has_more,
		      const char *compare);

/* The body without its sections, a line in the place of the first; NULL: it has none. The
 * caller's. */
char *section_cut(const char *body);

/* What of a body is the same whether or not anything was found out about the sources:
 * without blocks, links and empty lines. The caller's. */
char *section_skeleton(const char *body);
