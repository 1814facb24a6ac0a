/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/version.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_canonical(const char *version)
{
	g_autofree char *canonical = version_canonical(version);

	g_assert_cmpint(canonical != NULL, ==, version_is_valid(version));
	if (canonical == NULL)
		return;
	g_assert_true(version_is_canonical(canonical));
	g_assert_cmpint(version_compare(version, canonical), ==, 0);
}

static void check_pseudo(const char *version)
{
	g_autofree char *revision = version_pseudo_revision(version), *base = NULL;
	int64_t at;

	g_assert_cmpint(revision != NULL, ==, version_is_pseudo(version));
	if (version_pseudo_base(version, &base, NULL) && base != NULL)
		g_assert_cmpint(version_compare(base, version), <, 0);
	if (version_pseudo_time(version, &at, NULL))
		g_assert_true(version_is_pseudo(version));
}

/* Three versions, a line each: they have one order. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", 3);

	if (g_strv_length(lines) < 3)
		return 0;
	for (int i = 0; i < 3; i++) {
		const char *a = lines[i], *b = lines[(i + 1) % 3], *c = lines[(i + 2) % 3];

		check_canonical(a);
		check_pseudo(a);
		g_assert_cmpint(version_compare(a, a), ==, 0);
		g_assert_cmpint(version_compare(a, b), ==, -version_compare(b, a));
		if (version_compare(a, b) <= 0 && version_compare(b, c) <= 0)
			g_assert_cmpint(version_compare(a, c), <=, 0);
	}
	return 0;
}
