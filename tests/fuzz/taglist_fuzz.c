/* SPDX-License-Identifier: MIT */
/* Every kind of answer of a registry, and the link to its next page, which never
 * leads to another host. */
#include "ecosystems/docker/taglist.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
	Content *content = content_need(offer, "sha256:x");
	bool is_all;

	if (!taglist_read(offer, json, size, &is_all, NULL) &&
	    !taglist_read_hub(offer, json, size, &page, NULL) &&
	    !taglist_read_quay(offer, json, size, &quay, NULL) &&
	    !taglist_read_manifest(content, json, size, &config, NULL) &&
	    !taglist_read_config(content, json, size, NULL))
		follow(text);
	for (guint i = 0; i < offer->releases->len; i++)
		if (!tag_is_valid(((Release *)offer->releases->pdata[i])->version))
			abort();
	return 0;
}
