/* SPDX-License-Identifier: MIT */
/* What each forge may answer to the wish to open a proposal, and what is made of
 * it. Source: forge-vectors.md B, C, D. */
#include "base/secret.h"
#include "net/http.h"
#include "net/loopback.h"
#include "publish/forges.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define GITEA_OPEN   "/api/v1/repos/acme/shop/pulls?state=open&sort=recentupdate&limit=50&page=1"
#define GITEA_OPEN_2 "/api/v1/repos/acme/shop/pulls?state=open&sort=recentupdate&limit=50&page=2"
#define GITEA_POST   "/api/v1/repos/acme/shop/pulls"
#define GITHUB_LIST(state)                           \
	"/api/v3/repos/acme/shop/pulls?state=" state \
	"&head=acme:bot%2Fx&sort=updated&direction=desc&per_page=100&page=1"
#define GITHUB_POST    "/api/v3/repos/acme/shop/pulls"
#define GITLAB_PROJECT "/api/v4/projects/acme%2Fshop"
#define GITLAB_LIST(state) \
	GITLAB_PROJECT "/merge_requests?state=" state "&source_branch=bot%2Fx&per_page=100&page=1"
#define GITLAB_POST GITLAB_PROJECT "/merge_requests"

#define GITEA_ITEM(number, state, repository)                                       \
	"{\"number\":" number ",\"state\":\"" state "\",\"merged\":false,"          \
	"\"html_url\":\"https://h/" number "\","                                    \
	"\"head\":{\"ref\":\"bot/x\",\"repo\":{\"full_name\":\"" repository "\"}}," \
	"\"base\":{\"ref\":\"main\"}}"
#define GITLAB_ITEM(number, project)                                                            \
	"{\"iid\":" number ",\"state\":\"opened\",\"web_url\":\"https://h/" number "\","        \
	"\"source_branch\":\"bot/x\",\"target_branch\":\"main\",\"source_project_id\":" project \
	"}"

enum { REFUSED = -1 };

typedef struct {
	const char *name;
	const Forge *forge;
	Page pages[5];
	int opening;      /* an Opening; REFUSED: an error */
	int number;       /* of the proposal */
	FailureKind kind; /* of the error */
	const char *why;  /* a part of its text */
} Case;

static const Case cases[] = {
	{ "gitea_opens_one",
	  &forge_gitea,
	  { { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_POST, { "201\n\n{\"number\":6,\"html_url\":\"https://h/6\"}" } } },
	  OPENED,
	  6 },
	{ "gitea_finds_the_open_one_on_the_second_page",
	  &forge_gitea,
	  { { GITEA_OPEN, { "200\nLink: <https://wrong/x>; rel=\"next\"\n\n[null]" } },
	    { GITEA_OPEN_2, { "200\n\n[" GITEA_ITEM("51", "open", "acme/shop") "]" } } },
	  OPENED_BEFORE,
	  51 },
	{ "gitea_passes_over_the_branch_of_a_fork",
	  &forge_gitea,
	  { { GITEA_OPEN, { "200\n\n[" GITEA_ITEM("4", "open", "mallory/shop") "]" } },
	    { GITEA_POST, { "201\n\n{\"number\":6}" } } },
	  OPENED,
	  6 },
	{ "gitea_adopts_what_was_made_though_the_answer_failed",
	  &forge_gitea,
	  { { GITEA_OPEN, { "200\n\n[]", "200\n\n[" GITEA_ITEM("7", "open", "acme/shop") "]" } },
	    { GITEA_POST, { "500\n\n{\"message\":\"\"}" } } },
	  OPENED_BEFORE,
	  7 },
	{ "gitea_says_conflict_and_it_is_there",
	  &forge_gitea,
	  { { GITEA_OPEN, { "200\n\n[]", "200\n\n[" GITEA_ITEM("6", "open", "acme/shop") "]" } },
	    { GITEA_POST,
	      { "409\n\n{\"message\":\"pull request already exists for these targets\"}" } } },
	  OPENED_BEFORE,
	  6 },
	{ "gitea_sees_no_changes",
	  &forge_gitea,
	  { { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_POST,
	      { "422\n\n{\"message\":\"There are no changes between the head and the base\"}" } } },
	  OPENED_NOT },
	{ "gitea_is_archived",
	  &forge_gitea,
	  { { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_POST, { "423\n\n{\"message\":\"locked\"}" } } },
	  REFUSED,
	  0,
	  FAILURE_INPUT,
	  "423: locked" },
	{ "gitea_names_the_scope_that_is_missing",
	  &forge_gitea,
	  { { GITEA_OPEN, { "403\n\n{\"message\":\"required=[read:repository]\"}" } } },
	  REFUSED,
	  0,
	  FAILURE_DENIED,
	  "required=[read:repository]" },
	{ "gitea_behind_a_log_in_page",
	  &forge_gitea,
	  { { GITEA_OPEN, { "200\n\n<html>log in</html>" } } },
	  REFUSED,
	  0,
	  FAILURE_NET,
	  "not JSON" },
	{ "github_opens_one",
	  &forge_github,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST, { "201\n\n{\"number\":9,\"html_url\":\"https://h/9\"}" } } },
	  OPENED,
	  9 },
	{ "github_lists_another_branch_for_a_filter_it_ignored",
	  &forge_github,
	  { { GITHUB_LIST("open"),
	      { "200\n\n[{\"number\":3,\"state\":\"open\",\"head\":{\"ref\":\"other\","
		"\"repo\":{\"full_name\":\"acme/shop\"}},\"base\":{\"ref\":\"main\"}}]" } },
	    { GITHUB_POST, { "201\n\n{\"number\":9}" } } },
	  OPENED,
	  9 },
	{ "github_says_it_exists",
	  &forge_github,
	  { { GITHUB_LIST("open"),
	      { "200\n\n[]",
		"200\n\n[{\"number\":5,\"state\":\"open\",\"head\":{\"ref\":\"bot/x\","
		"\"repo\":{\"full_name\":\"Acme/Shop\"}},\"base\":{\"ref\":\"main\"}}]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[{\"resource\":"
		"\"PullRequest\",\"code\":\"custom\",\"message\":\"A pull request already "
		"exists for acme:bot/x.\"}]}" } } },
	  OPENED_BEFORE,
	  5 },
	{ "github_has_no_commits_between",
	  &forge_github,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST, { "422\n\n{\"errors\":[\"No commits between main and bot/x\"]}" } } },
	  OPENED_NOT },
	{ "github_base_vanished",
	  &forge_github,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[{\"field\":\"base\","
		"\"code\":\"invalid\"}]}" } } },
	  REFUSED,
	  0,
	  FAILURE_INPUT,
	  "422: Validation Failed; field: base" },
	{ "github_token_lacks_a_right",
	  &forge_github,
	  { { GITHUB_LIST("open"),
	      { "403\nX-Accepted-GitHub-Permissions: pull_requests=write\n\n"
		"{\"message\":\"Resource not accessible by integration\"}" } } },
	  REFUSED,
	  0,
	  FAILURE_DENIED,
	  "it needs pull_requests=write" },
	{ "github_blocks_an_archived_repository",
	  &forge_github,
	  { { GITHUB_LIST("open"),
	      { "403\n\n{\"message\":\"Repository was archived so is read-only.\"}" } } },
	  REFUSED,
	  0,
	  FAILURE_INPUT,
	  "archived" },
	{ "github_refuses_the_token",
	  &forge_github,
	  { { GITHUB_LIST("open"), { "401\n\n{\"message\":\"Bad credentials\"}" } } },
	  REFUSED,
	  0,
	  FAILURE_DENIED,
	  "Bad credentials" },
	{ "github_has_renamed_the_repository",
	  &forge_github,
	  { { GITHUB_LIST("open"), { "301\nLocation: @SELF/x\n\n{}" } },
	    { "/api/v3/repos/acme/shop",
	      { "301\nLocation: https://other/api/v3/repositories/42\n\n{}" } },
	    { "/api/v3/repositories/42/pulls?state=open&head=acme:bot%2Fx&sort=updated"
	      "&direction=desc&per_page=100&page=1",
	      { "200\n\n[]" } },
	    { "/api/v3/repositories/42/pulls", { "201\n\n{\"number\":9}" } } },
	  OPENED,
	  9 },
	{ "github_sends_us_elsewhere",
	  &forge_github,
	  { { GITHUB_LIST("open"), { "302\nLocation: https://evil.example/x\n\n{}" } },
	    { "/api/v3/repos/acme/shop", { "302\nLocation: https://evil.example/x\n\n{}" } } },
	  REFUSED,
	  0,
	  FAILURE_CONFIG,
	  "has moved" },
	{ "github_does_not_see_the_branch_yet",
	  &forge_github,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"errors\":[{\"field\":\"head\",\"code\":\"invalid\"}]}",
		"422\n\n{\"message\":\"Validation Failed\"}", "201\n\n{\"number\":9}" } } },
	  OPENED,
	  9 },
	{ "github_echoes_the_token",
	  &forge_github,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "400\n\n{\"message\":\"bad token ghp_AAAAbbbb1111 or s3cr3t-t0ken\"}" } } },
	  REFUSED,
	  0,
	  FAILURE_INPUT,
	  "400: bad token *** or ***" },
	{ "gitlab_opens_one",
	  &forge_gitlab,
	  { { GITLAB_PROJECT, { "200\n\n{\"id\":42}" } },
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST, { "201\n\n{\"iid\":5,\"web_url\":\"https://h/5\"}" } } },
	  OPENED,
	  5 },
	{ "gitlab_passes_over_the_branch_of_a_fork",
	  &forge_gitlab,
	  { { GITLAB_PROJECT, { "200\n\n{\"id\":42}" } },
	    { GITLAB_LIST("opened"), { "200\n\n[" GITLAB_ITEM("3", "99") "]" } },
	    { GITLAB_POST, { "201\n\n{\"iid\":5}" } } },
	  OPENED,
	  5 },
	{ "gitlab_says_it_exists_in_a_list",
	  &forge_gitlab,
	  { { GITLAB_PROJECT, { "200\n\n{\"id\":42}" } },
	    { GITLAB_LIST("opened"), { "200\n\n[]", "200\n\n[" GITLAB_ITEM("38", "42") "]" } },
	    { GITLAB_POST,
	      { "409\n\n{\"message\":[\"Another open merge request already exists for this "
		"source branch: !38\"]}" } } },
	  OPENED_BEFORE,
	  38 },
	{ "gitlab_does_not_see_the_branch_yet",
	  &forge_gitlab,
	  { { GITLAB_PROJECT, { "200\n\n{\"id\":42}" } },
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST,
	      { "400\n\n{\"message\":{\"source_branch\":[\"does not exist\"]}}",
		"201\n\n{\"iid\":5}" } } },
	  OPENED,
	  5 },
	{ "gitlab_error_is_a_bare_array",
	  &forge_gitlab,
	  { { GITLAB_PROJECT, { "200\n\n{\"id\":42}" } },
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST, { "422\n\n[\"You can't use same project/branch\"]" } } },
	  REFUSED,
	  0,
	  FAILURE_INPUT,
	  "422: You can't use same project/branch" },
	{ "gitlab_hides_the_project",
	  &forge_gitlab,
	  { { GITLAB_PROJECT, { "404\n\n{\"message\":\"404 Project Not Found\"}" } } },
	  REFUSED,
	  0,
	  FAILURE_ABSENT,
	  "404 Project Not Found" },
	{ "gitlab_token_lacks_a_scope",
	  &forge_gitlab,
	  { { GITLAB_PROJECT,
	      { "403\n\n{\"error\":\"insufficient_scope\",\"error_description\":\"The request "
		"requires higher privileges\",\"scope\":\"api\"}" } } },
	  REFUSED,
	  0,
	  FAILURE_DENIED,
	  "scope: api" },
};

static void a_proposal_is_opened_once(gconstpointer data)
{
	const Case *row = data;
	Loopback *server = loopback_new(row->pages);
	HttpOptions options = { .backoff_ms = 1 };
	g_autoptr(Http) http = http_new(&options, NULL, 1790000000);
	World world = { .http = http, .now = 1790000000 };
	g_autofree char *url = g_strconcat(server->origin, "/acme/shop.git", NULL);
	g_autoptr(Secret) secret = secret_new("s3cr3t-t0ken", 12);
	Credential credential = { .host = server->origin, .secret = secret };
	Repository repository = { .url = url, .credential = &credential };
	g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");
	g_autoptr(GError) error = NULL;
	Opening opening = OPENED;
	bool is_good;

	proposal->title = g_strdup("Bump x");
	proposal->body = g_strdup("Bumps x.");
	is_good = row->forge->open(&world, &repository, proposal, &opening, &error);
	if (row->opening == REFUSED) {
		g_assert_false(is_good);
		g_assert_error(error, FAILURE, (int)row->kind);
		if (strstr(error->message, row->why) == NULL)
			g_test_message("%s", error->message);
		g_assert_nonnull(strstr(error->message, row->why));
	} else {
		g_assert_no_error(error);
		g_assert_cmpint(opening, ==, row->opening);
		g_assert_cmpint(proposal->number, ==, row->number);
	}
	loopback_free(server);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/publish/forges/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], a_proposal_is_opened_once);
	}
	return g_test_run();
}
