/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/constraints.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a header says does not change with blank lines before it, and without the word
 * that all constraints have it says nothing. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Constraints said = constraints_read((const char *)data, size);
	g_autoptr(GString) text = g_string_new("\n\n");

	g_string_append_len(text, (const char *)data, (gssize)size);
	g_assert_cmpint(constraints_read(text->str, text->len), ==, said);
	if (size == 0 || memmem(data, size, "build", 5) == NULL)
		g_assert_cmpint(said, ==, CONSTRAINTS_ALLOW);
	return 0;
}
