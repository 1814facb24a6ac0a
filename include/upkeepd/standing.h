/* SPDX-License-Identifier: MIT */
/* What a token is good for at a forge; for `auth check`. */
#pragma once

#include <glib.h>

#include <stdbool.h>

/* One thing that a token must be good for. */
typedef struct {
	const char *what; /* "open and close pull requests" */
	bool is_granted;
	char *why; /* what the forge says, if not; NULL */
} Right;

/* What a token is good for, as far as can be found out without doing anything. */
typedef struct {
	char *account;      /* whose it is; NULL: the forge does not say */
	GPtrArray *rights;  /* of Right, in the order they are needed */
	GPtrArray *remarks; /* of char *: what is odd, or more than needed */
	char *advice;       /* how to make a right one */
} Standing;

Standing *standing_new(void);
void standing_free(Standing *standing);

/* Adds a right; `why` (copied) NULL: it is granted. */
void standing_add(Standing *standing, const char *what, const char *why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Standing, standing_free)
