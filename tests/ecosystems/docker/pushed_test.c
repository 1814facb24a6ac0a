/* SPDX-License-Identifier: MIT */
/* Who else is asked when an image was pushed, and what their answers are taken for. */
#include "base/secret.h"
#include "ecosystems/docker/pushed.h"
#include "net/loopback.h"
#include "store/directory.h"

#include <string.h>

#define A      "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER  "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define GITHUB "api.github.com"
#define ECR    "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
#define MAY    INT64_C(1777593600) /* 2026-05-01 */

#define ORGS  "/orgs/acme/packages/container/tools%2Fapp/versions?per_page=100&page="
#define USERS "/users/acme/packages/container/tools%2Fapp/versions?per_page=100&page="
#define FOUND                                                   \
	"200\n\n[{\"name\":\"" OTHER "\",\"created_at\":null}," \
	"{\"name\":\"" A "\",\"created_at\":\"2026-05-01T00:00:00Z\"}]"
#define OTHERS        "200\n\n[{\"name\":\"" OTHER "\",\"created_at\":\"2026-05-01T00:00:00Z\"}]"
#define DETAILS(rest) "200\n\n{\"imageDetails\":[{\"imageDigest\":\"" A "\"" rest "}]}"

/* Asks for the push date of A under `key`, with a credential for the loopback that stands
 * in for `service`; what was asked is left in the server. `mirror`: of the image's registry;
 * NULL: none. */
static int64_t ask_through(Loopback *server, const char *key, const char *service, const char *user,
			   Store *store, Upstream *mirror)
{
	Upstream upstream = { .host = (char *)service, .registry = server->origin };
	g_autoptr(Secret) secret = secret_new("s3cr3t", strlen("s3cr3t"));
	Credential own = { .host = (char *)(g_str_has_prefix(key, ECR)
						    ? ECR
						    : server->origin + strlen("http://")),
			   .username = (char *)user,
			   .secret = secret };
	Credential registrys = { .host = (char[]){ "ghcr.io" },
				 .username = (char[]){ "bot" },
				 .secret = secret };
	g_autoptr(GPtrArray) upstreams = g_ptr_array_new(), credentials = g_ptr_array_new();
	g_autoptr(GPtrArray) pushes = pushes_new();
	g_autoptr(GError) error = NULL;
	World w = { .now = NOW,
		    .store = store,
		    .upstreams = upstreams,
		    .credentials = credentials,
		    .http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, NOW) };
	g_autoptr(Offer) offer = NULL;
	Release *release;

	g_ptr_array_add(upstreams, &upstream);
	if (mirror != NULL)
		g_ptr_array_add(upstreams, mirror);
	g_ptr_array_add(credentials, &registrys);
	if (user != NULL)
		g_ptr_array_add(credentials, &own);
	offer = lookup_new(&w, key);
	release = listing_add(offer, "1.0");
	release->digest = g_strdup(A);
	pushes_want(&w, pushes, offer, release);
	pushes_ask(&w, pushes);
	g_assert_true(lookup_observe(&w, offer, release, &error));
	http_free(w.http);
	return release->published_at;
}

static int64_t ask(Loopback *server, const char *key, const char *service, const char *user,
		   Store *store)
{
	return ask_through(server, key, service, user, store, NULL);
}

/* A page of versions that are all of other images. */
static char *full_page(void)
{
	GString *text = g_string_new("200\n\n[");

	for (int i = 0; i < 100; i++)
		g_string_append(text, i > 0 ? ",{\"name\":\"x\"}" : "{\"name\":\"x\"}");
	g_string_append(text, "]");
	return g_string_free(text, FALSE);
}

static void githubs_packages_say_when(void)
{
	g_autofree char *full = full_page();
	const struct {
		const char *paths[3], *answers[3];
		int64_t at;
		guint requests;
	} rows[] = {
		{ { ORGS "1" }, { FOUND }, MAY, 1 },
		{ { ORGS "1", USERS "1" }, { "404\n\n{}", FOUND }, MAY, 2 },
		{ { ORGS "1", ORGS "2" }, { full, FOUND }, MAY, 2 },
		{ { ORGS "1" }, { OTHERS }, 0, 1 },
		{ { ORGS "1", USERS "1" }, { "404\n\n{}", "404\n\n{}" }, 0, 2 },
		{ { ORGS "1" }, { "403\n\n{}" }, 0, 1 },
		{ { ORGS "1" }, { "200\n\n[{\"name\":" }, 0, 1 },
		{ { ORGS "1" }, { "200\n\n{\"name\":\"" A "\"}" }, 0, 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Page pages[] = { { rows[i].paths[0], { rows[i].answers[0] } },
				       { rows[i].paths[1], { rows[i].answers[1] } },
				       { NULL, { NULL } } };
		g_autoptr(Loopback) server = loopback_new(pages);

		g_test_message("row %zu", i);
		g_assert_cmpint(ask(server, "ghcr.io/acme/tools/app", GITHUB, "bot", NULL), ==,
				rows[i].at);
		g_assert_cmpuint(server->requests->len, ==, rows[i].requests);
		g_assert_nonnull(strstr(loopback_request(server, 0), "Authorization: Basic "));
	}
}

static void pages_without_end_are_left(void)
{
	g_autofree char *full = full_page();
	const Page pages[] = { { ORGS "1", { full } }, { ORGS "2", { full } },
			       { ORGS "3", { full } }, { ORGS "4", { full } },
			       { ORGS "5", { full } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);

	g_assert_cmpint(ask(server, "ghcr.io/acme/tools/app", GITHUB, "bot", NULL), ==, 0);
	g_assert_cmpuint(server->requests->len, ==, 5);
}

static void a_credential_of_the_registry_is_not_shown_to_github(void)
{
	static const Page pages[] = { { ORGS "1", { FOUND } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);

	g_assert_cmpint(ask(server, "ghcr.io/acme/tools/app", GITHUB, NULL, NULL), ==, 0);
	g_assert_cmpint(ask(server, "quay.io/acme/app", GITHUB, "bot", NULL), ==, 0);
	g_assert_cmpuint(server->requests->len, ==, 0);
}

static void what_was_told_once_is_not_asked_again(Directory *directory, gconstpointer data)
{
	static const Page pages[] = { { ORGS "1", { FOUND, "500\n\n" } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(GError) error = NULL;
	Store *store = store_open(directory->path, NOW, &error);

	(void)data;
	g_assert_no_error(error);
	for (int i = 0; i < 2; i++)
		g_assert_cmpint(ask(server, "ghcr.io/acme/tools/app", GITHUB, "bot", store), ==,
				MAY);
	g_assert_cmpuint(server->requests->len, ==, 1);
	store_close(store);
}

static void so_is_what_was_told_of_an_image_of_a_mirror(Directory *directory, gconstpointer data)
{
	static const Page pages[] = { { ORGS "1", { FOUND, "500\n\n" } }, { NULL, { NULL } } };
	Upstream mirror = { .host = (char[]){ "ghcr.io" },
			    .registry = (char[]){ "https://mirror.test" },
			    .is_foreign = true };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(GError) error = NULL;
	Store *store = store_open(directory->path, NOW, &error);

	(void)data;
	g_assert_no_error(error);
	for (int i = 0; i < 2; i++)
		g_assert_cmpint(ask_through(server, "ghcr.io/acme/tools/app", GITHUB, "bot", store,
					    &mirror),
				==, MAY);
	g_assert_cmpuint(server->requests->len, ==, 1);
	store_close(store);
}

static const struct {
	const char *answer;
	int64_t at;
} images[] = {
	{ DETAILS(",\"imagePushedAt\":1777593600"), MAY },
	{ DETAILS(",\"imagePushedAt\":1.7775936005E9"), MAY }, /* with half a second */
	{ DETAILS(""), 0 },
	{ DETAILS(",\"imagePushedAt\":\"1777593600\""), 0 },
	{ DETAILS(",\"imagePushedAt\":-5"), 0 },
	{ "400\n\n{\"__type\":\"AccessDeniedException\"}", 0 },
	{ "200\n\n{\"imageDetails\":[", 0 },
};

static void ecr_says_when(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(images); i++) {
		const Page pages[] = { { "/", { images[i].answer } }, { NULL, { NULL } } };
		g_autoptr(Loopback) server = loopback_new(pages);
		const char *request;

		g_test_message("%s", images[i].answer);
		g_assert_cmpint(ask(server, ECR "/team/app", "api.ecr.eu-west-1.amazonaws.com",
				    "AKIDEXAMPLE", NULL),
				==, images[i].at);
		g_assert_cmpuint(server->requests->len, ==, 1);
		request = loopback_request(server, 0);
		g_assert_nonnull(strstr(request, "ContainerRegistry_V20150921.DescribeImages"));
		g_assert_nonnull(strstr(request, "{\"registryId\":\"123456789012\","
						 "\"repositoryName\":\"team/app\","
						 "\"imageIds\":[{\"imageDigest\":\"" A "\"}]}"));
		g_assert_null(strstr(request, "s3cr3t"));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/docker/pushed/" #name, name)
	ADD(githubs_packages_say_when);
	ADD(pages_without_end_are_left);
	ADD(a_credential_of_the_registry_is_not_shown_to_github);
	ADD(ecr_says_when);
	g_test_add("/docker/pushed/what_was_told_once_is_not_asked_again", Directory, NULL,
		   directory_make, what_was_told_once_is_not_asked_again, directory_remove);
	g_test_add("/docker/pushed/so_is_what_was_told_of_an_image_of_a_mirror", Directory, NULL,
		   directory_make, so_is_what_was_told_of_an_image_of_a_mirror, directory_remove);
	return g_test_run();
}
