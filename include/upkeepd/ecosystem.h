/* SPDX-License-Identifier: MIT */
/* The plug point for package ecosystems.
 *
 * A member marked pure sees nothing but its arguments and does not block. One
 * marked rounds asks for everything it can at once, then for what the answers
 * call for; what fails for one element is noted in that element, an error
 * returned ends the job. Adding an ecosystem: docs/adding-an-ecosystem.md.
 */
#pragma once

#include "upkeepd/builder.h"
#include "upkeepd/deed.h"
#include "upkeepd/plan.h"
#include "upkeepd/question.h"
#include "upkeepd/source.h"
#include "upkeepd/world.h"

/* In which world each manifest is worked on: each entry of the rules has registries of
 * its own. Manifests of the same one get the same, by address. Borrowed. */
typedef struct {
	World *(*of)(void *data, const Manifest *m);
	void *data;
} Worlds;

struct Ecosystem {
	const char *name;  /* as after package-ecosystem: "docker", "docker-compose", "gomod" */
	const char *id;    /* in branch names: "docker", "docker_compose", "go_modules" */
	const char *label; /* of pull requests: "docker", "docker_compose", "go" */
	bool hides_v;      /* texts say "1.2.3" for the version "v1.2.3" */
	/* Dependabot calls the branch by the tag even if only its digest moves. */
	bool names_branch_by_tag;
	const char *tool; /* what builds its manifests ("go"), and is not to be outgrown; NULL */

	/* pure; whether a file of this path in the repository may be a manifest. */
	bool (*claims)(const char *path);

	/* The name of another one, whose a file is that both claim and an entry for it covers;
	 * NULL: there is none. */
	const char *yields_to;

	/* pure; a name whose bytes are wanted beside a claimed manifest of the
	 * same directory (go.sum); NULL: none are. */
	bool (*accompanies)(const char *path);

	/* pure; optional; whether a file of this name may say what builds the repository. */
	bool (*tells_builders)(const char *path);

	/* pure; with it; adds what the file says to `builders` (of Builder, without home);
	 * one that cannot be read says nothing. */
	void (*read_builders)(const char *path, GBytes *text, GPtrArray *builders);

	/* pure; optional; the file `path` of the tool, which `text` is, as it should name the
	 * tool's version once `builders` (of Builder) build the repository; NULL: as it is.
	 * `*shift` tells what moves then. Both are the caller's. */
	GBytes *(*follow)(const char *path, GBytes *text, const GPtrArray *builders, Shift **shift);

	/* pure; fills m->dependencies and m->problems.
	 * Errors: INPUT if the file cannot be read at all, its text
	 * "line:column: what is wrong" or, without a place, just what is wrong. */
	bool (*parse)(Manifest *m, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* rounds; sets dep->offer of each element. Offers are put into `offers`
	 * (of Offer, by key), which owns them; one look-up per key. */
	bool (*look_up)(World *w, GPtrArray *dependencies, GTree *offers, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* pure; optional; further names by which rules may mean the dependency,
	 * NULL-terminated, the caller's: an image with its registry. */
	char **(*aliases)(const Dependency *dep);

	/* pure; optional; where the source of an update lies, as far as names tell;
	 * NULL where they do not. The caller's. */
	Home *(*home)(const Update *update);

	/* rounds; optional; asks where the source of each of `updates` (of Update) lies
	 * and sets update->home. What cannot be found out stays NULL. May add a
	 * section of what else it knows. */
	void (*find_homes)(World *w, const GPtrArray *updates);

	/* pure; optional; what there is to be known of an update's dependency beside the
	 * update. The caller's; of Notice. */
	GPtrArray *(*notices)(const Update *update);

	/* pure; less than, equal to or greater than zero: which of two releases
	 * of dep's offer is the newer, for printing. Total. */
	int (*order)(const Dependency *dep, const Release *x, const Release *y);

	/* pure; says of each release why it cannot be compared with the present
	 * one or is not newer (OTHER_LINE, PRERELEASE, NOT_NEWER, UP_TO_DATE,
	 * RETRACTED, EXCLUDED); the others stay REASON_NONE. */
	void (*judge)(Question *q);

	/* pure; the releases that are still REASON_NONE after the rules have
	 * spoken, best first, as indexes; one that is out of the running after
	 * all gets its reason (GUARD). The caller's. */
	GArray *(*rank)(Question *q); /* of guint */

	/* pure; optional; whether the described release `index` is what it
	 * should be: if not it gets its reason (ABSENT, SAME_CONTENT, PLATFORM).
	 * Without this member a release is as old as published_at says. */
	void (*examine)(Question *q, guint index, Age *age);

	/* pure; optional; what moves besides the version or without it: a digest.
	 * `chosen` is the release taken, NULL if the version stays. Fills the
	 * rest of `update`; the reason says why nothing moves, REASON_NONE if
	 * something does. The text is the caller's. */
	Verdict (*complete)(Question *q, const Release *chosen, Update *update);

	/* pure; the release that `version` means for dep where a person asks for it
	 * by name; NULL: there is none. `is_alone`: all dependencies that were
	 * meant have the same version now. */
	const Release *(*counterpart)(const Dependency *dep, const char *version, bool is_alone);

	/* pure; optional; whether taking the release may come to nothing for reasons that lower
	 * ones do not have; the best of them is then the update's `otherwise`. */
	bool (*leaps)(const Dependency *dep, const Release *release);

	/* pure; how far apart the present version and `release` are. */
	Step (*step)(const Dependency *dep, const Release *release);

	/* pure; whether `release` lies in `range`, in the syntax of `ignore:
	 * versions:` for this ecosystem.
	 * Errors: CONFIG if the range cannot be understood. */
	bool (*in_range)(const char *range, const Dependency *dep, const Release *release,
			 bool *is_in, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* pure; whether that range can be understood at all; `*remark` is what it means
	 * where few would think so, NULL where it means what it seems to; the caller's.
	 * Errors: CONFIG. */
	bool (*check_range)(const char *range, char **remark, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* rounds; fulfils the wishes of all questions and empties them. What was
	 * wished for is described afterwards, whatever came of it. */
	bool (*describe)(World *w, GPtrArray *questions, GError **error) /* of Question */
		G_GNUC_WARN_UNUSED_RESULT;

	/* rounds; optional; fetches all that rewrite needs (sums, module graph),
	 * and may read what lies beside the manifests in `source`. A plan that
	 * cannot be carried out gets plan->error; one that would not move what it
	 * is for is moot. */
	bool (*resolve)(const Worlds *worlds, Source *source, GPtrArray *plans, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* rounds; optional; resolve and rewrite for a person at a checkout, where every
	 * manifest is a project of its own: names mean the one at hand, and the `to` of
	 * an update may be whatever a version can be found for. Carries out `plans`, the
	 * updates of one manifest each, one after the other: each sees what those before
	 * it have made of the files. One that cannot be carried out gets its error and
	 * changes nothing. `deed` is begun. */
	bool (*perform)(const Worlds *worlds, Source *source, GPtrArray *plans, Deed *deed,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* pure; optional; what moves in `m` if one of its dependencies gets
	 * `version`: itself first, then all that take their version from the
	 * same place, an ARG that several images are built from. Their versions
	 * are to be chosen together, for one cannot move without the others. Of
	 * Update, the caller's.
	 * Errors: INPUT if the file cannot be changed so. */
	GPtrArray *(*entail)(Manifest *m, Dependency *dependency, const char *version,
			     GError **error)G_GNUC_WARN_UNUSED_RESULT;

	/* pure; fills plan->changes. The result has been parsed again and
	 * differs in what was meant only. An update that the file does not
	 * admit is dropped from the plan and said in its manifest's problems.
	 * Errors: INPUT if none can be made; the plan then keeps them all. */
	bool (*rewrite)(Plan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
};

/* The list of all ecosystems, NULL-terminated (ecosystems/ecosystems.c). */
extern const Ecosystem *const ecosystems[];

/* By name as after package-ecosystem; NULL if there is none. */
const Ecosystem *ecosystem_by_name(const char *name);
