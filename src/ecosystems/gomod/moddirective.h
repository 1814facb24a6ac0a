/* SPDX-License-Identifier: MIT */
/* Reads one statement of go.mod or go.work into the facts of its file: the table
 * of directives, for modfile.c alone.
 *
 * Source: gomod.md a.4; golang/mod modfile/rule.go.
 */
#pragma once

#include "ecosystems/gomod/modfile.h"

/* Adds what a line or block states to `file`, and what is wrong to its problems.
 * Needless quotes vanish from the statement. */
void moddirective_read(ModFile *file, ModNode *statement);

void modreplace_free(ModReplace *replace);
