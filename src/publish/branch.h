/* SPDX-License-Identifier: MIT */
/* The names of branches: a function of what is moved to what, and of nothing else.
 *
 * Another version gives another name, the same set the same: that is how a plan
 * finds the branch of an earlier run. Pure. Source: pull-requests.md 2;
 * dependabot-yml.md 2.9, 12; dependabot-core, branch_namer/.
 */
#pragma once

#include "publish/topic.h"

/* The name, without refs/heads/; the caller's. `prefix` is what stands first
 * where the rules name none.
 * Errors: CONFIG if the template cannot be filled or git refuses the result. */
char *branch_name(const Topic *topic, const char *prefix, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What every name that branch_name() can make for these rules begins with, up to a
 * `/`, `-` or `_`, for listing them; "" if that is nothing. The caller's. */
char *branch_beginning(const Rules *rules, const char *prefix);

/* The ten hex digits that tell one set of versions from another. */
char *branch_digest(const Topic *topic);
