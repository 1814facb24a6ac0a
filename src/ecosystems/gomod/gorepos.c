/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gorepos.h"

#include "base/text.h"
#include "ecosystems/gomod/modpath.h"
#include "net/http.h"
#include "net/url.h"
#include "upkeepd/limits.h"

#include <string.h>

/* What a host says at a path. */
typedef struct {
	GPtrArray *imports; /* of GoImport; NULL: see error */
	GError *error;
} Page;

/* What is known of a module path. */
typedef struct {
	GoImport *own;          /* told by the path */
	const GoImport *import; /* own, or of a page; NULL: see error */
	GError *error;
} Found;

/* An opened repository. */
typedef struct {
	Depot *depot; /* NULL: see error */
	GError *error;
} Opened;

struct GoRepos {
	const GoEnv *env;
	GTree *pages;  /* module path → Page */
	GTree *found;  /* module path → Found */
	GTree *opened; /* URL, with a mark if the credential goes along → Opened */
};

static void page_free(void *data)
{
	Page *page = data;

	g_clear_pointer(&page->imports, g_ptr_array_unref);
	g_clear_error(&page->error);
	g_free(page);
}

static void found_free(void *data)
{
	Found *found = data;

	goimport_free(found->own);
	g_clear_error(&found->error);
	g_free(found);
}

static void opened_free(void *data)
{
	Opened *opened = data;

	depot_free(opened->depot);
	g_clear_error(&opened->error);
	g_free(opened);
}

GoRepos *gorepos_new(const GoEnv *env)
{
	GoRepos *repos = g_new0(GoRepos, 1);

	repos->env = env;
	repos->pages = g_tree_new_full(text_compare, NULL, g_free, page_free);
	repos->found = g_tree_new_full(text_compare, NULL, g_free, found_free);
	repos->opened = g_tree_new_full(text_compare, NULL, g_free, opened_free);
	return repos;
}

void gorepos_free(GoRepos *repos)
{
	if (repos == NULL)
		return;
	g_tree_unref(repos->opened);
	g_tree_unref(repos->found);
	g_tree_unref(repos->pages);
	g_free(repos);
}

static bool is_insecure(const GoRepos *repos, const char *path)
{
	return modpath_matches(repos->env->world->goinsecure, path);
}

/* Pages. */

static HttpRequest *request_page(const GoRepos *repos, const char *path, const char *scheme)
{
	g_autofree char *url = g_strdup_printf("%s://%s?go-get=1", scheme, path);
	HttpRequest *request = http_request_new(HTTP_GET, url);
	const char *username;

	request->max_bytes = LIMIT_MODULE_INFO;
	request->is_foreign = true;
	goenv_credential(repos->env, NULL, url, &username, &request->secret);
	request->username = g_strdup(username);
	return request;
}

/* Some servers answer with 404 and a page that says it all the same. */
static Page *read_page(const HttpRequest *request, const char *path)
{
	Page *page = g_new0(Page, 1);
	int status = request->status;

	if (request->error != NULL) {
		page->error = g_error_copy(request->error);
		return page;
	}
	page->imports = goimport_of_page((const char *)request->answer->data, request->answer->len);
	if (page->imports->len > 0 || status == 200)
		return page;
	g_clear_pointer(&page->imports, g_ptr_array_unref);
	fail(&page->error,
	     status == 401 || status == 403   ? FAILURE_DENIED
	     : status == 404 || status == 410 ? FAILURE_ABSENT
					      : FAILURE_NET,
	     "'https://%s?go-get=1' answers with status %d", path, status);
	return page;
}

/* Brings the pages of those `paths` that are not here. */
static void bring_pages(GoRepos *repos, const GPtrArray *paths, const char *scheme)
{
	g_autoptr(GPtrArray) requests =
		g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);
	g_autoptr(GPtrArray) asked = g_ptr_array_new(); /* of char *, borrowed */

	for (guint i = 0; i < paths->len; i++) {
		g_ptr_array_add(asked, paths->pdata[i]);
		g_ptr_array_add(requests, request_page(repos, paths->pdata[i], scheme));
	}
	if (requests->len > 0)
		http_get_all(repos->env->world->http, requests, HTTP_VALIDATE);
	for (guint i = 0; i < asked->len; i++)
		g_tree_replace(repos->pages, g_strdup(asked->pdata[i]),
			       read_page(requests->pdata[i], asked->pdata[i]));
}

/* Over https, and where that fails and may, over http. */
static void need_pages(GoRepos *repos, const GPtrArray *paths)
{
	g_autoptr(GPtrArray) missing = g_ptr_array_new(), again = g_ptr_array_new();

	for (guint i = 0; i < paths->len; i++)
		if (g_tree_lookup(repos->pages, paths->pdata[i]) == NULL)
			g_ptr_array_add(missing, paths->pdata[i]);
	bring_pages(repos, missing, "https");
	for (guint i = 0; i < missing->len; i++) {
		const Page *page = g_tree_lookup(repos->pages, missing->pdata[i]);

		if (page->imports == NULL && is_insecure(repos, missing->pdata[i]))
			g_ptr_array_add(again, missing->pdata[i]);
	}
	bring_pages(repos, again, "http");
}

/* Finding. */

/* What the page of `at`, which was asked for, says of `path`. */
static const GoImport *choose(const GoRepos *repos, const char *at, const char *path,
			      GError **error)
{
	const Page *page = g_tree_lookup(repos->pages, at);

	if (page->imports != NULL)
		return goimport_choose(page->imports, path, error);
	g_propagate_error(error, g_error_copy(page->error));
	return NULL;
}

static bool is_usable(const GoRepos *repos, const GoImport *import, const char *path,
		      GError **error)
{
	const char *url = import->url;

	if (g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "ssh://") ||
	    (g_str_has_prefix(url, "http://") && is_insecure(repos, path)))
		return *import->folder == '\0' || modpath_check_file(import->folder, error);
	return fail(error, FAILURE_DENIED, "'%s' is said to lie at '%s', which is not safe to ask",
		    path, url);
}

/* A page may claim a root above its own place only if the root's says the same. */
static const GoImport *find_by_pages(GoRepos *repos, const char *path, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new();
	const GoImport *import, *above;

	g_ptr_array_add(paths, (char *)path);
	need_pages(repos, paths);
	import = choose(repos, path, path, error);
	if (import == NULL || !is_usable(repos, import, path, error))
		return NULL;
	if (strcmp(import->root, path) == 0)
		return import;
	paths->pdata[0] = import->root;
	need_pages(repos, paths);
	above = choose(repos, import->root, import->root, error);
	if (above == NULL)
		return NULL;
	if (strcmp(above->root, import->root) != 0 || strcmp(above->url, import->url) != 0)
		return fail_null(error, FAILURE_INPUT,
				 "'%s' claims to be part of '%s', which does not agree", path,
				 import->root);
	return import;
}

const GoImport *gorepos_find(GoRepos *repos, const char *path, GError **error)
{
	Found *found = g_tree_lookup(repos->found, path);

	if (found == NULL) {
		found = g_new0(Found, 1);
		if (goimport_of_path(path, &found->own, &found->error))
			found->import = found->own != NULL
						? found->own
						: find_by_pages(repos, path, &found->error);
		g_tree_insert(repos->found, g_strdup(path), found);
	}
	if (found->import == NULL)
		g_propagate_error(error, g_error_copy(found->error));
	return found->import;
}

void gorepos_prepare(GoRepos *repos, const GPtrArray *paths)
{
	g_autoptr(GPtrArray) asked = g_ptr_array_new(), roots = g_ptr_array_new();

	for (guint i = 0; i < paths->len; i++) {
		g_autoptr(GoImport) own = NULL;

		if (goimport_of_path(paths->pdata[i], &own, NULL) && own == NULL &&
		    !g_ptr_array_find_with_equal_func(asked, paths->pdata[i], g_str_equal, NULL))
			g_ptr_array_add(asked, paths->pdata[i]);
	}
	need_pages(repos, asked);
	for (guint i = 0; i < asked->len; i++) {
		const GoImport *import = choose(repos, asked->pdata[i], asked->pdata[i], NULL);

		if (import != NULL &&
		    !g_ptr_array_find_with_equal_func(roots, import->root, g_str_equal, NULL))
			g_ptr_array_add(roots, import->root);
	}
	need_pages(repos, roots);
}

/* Opening. */

/* As which https address a repository's is looked up among the credentials: for ssh the
 * same host's, where a credential is a private key. The caller's. */
static char *address_of(const char *url)
{
	const char *host = url + strlen("ssh://");
	const char *user_end;

	if (!g_str_has_prefix(url, "ssh://"))
		return g_strdup(url);
	user_end = memchr(host, '@', strcspn(host, "/"));
	return g_strconcat("https://", user_end != NULL ? user_end + 1 : host, NULL);
}

static bool may_have_credential(const GoRepos *repos, const char *url, const char *path)
{
	g_autofree char *address = address_of(url);
	g_autoptr(Url) place = url_parse(address);
	size_t length = strcspn(path, "/");

	return modpath_matches(repos->env->no_proxy, path) ||
	       modpath_matches(repos->env->world->goprivate, path) ||
	       (place != NULL && strlen(place->authority) == length &&
		g_ascii_strncasecmp(place->authority, path, length) == 0);
}

static Opened *open_at(const GoRepos *repos, const char *url, bool has_credential)
{
	const World *world = repos->env->world;
	DepotAddress address = { url, NULL, true };
	Credential credential = { 0 };
	g_autofree char *where = address_of(url);
	g_autoptr(Url) place = url_parse(where);
	Opened *opened = g_new0(Opened, 1);
	const char *username = NULL;
	const Secret *secret = NULL;

	if (world->depots == NULL) {
		fail(&opened->error, FAILURE_CONFIG, "version control is out of reach here");
		return opened;
	}
	if (has_credential)
		goenv_credential(repos->env, NULL, where, &username, &secret);
	if (secret != NULL && place != NULL) {
		credential = (Credential){ .host = place->authority,
					   .username = (char *)username,
					   .secret = (Secret *)secret };
		address.credential = &credential;
		address.is_foreign = false; /* the operator named the host */
	}
	opened->depot = world->depots->open(world->depots, &address, &opened->error);
	return opened;
}

/* Over http, too, where that is allowed and https leads nowhere. */
static Opened *open_somewhere(const GoRepos *repos, const GoImport *import, const char *path,
			      bool has_credential)
{
	Opened *opened = open_at(repos, import->url, has_credential);
	g_autofree char *plain = NULL;

	if (opened->depot != NULL || !is_insecure(repos, path) ||
	    !g_str_has_prefix(import->url, "https://"))
		return opened;
	opened_free(opened);
	plain = g_strconcat("http://", import->url + strlen("https://"), NULL);
	return open_at(repos, plain, has_credential);
}

Depot *gorepos_open(GoRepos *repos, const GoImport *import, const char *path, GError **error)
{
	bool has_credential = may_have_credential(repos, import->url, path);
	g_autofree char *key = g_strconcat(has_credential ? "+" : "-",
					   is_insecure(repos, path) ? "!" : "", import->url, NULL);
	Opened *opened = g_tree_lookup(repos->opened, key);

	if (opened == NULL) {
		opened = open_somewhere(repos, import, path, has_credential);
		g_tree_insert(repos->opened, g_steal_pointer(&key), opened);
	}
	if (opened->depot == NULL)
		g_propagate_error(error, g_error_copy(opened->error));
	return opened->depot;
}
