/* SPDX-License-Identifier: MIT */
#include "base/relation.h"

#include <glib.h>

#include <string.h>

/* Of two with the same first character the longer comes first. */
static const struct {
	const char *written;
	Relation relation;
} relations[] = {
	{ ">=", RELATION_AT_LEAST }, { "<=", RELATION_AT_MOST }, { "!=", RELATION_NOT_EQUAL },
	{ "~>", RELATION_NEAR },     { "=", RELATION_EQUAL },    { ">", RELATION_ABOVE },
	{ "<", RELATION_BELOW },
};

Relation relation_take(const char **text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(relations); i++) {
		if (!g_str_has_prefix(*text, relations[i].written))
			continue;
		*text += strlen(relations[i].written);
		while (g_ascii_isspace(**text))
			(*text)++;
		return relations[i].relation;
	}
	return RELATION_NONE;
}

bool relation_holds(Relation relation, int order, bool is_near)
{
	switch (relation) {
	case RELATION_NONE:
	case RELATION_EQUAL:
		return order == 0;
	case RELATION_NOT_EQUAL:
		return order != 0;
	case RELATION_ABOVE:
		return order > 0;
	case RELATION_AT_LEAST:
		return order >= 0;
	case RELATION_BELOW:
		return order < 0;
	case RELATION_AT_MOST:
		return order <= 0;
	case RELATION_NEAR:
		return order >= 0 && is_near;
	}
	g_assert_not_reached();
}
