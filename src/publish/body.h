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

/* The body of `plan`, at most wording->max_body bytes; its last line is the marker
 * (identity.h). The caller's. */
char *body_of(const Topic *topic, const Plan *plan, const Wording *wording);

/* Strangers' text as a block quote of at most `max_lines` lines, harmless on every
 * forge. Links to GitHub go through its redirect host, which leaves no trace in the
 * other repository. The caller's; "" if nothing is left. */
char *body_quote(const char *text, unsigned max_lines);
