/* SPDX-License-Identifier: MIT */
/* The Supplier that asks module proxies, and keeps what it learns.
 *
 * What is kept of a version (modcache.h) is never asked for again. go.mod files
 * and zips that are not in the main module's go.sum are held against the checksum
 * database before anything is believed of them, unless that is switched off.
 * Source: gomod.md c, d, g.
 */
#pragma once

#include "ecosystems/gomod/supplier.h"
#include "upkeepd/world.h"

/* For all of one run; the world is borrowed.
 * Errors: CONFIG if GOPROXY or another setting cannot be used. */
Supplier *fetch_new(const World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void fetch_free(Supplier *supplier);
