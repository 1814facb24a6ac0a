/* SPDX-License-Identifier: MIT */
/* upkeepd.yml: which repositories are watched, and how.
 *
 * Unknown keys are warnings with the nearest known name, wrong types and values
 * errors, and all of them are reported at once. A repository that cannot be used
 * is told apart and never stops the others. Secrets are never in here, only
 * where they lie. Source: cli.md 3.
 */
#pragma once

#include "config/secrets.h"

/* One element of `repositories`. */
typedef struct {
	char *url;        /* of the remote, or of an owner if `discover`; NULL if `path` */
	char *path;       /* of a local repository, absolute; NULL if `url` */
	char *forge;      /* as written; NULL: to be guessed from the host */
	char *forge_root; /* where on its host the forge lies, "/lab"; NULL: at the top */
	char *username;   /* that goes with the token; NULL: as the forge has it */
	SecretSource token;
	char *rules; /* rules where the repository has none; NULL: the default's */
	bool discover;
	bool dashboard;               /* one issue of the forge says how things stand */
	GPtrArray *include, *exclude; /* of char *, globs of names below an owner; NULL */
	bool is_usable;               /* false: in error; reported, not watched */
	Place place;
} RepositorySettings;

/* One element of `credentials`: what may be sent to one host that is no forge of a
 * repository (registries, module hosts). */
typedef struct {
	char *host; /* host or host:port */
	char *username;
	char *secret_name; /* `secret`: the name by which ${{secrets.NAME}} means it; NULL */
	SecretSource token;
	bool is_usable;
	Place place;
} CredentialSettings;

typedef enum { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG } LogLevel;

struct Settings {
	char *path;              /* of the file; NULL: built-in defaults */
	bool is_usable;          /* false: something besides single repositories is in error */
	GPtrArray *problems;     /* of Problem, in the order of the file */
	GPtrArray *repositories; /* of RepositorySettings */
	GPtrArray *credentials;  /* of CredentialSettings */

	/* defaults */
	char *rules; /* NULL: none */
	char *author_name, *author_email;
	char *branch_prefix;
	char *mention; /* a name in comments besides @upkeepd, without the @; NULL: none */
	SecretSource signing_key;

	/* upstreams */
	GPtrArray *upstreams; /* of Upstream */
	char *goproxy,
		*gosumdb; /* as the variables of the Go command; NULL: these, or the default */

	GPtrArray *codenames; /* of Codename; empty */

	/* http */
	int connections_per_host;
	int timeout_ms;
	int64_t cache_bytes;
	GPtrArray *insecure_hosts; /* of char *, to which plain http is fine; empty */

	int workers;
	char *listen; /* "address:port"; NULL: no page */
	SecretSource webhook_secret;
	LogLevel log_level;
};

/* The built-in settings, which watch nothing. */
Settings *settings_new(void);
void settings_free(Settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

/* Reads a file. Never fails as a whole, see `is_usable` and the problems. */
Settings *settings_parse(const char *path, GBytes *text);

/* Reads the file that holds for this call: `option` (--config), or as
 * paths_settings() finds it; the built-in settings if there is none.
 * Errors: CONFIG if the file is there or was named and cannot be read. */
Settings *settings_load(const char *option, GError **error) G_GNUC_WARN_UNUSED_RESULT;
