/* SPDX-License-Identifier: MIT */
#include "upkeepd/deed.h"

static void shift_free(void *data)
{
	Shift *shift = data;

	g_free(shift->path);
	g_free(shift->name);
	g_free(shift->from);
	g_free(shift->to);
	g_free(shift);
}

Shift *shift_new(const char *path, const char *name, const char *from, const char *to)
{
	Shift *shift = g_new0(Shift, 1);

	shift->path = g_strdup(path);
	shift->name = g_strdup(name);
	shift->from = g_strdup(from);
	shift->to = g_strdup(to);
	return shift;
}

void deed_begin(Deed *deed)
{
	deed->changes = file_changes_new();
	deed->shifts = g_ptr_array_new_with_free_func(shift_free);
	deed->notes = problems_new();
}

void deed_clear(Deed *deed)
{
	g_clear_pointer(&deed->changes, g_ptr_array_unref);
	g_clear_pointer(&deed->shifts, g_ptr_array_unref);
	g_clear_pointer(&deed->notes, g_ptr_array_unref);
}
