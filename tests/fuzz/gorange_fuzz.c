/* SPDX-License-Identifier: MIT */
/* A range, and a version behind a line end: whatever is read gives an answer, and a
 * version is in the range that is itself alone. */
#include "ecosystems/gomod/gorange.h"
#include "ecosystems/gomod/version.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	char *version = strchr(text, '\n');
	g_autofree char *itself = NULL;
	g_autoptr(GError) error = NULL;
	bool is_in = false;

	if (version == NULL)
		return 0;
	*version++ = '\0';
	if (!gorange_contains(text, version, &is_in, &error))
		g_assert_nonnull(error);
	/* An x between dots is a wildcard, in a pre-release too. */
	if (!version_is_canonical(version) || strpbrk(version, "xX") != NULL)
		return 0;
	itself = g_strconcat("= ", version, NULL);
	if (gorange_contains(itself, version, &is_in, NULL))
		g_assert_true(is_in);
	return 0;
}
