/* SPDX-License-Identifier: MIT */
/* How things stand, in Prometheus' text format 0.0.4. Pure.
 * Source: prometheus.io, "Exposition formats"; operations.md 13. */
#pragma once

#include "store/overview.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* The caller's. */
char *metrics_text(const Overview *overview);
