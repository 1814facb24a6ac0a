/* SPDX-License-Identifier: MIT */
/* A Dockerfile: every letter stands where it says, and changing all references
 * to what they are changes nothing. */
#include "ecosystems/docker/dockerfile.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The places of a site lie in the file and hold its bytes. */
static void check_places(const Site *site, const char *text, size_t size)
{
	for (guint i = 0; i < site->letters->len; i++) {
		const Letter *letter = &g_array_index(site->letters, Letter, i);

		if (letter->at < PLACE_BUILDER &&
		    (letter->at >= size || text[letter->at] != letter->byte))
			abort();
	}
	if (site->word.from > site->word.to || site->word.to > size)
		abort();
}

/* A reference that can be changed takes its own tag and digest for nothing; another
 * tag is one change, or several where one ARG feeds it twice:
 * these may contradict each other, and then the file stays. */
static void check_edits(const Site *site, GBytes *text)
{
	g_autoptr(GPtrArray) same = edits_new(), other = edits_new();
	const Reference *reference = site->reference;
	g_autoptr(GBytes) after = NULL;

	if (!site_edit(site, reference->tag, reference->digest, same, NULL) || same->len > 0)
		abort();
	if (reference->tag == NULL || !site_edit(site, "9.9.9-x", NULL, other, NULL))
		return;
	after = edits_apply(text, other, NULL);
	if (after == NULL && other->len < 2)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	const DockerfileSource source = { g_bytes_get_data(text, NULL), size, NULL, 1 };
	g_autoptr(Dockerfile) file = dockerfile_parse("Dockerfile", &source, NULL);

	if (file == NULL)
		return 0;
	sites_locate(file->sites, text);
	for (guint i = 0; i < file->sites->len; i++) {
		const Site *site = g_ptr_array_index(file->sites, i);

		check_places(site, source.text, size);
		if (site->why_not == NULL)
			check_edits(site, text);
	}
	return 0;
}
