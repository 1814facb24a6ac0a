/* SPDX-License-Identifier: MIT */
/* Choosing a module version: the pure members of ecosystem_gomod (ecosystem.h).
 *
 * What Go's `upgrade` would take, and never less than what is there: the highest
 * release, else the highest pre-release if the present version is one itself.
 * Retracted and excluded versions are out of the question, those that ask for a
 * newer Go than what builds the repository, or than `max-go`, and those whose go.mod
 * declares another path. Those of the next major version are told of, and taken only
 * with `major-imports: rewrite`, and not if that is deprecated.
 * Source: gomod.md b.5, b.6; dependabot-yml.md 7.
 */
#pragma once

#include "upkeepd/ecosystem.h"

/* Whether the go.mod files of releases count for a choice: something bounds the module's
 * go line, or it has been renamed, and older releases may bear its name still. */
bool gochoice_reads_gomods(const Question *q);

int gochoice_order(const Dependency *dep, const Release *x, const Release *y);
void gochoice_judge(Question *q);
GArray *gochoice_rank(Question *q); /* of guint */
void gochoice_examine(Question *q, guint index, Age *age);
Verdict gochoice_complete(Question *q, const Release *chosen, Update *update);
const Release *gochoice_counterpart(const Dependency *dep, const char *version, bool is_alone);

/* To the next major version, which other imports go to. */
bool gochoice_leaps(const Dependency *dep, const Release *release);

/* By the first of the three numbers that differs; pre-release to release: patch. */
Step gochoice_step(const Dependency *dep, const Release *release);

bool gochoice_in_range(const char *range, const Dependency *dep, const Release *release,
		       bool *is_in, GError **error) G_GNUC_WARN_UNUSED_RESULT;
