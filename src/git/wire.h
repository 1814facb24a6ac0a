/* SPDX-License-Identifier: MIT */
/* Protocol version 2 over HTTP: what one needs of a repository, and no more.
 *
 * An unchanged repository costs one ls-refs, about 85 bytes of answer. A changed
 * one costs its tip's folders (`filter blob:none`, tier A; without filters all its
 * files come along, tier B), less what an earlier tip of it had, and the files
 * asked for. Source: operations.md 2.1.
 */
#pragma once

#include "git/endpoint.h"
#include "git/transport.h"

/* Borrows `endpoint`; `directory` is the repository's own in the cache. Asks nothing.
 * Errors: IO. */
Transport *wire_open(Endpoint *endpoint, const char *directory, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Whether what a server offers is enough for this. */
bool wire_suffices(unsigned offers);
