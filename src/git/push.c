/* SPDX-License-Identifier: MIT */
#include "git/push.h"

#include "base/text.h"

#include <string.h>

#define HEADS "refs/heads/"

PushUpdate *push_update_new(const char *branch, const char *expected, const char *wanted)
{
	PushUpdate *update = g_new0(PushUpdate, 1);

	update->branch = g_strdup(branch);
	update->expected = g_strdup(expected);
	update->wanted = g_strdup(wanted);
	return update;
}

char *push_update_ref(const PushUpdate *update)
{
	return update->ref != NULL ? g_strdup(update->ref)
				   : g_strconcat(HEADS, update->branch, NULL);
}

bool push_update_is_to(const PushUpdate *update, const char *ref)
{
	if (update->ref != NULL)
		return strcmp(ref, update->ref) == 0;
	return g_str_has_prefix(ref, HEADS) && strcmp(ref + strlen(HEADS), update->branch) == 0;
}

void push_update_free(PushUpdate *update)
{
	if (update == NULL)
		return;
	g_free(update->branch);
	g_free(update->expected);
	g_free(update->wanted);
	g_free(update->ref);
	g_free(update->reason);
	g_free(update->said);
	if (update->options != NULL)
		g_ptr_array_unref(update->options);
	g_free(update);
}

GPtrArray *push_updates_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)push_update_free);
}

void push_update_reset(PushUpdate *update)
{
	update->result = PUSH_UNKNOWN;
	update->are_options_lost = false;
	g_clear_pointer(&update->reason, g_free);
	g_clear_pointer(&update->said, g_free);
}

void push_update_judge(PushUpdate *update, const char *now, const char *reason)
{
	g_clear_pointer(&update->reason, g_free);
	if (g_strcmp0(now, update->wanted) == 0) {
		update->result = PUSH_OK;
	} else if (g_strcmp0(now, update->expected) != 0) {
		update->result = PUSH_MOVED;
	} else {
		update->result = PUSH_REJECTED;
		update->reason = text_one_line(reason != NULL ? reason : "no reason given");
		g_strstrip(update->reason);
	}
}
