/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gosum.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is written anew is what the next run leaves alone. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size), once = NULL, twice = NULL;
	g_autoptr(GoSum) first = gosum_read(text), second = NULL;
	bool is_right = gosum_need(first, "e.c/a", "v1.0.0", false, "h1:a", NULL) &&
			gosum_need(first, "e.c/a", "v1.0.0", true, "h1:b", NULL);

	if (!is_right)
		return 0;
	once = gosum_write(first);
	second = gosum_read(once);
	is_right = gosum_need(second, "e.c/a", "v1.0.0", false, "h1:a", NULL) &&
		   gosum_need(second, "e.c/a", "v1.0.0", true, "h1:b", NULL);
	g_assert_true(is_right);
	twice = gosum_write(second);
	g_assert_true(g_bytes_equal(once, twice));
	return 0;
}
