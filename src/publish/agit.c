/* SPDX-License-Identifier: MIT */
/* Gitea and Forgejo by AGit: what is pushed to refs/for/BASE becomes the head of a pull
 * request, without any branch, so that who pushes need only be able to read. An author
 * may reword and close, but not label, assign, or ask for reviews.
 *
 * Rules, each tried against Gitea 1.27:
 * 1. A pull request is known by base, account and topic. The topic is not told by the API,
 *    so that the marker in the body has to (identity.h); what stands there counts only if
 *    the account is ours, since everybody can open one.
 * 2. Title and description are heeded when one is opened, never later, and an option is a
 *    line: the marker goes along, and the whole body follows by the API.
 * 3. Other commits need the word force-push, which harms nothing where it is not needed.
 * Source: forges.md 5.3. */
#include "publish/board.h"
#include "publish/gitea.h"
#include "publish/identity.h"
#include "publish/pulls.h"

#include <string.h>

static bool is_commit(const char *text)
{
	return text != NULL && strlen(text) == 40 && strspn(text, "0123456789abcdef") == 40;
}

/* One that comes from a branch keeps its name. */
static Proposal *read_proposal(const Json *item, const Hosted *hosted)
{
	g_autoptr(Proposal) proposal = gitea_read(item, hosted);
	g_autofree char *name = NULL;

	if (proposal == NULL || !is_commit(proposal->head_commit))
		return NULL;
	name = *proposal->head == '\0' && proposal->body != NULL ? identity_branch(proposal->body)
								 : NULL;
	if (name != NULL) {
		g_free(proposal->head);
		proposal->head = g_steal_pointer(&name);
	}
	return g_steal_pointer(&proposal);
}

/* Rule 1. */
static Proposal *read_own(const Json *item, const Hosted *hosted)
{
	g_autoptr(Proposal) proposal = gitea_read(item, hosted);

	return proposal != NULL && g_strcmp0(proposal->author, hosted->login) == 0 &&
			       *proposal->head == '\0'
		       ? read_proposal(item, hosted)
		       : NULL;
}

/* Without knowing who we are none is ours. */
static char *list_path(Hosted *hosted, bool is_open, const char *head G_GNUC_UNUSED, GError **error)
{
	g_autofree char *login = NULL, *query = NULL;

	if (hosted_login(hosted, error) == NULL)
		return NULL;
	login = http_escape(hosted->login);
	query = g_strconcat("&poster=", login, NULL);
	return gitea_list_path(hosted, is_open, query);
}

/* The push has opened it; or it was open, and its words may be a person's. */
static bool open_one(Hosted *hosted, Proposal *proposal, Opening *opening, GError **error)
{
	g_autoptr(GPtrArray) all = conversation_list(hosted, error);

	for (guint i = 0; all != NULL && i < all->len; i++) {
		const Proposal *one = g_ptr_array_index(all, i);

		if (g_strcmp0(one->head_commit, proposal->head_commit) != 0 ||
		    strcmp(one->base, proposal->base) != 0)
			continue;
		proposal_take_over(proposal, g_ptr_array_steal_index(all, i));
		*opening = OPENED_BEFORE;
		return true;
	}
	return all != NULL && fail(error, FAILURE_NET, "the push has opened no pull request");
}

/* The marker is the last line of a body. */
static char *marker_of(const char *body)
{
	g_autofree char *text = g_strchomp(g_strdup(body));
	const char *line = strrchr(text, '\n');

	return g_strdup(line != NULL ? line + 1 : text);
}

/* Rules 2 and 3. */
static GPtrArray *push_options(const Proposal *proposal, const Dress *dress G_GNUC_UNUSED,
			       bool is_new)
{
	GPtrArray *options = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *marker = marker_of(proposal->body);

	g_ptr_array_add(options, g_strconcat("topic=", proposal->head, NULL));
	g_ptr_array_add(options, g_strdup("force-push=true"));
	if (!is_new)
		return options;
	g_ptr_array_add(options, g_strconcat("title=", proposal->is_draft ? GITEA_DRAFT : "",
					     proposal->title, NULL));
	g_ptr_array_add(options, g_strconcat("description=", marker, NULL));
	return options;
}

static GPtrArray *discover(Hosted *hosted, GError **error)
{
	return gitea_discover(hosted, "pull", error);
}

/* Whose it is has to be known, and is a right by itself. */
static bool check_account(Hosted *hosted, Standing *standing, GError **error)
{
	static const char what[] = "know its own pull requests";
	g_autoptr(GError) local = NULL;

	standing->account = g_strdup(hosted_login(hosted, &local));
	if (local != NULL && failure_kind(local) != FAILURE_DENIED) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	standing_add(standing, what, local != NULL ? local->message : NULL);
	return true;
}

static bool check(Hosted *hosted, Standing *standing, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *pulls = NULL, *issues = NULL;

	standing->advice = g_strdup("the token needs the scopes write:repository, write:issue and "
				    "read:user (Settings, Applications); its account need only "
				    "be able to read the repository");
	if (!check_account(hosted, standing, error))
		return false;
	if (hosted->repository->discover)
		return true;
	if (!api_ask(&hosted->api, HTTP_GET, hosted->api.repository, NULL, &answer, error))
		return false;
	if (!api_is_readable(&answer, standing))
		return true;
	if (json_bool(json_object(answer.json, "permissions"), "push", false))
		g_ptr_array_add(standing->remarks, g_strdup("its account may write to the "
							    "repository, which is not needed"));
	if (json_bool(answer.json, "archived", false))
		g_ptr_array_add(standing->remarks, g_strdup("the repository is archived"));
	pulls = api_path(&hosted->api, "/pulls");
	issues = api_path(&hosted->api, "/issues");
	return api_try(&hosted->api, HTTP_POST, pulls, "open and close pull requests", standing,
		       error) &&
	       /* Who may open issues may comment; without issues that cannot be tried. */
	       (!json_bool(answer.json, "has_issues", true) ||
		api_try(&hosted->api, HTTP_POST, issues, "comment", standing, error));
}

static const Conversation conversation = {
	.proposals = "/pulls",
	.threads = "/issues",
	.comments = "/comments",
	.page = "/pulls/",
	.number = "number",
	.list = list_path,
	.read = read_proposal,
	.read_listed = read_own,
	.said = gitea_said_path,
	.hear = pulls_read_comment,
};

static Hosted *begin(World *w, const Repository *repository, GError **error)
{
	Hosted *hosted = gitea_begin(w, repository, error);

	if (hosted != NULL)
		hosted->conversation = &conversation;
	return hosted;
}

const Forge forge_agit = {
	.name = "agit",
	.can = CAN_PROPOSE | CAN_PROPOSE_BY_PUSH | CAN_PROPOSE_WITHOUT_BRANCH | CAN_COMMENT |
	       CAN_DISCOVER | CAN_DASHBOARD,
	.max_body = 60000,
	.git_user = "upkeepd",
	.sign = '#',
	.push_ref = "refs/for/",
	.push_is_vain = "new commit is same with old commit",
	.push_options = push_options,
	.begin = begin,
	.list = conversation_list,
	.find = conversation_find,
	.look = conversation_look,
	.open = open_one,
	.update = pulls_update,
	.close = pulls_close,
	.say = conversation_say,
	.hear = conversation_hear,
	.may_push = gitea_may_push,
	.nod = pulls_nod,
	.read_board = board_read,
	.write_board = board_write,
	.check = check,
	.discover = discover,
};
