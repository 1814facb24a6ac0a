/* SPDX-License-Identifier: MIT */
/* h1: the checksum of go.sum and of the checksum database.
 *
 * SHA-256 over a list of files, one line each ("HEX  NAME", HEX the SHA-256 of the
 * content), sorted by name. A go.mod is a list of one.
 * Source: gomod.md d.4; golang/mod sumdb/dirhash.
 */
#pragma once

#include "base/crypto.h"

/* The h1 of a go.mod without content, which old Go versions wrote by mistake. */
#define DIRHASH_EMPTY_GOMOD "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY="

/* Adds one file to a list; files come in the order of the bytes of their names,
 * which hold no line feed. */
void dirhash_add(Sha256 *list, const char *name, const uint8_t digest[static 32]);

/* "h1:…"; frees `list`. The caller's. */
char *dirhash_finish(Sha256 *list);

/* The h1 of a go.mod. The caller's. */
char *dirhash_of_gomod(GBytes *text);
