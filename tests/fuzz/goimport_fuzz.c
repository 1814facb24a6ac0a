/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/goimport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GPtrArray) imports = goimport_of_page((const char *)data, size);
	const GoImport *import = goimport_choose(imports, "example.com/a/b", NULL);

	for (guint i = 0; i < imports->len; i++)
		g_assert_cmpstr(((GoImport *)imports->pdata[i])->url, !=, "");
	if (import != NULL)
		g_assert_true(g_str_has_prefix("example.com/a/b", import->root));
	return 0;
}
