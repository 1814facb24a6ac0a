/* SPDX-License-Identifier: MIT */
/* Gitea and Forgejo, by their API v1 (forges.md 5). */
#include "publish/gitea.h"

#include "base/text.h"
#include "base/time.h"
#include "publish/address.h"
#include "publish/board.h"

void gitea_clear(Gitea *gitea)
{
	api_clear(&gitea->api);
	g_free(gitea->full_name);
	g_free(gitea->owner);
	g_free(gitea->web);
}

bool gitea_init(Gitea *gitea, World *w, const Repository *repository, GError **error)
{
	g_autoptr(ForgeAddress) address =
		forge_address(repository->url, repository->discover, 1, error);
	g_autofree char *owner = NULL, *name = NULL, *root = NULL;

	*gitea = (Gitea){ 0 };
	if (address == NULL)
		return false;
	root = g_strconcat(address->origin, address->prefix, NULL);
	api_init(&gitea->api, w, repository, g_strconcat(root, "/api/v1", NULL));
	gitea->owner = g_strdup(address->owner);
	owner = http_escape(address->owner);
	gitea->web = g_strdup_printf("%s/%s", root, owner);
	if (address->name == NULL)
		return true;
	name = http_escape(address->name);
	gitea->api.repository = g_strdup_printf("/repos/%s/%s", owner, name);
	gitea->full_name = g_strdup_printf("%s/%s", address->owner, address->name);
	g_free(gitea->web);
	gitea->web = g_strdup_printf("%s/%s/%s", root, owner, name);
	return true;
}

/* The branch of a closed proposal whose branch is gone stands in `label` only,
 * where a fork's has its owner in front. */
static const char *branch_of(const Json *side)
{
	const char *ref = json_string(side, "ref"), *label = json_string(side, "label");

	return ref != NULL && !g_str_has_prefix(ref, "refs/pull/") ? ref : label;
}

/* NULL: it comes from another repository, or makes no sense. */
Proposal *gitea_read(const Json *item, const void *forge)
{
	const Gitea *gitea = forge;
	const Json *head = json_object(item, "head"), *base = json_object(item, "base");
	const char *from = branch_of(head), *to = branch_of(base);
	const Json *labels = json_array(item, "labels");
	Proposal *proposal;

	if (from == NULL || to == NULL || json_integer(item, "number", 0) == 0)
		return NULL;
	if (!conversation_is_own(head, base, gitea->full_name))
		return NULL;
	proposal = proposal_new(from, to);
	proposal->number = json_integer(item, "number", 0);
	proposal->state = json_bool(item, "merged", false)                     ? PROPOSAL_MERGED
			  : g_strcmp0(json_string(item, "state"), "open") == 0 ? PROPOSAL_OPEN
									       : PROPOSAL_CLOSED;
	proposal->head_commit = g_strdup(json_string(head, "sha"));
	proposal->title = g_strdup(json_string(item, "title"));
	proposal->body = g_strdup(json_string(item, "body"));
	proposal->url = g_strdup_printf("%s/pulls/%" G_GINT64_FORMAT, gitea->web, proposal->number);
	proposal->changed_at = api_time(item, "updated_at");
	proposal->author = g_strdup(json_string(json_object(item, "user"), "login"));
	for (const Json *label = json_first(labels); label != NULL; label = json_next(label))
		g_ptr_array_add(proposal->labels, g_strdup(json_string(label, "name")));
	return proposal;
}

/* The number at the end of a URL. */
static int64_t number_at_end(const char *url)
{
	const char *slash = url != NULL ? strrchr(url, '/') : NULL;
	int64_t number = 0;

	if (slash == NULL || !g_ascii_string_to_signed(slash + 1, 10, 1, INT64_MAX, &number, NULL))
		return 0;
	return number;
}

static Comment *read_comment(const Json *item, int64_t number)
{
	const Json *user = json_object(item, "user");
	Comment *comment = g_new0(Comment, 1);

	comment->id = json_integer(item, "id", 0);
	comment->number =
		number != 0 ? number : number_at_end(json_string(item, "pull_request_url"));
	comment->said_at = api_time(item, "created_at");
	comment->is_edited = api_time(item, "updated_at") != comment->said_at;
	comment->author = g_strdup(json_string(user, "login"));
	comment->author_id = json_integer(user, "id", 0);
	comment->body = g_strdup(json_string(item, "body"));
	return comment;
}

/* The conflict check is not done, or another request holds the repository. */
static bool is_early(const ApiAnswer *answer, int tries G_GNUC_UNUSED)
{
	return answer->status == 405;
}

Conversation gitea_conversation(Gitea *gitea, const char *query)
{
	return (Conversation){
		.api = &gitea->api,
		.forge = gitea,
		.hear = read_comment,
		.is_early = is_early,
		.open_path = api_path(&gitea->api, "/pulls?state=open&sort=recentupdate&limit=%d%s",
				      GITEA_PAGE, query),
		.closed_path =
			api_path(&gitea->api, "/pulls?state=closed&sort=recentupdate&limit=%d%s",
				 GITEA_PAGE, query),
	};
}

static Conversation conversation_of(Gitea *gitea)
{
	Conversation conversation = gitea_conversation(gitea, "");

	conversation.read = gitea_read;
	return conversation;
}

/* The query by base and head has no state, so it may show a closed one while another is
 * open: a hint at most. */
static char *hint_path(const Gitea *gitea, const char *head, const char *base)
{
	g_autofree char *from = http_escape(head), *to = http_escape(base);

	return api_path(&gitea->api, "/pulls/%s/%s", to, from);
}

static GPtrArray *list(World *w, const Repository *repository, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(Conversation) conversation = { 0 };

	if (!gitea_init(&gitea, w, repository, error))
		return NULL;
	conversation = conversation_of(&gitea);
	return conversation_all(&conversation, error);
}

static bool find(World *w, const Repository *repository, const char *head, const char *base,
		 Proposal **found, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(Conversation) conversation = { 0 };

	*found = NULL;
	if (!gitea_init(&gitea, w, repository, error))
		return false;
	conversation = conversation_of(&gitea);
	conversation.hint_path = hint_path(&gitea, head, base);
	return conversation_find(&conversation, head, base, found, error);
}

char *gitea_path(const Gitea *gitea, int64_t number)
{
	return api_path(&gitea->api, "/pulls/%" G_GINT64_FORMAT, number);
}

static bool look(World *w, const Repository *repository, int64_t number, Proposal **found,
		 GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(Conversation) conversation = { 0 };
	g_autofree char *path = NULL;

	*found = NULL;
	if (!gitea_init(&gitea, w, repository, error))
		return false;
	conversation = conversation_of(&gitea);
	path = gitea_path(&gitea, number);
	return conversation_look(&conversation, path, found, error);
}

static bool open_one(World *w, const Repository *repository, Proposal *proposal, Opening *opening,
		     GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(Conversation) conversation = { 0 };
	g_autofree char *path = NULL;
	Json *body;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	conversation = conversation_of(&gitea);
	path = api_path(&gitea.api, "/pulls");
	body = json_new_object();
	json_set_string(body, "base", proposal->base);
	json_set_string(body, "head", proposal->head);
	conversation_set_title(body, proposal, GITEA_DRAFT);
	json_set_string(body, "body", proposal->body);
	if (!conversation_open(&conversation, path, body, "already exists", "no changes between",
			       "number", proposal, opening, error))
		return false;
	if (*opening == OPENED)
		proposal->url =
			g_strdup_printf("%s/pulls/%" G_GINT64_FORMAT, gitea.web, proposal->number);
	return true;
}

static bool patch(Gitea *gitea, int64_t number, Json *body, const char *doing, ApiAnswer *answer,
		  GError **error)
{
	g_autofree char *path = gitea_path(gitea, number);

	if (api_ask(&gitea->api, HTTP_PATCH, path, body, answer, error))
		return true;
	g_prefix_error(error, "%s: ", doing);
	return false;
}

bool gitea_update(World *w, const Repository *repository, const Proposal *proposal, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	Json *body;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	body = json_new_object();
	json_set_string(body, "title", proposal->title);
	json_set_string(body, "body", proposal->body);
	json_set_string(body, "base", proposal->base);
	return patch(&gitea, proposal->number, body, "updating the pull request", &answer, error) &&
	       (api_is_good(&answer) || api_refused(&answer, "updating the pull request", error));
}

bool gitea_close(World *w, const Repository *repository, const Proposal *proposal, GError **error)
{
	static const char doing[] = "closing the pull request";
	g_auto(Gitea) gitea = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	Json *body;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	body = json_new_object();
	json_set_string(body, "state", "closed");
	if (!patch(&gitea, proposal->number, body, doing, &answer, error))
		return false;
	/* 412: it was merged in the meantime. */
	return api_is_good(&answer) || answer.status == 412 || api_refused(&answer, doing, error);
}

bool gitea_say(World *w, const Repository *repository, int64_t number, const char *text,
	       GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(Conversation) conversation = { 0 };
	g_autofree char *path = NULL;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	conversation = conversation_of(&gitea);
	path = api_path(&gitea.api, "/issues/%" G_GINT64_FORMAT "/comments", number);
	return conversation_say(&conversation, path, text, error);
}

/* One list for the whole repository, unless only one proposal is meant: that list
 * has no pages. */
GPtrArray *gitea_hear(World *w, const Repository *repository, const GPtrArray *proposals,
		      int64_t since, int64_t *last_at, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(Conversation) conversation = { 0 };
	g_autoptr(GPtrArray) comments = comments_new();
	g_autofree char *path = NULL;
	int64_t number = 0;
	char time[32];

	if (proposals->len == 0)
		return g_steal_pointer(&comments);
	if (!gitea_init(&gitea, w, repository, error))
		return NULL;
	conversation = conversation_of(&gitea);
	time_text(since, time, sizeof time);
	if (proposals->len == 1)
		number = ((const Proposal *)g_ptr_array_index(proposals, 0))->number;
	path = number != 0 ? api_path(&gitea.api, "/issues/%" G_GINT64_FORMAT "/comments?since=%s",
				      number, time)
			   : api_path(&gitea.api, "/issues/comments?since=%s&limit=%d", time,
				      GITEA_PAGE);
	if (!conversation_hear(&conversation, path, number, proposals, since, comments, last_at,
			       error))
		return NULL;
	conversation_sort(comments);
	return g_steal_pointer(&comments);
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
static bool may_be_assigned(Gitea *gitea, const char *login, bool *may, GError **error)
{
	g_autofree char *teams = api_path(&gitea->api, "/teams");
	g_autofree char *assignees = api_path(&gitea->api, "/assignees?limit=%d", GITEA_PAGE);
	g_auto(ApiAnswer) answer = { 0 };
	Person person = { login, false };
	bool can_all = true;

	if (!api_ask(&gitea->api, HTTP_GET, teams, NULL, &answer, error))
		return false;
	for (const Json *team = json_first(answer.json); api_is_good(&answer) && team != NULL;
	     team = json_next(team))
		can_all = can_all && can_push(team);
	if ((!api_is_good(&answer) && answer.status != 405) || !can_all)
		return true;
	if (!api_each(&gitea->api, assignees, "looking for a person", note_person, &person, error))
		return false;
	*may = person.is_there;
	return true;
}

bool gitea_may_push(World *w, const Repository *repository, const Comment *comment, bool *may,
		    GError **error)
{
	g_autoptr(GError) local = NULL;
	g_auto(Gitea) gitea = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *who = http_escape(comment->author), *path = NULL;

	*may = false;
	if (!gitea_init(&gitea, w, repository, error))
		return false;
	path = api_path(&gitea.api, "/collaborators/%s/permission", who);
	if (api_ask(&gitea.api, HTTP_GET, path, NULL, &answer, &local)) {
		*may = api_is_good(&answer) && is_enough(json_string(answer.json, "permission"));
		return true;
	}
	if (failure_kind(local) == FAILURE_DENIED)
		return may_be_assigned(&gitea, comment->author, may, error);
	g_propagate_error(error, g_steal_pointer(&local));
	return false;
}

bool gitea_nod(World *w, const Repository *repository, const Comment *comment, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;
	Json *body;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	path = api_path(&gitea.api, "/issues/comments/%" G_GINT64_FORMAT "/reactions", comment->id);
	body = json_new_object();
	json_set_string(body, "content", "+1");
	return api_do(&gitea.api, HTTP_POST, path, body, "nodding", &answer, error);
}

typedef struct {
	GTree *ids; /* lower-case name to id as text */
} Labels;

static bool note_label(const Json *item, void *data)
{
	Labels *labels = data;
	const char *name = json_string(item, "name");
	int64_t id = json_integer(item, "id", 0);

	if (name != NULL && id != 0)
		g_tree_insert(labels->ids, g_utf8_casefold(name, -1),
			      g_strdup_printf("%" G_GINT64_FORMAT, id));
	return true;
}

/* The id of one label, made if there is none: servers accept several of a name,
 * so the list was read first. */
static bool label_id(Gitea *gitea, Labels *labels, const char *name, int64_t *id, GError **error)
{
	g_autofree char *key = g_utf8_casefold(name, -1);
	g_autofree char *path = api_path(&gitea->api, "/labels");
	g_auto(ApiAnswer) answer = { 0 };
	const char *known = g_tree_lookup(labels->ids, key);
	Json *body;

	if (known == NULL) {
		body = json_new_object();
		json_set_string(body, "name", name);
		json_set_string(body, "color", "#0366d6");
		if (!api_do(&gitea->api, HTTP_POST, path, body, "making a label", &answer, error))
			return false;
		note_label(answer.json, labels);
		known = g_tree_lookup(labels->ids, key);
	}
	if (known == NULL || !g_ascii_string_to_signed(known, 10, 1, INT64_MAX, id, NULL))
		return fail(error, FAILURE_NET, "the forge's answer names no label");
	return true;
}

static bool add_labels(Gitea *gitea, int64_t number, const GPtrArray *names, GError **error)
{
	g_autoptr(GTree) ids = g_tree_new_full(text_compare, NULL, g_free, g_free);
	Labels labels = { .ids = ids };
	g_autofree char *all = api_path(&gitea->api, "/labels?limit=%d", GITEA_PAGE);
	g_autofree char *of_owner = NULL, *owner = http_escape(gitea->owner);
	g_autofree char *path =
		api_path(&gitea->api, "/issues/%" G_GINT64_FORMAT "/labels", number);
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(Json) list_of_ids = json_new_array();
	g_autoptr(GError) local = NULL;
	FailureKind kind;
	Json *body;

	of_owner = g_strdup_printf("/orgs/%s/labels?limit=%d", owner, GITEA_PAGE);
	if (!api_each(&gitea->api, of_owner, "listing labels", note_label, &labels, &local)) {
		kind = failure_kind(local);
		if (kind != FAILURE_ABSENT && kind != FAILURE_DENIED) {
			g_propagate_error(error, g_steal_pointer(&local));
			return false;
		}
		/* An owner who is a person has no labels; nor may every token read them. */
		g_tree_remove_all(ids);
	}
	if (!api_each(&gitea->api, all, "listing labels", note_label, &labels, error))
		return false;
	for (guint i = 0; i < names->len; i++) {
		int64_t id;

		if (!label_id(gitea, &labels, g_ptr_array_index(names, i), &id, error))
			return false;
		json_append_integer(list_of_ids, id);
	}
	body = json_new_object();
	json_set(body, "labels", g_steal_pointer(&list_of_ids));
	return api_do(&gitea->api, HTTP_POST, path, body, "adding labels", &answer, error);
}

static bool note_login(const Json *item, void *data)
{
	const char *login = json_string(item, "login");

	if (login != NULL)
		g_tree_insert(data, g_utf8_casefold(login, -1), GINT_TO_POINTER(1));
	return true;
}

/* Those of `names` that the list at `path` has. Asked for with one that it has not,
 * the server refuses all, some versions with a 500. */
static Json *known_people(Gitea *gitea, const char *path, const GPtrArray *names, GString *trouble,
			  GError **error)
{
	g_autoptr(GTree) known = g_tree_new_full(text_compare, NULL, g_free, NULL);
	g_autofree char *listed = api_path(&gitea->api, "%s?limit=%d", path, GITEA_PAGE);
	Json *people;

	if (!api_each(&gitea->api, listed, "listing people", note_login, known, error))
		return NULL;
	people = json_new_array();
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *key = g_utf8_casefold(name, -1);

		if (g_tree_lookup(known, key) != NULL)
			json_append_string(people, name);
		else
			g_string_append_printf(trouble, "'%s' cannot be asked here\n", name);
	}
	return people;
}

static bool add_people(Gitea *gitea, const char *list, const GPtrArray *names, const char *key,
		       HttpMethod method, const char *path, const char *doing, GString *trouble,
		       GError **error)
{
	Json *people, *body;

	if (names == NULL || names->len == 0)
		return true;
	people = known_people(gitea, list, names, trouble, error);
	if (people == NULL)
		return false;
	body = json_new_object();
	json_set(body, key, people);
	if (json_first(people) != NULL)
		return api_wish(&gitea->api, method, path, body, doing, trouble, error);
	json_free(body);
	return true;
}

static bool dress(World *w, const Repository *repository, const Proposal *proposal,
		  const Dress *wanted, GString *trouble, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_autofree char *issue = NULL, *reviewers = NULL;
	Json *body;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	issue = api_path(&gitea.api, "/issues/%" G_GINT64_FORMAT, proposal->number);
	reviewers = api_path(&gitea.api, "/pulls/%" G_GINT64_FORMAT "/requested_reviewers",
			     proposal->number);
	if (wanted->labels != NULL && wanted->labels->len > 0 &&
	    !add_labels(&gitea, proposal->number, wanted->labels, error))
		return false;
	if (!add_people(&gitea, "/assignees", wanted->assignees, "assignees", HTTP_PATCH, issue,
			"assigning", trouble, error) ||
	    !add_people(&gitea, "/reviewers", wanted->reviewers, "reviewers", HTTP_POST, reviewers,
			"asking for reviews", trouble, error))
		return false;
	if (wanted->milestone == 0)
		return true;
	body = json_new_object();
	json_set_integer(body, "milestone", wanted->milestone);
	return api_wish(&gitea.api, HTTP_PATCH, issue, body, "setting the milestone", trouble,
			error);
}

/* How the repository wants its pull requests merged. */
static bool merge_style(Gitea *gitea, char **style, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	const char *usual;

	if (!api_do(&gitea->api, HTTP_GET, gitea->api.repository, NULL, "reading the repository",
		    &answer, error))
		return false;
	usual = json_string(answer.json, "default_merge_style");
	*style = g_strdup(usual != NULL ? usual : "merge");
	return true;
}

/* 405: Gitea has not looked yet whether it can be merged. 409 may say that it is going to
 * be already. */
static bool automerge(World *w, const Repository *repository, const Proposal *proposal,
		      GString *trouble, GError **error)
{
	static const int early[] = { 405, 0 };
	g_auto(Gitea) gitea = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(Json) body = json_new_object();
	g_autofree char *path = NULL, *style = NULL;

	if (!gitea_init(&gitea, w, repository, error) || !merge_style(&gitea, &style, error))
		return false;
	path = api_path(&gitea.api, "/pulls/%" G_GINT64_FORMAT "/merge", proposal->number);
	json_set_string(body, "Do", style);
	json_set_bool(body, "merge_when_checks_succeed", true);
	json_set_bool(body, "delete_branch_after_merge", true);
	json_set_string(body, "head_commit_id", proposal->head_commit);
	if (!api_insist(&gitea.api, HTTP_POST, path, body, early, &answer, error))
		return false;
	if (!api_is_good(&answer) && !(answer.status == 409 && api_says(&answer, "schedul")))
		api_complain(&answer, CONVERSATION_AUTOMERGE, trouble);
	return true;
}

/* 404: it is not going to be merged by itself. */
static bool cancel_automerge(World *w, const Repository *repository, int64_t number,
			     GString *trouble, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	path = api_path(&gitea.api, "/pulls/%" G_GINT64_FORMAT "/merge", number);
	if (!api_ask(&gitea.api, HTTP_DELETE, path, NULL, &answer, error))
		return false;
	if (!api_is_good(&answer) && answer.status != 404)
		api_complain(&answer, CONVERSATION_CANCEL, trouble);
	return true;
}

typedef struct {
	const Gitea *gitea;
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
	    !json_bool(item, "fork", false) && !json_bool(item, "mirror", false) &&
	    !json_bool(item, "empty", false) && json_bool(rights, found->right, false))
		g_ptr_array_add(found->urls,
				g_strdup_printf("%s/%s.git", found->gitea->web, escaped));
	return true;
}

GPtrArray *gitea_discover(World *w, const Repository *repository, const char *right, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_autoptr(GPtrArray) urls = g_ptr_array_new_with_free_func(g_free);
	Found found = { .gitea = &gitea, .right = right, .urls = urls };
	g_autofree char *owner = NULL, *user = NULL, *organisation = NULL;

	if (!gitea_init(&gitea, w, repository, error))
		return NULL;
	if (!api_spare(&gitea.api, "listing repositories", error))
		return NULL;
	owner = http_escape(gitea.owner);
	/* Organisations are users too, but a token may see more of them by their own path. */
	organisation = g_strdup_printf("/orgs/%s/repos?limit=%d", owner, GITEA_PAGE);
	user = g_strdup_printf("/users/%s/repos?limit=%d", owner, GITEA_PAGE);
	if (!api_each_or(&gitea.api, organisation, user, "listing repositories", note_repository,
			 &found, error))
		return NULL;
	return g_steal_pointer(&urls);
}

static GPtrArray *discover(World *w, const Repository *repository, GError **error)
{
	return gitea_discover(w, repository, "push", error);
}

static char *board_list(void *forge, char **login, GError **error)
{
	Gitea *gitea = forge;
	g_autofree char *escaped = NULL;

	*login = board_login(&gitea->api, error);
	if (*login == NULL)
		return NULL;
	escaped = http_escape(*login);
	return api_path(&gitea->api, "/issues?state=open&type=issues&created_by=%s&limit=%d",
			escaped, GITEA_PAGE);
}

static BoardHome board_home(Gitea *gitea)
{
	return (BoardHome){ .api = &gitea->api,
			    .number = "number",
			    .body = "body",
			    .change = HTTP_PATCH,
			    .list = board_list,
			    .forge = gitea };
}

static bool check(World *w, const Repository *repository, Standing *standing, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(ApiAnswer) answer = { 0 }, user = { 0 };
	g_autofree char *pulls = NULL, *labels = NULL;
	BoardHome home;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	standing->advice = g_strdup("the token needs the scopes write:repository and write:issue "
				    "(Settings, Applications), its account write access to the "
				    "repository");
	/* Whose it is may be asked with one more scope; nothing depends on it. */
	if (api_ask(&gitea.api, HTTP_GET, "/user", NULL, &user, NULL))
		standing->account = g_strdup(json_string(user.json, "login"));
	if (repository->discover)
		return true;
	if (!api_ask(&gitea.api, HTTP_GET, gitea.api.repository, NULL, &answer, error))
		return false;
	if (!api_is_readable(&answer, standing))
		return true;
	standing_add(standing, "write to the repository",
		     json_bool(json_object(answer.json, "permissions"), "push", false)
			     ? NULL
			     : "its account may only read");
	if (json_bool(answer.json, "archived", false))
		g_ptr_array_add(standing->remarks, g_strdup("the repository is archived"));
	pulls = api_path(&gitea.api, "/pulls");
	labels = api_path(&gitea.api, "/labels");
	home = board_home(&gitea);
	return api_try(&gitea.api, HTTP_POST, pulls, "open and close pull requests", standing,
		       error) &&
	       api_try(&gitea.api, HTTP_POST, labels, "label and comment", standing, error) &&
	       (!repository->has_dashboard || board_check(&home, standing, error));
}

bool gitea_read_board(World *w, const Repository *repository, Board *board, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	BoardHome home;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	home = board_home(&gitea);
	return board_read(&home, board, error);
}

bool gitea_write_board(World *w, const Repository *repository, Board *board, const char *body,
		       GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	BoardHome home;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	home = board_home(&gitea);
	return board_write(&home, board, body, error);
}

const Forge forge_gitea = {
	.name = "gitea",
	.can = CAN_PROPOSE | CAN_LABEL | CAN_COMMENT | CAN_REVIEWERS | CAN_DISCOVER |
	       CAN_AUTOMERGE | CAN_DASHBOARD,
	.max_body = 60000,
	.git_user = "upkeepd",
	.sign = '#',
	.list = list,
	.find = find,
	.look = look,
	.open = open_one,
	.update = gitea_update,
	.close = gitea_close,
	.say = gitea_say,
	.hear = gitea_hear,
	.may_push = gitea_may_push,
	.nod = gitea_nod,
	.read_board = gitea_read_board,
	.write_board = gitea_write_board,
	.dress = dress,
	.automerge = automerge,
	.cancel_automerge = cancel_automerge,
	.check = check,
	.discover = discover,
};
