/* SPDX-License-Identifier: MIT */
/* Bytes that are a zone have an offset of less than three days at any instant. */
#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t instants[] = { INT64_MIN,  -5000000000,  0,        1806195600,
					    4102444800, 253402300800, INT64_MAX };
	g_autoptr(Zone) zone = zone_read(data, size);

	for (size_t i = 0; zone != NULL && i < G_N_ELEMENTS(instants); i++) {
		g_assert_cmpint(zone_offset(zone, instants[i]), <, 3 * 86400);
		g_assert_cmpint(zone_offset(zone, instants[i]), >, -8 * 86400);
	}
	return 0;
}
