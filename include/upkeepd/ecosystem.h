/* SPDX-License-Identifier: MIT */
/* The plug point for package ecosystems.
 *
 * A member marked pure sees nothing but its arguments and does not block. One
 * marked rounds asks for everything it can at once, then for what the answers
 * call for; what fails for one element is noted in that element, an error
 * returned ends the job. Adding an ecosystem: docs/adding-an-ecosystem.md.
 */
#pragma once

#include "upkeepd/plan.h"
#include "upkeepd/world.h"

struct Ecosystem {
	const char *name;  /* as after package-ecosystem: "docker", "docker-compose", "gomod" */
	const char *id;    /* in branch names: "docker", "docker_compose", "go_modules" */
	const char *label; /* of pull requests: "docker", "docker_compose", "go" */

	/* pure; whether a file of this name (from the repository's root) may be
	 * a manifest. */
	bool (*claims)(const char *path);

	/* pure; a name whose bytes are wanted beside a claimed manifest of the
	 * same directory (go.sum); NULL: none are. */
	bool (*accompanies)(const char *path);

	/* pure; fills m->dependencies and m->problems.
	 * Errors: INPUT if the file cannot be read at all, its text
	 * "line:column: what is wrong" or, without a place, just what is wrong. */
	bool (*parse)(Manifest *m, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* rounds; sets dep->offer of each element. Offers are put into `offers`
	 * (of Offer, by key), which owns them; one look-up per key. */
	bool (*look_up)(World *w, GPtrArray *dependencies, GTree *offers, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* pure; says of each release of dep->offer whether it is in the running.
	 * `verdicts` has one element per release, already holding what generic
	 * rules (ignore, allow) reject; this adds family, order, stability.
	 * Returns the indexes of the candidates, best first. */
	GArray *(*rank)(const Dependency *dep, Verdict *verdicts); /* of guint */

	/* pure; how far apart the present version and `release` are. */
	Step (*step)(const Dependency *dep, const Release *release);

	/* pure; whether `release` lies in `range`, in the syntax of `ignore:
	 * versions:` for this ecosystem.
	 * Errors: CONFIG if the range cannot be understood. */
	bool (*in_range)(const char *range, const Dependency *dep, const Release *release,
			 bool *is_in, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* rounds; date, digest and platforms of likely winners; fills what is
	 * missing in each. Elements are Candidate. */
	bool (*describe)(World *w, GPtrArray *candidates, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* rounds; optional; fetches all that rewrite needs (sums, module graph).
	 * A plan that cannot be carried out gets plan->error. */
	bool (*resolve)(World *w, GPtrArray *plans, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* pure; fills plan->changes. The result has been parsed again and
	 * differs in what was meant only. */
	bool (*rewrite)(Plan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
};

/* A release that may be taken for a dependency, for describe(). */
typedef struct {
	Dependency *dependency;
	Release *release;
} Candidate;

/* The list of all ecosystems, NULL-terminated (ecosystems/ecosystems.c). */
extern const Ecosystem *const ecosystems[];

/* By name as after package-ecosystem; NULL if there is none. */
const Ecosystem *ecosystem_by_name(const char *name);
