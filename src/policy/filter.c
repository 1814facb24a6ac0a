/* SPDX-License-Identifier: MIT */
#include "policy/filter.h"

#include "policy/match.h"

#include <string.h>

enum { DAY = 24 * 60 * 60 };

typedef bool (*Matcher)(const char *pattern, const char *name);

/* Whether a pattern fits one of the names that a dependency answers to. */
static bool has_name(const Ecosystem *ecosystem, const Dependency *dep, const char *pattern,
		     Matcher fits)
{
	g_auto(GStrv) aliases = NULL;

	if (fits(pattern, dep->name))
		return true;
	if (ecosystem->aliases == NULL)
		return false;
	aliases = ecosystem->aliases(dep);
	for (char **alias = aliases; *alias != NULL; alias++)
		if (fits(pattern, *alias))
			return true;
	return false;
}

bool filter_names(const Ecosystem *ecosystem, const Dependency *dep, const char *pattern)
{
	return pattern == NULL || has_name(ecosystem, dep, pattern, match_name);
}

/* Without a type, as Dependabot's service fills it in: direct ones. */
static bool is_of_type(const Dependency *dep, const char *type)
{
	if (type == NULL || strcmp(type, "direct") == 0)
		return dep->is_direct || dep->is_tool;
	if (strcmp(type, "indirect") == 0)
		return !dep->is_direct;
	if (strcmp(type, "production") == 0)
		return dep->is_direct && dep->is_production;
	if (strcmp(type, "development") == 0)
		return !dep->is_production;
	return strcmp(type, "all") == 0;
}

static bool allows(const Ecosystem *ecosystem, const Filter *filter, const Dependency *dep)
{
	return is_of_type(dep, filter->type) && filter_names(ecosystem, dep, filter->name);
}

static bool is_bare(const Filter *filter)
{
	return filter->update_types == 0 &&
	       (filter->versions == NULL || filter->versions->len == 0);
}

Reason filter_dependency(const Ecosystem *ecosystem, const Rules *rules, const Dependency *dep,
			 const Place **rule)
{
	bool is_allowed = rules->allow->len == 0 && is_of_type(dep, NULL);

	*rule = NULL;
	for (guint i = 0; i < rules->ignore->len; i++) {
		const Filter *filter = g_ptr_array_index(rules->ignore, i);

		if (is_bare(filter) && filter_names(ecosystem, dep, filter->name)) {
			*rule = &filter->place;
			return REASON_IGNORED;
		}
	}
	for (guint i = 0; i < rules->allow->len && !is_allowed; i++) {
		const Filter *filter = g_ptr_array_index(rules->allow, i);

		is_allowed = allows(ecosystem, filter, dep);
		*rule = is_allowed ? &filter->place : NULL;
	}
	if (is_allowed)
		return REASON_NONE;
	if (rules->allow->len > 0)
		*rule = &((const Filter *)g_ptr_array_index(rules->allow, 0))->place;
	return REASON_NOT_ALLOWED;
}

static unsigned step_bit(Step step)
{
	return step == STEP_MAJOR   ? UPDATE_MAJOR
	       : step == STEP_MINOR ? UPDATE_MINOR
	       : step == STEP_PATCH ? UPDATE_PATCH
				    : 0;
}

char *filter_types_text(unsigned types)
{
	static const char *const words[] = { "semver-major", "semver-minor", "semver-patch" };
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
		if ((types & 1u << i) != 0)
			g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", words[i]);
	return g_strdup(text->str);
}

/* The update types that the matching entries of allow permit together; an entry
 * without any permits all. */
static unsigned allowed_types(const Ecosystem *ecosystem, const Rules *rules, const Dependency *dep,
			      const Place **rule)
{
	unsigned types = 0;

	for (guint i = 0; i < rules->allow->len; i++) {
		const Filter *filter = g_ptr_array_index(rules->allow, i);

		if (!allows(ecosystem, filter, dep))
			continue;
		if (filter->update_types == 0)
			return UPDATE_MAJOR | UPDATE_MINOR | UPDATE_PATCH;
		types |= filter->update_types;
		*rule = &filter->place;
	}
	return rules->allow->len > 0 ? types : UPDATE_MAJOR | UPDATE_MINOR | UPDATE_PATCH;
}

/* The range that takes the release in, of a list whose elements are alternatives;
 * NULL: none. */
static const char *range_with(const Ecosystem *ecosystem, const Filter *filter,
			      const Dependency *dep, const Release *release, char **complaint)
{
	for (guint i = 0; filter->versions != NULL && i < filter->versions->len; i++) {
		g_autoptr(GError) error = NULL;
		bool is_in = false;

		const char *range = g_ptr_array_index(filter->versions, i);

		if (!ecosystem->in_range(range, dep, release, &is_in, &error)) {
			if (*complaint == NULL)
				*complaint = g_strdup_printf("%s:%d:%d: %s", filter->place.path,
							     filter->place.line,
							     filter->place.column, error->message);
			continue;
		}
		if (is_in)
			return range;
	}
	return NULL;
}

Verdict filter_release(const Ecosystem *ecosystem, const Rules *rules, const Dependency *dep,
		       const Release *release, char **complaint)
{
	unsigned type = step_bit(ecosystem->step(dep, release)), allowed;
	const Place *rule = NULL;
	g_autofree char *types = NULL;

	for (guint i = 0; i < rules->ignore->len; i++) {
		const Filter *filter = g_ptr_array_index(rules->ignore, i);
		const char *range = NULL;
		char *text = NULL;

		if (!filter_names(ecosystem, dep, filter->name))
			continue;
		if ((filter->update_types & type) != 0)
			text = filter_types_text(type);
		else if (is_bare(filter))
			text = g_strdup("all versions");
		else if ((range = range_with(ecosystem, filter, dep, release, complaint)) != NULL)
			text = g_strdup_printf("versions '%s'", range);
		if (text != NULL)
			return (Verdict){ REASON_IGNORED, text, &filter->place, 0 };
	}
	allowed = allowed_types(ecosystem, rules, dep, &rule);
	if (type == 0 || (allowed & type) != 0)
		return (Verdict){ .reason = REASON_NONE };
	types = filter_types_text(allowed);
	return (Verdict){ REASON_NOT_ALLOWED,
			  g_strdup_printf("'allow' permits %s", *types != '\0' ? types : "none"),
			  rule, 0 };
}

static bool is_listed(const Ecosystem *ecosystem, const Dependency *dep, const GPtrArray *patterns)
{
	for (guint i = 0; patterns != NULL && i < patterns->len; i++)
		if (has_name(ecosystem, dep, g_ptr_array_index(patterns, i), match_cooldown))
			return true;
	return false;
}

void filter_cooldown(const Ecosystem *ecosystem, const Rules *rules, const Dependency *dep,
		     int64_t seconds[STEP_MAJOR + 1])
{
	const Cooldown *cooldown = &rules->cooldown;
	bool has_include = cooldown->include != NULL && cooldown->include->len > 0;
	const int days[STEP_MAJOR + 1] = {
		[STEP_NONE] = cooldown->default_days, [STEP_DIGEST] = cooldown->default_days,
		[STEP_PATCH] = cooldown->patch_days,  [STEP_MINOR] = cooldown->minor_days,
		[STEP_MAJOR] = cooldown->major_days,
	};
	bool is_included = !is_listed(ecosystem, dep, cooldown->exclude) &&
			   (!has_include || is_listed(ecosystem, dep, cooldown->include));

	for (int step = STEP_NONE; step <= STEP_MAJOR; step++)
		seconds[step] = is_included ? (int64_t)MAX(days[step], 0) * DAY : 0;
}
