/* SPDX-License-Identifier: MIT */
/* What a group's plan leaves out of what the group has, and why: a person who reads the
 * proposal should not have to guess. Pure. Source: pull-requests.md 16, row 13.
 */
#pragma once

#include "policy/select.h"

/* Of the dependencies that the group of `plan` has those of which something newer is known
 * that the plan does not take. What only the repository's rules keep out as a whole is not
 * told. The caller's; of Notice, in the order of `selections` (of Selection, made). */
GPtrArray *absent_from(const Plan *plan, const GPtrArray *selections);
