/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/lookup.h"

#include "store/cache.h"

#include <string.h>

static void lookup_free(void *data)
{
	Lookup *lookup = data;

	access_free(lookup->access);
	access_free(lookup->manifests);
	g_free(lookup->memory);
	g_free(lookup);
}

Offer *lookup_new(const World *w, const char *key)
{
	g_autofree char *meant = access_key(w, key);
	Offer *offer = listing_new(meant, w->codenames);
	Lookup *lookup = g_new0(Lookup, 1);

	lookup->access = access_new(w, meant);
	lookup->manifests = access_new_manifests(w, meant);
	lookup->memory = access_memory(lookup->access, meant);
	listing_attach(offer, lookup, lookup_free);
	return offer;
}

Lookup *lookup_of(const Offer *offer)
{
	return listing_attached(offer);
}

Access *lookup_manifests(const Offer *offer)
{
	const Lookup *lookup = lookup_of(offer);

	return lookup->manifests != NULL ? lookup->manifests : lookup->access;
}

/* Under which name its digests are remembered. */
static const char *memory_of(const Offer *offer)
{
	return lookup_of(offer)->memory;
}

bool lookup_turn(const World *w, Offer *offer)
{
	Lookup *lookup = lookup_of(offer);
	Access *next = access_new_fallback(w, offer->key, ++lookup->attempts);

	if (next == NULL)
		return false;
	access_free(lookup->access);
	lookup->access = next;
	listing_clear(offer);
	g_clear_error(&offer->error);
	return true;
}

bool lookup_enter(const World *w, GError **error)
{
	return w->store == NULL || store_begin(w->store, error);
}

bool lookup_leave(const World *w, bool is_good, GError **error)
{
	if (w->store == NULL)
		return is_good;
	if (is_good)
		return store_commit(w->store, error);
	store_rollback(w->store);
	return false;
}

bool lookup_observe(const World *w, Offer *offer, Release *release, GError **error)
{
	if (release->digest == NULL)
		return true;
	return cache_first_seen(w->store, memory_of(offer), release->version, release->digest,
				w->now, &listed_of(release)->first_seen_at, error) &&
	       (release->published_at == 0 ||
		cache_set_pushed(w->store, memory_of(offer), release->version, release->digest,
				 release->published_at, error));
}

/* What is written is kept among what was seen, under a name that is no tag's. */
static char *written_name(const Release *release)
{
	return g_strconcat("@", release->version, NULL);
}

bool lookup_note_written(const World *w, const Offer *offer, const Release *release,
			 const char *digest, GError **error)
{
	g_autofree char *name = written_name(release);
	int64_t noted_at;

	return cache_first_seen(w->store, memory_of(offer), name, digest, w->now, &noted_at, error);
}

bool lookup_recall(const World *w, const Offer *offer, Release *release, GError **error)
{
	g_autofree char *name = written_name(release);
	g_autoptr(GPtrArray) digests =
		cache_digests(w->store, memory_of(offer), release->version, error);
	g_autoptr(GPtrArray) written =
		digests != NULL ? cache_digests(w->store, memory_of(offer), name, error) : NULL;

	if (written == NULL)
		return false;
	g_clear_pointer(&listed_of(release)->seen, g_ptr_array_unref);
	for (guint i = 0; i < digests->len; i++) {
		const DigestSeen *seen = g_ptr_array_index(digests, i);

		listed_add_seen(release, seen->digest, seen->first_seen_at,
				seen->pushed_at > 0 ? seen->pushed_at : seen->first_seen_at);
	}
	for (guint i = 0; i < written->len; i++) {
		const DigestSeen *seen = g_ptr_array_index(written, i);

		if (listed_find_seen(release, seen->digest) < 0)
			listed_add_seen(release, seen->digest, seen->first_seen_at,
					seen->first_seen_at)
				->is_only_written = true;
	}
	return true;
}

/* The more precise, then the plainer of the two; `best` may be NULL. */
static const Tag *better(const Tag *best, const Release *release)
{
	const Tag *tag = release != NULL ? tag_of(release) : NULL;

	if (tag == NULL || !tag_is_ordered(tag))
		return best;
	if (best == NULL || tag->precision > best->precision ||
	    (tag->precision == best->precision && strlen(tag->text) < strlen(best->text)))
		return tag;
	return best;
}

bool lookup_recall_tag(const World *w, Offer *offer, const char *digest, GError **error)
{
	g_autoptr(GPtrArray) versions = cache_versions(w->store, memory_of(offer), digest, error);
	const Tag *best = NULL;
	bool is_seen;

	if (versions == NULL)
		return false;
	for (guint i = 0; i < versions->len; i++)
		best = better(best, listing_find(offer, g_ptr_array_index(versions, i)));
	is_seen = best != NULL;
	for (guint i = 0; !is_seen && i < offer->releases->len; i++) {
		const Release *release = g_ptr_array_index(offer->releases, i);

		if (g_strcmp0(release->digest, digest) == 0)
			best = better(best, release);
	}
	if (best != NULL) {
		Content *content = content_need(offer, digest);

		g_free(content->tag);
		content->tag = g_strdup(best->text);
	}
	return true;
}
