/* SPDX-License-Identifier: MIT */
/* GitHub Apps: what is asked, and what answers mean. Source: forge-vectors.md B01 to B05. */
#include "base/secret.h"
#include "net/http.h"
#include "net/loopback.h"
#include "publish/api.h"
#include "publish/app.h"
#include "store/directory.h"
#include "store/store.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define CLOCK 1767225600

/* Made for this test, and good for nothing else. */
static const char key[] = "-----BEGIN PRIVATE KEY-----\n"
			  "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDO6E+n9IRDu2Ha\n"
			  "RCC2bcZp4nPMndDFTPqZbFsl0Vj4bnYvARox+E+DQaK+V3THPY1Ct+UZije6SWfa\n"
			  "ffb2MUN4/YDgzV8W7Jh2J1T9eDdQbDOBaxHnPVhCvad6n7cgI2y2NQw0wnX4jd5Z\n"
			  "FFZHzNhgk9lhOMh2LVL65DEwJO47QkQgsDnig59X/6Im9Eud27mzbObHYDcfSlTb\n"
			  "4fuHLBpo0kV0ahhEqNR9CZzo+xEc3NDbyiyTsHN3ATL7WEj5DO25oS6+MsmvtdjG\n"
			  "st/0w+fjMUFvY3Q8Om3py7S+NWncavhReLl1Kzv0Wo5AqE3eV4YvgVD0CebNxub2\n"
			  "1Hm5vphxAgMBAAECggEAAIjpDy7v4nsjpwiileIG1Uc0u+gV5+s2uVPzkIQC2EJD\n"
			  "MY5YcU8B78Ky8L8JM4Gp4HAhYASqeubgkZmWFdffpv3UwP//6/XZmNR71luG2Cbs\n"
			  "XmOdWDgkndzG8O4Ik2LHv0vYtAm/JrNH5K6djqGEi47zZyKIPyQA4FqaJ9frdzUM\n"
			  "qqP8VXYLgN/hPN4gIOP6x4Uii6so1TKPI7szYX3j3SMtmcKegPgVrXngU7haFEdK\n"
			  "kYE4lqkmfwilxPkcYtRatHTTWKQzM0cZdUJrIzj21oeJ20nPb4TFj85Dm1YwZ9EA\n"
			  "0/CJI1BJAhaK92DodrdOOarjiormTLfpm3zxlCdPqQKBgQD30c91vaCaA0HrGLc6\n"
			  "ze6ikkEnRJCxHzAzAIfhtoebZ6miRsk5EbcghMDtO/bW2tXYVyBzJkEGFc6oMjd0\n"
			  "40wIRam2G6nJhjxrCn54JHyYDfSPuey+zepMVpJ8GmOsTPwm6AvZe93p8Ztbb5UG\n"
			  "+zuL34B3HabAsZcjUf2VM8HOnQKBgQDVvMZM0TczN1UEm3SUmFnHRFSCriIE/HfI\n"
			  "3/jYE2zWV/PtQ5PNPaQZHJajYdLVlTmOtdg3+AzS6o+gL9w4yefidvtamHy5Q6lp\n"
			  "oLlWR4M5bQM555EWlUXCqCjihXoNTIOuBdnWkn+7WYIHA0CUx8B7RgICDAxa+ujE\n"
			  "TEIIFZX+5QKBgQCDbdVt5yy2oYWjLk92s2Kc+53sOnPWS+kfE2f9L/XJWHfhpVLw\n"
			  "nlGVwHIlHwkxN4v0GXkPOLmBha09DKzWo/ld5bw05YTtaPDAACfEhe1CIxyR4RQK\n"
			  "uWBKLhuwD7rO1WFhLO2j4Qp3GPjAzHOn6TPSYa1a/vHB/i1ewQwQxgtCDQKBgQCz\n"
			  "W0UAYzQyG0WRpy3uH+Z+q91LB/ruOjn+a8wy7iIPwCCmQmX9/bL9i5rxIX690gpJ\n"
			  "sljtpo6EU2cQ4fioAu4+gN+uB3XqNVgtljzQpRP+FXd2mNaMn9i5X0lnxOBF1qZN\n"
			  "WwWQ5MChI5xUbCs+bl0cVQQMWbXohtLbHq7uf8at7QKBgFuyZuzHSfqEaLEZQwXO\n"
			  "QHJKxJZ8oFLdSuSxIoc4gEebETO6/0nZIljHoY7Ldqqnp7xt7XFG3bPPM5feKglw\n"
			  "TxfnHNMKR94AToxS/18A9/Xc3Gqgm3+pTfXqcUfAAI0EpKtp/m4d6VhvKYrAoTBj\n"
			  "pVjJ62T2MMiBVyb+4ijUw3xv\n"
			  "-----END PRIVATE KEY-----\n";

/* Of App 123456 at CLOCK; the signature is OpenSSL's by the key above. */
static const char jwt[] = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9."
			  "eyJpYXQiOjE3NjcyMjU1NDAsImV4cCI6MTc2NzIyNjE0MCwiaXNzIjoiMTIzNDU2In0."
			  "hbGVl04l_S9vNDiKeFCUQ9zdXYl2PCukoliRGZuln2yov3EsInAAwMVZT1yJVOvk"
			  "b6tph4eojkfwJ39uUY_yXjZh_3nzlJrQiBUujF0qo-0LJIcZH9gLTH7SsQa1rS7f"
			  "TsrLiceNP0vi4u5R4DKKIv-FwYXeFN6m0dl20Z3hehepButGMw2Zpj1liQD9VvxW"
			  "S8jqfIEQrd9t8CQ5g7y5L6kNvkH_IgNg-JYbxXjE1BIcWcw4AYDU6s-UK52Zk6qr"
			  "Wl-ZQKFhl85mn61fIouAL1b2q5a1tcsO0BmaUu360NKFR4OFkRicBSr7sud6zQJI"
			  "ab3E2nGPKIoJSm9smWIKTw";

#define FIND  "/api/v3/repos/acme/shop/installation"
#define TOKEN "/api/v3/app/installations/9/access_tokens"
#define MADE  "201\n\n{\"token\":\"ghs_x\",\"expires_at\":\"2026-01-01T01:00:00Z\"}"

typedef struct {
	const char *name;
	Page pages[3];
	const char *why; /* NULL: a token is had */
	FailureKind kind;
} Case;

static const Case cases[] = {
	{ "b01_b02_gets_a_token", { { FIND, { "200\n\n{\"id\":9}" } }, { TOKEN, { MADE } } } },
	{ "is_not_installed",
	  { { FIND, { "404\n\n{\"message\":\"Not Found\"}" } } },
	  "is not installed on 'acme/shop'",
	  FAILURE_DENIED },
	{ "b04_was_removed_in_between",
	  { { FIND, { "200\n\n{\"id\":9}" } }, { TOKEN, { "404\n\n{}" } } },
	  "is not installed on 'acme/shop'",
	  FAILURE_DENIED },
	{ "b03_was_not_granted_enough",
	  { { FIND, { "200\n\n{\"id\":9}" } },
	    { TOKEN,
	      { "422\n\n{\"message\":\"The permissions requested are not granted to this "
		"installation.\"}" } } },
	  "was not granted what is needed on 'acme' (Contents: write, Pull requests: write): The "
	  "permissions requested",
	  FAILURE_DENIED },
	{ "is_suspended",
	  { { FIND, { "200\n\n{\"id\":9}" } },
	    { TOKEN, { "403\n\n{\"message\":\"This installation has been suspended\"}" } } },
	  "suspended",
	  FAILURE_DENIED },
	{ "is_not_known",
	  { { FIND,
	      { "401\n\n{\"message\":\"'Expiration time' claim ('exp') is too far in the "
		"future\"}" } } },
	  "this machine's clock must be right",
	  FAILURE_DENIED },
	{ "a18_is_not_known_by_a_clock_that_is_slow",
	  { { FIND,
	      { "401\nDate: Thu, 01 Jan 2026 00:11:00 GMT\n\n{\"message\":\"'Issued at' claim "
		"('iat') must be an Integer\"}" } } },
	  "this machine's clock is 660 s behind the forge's",
	  FAILURE_DENIED },
	{ "gets_no_token",
	  { { FIND, { "200\n\n{\"id\":9}" } }, { TOKEN, { "201\n\n{\"tokn\":1}" } } },
	  "signing in as GitHub App 123456: 201",
	  FAILURE_DENIED },
};

static Repository *repository_at(const Loopback *server, const char *path)
{
	Repository *repository = g_new0(Repository, 1);

	repository->url = g_strconcat(server->origin, path, NULL);
	repository->app_id = g_strdup("123456");
	repository->app_key = secret_new(key, strlen(key));
	return repository;
}

static void signs_in(gconstpointer data)
{
	const Case *row = data;
	g_autoptr(Loopback) server = loopback_new(row->pages);
	g_autoptr(Http) http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, CLOCK);
	World world = { .http = http, .now = CLOCK };
	g_autoptr(Repository) repository = repository_at(server, "/acme/shop.git");
	g_autoptr(GError) error = NULL;
	bool is_good = app_sign_in(&world, repository, &error);

	if (row->why != NULL) {
		g_assert_false(is_good);
		g_assert_error(error, FAILURE, (int)row->kind);
		g_assert_nonnull(strstr(error->message, row->why));
		g_assert_null(repository->credential);
		return;
	}
	g_assert_no_error(error);
	g_assert_cmpstr(secret_reveal(repository->credential->secret), ==, "ghs_x");
	g_assert_null(repository->credential->username);
	g_assert_cmpstr(repository->credential->host, ==, server->origin + strlen("http://"));
	g_assert_nonnull(strstr(loopback_request(server, 0), jwt));
	g_assert_nonnull(
		strstr(loopback_request(server, 1),
		       "{\"repositories\":[\"shop\"],\"permissions\":{\"metadata\":\"read\","
		       "\"contents\":\"write\",\"pull_requests\":\"write\"}}"));
}

/* An installation is looked for once, and again when it is gone, or may be that of another
 * repository. */
static void where_it_is_installed_is_remembered(void)
{
	static const Page pages[] = {
		{ FIND, { "200\n\n{\"id\":8}", "200\n\n{\"id\":9}" } },
		{ "/api/v3/app/installations/8/access_tokens", { MADE, MADE, "404\n\n{}" } },
		{ TOKEN, { MADE, MADE, "422\n\n{\"message\":\"no such repository\"}", MADE } },
		{ NULL },
	};
	static const guint requests[] = { 2, 3, 6, 7, 10 };
	g_autoptr(Loopback) server = loopback_new(pages);
	Directory directory;
	Store *store;
	g_autoptr(Http) http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, CLOCK);
	World world = { .http = http, .now = CLOCK };

	directory_make(&directory, NULL);
	world.store = store = store_open(directory.path, CLOCK, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
		g_autoptr(Repository) repository = repository_at(server, "/acme/shop.git");
		g_autoptr(GError) error = NULL;

		g_assert_true(app_sign_in(&world, repository, &error));
		g_assert_no_error(error);
		g_assert_cmpuint(server->requests->len, ==, requests[i]);
	}
	store_close(store);
	directory_remove(&directory, NULL);
}

#define REPO "/api/v3/repos/acme/shop"
#define NEXT "201\n\n{\"token\":\"ghs_y\",\"expires_at\":\"2026-01-01T02:00:00Z\"}"

/* One who signed in at CLOCK and asks for the repository after so many seconds. */
static bool ask_after(const Loopback *server, int64_t seconds, Repository *repository,
		      GError **error)
{
	g_autoptr(Http) http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, CLOCK);
	g_autoptr(Http) later = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, CLOCK + seconds);
	World world = { .http = http, .now = CLOCK };
	g_auto(Api) api = { 0 };
	g_auto(ApiAnswer) answer = { 0 };

	if (!app_sign_in(&world, repository, error))
		return false;
	world.http = later;
	api_init(&api, &world, repository, g_strconcat(server->origin, "/api/v3", NULL));
	api.repository = g_strdup("/repos/acme/shop");
	return api_ask(&api, HTTP_GET, api.repository, NULL, &answer, error);
}

/* By the clock as it has come by then, not as it was when the run began. */
static void b01_a_token_is_used_until_five_minutes_before_its_end(void)
{
	static const Page pages[] = { { FIND, { "200\n\n{\"id\":9}" } },
				      { TOKEN, { MADE, NEXT } },
				      { REPO, { "200\n\n{}" } },
				      { NULL } };
	static const struct {
		int64_t seconds;
		const char *token;
	} moments[] = { { 3299, "ghs_x" }, { 3300, "ghs_y" }, { 86400, "ghs_y" } };

	for (size_t i = 0; i < G_N_ELEMENTS(moments); i++) {
		g_autoptr(Loopback) server = loopback_new(pages);
		g_autoptr(Repository) repository = repository_at(server, "/acme/shop.git");
		g_autoptr(GError) error = NULL;
		g_autofree char *token = g_strconcat("Bearer ", moments[i].token, "\r\n", NULL);
		guint last;

		g_assert_true(ask_after(server, moments[i].seconds, repository, &error));
		g_assert_no_error(error);
		last = server->requests->len - 1;
		g_assert_nonnull(strstr(loopback_request(server, last), token));
		/* What it signs in with lives for ten minutes. */
		g_assert_true((strstr(loopback_request(server, last - 1), jwt) != NULL) ==
			      (i == 0));
	}
}

static void b05_a_token_that_is_refused_is_renewed_once(void)
{
	static const Page pages[] = {
		{ FIND, { "200\n\n{\"id\":9}" } },
		{ TOKEN, { MADE, NEXT } },
		{ REPO, { "401\n\n{\"message\":\"Bad credentials\"}", "200\n\n{}" } },
		{ NULL }
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Repository) repository = repository_at(server, "/acme/shop.git");
	g_autoptr(GError) error = NULL;

	g_assert_true(ask_after(server, 0, repository, &error));
	g_assert_no_error(error);
	g_assert_nonnull(strstr(loopback_request(server, 2), "Bearer ghs_x\r\n"));
	g_assert_nonnull(
		strstr(loopback_request(server, server->requests->len - 1), "Bearer ghs_y\r\n"));
}

static void b05_one_that_is_refused_again_is_not(void)
{
	static const Page pages[] = { { FIND, { "200\n\n{\"id\":9}" } },
				      { TOKEN, { MADE, NEXT } },
				      { REPO, { "401\n\n{\"message\":\"Bad credentials\"}" } },
				      { NULL } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Repository) repository = repository_at(server, "/acme/shop.git");
	g_autoptr(GError) error = NULL;

	g_assert_false(ask_after(server, 0, repository, &error));
	g_assert_error(error, FAILURE, FAILURE_DENIED);
	g_assert_nonnull(strstr(error->message, "does not accept the token: Bad credentials"));
	g_assert_cmpuint(server->requests->len, ==, 6);
}

/* Under the name that it had it would not be found. */
static void a_renamed_repository_is_asked_for_by_its_number(void)
{
	static const Page pages[] = {
		{ FIND,
		  { "301\nLocation: "
		    "https://wrong.example/api/v3/repositories/42/installation\n\n{}" } },
		{ "/api/v3/repositories/42/installation", { "200\n\n{\"id\":9}" } },
		{ TOKEN, { MADE } },
		{ NULL },
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, CLOCK);
	World world = { .http = http, .now = CLOCK };
	g_autoptr(Repository) repository = repository_at(server, "/acme/shop.git");
	g_autoptr(GError) error = NULL;

	g_assert_true(app_sign_in(&world, repository, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(server->requests->len, ==, 3);
	g_assert_nonnull(strstr(loopback_request(server, 2), "{\"repository_ids\":[42],"));
}

/* Of a person's repositories, since there is no such organisation; only to list them. */
static void an_owner_may_be_a_person(void)
{
	static const Page pages[] = {
		{ "/api/v3/orgs/acme/installation", { "404\n\n{}" } },
		{ "/api/v3/users/acme/installation", { "200\n\n{\"id\":9}" } },
		{ TOKEN, { MADE } },
		{ "/api/v3/installation/token", { "204\n\n" } },
		{ NULL },
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, CLOCK);
	World world = { .http = http, .now = CLOCK };
	g_autoptr(Repository) repository = repository_at(server, "/acme");
	g_autoptr(GError) error = NULL;

	repository->discover = true;
	g_assert_true(app_sign_in(&world, repository, &error));
	g_assert_no_error(error);
	g_assert_nonnull(
		strstr(loopback_request(server, 2), "{\"permissions\":{\"metadata\":\"read\"}}"));
	app_sign_out(&world, repository);
	g_assert_true(
		g_str_has_prefix(loopback_request(server, 3), "DELETE /api/v3/installation/token"));
	g_assert_nonnull(strstr(loopback_request(server, 3), "Bearer ghs_x"));
}

static void a_key_that_is_none_is_said(void)
{
	static const Page pages[] = { { NULL } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, CLOCK);
	World world = { .http = http, .now = CLOCK };
	g_autoptr(Repository) repository = repository_at(server, "/acme/shop.git");
	g_autoptr(GError) error = NULL;

	secret_free(repository->app_key);
	repository->app_key = secret_new("ghp_token", 9);
	g_assert_false(app_sign_in(&world, repository, &error));
	g_assert_error(error, FAILURE, FAILURE_CONFIG);
	g_assert_cmpuint(server->requests->len, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/publish/app/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], signs_in);
	}
	g_test_add_func("/publish/app/where_it_is_installed_is_remembered",
			where_it_is_installed_is_remembered);
#define ADD(test) g_test_add_func("/publish/app/" #test, test)
	ADD(b01_a_token_is_used_until_five_minutes_before_its_end);
	ADD(b05_a_token_that_is_refused_is_renewed_once);
	ADD(b05_one_that_is_refused_again_is_not);
	ADD(a_renamed_repository_is_asked_for_by_its_number);
	g_test_add_func("/publish/app/an_owner_may_be_a_person", an_owner_may_be_a_person);
	g_test_add_func("/publish/app/a_key_that_is_none_is_said", a_key_that_is_none_is_said);
	return g_test_run();
}
