/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/index.h"
#include "ecosystems/gomod/modzip.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(void *builder, const char *name, const uint8_t digest[static 32] G_GNUC_UNUSED,
		const char *text, size_t length)
{
	g_assert_false(g_str_has_prefix(name, "/"));
	g_assert_null(strstr(name, "../"));
	if (text != NULL)
		index_builder_add(builder, "", name, text, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int handle = memfd_create("zip", MFD_CLOEXEC);
	g_autoptr(IndexBuilder) builder = index_builder_new();
	g_autoptr(Modzip) zip = NULL;
	g_autofree char *sum = NULL;

	g_assert_cmpint(write(handle, data, size), ==, (ssize_t)size);
	zip = modzip_open(handle, "a.b/c", "v1.0.0", NULL);
	if (zip != NULL && modzip_scan(zip, add, builder, &sum, NULL)) {
		g_autoptr(PackageIndex) index = index_builder_finish(builder, sum);

		g_assert_nonnull(index);
	}
	return 0;
}
