/* SPDX-License-Identifier: MIT */
/* How a call of any of the programs ends. */
#pragma once

#include "upkeepd/fail.h"

/* Exit statuses (cli.md 1). */
typedef enum {
	END_DONE = 0,
	END_FAILED = 1,      /* something failed, or --check/--exit-code found something */
	END_MISUSED = 2,     /* usage or configuration mistake */
	END_SOME_FAILED = 3, /* some repositories failed, others succeeded */
	END_SIGNALLED = 4,
} End;

/* Prints "upkeepd: TEXT" on standard error, and what a person can do about a failure
 * of its kind; returns how a call that failed so ends. */
End complain(const GError *error);
