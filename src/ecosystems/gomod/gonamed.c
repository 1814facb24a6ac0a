/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gonamed.h"

#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/version.h"
#include "upkeepd/rules.h"

/* The path of the module that has a version which is none of `path`; NULL: there is
 * none. The caller's. */
static char *other_path(const char *path, const char *version)
{
	g_autofree char *other = NULL;
	char *numbers[3];
	guint64 major;

	if (!version_is_canonical(version) || version_is_incompatible(version) ||
	    modpath_check_version(path, version, NULL) || !version_numbers(version, numbers))
		return NULL;
	if (g_ascii_string_to_unsigned(numbers[0], 10, 0, G_MAXINT32, &major, NULL))
		other = modpath_at(path, (guint)major);
	for (int i = 0; i < 3; i++)
		g_free(numbers[i]);
	return g_steal_pointer(&other);
}

void gonamed_settle(Update *update)
{
	const Rules *rules = update->manifest->rules;
	g_autofree char *other = other_path(update->dependency->name, update->to);

	if (other == NULL || rules == NULL || !rules->rewrites_imports)
		return;
	update->otherwise = update_copy(update);
	update->to_name = g_steal_pointer(&other);
}

void gonamed_complete_error(const Update *update, GError *error)
{
	g_autofree char *other = other_path(update->dependency->name, update->to);
	char *text;

	if (other == NULL || update->to_name != NULL)
		return;
	text = g_strdup_printf("%s; imports go to '%s' where dependabot.yml says "
			       "'major-imports: rewrite'",
			       error->message, other);
	g_free(error->message);
	error->message = text;
}
