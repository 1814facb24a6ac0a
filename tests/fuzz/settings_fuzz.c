/* SPDX-License-Identifier: MIT */
/* Any bytes are an upkeepd.yml: settings come out, whole where they are usable. */
#include "config/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	g_autoptr(Settings) settings = settings_parse("upkeepd.yml", text);

	for (guint i = 0; i < settings->repositories->len; i++) {
		const RepositorySettings *repository = settings->repositories->pdata[i];

		if (repository->is_usable)
			g_assert_true((repository->url == NULL) != (repository->path == NULL));
	}
	g_assert_cmpint(settings->workers, >, 0);
	g_assert_cmpint(settings->timeout_ms, >, 0);
	g_assert_cmpint(settings->cache_bytes, >=, 0);
	return 0;
}
