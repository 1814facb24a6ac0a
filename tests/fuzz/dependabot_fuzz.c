/* SPDX-License-Identifier: MIT */
/* Any bytes are a dependabot.yml: rules come out, with problems that have places. */
#include "config/dependabot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	g_autoptr(RulesFile) file = rules_parse("dependabot.yml", text);

	for (guint i = 0; i < file->problems->len; i++) {
		const Problem *problem = file->problems->pdata[i];

		g_assert_true(g_utf8_validate(problem->text, -1, NULL));
		g_assert_cmpint(problem->line, >=, 0);
	}
	for (guint i = 0; i < file->entries->len; i++) {
		const Rules *rules = file->entries->pdata[i];

		/* What is usable is whole. */
		if (!rules->is_usable)
			continue;
		g_assert_nonnull(rules->ecosystem_name);
		g_assert_cmpuint(rules->directories->len, >, 0);
		g_assert_true(rules->schedule.is_usable);
		g_assert_nonnull(rules->schedule.zone);
	}
	return 0;
}
