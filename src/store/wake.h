/* SPDX-License-Identifier: MIT */
/* What a webhook may do to the state: have a repository looked at sooner. Errors: IO, as
 * store.h. Source: forges.md 9.2. */
#pragma once

#include "store/store.h"

enum {
	WAKE_CALM_S = 30, /* between looks that hooks ask for */
	WAKE_REMEMBERED_S = 7 * 24 * 60 * 60,
};

/* Has watched repositories looked at as a whole now that a forge calls `path` ("acme/shop"):
 * those whose name ends so, whatever the case, with or without ".git". One that was looked at
 * in the last half minute waits for its end. `*n_woken` is how many there are. */
bool wake_repository(Store *store, const char *path, int64_t now, int64_t *n_woken, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Notes that a webhook was delivered; `*is_new` false if it was before, in the last
 * seven days. */
bool wake_deliver(Store *store, const char *delivery, int64_t now, bool *is_new, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
