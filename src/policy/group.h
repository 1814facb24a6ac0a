/* SPDX-License-Identifier: MIT */
/* Updates into plans: what goes into one branch together. Pure.
 *
 * A dependency whose name the patterns of a multi-ecosystem group take in goes
 * into the one plan of that group, over all entries; else into the plan of a
 * group of its entry, over all its directories; else into a plan of its own,
 * one for each directory.
 *
 * Of several groups the first that matches has it, but a more specific pattern
 * beats a less specific one: an exact name 1000, no `*` or no patterns 500, a
 * pattern with n stars and length L max(1, 100 − 10n + max(0, L − 5)), `*` by
 * itself 1. A group is passed over where another one that could take the same
 * update types scores strictly higher; a group that has the dependency already
 * scores 1000; one without patterns is never passed over.
 *
 * A group with update types takes no more than these. Where the newest release
 * is beyond them the group gets the newest within, and the dependency a plan of
 * its own for the newest. (Dependabot only makes the latter.)
 * Source: dependabot-yml.md 7, 8, 10.9.
 */
#pragma once

#include "policy/select.h"

/* The choices that groups need besides the free ones in `selections` (of Selection,
 * made): those among lower update types. To be made, and put beside the others,
 * before group_plans(). The caller's; of Selection. */
GPtrArray *group_selections(const GPtrArray *selections);

/* What is to be done, in order of work: multi-ecosystem groups, groups, then single
 * dependencies, those first whose release has waited longest. Updates are
 * copied. Within a plan they are in the order of `selections`. What moves along
 * with another (Ecosystem.entail) is in its plan. The caller's; of Plan, without
 * changes and words. */
GPtrArray *group_plans(const GPtrArray *selections);

/* The group of its entry whose plan has the update of a choice; NULL: none, it is in
 * that of its multi-ecosystem group (`*is_multi`), or in a plan of its own. */
const Group *group_of_update(const Selection *s, bool *is_multi);

/* The plans that could have the update of a choice, were there one: of its multi-
 * ecosystem group, else of every group that has the dependency, and of it alone
 * unless the choice was made for a group. The caller's; of Plan, each with an
 * update that says nothing but what is moved. */
GPtrArray *group_homes(const Selection *s);

/* Whether the group of `plan`, which has one, has the dependency of a choice, whatever
 * becomes of it. */
bool group_has(const Plan *plan, const Selection *s);

/* Warns of groups that take none of the dependencies of their entry, though it has
 * some. `manifests` are all of the repository's; problems go to `problems`. */
void group_complain(const RulesFile *file, const GPtrArray *manifests, GPtrArray *problems);
