/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/guard.h"

#include "upkeepd/rules.h"

#include <string.h>

enum {
	MOST_ASKED = 5, /* versions whose digests are asked for to find the published one */
	STALE = 180 * 24 * 60 * 60, /* seconds; a `latest` that old was forgotten */
};

static Release *release_at(const Question *q, guint index)
{
	return g_ptr_array_index(q->dependency->offer->releases, index);
}

static bool is_above(const Tag *tag, const Tag *published)
{
	int shared = MIN(tag->precision, published->precision);

	return numbers_compare(tag->core, published->core, shared) > 0;
}

/* A version and nothing else: where the digest of `latest` is looked for. */
static bool is_plain(const Tag *tag, TagKind kind)
{
	return tag->kind == kind && tag->prerelease == PRERELEASE_NONE && *tag->prefix == '\0' &&
	       tag->words->len == 0 && tag->os == NULL && tag->revision_count == 0 &&
	       tag->java_update.length == 0;
}

/* The most precise, then the highest, of the versions that share the digest. */
static const Tag *find_published(const Question *q, const Release *latest, TagKind kind)
{
	const GPtrArray *releases = q->dependency->offer->releases;
	const Tag *best = NULL;

	for (guint i = 0; i < releases->len; i++) {
		const Release *release = g_ptr_array_index(releases, i);
		const Tag *tag = tag_of(release);

		if (release == latest || tag->kind != kind || tag->prerelease != PRERELEASE_NONE ||
		    g_strcmp0(release->digest, latest->digest) != 0)
			continue;
		if (best == NULL || tag->precision > best->precision ||
		    (tag->precision == best->precision &&
		     numbers_compare(tag->core, best->core, tag->precision) > 0))
			best = tag;
	}
	return best;
}

/* Wishes for the digests of the highest plain versions or, where the image has no
 * plain ones, of the highest in the line of `top`. */
static void wish_for_highest(Question *q, const Tag *top, bool is_any_plain)
{
	const GPtrArray *releases = q->dependency->offer->releases;
	Release *highest[MOST_ASKED] = { NULL };

	for (guint i = 0; i < releases->len; i++) {
		Release *release = g_ptr_array_index(releases, i);
		const Tag *tag = tag_of(release);

		if (is_any_plain ? !is_plain(tag, top->kind) : !tag_is_comparable(tag, top))
			continue;
		for (int at = 0; at < MOST_ASKED && release != NULL; at++) {
			Release *other = highest[at];

			if (other != NULL && tag_compare(tag_of(release), tag_of(other)) <= 0)
				continue;
			highest[at] = release;
			release = other;
		}
	}
	for (int at = 0; at < MOST_ASKED && highest[at] != NULL; at++)
		if (highest[at]->digest == NULL)
			question_wish(q, highest[at]);
}

static int highest_precision(const Question *q, TagKind kind)
{
	const GPtrArray *releases = q->dependency->offer->releases;
	int precision = 0;

	for (guint i = 0; i < releases->len; i++) {
		const Tag *tag = tag_of(g_ptr_array_index(releases, i));

		if (is_plain(tag, kind))
			precision = MAX(precision, tag->precision);
	}
	return precision;
}

/* The version that `latest` stands for, once enough is known; NULL: unknown. */
static const Tag *published_version(Question *q, const Release *latest, Release *top)
{
	TagKind kind = tag_of(top)->kind;
	const Tag *published = find_published(q, latest, kind);
	int precision = highest_precision(q, kind);

	if (published != NULL && (kind == TAG_CODENAME || published->precision >= precision))
		return published;
	if (top->digest == NULL)
		question_wish(q, top);
	if (q->wishes->len == 0)
		wish_for_highest(q, tag_of(top), precision > 0);
	return published;
}

/* `latest` was left behind: pushed long before the candidate was. */
static bool is_stale(const Release *latest, const Release *candidate)
{
	return latest->published_at > 0 && candidate->published_at > 0 &&
	       latest->published_at < candidate->published_at - STALE;
}

void guard_apply(Question *q, const Tag *present, GArray *candidates)
{
	Release *latest = listing_find(q->dependency->offer, "latest");
	const Tag *published;
	bool is_left_behind = false, is_asked = false;
	guint kept = 0;

	if (!q->rules->has_latest_guard || latest == NULL || candidates->len == 0 ||
	    present->is_channel || (present->kind != TAG_VERSION && present->kind != TAG_CODENAME))
		return;
	if (latest->digest == NULL) {
		question_wish(q, latest);
		return;
	}
	published =
		published_version(q, latest, release_at(q, g_array_index(candidates, guint, 0)));
	if (published == NULL || is_above(present, published))
		return;
	for (guint i = 0; i < candidates->len; i++) {
		guint index = g_array_index(candidates, guint, i);
		Release *release = release_at(q, index);

		if (is_above(tag_of(release), published)) {
			/* Lower ones that were not asked for were hardly pushed later. */
			if (release->published_at > 0)
				is_left_behind = is_stale(latest, release);
			else if (!is_asked && latest->published_at > 0)
				question_wish(q, release);
			is_asked = true;
			if (!is_left_behind) {
				question_reject(q, index, REASON_GUARD,
						"above %s, which the publisher calls latest",
						published->text);
				continue;
			}
		}
		g_array_index(candidates, guint, kept++) = index;
	}
	g_array_set_size(candidates, kept);
}
