/* SPDX-License-Identifier: MIT */
/* Every kind of answer of a registry, and the link to its next page, which never
 * leads to another host. */
#include "ecosystems/docker/taglist.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DIGEST "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void follow(const char *text)
{
	static const char url[] = "https://registry.example.org/v2/library/golang/tags/list";
	g_autoptr(GPtrArray) headers = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *next = NULL;

	g_ptr_array_add(headers, g_strconcat("link: ", text, NULL));
	next = taglist_next(headers, url);
	if (next != NULL && !g_str_has_prefix(next, url))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *json = (const char *)data;
	g_autofree char *text = g_strndup(json, size), *config = NULL;
	g_autoptr(Offer) offer = listing_new("docker.io/library/golang", NULL);
	g_auto(TagPage) page = { 0 };
	g_auto(TagPage) quay = { 0 };
	Content *index = content_need(offer, "sha256:x"), *single = content_need(offer, "sha256:y");
	Release *release = listing_add(offer, "1.0");
	bool is_json, is_all;
	size_t count;

	release->digest = g_strdup(DIGEST);
	is_json = taglist_read_packages(offer->releases, json, size, &count, NULL);
	if (!is_json) {
		follow(text);
		(void)taglist_is_index(text);
		return 0;
	}
	(void)!taglist_read_ecr(offer->releases, json, size, NULL);
	(void)!taglist_read_record(offer, release, json, size, NULL);
	(void)!taglist_read(offer, json, size, &is_all, NULL);
	(void)!taglist_read_hub(offer, json, size, &page, NULL);
	(void)!taglist_read_quay(offer, json, size, &quay, NULL);
	(void)!taglist_read_manifest(index, json, size, &config, NULL);
	(void)!taglist_read_config(single, json, size, NULL);
	for (guint i = 0; i < offer->releases->len; i++)
		if (!tag_is_valid(((Release *)offer->releases->pdata[i])->version))
			abort();
	return 0;
}
