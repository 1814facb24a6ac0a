/* SPDX-License-Identifier: MIT */
/* Gitea and Forgejo, by their API v1 (forges.md 5). */
#include "publish/gitea.h"

#include "base/text.h"
#include "publish/board.h"
#include "publish/pulls.h"

#include <string.h>

/* The branch of a closed proposal whose branch is gone stands in `label` only,
 * where a fork's has its owner in front. */
static const char *branch_of(const Json *side)
{
	const char *ref = json_string(side, "ref"), *label = json_string(side, "label");

	return ref != NULL && !g_str_has_prefix(ref, "refs/pull/") ? ref : label;
}

Proposal *gitea_read(const Json *item, const Hosted *hosted)
{
	return pulls_read(item, hosted, branch_of(json_object(item, "head")),
			  branch_of(json_object(item, "base")));
}

/* The conflict check is not done, or another request holds the repository. */
static bool is_early(const ApiAnswer *answer, int tries G_GNUC_UNUSED)
{
	return answer->status == 405;
}

char *gitea_list_path(const Hosted *hosted, bool is_open, const char *query)
{
	return api_path(&hosted->api, "/pulls?state=%s&sort=recentupdate&limit=%d%s",
			is_open ? "open" : "closed", GITEA_PAGE, query);
}

static char *list_path(Hosted *hosted, bool is_open, const char *head G_GNUC_UNUSED,
		       GError **error G_GNUC_UNUSED)
{
	return gitea_list_path(hosted, is_open, "");
}

/* The query by base and head has no state, so it may show a closed one while another is
 * open: a hint at most. */
static char *hint_path(const Hosted *hosted, const char *head, const char *base)
{
	g_autofree char *from = http_escape(head), *to = http_escape(base);

	return api_path(&hosted->api, "/pulls/%s/%s", to, from);
}

static Json *wanted_proposal(const Proposal *proposal)
{
	Json *body = json_new_object();

	json_set_string(body, "base", proposal->base);
	json_set_string(body, "head", proposal->head);
	conversation_set_title(body, proposal, GITEA_DRAFT);
	json_set_string(body, "body", proposal->body);
	return body;
}

/* The list of one has no pages. */
char *gitea_said_path(const Hosted *hosted, int64_t number, const char *since)
{
	return number != 0
		       ? api_path(&hosted->api, "/issues/%" G_GINT64_FORMAT "/comments?since=%s",
				  number, since)
		       : api_path(&hosted->api, "/issues/comments?since=%s&limit=%d", since,
				  GITEA_PAGE);
}

static const char *const enough[] = { "write", "admin", "owner", NULL };

static bool is_enough(const char *right)
{
	return right != NULL && g_strv_contains(enough, right);
}

/* Whether the members of a team may push. The one word for a team is a summary of its
 * rights, which counts where an old server does not list them. */
static bool can_push(const Json *team)
{
	const Json *units = json_object(team, "units_map");

	return is_enough(units != NULL ? json_string(units, "repo.code")
				       : json_string(team, "permission"));
}

typedef struct {
	const char *login;
	bool is_there;
} Person;

static bool note_person(const Json *item, void *data)
{
	Person *person = data;

	person->is_there =
		person->is_there || g_strcmp0(json_string(item, "login"), person->login) == 0;
	return true;
}

/* Only admins may ask for the right of somebody else. Who may write to a repository is
 * also who can be assigned something in it, but for members of teams that may only read
 * proposals: where there is such a team nobody is believed. 405: there are no teams. */
static bool may_be_assigned(Hosted *hosted, const char *login, bool *may, GError **error)
{
	g_autofree char *teams = api_path(&hosted->api, "/teams");
	g_autofree char *assignees = api_path(&hosted->api, "/assignees?limit=%d", GITEA_PAGE);
	g_auto(ApiAnswer) answer = { 0 };
	Person person = { login, false };
	bool can_all = true;

	if (!api_ask(&hosted->api, HTTP_GET, teams, NULL, &answer, error))
		return false;
	for (const Json *team = json_first(answer.json); api_is_good(&answer) && team != NULL;
	     team = json_next(team))
		can_all = can_all && can_push(team);
	if ((!api_is_good(&answer) && answer.status != 405) || !can_all)
		return true;
	if (!api_each(&hosted->api, assignees, "looking for a person", note_person, &person, error))
		return false;
	*may = person.is_there;
	return true;
}

bool gitea_may_push(Hosted *hosted, const Comment *comment, bool *may, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *who = http_escape(comment->author);
	g_autofree char *path = api_path(&hosted->api, "/collaborators/%s/permission", who);

	*may = false;
	if (api_ask(&hosted->api, HTTP_GET, path, NULL, &answer, &local)) {
		*may = api_is_good(&answer) && is_enough(json_string(answer.json, "permission"));
		return true;
	}
	if (failure_kind(local) == FAILURE_DENIED)
		return may_be_assigned(hosted, comment->author, may, error);
	g_propagate_error(error, g_steal_pointer(&local));
	return false;
}

static bool note_label(const Json *item, void *labels)
{
	const char *name = json_string(item, "name");
	int64_t id = json_integer(item, "id", 0);

	if (name != NULL && id != 0)
		g_tree_insert(labels, g_utf8_casefold(name, -1),
			      g_strdup_printf("%" G_GINT64_FORMAT, id));
	return true;
}

/* Those of the owner too, unless that is a person, who has none, or the token may not
 * read them. */
static bool list_labels(Hosted *hosted, GError **error)
{
	static const char doing[] = "listing labels";
	g_autoptr(GTree) labels = g_tree_new_full(text_compare, NULL, g_free, g_free);
	g_autofree char *all = api_path(&hosted->api, "/labels?limit=%d", GITEA_PAGE);
	g_autofree char *owner = http_escape(hosted->owner);
	g_autofree char *of_owner = g_strdup_printf("/orgs/%s/labels?limit=%d", owner, GITEA_PAGE);
	g_autoptr(GError) local = NULL;
	FailureKind kind;

	if (hosted->labels != NULL)
		return true;
	if (!api_each(&hosted->api, of_owner, doing, note_label, labels, &local)) {
		kind = failure_kind(local);
		if (kind != FAILURE_ABSENT && kind != FAILURE_DENIED) {
			g_propagate_error(error, g_steal_pointer(&local));
			return false;
		}
		g_tree_remove_all(labels);
	}
	if (!api_each(&hosted->api, all, doing, note_label, labels, error))
		return false;
	hosted->labels = g_steal_pointer(&labels);
	return true;
}

/* The id of one label, made if there is none: servers accept several of a name,
 * so the list was read first. */
static bool label_id(Hosted *hosted, const char *name, int64_t *id, GError **error)
{
	g_autofree char *key = g_utf8_casefold(name, -1);
	g_autofree char *path = api_path(&hosted->api, "/labels");
	g_auto(ApiAnswer) answer = { 0 };
	const char *known = g_tree_lookup(hosted->labels, key);
	Json *body;

	if (known == NULL) {
		body = json_new_object();
		json_set_string(body, "name", name);
		json_set_string(body, "color", "#0366d6");
		if (!api_do(&hosted->api, HTTP_POST, path, body, "making a label", &answer, error))
			return false;
		note_label(answer.json, hosted->labels);
		known = g_tree_lookup(hosted->labels, key);
	}
	if (known == NULL || !g_ascii_string_to_signed(known, 10, 1, INT64_MAX, id, NULL))
		return fail(error, FAILURE_NET, "the forge's answer names no label");
	return true;
}

static bool add_labels(Hosted *hosted, int64_t number, const GPtrArray *names, GError **error)
{
	g_autofree char *path =
		api_path(&hosted->api, "/issues/%" G_GINT64_FORMAT "/labels", number);
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(Json) body = json_new_object();
	Json *ids = json_new_array();

	json_set(body, "labels", ids);
	if (!list_labels(hosted, error))
		return false;
	for (guint i = 0; i < names->len; i++) {
		int64_t id;

		if (!label_id(hosted, g_ptr_array_index(names, i), &id, error))
			return false;
		json_append_integer(ids, id);
	}
	return api_do(&hosted->api, HTTP_POST, path, g_steal_pointer(&body), "adding labels",
		      &answer, error);
}

static bool note_login(const Json *item, void *data)
{
	const char *login = json_string(item, "login");

	if (login != NULL)
		text_add(data, g_utf8_casefold(login, -1));
	return true;
}

/* A team is named with its organisation, as in "acme/ops". */
static const char *team_of(const char *name)
{
	const char *slash = strchr(name, '/');

	return slash != NULL ? slash + 1 : NULL;
}

/* Those who can be asked, by lower-case name. */
static GTree *people_at(Hosted *hosted, const char *path, GError **error)
{
	g_autoptr(GTree) known = g_tree_new_full(text_compare, NULL, g_free, NULL);
	g_autofree char *listed = api_path(&hosted->api, "%s?limit=%d", path, GITEA_PAGE);

	if (!api_each(&hosted->api, listed, "listing people", note_login, known, error))
		return NULL;
	return g_steal_pointer(&known);
}

static bool has_team(const GPtrArray *names)
{
	for (guint i = 0; i < names->len; i++)
		if (team_of(g_ptr_array_index(names, i)) != NULL)
			return true;
	return false;
}

/* 405: the owner is a person, who has no teams. */
static GTree *teams_at(Hosted *hosted, GError **error)
{
	g_autoptr(GTree) known = g_tree_new_full(text_compare, NULL, g_free, NULL);
	g_autofree char *path = api_path(&hosted->api, "/teams");
	g_auto(ApiAnswer) answer = { 0 };

	if (!api_ask(&hosted->api, HTTP_GET, path, NULL, &answer, error))
		return NULL;
	for (const Json *team = api_is_good(&answer) ? json_first(answer.json) : NULL; team != NULL;
	     team = json_next(team))
		if (json_string(team, "name") != NULL)
			text_add(known, g_utf8_casefold(json_string(team, "name"), -1));
	return g_steal_pointer(&known);
}

static bool is_known(GTree *known, const char *name)
{
	g_autofree char *key = g_utf8_casefold(name, -1);

	return known != NULL && g_tree_lookup(known, key) != NULL;
}

/* Puts those of `names` into `people` and `teams` (NULL: there is no asking teams) that
 * there are: asked for with one that there is not the server refuses all, some versions
 * with a 500. Whether there are any. */
static bool sort_names(const GPtrArray *names, GTree *known, GTree *known_teams, Json *people,
		       Json *teams, GString *trouble)
{
	bool is_any = false;

	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i), *team = team_of(name);
		bool is_team = team != NULL && is_known(known_teams, team);

		if (is_team)
			json_append_string(teams, team);
		else if (is_known(known, name))
			json_append_string(people, name);
		else
			g_string_append_printf(trouble, "'%s' cannot be asked here\n", name);
		is_any = is_any || is_team || is_known(known, name);
	}
	return is_any;
}

/* Setting them puts out all others: who is there stays. */
static bool assign(Hosted *hosted, const char *issue, const GPtrArray *names, GString *trouble,
		   GError **error)
{
	g_autoptr(Json) body = NULL;
	g_autoptr(GTree) known = NULL;
	g_auto(ApiAnswer) there = { 0 };
	const Json *before;
	Json *people = json_new_array();

	body = json_new_object();
	json_set(body, "assignees", people);
	known = people_at(hosted, "/assignees", error);
	if (known == NULL || !api_ask(&hosted->api, HTTP_GET, issue, NULL, &there, error))
		return false;
	before = api_is_good(&there) ? json_array(there.json, "assignees") : NULL;
	for (const Json *one = json_first(before); one != NULL; one = json_next(one))
		if (json_string(one, "login") != NULL)
			json_append_string(people, json_string(one, "login"));
	return !sort_names(names, known, NULL, people, NULL, trouble) ||
	       api_wish(&hosted->api, HTTP_PATCH, issue, g_steal_pointer(&body), "assigning",
			trouble, error);
}

static bool ask_for_reviews(Hosted *hosted, int64_t number, const GPtrArray *names,
			    GString *trouble, GError **error)
{
	g_autofree char *path = conversation_path(hosted, number, "/requested_reviewers");
	g_autoptr(Json) body = json_new_object();
	g_autoptr(GTree) known = NULL, known_teams = NULL;
	Json *people = json_new_array(), *teams = json_new_array();

	json_set(body, "reviewers", people);
	json_set(body, "team_reviewers", teams);
	known = people_at(hosted, "/reviewers", error);
	if (known == NULL || (has_team(names) && (known_teams = teams_at(hosted, error)) == NULL))
		return false;
	return !sort_names(names, known, known_teams, people, teams, trouble) ||
	       api_wish(&hosted->api, HTTP_POST, path, g_steal_pointer(&body), "asking for reviews",
			trouble, error);
}

static bool dress(Hosted *hosted, const Proposal *proposal, const Dress *wanted, GString *trouble,
		  GError **error)
{
	g_autofree char *issue =
		api_path(&hosted->api, "/issues/%" G_GINT64_FORMAT, proposal->number);
	Json *body;

	if (wanted->labels != NULL && wanted->labels->len > 0 &&
	    !add_labels(hosted, proposal->number, wanted->labels, error))
		return false;
	if (wanted->assignees != NULL && wanted->assignees->len > 0 &&
	    !assign(hosted, issue, wanted->assignees, trouble, error))
		return false;
	if (wanted->reviewers != NULL && wanted->reviewers->len > 0 &&
	    !ask_for_reviews(hosted, proposal->number, wanted->reviewers, trouble, error))
		return false;
	if (wanted->milestone == 0)
		return true;
	body = json_new_object();
	json_set_integer(body, "milestone", wanted->milestone);
	return api_wish(&hosted->api, HTTP_PATCH, issue, body, "setting the milestone", trouble,
			error);
}

/* How the repository wants its pull requests merged. */
static bool merge_style(Hosted *hosted, char **style, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	const char *usual;

	if (!api_do(&hosted->api, HTTP_GET, hosted->api.repository, NULL, "reading the repository",
		    &answer, error))
		return false;
	usual = json_string(answer.json, "default_merge_style");
	*style = g_strdup(usual != NULL ? usual : "merge");
	return true;
}

/* 405: Gitea has not looked yet whether it can be merged. 409 may say that it is going to
 * be already. */
static bool automerge(Hosted *hosted, const Proposal *proposal, GString *trouble, GError **error)
{
	static const int early[] = { 405, 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(Json) body = json_new_object();
	g_autofree char *path = conversation_path(hosted, proposal->number, "/merge");
	g_autofree char *style = NULL;

	if (!merge_style(hosted, &style, error))
		return false;
	json_set_string(body, "Do", style);
	json_set_bool(body, "merge_when_checks_succeed", true);
	json_set_bool(body, "delete_branch_after_merge", true);
	json_set_string(body, "head_commit_id", proposal->head_commit);
	if (!api_insist(&hosted->api, HTTP_POST, path, body, early, CONVERSATION_MERGE_TRIES,
			&answer, error))
		return false;
	if (!api_is_good(&answer) && !(answer.status == 409 && api_says(&answer, "schedul")))
		api_complain(&answer, CONVERSATION_AUTOMERGE, trouble);
	return true;
}

/* 404: it is not going to be merged by itself. */
static bool cancel_automerge(Hosted *hosted, int64_t number, GString *trouble, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = conversation_path(hosted, number, "/merge");

	if (!api_ask(&hosted->api, HTTP_DELETE, path, NULL, &answer, error))
		return false;
	if (!api_is_good(&answer) && answer.status != 404)
		api_complain(&answer, CONVERSATION_CANCEL, trouble);
	return true;
}

typedef struct {
	const Hosted *hosted;
	const char *right;
	GPtrArray *urls;
} Found;

static bool note_repository(const Json *item, void *data)
{
	Found *found = data;
	const char *name = json_string(item, "name");
	const Json *rights = json_object(item, "permissions");
	g_autofree char *escaped = http_escape(name != NULL ? name : "");

	if (name != NULL && !json_bool(item, "archived", false) &&
	    json_bool(item, "has_pull_requests", true) && !json_bool(item, "fork", false) &&
	    !json_bool(item, "mirror", false) && !json_bool(item, "empty", false) &&
	    json_bool(rights, found->right, false))
		g_ptr_array_add(found->urls,
				g_strdup_printf("%s/%s.git", found->hosted->web, escaped));
	return true;
}

GPtrArray *gitea_discover(Hosted *hosted, const char *right, GError **error)
{
	g_autoptr(GPtrArray) urls = g_ptr_array_new_with_free_func(g_free);
	Found found = { hosted, right, urls };
	g_autofree char *owner = http_escape(hosted->owner);
	/* Organisations are users too, but a token may see more of them by their own path. */
	g_autofree char *organisation =
		g_strdup_printf("/orgs/%s/repos?limit=%d", owner, GITEA_PAGE);
	g_autofree char *user = g_strdup_printf("/users/%s/repos?limit=%d", owner, GITEA_PAGE);

	if (!api_spare(&hosted->api, "listing repositories", error) ||
	    !api_each_or(&hosted->api, organisation, user, "listing repositories", note_repository,
			 &found, error))
		return NULL;
	return g_steal_pointer(&urls);
}

static GPtrArray *discover(Hosted *hosted, GError **error)
{
	return gitea_discover(hosted, "push", error);
}

static char *board_list(Hosted *hosted, GError **error)
{
	g_autofree char *escaped = NULL;

	if (hosted_login(hosted, error) == NULL)
		return NULL;
	escaped = http_escape(hosted->login);
	return api_path(&hosted->api, "/issues?state=open&type=issues&created_by=%s&limit=%d",
			escaped, GITEA_PAGE);
}

static bool check(Hosted *hosted, Standing *standing, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };

	standing->advice = g_strdup("the token needs the scopes write:repository and write:issue "
				    "(Settings, Applications), its account write access to the "
				    "repository");
	/* Whose it is may be asked with one more scope; nothing depends on it. */
	standing->account = g_strdup(hosted_login(hosted, NULL));
	if (hosted->repository->discover)
		return true;
	if (!api_ask(&hosted->api, HTTP_GET, hosted->api.repository, NULL, &answer, error))
		return false;
	if (!api_is_readable(&answer, standing))
		return true;
	return pulls_check(hosted, answer.json, standing, error);
}

static const Conversation conversation = {
	.proposals = "/pulls",
	.threads = "/issues",
	.comments = "/comments",
	.page = "/pulls/",
	.number = "number",
	.list = list_path,
	.hint = hint_path,
	.read = gitea_read,
	.wish = wanted_proposal,
	.exists = "already exists",
	.nothing = "no changes between",
	.is_early = is_early,
	.said = gitea_said_path,
	.hear = pulls_read_comment,
};

static const BoardHome board = { .body = "body", .change = HTTP_PATCH, .list = board_list };

Hosted *gitea_begin(World *w, const Repository *repository, GError **error)
{
	g_autoptr(ForgeAddress) address =
		forge_address(repository->url, repository->discover, 1, error);
	g_autofree char *root = NULL;
	Hosted *hosted;

	if (address == NULL)
		return NULL;
	root = g_strconcat(address->origin, address->prefix, NULL);
	hosted = hosted_new(w, repository, g_strconcat(root, "/api/v1", NULL));
	hosted_name(hosted, address, root);
	hosted->conversation = &conversation;
	hosted->board = &board;
	return hosted;
}

const Forge forge_gitea = {
	.name = "gitea",
	.can = CAN_PROPOSE | CAN_LABEL | CAN_COMMENT | CAN_REVIEWERS | CAN_MILESTONE |
	       CAN_DISCOVER | CAN_AUTOMERGE | CAN_DASHBOARD,
	.max_body = 60000,
	.git_user = "upkeepd",
	.sign = '#',
	.begin = gitea_begin,
	.list = conversation_list,
	.find = conversation_find,
	.look = conversation_look,
	.open = conversation_open,
	.update = pulls_update,
	.close = pulls_close,
	.say = conversation_say,
	.hear = conversation_hear,
	.may_push = gitea_may_push,
	.nod = pulls_nod,
	.read_board = board_read,
	.write_board = board_write,
	.dress = dress,
	.automerge = automerge,
	.cancel_automerge = cancel_automerge,
	.check = check,
	.discover = discover,
};
