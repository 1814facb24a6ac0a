/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/findhome.h"

#include "ecosystems/gomod/goproxy.h"
#include "ecosystems/gomod/gorepos.h"
#include "ecosystems/gomod/modhome.h"
#include "ecosystems/gomod/modpath.h"
#include "store/cache.h"

#include <string.h>

/* How long an answer is believed, and that there was none; in seconds. */
enum { KNOWN_FOR = 30 * 24 * 60 * 60, UNKNOWN_FOR = 24 * 60 * 60 };

/* Modules whose hosts are asked in one run. */
enum { LIMIT_ASKED = 50 };

/* The share of the answer cache is the settings' business; this only bounds one. */
#define MOST_BYTES (INT64_C(1) << 30)

static const char *path_of(const Update *update)
{
	return update_target(update);
}

static void settle(Update *update, char *page, const char *directory)
{
	home_free(update->home);
	update->home = home_new(page, directory);
	if (update->home != NULL)
		modhome_place(update->home, update->from, update->to);
}

/* What tags begin with: "sub/" of "refs/tags/sub/v1.2.3"; the caller's. */
static char *directory_of(const GoAsk *ask)
{
	static const char tags[] = "refs/tags/";
	const char *ref = ask->origin_ref, *subdirectory = ask->origin_subdirectory;

	if (ref != NULL && g_str_has_prefix(ref, tags) && g_str_has_suffix(ref, ask->version)) {
		ref += strlen(tags);
		return g_strndup(ref, strlen(ref) - strlen(ask->version));
	}
	return subdirectory == NULL || *subdirectory == '\0' ? g_strdup("")
							     : g_strconcat(subdirectory, "/", NULL);
}

/* Round 1: what the proxy says of the new version. */
static void ask_proxies(GoProxy *proxy, const GPtrArray *updates)
{
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);
	g_autoptr(GPtrArray) asking = g_ptr_array_new();

	for (guint i = 0; i < updates->len; i++) {
		Update *update = g_ptr_array_index(updates, i);

		if (update->to == NULL)
			continue;
		g_ptr_array_add(asking, update);
		g_ptr_array_add(asks, goask_new(GOASK_INFO, path_of(update), update->to));
	}
	goproxy_ask_all(proxy, asks);
	for (guint i = 0; i < asks->len; i++) {
		const GoAsk *ask = g_ptr_array_index(asks, i);
		g_autofree char *directory = NULL;

		if (ask->origin_url == NULL)
			continue;
		directory = directory_of(ask);
		settle(g_ptr_array_index(asking, i), home_page(ask->origin_url), directory);
	}
}

static char *key_of(const World *w, const char *path)
{
	g_autofree char *subject = g_strconcat("gomod home ", path, NULL);

	return goenv_key(w, subject);
}

/* What was found out before: the page and the directory, a line each; nothing where
 * there was none. */
static bool recall(const World *w, Update *update)
{
	g_autofree char *key = key_of(w, path_of(update)), *text = NULL;
	g_autoptr(CachedAnswer) answer = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lines = NULL;
	gsize length;
	int64_t age;

	if (!cache_find(w->store, key, &answer, &error) || answer == NULL || answer->body == NULL)
		return false;
	text = g_strndup(g_bytes_get_data(answer->body, &length), g_bytes_get_size(answer->body));
	lines = g_strsplit(text, "\n", -1);
	age = w->now - answer->stored_at;
	if (g_strv_length(lines) < 2)
		return age < UNKNOWN_FOR;
	settle(update, home_page(lines[0]), lines[1]);
	return age < KNOWN_FOR;
}

static void remember(const World *w, const Update *update)
{
	g_autofree char *key = key_of(w, path_of(update)), *text = NULL;
	g_autoptr(CachedAnswer) answer = cached_answer_new();
	g_autoptr(GError) error = NULL;
	const Home *home = update->home;

	text = home == NULL ? g_strdup("") : g_strconcat(home->page, "\n", home->directory, NULL);
	answer->body = g_bytes_new(text, strlen(text));
	answer->stored_at = w->now;
	if (!cache_keep(w->store, key, answer, MOST_BYTES, w->now, &error))
		g_debug("where a module lies cannot be kept: %s", error->message);
}

/* The folder of a module whose repository's root stands for `import`; the caller's. */
static char *folder_of(const GoImport *import, const char *path)
{
	size_t prefix, root = strlen(import->root);
	g_autoptr(GString) folder = g_string_new(import->folder);

	if (modpath_split(path, &prefix) && prefix > root + 1) {
		if (folder->len > 0)
			g_string_append_c(folder, '/');
		g_string_append_len(folder, path + root + 1, (gssize)(prefix - root - 1));
	}
	if (folder->len > 0)
		g_string_append_c(folder, '/');
	return g_strdup(folder->str);
}

/* Whether there is an answer, be it that there is no source. */
static bool find(GoRepos *repos, Update *update)
{
	g_autoptr(GError) error = NULL;
	const GoImport *import = gorepos_find(repos, path_of(update), &error);
	g_autofree char *folder = NULL;

	if (import == NULL) {
		g_debug("%s: %s", path_of(update), error->message);
		return failure_kind(error) == FAILURE_ABSENT ||
		       failure_kind(error) == FAILURE_INPUT;
	}
	/* That of a proxy tells no source. */
	if (strcmp(import->vcs, "mod") == 0)
		return true;
	folder = folder_of(import, path_of(update));
	settle(update, home_page(import->url), folder);
	return true;
}

/* Round 2: the modules' own hosts. */
static void ask_hosts(const World *w, const GoEnv *env, const GPtrArray *updates)
{
	g_autoptr(GPtrArray) asking = g_ptr_array_new(), paths = g_ptr_array_new();
	g_autoptr(GoRepos) repos = gorepos_new(env);

	for (guint i = 0; i < updates->len && asking->len < LIMIT_ASKED; i++) {
		Update *update = g_ptr_array_index(updates, i);

		if (update->home != NULL || !modpath_check(path_of(update), NULL) ||
		    recall(w, update))
			continue;
		g_ptr_array_add(asking, update);
		g_ptr_array_add(paths, (void *)path_of(update));
	}
	gorepos_prepare(repos, paths);
	for (guint i = 0; i < asking->len; i++) {
		if (find(repos, g_ptr_array_index(asking, i)))
			remember(w, g_ptr_array_index(asking, i));
	}
}

/* Whether modules may be had from anywhere but proxies. */
static bool may_ask_hosts(const GoEnv *env)
{
	for (guint i = 0; i < env->sources->len; i++)
		if (((const GoSource *)g_ptr_array_index(env->sources, i))->kind == GOSOURCE_DIRECT)
			return true;
	return false;
}

void findhome_all(World *w, const GPtrArray *updates)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GoEnv) env = goenv_new(w, &error);
	g_autoptr(GoProxy) proxy = env != NULL ? goproxy_new(env) : NULL;

	if (proxy == NULL) {
		g_debug("no homes of modules: %s", error->message);
		return;
	}
	ask_proxies(proxy, updates);
	if (may_ask_hosts(env))
		ask_hosts(w, env, updates);
}
