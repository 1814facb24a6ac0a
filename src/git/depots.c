/* SPDX-License-Identifier: MIT */
#include "git/depots.h"

#include "base/crypto.h"
#include "git/cachedir.h"
#include "git/tip.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* As many processes as may read one repository at a time, each with its own copy. */
#define MAX_COPIES 16

typedef struct {
	Depots depots; /* first: the two are cast into each other */
	RemoteOptions options;
} Cellar;

typedef struct {
	Depot depot; /* first: the two are cast into each other */
	Repository repository;
	Credential credential; /* the repository's; its secret is borrowed */
	RemoteOptions options;
	char *directory;
	Remote *remote;
	int lock;
	bool has_history;
} Vault;

static void vault_free(Depot *depot)
{
	Vault *vault = (Vault *)depot;

	remote_free(vault->remote);
	if (vault->lock >= 0)
		close(vault->lock); /* which unlocks */
	g_free(vault->repository.url);
	g_free(vault->credential.host);
	g_free(vault->credential.username);
	g_free(vault->directory);
	g_free(vault);
}

static Source *vault_files(Depot *depot, const char *commit, GError **error)
{
	return tip_open(((Vault *)depot)->remote, commit, error);
}

static bool vault_time(Depot *depot, const char *commit, int64_t *at, GError **error)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new(), commits = NULL;

	g_ptr_array_add(ids, (char *)commit);
	commits = remote_commits(((Vault *)depot)->remote, ids, error);
	if (commits == NULL)
		return false;
	*at = ((Commit *)g_ptr_array_index(commits, 0))->committed_at;
	return true;
}

static bool bring_history(Vault *vault, GError **error)
{
	if (!vault->has_history && !remote_fetch_history(vault->remote, error))
		return false;
	vault->has_history = true;
	return true;
}

static char *vault_find(Depot *depot, const char *beginning, GError **error)
{
	Vault *vault = (Vault *)depot;

	return bring_history(vault, error) ? remote_find_commit(vault->remote, beginning, error)
					   : NULL;
}

static bool vault_descends(Depot *depot, const char *commit, const char *ancestor, bool *descends,
			   GError **error)
{
	Vault *vault = (Vault *)depot;

	return bring_history(vault, error) &&
	       remote_descends(vault->remote, commit, ancestor, descends, error);
}

/* A folder that no other process has now. Locks are shared by a few URLs, so that
 * strangers' URLs leave no more than 256 of them behind. */
static bool choose_directory(Vault *vault, const char *cache, const char *url, GError **error)
{
	g_autofree char *hash = sha256_hex(url, strlen(url));

	for (unsigned copy = 1; copy <= MAX_COPIES; copy++) {
		g_autofree char *number = g_strdup_printf("%u", copy);
		g_autofree char *directory = g_build_filename(cache, "depots", number, NULL);
		g_autofree char *name = g_strdup_printf("lock-%.2s", hash);
		g_autofree char *path = g_build_filename(directory, name, NULL);

		if (g_mkdir_with_parents(directory, 0700) != 0 ||
		    (vault->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0)
			return fail(error, FAILURE_IO, "cannot make '%s': %s", path,
				    g_strerror(errno));
		if (flock(vault->lock, LOCK_EX | LOCK_NB) == 0) {
			vault->directory = g_steal_pointer(&directory);
			return true;
		}
		close(vault->lock);
		vault->lock = -1;
	}
	return fail(error, FAILURE_IO, "'%s' is being read by too many already", url);
}

static bool learn(Vault *vault, GError **error)
{
	vault->remote = remote_open(&vault->repository, &vault->options, error);
	if (vault->remote == NULL)
		return false;
	remote_survey(vault->remote);
	remote_want_tags(vault->remote);
	return remote_learn(vault->remote, error);
}

static void take_credential(Vault *vault, const Credential *credential)
{
	vault->credential.host = g_strdup(credential->host);
	vault->credential.username = g_strdup(credential->username);
	vault->credential.secret = credential->secret;
	vault->repository.credential = &vault->credential;
}

static Depot *depots_open(Depots *depots, const DepotAddress *address, GError **error)
{
	const Cellar *cellar = (Cellar *)depots;
	Vault *vault;

	if (cellar->options.cache_directory == NULL)
		return fail_null(error, FAILURE_CONFIG, "'%s' cannot be read without a cache",
				 address->url);
	vault = g_new0(Vault, 1);
	vault->lock = -1;
	vault->options = cellar->options;
	vault->options.is_foreign = address->is_foreign;
	vault->repository.url = g_strdup(address->url);
	if (address->credential != NULL)
		take_credential(vault, address->credential);
	vault->depot = (Depot){ .files = vault_files,
				.time = vault_time,
				.find = vault_find,
				.descends = vault_descends,
				.free = vault_free };
	if (!choose_directory(vault, vault->options.cache_directory, address->url, error)) {
		vault_free(&vault->depot);
		return NULL;
	}
	vault->options.cache_directory = vault->directory;
	if (!learn(vault, error)) {
		vault_free(&vault->depot);
		return NULL;
	}
	vault->depot.tags = remote_tags(vault->remote);
	vault->depot.branches = remote_tips(vault->remote);
	vault->depot.head = remote_head(vault->remote);
	return &vault->depot;
}

Depots *depots_new(const RemoteOptions *options)
{
	Cellar *cellar = g_new0(Cellar, 1);

	cellar->options = *options;
	cellar->depots.open = depots_open;
	return &cellar->depots;
}

void depots_free(Depots *depots)
{
	g_free(depots);
}

void depots_sweep(const char *cache_directory, int64_t now)
{
	for (unsigned copy = 1; copy <= MAX_COPIES; copy++) {
		g_autofree char *number = g_strdup_printf("%u", copy);
		g_autofree char *directory =
			g_build_filename(cache_directory, "depots", number, NULL);

		cachedir_sweep(directory, now);
	}
}
