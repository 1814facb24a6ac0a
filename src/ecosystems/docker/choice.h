/* SPDX-License-Identifier: MIT */
/* Choosing a tag: the pure members of an ecosystem of images (ecosystem.h).
 *
 * A reference keeps its line: prefix, words, precision and, where it can, its OS
 * release; only tags that the registry lists are ever chosen. The offer is a
 * listing (listing.h). `platform` is the literal of the reference's --platform,
 * NULL if it has none.
 *
 * Source: docker.md 4.4 to 4.12.
 */
#pragma once

#include "ecosystems/docker/listing.h"
#include "upkeepd/ecosystem.h"

/* The tag that the reference follows: the one written or, with a digest alone,
 * the one that the digest was found under. NULL if nobody knows. The caller's. */
Tag *choice_present(const Dependency *dep);

/* D's name without `library/`, and the name with its registry (docker.md 3.4). */
char **choice_aliases(const Dependency *dep);

int choice_order(const Dependency *dep, const Release *x, const Release *y);
void choice_judge(Question *q);
GArray *choice_rank(Question *q); /* of guint */
void choice_examine(Question *q, guint index, Age *age, const char *platform);
Verdict choice_complete(Question *q, const Release *chosen, Update *update, const char *platform);

/* The first number that differs decides: major, minor, then patch; other parts
 * are patches, an OS release at least minor, a codename major. */
Step choice_step(const Dependency *dep, const Release *release);

const Release *choice_counterpart(const Dependency *dep, const char *version, bool is_alone);

/* `range` is what Dependabot takes for images: Bundler's syntax, compared with
 * the numbers of the tag alone ("1.22" is 1.22.0 and not 1.22.1). */
bool choice_check_range(const char *range, char **remark, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool choice_in_range(const char *range, const Dependency *dep, const Release *release, bool *is_in,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
