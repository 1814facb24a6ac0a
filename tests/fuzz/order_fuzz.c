/* SPDX-License-Identifier: MIT */
/* Comments of strangers: what is read of them is bounded and can be said again. */
#include "base/text.h"
#include "publish/order.h"
#include "upkeepd/limits.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GPtrArray) any = order_read(text, NULL, NULL);
	g_autoptr(GPtrArray) ours = order_read(text, "bot[bot]", "deps");

	g_assert_cmpuint(any->len, <=, LIMIT_ORDERS);
	g_assert_cmpuint(ours->len, <=, LIMIT_ORDERS);
	for (guint i = 0; i < ours->len; i++) {
		const Order *order = g_ptr_array_index(ours, i);

		g_assert_true(text_is_plain(order->text));
		g_assert_true(order->verb != ORDER_HOLD || (order->days > 0 && order->days <= 365));
	}
	g_assert_cmpint(order_answered(text), >=, 0);
	for (Reach reach = REACH_MAJOR; reach <= REACH_PATCH; reach++)
		g_free(order_range(text, reach));
	return 0;
}
