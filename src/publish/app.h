/* SPDX-License-Identifier: MIT */
/* GitHub Apps: from an App's private key to a token for one repository.
 *
 * A token is made for each job, narrowed to the one repository and to the rights that
 * are needed; it lives for an hour, in memory alone, and is renewed five minutes before
 * that, or when it is refused. The key signs and is sent nowhere.
 * Source: forges.md 3.1; GitHub, "Generating an installation access token".
 */
#pragma once

#include "upkeepd/forge.h"

/* Gives `repository`, which has an App's key and must not move in memory, a credential: to
 * read and write it, or, of an owner (`discover`), to list what the App is installed on.
 * Errors: DENIED if the App is not known, not installed there, or was not granted what
 * is needed; CONFIG if the key is none; NET, BUSY. */
bool app_sign_in(World *w, Repository *repository, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes that token void, as far as the forge can be reached. */
void app_sign_out(World *w, const Repository *repository);
