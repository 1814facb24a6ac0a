/* SPDX-License-Identifier: MIT */
/* The body of a proposal, and the taming of strangers' words in it.
 *
 * Release notes, change logs and reasons are written by people we do not know and
 * shown with our rights: they must not notify anybody, link back, close issues,
 * run a forge's commands, load pictures, or pretend to be ours. Pure.
 * Source: pull-requests.md 5; forges.md 2.4, 2.5.
 */
#pragma once

#include "publish/text.h"

/* The line that stands for sections that did not fit. */
#define BODY_LEFT_OUT "… (more was found than fits here)"

/* The line by which the next run knows that there was no time to find out all. */
#define BODY_WAITING "<!-- upkeepd:notes later -->"

/* The body of `plan`, at most wording->max_body bytes; its last line is the marker
 * (identity.h). Of what does not fit whole sections go: commits first, release notes
 * last, and from the end. The caller's. */
char *body_of(const Topic *topic, const Plan *plan, const Wording *wording);

/* Whether the forge's body says the same as ours, whatever notes are in it: line ends
 * and blanks at the end are the forge's own. One that waits for notes is not the same as
 * one that does not. */
bool body_is_same(const char *there, const char *wanted);

bool body_is_waiting(const char *body);

/* Strangers' text as a block quote of at most `max_lines` lines, harmless on every
 * forge. Links to GitHub go through its redirect host, which leaves no trace in the
 * other repository. The caller's; "" if nothing is left. */
char *body_quote(const char *text, unsigned max_lines);

/* The first line of strangers' text, harmless within a line of ours; longer than
 * `max_length` characters it ends in three dots. The caller's. */
char *body_line(const char *text, unsigned max_length);
