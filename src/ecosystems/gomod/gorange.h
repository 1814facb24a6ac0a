/* SPDX-License-Identifier: MIT */
/* Ranges of module versions in `ignore: versions:`, as Dependabot reads them.
 *
 * Alternatives are separated by `||`, conditions that hold together by commas. A bare
 * version means everything from it to the next major one; `x` and `*` stand for 0 at
 * the lower end; pre-releases are ordered as Ruby's gems are: 2.0.0-rc1 is below
 * 2.0.0 and above 2.0.0.a, which bounds such ranges above.
 * Source: dependabot-yml.md 6.4; dependabot-core go_modules/requirement.rb.
 */
#pragma once

#include "upkeepd/fail.h"

/* Whether `version` ("v1.2.3") lies in `range`.
 * Errors: CONFIG if the range cannot be understood. */
bool gorange_contains(const char *range, const char *version, bool *is_in, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* As Ecosystem.check_range. */
bool gorange_check(const char *range, char **remark, GError **error) G_GNUC_WARN_UNUSED_RESULT;
