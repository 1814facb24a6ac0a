/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/listing.h"

#include "base/text.h"
#include "upkeepd/limits.h"

#include <string.h>

/* The detail of an Offer. */
typedef struct {
	const GPtrArray *codenames; /* of Codename; borrowed */
	bool names_are_versions;
	GTree *by_name;  /* of Release, borrowed; keys are its version */
	GTree *contents; /* of Content; keys are its digest */
	void *attached;
	void (*free_attached)(void *attached);
} Listing;

static void platform_free(Platform *platform)
{
	g_free(platform->os);
	g_free(platform->architecture);
	g_free(platform->variant);
	g_free(platform->os_version);
	g_free(platform->digest);
	g_free(platform);
}

static void content_free(void *data)
{
	Content *content = data;

	g_free(content->digest);
	g_free(content->tag);
	g_free(content->trouble);
	g_ptr_array_unref(content->platforms);
	g_free(content);
}

static void seen_digest_free(void *data)
{
	SeenDigest *seen = data;

	g_free(seen->digest);
	g_free(seen);
}

static void listed_free(void *data)
{
	Listed *listed = data;

	tag_free(listed->tag);
	g_free(listed->trouble);
	g_clear_pointer(&listed->seen, g_ptr_array_unref);
	g_free(listed);
}

static void listing_free(void *data)
{
	Listing *listing = data;

	if (listing->free_attached != NULL)
		listing->free_attached(listing->attached);
	g_tree_unref(listing->by_name);
	g_tree_unref(listing->contents);
	g_free(listing);
}

static Listing *listing_of(const Offer *offer)
{
	return offer->detail;
}

Offer *listing_new(const char *key, const GPtrArray *codenames)
{
	Offer *offer = offer_new(key);
	Listing *listing = g_new0(Listing, 1);

	listing->codenames = codenames;
	listing->by_name = g_tree_new_full(text_compare, NULL, NULL, NULL);
	listing->contents = g_tree_new_full(text_compare, NULL, NULL, content_free);
	listing->names_are_versions = strcmp(key, "docker.io/library/debian") == 0 ||
				      strcmp(key, "docker.io/library/ubuntu") == 0;
	offer->detail = listing;
	offer->free_detail = listing_free;
	return offer;
}

void listing_clear(Offer *offer)
{
	Listing *listing = listing_of(offer);

	g_tree_remove_all(listing->by_name);
	g_tree_remove_all(listing->contents);
	g_ptr_array_set_size(offer->releases, 0);
}

void listing_attach(Offer *offer, void *data, void (*free_data)(void *data))
{
	listing_of(offer)->attached = data;
	listing_of(offer)->free_attached = free_data;
}

void *listing_attached(const Offer *offer)
{
	return listing_of(offer)->attached;
}

const GPtrArray *listing_codenames(const Offer *offer)
{
	return listing_of(offer)->codenames;
}

bool listing_names_are_versions(const Offer *offer)
{
	return listing_of(offer)->names_are_versions;
}

Release *listing_add(Offer *offer, const char *text)
{
	Listing *listing = listing_of(offer);
	Listed *listed;
	Release *release;
	Tag *tag;

	if (offer->releases->len >= LIMIT_TAGS || g_tree_lookup(listing->by_name, text) != NULL)
		return NULL;
	tag = tag_parse(text, listing->codenames, listing->names_are_versions);
	if (tag == NULL)
		return NULL;
	listed = g_new0(Listed, 1);
	listed->tag = tag;
	release = release_new(text);
	release->detail = listed;
	release->free_detail = listed_free;
	g_ptr_array_add(offer->releases, release);
	g_tree_insert(listing->by_name, release->version, release);
	return release;
}

Release *listing_find(const Offer *offer, const char *tag)
{
	return g_tree_lookup(listing_of(offer)->by_name, tag);
}

Listed *listed_of(const Release *release)
{
	return release->detail;
}

const Tag *tag_of(const Release *release)
{
	return listed_of(release)->tag;
}

int64_t listed_since(const Release *release)
{
	return release->published_at > 0 ? release->published_at
					 : listed_of(release)->first_seen_at;
}

SeenDigest *listed_add_seen(Release *release, const char *digest, int64_t seen_at, int64_t since)
{
	Listed *listed = listed_of(release);
	SeenDigest *seen = g_new0(SeenDigest, 1);
	guint at;

	if (listed->seen == NULL)
		listed->seen = g_ptr_array_new_with_free_func(seen_digest_free);
	seen->digest = g_strdup(digest);
	seen->seen_at = seen_at;
	seen->since = since;
	for (at = listed->seen->len; at > 0; at--)
		if (((SeenDigest *)listed->seen->pdata[at - 1])->seen_at >= seen_at)
			break;
	g_ptr_array_insert(listed->seen, (int)at, seen);
	return seen;
}

int listed_find_seen(const Release *release, const char *digest)
{
	const GPtrArray *seen = listed_of(release)->seen;

	for (guint i = 0; seen != NULL && i < seen->len; i++)
		if (strcmp(((const SeenDigest *)seen->pdata[i])->digest, digest) == 0)
			return (int)i;
	return -1;
}

Content *content_find(const Offer *offer, const char *digest)
{
	return g_tree_lookup(listing_of(offer)->contents, digest);
}

Content *content_need(Offer *offer, const char *digest)
{
	Content *content = content_find(offer, digest);

	if (content == NULL) {
		content = g_new0(Content, 1);
		content->digest = g_strdup(digest);
		content->platforms = g_ptr_array_new_with_free_func((GDestroyNotify)platform_free);
		g_tree_insert(listing_of(offer)->contents, content->digest, content);
	}
	return content;
}

static char *word_or_null(const char *text)
{
	return text == NULL || *text == '\0' ? NULL : g_strdup(text);
}

void content_add_platform(Content *content, const char *os, const char *architecture,
			  const char *variant, const char *os_version, const char *digest)
{
	Platform *platform;

	if (os == NULL || architecture == NULL || strcmp(os, "unknown") == 0)
		return;
	platform = g_new0(Platform, 1);
	platform->os = g_strdup(os);
	platform->architecture = g_strdup(architecture);
	platform->variant = word_or_null(variant);
	platform->os_version = word_or_null(os_version);
	platform->digest = word_or_null(digest);
	g_ptr_array_add(content->platforms, platform);
}
