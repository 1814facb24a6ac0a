/* SPDX-License-Identifier: MIT */
/* `go get PATH@VERSION… && go mod tidy && go mod vendor`, without Go: what a
 * repository's go.mod, go.sum and vendor/ become.
 *
 * Bytes in, bytes out: the files come from a Source, what is known of other
 * modules from a Supplier (fetch.h makes the one that asks module proxies), and
 * nothing is written. A result that the Go command would refuse is an error, and
 * so is one that would not stay as it is when tidied again.
 * Source: gomod.md e.3, e.4, f; golang/go cmd/go/internal/modcmd/tidy.go.
 */
#pragma once

#include "ecosystems/gomod/facts.h"
#include "ecosystems/gomod/modrequires.h"
#include "ecosystems/gomod/moves.h"
#include "ecosystems/gomod/rename.h"
#include "upkeepd/plan.h"

typedef struct {
	Source *source;
	const char *directory; /* of the go.mod, from the root of the source; "" */
	const Bump *bumps;
	size_t n_bumps; /* 0: only tidy */
	/* What goes to another path before (rename.h); a bump names the new one. For
	 * together_tidy(): tidy() itself does nothing of it. */
	const Rename *renames;
	size_t n_renames;
	const GPtrArray *siblings; /* of Member: modules of its workspace; NULL: none */
	/* What bounds the go line (gobound.h): the rules' max-go, and what builds the
	 * repository (of Builder); NULL: nothing. */
	const char *max_go;
	const GPtrArray *builders;
	/* For together_tidy(): who is asked about modules; NULL: whom it was made with. */
	Supplier *supplier;
	bool *is_held; /* becomes true where the bound is why it fails; NULL: nobody asks */
} TidyOrder;

typedef struct {
	char *directory;       /* of the go.mod, from the root of the source */
	GPtrArray *changes;    /* of FileChange, paths from the root of the source */
	GPtrArray *moves;      /* of Move, sorted by path */
	char *go_from, *go_to; /* the go line; NULL: there is none */
	GPtrArray *notes;      /* of char *: what a person should know, one phrase each */
} TidyResult;

/* Errors: ABSENT if there is no go.mod, or a bump names a module that it does not
 * require; INPUT for what the Go command refuses, and for a single bump that its
 * own requirements lead beyond (they are named); NET and others where a module
 * cannot be had. The caller's. */
TidyResult *tidy(const TidyOrder *order, Supplier *supplier, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void tidy_result_free(TidyResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TidyResult, tidy_result_free)
