/* SPDX-License-Identifier: MIT */
#include "policy/absent.h"

#include "base/text.h"
#include "base/time.h"
#include "policy/group.h"

#include <string.h>

/* Nobody reads on behind so many. */
enum { MOST = 30 };

static bool has_update(const Plan *plan, const Dependency *dependency)
{
	for (guint i = 0; i < plan->updates->len; i++)
		if (((Update *)g_ptr_array_index(plan->updates, i))->dependency == dependency)
			return true;
	return false;
}

/* Whether the reason keeps something newer away, and not the dependency as a whole. */
static bool is_telling(const Selection *s)
{
	switch (s->reason) {
	case REASON_IGNORED:
	case REASON_COOLDOWN:
	case REASON_GUARD:
	case REASON_PLATFORM:
	case REASON_SETTLING:
	case REASON_GRACE:
	case REASON_COHERENCE:
	case REASON_BOUND:
		return s->verdict_count > 0;
	default:
		return false;
	}
}

static char *when(int64_t at)
{
	char text[32];

	time_text(at, text, sizeof text);
	return g_strndup(text, strlen("2026-01-01"));
}

/* Whether its update would be the group's, were it not for its file. */
static bool is_of_group(const Plan *plan, const Selection *s)
{
	bool is_multi;
	const Group *group = group_of_update(s, &is_multi);

	return is_multi || (group != NULL && strcmp(group->name, plan->group) == 0);
}

/* Not how long there is to wait: a body is not written again for that. */
static Notice *notice_of(const Plan *plan, const Selection *s, const char *name)
{
	g_autofree char *day = NULL;

	if (s->update != NULL && is_of_group(plan, s))
		return notice_new(g_strdup_printf("%s could not be moved along", name), NULL);
	if (s->update != NULL)
		return notice_new(
			g_strdup_printf("%s has a %s update, which the group does not take", name,
					step_word(s->update->step)),
			NULL);
	if (s->dependency->offer != NULL && s->dependency->offer->error != NULL)
		return notice_new(g_strdup_printf("%s could not be looked up", name), NULL);
	if (selection_is_held(s) && s->held_until > 0) {
		day = when(s->held_until);
		return notice_new(g_strdup_printf("%s waits for its cooldown until %s", name, day),
				  NULL);
	}
	if (selection_is_held(s))
		return notice_new(g_strdup_printf("%s waits for its cooldown", name), NULL);
	return notice_new(g_strdup_printf("%s stays (%s)", name, selection_word(s)),
			  g_strdup(s->text));
}

static bool is_absent(const Plan *plan, const Selection *s)
{
	bool has_failed = s->dependency->offer != NULL && s->dependency->offer->error != NULL;

	return s->types == 0 && s->dependency->why_not == NULL &&
	       (s->update != NULL || has_failed || is_telling(s)) &&
	       !has_update(plan, s->dependency) && group_has(plan, s);
}

GPtrArray *absent_from(const Plan *plan, const GPtrArray *selections)
{
	GPtrArray *absent = notices_new();

	for (guint i = 0; plan->group != NULL && i < selections->len && absent->len < MOST; i++) {
		const Selection *s = g_ptr_array_index(selections, i);
		g_autofree char *code = NULL, *name = NULL;

		if (!is_absent(plan, s))
			continue;
		code = text_code(s->dependency->name);
		name = plan->is_across || plan->is_multi
			       ? g_strdup_printf("%s in %s", code, s->manifest->directory)
			       : g_strdup(code);
		g_ptr_array_add(absent, notice_of(plan, s, name));
	}
	return absent;
}
