/* SPDX-License-Identifier: MIT */
/* The zip of a module version, as a module proxy serves it.
 *
 * Hostile until checked: every name lies below "PATH@VERSION/" and is one that
 * any system accepts, none differs from another by case alone, nothing is a
 * link, sizes are what they say and below the ceilings. Only the central
 * directory counts. Files are read one after the other; nothing is unpacked.
 * Source: gomod.md c.4; golang/mod zip/zip.go.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct Modzip Modzip;

/* Opens the zip in the file `handle`, which is taken, of the module version
 * `version` of `path`.
 *
 * Errors: NET if it is no such zip (a server's mistake); LIMIT beyond a ceiling;
 * IO if the file cannot be read. All name the module. */
Modzip *modzip_open(int handle, const char *path, const char *version, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void modzip_free(Modzip *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Modzip, modzip_free)

/* One file: its name below the module's root, the SHA-256 of its content, and,
 * of a Go file only, the content itself (at most LIMIT_SOURCE_FILE bytes of it). */
typedef void (*ModzipVisit)(void *data, const char *name, const uint8_t digest[static 32],
			    const char *text, size_t length);

/* Shows every file to `visit`, sorted by the bytes of their names; `*sum` is the
 * h1 of the zip, the caller's.
 * Errors: as above. */
bool modzip_scan(Modzip *zip, ModzipVisit visit, void *data, char **sum, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The content of one file, by its name below the module's root.
 * Errors: as above; ABSENT if there is no such file. */
GBytes *modzip_read(Modzip *zip, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
