/* SPDX-License-Identifier: MIT */
/* Any log, any versions, on the first two lines: what is cut is a part of it, and no
 * two versions are each older than the other. */
#include "publish/changelog.h"
#include "publish/history.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size), *cut = NULL;
	g_auto(GStrv) parts = g_strsplit(text, "\n", 3);
	int order;

	if (g_strv_length(parts) < 3)
		return 0;
	cut = changelog_cut(parts[2], parts[0], parts[1]);
	g_assert_true(cut == NULL || (*cut != '\0' && strlen(cut) <= strlen(parts[2])));
	order = history_order(parts[0], parts[1]);
	g_assert_true((order > 0) == (history_order(parts[1], parts[0]) < 0));
	g_assert_cmpint(history_order(parts[0], parts[0]), ==, 0);
	return 0;
}
