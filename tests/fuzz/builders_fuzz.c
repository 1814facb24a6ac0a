/* SPDX-License-Identifier: MIT */
/* Files that may say what builds a repository: whatever they hold, each builder has a
 * tool, a version, and a line of the file. The first byte chooses what it is called. */
#include "ecosystems/docker/goimage.h"
#include "ecosystems/gomod/gosetup.h"
#include "ecosystems/gomod/goversion.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "Dockerfile",     "compose.yaml",
					     ".gitlab-ci.yml", ".github/workflows/a.yml",
					     ".go-version",    ".tool-versions" };
	g_autoptr(GPtrArray) builders = builders_new();
	g_autoptr(GBytes) text = NULL;
	const char *name;

	if (size == 0)
		return 0;
	name = names[data[0] % G_N_ELEMENTS(names)];
	text = g_bytes_new(data + 1, size - 1);
	if (goimage_tells(name))
		goimage_read(name, text, builders);
	if (gosetup_tells(name))
		gosetup_read(name, text, builders);
	for (guint i = 0; i < builders->len; i++) {
		const Builder *builder = g_ptr_array_index(builders, i);

		if (strcmp(builder->tool, GOVERSION_PATH) != 0 || builder->line < 1 ||
		    !goversion_is_valid(builder->version) || builder->text == NULL)
			abort();
	}
	return 0;
}
