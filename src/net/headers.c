/* SPDX-License-Identifier: MIT */
#include "net/headers.h"

#include <string.h>

bool header_is(const char *line, const char *name)
{
	size_t length = strlen(name);

	return g_ascii_strncasecmp(line, name, length) == 0 && line[length] == ':';
}

const char *headers_get(const GPtrArray *headers, const char *name)
{
	for (guint i = 0; headers != NULL && i < headers->len; i++) {
		const char *line = g_ptr_array_index(headers, i);

		if (!header_is(line, name))
			continue;
		line += strlen(name) + 1;
		while (*line == ' ' || *line == '\t')
			line++;
		return line;
	}
	return NULL;
}
