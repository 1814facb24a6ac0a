/* SPDX-License-Identifier: MIT */
/* Whether the arguments of an instruction are a JSON array, the exec form.
 *
 * Only the first JSON value counts, whatever stands behind it; this is how the
 * builder reads it. Source: BuildKit, parser/line_parsers.go (parseJSON).
 */
#pragma once

#include "ecosystems/docker/letters.h"

typedef enum {
	FORM_SHELL,
	FORM_EXEC,   /* an array of strings */
	FORM_BROKEN, /* an array, not of strings alone: the builder refuses the file */
} Form;

Form arguments_form(Letters arguments);
