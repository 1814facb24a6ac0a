/* SPDX-License-Identifier: MIT */
#include "upkeepd/release.h"

Release *release_new(const char *version)
{
	Release *release = g_new0(Release, 1);

	release->version = g_strdup(version);
	return release;
}

void release_free(Release *release)
{
	if (release == NULL)
		return;
	if (release->free_detail != NULL)
		release->free_detail(release->detail);
	g_free(release->version);
	g_free(release->digest);
	g_free(release->retracted);
	g_free(release);
}

Offer *offer_new(const char *key)
{
	Offer *offer = g_new0(Offer, 1);

	offer->key = g_strdup(key);
	offer->releases = g_ptr_array_new_with_free_func((GDestroyNotify)release_free);
	return offer;
}

void offer_free(Offer *offer)
{
	if (offer == NULL)
		return;
	if (offer->free_detail != NULL)
		offer->free_detail(offer->detail);
	g_ptr_array_unref(offer->releases);
	g_clear_error(&offer->error);
	g_free(offer->key);
	g_free(offer);
}

const char *reason_word(Reason reason)
{
	static const char *const words[REASON_COUNT] = {
		[REASON_NONE] = "candidate",
		[REASON_UP_TO_DATE] = "up-to-date",
		[REASON_NOT_NEWER] = "no-newer",
		[REASON_OTHER_LINE] = "other-line",
		[REASON_PRERELEASE] = "prerelease",
		[REASON_IGNORED] = "ignored",
		[REASON_NOT_ALLOWED] = "not-allowed",
		[REASON_COOLDOWN] = "cooldown",
		[REASON_RETRACTED] = "retracted",
		[REASON_EXCLUDED] = "excluded",
		[REASON_GUARD] = "above-latest",
		[REASON_PLATFORM] = "platform",
		[REASON_SAME_CONTENT] = "same-content",
		[REASON_ABSENT] = "absent",
		[REASON_SETTLING] = "settling",
		[REASON_GRACE] = "grace",
		[REASON_LOWER] = "lower",
		[REASON_MOVING] = "moving",
		[REASON_UNRESOLVED] = "unresolved",
		[REASON_COHERENCE] = "coherence",
		[REASON_LIMITED] = "limited",
		[REASON_BOUND] = "bound",
	};

	g_assert(reason < REASON_COUNT);
	return words[reason];
}

const char *step_word(Step step)
{
	static const char *const words[] = { "none", "digest", "patch", "minor", "major" };

	g_assert(step <= STEP_MAJOR);
	return words[step];
}
