/* SPDX-License-Identifier: MIT */
/* What a person means who names a module and a version of it.
 *
 * "m@v2.0.0" may be a tag without go.mod, as which the Go command takes it; else
 * it is a version of the module "m/v2", which the Go command refuses, and which we go to
 * where the rules let imports be changed.
 * Source: gomod.md b.4, c.1; golang/go cmd/go/internal/modload/query.go.
 */
#pragma once

#include "upkeepd/plan.h"

/* Has an update whose `to` is what was given go to the other module, where it is that one's
 * and the rules let imports be changed; otherwise it stays as it is. */
void gonamed_settle(Update *update);

/* Adds to an error of such an update, where it did not go there, how it would. */
void gonamed_complete_error(const Update *update, GError *error);
