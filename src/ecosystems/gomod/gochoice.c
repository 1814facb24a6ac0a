/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gochoice.h"

#include "ecosystems/gomod/gobound.h"
#include "ecosystems/gomod/golookup.h"
#include "ecosystems/gomod/gomod.h"
#include "ecosystems/gomod/gorange.h"
#include "ecosystems/gomod/version.h"
#include "upkeepd/rules.h"

#include <string.h>

enum {
	/* Where the best release asks for too new a Go, go lines are asked for so many at once. */
	GO_LINES_AT_ONCE = 16,
	MOST_GO_LINES = 128,
};

static Release *release_at(const Question *q, guint index)
{
	return g_ptr_array_index(q->dependency->offer->releases, index);
}

/* A person who names a version has it whatever the rules say. */
static bool is_bounded(const Question *q)
{
	return !q->is_named &&
	       (q->rules->max_go != NULL || (q->builders != NULL && q->builders->len > 0));
}

static bool is_renamed(const Question *q)
{
	return ((const ModuleOffer *)q->dependency->offer->detail)->renamed != NULL;
}

bool gochoice_reads_gomods(const Question *q)
{
	return is_bounded(q) || is_renamed(q);
}

/* The builders are those of the module's folder already. */
static GoBound *bound_of(const Question *q)
{
	if (!is_bounded(q))
		return NULL;
	return gobound_new(q->rules->max_go, q->builders, NULL, gomod_file(q->dependency)->go);
}

static bool knows_go(const Release *release)
{
	const ModuleRelease *detail = release->detail;

	return detail != NULL && detail->knows_go;
}

/* What it is too new for; NULL: for nothing that is known. */
static const char *too_new_for(const Release *release, const GoBound *bound)
{
	const ModuleRelease *detail = release->detail;

	return bound != NULL && detail != NULL && detail->go != NULL &&
			       !gobound_admits(bound, detail->go)
		       ? detail->go
		       : NULL;
}

/* What it declares instead of the path that it is required by; NULL: nothing. */
static const char *other_name(const Release *release)
{
	const ModuleRelease *detail = release->detail;

	return detail != NULL ? detail->declares : NULL;
}

int gochoice_order(const Dependency *dep, const Release *x, const Release *y)
{
	int order = version_compare(x->version, y->version);

	(void)dep;
	return order != 0 ? order : strcmp(x->version, y->version);
}

/* Versions without go.mod stay among themselves once a module has one: they are for
 * those who are there already. */
static bool is_of_other_line(const Question *q, const Release *release)
{
	const ModuleOffer *offer = q->dependency->offer->detail;

	return version_is_incompatible(release->version) && !offer->takes_incompatible &&
	       !version_is_incompatible(q->dependency->version);
}

/* Why imports do not go to the next major version; NULL: they may. */
static const char *why_not_next(const Question *q)
{
	const ModuleOffer *offer = q->dependency->offer->detail;

	if (golookup_is_next_itself(q->dependency))
		return "this module itself";
	if (offer->next_deprecated != NULL)
		return "which is deprecated";
	if (!q->dependency->is_direct)
		return "another module";
	return q->rules->rewrites_imports ? NULL
					  : "to which imports go with 'major-imports: rewrite'";
}

/* Those of the next major version are of another module. The newest is worth saying so. */
static void judge_next(Question *q, guint index, const char *why)
{
	const ModuleOffer *offer = q->dependency->offer->detail;
	const Release *release = release_at(q, index);

	if (g_strcmp0(release->version, offer->next_version) == 0)
		question_reject(q, index, REASON_OTHER_LINE, "it is '%s', %s", offer->next_path,
				why);
	else
		question_reject(q, index, REASON_OTHER_LINE, NULL);
}

/* Another version of what go.mod replaces would change nothing. */
static bool is_replaced(const Question *q, const Release *release)
{
	return modfile_replacement(gomod_file(q->dependency),
				   golookup_path(q->dependency->offer, release),
				   release->version) != NULL;
}

static void judge_release(Question *q, guint index)
{
	const Release *release = release_at(q, index);
	const char *present = q->dependency->version, *version = release->version;
	int order = version_compare(version, present);

	if (strcmp(version, present) == 0)
		question_reject(q, index, REASON_UP_TO_DATE, NULL);
	else if (order <= 0)
		question_reject(q, index, REASON_NOT_NEWER, NULL);
	else if (gochoice_leaps(q->dependency, release) && why_not_next(q) != NULL)
		judge_next(q, index, why_not_next(q));
	else if (gochoice_leaps(q->dependency, release) && is_replaced(q, release))
		question_reject(q, index, REASON_OTHER_LINE, "it is '%s', which go.mod replaces",
				golookup_path(q->dependency->offer, release));
	else if (modfile_excludes(gomod_file(q->dependency),
				  golookup_path(q->dependency->offer, release), version))
		question_reject(q, index, REASON_EXCLUDED, "excluded in go.mod");
	else if (release->retracted != NULL)
		question_reject(q, index, REASON_RETRACTED,
				*release->retracted != '\0' ? "retracted: %s" : "retracted%s",
				release->retracted);
	else if (is_of_other_line(q, release))
		question_reject(q, index, REASON_OTHER_LINE,
				"it has no go.mod, and lower versions do");
	else if (other_name(release) != NULL)
		question_reject(q, index, REASON_OTHER_LINE, "it calls itself '%s'",
				other_name(release));
	else if (version_is_prerelease(version) && !version_is_prerelease(present))
		question_reject(q, index, REASON_PRERELEASE, NULL);
}

void gochoice_judge(Question *q)
{
	for (guint i = 0; i < q->dependency->offer->releases->len; i++)
		judge_release(q, i);
}

/* Releases before pre-releases, each from the highest down. */
static gint by_preference(gconstpointer x, gconstpointer y, gpointer data)
{
	const Question *q = data;
	const char *a = release_at(q, *(const guint *)x)->version;
	const char *b = release_at(q, *(const guint *)y)->version;
	bool a_is_prerelease = version_is_prerelease(a), b_is_prerelease = version_is_prerelease(b);
	int order;

	if (a_is_prerelease != b_is_prerelease)
		return a_is_prerelease - b_is_prerelease;
	order = version_compare(b, a);
	return order != 0 ? order : strcmp(b, a);
}

/* Asks for the go.mod files of the best, until one is found that will do. */
static void wish_for_gomods(Question *q, const GArray *ranked)
{
	g_autoptr(GoBound) bound = bound_of(q);
	guint asked = 0;

	if (!gochoice_reads_gomods(q))
		return;
	for (guint i = 0; i < MIN(ranked->len, MOST_GO_LINES); i++) {
		Release *release = release_at(q, g_array_index(ranked, guint, i));

		if (knows_go(release) && too_new_for(release, bound) == NULL &&
		    other_name(release) == NULL)
			return;
		if (knows_go(release))
			continue;
		question_wish_more(q, release);
		if (++asked == GO_LINES_AT_ONCE || i == 0)
			return;
	}
}

GArray *gochoice_rank(Question *q)
{
	GArray *ranked = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < q->dependency->offer->releases->len; i++)
		if (q->verdicts[i].reason == REASON_NONE)
			g_array_append_val(ranked, i);
	g_array_sort_with_data(ranked, by_preference, q);
	wish_for_gomods(q, ranked);
	return ranked;
}

static bool has_cooldown(const Question *q)
{
	for (int step = STEP_NONE; step <= STEP_MAJOR; step++)
		if (q->cooldown[step] > 0)
			return true;
	return false;
}

void gochoice_examine(Question *q, guint index, Age *age)
{
	Release *release = release_at(q, index);
	const ModuleRelease *detail = release->detail;
	g_autoptr(GoBound) bound = bound_of(q);
	const char *go = too_new_for(release, bound);
	const char *present = q->dependency->version;
	int64_t present_at = 0;

	/* Times cost a request each; without a cooldown only one question needs them:
	 * whether a tag that is above a commit was made before it. */
	if (version_is_pseudo(present) && !version_pseudo_time(present, &present_at, NULL))
		present_at = 0;
	if (has_cooldown(q) || present_at > 0)
		question_wish(q, release);
	if (gochoice_reads_gomods(q) && !knows_go(release))
		question_wish_more(q, release);
	if (detail != NULL && detail->is_absent)
		question_reject(q, index, REASON_ABSENT, NULL);
	else if (release->published_at > 0 && release->published_at < present_at)
		question_reject(q, index, REASON_NOT_NEWER, "committed before the present version");
	else if (other_name(release) != NULL)
		question_reject(q, index, REASON_OTHER_LINE, "it calls itself '%s'",
				other_name(release));
	else if (go != NULL)
		question_reject(q, index, REASON_COHERENCE, "it requires go >= %s, and %s", go,
				bound->by);
	age->since = MAX(release->published_at, detail != NULL ? detail->first_seen_at : 0);
	age->is_dated = release->published_at > 0;
}

static const Release *present_release(const Question *q)
{
	for (guint i = 0; i < q->dependency->offer->releases->len; i++)
		if (strcmp(release_at(q, i)->version, q->dependency->version) == 0)
			return release_at(q, i);
	return NULL;
}

Verdict gochoice_complete(Question *q, const Release *chosen, Update *update)
{
	const char *remark = q->dependency->remark;
	const Release *present = present_release(q);
	bool is_retracted = present != NULL && present->retracted != NULL;
	Verdict verdict = { .reason = REASON_NONE };

	if (chosen != NULL) {
		if (gochoice_leaps(q->dependency, chosen)) {
			update->to_name = g_strdup(golookup_path(q->dependency->offer, chosen));
			update->note = g_strdup_printf("moves to %s", update->to_name);
		} else if (is_retracted)
			update->note = g_strdup("leaves a retracted version");
		return verdict;
	}
	verdict.reason = REASON_UP_TO_DATE;
	if (is_retracted)
		verdict.text =
			g_strdup_printf("the present version is retracted%s%s%s%s",
					*present->retracted != '\0' ? ": " : "", present->retracted,
					remark != NULL ? "; " : "", remark != NULL ? remark : "");
	else
		verdict.text = g_strdup(remark);
	return verdict;
}

bool gochoice_leaps(const Dependency *dep, const Release *release)
{
	return golookup_path(dep->offer, release) != dep->offer->key;
}

/* With or without its v. */
const Release *gochoice_counterpart(const Dependency *dep, const char *version, bool is_alone)
{
	const GPtrArray *releases = dep->offer->releases;

	(void)is_alone;
	for (guint i = 0; i < releases->len; i++) {
		const Release *release = g_ptr_array_index(releases, i);

		if (golookup_path(dep->offer, release) == dep->offer->key &&
		    (strcmp(release->version, version) == 0 ||
		     strcmp(release->version + 1, version) == 0))
			return release;
	}
	return NULL;
}

Step gochoice_step(const Dependency *dep, const Release *release)
{
	static const Step steps[] = { STEP_MAJOR, STEP_MINOR, STEP_PATCH };
	char *from[3], *to[3];
	Step step = STEP_PATCH;

	if (strcmp(dep->version, release->version) == 0)
		return STEP_NONE;
	if (!version_numbers(dep->version, from))
		return STEP_PATCH;
	if (version_numbers(release->version, to)) {
		for (int i = 2; i >= 0; i--)
			if (strcmp(from[i], to[i]) != 0)
				step = steps[i];
		for (int i = 0; i < 3; i++)
			g_free(to[i]);
	}
	for (int i = 0; i < 3; i++)
		g_free(from[i]);
	return step;
}

bool gochoice_in_range(const char *range, const Dependency *dep, const Release *release,
		       bool *is_in, GError **error)
{
	(void)dep;
	return gorange_contains(range, release->version, is_in, error);
}
