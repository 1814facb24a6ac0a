/* SPDX-License-Identifier: MIT */
/* Two tags, one a line: an order is antisymmetric, and a line is the tag's own. */
#include "ecosystems/docker/tag.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", 2);
	g_autoptr(Tag) a = tag_parse(lines[0] != NULL ? lines[0] : "", NULL, size % 2 == 0);
	g_autoptr(Tag) b = NULL;

	if (a == NULL)
		return 0;
	if (tag_compare(a, a) != 0 || !tag_is_spelt_alike(a, a))
		abort();
	b = tag_parse(lines[1] != NULL ? lines[1] : "", NULL, size % 2 == 0);
	if (b != NULL && tag_is_comparable(a, b) &&
	    (tag_compare(a, b) > 0) != (tag_compare(b, a) < 0))
		abort();
	return 0;
}
