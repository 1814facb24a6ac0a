/* SPDX-License-Identifier: MIT */
#include "worker/worker.h"

#include "config/paths.h"
#include "upkeepd/manifest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void say_problems(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *text = problem_text(g_ptr_array_index(problems, i));

		fprintf(stderr, "%s\n", text);
	}
}

/* Reads to the end, or one piece beyond the limit. */
static GByteArray *read_all(FILE *file, size_t max_bytes)
{
	GByteArray *bytes = g_byte_array_new();
	guint8 piece[65536];
	size_t length;

	while (bytes->len <= max_bytes && (length = fread(piece, 1, sizeof piece, file)) > 0)
		g_byte_array_append(bytes, piece, (guint)length);
	return bytes;
}

GBytes *read_input(const char *path, size_t max_bytes, GError **error)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	g_autoptr(GByteArray) bytes = NULL;
	int reason = 0;

	if (file == NULL)
		return fail_null(error, FAILURE_ABSENT, "'%s' cannot be read: %s", path,
				 g_strerror(errno));
	bytes = read_all(file, max_bytes);
	if (ferror(file))
		reason = errno;
	if (file != stdin)
		fclose(file);
	if (reason != 0)
		return fail_null(error, FAILURE_IO, "'%s' cannot be read: %s", path,
				 g_strerror(reason));
	if (bytes->len > max_bytes)
		return fail_null(error, FAILURE_LIMIT, "'%s' has more than %zu bytes", path,
				 max_bytes);
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

char *state_directory(const Invocation *invocation)
{
	return paths_state(invocation->state);
}

char *cache_directory(void)
{
	return paths_cache();
}
