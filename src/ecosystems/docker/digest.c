/* SPDX-License-Identifier: MIT */
/* What is asked of a candidate before it is taken (docker.md 4.4 step 9, 4.9,
 * 4.10), and which digest goes with a tag (4.8).
 *
 * 1. The digest written may stand for one platform; then only the manifest of
 *    the same platform can take its place.
 * 2. A digest has been stable since its push date or, where there is none, since
 *    this installation first saw it. One that moves every week would never be
 *    old enough; the newest digest that was, and is still served, will do. It must
 *    be newer than the one written: one that the tag had after that was seen with
 *    it, or after a file was first read that has it. Where neither is known, only the
 *    present digest will do: an older image in the place of a newer is no update.
 * 3. A tag that moves with every patch is as old as its series.
 */
#include "ecosystems/docker/choice.h"
#include "ecosystems/docker/platform.h"

#include <string.h>

enum { HOUR = 60 * 60 };

/* Tags of a series whose dates are asked for. */
enum { MOST_OF_SERIES = 5 };

static Verdict verdict(Reason reason, const char *format, ...) G_GNUC_PRINTF(2, 3);
static Verdict verdict(Reason reason, const char *format, ...)
{
	Verdict v = { .reason = reason };

	if (format != NULL) {
		va_list arguments;

		va_start(arguments, format);
		v.text = g_strdup_vprintf(format, arguments);
		va_end(arguments);
	}
	return v;
}

/* The tag that the reference follows, in the list; NULL if it is not there. */
static Release *present_release(const Question *q)
{
	g_autoptr(Tag) present = choice_present(q->dependency);

	return present != NULL ? listing_find(q->dependency->offer, present->text) : NULL;
}

/* What a digest consists of, as far as known; wishes for it where it is not. */
static const Content *whole_content(Question *q, const char *digest)
{
	const Content *content = digest != NULL ? content_find(q->dependency->offer, digest) : NULL;

	if (digest != NULL && (content == NULL || !content->is_whole))
		question_wish_digest(q, digest, true);
	return content;
}

/* Rule 1: the platform of the digest written; NULL if it stands for an index, or
 * for what nobody knows. `tag` has the present tag's content, or is NULL. */
static const Platform *written_platform(Question *q, const Content *tag)
{
	const char *written = q->dependency->digest;
	const Content *content = content_find(q->dependency->offer, written);

	for (guint i = 0; tag != NULL && i < tag->platforms->len; i++) {
		const Platform *platform = g_ptr_array_index(tag->platforms, i);

		if (strcmp(tag->digest, written) != 0 && g_strcmp0(platform->digest, written) == 0)
			return platform;
	}
	if (content == NULL || !content->is_known)
		question_wish_digest(q, written, false);
	if (content == NULL || !content->is_known || content->is_index || content->is_gone)
		return NULL;
	content = whole_content(q, written);
	return content->platforms->len == 1 ? g_ptr_array_index(content->platforms, 0) : NULL;
}

/* Rule 2: how many of what `release` was seen with are newer than the digest written. */
static guint newer_than_written(const Question *q, const Release *release)
{
	const GPtrArray *seen = listed_of(release)->seen;
	int at = listed_find_seen(release, q->dependency->digest);

	if (at >= 0)
		return (guint)at;
	/* What is written belongs to the present tag; of another one all is newer. */
	return seen != NULL && release != present_release(q) ? seen->len : 0;
}

/* Rule 2: the digest of `release` to take: its present one, or the newest mature
 * one that was seen after the one written; NULL if all are too young. */
static const char *mature_digest(Question *q, const Release *release, int64_t wait, int64_t *since)
{
	const GPtrArray *seen = listed_of(release)->seen;
	guint newer;

	*since = listed_since(release);
	if (wait <= 0 || (*since > 0 && *since <= q->now - wait) ||
	    (*since == 0 && q->rules->allows_unknown_age))
		return release->digest;
	newer = newer_than_written(q, release);
	for (guint i = 0; i < newer; i++) {
		const SeenDigest *old = g_ptr_array_index(seen, i);
		const Content *content = content_find(q->dependency->offer, old->digest);

		if (old->is_only_written || g_strcmp0(old->digest, release->digest) == 0 ||
		    old->since > q->now - wait)
			continue;
		if (content == NULL || !content->is_known) {
			question_wish_digest(q, old->digest, false);
			return NULL;
		}
		if (!content->is_gone) {
			*since = old->since;
			return old->digest;
		}
	}
	return NULL;
}

/* Whether `longer` says more than `tag` does: 1.26.0-alpine of 1.26-alpine. */
static bool extends(const Tag *longer, const Tag *tag)
{
	return longer->precision > tag->precision && longer->prerelease == PRERELEASE_NONE &&
	       g_strcmp0(longer->line, tag->line) == 0 && tag_compare_os(longer, tag) == 0 &&
	       numbers_compare(longer->core, tag->core, tag->precision) == 0;
}

/* The more precise, then the lower of two: what was pushed once, and first. */
static bool goes_before(const Release *a, const Release *b)
{
	const Tag *x = tag_of(a), *y = tag_of(b);

	return x->precision != y->precision ? x->precision > y->precision : tag_compare(x, y) < 0;
}

/* Rule 3: the oldest date among the tags that say more than `release` does. Where no
 * known one is old enough it wishes for one more, of the first few of the series: a
 * publisher may push its very first again, but hardly all of them. */
static int64_t series_since(Question *q, const Release *release, int64_t wait)
{
	const GPtrArray *releases = q->dependency->offer->releases;
	const Tag *tag = tag_of(release);
	Release *first[MOST_OF_SERIES] = { NULL };
	int64_t oldest = 0;

	for (guint i = 0; tag->kind == TAG_VERSION && i < releases->len; i++) {
		Release *other = g_ptr_array_index(releases, i);
		int64_t since = listed_since(other);

		if (!extends(tag_of(other), tag))
			continue;
		if (since > 0 && (oldest == 0 || since < oldest))
			oldest = since;
		for (int at = 0; at < MOST_OF_SERIES && other != NULL; at++) {
			Release *later = first[at];

			if (later != NULL && !goes_before(other, later))
				continue;
			first[at] = other;
			other = later;
		}
	}
	for (int at = 0; at < MOST_OF_SERIES && first[at] != NULL; at++) {
		if (first[at]->is_described || (oldest > 0 && oldest <= q->now - wait))
			continue;
		question_wish(q, first[at]);
		break;
	}
	return oldest;
}

static void find_age(Question *q, const Release *release, Age *age)
{
	int64_t wait = q->cooldown[choice_step(q->dependency, release)], series;

	age->since = listed_since(release);
	age->is_dated = release->published_at > 0;
	if (wait <= 0 || (age->since > 0 && age->since <= q->now - wait))
		return;
	if (q->dependency->digest != NULL && mature_digest(q, release, wait, &age->since) != NULL) {
		age->is_dated = true;
		return;
	}
	series = series_since(q, release, wait);
	if (series == 0 || series > q->now - wait)
		return;
	if (q->dependency->digest != NULL) {
		age->bars = true;
	} else {
		age->since = series;
		age->is_dated = true;
	}
}

/* Whether the platforms that matter are there; rejects the candidate if not. */
static void check_platforms(Question *q, guint index, const Release *release,
			    const Release *present, const char *literal)
{
	const Content *content = whole_content(q, release->digest), *old = NULL;
	const Platform *single = NULL;
	g_autoptr(GPtrArray) needed = NULL;
	const char *missing;

	if (present != NULL)
		old = whole_content(q, present->digest);
	if (q->dependency->digest != NULL)
		single = written_platform(q, old);
	if (content == NULL || q->wishes->len > 0)
		return;
	if (content->trouble != NULL || (old != NULL && old->trouble != NULL)) {
		question_reject(q, index, REASON_UNRESOLVED, "%s",
				content->trouble != NULL ? content->trouble : old->trouble);
		return;
	}
	needed = platforms_needed(q->rules, literal, old);
	missing = content_missing(content, needed);
	if (single != NULL && content_counterpart(content, single) == NULL) {
		g_autofree char *text = platform_text(single);

		question_reject(q, index, REASON_PLATFORM, "has no %s", text);
	} else if (tag_of(release)->is_windows) {
		if (old != NULL && !content_keeps_windows(content, old))
			question_reject(q, index, REASON_PLATFORM, "needs another Windows");
	} else if (missing != NULL) {
		question_reject(q, index, REASON_PLATFORM, "has no %s", missing);
	}
}

void choice_examine(Question *q, guint index, Age *age, const char *platform)
{
	const Dependency *dep = q->dependency;
	Release *release = g_ptr_array_index(dep->offer->releases, index);
	Release *present = present_release(q);
	bool needs_digest = dep->digest != NULL || q->rules->pins_digest;

	question_wish(q, release);
	if (present != NULL && present->digest == NULL)
		question_wish(q, present);
	if (q->wishes->len > 0)
		return;
	if (listed_of(release)->is_absent)
		question_reject(q, index, REASON_ABSENT, NULL);
	else if (listed_of(release)->trouble != NULL)
		question_reject(q, index, REASON_UNRESOLVED, "%s", listed_of(release)->trouble);
	else if (needs_digest && release->digest == NULL)
		question_reject(q, index, REASON_UNRESOLVED, "the registry gives no digest");
	else if (dep->digest != NULL && !g_str_has_prefix(dep->digest, "sha256:"))
		question_reject(q, index, REASON_UNRESOLVED,
				"the registry offers no digest of this kind");
	else if (present != NULL && release->digest != NULL &&
		 g_strcmp0(present->digest, release->digest) == 0)
		question_reject(q, index, REASON_SAME_CONTENT, NULL);
	else
		check_platforms(q, index, release, present, platform);
	if (q->verdicts[index].reason == REASON_NONE && q->wishes->len == 0)
		find_age(q, release, age);
}

/* Puts `digest` into the update, or rule 1's part of it. */
static Verdict take_digest(Question *q, const char *digest, const Platform *single, Update *update)
{
	const Content *content;
	const Platform *entry;

	if (single != NULL) {
		content = whole_content(q, digest);
		entry = content != NULL ? content_counterpart(content, single) : NULL;
		if (entry == NULL || entry->digest == NULL) {
			g_autofree char *text = platform_text(single);

			return verdict(REASON_PLATFORM, "the tag has no %s any more", text);
		}
		digest = entry->digest;
	}
	if (g_strcmp0(digest, q->dependency->digest) == 0)
		return verdict(REASON_SAME_CONTENT, NULL);
	g_free(update->from_digest);
	g_free(update->to_digest);
	update->from_digest = g_strdup(q->dependency->digest);
	update->to_digest = g_strdup(digest);
	return verdict(REASON_NONE, NULL);
}

/* Whether all that matters of the digest written is unchanged in `digest`. */
static bool is_same_where_it_matters(Question *q, const char *digest, const char *literal)
{
	const Content *old = whole_content(q, q->dependency->digest);
	const Content *new = whole_content(q, digest);
	g_autoptr(GPtrArray) needed = NULL;

	if (old == NULL || new == NULL || old->platforms->len == 0 || new->platforms->len == 0)
		return false;
	needed = platforms_needed(q->rules, literal, old);
	return content_is_same(old, new, needed);
}

static Verdict too_young(const Question *q, int64_t since, int64_t wait)
{
	int64_t settle = (int64_t)q->rules->settle_hours * HOUR;
	Verdict v = verdict(REASON_COOLDOWN, NULL);

	if (since == 0)
		since = q->now;
	if (since > q->now - settle)
		v.reason = REASON_SETTLING;
	v.ready_at = since + wait;
	return v;
}

/* The tag stays; its digest may have moved. */
static Verdict refresh(Question *q, const Release *present, Update *update, const char *literal)
{
	const char *written = q->dependency->digest, *digest = present->digest;
	int64_t settle = (int64_t)q->rules->settle_hours * HOUR, since = 0;
	int64_t wait = q->is_named ? 0 : MAX(settle, q->cooldown[STEP_DIGEST]);
	const Content *old, *new;
	const Platform *single;
	Verdict v;

	if (strcmp(written, present->digest) == 0)
		return verdict(REASON_UP_TO_DATE, NULL);
	single = written_platform(q, content_find(q->dependency->offer, present->digest));
	old = content_find(q->dependency->offer, written);
	if (old == NULL || !old->is_gone)
		digest = mature_digest(q, present, wait, &since);
	if (digest == NULL)
		return too_young(q, since, wait);
	if (!q->is_named && single == NULL && (old == NULL || !old->is_gone) &&
	    is_same_where_it_matters(q, digest, literal))
		return verdict(REASON_SAME_CONTENT, NULL);
	new = content_find(q->dependency->offer, digest);
	if (new != NULL &&new->trouble != NULL)
		return verdict(REASON_UNRESOLVED, "%s", new->trouble);
	v = take_digest(q, digest, single, update);
	if (v.reason == REASON_NONE) {
		update->step = STEP_DIGEST;
		if (old != NULL && old->is_gone)
			update->note = g_strdup("the digest written is no longer served");
	}
	return v;
}

/* "moves to Alpine 3.23", where the tag chosen does so. */
static char *os_note(const Dependency *dep, const Release *chosen)
{
	g_autoptr(Tag) present = choice_present(dep);
	const Tag *tag = tag_of(chosen);

	if (present == NULL || tag->os == NULL || tag_compare_os(tag, present) == 0)
		return NULL;
	return g_strdup_printf("moves to %c%s %.*s", g_ascii_toupper(*tag->os), tag->os + 1,
			       (int)tag->os_release.length, tag->os_release.text);
}

/* Why nothing moves where no digest is written. */
static Verdict nothing_moves(const Tag *present, const Release *listed)
{
	if (present == NULL)
		return verdict(REASON_UNRESOLVED, "which tag this digest belongs to is not known");
	if (!tag_is_ordered(present))
		return verdict(REASON_MOVING, NULL);
	return verdict(listed != NULL ? REASON_UP_TO_DATE : REASON_NOT_NEWER, NULL);
}

/* The digest that goes with the release chosen. */
static Verdict follow(Question *q, const Release *chosen, Update *update)
{
	const Release *present = present_release(q);
	const Content *old = NULL;
	const Platform *single = NULL;
	int64_t wait = q->is_named ? 0 : q->cooldown[choice_step(q->dependency, chosen)], since;
	const char *digest = chosen->digest;

	if (q->dependency->digest != NULL) {
		if (present != NULL && present->digest != NULL)
			old = content_find(q->dependency->offer, present->digest);
		single = written_platform(q, old);
		digest = mature_digest(q, chosen, wait, &since);
	}
	return take_digest(q, digest != NULL ? digest : chosen->digest, single, update);
}

Verdict choice_complete(Question *q, const Release *chosen, Update *update, const char *platform)
{
	const Dependency *dep = q->dependency;
	Release *present = present_release(q),
		*moved = chosen != NULL ? (Release *)chosen : present;
	g_autoptr(Tag) tag = choice_present(dep);
	bool writes_digest = dep->digest != NULL || q->rules->pins_digest;

	if (chosen != NULL) {
		g_free(update->note);
		update->note = os_note(dep, chosen);
		if (dep->version == NULL)
			g_clear_pointer(&update->to, g_free);
	}
	if (!writes_digest)
		return chosen != NULL ? verdict(REASON_NONE, NULL) : nothing_moves(tag, present);
	/* Without a tag only a person can say what the digest is to follow. */
	if (tag == NULL && chosen == NULL)
		return nothing_moves(tag, present);
	if (moved == NULL)
		return verdict(REASON_ABSENT, "the registry does not list '%s'", tag->text);
	if (moved->digest == NULL)
		question_wish(q, moved);
	if (q->wishes->len > 0)
		return verdict(REASON_UNRESOLVED, NULL);
	if (moved->digest == NULL)
		return verdict(REASON_UNRESOLVED, "the registry gives no digest of '%s'",
			       moved->version);
	if (dep->digest != NULL && !g_str_has_prefix(dep->digest, "sha256:"))
		return verdict(REASON_UNRESOLVED, "the registry offers no digest of this kind");
	if (dep->version == NULL)
		update->step = STEP_DIGEST;
	if (chosen != NULL)
		return follow(q, chosen, update);
	if (dep->digest != NULL)
		return refresh(q, present, update, platform);
	update->step = STEP_DIGEST;
	return take_digest(q, present->digest, NULL, update);
}
