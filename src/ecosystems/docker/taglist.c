/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/taglist.h"

#include "base/json.h"
#include "net/http.h"
#include "net/url.h"

#include <string.h>

/* Longer words in what is kept of a platform are nonsense. */
enum { LONGEST_WORD = 128 };

const char taglist_accept[] = "application/vnd.oci.image.index.v1+json, "
			      "application/vnd.docker.distribution.manifest.list.v2+json, "
			      "application/vnd.oci.image.manifest.v1+json, "
			      "application/vnd.docker.distribution.manifest.v2+json";

static const char *const index_types[] = {
	"application/vnd.oci.image.index.v1+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
};

bool taglist_is_index(const char *type)
{
	for (size_t i = 0; type != NULL && i < G_N_ELEMENTS(index_types); i++) {
		size_t length = strlen(index_types[i]);

		if (strncmp(type, index_types[i], length) == 0 &&
		    (type[length] == '\0' || strchr("; \t", type[length]) != NULL))
			return true;
	}
	return false;
}

/* "sha256:" and 64 digits; nothing else is taken from a registry. */
static const char *digest_or_null(const char *text)
{
	size_t length = strlen("sha256:");

	if (text == NULL || strncmp(text, "sha256:", length) != 0 || strlen(text) != length + 64 ||
	    strspn(text + length, "0123456789abcdef") != 64)
		return NULL;
	return text;
}

/* A name without blanks, as all of a platform's are. */
static const char *word_or_null(const char *text)
{
	size_t length = 0;

	while (text != NULL && g_ascii_isgraph(text[length]))
		length++;
	return length > 0 && length <= LONGEST_WORD && text[length] == '\0' ? text : NULL;
}

/* RFC 3339 to Unix seconds; 0 if it is no time. */
static int64_t time_of(const char *text)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time =
		word_or_null(text) != NULL ? g_date_time_new_from_iso8601(text, utc) : NULL;

	return time != NULL ? MAX(g_date_time_to_unix(time), 0) : 0;
}

static void set_digest(Release *release, const char *digest)
{
	g_free(release->digest);
	release->digest = g_strdup(digest);
}

static Release *find_or_add(Offer *offer, const char *tag)
{
	Release *release = listing_find(offer, tag);

	return release != NULL ? release : listing_add(offer, tag);
}

/* GCR and Artifact Registry: every digest with its tags. The time of the upload is
 * theirs; that of the build would be the publisher's word. */
static void read_map(Offer *offer, const Json *map)
{
	for (const Json *entry = json_first(map); entry != NULL; entry = json_next(entry)) {
		const char *digest = digest_or_null(json_name(entry));
		const char *uploaded = json_string(entry, "timeUploadedMs");
		guint64 milliseconds = 0;
		Content *content;

		if (digest == NULL)
			continue;
		if (uploaded == NULL ||
		    !g_ascii_string_to_unsigned(uploaded, 10, 0, G_MAXINT64, &milliseconds, NULL))
			milliseconds = 0;
		content = content_need(offer, digest);
		content->is_known = true;
		content->is_index = taglist_is_index(json_string(entry, "mediaType"));
		for (const Json *tag = json_first(json_array(entry, "tag")); tag != NULL;
		     tag = json_next(tag)) {
			Release *release =
				json_text(tag) != NULL ? find_or_add(offer, json_text(tag)) : NULL;

			if (release == NULL)
				continue;
			set_digest(release, digest);
			release->published_at = (int64_t)(milliseconds / 1000);
			release->is_described = true;
		}
	}
}

bool taglist_read(Offer *offer, const char *text, size_t length, bool *is_all, GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the list of tags", error);
	const Json *map;

	if (json == NULL)
		return false;
	if (json_array(json, "tags") == NULL && !json_is_null(json_get(json, "tags")))
		return fail(error, FAILURE_NET, "the answer is no list of tags");
	map = json_object(json, "manifest");
	*is_all = map != NULL || json_array(json, "child") != NULL;
	for (const Json *tag = json_first(json_array(json, "tags")); tag != NULL;
	     tag = json_next(tag))
		if (json_text(tag) != NULL)
			(void)find_or_add(offer, json_text(tag));
	read_map(offer, map);
	return true;
}

/* The reference of a `<…>; rel="next"` among the links of one header; NULL if it has
 * none. The caller's. */
static char *next_reference(const char *value)
{
	for (const char *p = value; (p = strchr(p, '<')) != NULL;) {
		const char *end = strchr(p, '>'), *rest;
		size_t length;

		if (end == NULL)
			return NULL;
		length = strcspn(end, ",");
		rest = g_strstr_len(end, (gssize)length, "rel=");
		if (rest != NULL &&
		    (strncmp(rest + 4, "\"next\"", 6) == 0 || strncmp(rest + 4, "next", 4) == 0))
			return g_strndup(p + 1, (gsize)(end - p - 1));
		p = end + length;
	}
	return NULL;
}

/* `last=…` of a query as it stands there; NULL if it has none. */
static char *last_of(const char *reference)
{
	const char *query = strchr(reference, '?');
	g_auto(GStrv) parts = g_strsplit(query != NULL ? query + 1 : "", "&", -1);

	for (char **part = parts; *part != NULL; part++)
		if (g_str_has_prefix(*part, "last=") && strchr(*part, '#') == NULL)
			return g_strdup(*part);
	return NULL;
}

static bool is_same_path(const char *a, const char *b)
{
	size_t length = strcspn(a, "?#");

	return length == strcspn(b, "?#") && strncmp(a, b, length) == 0;
}

char *taglist_next(const GPtrArray *headers, const char *url)
{
	g_autofree char *reference = NULL, *next = NULL, *last = NULL;
	size_t path = strcspn(url, "?");

	for (guint i = 0; i < headers->len && reference == NULL; i++) {
		const char *header = g_ptr_array_index(headers, i);

		if (g_str_has_prefix(header, "link: "))
			reference = next_reference(header + strlen("link: "));
	}
	if (reference == NULL)
		return NULL;
	next = http_resolve(url, reference);
	if (next != NULL && is_same_path(next, url))
		return strcmp(next, url) != 0 ? g_steal_pointer(&next) : NULL;
	last = last_of(reference);
	return last != NULL ? g_strdup_printf("%.*s?n=1000&%s", (int)path, url, last) : NULL;
}

void tag_page_clear(TagPage *page)
{
	g_clear_pointer(&page->names, g_ptr_array_unref);
}

/* The images of a tag record: what its digest consists of, without asking for it. */
static void read_images(Content *content, const Json *images)
{
	content->is_known = content->is_whole = true;
	content->is_index =
		json_count(images) != 1 ||
		g_strcmp0(json_string(json_first(images), "digest"), content->digest) != 0;
	g_ptr_array_set_size(content->platforms, 0);
	for (const Json *image = json_first(images); image != NULL; image = json_next(image))
		content_add_platform(content, word_or_null(json_string(image, "os")),
				     word_or_null(json_string(image, "architecture")),
				     word_or_null(json_string(image, "variant")),
				     word_or_null(json_string(image, "os_version")),
				     digest_or_null(json_string(image, "digest")));
}

/* Docker Hub's record of a tag; its push date is that of its digest. */
static void read_record(Offer *offer, Release *release, const Json *record)
{
	const char *digest = digest_or_null(json_string(record, "digest"));
	const Json *images = json_array(record, "images");

	release->published_at = time_of(json_string(record, "tag_last_pushed"));
	if (release->published_at == 0)
		release->published_at = time_of(json_string(record, "last_updated"));
	if (digest == NULL && json_count(images) == 1)
		digest = digest_or_null(json_string(json_first(images), "digest"));
	set_digest(release, digest);
	release->is_described = digest != NULL;
	if (digest != NULL && json_count(images) > 0)
		read_images(content_need(offer, digest), images);
}

static void note_time(TagPage *page, int64_t at)
{
	if (page->names->len == 0)
		page->newest_at = at;
	else if (at > page->oldest_at)
		page->is_newest_first = false;
	page->oldest_at = at;
}

bool taglist_read_hub(Offer *offer, const char *text, size_t length, TagPage *page, GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the tag records", error);
	const Json *results;

	*page = (TagPage){ .is_newest_first = true,
			   .names = g_ptr_array_new_with_free_func(g_free) };
	if (json == NULL)
		return false;
	results = json_array(json, "results");
	if (results == NULL)
		return fail(error, FAILURE_NET, "the answer holds no tag records");
	page->count = json_integer(json, "count", -1);
	page->has_next = json_string(json, "next") != NULL;
	for (const Json *record = json_first(results); record != NULL; record = json_next(record)) {
		const char *name = json_string(record, "name");
		Release *release = name != NULL ? find_or_add(offer, name) : NULL;

		if (release == NULL)
			continue;
		note_time(page, time_of(json_string(record, "last_updated")));
		read_record(offer, release, record);
		g_ptr_array_add(page->names, g_strdup(name));
	}
	return true;
}

bool taglist_read_quay(Offer *offer, const char *text, size_t length, TagPage *page, GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the tag records", error);
	const Json *tags;

	*page = (TagPage){ .count = -1, .names = g_ptr_array_new_with_free_func(g_free) };
	if (json == NULL)
		return false;
	tags = json_array(json, "tags");
	if (tags == NULL)
		return fail(error, FAILURE_NET, "the answer holds no tag records");
	page->has_next = json_bool(json, "has_additional", false);
	for (const Json *tag = json_first(tags); tag != NULL; tag = json_next(tag)) {
		const char *name = json_string(tag, "name");
		Release *release = name != NULL ? find_or_add(offer, name) : NULL;

		if (release == NULL)
			continue;
		g_ptr_array_add(page->names, g_strdup(name));
		set_digest(release, digest_or_null(json_string(tag, "manifest_digest")));
		release->published_at = MAX(json_integer(tag, "start_ts", 0), 0);
		release->is_described = release->digest != NULL;
	}
	return true;
}

static void set_pushed(const GPtrArray *releases, const char *digest, int64_t at)
{
	for (guint i = 0; digest != NULL && at > 0 && i < releases->len; i++) {
		Release *release = g_ptr_array_index(releases, i);

		if (g_strcmp0(release->digest, digest) == 0)
			release->published_at = at;
	}
}

bool taglist_read_packages(const GPtrArray *releases, const char *text, size_t length,
			   size_t *count, GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the list of package versions", error);

	if (json == NULL)
		return false;
	*count = json_count(json);
	for (const Json *version = json_first(json); version != NULL; version = json_next(version))
		set_pushed(releases, json_string(version, "name"),
			   time_of(json_string(version, "created_at")));
	return true;
}

bool taglist_read_ecr(const GPtrArray *releases, const char *text, size_t length, GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the description of images", error);

	if (json == NULL)
		return false;
	for (const Json *image = json_first(json_array(json, "imageDetails")); image != NULL;
	     image = json_next(image))
		set_pushed(releases, json_string(image, "imageDigest"),
			   json_integer(image, "imagePushedAt", 0));
	return true;
}

bool taglist_read_record(Offer *offer, Release *release, const char *text, size_t length,
			 GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the tag record", error);

	if (json == NULL)
		return false;
	if (g_strcmp0(json_string(json, "name"), release->version) != 0)
		return fail(error, FAILURE_NET, "the answer is no record of this tag");
	read_record(offer, release, json);
	return true;
}

/* What the image says it is; only the tag list can say whether there is such a tag. */
static void read_annotations(Content *content, const Json *annotations)
{
	static const char *const keys[] = { "org.opencontainers.image.ref.name",
					    "org.opencontainers.image.version" };

	for (size_t i = 0; i < G_N_ELEMENTS(keys) && content->tag == NULL; i++) {
		const char *tag = json_string(annotations, keys[i]);

		if (tag != NULL && tag_is_valid(tag))
			content->tag = g_strdup(tag);
	}
}

static void read_index(Content *content, const Json *manifests)
{
	content->is_index = true;
	for (const Json *entry = json_first(manifests); entry != NULL; entry = json_next(entry)) {
		const Json *platform = json_object(entry, "platform");

		content_add_platform(content, word_or_null(json_string(platform, "os")),
				     word_or_null(json_string(platform, "architecture")),
				     word_or_null(json_string(platform, "variant")),
				     word_or_null(json_string(platform, "os.version")),
				     digest_or_null(json_string(entry, "digest")));
	}
}

bool taglist_read_manifest(Content *content, const char *text, size_t length, char **config,
			   GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the manifest", error);
	const Json *manifests;

	*config = NULL;
	if (json == NULL)
		return false;
	manifests = json_array(json, "manifests");
	g_ptr_array_set_size(content->platforms, 0);
	if (manifests != NULL) {
		read_index(content, manifests);
	} else {
		content->is_index = false;
		*config = g_strdup(
			digest_or_null(json_string(json_object(json, "config"), "digest")));
		if (*config == NULL)
			return fail(error, FAILURE_NET, "the answer is no manifest");
	}
	content->is_known = true;
	read_annotations(content, json_object(json, "annotations"));
	return true;
}

bool taglist_read_config(Content *content, const char *text, size_t length, GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the image's configuration", error);

	if (json == NULL)
		return false;
	g_ptr_array_set_size(content->platforms, 0);
	content_add_platform(content, word_or_null(json_string(json, "os")),
			     word_or_null(json_string(json, "architecture")),
			     word_or_null(json_string(json, "variant")),
			     word_or_null(json_string(json, "os.version")), content->digest);
	return true;
}
