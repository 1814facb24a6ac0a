/* SPDX-License-Identifier: MIT */
/* What each status means, whatever is asked for: forges.md 1.3 and 3.4 as a table. What the
 * forges' own deeds make of statuses that are theirs to judge is in their tests. */
#include "net/loopback.h"
#include "publish/api.h"
#include "store/directory.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { GOOD = -1 }; /* no error; else a FailureKind */

typedef struct {
	const char *name;
	HttpMethod method;
	const char *answers[4];
	int kind;
	const char *why; /* a part of the error's text */
	guint requests;
	int64_t later; /* seconds until it is worth another try; 0: not said */
} Row;

#define SAYS(text) "\n\n{\"message\":\"" text "\"}"

static const Row rows[] = {
	{ "200", HTTP_GET, { "200\n\n{}" }, GOOD, NULL, 1 },
	{ "201_of_a_change", HTTP_PATCH, { "201\n\n{}" }, GOOD, NULL, 1 },
	{ "202", HTTP_PUT, { "202\n\n{}" }, GOOD, NULL, 1 },
	{ "204", HTTP_DELETE, { "204\n\n" }, GOOD, NULL, 1 },
	{ "200_with_a_log_in_page", HTTP_GET, { "200\n\n<html>" }, FAILURE_NET, "not JSON", 4 },
	{ "200_of_a_change_with_one", HTTP_POST, { "200\n\n<html>" }, FAILURE_NET, "not JSON", 1 },
	{ "200_of_an_idempotent_change_with_one",
	  HTTP_PATCH,
	  { "200\n\n<html>", "200\n\n{}" },
	  GOOD,
	  NULL,
	  2 },
	{ "200_called_a_page",
	  HTTP_GET,
	  { "200\nContent-Type: text/html; charset=utf-8\n\n{}" },
	  FAILURE_NET,
	  "is called 'text/html; charset=utf-8', which is no JSON",
	  4 },
	{ "200_of_a_kind_of_json",
	  HTTP_GET,
	  { "200\nContent-Type: application/vnd.github+json; charset=utf-8\n\n{}" },
	  GOOD,
	  NULL,
	  1 },
	{ "301_to_nowhere", HTTP_GET, { "301\n\n{}" }, FAILURE_CONFIG, "has moved", 2 },
	{ "302_elsewhere",
	  HTTP_GET,
	  { "302\nLocation: https://evil.example/x\n\n{}" },
	  FAILURE_CONFIG,
	  "has moved",
	  2 },
	{ "307_of_a_change",
	  HTTP_POST,
	  { "307\nLocation: https://evil.example/x\n\n{}" },
	  FAILURE_CONFIG,
	  "has moved",
	  3 },
	{ "400",
	  HTTP_POST,
	  { "400" SAYS("Problems parsing JSON") },
	  FAILURE_INPUT,
	  "deed: 400: Problems parsing JSON",
	  1 },
	{ "401",
	  HTTP_GET,
	  { "401" SAYS("Bad credentials") },
	  FAILURE_DENIED,
	  "does not accept the token: Bad credentials",
	  1 },
	{ "401_where_the_token_got_lost",
	  HTTP_GET,
	  { "401\nX-RateLimit-Limit: 60" SAYS("Bad credentials") },
	  FAILURE_NET,
	  "the token does not arrive",
	  1 },
	{ "403_of_a_scope",
	  HTTP_POST,
	  { "403\n\n{\"error\":\"insufficient_scope\",\"scope\":\"api\"}" },
	  FAILURE_DENIED,
	  "may not do this: insufficient_scope; scope: api",
	  1 },
	{ "403_of_a_permission",
	  HTTP_POST,
	  { "403\nX-Accepted-GitHub-Permissions: issues=write" SAYS(
		  "Resource not accessible by personal access token") },
	  FAILURE_DENIED,
	  "it needs issues=write",
	  1 },
	{ "403_of_single_sign_on",
	  HTTP_GET,
	  { "403\nX-GitHub-SSO: required" SAYS("SAML") },
	  FAILURE_DENIED,
	  "single sign-on",
	  1 },
	{ "403_of_single_sign_on_in_words_alone",
	  HTTP_GET,
	  { "403" SAYS("Resource protected by organization SAML enforcement.") },
	  FAILURE_DENIED,
	  "single sign-on",
	  1 },
	{ "403_of_an_archive",
	  HTTP_POST,
	  { "403" SAYS("Repository was archived so is read-only.") },
	  FAILURE_INPUT,
	  "refuses changes",
	  1,
	  86400 },
	{ "403_of_what_is_disabled",
	  HTTP_GET,
	  { "403" SAYS("Repository has been disabled") },
	  FAILURE_INPUT,
	  "refuses changes",
	  1,
	  86400 },
	{ "403_of_what_is_blocked",
	  HTTP_GET,
	  { "403" SAYS("Repository access blocked") },
	  FAILURE_INPUT,
	  "refuses changes",
	  1,
	  86400 },
	{ "403_of_a_locked_conversation",
	  HTTP_POST,
	  { "403" SAYS("issue is locked") },
	  FAILURE_INPUT,
	  "locked",
	  1 },
	{ "403_of_a_plan",
	  HTTP_GET,
	  { "403" SAYS("Upgrade to GitHub Pro or make this repository public") },
	  FAILURE_INPUT,
	  "the forge's plan does not have this: Upgrade",
	  1 },
	{ "403_of_the_second_limit",
	  HTTP_POST,
	  { "403" SAYS("You have exceeded a secondary rate limit") },
	  FAILURE_BUSY,
	  "wants fewer changes",
	  1 },
	{ "403_of_abuse",
	  HTTP_POST,
	  { "403" SAYS("You have triggered an abuse detection mechanism") },
	  FAILURE_BUSY,
	  "wants fewer changes",
	  1 },
	{ "403_of_the_first_limit",
	  HTTP_GET,
	  { "403\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1790001800" SAYS("API rate limit") },
	  FAILURE_BUSY,
	  "asks for a pause",
	  1 },
	{ "403_of_the_limit_for_those_without_a_token",
	  HTTP_GET,
	  { "403\nX-RateLimit-Limit: 60\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: "
	    "1790001800" SAYS("API rate limit exceeded for 192.0.2.1.") },
	  FAILURE_NET,
	  "the token does not arrive at the forge: API rate limit exceeded",
	  1 },
	{ "429_of_the_same",
	  HTTP_GET,
	  { "429\nX-RateLimit-Limit: 60\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: "
	    "1790001800" SAYS("API rate limit exceeded for 192.0.2.1.") },
	  FAILURE_NET,
	  "the token does not arrive at the forge",
	  1 },
	{ "403_with_a_time",
	  HTTP_POST,
	  { "403\nRetry-After: 60" SAYS("Please wait") },
	  FAILURE_BUSY,
	  "asks for a pause",
	  1 },
	{ "404", HTTP_GET, { "404" SAYS("Not Found") }, FAILURE_ABSENT, "deed: 404: Not Found", 1 },
	{ "405", HTTP_PUT, { "405" SAYS("Required status check") }, FAILURE_INPUT, "405", 1 },
	{ "406", HTTP_PUT, { "406" SAYS("Branch cannot be merged") }, FAILURE_INPUT, "406", 1 },
	{ "409", HTTP_POST, { "409" SAYS("Conflict") }, FAILURE_INPUT, "deed: 409: Conflict", 1 },
	{ "410", HTTP_GET, { "410" SAYS("This issue was deleted") }, FAILURE_ABSENT, "410", 1 },
	{ "412", HTTP_PATCH, { "412" SAYS("merged") }, FAILURE_INPUT, "412", 1 },
	{ "413", HTTP_POST, { "413" SAYS("quota exceeded") }, FAILURE_INPUT, "413: quota", 1 },
	{ "422_with_a_list",
	  HTTP_POST,
	  { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[{\"field\":\"base\",\"code\":"
	    "\"invalid\"}]}" },
	  FAILURE_INPUT,
	  "Validation Failed; field: base",
	  1 },
	{ "422_with_a_text",
	  HTTP_POST,
	  { "422\n\n{\"errors\":\"custom text\"}" },
	  FAILURE_INPUT,
	  "422: custom text",
	  1 },
	{ "422_with_an_array", HTTP_POST, { "422\n\n[\"no\"]" }, FAILURE_INPUT, "422: no", 1 },
	{ "422_with_fields",
	  HTTP_POST,
	  { "422\n\n{\"message\":{\"title\":[\"is empty\"]}}" },
	  FAILURE_INPUT,
	  "422: title: is empty",
	  1 },
	{ "423", HTTP_POST, { "423" SAYS("archived") }, FAILURE_INPUT, "423", 1 },
	{ "429_in_plain_words",
	  HTTP_GET,
	  { "429\nRetry-After: 30\n\nRetry later" },
	  FAILURE_BUSY,
	  "asks for a pause",
	  1 },
	{ "429_of_a_proxy", HTTP_POST, { "429\n\n<html>" }, FAILURE_BUSY, "asks for a pause", 1 },
	{ "451", HTTP_GET, { "451\n\n{}" }, FAILURE_INPUT, "legal reasons", 1, 86400 },
	{ "500_of_a_change", HTTP_POST, { "500" SAYS("") }, FAILURE_NET, "answers 500", 1 },
	{ "502_then_200", HTTP_GET, { "502\n\n<html>", "200\n\n{}" }, GOOD, NULL, 2 },
	{ "503_for_ever", HTTP_PATCH, { "503\n\n" }, FAILURE_NET, "answers 503", 4 },
	{ "520_of_a_proxy", HTTP_GET, { "520\n\n<html>" }, FAILURE_NET, "answers 520", 1 },
};

/* Somebody with a token who speaks with a server. */
typedef struct {
	Loopback *server;
	World world;
	Credential credential;
	Repository repository;
	Api api;
} Stage;

static void stage_begin(Stage *stage, const Page *pages)
{
	stage->server = loopback_new(pages);
	stage->world = (World){ .now = 1790000000 };
	stage->world.http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, 1790000000);
	stage->credential = (Credential){ .secret = secret_new("s3cr3t", 6) };
	stage->repository = (Repository){ .credential = &stage->credential };
	api_init(&stage->api, &stage->world, &stage->repository, g_strdup(stage->server->origin));
	stage->api.repository = g_strdup("/x");
}

static void stage_clear(Stage *stage)
{
	api_clear(&stage->api);
	http_free(stage->world.http);
	secret_free(stage->credential.secret);
	loopback_free(stage->server);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stage, stage_clear)

static void means_what_the_table_says(gconstpointer data)
{
	const Row *row = data;
	Page pages[] = { { "/x", { NULL } }, { NULL } };
	g_auto(Stage) stage = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) error = NULL;
	bool is_good;

	memcpy(pages[0].answers, row->answers, sizeof row->answers);
	stage_begin(&stage, pages);
	is_good = api_do(&stage.api, row->method, "/x", NULL, "deed", &answer, &error);
	g_assert_true(is_good == (row->kind == GOOD));
	if (!is_good) {
		g_assert_error(error, FAILURE, row->kind);
		if (row->kind != FAILURE_BUSY)
			g_assert_cmpint(failure_retry_at(error), ==,
					row->later != 0 ? 1790000000 + row->later : 0);
		if (strstr(error->message, row->why) == NULL)
			g_test_fail_printf("'%s' lacks '%s'", error->message, row->why);
	}
	g_assert_cmpuint(stage.server->requests->len, ==, row->requests);
}

static void github_is_told_the_version_of_its_language(void)
{
	static const Page pages[] = { { "/x", { "200\n\n{}" } }, { NULL } };
	g_auto(Stage) stage = { 0 };
	g_auto(ApiAnswer) answer = { 0 };

	stage_begin(&stage, pages);
	stage.api.is_github = true;
	g_assert_true(api_do(&stage.api, HTTP_GET, "/x", NULL, "deed", &answer, NULL));
	g_assert_nonnull(strstr(loopback_request(stage.server, 0),
				"\r\nAccept: application/vnd.github+json\r\n"
				"X-GitHub-Api-Version: 2022-11-28\r\n"));
}

/* It is not asked for before the time that it names, others are. */
static void a_limit_that_is_counted_apart_pauses_alone(void)
{
	static const Page pages[] = {
		{ "/x",
		  { "200\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1790001800\n\n"
		    "{\"errors\":[{\"type\":\"RATE_LIMITED\"}]}",
		    "200\nX-RateLimit-Limit: 100\nX-RateLimit-Remaining: 9\n"
		    "X-RateLimit-Reset: 1790001800\n\n{}" } },
		{ NULL }
	};
	g_auto(Stage) stage = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) error = NULL;

	stage_begin(&stage, pages);
	stage.api.quota = "graphql";
	for (int i = 0; i < 2; i++) {
		g_clear_error(&error);
		g_assert_false(api_do(&stage.api, HTTP_POST, "/x", NULL, "deed", &answer, &error));
		g_assert_error(error, FAILURE, FAILURE_BUSY);
		g_assert_cmpint(failure_retry_at(error), ==, 1790001800);
		g_assert_cmpuint(stage.server->requests->len, ==, 1);
		api_answer_clear(&answer);
	}
	stage.api.quota = NULL;
	g_clear_error(&error);
	g_assert_true(api_do(&stage.api, HTTP_POST, "/x", NULL, "deed", &answer, &error));
	g_assert_no_error(error);
	g_assert_false(api_spare(&stage.api, "this", NULL));
	stage.api.quota = "graphql";
	g_assert_true(api_spare(&stage.api, "this", NULL));
}

static bool take(const Json *item G_GNUC_UNUSED, void *data)
{
	++*(int *)data;
	return true;
}

/* Pages that are small enough, one by one. */
static void a_list_is_as_long_as_four_answers_at_most(void)
{
	static const char page[] = "200\nLink: <x>; rel=\"next\"\n\n[1234567,12345678]";
	static const Page pages[] = { { "/x?a&page=1", { page } }, { "/x?a&page=2", { page } },
				      { "/x?a&page=3", { page } }, { "/x?a&page=4", { page } },
				      { "/x?a&page=5", { page } }, { NULL } };
	g_auto(Stage) stage = { 0 };
	g_autoptr(GError) error = NULL;
	int taken = 0;

	stage_begin(&stage, pages);
	stage.api.max_bytes = 20;
	g_assert_false(api_each(&stage.api, "/x?a", "listing", take, &taken, &error));
	g_assert_error(error, FAILURE, FAILURE_LIMIT);
	g_assert_nonnull(strstr(error->message, "listing: the list is too long"));
	g_assert_cmpint(taken, ==, 8);
}

/* The limit of an address without a token is not that of the token. */
static void a_token_that_got_lost_is_not_paused(void)
{
	static const Page pages[] = {
		{ "/x",
		  { "403\nX-RateLimit-Limit: 60\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: "
		    "1790001800\n\n{}",
		    "200\n\n{}" } },
		{ NULL }
	};
	g_auto(Stage) stage = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) error = NULL;

	stage_begin(&stage, pages);
	g_assert_false(api_do(&stage.api, HTTP_GET, "/x", NULL, "deed", &answer, &error));
	g_assert_error(error, FAILURE, FAILURE_NET);
	g_clear_error(&error);
	api_answer_clear(&answer);
	g_assert_true(api_do(&stage.api, HTTP_GET, "/x", NULL, "deed", &answer, &error));
	g_assert_no_error(error);
}

/* A kept answer lacks the header, and says nothing of the token. */
static void a_token_ends_when_the_last_fresh_answer_said(void)
{
	static const Page pages[] = {
		{ "/x",
		  { "200\nETag: \"x\"\nGitHub-Authentication-Token-Expiration: "
		    "2026-12-24 10:00:00 UTC\n\n{}",
		    "304\n\n", "200\n\n{}" } },
		{ NULL }
	};
	static const int64_t ends[] = { 1798070400, 1798070400, INT64_MAX };
	g_auto(Stage) stage = { 0 };

	stage_begin(&stage, pages);
	g_assert_cmpint(stage.api.expires_at, ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_auto(ApiAnswer) answer = { 0 };

		g_assert_true(api_do(&stage.api, HTTP_GET, "/x", NULL, "deed", &answer, NULL));
		g_assert_cmpint(stage.api.expires_at, ==, ends[i]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/publish/api/", rows[i].name, NULL);

		g_test_add_data_func(path, &rows[i], means_what_the_table_says);
	}
	g_test_add_func("/publish/api/a_list_is_as_long_as_four_answers_at_most",
			a_list_is_as_long_as_four_answers_at_most);
	g_test_add_func("/publish/api/github_is_told_the_version_of_its_language",
			github_is_told_the_version_of_its_language);
	g_test_add_func("/publish/api/a_limit_that_is_counted_apart_pauses_alone",
			a_limit_that_is_counted_apart_pauses_alone);
	g_test_add_func("/publish/api/a_token_that_got_lost_is_not_paused",
			a_token_that_got_lost_is_not_paused);
	g_test_add_func("/publish/api/a_token_ends_when_the_last_fresh_answer_said",
			a_token_ends_when_the_last_fresh_answer_said);
	return g_test_run();
}
