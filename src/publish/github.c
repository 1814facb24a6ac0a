/* SPDX-License-Identifier: MIT */
/* GitHub: github.com, data-residency hosts, Enterprise Server (forges.md 3). */
#include "publish/github.h"

#include "base/text.h"
#include "publish/address.h"
#include "publish/board.h"
#include "publish/pulls.h"
#include "publish/section.h"

#include <string.h>

#define PAGE 100

static Proposal *read_proposal(const Json *item, const Hosted *hosted)
{
	return pulls_read(item, hosted, json_string(json_object(item, "head"), "ref"),
			  json_string(json_object(item, "base"), "ref"));
}

bool github_has_error(const ApiAnswer *answer, const char *field, const char *code)
{
	const Json *errors = json_array(answer->json, "errors");

	for (const Json *one = json_first(errors); one != NULL; one = json_next(one))
		if ((field == NULL || g_strcmp0(json_string(one, "field"), field) == 0) &&
		    g_strcmp0(json_string(one, "code"), code) == 0)
			return true;
	return false;
}

/* What refusals say. */
#define EXISTS    "a pull request already exists for"
#define NOTHING   "no commits between"
#define UPROOTED  "no history in common"
#define DRAFTLESS "draft pull requests are not supported"

/* Whether a refusal has a reason that another try does not change. */
static bool is_explained(const ApiAnswer *answer)
{
	static const char *const reasons[] = { EXISTS, NOTHING, UPROOTED, DRAFTLESS };

	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (api_says(answer, reasons[i]))
			return true;
	return pulls_is_too_long(answer);
}

/* The branch was pushed a moment ago, or the forge says nothing of the reason: then
 * one more try will do (forges.md 3.3). */
static bool is_early(const ApiAnswer *answer, int tries)
{
	if (answer->status != 422 || is_explained(answer))
		return false;
	if (json_get(answer->json, "errors") == NULL)
		return tries == 1;
	return github_has_error(answer, "head", "invalid");
}

/* `state=all` is known to answer 500, so the two are asked for one by one. */
static char *list_path(Hosted *hosted, bool is_open, const char *head, GError **error G_GNUC_UNUSED)
{
	g_autofree char *owner = http_escape(hosted->owner);
	g_autofree char *from = http_escape(head != NULL ? head : "");
	g_autofree char *query =
		head == NULL ? g_strdup("") : g_strdup_printf("&head=%s:%s", owner, from);

	return api_path(&hosted->api, "/pulls?state=%s%s&sort=updated&direction=desc&per_page=%d",
			is_open ? "open" : "closed", query, PAGE);
}

static Json *wanted_proposal(const Proposal *proposal)
{
	Json *body = json_new_object();

	json_set_string(body, "title", proposal->title);
	json_set_string(body, "head", proposal->head);
	json_set_string(body, "base", proposal->base);
	json_set_string(body, "body", proposal->body);
	json_set_bool(body, "maintainer_can_modify", false);
	if (proposal->is_draft)
		json_set_bool(body, "draft", true);
	return body;
}

/* Drafts are not for every plan of GitHub's, and an instance may take shorter texts. */
static bool soften(const ApiAnswer *answer, Proposal *proposal)
{
	char *shorter;

	if (proposal->is_draft && api_says(answer, DRAFTLESS)) {
		proposal->is_draft = false;
		return true;
	}
	shorter = pulls_is_too_long(answer) ? section_cut(proposal->body) : NULL;
	if (shorter == NULL)
		return false;
	g_free(proposal->body);
	proposal->body = shorter;
	return true;
}

static char *said_path(const Hosted *hosted, int64_t number, const char *since)
{
	return number != 0 ? api_path(&hosted->api,
				      "/issues/%" G_GINT64_FORMAT "/comments?since=%s&per_page=%d",
				      number, since, PAGE)
			   : api_path(&hosted->api,
				      "/issues/comments?since=%s&sort=updated&direction=asc"
				      "&per_page=%d",
				      since, PAGE);
}

static bool may_push(Hosted *hosted, const Comment *comment, bool *may, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *who = http_escape(comment->author);
	g_autofree char *path = api_path(&hosted->api, "/collaborators/%s/permission", who);
	const char *right;

	*may = false;
	if (!api_ask(&hosted->api, HTTP_GET, path, NULL, &answer, error))
		return false;
	right = json_string(answer.json, "permission");
	*may = api_is_good(&answer) &&
	       (g_strcmp0(right, "admin") == 0 || g_strcmp0(right, "write") == 0);
	return true;
}

/* Its token has no user. */
static bool is_app(const Hosted *hosted)
{
	return hosted->repository->app_id != NULL;
}

typedef struct {
	const Hosted *hosted;
	GPtrArray *urls;
} Found;

static bool note_repository(const Json *item, void *data)
{
	Found *found = data;
	const char *name = json_string(item, "name");
	const char *owner = json_string(json_object(item, "owner"), "login");
	const Json *rights = json_object(item, "permissions");
	g_autofree char *escaped = http_escape(name != NULL ? name : "");

	if (name != NULL && owner != NULL && g_ascii_strcasecmp(owner, found->hosted->owner) == 0 &&
	    !json_bool(item, "archived", false) && !json_bool(item, "disabled", false) &&
	    !json_bool(item, "fork", false) &&
	    (is_app(found->hosted) || json_bool(rights, "push", false)))
		g_ptr_array_add(found->urls,
				g_strdup_printf("%s/%s.git", found->hosted->web, escaped));
	return true;
}

/* What the token may push to, reduced to the owner: /orgs/… and /users/… show
 * only what is public to some kinds of token. An App sees where it is installed. */
static GPtrArray *discover(Hosted *hosted, GError **error)
{
	g_autoptr(GPtrArray) urls = g_ptr_array_new_with_free_func(g_free);
	Found found = { hosted, urls };
	g_autofree char *path = g_strdup_printf(
		is_app(hosted) ? "/installation/repositories?per_page=%d"
			       : "/user/repos?affiliation=owner,collaborator,organization_member"
				 "&per_page=%d",
		PAGE);

	if (!api_spare(&hosted->api, "listing repositories", error))
		return NULL;
	hosted->api.list_key = is_app(hosted) ? "repositories" : NULL;
	if (!api_each(&hosted->api, path, "listing repositories", note_repository, &found, error))
		return NULL;
	return g_steal_pointer(&urls);
}

/* All fresh answers tell, to a token that ends; those of an App are renewed by us. */
static bool learn_expiry(Hosted *hosted, int64_t *at, GError **error G_GNUC_UNUSED)
{
	*at = hosted->api.expires_at;
	return true;
}

static void remark_expiry(const ApiAnswer *answer, Standing *standing)
{
	const char *expiry = api_header(answer, "github-authentication-token-expiration");

	if (expiry != NULL)
		g_ptr_array_add(standing->remarks,
				g_strdup_printf("the token expires on %.10s", expiry));
}

/* Classic tokens say what they are for; "repo" is all repositories of the account. */
static void remark_scopes(const ApiAnswer *answer, Standing *standing)
{
	const char *scopes = api_header(answer, "x-oauth-scopes");
	g_auto(GStrv) words = scopes != NULL ? g_strsplit(scopes, ",", -1) : NULL;

	for (char **word = words; word != NULL && *word != NULL; word++) {
		const char *scope = g_strstrip(*word);

		if (strcmp(scope, "repo") == 0)
			g_ptr_array_add(standing->remarks,
					g_strdup("a classic token with 'repo' can write to every "
						 "repository of its account; a fine-grained one is "
						 "for those alone that it names"));
		else if (*scope != '\0')
			g_ptr_array_add(standing->remarks,
					g_strdup_printf("the scope '%s' is not needed", scope));
	}
}

/* Apps have no account to ask for. */
static bool check_account(Hosted *hosted, Standing *standing, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) local = NULL;

	if (is_app(hosted)) {
		standing->account = g_strdup_printf("GitHub App %s", hosted->repository->app_id);
		return true;
	}
	if (!api_ask(&hosted->api, HTTP_GET, "/user", NULL, &answer, &local)) {
		if (failure_kind(local) == FAILURE_DENIED)
			return true;
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	g_free(hosted->login);
	hosted->login = g_strdup(json_string(answer.json, "login"));
	standing->account = g_strdup(hosted->login);
	remark_expiry(&answer, standing);
	remark_scopes(&answer, standing);
	return true;
}

static char *board_list(Hosted *hosted, GError **error)
{
	g_autofree char *escaped = NULL;

	if (is_app(hosted) && hosted->login == NULL)
		hosted->login = github_viewer(hosted, error);
	else if (hosted_login(hosted, error) == NULL)
		return NULL;
	if (hosted->login == NULL)
		return NULL;
	escaped = http_escape(hosted->login);
	return api_path(&hosted->api, "/issues?state=open&creator=%s&per_page=%d", escaped, PAGE);
}

static const BoardHome board = { .body = "body", .change = HTTP_PATCH, .list = board_list };

static bool check(Hosted *hosted, Standing *standing, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };

	standing->advice = g_strdup(
		"a fine-grained token for this repository needs the permissions Contents: write "
		"and Pull requests: write; so does a GitHub App");
	if (hosted->repository->discover)
		return check_account(hosted, standing, error);
	if (!api_ask(&hosted->api, HTTP_GET, hosted->api.repository, NULL, &answer, error) ||
	    !check_account(hosted, standing, error))
		return false;
	if (!api_is_readable(&answer, standing))
		return true;
	return pulls_check(hosted, answer.json, standing, error);
}

static const Conversation conversation = {
	.proposals = "/pulls",
	.threads = "/issues",
	.comments = "/comments",
	.page = "/pull/",
	.number = "number",
	.list = list_path,
	.read = read_proposal,
	.wish = wanted_proposal,
	.exists = EXISTS,
	.nothing = NOTHING,
	.is_early = is_early,
	.soften = soften,
	.said = said_path,
	.hear = pulls_read_comment,
};

static Hosted *begin(World *w, const Repository *repository, GError **error)
{
	g_autoptr(ForgeAddress) address =
		forge_address(repository->url, repository->discover, 1, error);
	Hosted *hosted;

	if (address == NULL)
		return NULL;
	hosted = hosted_new(w, repository, github_api(address->origin));
	hosted_name(hosted, address, address->origin);
	hosted->api.is_github = true;
	hosted->conversation = &conversation;
	hosted->board = &board;
	return hosted;
}

const Forge forge_github = {
	.name = "github",
	.can = CAN_PROPOSE | CAN_LABEL | CAN_COMMENT | CAN_REVIEWERS | CAN_MILESTONE |
	       CAN_DISCOVER | CAN_AUTOMERGE | CAN_DASHBOARD,
	.max_body = 60000,
	.git_user = "x-access-token",
	.sign = '#',
	.begin = begin,
	.list = conversation_list,
	.find = conversation_find,
	.look = conversation_look,
	.open = conversation_open,
	.update = pulls_update,
	.close = pulls_close,
	.say = conversation_say,
	.hear = conversation_hear,
	.may_push = may_push,
	.nod = pulls_nod,
	.read_board = board_read,
	.write_board = board_write,
	.dress = github_dress,
	.automerge = github_automerge,
	.cancel_automerge = github_cancel_automerge,
	.check = check,
	.learn_expiry = learn_expiry,
	.discover = discover,
};
