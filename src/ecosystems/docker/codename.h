/* SPDX-License-Identifier: MIT */
/* Codenames of releases of Debian and Ubuntu, which tags name an operating system by.
 *
 * Ours are those that were known when this was built; the settings may add others, and
 * change ours (upkeepd.yml `codenames`). Pure. Source: docker.md 4.3.
 */
#pragma once

#include "ecosystems/docker/numbers.h"

#include <glib.h>

/* The distribution ("debian", "ubuntu") whose release goes by the name between `from` and
 * `to`, and `*release`, which is a part of the table or of `more` (of Codename, upkeepd/world.h;
 * NULL: none), which comes first. NULL: no release does. Borrowed. */
const char *codename_find(const GPtrArray *more, const char *from, const char *to,
			  Numbers *release);
