/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/dirhash.h"

#include <string.h>

void dirhash_add(Sha256 *list, const char *name, const uint8_t digest[static 32])
{
	static const char digits[] = "0123456789abcdef";
	char hex[66];

	for (size_t i = 0; i < 32; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[64] = hex[65] = ' ';
	sha256_add(list, hex, sizeof hex);
	sha256_add(list, name, strlen(name));
	sha256_add(list, "\n", 1);
}

char *dirhash_finish(Sha256 *list)
{
	uint8_t digest[32];
	g_autofree char *text = NULL;

	sha256_finish(list, digest);
	text = g_base64_encode(digest, sizeof digest);
	return g_strconcat("h1:", text, NULL);
}

char *dirhash_of_gomod(GBytes *bytes)
{
	gsize length;
	const void *text = g_bytes_get_data(bytes, &length);
	Sha256 *list = sha256_new();
	uint8_t digest[32];

	sha256(text, length, digest);
	dirhash_add(list, "go.mod", digest);
	return dirhash_finish(list);
}
