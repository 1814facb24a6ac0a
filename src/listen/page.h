/* SPDX-License-Identifier: MIT */
/* How things stand, as one page for people: what is watched, what is open, held, limited
 * and failed. Without scripts; all words of strangers are escaped. Pure. */
#pragma once

#include "store/overview.h"

#define PAGE_TYPE "text/html; charset=utf-8"

/* The caller's. */
char *page_text(const Overview *overview);
