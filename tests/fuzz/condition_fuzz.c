/* SPDX-License-Identifier: MIT */
/* Any bytes are a dependabot.yml: where a condition can be written to one of its entries,
 * nothing of the file is lost, and it is there then. */
#include "config/condition.h"
#include "config/dependabot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether `after` is `before` with more in between. */
static bool is_within(GBytes *before, GBytes *after)
{
	gsize length, longer, at = 0;
	const char *a = g_bytes_get_data(before, &length), *b = g_bytes_get_data(after, &longer);

	for (gsize i = 0; i < longer && at < length; i++)
		at += b[i] == a[at];
	return at == length;
}

static void write_once(GBytes *text, const RulesFile *file, int index, const char *range)
{
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(int));
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) after = NULL, again = NULL;
	g_autoptr(RulesFile) rules = NULL;

	g_array_append_val(entries, index);
	after = condition_write("dependabot.yml", text, entries, "golang", range, &error);
	if (after == NULL) {
		g_assert_nonnull(error);
		return;
	}
	g_assert_true(is_within(text, after));
	rules = rules_parse("dependabot.yml", after);
	g_assert_cmpuint(rules->entries->len, ==, file->entries->len);
	g_assert_true(
		condition_is_there(g_ptr_array_index(rules->entries, index), "golang", range));
	again = condition_write("dependabot.yml", after, entries, "golang", range, NULL);
	g_assert_true(again != NULL && g_bytes_equal(after, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	g_autoptr(RulesFile) file = rules_parse("dependabot.yml", text);

	for (guint i = 0; i < MIN(file->entries->len, 4); i++) {
		if (!((Rules *)g_ptr_array_index(file->entries, i))->is_usable)
			continue;
		write_once(text, file, (int)i, "");
		write_once(text, file, (int)i, ">= 1.22.a, < 1.23");
	}
	return 0;
}
