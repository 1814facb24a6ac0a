/* SPDX-License-Identifier: MIT */
/* All of the outside that a look-up may touch, handed over in one argument. */
#pragma once

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct Http Http;     /* net/http.h */
typedef struct Store Store;   /* store/store.h */
typedef struct Depots Depots; /* depot.h */
typedef struct Settings
	Settings; /* config/settings.h: read by worker/, which hands on what is needed */

/* One stand-in for a public upstream (upkeepd.yml `upstreams`). */
typedef struct {
	char *host;     /* "docker.io", "ghcr.io"; with stands_for: or a host and a path */
	char *registry; /* base URL below which /v2/… is asked; NULL: the host itself */
	struct _GPtrArray *fallbacks; /* of char *, likewise, asked in turn for a list of tags
					 that `registry` does not give; NULL: none */
	char *manifests;              /* likewise, for all but the list of tags; NULL: there too */
	char *stands_for; /* images below `host` are those below this, "docker.io/library", and
			     looked up as these; NULL: they are its own */
	char *tags;       /* base URL of the tag records (Docker Hub only); NULL: those of the
			   public one or, if `registry` stands in for it, none */
	bool is_foreign;  /* a repository's rules name it, not the operator */
} Upstream;

void upstream_free(Upstream *upstream);

/* A credential for one host. Its secret parts are read by net/ and git/ only. */
typedef struct Secret Secret; /* base/secret.h */
typedef struct World World;
typedef struct Credential Credential;
struct Credential {
	char *host;     /* host[:port] it may be sent to */
	char *username; /* NULL: bearer */
	Secret *secret;
	/* Whom it stands for, in caches: a name that outlives a secret that is renewed;
	 * NULL: a hash of the secret. */
	char *account;

	/* Of the login file of Docker or podman: for images alone, and only where nothing
	 * else is known for the host. */
	bool is_login;
	char *path;       /* only for images at or below it ("team/app"); NULL: for all */
	bool is_identity; /* the secret is no password: it is exchanged for tokens */
	char *helper;     /* the program that keeps the secret, which is not run: there is none
			   * here; NULL: it is here */

	/* Of a secret that is good for a while only: until when, Unix seconds, and what puts a
	 * new one in its place, with what it needs for that. NULL: it lasts. */
	int64_t expires_at;
	bool (*renew)(World *w, Credential *credential, GError **error) G_GNUC_WARN_UNUSED_RESULT;
	void *renewal; /* borrowed */
};

void credential_free(Credential *credential);

/* To be called before `credential` (NULL: nobody's) is shown at the time `now`: renews it if
 * it is good for less than five minutes. Errors: of its renew(). */
bool credential_freshen(World *w, Credential *credential, int64_t now, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* A release of a distribution that tags of images name (upkeepd.yml `codenames`). */
typedef struct {
	char *name;            /* "forky" */
	char *debian, *ubuntu; /* its number, "14", for one of them; the other is NULL */
} Codename;

void codename_free(Codename *codename);

struct World {
	Http *http;
	Depots *depots;  /* repositories to read; NULL: version control is out of reach */
	Store *store;    /* look-up cache, first-seen dates; NULL: nothing is kept */
	int64_t now;     /* Unix seconds; the one clock of the run */
	bool is_offline; /* only what the cache holds */
	struct _GPtrArray *upstreams;   /* of Upstream; borrowed */
	struct _GPtrArray *credentials; /* of Credential; borrowed */

	struct _GPtrArray *codenames; /* of Codename; borrowed; NULL: none beside the built-in */

	/* Of char *: module proxies that the rules name, asked before those of goproxy;
	 * borrowed; NULL: none. */
	struct _GPtrArray *proxies;

	/* Names what the rules let be seen of modules that others do not see, or may see
	 * otherwise: by whom proxies and repositories are asked, which proxies come first.
	 * What is learnt is kept apart under it. NULL: they add nothing. */
	const char *circle;

	/* The Go command's environment as it holds for this run; NULL: its default. */
	const char *goproxy, *gosumdb, *goprivate, *gonoproxy, *gonosumdb, *goinsecure, *netrc;
	const char *cache_directory; /* "modules/" lies below; NULL: nothing is kept */
};
