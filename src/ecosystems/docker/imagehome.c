/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/imagehome.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/time.h"
#include "ecosystems/docker/gorelease.h"
#include "ecosystems/docker/hub.h"
#include "ecosystems/docker/labels.h"
#include "ecosystems/docker/platform.h"
#include "ecosystems/docker/taglist.h"
#include "upkeepd/limits.h"

#include <string.h>

enum { LIMIT_CONFIG_BLOB = 8 * 1024 * 1024 };

/* Platforms that are listed; the rest is a number. */
enum { PLATFORMS_SHOWN = 12 };

/* One image on its way. */
typedef struct {
	Update *update;
	const Offer *offer;
	Labels labels;
	Further further;
} Quest;

static void quest_free(void *data)
{
	Quest *quest = data;

	labels_clear(&quest->labels);
	further_clear(&quest->further);
	g_free(quest);
}

static const Release *release_of(const Offer *offer, const char *tag)
{
	return tag != NULL ? listing_find(offer, tag) : NULL;
}

/* The digest that is moved to; NULL: not known. */
static const char *new_digest(const Quest *quest)
{
	const Update *update = quest->update;
	const Release *release = release_of(quest->offer, update->to);

	if (update->to_digest != NULL)
		return update->to_digest;
	return release != NULL ? release->digest : NULL;
}

/* Round 1: the record of the repository. */
static void ask_records(World *w, const GPtrArray *quests)
{
	g_autoptr(GPtrArray) asks = asks_new();

	for (guint i = 0; i < quests->len; i++) {
		Quest *quest = g_ptr_array_index(quests, i);
		Access *access = lookup_of(quest->offer)->access;

		if (access->tags != NULL)
			g_ptr_array_add(asks, ask_new(access, HTTP_GET, hub_repository_url(access),
						      NULL, quest));
	}
	access_ask_all(w, asks, HTTP_RECENT);
	for (guint i = 0; i < asks->len; i++) {
		const Ask *ask = g_ptr_array_index(asks, i);
		const HttpRequest *request = ask->request;
		Quest *quest = ask->about;
		g_autoptr(Json) json = NULL;
		const char *description;

		if (request->error != NULL || request->status != 200)
			continue;
		json = json_parse((const char *)request->answer->data, request->answer->len,
				  "the record", NULL);
		description = json_string(json, "full_description");
		if (description != NULL)
			quest->labels.page = labels_of_description(description);
	}
}

/* Asks for what `digest_of` names of those that do not know their source yet. */
static GPtrArray *ask_blobs(World *w, const GPtrArray *quests,
			    const char *(*digest_of)(const Quest *quest), bool is_config)
{
	GPtrArray *asks = asks_new();

	for (guint i = 0; i < quests->len; i++) {
		Quest *quest = g_ptr_array_index(quests, i);
		Access *access = lookup_manifests(quest->offer);
		const char *digest = quest->labels.page == NULL ? digest_of(quest) : NULL;
		Ask *ask;

		if (digest == NULL || access->is_metered)
			continue;
		ask = ask_new(access, HTTP_GET,
			      g_strdup_printf("%s/v2/%s/%s/%s", access->registry, access->path,
					      is_config ? "blobs" : "manifests", digest),
			      is_config ? "*/*" : taglist_accept, quest);
		ask->max_bytes = is_config ? LIMIT_CONFIG_BLOB : LIMIT_MANIFEST_BODY;
		g_ptr_array_add(asks, ask);
	}
	access_ask_all(w, asks, HTTP_IMMUTABLE);
	return asks;
}

static bool is_answered(World *w, const Ask *ask, const char *digest)
{
	const HttpRequest *request = ask->request;
	g_autofree char *hex = NULL;

	if (request->error != NULL || request->status != 200)
		return false;
	hex = sha256_hex(request->answer->data, request->answer->len);
	if (g_str_has_prefix(digest, "sha256:") && strcmp(hex, digest + strlen("sha256:")) == 0)
		return true;
	http_forget(w->http, request);
	return false;
}

static const char *manifest_of(const Quest *quest)
{
	return quest->further.manifest;
}

static const char *config_of(const Quest *quest)
{
	return quest->further.config;
}

/* Rounds 2 and 3: the index and a manifest, or the manifest alone. */
static void ask_manifests(World *w, const GPtrArray *quests,
			  const char *(*digest_of)(const Quest *quest))
{
	g_autoptr(GPtrArray) asks = ask_blobs(w, quests, digest_of, false);

	for (guint i = 0; i < asks->len; i++) {
		const Ask *ask = g_ptr_array_index(asks, i);
		Quest *quest = ask->about;
		g_auto(Further) further = { 0 };

		if (!is_answered(w, ask, digest_of(quest)) ||
		    !labels_of_manifest(&quest->labels, (const char *)ask->request->answer->data,
					ask->request->answer->len, &further, NULL))
			continue;
		further_clear(&quest->further);
		quest->further = further;
		further = (Further){ 0 };
	}
}

/* Round 4. */
static void ask_configs(World *w, const GPtrArray *quests)
{
	g_autoptr(GPtrArray) asks = ask_blobs(w, quests, config_of, true);

	for (guint i = 0; i < asks->len; i++) {
		const Ask *ask = g_ptr_array_index(asks, i);
		Quest *quest = ask->about;

		if (is_answered(w, ask, quest->further.config) &&
		    !labels_of_config(&quest->labels, (const char *)ask->request->answer->data,
				      ask->request->answer->len, NULL))
			g_debug("%s: no labels", quest->offer->key);
	}
}

/* Tags of the source are found by the versions; a refresh under the same tag has none
 * but the commit that the new image names. */
static void settle(Quest *quest)
{
	Update *update = quest->update;
	Home *home = home_new(g_steal_pointer(&quest->labels.page), "");

	if (home == NULL)
		return;
	update->home = home;
	if (g_strcmp0(update->from, update->to) == 0)
		return;
	home->from_version = labels_version_of_tag(update->from);
	home->to_version = quest->labels.version != NULL ? g_steal_pointer(&quest->labels.version)
							 : labels_version_of_tag(update->to);
}

static bool is_plain_word(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/() ") == strlen(text);
}

static char *platforms_of(const Offer *offer, const char *digest)
{
	const Content *content = digest != NULL ? content_find(offer, digest) : NULL;
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; content != NULL && i < content->platforms->len; i++) {
		g_autofree char *name = platform_text(g_ptr_array_index(content->platforms, i));

		if (i == PLATFORMS_SHOWN) {
			g_string_append_printf(text, ", %u more", content->platforms->len - i);
			break;
		}
		if (is_plain_word(name))
			g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", name);
	}
	return g_strdup(text->str);
}

static char *day_of(const Release *release)
{
	char text[32];

	if (release == NULL || release->published_at <= 0)
		return g_strdup("");
	time_text(release->published_at, text, sizeof text);
	text[strlen("2026-01-01")] = '\0';
	return g_strdup(text);
}

static char *code(const char *text)
{
	return text != NULL ? g_strdup_printf("`%s`", text) : g_strdup("");
}

static void append_row(GString *table, const char *name, const char *from, const char *to)
{
	if (*from != '\0' || *to != '\0')
		g_string_append_printf(table, "| %s | %s | %s |\n", name, from, to);
}

/* Nothing is asked for it. */
static void describe(const Quest *quest)
{
	const Update *update = quest->update;
	const Release *old = release_of(quest->offer, update->from);
	const Release *new = release_of(quest->offer, update->to);
	const char *old_digest = update->from_digest;
	g_autoptr(GString) table = g_string_new("| | from | to |\n| --- | --- | --- |\n");
	size_t head = table->len;
	g_autofree char *from_day = day_of(old), *to_day = day_of(new);
	g_autofree char *from_digest = NULL, *to_digest = code(new_digest(quest));
	g_autofree char *from_platforms = NULL, *to_platforms = NULL;

	if (old_digest == NULL && old != NULL)
		old_digest = old->digest;
	from_digest = code(old_digest);
	from_platforms = platforms_of(quest->offer, old_digest);
	to_platforms = platforms_of(quest->offer, new_digest(quest));
	/* Under one tag only the new digest has the tag's date. */
	append_row(table, "Pushed", old == new ? "" : from_day, to_day);
	append_row(table, "Digest", from_digest, to_digest);
	append_row(table, "Platforms", from_platforms, to_platforms);
	if (table->len > head)
		g_ptr_array_add(update->sections,
				section_new(SECTION_IMAGE, NULL, g_strdup(table->str)));
}

void imagehome_all(World *w, const GPtrArray *updates)
{
	g_autoptr(GPtrArray) quests = g_ptr_array_new_with_free_func(quest_free);

	for (guint i = 0; i < updates->len; i++) {
		Update *update = g_ptr_array_index(updates, i);
		Quest *quest;

		if (update->dependency->offer == NULL || update->dependency->offer->error != NULL)
			continue;
		quest = g_new0(Quest, 1);
		quest->update = update;
		quest->offer = update->dependency->offer;
		describe(quest);
		if (gorelease_is(quest->offer->key) && gorelease_tell(update))
			quest_free(quest);
		else
			g_ptr_array_add(quests, quest);
	}
	ask_records(w, quests);
	ask_manifests(w, quests, new_digest);
	ask_manifests(w, quests, manifest_of);
	ask_configs(w, quests);
	for (guint i = 0; i < quests->len; i++)
		settle(g_ptr_array_index(quests, i));
}
