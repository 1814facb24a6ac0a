/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/choice.h"

#include "ecosystems/docker/guard.h"
#include "upkeepd/rules.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* How long a version must be out before it is believed that the present OS
 * release will not get it: the publisher's builds take hours to days. */
enum { GRACE = 7 * 24 * 60 * 60 };

/* What the present tag lets in. */
typedef struct {
	const Tag *present;
	bool is_full_pin; /* a numbered pre-release, which stands for one exact version */
	int precision;    /* of the stable tags that are let in */
	bool keeps_os, takes_newest_os;
	bool is_go; /* an image of Go under two numbering schemes: its major is 1 */
} Line;

static Release *release_at(const Question *q, guint index)
{
	return g_ptr_array_index(q->dependency->offer->releases, index);
}

static const Tag *tag_at(const Question *q, guint index)
{
	return tag_of(release_at(q, index));
}

static bool is_same_line(const Tag *a, const Tag *b)
{
	return a->line != NULL && b->line != NULL && strcmp(a->line, b->line) == 0;
}

Tag *choice_present(const Dependency *dep)
{
	const char *name = dep->version;
	const Content *content;

	if (name == NULL && dep->digest != NULL) {
		content = content_find(dep->offer, dep->digest);
		name = content != NULL ? content->tag : NULL;
	}
	return name != NULL ? tag_parse(name, listing_codenames(dep->offer),
					listing_names_are_versions(dep->offer))
			    : NULL;
}

char **choice_aliases(const Dependency *dep)
{
	const char *slash = strchr(dep->key, '/'), *path = slash != NULL ? slash + 1 : dep->key;
	GStrvBuilder *names = g_strv_builder_new();
	char **list;

	g_strv_builder_add(names, dep->key);
	if (g_str_has_prefix(dep->name, "library/"))
		g_strv_builder_add(names, dep->name + strlen("library/"));
	if (g_str_has_prefix(path, "library/")) {
		g_autofree char *host = g_strndup(dep->key, (gsize)(path - dep->key));
		g_autofree char *name = g_strconcat(host, path + strlen("library/"), NULL);

		g_strv_builder_add(names, name);
	}
	list = g_strv_builder_end(names);
	g_strv_builder_unref(names);
	return list;
}

int choice_order(const Dependency *dep, const Release *x, const Release *y)
{
	const Tag *a = tag_of(x), *b = tag_of(y);
	int order = g_strcmp0(a->line, b->line);

	(void)dep;
	if (order == 0)
		order = tag_compare(a, b);
	if (order == 0)
		order = tag_compare_os(a, b);
	return order != 0 ? order : strcmp(a->text, b->text);
}

static Line line_of(const Question *q, const Tag *present)
{
	const GPtrArray *releases = q->dependency->offer->releases;
	Line line = {
		.present = present,
		.is_full_pin = tag_is_numbered_prerelease(present),
		.precision = present->precision,
		.keeps_os = g_strcmp0(q->rules->variant, "exact") == 0,
		.takes_newest_os = g_strcmp0(q->rules->variant, "newest") == 0,
		.is_go = g_str_has_suffix(q->dependency->key, "/go-toolset"),
	};

	if (line.is_full_pin)
		line.precision = 0;
	for (guint i = 0; line.is_full_pin && i < releases->len; i++) {
		const Tag *tag = tag_of(g_ptr_array_index(releases, i));

		if (tag->prerelease == PRERELEASE_NONE && is_same_line(tag, present))
			line.precision = MAX(line.precision, tag->precision);
	}
	return line;
}

/* Of one line; why it is out of the running, REASON_NONE if it is not. */
static Reason judge_one(const Line *line, const Tag *tag, const char **why)
{
	const Tag *present = line->present;
	bool is_same_core = numbers_compare(tag->core, present->core, INT_MAX) == 0;
	int os = tag_compare_os(tag, present), order = tag_compare(tag, present);

	*why = NULL;
	if (tag->prerelease != PRERELEASE_NONE && !(line->is_full_pin && is_same_core))
		return REASON_PRERELEASE;
	if (tag->prerelease == PRERELEASE_NONE ? tag->precision != line->precision
					       : !line->is_full_pin)
		return REASON_OTHER_LINE;
	if (os < 0 || (os > 0 && line->keeps_os)) {
		*why = "another OS release";
		return REASON_OTHER_LINE;
	}
	if (order < 0 || (order == 0 && !(os > 0 && line->takes_newest_os)))
		return REASON_NOT_NEWER;
	if (line->is_go && numbers_compare(tag->core, (Numbers){ "1", 1 }, 1) != 0) {
		*why = "its major is not Go's";
		return REASON_EXCLUDED;
	}
	return REASON_NONE;
}

void choice_judge(Question *q)
{
	const Dependency *dep = q->dependency;
	g_autoptr(Tag) present = choice_present(dep);
	Line line = { 0 };

	if (present != NULL && tag_is_ordered(present))
		line = line_of(q, present);
	else if (present == NULL && dep->digest != NULL) {
		const Content *content = content_find(dep->offer, dep->digest);

		if (content == NULL || !content->is_whole)
			question_wish_digest(q, dep->digest, true);
	}
	for (guint i = 0; i < dep->offer->releases->len; i++) {
		const Tag *tag = tag_at(q, i);
		const char *why = NULL;
		Reason reason = REASON_OTHER_LINE;

		if (present != NULL && strcmp(tag->text, present->text) == 0)
			reason = REASON_UP_TO_DATE;
		else if (line.present != NULL && is_same_line(tag, present))
			reason = judge_one(&line, tag, &why);
		if (reason != REASON_NONE)
			question_reject(q, i, reason, why != NULL ? "%s" : NULL, why);
	}
}

/* Best first; of equal versions the lower OS release, then by name. */
static int compare_candidates(const void *a, const void *b, void *data)
{
	const Tag *x = tag_at(data, *(const guint *)a), *y = tag_at(data, *(const guint *)b);
	int order = tag_compare(y, x);

	if (order == 0)
		order = tag_compare_os(x, y);
	return order != 0 ? order : strcmp(x->text, y->text);
}

static GArray *candidates_of(Question *q)
{
	GArray *candidates = g_array_new(false, false, sizeof(guint));

	for (guint i = 0; i < q->dependency->offer->releases->len; i++)
		if (q->verdicts[i].reason == REASON_NONE)
			g_array_append_val(candidates, i);
	g_array_sort_with_data(candidates, compare_candidates, q);
	return candidates;
}

static int compare_versions(const void *a, const void *b)
{
	return tag_compare_versions(*(const Tag *const *)a, *(const Tag *const *)b);
}

/* All tags of the line with the present OS release, by version; what rules and guard
 * think of them does not count. */
static GPtrArray *exact_line(const Question *q, const Tag *present)
{
	const GPtrArray *releases = q->dependency->offer->releases;
	GPtrArray *line = g_ptr_array_new();

	for (guint i = 0; i < releases->len; i++) {
		const Tag *tag = tag_of(g_ptr_array_index(releases, i));

		if (is_same_line(tag, present) && tag_compare_os(tag, present) == 0)
			g_ptr_array_add(line, (Tag *)tag);
	}
	g_ptr_array_sort(line, compare_versions);
	return line;
}

/* Whether the present OS release has, or had, this very version. */
static bool is_in_line(const GPtrArray *line, const Tag *tag)
{
	return line->len > 0 &&
	       bsearch(&tag, line->pdata, line->len, sizeof *line->pdata, compare_versions) != NULL;
}

/* Whether the version of candidates[from..to) has been out for the grace time. */
static bool is_settled(Question *q, const GArray *candidates, guint from, guint to)
{
	for (guint i = from; i < to; i++) {
		const Release *release = release_at(q, g_array_index(candidates, guint, i));
		int64_t since = listed_since(release);

		if (q->is_named || (since > 0 && since <= q->now - GRACE) ||
		    (since == 0 && release->is_described && q->rules->allows_unknown_age))
			return true;
	}
	return false;
}

/* Rule 4.6 `auto`: versions that only a newer OS release has, each with the
 * lowest release that carries it, go before the exact line. `others` are the
 * candidates with a newer OS release, best first, so one version's stand
 * together, but with their revisions before their OS releases. */
static void evolve(Question *q, const Tag *present, const Tag *best_exact, const GArray *others,
		   GArray *ranked)
{
	g_autoptr(GPtrArray) line = exact_line(q, present);

	for (guint from = 0, to; from < others->len; from = to) {
		const Tag *version = tag_at(q, g_array_index(others, guint, from));
		const Tag *lowest = version;
		bool is_ready;

		for (to = from + 1; to < others->len; to++) {
			const Tag *tag = tag_at(q, g_array_index(others, guint, to));

			if (tag_compare_versions(tag, version) != 0)
				break;
			if (tag_compare_os(tag, lowest) < 0)
				lowest = tag;
		}
		is_ready =
			tag_compare_versions(version, best_exact) > 0 && !is_in_line(line, version);
		if (is_ready && !is_settled(q, others, from, to)) {
			/* One date at a time: what is above may do. */
			if (ranked->len == 0 && q->wishes->len == 0)
				question_wish(q, release_at(q, g_array_index(others, guint, from)));
			for (guint i = from; i < to; i++)
				question_reject(q, g_array_index(others, guint, i), REASON_GRACE,
						"may still come for the present OS release");
			continue;
		}
		for (guint i = from; i < to; i++) {
			guint index = g_array_index(others, guint, i);

			if (is_ready && tag_compare_os(tag_at(q, index), lowest) == 0)
				g_array_append_val(ranked, index);
			else
				question_reject(q, index, REASON_OTHER_LINE,
						"a newer OS release than needed");
		}
	}
}

/* Rule 4.6 `newest`: of each version the newest OS release. */
static int compare_newest(const void *a, const void *b, void *data)
{
	const Tag *x = tag_at(data, *(const guint *)a), *y = tag_at(data, *(const guint *)b);
	int order = tag_compare_versions(y, x);

	if (order == 0)
		order = tag_compare_os(y, x);
	return order != 0 ? order : compare_candidates(a, b, data);
}

static void append_all(GArray *to, const GArray *from)
{
	if (from->len > 0)
		g_array_append_vals(to, from->data, from->len);
}

/* Splits the candidates by whether they keep the OS release; those that are spelt
 * otherwise count only where no other keeps it. */
static void split(Question *q, const Tag *present, const GArray *candidates, GArray *exact,
		  GArray *others)
{
	g_autoptr(GArray) unlike = g_array_new(false, false, sizeof(guint));

	for (guint i = 0; i < candidates->len; i++) {
		guint index = g_array_index(candidates, guint, i);
		const Tag *tag = tag_at(q, index);
		bool keeps_os = tag_compare_os(tag, present) == 0;

		if (tag_is_spelt_alike(tag, present))
			g_array_append_val(keeps_os ? exact : others, index);
		else if (keeps_os)
			g_array_append_val(unlike, index);
		else
			question_reject(q, index, REASON_OTHER_LINE, "another OS release");
	}
	if (exact->len == 0) {
		append_all(exact, unlike);
		return;
	}
	for (guint i = 0; i < unlike->len; i++)
		question_reject(q, g_array_index(unlike, guint, i), REASON_OTHER_LINE,
				"spelt otherwise");
}

GArray *choice_rank(Question *q)
{
	g_autoptr(Tag) present = choice_present(q->dependency);
	g_autoptr(GArray) candidates = candidates_of(q);
	g_autoptr(GArray) exact = g_array_new(false, false, sizeof(guint));
	g_autoptr(GArray) others = g_array_new(false, false, sizeof(guint));
	GArray *ranked = g_array_new(false, false, sizeof(guint));

	if (present == NULL || candidates->len == 0)
		return ranked;
	guard_apply(q, present, candidates);
	split(q, present, candidates, exact, others);
	if (g_strcmp0(q->rules->variant, "newest") == 0) {
		append_all(ranked, exact);
		append_all(ranked, others);
		g_array_sort_with_data(ranked, compare_newest, q);
		return ranked;
	}
	evolve(q, present, exact->len > 0 ? tag_at(q, g_array_index(exact, guint, 0)) : present,
	       others, ranked);
	append_all(ranked, exact);
	return ranked;
}

Step choice_step(const Dependency *dep, const Release *release)
{
	g_autoptr(Tag) present = choice_present(dep);
	const Tag *tag = tag_of(release);
	Step step = STEP_PATCH;

	if (present == NULL || present->kind == TAG_DATE || present->kind == TAG_BUILD)
		return STEP_PATCH;
	if (present->kind == TAG_CODENAME || numbers_compare(present->core, tag->core, 1) != 0)
		return STEP_MAJOR;
	if (numbers_compare(present->core, tag->core, 2) != 0 &&
	    MIN(present->precision, tag->precision) > 1)
		step = STEP_MINOR;
	return tag_compare_os(present, tag) != 0 ? STEP_MINOR : step;
}

/* Rule 4.12.5: the numbers both have, the Java update and the pre-release. */
static bool is_counterpart(const Tag *tag, const Tag *present, const Tag *asked)
{
	return tag_is_comparable(tag, present) && tag_compare_os(tag, present) == 0 &&
	       numbers_compare(tag->core, asked->core, MIN(tag->precision, asked->precision)) ==
		       0 &&
	       numbers_compare(tag->java_update, asked->java_update, INT_MAX) == 0 &&
	       tag->prerelease == asked->prerelease &&
	       numbers_compare(tag->prerelease_number, asked->prerelease_number, INT_MAX) == 0;
}

const Release *choice_counterpart(const Dependency *dep, const char *version, bool is_alone)
{
	const Release *asked = listing_find(dep->offer, version), *best = NULL;
	g_autoptr(Tag) present = dep->version != NULL ? choice_present(dep) : NULL;
	const Tag *wanted;

	if (asked == NULL || dep->version == NULL || is_alone || present == NULL)
		return asked;
	wanted = tag_of(asked);
	if (tag_is_comparable(present, wanted) && tag_compare_os(present, wanted) == 0)
		return asked;
	if (strcmp(dep->version, version) == 0)
		return asked;
	for (guint i = 0; i < dep->offer->releases->len && tag_is_ordered(present); i++) {
		const Release *release = g_ptr_array_index(dep->offer->releases, i);
		const Tag *tag = tag_of(release);
		int order;

		if (!is_counterpart(tag, present, wanted))
			continue;
		order = best != NULL ? tag_compare(tag, tag_of(best)) : 1;
		if (order > 0 || (order == 0 && tag->has_v == present->has_v))
			best = release;
	}
	return best;
}
