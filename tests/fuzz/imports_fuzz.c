/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/imports.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(Imports) imports = imports_read((const char *)data, size, true);

	if (!imports->is_included)
		g_assert_cmpuint(imports->imports->len, ==, 0);
	for (guint i = 0; i < imports->imports->len; i++)
		g_assert_nonnull(imports->imports->pdata[i]);
	return 0;
}
