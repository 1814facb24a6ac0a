/* SPDX-License-Identifier: MIT */
/* Strangers' words within ours: as a block quote, or in a line.
 *
 * Release notes, change logs and reasons are written by people we do not know and
 * shown with our rights: they must not notify anybody, link back, close issues,
 * run a forge's commands, load pictures, or pretend to be ours. Pure.
 * Source: pull-requests.md 5.3; forges.md 2.5.
 */
#pragma once

/* The text as a block quote of at most `max_lines` lines, harmless on every forge. Links to
 * GitHub go through its redirect host, which leaves no trace in the other repository. The
 * caller's; "" if nothing is left. */
char *quote_text(const char *text, unsigned max_lines);

/* The first line of the text, harmless within a line of ours; longer than `max_length`
 * characters it ends in three dots. The caller's. */
char *quote_line(const char *text, unsigned max_length);
