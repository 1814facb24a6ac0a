/* SPDX-License-Identifier: MIT */
/* The operators of ranges, as `ignore: versions:` has them for every ecosystem.
 *
 * How versions are compared is each ecosystem's own; what an operator makes of the
 * order of two is one thing. Source: dependabot-yml.md 6; RubyGems, Gem::Requirement.
 */
#pragma once

#include <stdbool.h>

typedef enum {
	RELATION_NONE,      /* none is written */
	RELATION_EQUAL,     /* = */
	RELATION_NOT_EQUAL, /* != */
	RELATION_ABOVE,     /* > */
	RELATION_AT_LEAST,  /* >= */
	RELATION_BELOW,     /* < */
	RELATION_AT_MOST,   /* <= */
	RELATION_NEAR,      /* ~>, from the bound on, where the last of its numbers may rise */
} Relation;

/* Takes the operator and the blanks behind it off the front of `*text`, which is moved on. */
Relation relation_take(const char **text);

/* Whether `version` has the relation to `bound`, where `order` is how it compares: less
 * than, equal to or greater than zero. `is_near`: they agree in all numbers that may not
 * rise; only RELATION_NEAR asks. RELATION_NONE is RELATION_EQUAL. */
bool relation_holds(Relation relation, int order, bool is_near);
