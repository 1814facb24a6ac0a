/* SPDX-License-Identifier: MIT */
/* The body of a proposal. Pure. Source: pull-requests.md 5; forges.md 2.4. */
#pragma once

#include "publish/text.h"

/* The body of `plan`, at most wording->max_body bytes; its last line is the marker
 * (identity.h). Of what does not fit whole sections go: commits first, release notes
 * last, and from the end. The caller's. */
char *body_of(const Topic *topic, const Plan *plan, const Wording *wording);

/* Whether the forge's body says the same as ours, whatever notes are in it: line ends
 * and blanks at the end are the forge's own. One that waits for notes is not the same as
 * one that does not. */
bool body_is_same(const char *there, const char *wanted);

bool body_is_waiting(const char *body);
