/* SPDX-License-Identifier: MIT */
/* What module proxies offer: the versions of modules, which of them are retracted,
 * whether a module is deprecated, or goes on under another path, and when a version was
 * committed.
 *
 * Source: gomod.md b.5, b.6, c.1.
 */
#pragma once

#include "upkeepd/ecosystem.h"

/* The detail of an Offer. */
typedef struct {
	char *deprecated; /* what the author says, one line; NULL: not deprecated */
	char *renamed;    /* what the newest go.mod calls the module; NULL: by its path */
	/* The next major version above the one required (gomajor.h): its path, NULL: none; and
	 * its newest release, NULL: there is none. What it has is among the offer's. */
	char *next_path, *next_version;
	char *next_deprecated; /* as `deprecated`, of that path */
	/* Versions without go.mod beyond v1 count: the newest below them has none either. */
	bool takes_incompatible;
} ModuleOffer;

/* The detail of a Release that something is known of; NULL before. */
typedef struct {
	char *path;            /* of the next major version that has it; NULL: the offer's key */
	char *declares;        /* the other path that its go.mod declares; NULL: none known */
	bool is_absent;        /* listed, and yet not there */
	bool knows_go;         /* whether its go.mod has been read, or asked for in vain */
	char *go;              /* its go line; NULL: none, or not known */
	int64_t first_seen_at; /* Unix seconds; 0: it was there when we first looked */
} ModuleRelease;

/* That of a release, made where there is none. Borrowed. */
ModuleRelease *golookup_detail(Release *release);

/* The path of the module that has a release of `offer`. Borrowed. */
const char *golookup_path(const Offer *offer, const Release *release);

/* Whether the next major version is the module that requires the present one. */
bool golookup_is_next_itself(const Dependency *dependency);

/* Ecosystem.look_up: all keys (module paths) at once, in four rounds, and one more where
 * there is no next major version of what is required directly (gomajor.h). */
bool golookup_offers(World *w, GPtrArray *dependencies, GTree *offers, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Ecosystem.describe: the times of the releases wished for and, where the go line of
 * the question's module has a bound, their go lines. */
bool golookup_describe(World *w, GPtrArray *questions, GError **error) G_GNUC_WARN_UNUSED_RESULT;
