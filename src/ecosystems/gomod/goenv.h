/* SPDX-License-Identifier: MIT */
/* Where modules come from: GOPROXY, GOPRIVATE and their kin, as they hold for a run.
 *
 * Source: gomod.md c.2, c.3, d.1; golang/go cmd/go/internal/modfetch/proxy.go.
 */
#pragma once

#include "base/secret.h"
#include "upkeepd/fail.h"
#include "upkeepd/world.h"

typedef enum {
	GOSOURCE_PROXY,  /* over http or https */
	GOSOURCE_FOLDER, /* file:// */
	GOSOURCE_DIRECT, /* from version control; stops the list */
	GOSOURCE_OFF,    /* nowhere; stops the list */
} GoSourceKind;

/* One entry of GOPROXY. */
typedef struct {
	GoSourceKind kind;
	char *base;     /* PROXY: URL, FOLDER: path; neither with a slash at the end */
	char *username; /* as written in the URL, where it never reappears; NULL */
	Secret *secret;
	bool is_foreign;        /* a repository's rules name it, not the operator */
	bool goes_on_after_any; /* `|` stands behind it: any failure leads to the next entry */
} GoSource;

typedef struct {
	GPtrArray *sources; /* of GoSource, at least one */
	char *no_proxy;     /* globs: not to be asked for at a proxy */
	char *no_sumdb;     /* globs: unknown to the checksum database */
	char *sumdb;        /* GOSUMDB */
	GPtrArray *netrc;   /* of Credential */
	const World *world; /* borrowed */
} GoEnv;

/* What the world says, with Go's defaults where it says nothing. Proxies of the rules
 * come first, as if each had a comma behind it.
 * Errors: CONFIG if GOPROXY or the netrc file cannot be used. */
GoEnv *goenv_new(const World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void goenv_free(GoEnv *env);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoEnv, goenv_free)

/* The key under which what is learnt of `subject` is kept in the store: what is seen by
 * some repositories alone, or through proxies that their rules name, is no news for the
 * others. The caller's. */
char *goenv_key(const World *world, const char *subject);

/* Who we are at a URL: the source's own user, else upkeepd's credential for the
 * host, else (https only) netrc. `source` may be NULL. Borrowed; NULL: nobody. */
void goenv_credential(const GoEnv *env, const GoSource *source, const char *url,
		      const char **username, const Secret **secret);
