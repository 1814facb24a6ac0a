/* SPDX-License-Identifier: MIT */
#include "worker/override.h"

#include "policy/filter.h"

char *override_text(const Manifest *manifest, const Dependency *dependency, const Release *release)
{
	const Place *rule = NULL;
	g_autofree char *complaint = NULL, *text = NULL, *place = NULL;
	Verdict verdict = { .reason = filter_dependency(manifest->ecosystem, manifest->rules,
							dependency, &rule) };

	if (verdict.reason == REASON_NONE && release != NULL) {
		verdict = filter_release(manifest->ecosystem, manifest->rules, dependency, release,
					 &complaint);
		text = verdict.text;
		rule = verdict.rule;
	}
	if (verdict.reason == REASON_NONE || rule == NULL)
		return NULL;
	place = place_text(rule);
	return g_strdup_printf("%s%s%s (%s)", reason_word(verdict.reason), text != NULL ? ": " : "",
			       text != NULL ? text : "", place);
}
