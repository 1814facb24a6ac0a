/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/latest.h"

#include "ecosystems/gomod/version.h"

#include <string.h>

static int by_version(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	int order = version_compare(x, y);

	return order != 0 ? order : strcmp(x, y);
}

static void add_tagged(GPtrArray *versions, char *version)
{
	if (version_is_valid(version) && !version_is_pseudo(version))
		g_ptr_array_add(versions, version);
}

GPtrArray *latest_versions(const GPtrArray *list, const GPtrArray *extra)
{
	GPtrArray *versions = g_ptr_array_new();

	for (guint i = 0; list != NULL && i < list->len; i++)
		add_tagged(versions, ((GoListed *)list->pdata[i])->version);
	for (guint i = 0; extra != NULL && i < extra->len; i++)
		add_tagged(versions, extra->pdata[i]);
	g_ptr_array_sort(versions, by_version);
	return versions;
}

const char *latest_untagged(const GPtrArray *list)
{
	const char *newest = NULL;
	int64_t newest_at = 0;

	for (guint i = 0; i < list->len; i++) {
		const GoListed *listed = list->pdata[i];
		int64_t at = listed->at;

		if (!version_is_pseudo(listed->version) ||
		    (at == 0 && !version_pseudo_time(listed->version, &at, NULL)))
			continue;
		if (newest == NULL || newest_at < at) {
			newest = listed->version;
			newest_at = at;
		}
	}
	return newest;
}

const char *latest_decider(const GPtrArray *versions, const LatestRules *rules)
{
	const char *decider = NULL;

	for (guint i = 0; i < versions->len; i++) {
		const char *version = versions->pdata[i];

		if (!rules->allows(rules->data, version))
			continue;
		if (version_is_incompatible(version))
			return decider;
		decider = version;
	}
	return NULL;
}

/* Versions come in ascending order. */
static const char *better(const LatestRules *rules, const char *chosen, const char *next)
{
	return rules->wants_lowest && chosen != NULL ? chosen : next;
}

const char *latest_choose(const GPtrArray *versions, const LatestRules *rules)
{
	const char *release = NULL, *prerelease = NULL;
	const char *decider = latest_decider(versions, rules);
	bool takes_incompatible = rules->takes_incompatible || decider == NULL ||
				  !rules->has_gomod(rules->data, decider);

	for (guint i = 0; i < versions->len; i++) {
		const char *version = versions->pdata[i];

		if (!rules->allows(rules->data, version))
			continue;
		if (version_is_incompatible(version) && !takes_incompatible)
			break;
		if (version_is_prerelease(version))
			prerelease = better(rules, prerelease, version);
		else
			release = better(rules, release, version);
	}
	return release != NULL ? release : prerelease;
}
