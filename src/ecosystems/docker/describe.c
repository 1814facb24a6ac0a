/* SPDX-License-Identifier: MIT */
/* Fulfils the wishes of a choice, in three rounds:
 *
 * 1. A tag record where there are records, which tells all of a tag; else a HEAD.
 *    For a digest: what is kept; the record of a tag that has it; else a HEAD.
 * 2. What is left: a HEAD where a record was refused, the manifest where a whole is
 *    wished for, or where a registry gives no digest.
 *    Whoever owns the registry, and knows when what was found was pushed (pushed.h).
 * 3. The configuration of a manifest that is no index: it names the platform.
 */
#include "base/crypto.h"
#include "ecosystems/docker/hub.h"
#include "ecosystems/docker/pushed.h"
#include "ecosystems/docker/registry.h"
#include "ecosystems/docker/taglist.h"
#include "upkeepd/limits.h"

#include <string.h>

/* A configuration blob is mostly history; 8 MiB hold the largest. */
enum { LIMIT_CONFIG_BLOB = 8 * 1024 * 1024 };

/* Pulls that are left to the people behind the same address. */
enum { PULLS_LEFT_ALONE = 10 };

/* One wish, of however many questions. */
typedef struct {
	Offer *offer;
	Release *release; /* NULL: of a digest */
	Content *content; /* NULL: of a release */
	bool is_whole;
	bool is_exhausted; /* the registry grants hardly any more pulls */
	char *config;      /* digest of the configuration to read; NULL: none */
} Item;

static void item_free(void *data)
{
	Item *item = data;

	g_free(item->config);
	g_free(item);
}

static Item *item_for(GPtrArray *items, Offer *offer, Release *release, Content *content)
{
	Item *item;

	for (guint i = 0; i < items->len; i++) {
		item = g_ptr_array_index(items, i);
		if (item->offer == offer && item->release == release && item->content == content)
			return item;
	}
	item = g_new0(Item, 1);
	item->offer = offer;
	item->release = release;
	item->content = content;
	g_ptr_array_add(items, item);
	return item;
}

/* The wishes of all questions, each once; the questions have none left. */
static GPtrArray *collect(const World *w, const GPtrArray *questions)
{
	GPtrArray *items = g_ptr_array_new_with_free_func(item_free);

	for (guint i = 0; i < questions->len; i++) {
		Question *q = g_ptr_array_index(questions, i);
		Offer *offer = q->dependency->offer;

		for (guint k = 0; k < q->wishes->len; k++) {
			const Wish *wish = g_ptr_array_index(q->wishes, k);
			Content *content;

			if (wish->release != NULL) {
				(void)item_for(items, offer, wish->release, NULL);
				continue;
			}
			content = content_need(offer, wish->digest);
			if (wish->is_whole ? content->is_whole || kept_content(w, content)
					   : content->is_known)
				continue;
			item_for(items, offer, NULL, content)->is_whole |= wish->is_whole;
		}
		g_ptr_array_set_size(q->wishes, 0);
	}
	return items;
}

/* A tag that has the digest now. */
static const Release *release_with(const Offer *offer, const char *digest)
{
	for (guint i = 0; i < offer->releases->len; i++) {
		const Release *release = g_ptr_array_index(offer->releases, i);

		if (g_strcmp0(release->digest, digest) == 0)
			return release;
	}
	return NULL;
}

static void ask_manifest(GPtrArray *asks, Item *item, HttpMethod method, const char *reference)
{
	Access *access = lookup_manifests(item->offer);
	Ask *ask = ask_new(
		access, method,
		g_strdup_printf("%s/v2/%s/manifests/%s", access->registry, access->path, reference),
		taglist_accept, item);

	ask->max_bytes = LIMIT_MANIFEST_BODY;
	g_ptr_array_add(asks, ask);
}

static const char *reference_of(const Item *item)
{
	return item->release != NULL ? item->release->version : item->content->digest;
}

/* Round 1. */
static void ask_first(GPtrArray *asks, Item *item)
{
	const Lookup *lookup = lookup_of(item->offer);
	const Release *release = item->release;

	if (release == NULL)
		release = release_with(item->offer, item->content->digest);
	if (release != NULL && lookup->has_records)
		g_ptr_array_add(asks, ask_new(lookup->access, HTTP_GET,
					      hub_record_url(lookup->access, release->version),
					      NULL, item));
	else if (item->release != NULL || !item->content->is_known)
		ask_manifest(asks, item, HTTP_HEAD, reference_of(item));
}

static bool is_record(const Ask *ask)
{
	return ask->accept == NULL;
}

/* The record of the tag that the item is about, or that has its digest. False if it
 * says too little. */
static bool read_record(const Ask *ask, const Item *item)
{
	const HttpRequest *request = ask->request;
	const Release *release = item->release;
	g_autoptr(GError) error = NULL;

	if (request->error != NULL || request->status != 200)
		return false;
	if (release == NULL)
		release = release_with(item->offer, item->content->digest);
	if (!taglist_read_record(item->offer, (Release *)release,
				 (const char *)request->answer->data, request->answer->len, &error))
		return false;
	return item->release != NULL ? release->digest != NULL : item->content->is_whole;
}

/* "ratelimit-remaining: 20;w=21600" */
static bool is_exhausted(const HttpRequest *request)
{
	const char *remaining = http_answer_header(request, "ratelimit-remaining");
	g_autofree char *number = NULL;
	guint64 left = 0;

	if (remaining == NULL)
		return false;
	number = g_strndup(remaining, strspn(remaining, "0123456789"));
	return g_ascii_string_to_unsigned(number, 10, 0, G_MAXUINT32, &left, NULL) &&
	       left < PULLS_LEFT_ALONE;
}

static void set_trouble(const Item *item, const Ask *ask)
{
	Listed *listed = item->release != NULL ? listed_of(item->release) : NULL;
	g_autoptr(GError) error = NULL;

	if (listed == NULL || listed->trouble != NULL)
		return;
	error = ask_error(ask);
	listed->trouble = g_strdup(error->message);
}

static char *digest_of(const HttpRequest *request)
{
	g_autofree char *hex = sha256_hex(request->answer->data, request->answer->len);

	return g_strconcat("sha256:", hex, NULL);
}

/* The answer to a HEAD, or to a GET of a tag. */
static void read_head(const Ask *ask, Item *item)
{
	const HttpRequest *request = ask->request;
	const char *header = http_answer_header(request, "docker-content-digest");
	g_autofree char *digest = NULL;
	Content *content = item->content;

	if (request->error == NULL && request->status == 404) {
		if (item->release != NULL)
			listed_of(item->release)->is_absent = true;
		else
			content->is_known = content->is_gone = true;
		return;
	}
	if (request->error != NULL || request->status != 200) {
		set_trouble(item, ask);
		return;
	}
	item->is_exhausted = is_exhausted(request);
	if (item->release != NULL) {
		digest = ask->method == HTTP_GET ? digest_of(request) : g_strdup(header);
		if (digest == NULL || !g_str_has_prefix(digest, "sha256:"))
			return;
		g_free(item->release->digest);
		item->release->digest = g_steal_pointer(&digest);
		item->release->published_at =
			http_date(http_answer_header(request, "last-modified"));
		content = content_need(item->offer, item->release->digest);
	}
	if (!content->is_known) {
		content->is_known = true;
		content->is_index = taglist_is_index(http_answer_header(request, "content-type"));
	}
}

/* Round 2, after the first answers. */
static void ask_second(GPtrArray *asks, const Ask *first, Item *item)
{
	const HttpRequest *request = first->request;

	if (is_record(first) && request->error == NULL && request->status == 404 &&
	    item->release != NULL)
		listed_of(item->release)->is_absent = true;
	else if (is_record(first) && !read_record(first, item))
		ask_manifest(asks, item, HTTP_HEAD, reference_of(item));
	else if (!is_record(first) && item->release != NULL && item->release->digest == NULL &&
		 request->status == 200 && !lookup_manifests(item->offer)->is_metered)
		ask_manifest(asks, item, HTTP_GET, reference_of(item));
}

/* Whether the platforms of a digest are to be had by fetching it: what a tag record
 * tells is never pulled. */
static bool is_to_fetch(const Item *item)
{
	const Access *access = lookup_manifests(item->offer);

	return item->content != NULL && item->is_whole && !item->content->is_whole &&
	       !item->content->is_gone && !item->is_exhausted &&
	       !(access->is_metered && release_with(item->offer, item->content->digest) != NULL);
}

/* What was not learnt from `ask`; `error` NULL: what came does not hash to `digest`. What
 * is refused is unknown for good, what fails may be known the next time. */
static void set_content_trouble(const Ask *ask, Content *content, const char *digest,
				const GError *error)
{
	g_ptr_array_set_size(content->platforms, 0);
	g_free(content->trouble);
	content->trouble = error != NULL
				   ? g_strdup(error->message)
				   : g_strdup_printf("what %s gives for %.19s… is something else",
						     ask->access->host, digest);
}

/* Whether the answer to a GET by digest is there, and is what it should be. */
static bool is_good(const World *w, const Ask *ask, Content *content, const char *digest)
{
	const HttpRequest *request = ask->request;
	g_autofree char *hash = NULL;
	g_autoptr(GError) error = NULL;

	/* Offline it stays unknown: what is decided then is decided by what is there. */
	if (request->error != NULL && w->is_offline)
		return false;
	if (request->error != NULL || request->status >= 500) {
		error = ask_error(ask);
		set_content_trouble(ask, content, digest, error);
		return false;
	}
	if (request->status != 200)
		return false;
	hash = digest_of(request);
	if (strcmp(hash, digest) == 0)
		return true;
	http_forget(w->http, request);
	set_content_trouble(ask, content, digest, NULL);
	return false;
}

static void read_manifest(const World *w, const Ask *ask, Item *item)
{
	const HttpRequest *request = ask->request;
	g_autoptr(GError) error = NULL;

	if (request->error == NULL && request->status == 404)
		item->content->is_known = item->content->is_gone = true;
	if (is_good(w, ask, item->content, item->content->digest) &&
	    !taglist_read_manifest(item->content, (const char *)request->answer->data,
				   request->answer->len, &item->config, &error))
		set_content_trouble(ask, item->content, item->content->digest, error);
}

static void ask_config(GPtrArray *asks, Item *item)
{
	Access *access = lookup_manifests(item->offer);
	Ask *ask = ask_new(
		access, HTTP_GET,
		g_strdup_printf("%s/v2/%s/blobs/%s", access->registry, access->path, item->config),
		"*/*", item);

	ask->max_bytes = LIMIT_CONFIG_BLOB;
	g_ptr_array_add(asks, ask);
}

static void read_config(const World *w, const Ask *ask, const Item *item)
{
	const HttpRequest *request = ask->request;
	g_autoptr(GError) error = NULL;

	if (is_good(w, ask, item->content, item->config) &&
	    !taglist_read_config(item->content, (const char *)request->answer->data,
				 request->answer->len, &error))
		set_content_trouble(ask, item->content, item->config, error);
}

/* Rounds 1 and 2 but for manifests by digest. */
static void describe_heads(World *w, const GPtrArray *items)
{
	g_autoptr(GPtrArray) first = asks_new(), second = asks_new();

	for (guint i = 0; i < items->len; i++)
		ask_first(first, g_ptr_array_index(items, i));
	access_ask_all(w, first, HTTP_NO_CACHE);
	for (guint i = 0; i < first->len; i++) {
		const Ask *ask = g_ptr_array_index(first, i);

		if (!is_record(ask))
			read_head(ask, ask->about);
		ask_second(second, ask, ask->about);
	}
	access_ask_all(w, second, HTTP_NO_CACHE);
	for (guint i = 0; i < second->len; i++) {
		const Ask *ask = g_ptr_array_index(second, i);

		read_head(ask, ask->about);
	}
}

static void describe_dates(World *w, const GPtrArray *items)
{
	g_autoptr(GPtrArray) pushes = pushes_new();

	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (item->release != NULL)
			pushes_want(w, pushes, item->offer, item->release);
	}
	pushes_ask(w, pushes);
}

static void describe_contents(World *w, const GPtrArray *items)
{
	g_autoptr(GPtrArray) manifests = asks_new(), configs = asks_new();

	for (guint i = 0; i < items->len; i++) {
		Item *item = g_ptr_array_index(items, i);

		if (is_to_fetch(item))
			ask_manifest(manifests, item, HTTP_GET, item->content->digest);
	}
	access_ask_all(w, manifests, HTTP_IMMUTABLE);
	for (guint i = 0; i < manifests->len; i++) {
		const Ask *ask = g_ptr_array_index(manifests, i);
		Item *item = ask->about;

		read_manifest(w, ask, item);
		if (item->config != NULL)
			ask_config(configs, item);
	}
	access_ask_all(w, configs, HTTP_IMMUTABLE);
	for (guint i = 0; i < configs->len; i++) {
		const Ask *ask = g_ptr_array_index(configs, i);

		read_config(w, ask, ask->about);
	}
}

/* Keeps what was learnt, and recalls what was seen of the same before. */
static bool remember(const World *w, const Item *item, GError **error)
{
	Lookup *lookup = lookup_of(item->offer);
	const Content *content = item->content;

	if (item->release != NULL) {
		lookup->is_changed = true;
		if (!lookup_observe(w, item->offer, item->release, error) ||
		    !lookup_recall(w, item->offer, item->release, error))
			return false;
		content = item->release->digest != NULL
				  ? content_find(item->offer, item->release->digest)
				  : NULL;
	}
	return content == NULL || !content->is_whole || content->platforms->len == 0 ||
	       kept_put_content(w, content, error);
}

static bool remember_all(const World *w, const GPtrArray *items, GError **error)
{
	for (guint i = 0; i < items->len; i++)
		if (!remember(w, g_ptr_array_index(items, i), error))
			return false;
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		Lookup *lookup = lookup_of(item->offer);
		g_autofree char *from = access_source(lookup->access);

		if (!lookup->is_tracked || !lookup->is_changed)
			continue;
		lookup->is_changed = false;
		if (!kept_put_list(w, from, item->offer, &lookup->cursor, error))
			return false;
	}
	return true;
}

bool registry_describe(World *w, GPtrArray *questions, GError **error)
{
	g_autoptr(GPtrArray) items = collect(w, questions);

	describe_heads(w, items);
	describe_dates(w, items);
	describe_contents(w, items);
	/* Asked is asked: what could not be found out now is unknown. */
	for (guint i = 0; i < items->len; i++) {
		Item *item = g_ptr_array_index(items, i);

		if (item->release != NULL)
			item->release->is_described = true;
		if (item->content != NULL) {
			item->content->is_known = true;
			item->content->is_whole |= item->is_whole;
		}
	}
	return items->len == 0 ||
	       (lookup_enter(w, error) && lookup_leave(w, remember_all(w, items, error), error));
}
