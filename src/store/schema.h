/* SPDX-License-Identifier: MIT */
/* The tables of the state database, as numbered steps; for store.c alone. */
#pragma once

/* Step n (from 0) takes a database of user_version n to n + 1; ends with NULL.
 * A step that was released is never changed: a new one is added. */
extern const char *const schema_steps[];
