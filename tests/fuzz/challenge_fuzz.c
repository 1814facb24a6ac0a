/* SPDX-License-Identifier: MIT */
/* WWW-Authenticate, and where a token would be asked for: never by less than https. */
#include "ecosystems/docker/challenge.h"
#include "net/url.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *value = g_strndup((const char *)data, size);
	g_autoptr(GPtrArray) challenges = challenges_new();

	challenges_add(challenges, value);
	for (guint i = 0; i < challenges->len; i++) {
		g_autofree char *url =
			challenge_token_url(g_ptr_array_index(challenges, i),
					    "https://registry.example.org", "library/golang");

		g_autoptr(Url) parsed = url != NULL ? url_parse(url) : NULL;

		if (url == NULL)
			continue;
		if (parsed != NULL && !parsed->is_https)
			abort();
		(void)challenge_may_see_credentials(url, "https://registry.example.org");
	}
	return 0;
}
