/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target once over every file of the folders given, so that what
 * fuzzing found stays found where there is no libFuzzer. */
#include <glib.h>

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	unsigned files = 0;

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++) {
		g_autoptr(GDir) folder = g_dir_open(argv[i], 0, NULL);
		const char *name;

		while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
			g_autofree char *path = g_build_filename(argv[i], name, NULL);
			g_autofree char *text = NULL;
			gsize length;

			if (!g_file_get_contents(path, &text, &length, NULL))
				continue;
			LLVMFuzzerTestOneInput((const uint8_t *)text, length);
			files++;
		}
	}
	printf("%u inputs\n", files);
	return 0;
}
