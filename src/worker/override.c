/* SPDX-License-Identifier: MIT */
#include "worker/override.h"

#include "policy/filter.h"
#include "worker/discover.h"

#include <string.h>

static const Rules *rules_for(const Manifest *manifest, const GPtrArray *covered)
{
	for (guint i = 0; i < covered->len; i++) {
		const Manifest *other = g_ptr_array_index(covered, i);

		if (other->ecosystem == manifest->ecosystem &&
		    strcmp(other->path, manifest->path) == 0)
			return other->rules;
	}
	return NULL;
}

bool override_begin(GPtrArray *manifests, Source *source, const char *fallback, const char *below,
		    RulesFile **rules, GError **error)
{
	g_autoptr(GPtrArray) covered = NULL;

	if (!discover_rules(source, fallback, rules, error))
		return false;
	if (*rules == NULL)
		return true;
	covered = discover_manifests(source, *rules, below, NULL, NULL, error);
	if (covered == NULL)
		return false;
	for (guint i = 0; i < manifests->len; i++) {
		Manifest *manifest = g_ptr_array_index(manifests, i);
		const Rules *own = rules_for(manifest, covered);

		if (own != NULL)
			manifest->rules = own;
	}
	return true;
}

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
