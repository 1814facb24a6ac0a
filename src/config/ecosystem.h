/* SPDX-License-Identifier: MIT */
/* The names after `package-ecosystem:`.
 * Source: dependabot-yml.md 3.0. */
#pragma once

#include <stdbool.h>

/* Whether Dependabot knows an ecosystem of this name, and whether we handle it. */
bool ecosystem_is_known(const char *name);
bool ecosystem_is_handled(const char *name);

/* The name that a person may have meant by an unknown one: of the ecosystem of
 * this tool ("yarn" is npm), or one spelt nearly so; NULL if there is none. */
const char *ecosystem_meant_by(const char *name);
