/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/goseen.h"

#include "ecosystems/gomod/goenv.h"
#include "ecosystems/gomod/golookup.h"
#include "store/cache.h"
#include "store/store.h"

/* Versions of one module that are remembered, the newest ones: nobody is proposed what
 * lies so far back. */
#define MOST_VERSIONS 2000

static bool first_seen(const World *w, const char *key, const char *version, int64_t *at,
		       GError **error)
{
	return cache_first_seen(w->store, key, version, "", w->now, at, error);
}

/* Apart from the images in the same table. */
static char *key_of(const World *w, const Offer *offer)
{
	g_autofree char *subject = g_strconcat("go:", offer->key, NULL);

	return goenv_key(w, subject);
}

/* The releases of an offer ascend. */
static bool note_offer(const World *w, const Offer *offer, GError **error)
{
	g_autofree char *key = key_of(w, offer);
	guint count = offer->releases->len;
	int64_t begun_at, at;

	if (!first_seen(w, key, "", &begun_at, error))
		return false;
	for (guint i = count > MOST_VERSIONS ? count - MOST_VERSIONS : 0; i < count; i++) {
		Release *release = g_ptr_array_index(offer->releases, i);

		if (!first_seen(w, key, release->version, &at, error))
			return false;
		if (at > begun_at)
			golookup_detail(release)->first_seen_at = at;
	}
	return true;
}

static bool note_all(const World *w, const GPtrArray *offers, GError **error)
{
	for (guint i = 0; i < offers->len; i++) {
		const Offer *offer = g_ptr_array_index(offers, i);

		if (offer->error == NULL && !note_offer(w, offer, error))
			return false;
	}
	return true;
}

bool goseen_note(const World *w, const GPtrArray *offers, GError **error)
{
	if (w->store == NULL)
		return true;
	if (!store_begin(w->store, error))
		return false;
	if (note_all(w, offers, error))
		return store_commit(w->store, error);
	store_rollback(w->store);
	return false;
}
