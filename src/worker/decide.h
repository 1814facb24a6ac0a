/* SPDX-License-Identifier: MIT */
/* Look up and decide: the middle of the sentence that a run is.
 *
 * One look-up per image or module however many files name it, but for entries with
 * other registries, which may see something else there; then choices are
 * made in rounds: what a choice must know more of is asked for, for all choices
 * at once, until none has a wish left.
 */
#pragma once

#include "policy/select.h"
#include "upkeepd/ecosystem.h"
#include "worker/builders.h"
#include "worker/registries.h"

typedef struct {
	GPtrArray *selections;  /* of Selection, in the order of manifests and dependencies */
	GPtrArray *offers;      /* of GTree (key to Offer), which the dependencies borrow from */
	bool is_whole;          /* everything asked for was answered */
	Builders *builders;     /* what the choices have to mind; NULL: nothing */
	Registries *registries; /* in which world each entry looks up; borrowed; NULL: all look
				   up in the one given */
} Decision;

void decision_clear(Decision *decision);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Decision, decision_clear)

/* What there is to decide about `manifests` (of Manifest, each with its rules): a
 * selection for each dependency that `wants` (NULL: all), not yet made. Rules
 * `fallback` hold where a manifest has none. */
void decision_begin(Decision *decision, const GPtrArray *manifests, const Rules *fallback,
		    int64_t now, bool is_named,
		    bool (*wants)(const Dependency *dependency, void *data), void *data);

/* Before the choices: has them mind what builds the repository, whose files are those
 * of `source`. Errors: of the source. */
bool decision_mind_builders(Decision *decision, Source *source, const GPtrArray *manifests,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Before the look-ups: has each entry look up with the registries that it lists. */
void decision_mind_registries(Decision *decision, Registries *registries);

/* Looks up what the selections are about. What cannot be looked up is a choice that
 * stays, with the reason; errors are those that end the job. */
bool decision_look_up(Decision *decision, World *w, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes every choice. */
bool decision_choose(Decision *decision, World *w, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After it: adds the choices that groups need besides (policy/group.h), made. */
bool decision_choose_for_groups(Decision *decision, World *w, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
