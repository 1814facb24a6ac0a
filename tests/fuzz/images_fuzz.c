/* SPDX-License-Identifier: MIT */
/* YAML with images, read as compose and as Kubernetes: every letter stands
 * where it says. */
#include "ecosystems/docker/images.h"
#include "upkeepd/limits.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const GPtrArray *sites, const uint8_t *data, size_t size)
{
	for (guint i = 0; sites != NULL && i < sites->len; i++) {
		const Site *site = g_ptr_array_index(sites, i);

		for (guint j = 0; j < site->letters->len; j++) {
			const Letter *letter = &g_array_index(site->letters, Letter, j);

			if (letter->at < PLACE_BUILDER &&
			    (letter->at >= size || data[letter->at] != (uint8_t)letter->byte))
				abort();
		}
		if (site->word.from > site->word.to || site->word.to > size || site->line < 1)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	g_autoptr(YamlFile) yaml = yaml_read(text, LIMIT_MANIFEST, NULL);
	g_autoptr(GPtrArray) problems = problems_new(), compose = NULL, kubernetes = NULL;

	if (yaml == NULL)
		return 0;
	compose = images_of_compose(yaml, text, "compose.yaml", problems, NULL);
	kubernetes = images_of_kubernetes(yaml, text, NULL);
	check(compose, data, size);
	check(kubernetes, data, size);
	return 0;
}
