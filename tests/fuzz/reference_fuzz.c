/* SPDX-License-Identifier: MIT */
/* A reference: its parts put together again are the text. */
#include "ecosystems/docker/reference.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(Reference) reference = reference_parse(text, NULL);
	g_autoptr(GString) again = NULL;
	g_autofree char *key = NULL;

	if (reference == NULL)
		return 0;
	again = g_string_new_len(text, reference->name_end);
	if (reference->tag != NULL)
		g_string_append_printf(again, ":%s", reference->tag);
	if (reference->digest != NULL)
		g_string_append_printf(again, "@%s", reference->digest);
	key = reference_key(reference);
	if (strcmp(again->str, text) != 0 || strchr(key, '/') == NULL)
		abort();
	return 0;
}
