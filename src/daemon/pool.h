/* SPDX-License-Identifier: MIT */
/* Worker processes: started, heard, and noticed when they end.
 *
 * What a worker writes to its standard output comes in blocks that end with one
 * terminator byte, so that those of several workers do not mix; a block that
 * grows beyond POOL_BLOCK is passed on in parts. Standard error is shared.
 * Everything happens in the main loop.
 */
#pragma once

#include "upkeepd/fail.h"

#include <sys/types.h>

enum { POOL_BLOCK = 64 * 1024 * 1024 };

typedef struct {
	/* A block of a worker's output, its terminator left out. */
	void (*said)(void *data, const char *block, size_t length);
	/* A worker has ended and everything it wrote was said; as waitpid() has it. */
	void (*ended)(void *data, pid_t pid, int status);
} PoolEvents;

typedef struct Pool Pool;

/* `terminator` ends a block of output; `data` is borrowed. */
Pool *pool_new(char terminator, const PoolEvents *events, void *data);

/* Kills whoever is left, without a word. */
void pool_free(Pool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pool, pool_free)

/* Starts one more, as `argv` says. Errors: IO. */
bool pool_start(Pool *pool, char *const *argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many there are. */
guint pool_size(const Pool *pool);

/* Sends a signal to one of them, or (pid 0) to all; false if there is no such. */
bool pool_signal(Pool *pool, pid_t pid, int signal_number);
