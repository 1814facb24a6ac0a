/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "docker"

#include "ecosystems/docker/pushed.h"

#include "ecosystems/docker/ecr.h"
#include "ecosystems/docker/login.h"
#include "ecosystems/docker/taglist.h"
#include "store/cache.h"

#include <string.h>

#define GITHUB "api.github.com"

enum {
	PAGE = 100,
	/* Newest first, and every platform of an image counts: some fifty pushes. */
	MOST_PAGES = 5,
};

/* What is asked about one image. */
typedef struct {
	Offer *offer;
	GPtrArray *releases; /* of Release */
	bool is_ecr;
	bool is_users; /* its owner is no organisation */
	guint page;    /* from 1; of the next question; 0: all was asked */
} Push;

static void push_free(void *data)
{
	Push *push = data;

	g_ptr_array_unref(push->releases);
	g_free(push);
}

GPtrArray *pushes_new(void)
{
	return g_ptr_array_new_with_free_func(push_free);
}

/* The settings may put something in its place. The caller's. */
static char *github_base(const World *w)
{
	const Upstream *upstream = access_upstream(w, GITHUB);

	return g_strdup(upstream != NULL && upstream->registry != NULL ? upstream->registry
								       : "https://" GITHUB);
}

static const Credential *github_credential(const World *w)
{
	g_autofree char *base = github_base(w);

	return login_find(w->credentials, GITHUB, "", base);
}

/* Whether somebody can be asked; `*is_ecr` is who. */
static bool is_told(const World *w, const Access *access, bool *is_ecr)
{
	g_autofree char *region = NULL, *endpoint = ecr_endpoint(access->host, &region);

	*is_ecr = endpoint != NULL;
	if (*is_ecr)
		return access->keys_endpoint != NULL;
	return g_ascii_strcasecmp(access->host, "ghcr.io") == 0 && github_credential(w) != NULL;
}

/* What was told of the digest in an earlier run; 0: nothing. */
static int64_t recalled(const World *w, const Offer *offer, const Release *release)
{
	g_autoptr(GPtrArray) digests =
		cache_digests(w->store, lookup_of(offer)->memory, release->version, NULL);

	for (guint i = 0; digests != NULL && i < digests->len; i++) {
		const DigestSeen *seen = g_ptr_array_index(digests, i);

		if (strcmp(seen->digest, release->digest) == 0)
			return seen->pushed_at;
	}
	return 0;
}

void pushes_want(const World *w, GPtrArray *pushes, Offer *offer, Release *release)
{
	Push *push = NULL;
	bool is_ecr;
	int64_t at;

	if (release->digest == NULL || !is_told(w, lookup_of(offer)->access, &is_ecr))
		return;
	at = recalled(w, offer, release);
	if (at > 0) {
		release->published_at = at;
		return;
	}
	for (guint i = 0; i < pushes->len && push == NULL; i++)
		if (((Push *)g_ptr_array_index(pushes, i))->offer == offer)
			push = g_ptr_array_index(pushes, i);
	if (push == NULL) {
		push = g_new0(Push, 1);
		push->offer = offer;
		push->releases = g_ptr_array_new();
		push->is_ecr = is_ecr;
		push->page = 1;
		g_ptr_array_add(pushes, push);
	}
	g_ptr_array_add(push->releases, release);
}

static HttpRequest *ecr_question(const World *w, const Push *push)
{
	const Access *access = lookup_of(push->offer)->access;
	g_autoptr(GPtrArray) digests = g_ptr_array_new();

	for (guint i = 0; i < push->releases->len; i++) {
		char *digest = ((Release *)g_ptr_array_index(push->releases, i))->digest;

		if (!g_ptr_array_find_with_equal_func(digests, digest, g_str_equal, NULL))
			g_ptr_array_add(digests, digest);
	}
	return ecr_images_request(access->credential, access->keys_endpoint, access->region,
				  access->host, access->path, digests, w->now);
}

/* "…/orgs/acme/packages/container/app%2Fserver/versions?per_page=100&page=1" */
static HttpRequest *github_question(const World *w, const Push *push)
{
	const char *path = lookup_of(push->offer)->access->path, *slash = strchr(path, '/');
	const Credential *credential = github_credential(w);
	g_autofree char *base = github_base(w);
	g_autofree char *owner = g_strndup(path, slash != NULL ? (gsize)(slash - path) : 0);
	g_autofree char *package = http_escape(slash != NULL ? slash + 1 : path);
	g_autofree char *url = g_strdup_printf(
		"%s/%s/%s/packages/container/%s/versions?per_page=%d&page=%u", base,
		push->is_users ? "users" : "orgs", owner, package, PAGE, push->page);
	HttpRequest *request = http_request_new(HTTP_GET, url);

	http_request_header(request, "Accept", "application/vnd.github+json");
	http_request_header(request, "X-GitHub-Api-Version", "2022-11-28");
	request->username = g_strdup(credential->username);
	request->secret = credential->secret;
	return request;
}

static bool is_complete(const Push *push)
{
	for (guint i = 0; i < push->releases->len; i++)
		if (((const Release *)g_ptr_array_index(push->releases, i))->published_at == 0)
			return false;
	return true;
}

/* What is to be asked next of one whose packages are nobody's, or go on. */
static void turn(Push *push, const HttpRequest *request, size_t count)
{
	if (request->status == 404 && !push->is_users && push->page == 1)
		push->is_users = true;
	else if (request->status == 200 && count == PAGE && push->page < MOST_PAGES &&
		 !is_complete(push))
		push->page++;
	else
		push->page = 0;
}

static void read_answer(Push *push, const HttpRequest *request)
{
	const char *text = (const char *)request->answer->data;
	g_autoptr(GError) error = NULL;
	size_t count = 0;
	bool is_read = true;

	if (request->error != NULL || request->status != 200)
		g_debug("nobody says when '%s' was pushed: %s, status %d", push->offer->key,
			request->error != NULL ? request->error->message : "refused",
			request->status);
	else if (push->is_ecr)
		is_read = taglist_read_ecr(push->releases, text, request->answer->len, &error);
	else
		is_read = taglist_read_packages(push->releases, text, request->answer->len, &count,
						&error);
	if (!is_read)
		g_debug("when '%s' was pushed cannot be read: %s", push->offer->key,
			error->message);
	if (push->is_ecr || request->error != NULL)
		push->page = 0;
	else
		turn(push, request, count);
}

void pushes_ask(World *w, GPtrArray *pushes)
{
	for (;;) {
		g_autoptr(GPtrArray) asked = g_ptr_array_new();
		g_autoptr(GPtrArray) requests =
			g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);

		for (guint i = 0; i < pushes->len; i++) {
			Push *push = g_ptr_array_index(pushes, i);

			if (push->page == 0)
				continue;
			g_ptr_array_add(asked, push);
			g_ptr_array_add(requests, push->is_ecr ? ecr_question(w, push)
							       : github_question(w, push));
		}
		if (requests->len == 0)
			return;
		http_get_all(w->http, requests, HTTP_VALIDATE);
		for (guint i = 0; i < requests->len; i++)
			read_answer(g_ptr_array_index(asked, i), g_ptr_array_index(requests, i));
	}
}
