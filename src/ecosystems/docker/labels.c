/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/labels.h"

#include "base/json.h"
#include "upkeepd/plan.h"

#include <string.h>

/* Links of a description that are looked at. */
enum { LIMIT_LINKS = 200 };

void labels_clear(Labels *labels)
{
	g_free(labels->page);
	g_free(labels->revision);
	g_free(labels->version);
}

void further_clear(Further *further)
{
	g_free(further->manifest);
	g_free(further->config);
}

char *labels_version_of_tag(const char *tag)
{
	const char *start = tag == NULL ? "" : tag + (*tag == 'v');
	size_t length = strspn(start, "0123456789.");

	while (length > 0 && start[length - 1] == '.')
		length--;
	return length > 0 && g_ascii_isdigit(*start) ? g_strndup(start, length) : NULL;
}

static bool is_commit(const char *text)
{
	size_t length = strlen(text);

	return length >= 7 && length <= 64 && strspn(text, "0123456789abcdef") == length;
}

/* The revision may stand in the URL too, as builders of official images have it. */
static void take_source(Labels *labels, const char *claim)
{
	const char *mark = claim != NULL ? strchr(claim, '#') : NULL;
	g_autofree char *revision = NULL;

	if (labels->page != NULL || claim == NULL)
		return;
	labels->page = home_page(claim);
	if (labels->page == NULL || mark == NULL || labels->revision != NULL)
		return;
	revision = g_strndup(mark + 1, strcspn(mark + 1, ":"));
	if (is_commit(revision))
		labels->revision = g_steal_pointer(&revision);
}

static void take(Labels *labels, const Json *map)
{
	static const char *const sources[] = { "org.opencontainers.image.source",
					       "org.label-schema.vcs-url",
					       "org.opencontainers.image.url" };
	static const char *const revisions[] = { "org.opencontainers.image.revision",
						 "org.label-schema.vcs-ref" };
	const char *version = json_string(map, "org.opencontainers.image.version");

	for (size_t i = 0; i < G_N_ELEMENTS(revisions) && labels->revision == NULL; i++) {
		const char *revision = json_string(map, revisions[i]);

		if (revision != NULL && is_commit(revision))
			labels->revision = g_strdup(revision);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		take_source(labels, json_string(map, sources[i]));
	if (labels->version == NULL)
		labels->version = labels_version_of_tag(version);
}

static char *digest_of(const Json *object)
{
	const char *digest = json_string(object, "digest");

	return digest != NULL && g_str_has_prefix(digest, "sha256:") && strlen(digest) == 71 &&
			       strspn(digest + 7, "0123456789abcdef") == 64
		       ? g_strdup(digest)
		       : NULL;
}

/* linux/amd64, else the first that is no attestation. */
static const Json *speaker_of(const Json *manifests)
{
	const Json *first = NULL;

	for (const Json *entry = json_first(manifests); entry != NULL; entry = json_next(entry)) {
		const Json *platform = json_object(entry, "platform");
		const char *os = json_string(platform, "os");
		const char *architecture = json_string(platform, "architecture");

		if (g_strcmp0(os, "linux") == 0 && g_strcmp0(architecture, "amd64") == 0)
			return entry;
		if (first == NULL && g_strcmp0(os, "unknown") != 0)
			first = entry;
	}
	return first;
}

bool labels_of_manifest(Labels *labels, const char *text, size_t length, Further *further,
			GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the manifest", error);
	const Json *speaker;

	if (json == NULL)
		return false;
	speaker = speaker_of(json_array(json, "manifests"));
	take(labels, json_object(json, "annotations"));
	take(labels, json_object(speaker, "annotations"));
	further->manifest = digest_of(speaker);
	further->config = digest_of(json_object(json, "config"));
	return true;
}

bool labels_of_config(Labels *labels, const char *text, size_t length, GError **error)
{
	g_autoptr(Json) json = json_parse(text, length, "the image's configuration", error);

	if (json == NULL)
		return false;
	take(labels, json_object(json_object(json, "config"), "Labels"));
	return true;
}

char *labels_of_description(const char *text)
{
	const char *p = text;

	for (int i = 0; i < LIMIT_LINKS && (p = strstr(p, "https://")) != NULL; i++) {
		g_autofree char *link = g_strndup(p, strcspn(p, " \t\r\n()[]<>\"'`"));
		const char *issues = strstr(link, "/issues");
		char *page;

		p += strlen(link);
		if (issues == NULL || (issues[7] != '\0' && strchr("/?#", issues[7]) == NULL))
			continue;
		link[issues - link] = '\0';
		page = home_page(link);
		if (page != NULL)
			return page;
	}
	return NULL;
}
