/* SPDX-License-Identifier: MIT */
/* Lists of header lines, "name: value", as HttpRequest has them. */
#pragma once

#include <glib.h>

#include <stdbool.h>

/* The value of the first header called `name` (any case); NULL if absent. */
const char *headers_get(const GPtrArray *headers, const char *name);

/* Whether `line` is a header called `name` (any case). */
bool header_is(const char *line, const char *name);
