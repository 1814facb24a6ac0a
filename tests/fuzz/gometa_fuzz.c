/* SPDX-License-Identifier: MIT */
/* A page of any kind: what is read of it are words. */
#include "ecosystems/gomod/gometa.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Nothing behind it may be read. */
	g_autofree char *html = g_memdup2(size > 0 ? data : (const uint8_t *)" ", MAX(size, 1));
	g_autoptr(GPtrArray) imports = gometa_imports(html, MAX(size, 1));
	g_autofree char *home = gometa_home(html, MAX(size, 1), "example.org/a");

	for (guint i = 0; i < imports->len; i++) {
		const GoImport *import = g_ptr_array_index(imports, i);

		g_assert_null(strpbrk(import->root, " \t\r\n"));
		g_assert_cmpuint(strlen(import->repository), >, 0);
	}
	g_assert_true(home == NULL || strlen(home) > 0);
	return 0;
}
