/* SPDX-License-Identifier: MIT */
/* Where the source of a module lies whose path does not tell it.
 *
 * The proxy that served a version most often says where it has it from. Where it does
 * not, and modules may be had directly, the module's own host is asked (gorepos.h), once
 * in a while for all repositories.
 * Source: pull-requests.md 6.1; golang/go cmd/go/internal/modfetch/codehost, Origin.
 */
#pragma once

#include "upkeepd/ecosystem.h"

/* Ecosystem.find_homes. */
void findhome_all(World *w, const GPtrArray *updates);
