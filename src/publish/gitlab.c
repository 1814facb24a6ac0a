/* SPDX-License-Identifier: MIT */
/* GitLab, by its API v4 (forges.md 4). A project is asked for by its whole path once and
 * named by its number from then on: that outlives renaming, and proxies that decode
 * the %2F of paths. */
#include "base/time.h"
#include "publish/address.h"
#include "publish/board.h"
#include "publish/conversation.h"
#include "store/cache.h"

#include <string.h>

#define PAGE 100

/* Seconds. */
#define REMEMBERED_FOR (24 * 60 * 60)

/* The role from which on branches can be pushed. */
enum { DEVELOPER = 30 };

typedef struct {
	Api api;
	char *owner;       /* "group/sub" */
	char *web;         /* "https://gitlab.com/group/sub/shop", or the origin alone */
	int64_t id;        /* of the project; 0 until asked for */
	bool has_requests; /* merge requests are not switched off */
} GitLab;

static void gitlab_clear(GitLab *gitlab)
{
	api_clear(&gitlab->api);
	g_free(gitlab->owner);
	g_free(gitlab->web);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GitLab, gitlab_clear)

typedef struct {
	const char *path;
	int64_t id;
} ProjectSearch;

static bool match_project(const Json *item, void *data)
{
	ProjectSearch *search = data;
	const char *path = json_string(item, "path_with_namespace");

	if (path != NULL && g_ascii_strcasecmp(path, search->path) == 0)
		search->id = json_integer(item, "id", 0);
	return search->id == 0;
}

/* The project by a search for its name, where asking for its path says that there is
 * none: a proxy may have decoded the path. `*id` 0: it is not among ours. */
static bool search_project(GitLab *gitlab, const char *name, const char *path, int64_t *id,
			   GError **error)
{
	g_autofree char *escaped = http_escape(name);
	g_autofree char *query =
		g_strdup_printf("/projects?membership=true&search=%s&per_page=%d", escaped, PAGE);
	ProjectSearch search = { .path = path };

	if (!api_each(&gitlab->api, query, "looking for the project", match_project, &search,
		      error))
		return false;
	*id = search.id;
	return true;
}

/* What a project's own words say of it; false: there is none that we may see. */
static bool read_project(GitLab *gitlab, const char *name, const char *path, GError **error)
{
	static const char doing[] = "reading the project";
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) local = NULL;
	const char *requests;

	if (!api_ask(&gitlab->api, HTTP_GET, gitlab->api.repository, NULL, &answer, error)) {
		g_prefix_error(error, "%s: ", doing);
		return false;
	}
	if (answer.status == 404 && search_project(gitlab, name, path, &gitlab->id, &local) &&
	    gitlab->id == 0)
		return fail(error, FAILURE_ABSENT,
			    "%s: 404: %s; is the token for it, and does a proxy in between leave "
			    "'%%2F' alone (Apache: AllowEncodedSlashes NoDecode)?",
			    doing, answer.words);
	if (gitlab->id != 0) {
		gitlab->has_requests = true;
		return true;
	}
	if (!api_is_good(&answer))
		return api_refused(&answer, doing, error);
	requests = json_string(answer.json, "merge_requests_access_level");
	gitlab->has_requests = g_strcmp0(requests, "disabled") != 0;
	gitlab->id = json_integer(answer.json, "id", 0);
	return gitlab->id != 0 || fail(error, FAILURE_NET, "%s: the answer names no id", doing);
}

/* What the number of a project is kept under: "ID UNTIL". */
static char *memory_of(const GitLab *gitlab, const char *path)
{
	return g_strdup_printf("gitlab-project %s %s", gitlab->api.base, path);
}

/* Its number does not change as long as there is it, so a day's work asks for it once. */
static bool recall_project(GitLab *gitlab, const char *path, GError **error)
{
	g_autofree char *memory = memory_of(gitlab, path), *known = NULL;
	g_auto(GStrv) words = NULL;
	int64_t until = 0;

	if (!cache_value(gitlab->api.world->store, memory, &known, error))
		return false;
	words = g_strsplit(known != NULL ? known : "", " ", 2);
	if (g_strv_length(words) == 2 &&
	    g_ascii_string_to_signed(words[1], 10, 0, INT64_MAX, &until, NULL) &&
	    gitlab->api.world->now < until && until - gitlab->api.world->now <= REMEMBERED_FOR &&
	    g_ascii_string_to_signed(words[0], 10, 1, INT64_MAX, &gitlab->id, NULL))
		gitlab->has_requests = true;
	return true;
}

static bool remember_project(const GitLab *gitlab, const char *path, GError **error)
{
	g_autofree char *memory = memory_of(gitlab, path);
	g_autofree char *text =
		g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, gitlab->id,
				gitlab->api.world->now + REMEMBERED_FOR);

	return !gitlab->has_requests ||
	       cache_set_value(gitlab->api.world->store, memory, text, error);
}

/* Groups may lie in groups, so an address does not tell by itself where GitLab ends and
 * they begin. */
static void take_root(ForgeAddress *address, const char *root)
{
	size_t length = root != NULL ? strlen(root) - 1 : 0;
	char *rest;

	if (length == 0 || strncmp(address->owner, root + 1, length) != 0 ||
	    address->owner[length] != '/')
		return;
	rest = g_strdup(address->owner + length + 1);
	g_free(address->owner);
	address->owner = rest;
	g_free(address->prefix);
	address->prefix = g_strdup(root);
}

static bool gitlab_init(GitLab *gitlab, World *w, const Repository *repository, GError **error)
{
	g_autoptr(ForgeAddress) address =
		forge_address(repository->url, repository->discover, 0, error);
	g_autofree char *path = NULL, *escaped = NULL, *root = NULL;

	*gitlab = (GitLab){ 0 };
	if (address == NULL)
		return false;
	take_root(address, repository->forge_root);
	root = g_strconcat(address->origin, address->prefix, NULL);
	api_init(&gitlab->api, w, repository, g_strconcat(root, "/api/v4", NULL));
	gitlab->owner = g_strdup(address->owner);
	gitlab->web = g_strdup(root);
	if (address->name == NULL)
		return true;
	path = g_strdup_printf("%s/%s", address->owner, address->name);
	escaped = http_escape(path);
	gitlab->api.repository = g_strconcat("/projects/", escaped, NULL);
	g_free(gitlab->web);
	gitlab->web = g_strdup_printf("%s/%s", root, path);
	/* Branches of forks carry the same names: only the number tells them apart. */
	if (!recall_project(gitlab, path, error) ||
	    (gitlab->id == 0 && (!read_project(gitlab, address->name, path, error) ||
				 !remember_project(gitlab, path, error))))
		return false;
	g_free(gitlab->api.repository);
	gitlab->api.repository = g_strdup_printf("/projects/%" G_GINT64_FORMAT, gitlab->id);
	g_clear_pointer(&gitlab->api.moved_to, g_free);
	return true;
}

static char *address_of(const GitLab *gitlab, int64_t number)
{
	return g_strdup_printf("%s/-/merge_requests/%" G_GINT64_FORMAT, gitlab->web, number);
}

static Proposal *read_proposal(const Json *item, const void *forge)
{
	const GitLab *gitlab = forge;
	const char *from = json_string(item, "source_branch");
	const char *to = json_string(item, "target_branch");
	const char *state = json_string(item, "state");
	const Json *labels = json_array(item, "labels");
	Proposal *proposal;

	if (from == NULL || to == NULL || json_integer(item, "iid", 0) == 0 ||
	    json_integer(item, "source_project_id", 0) != gitlab->id)
		return NULL;
	proposal = proposal_new(from, to);
	proposal->number = json_integer(item, "iid", 0);
	proposal->state = g_strcmp0(state, "merged") == 0   ? PROPOSAL_MERGED
			  : g_strcmp0(state, "opened") == 0 ? PROPOSAL_OPEN
							    : PROPOSAL_CLOSED;
	proposal->head_commit = g_strdup(json_string(item, "sha"));
	proposal->title = g_strdup(json_string(item, "title"));
	proposal->body = g_strdup(json_string(item, "description"));
	proposal->url = address_of(gitlab, proposal->number);
	proposal->changed_at = api_time(item, "updated_at");
	proposal->author = g_strdup(json_string(json_object(item, "author"), "username"));
	for (const Json *label = json_first(labels); label != NULL; label = json_next(label))
		if (json_text(label) != NULL)
			g_ptr_array_add(proposal->labels, g_strdup(json_text(label)));
	return proposal;
}

/* What the server says by itself is no comment. Bots of projects and groups are
 * known by their names. */
static Comment *read_comment(const Json *item, int64_t number)
{
	const Json *author = json_object(item, "author");
	const char *name = json_string(author, "username");
	Comment *comment;

	if (json_bool(item, "system", false) || name == NULL)
		return NULL;
	comment = g_new0(Comment, 1);
	comment->id = json_integer(item, "id", 0);
	comment->number = number;
	comment->said_at = api_time(item, "created_at");
	comment->is_edited = api_time(item, "updated_at") != comment->said_at;
	comment->is_bot =
		(g_str_has_prefix(name, "project_") || g_str_has_prefix(name, "group_")) &&
		strstr(name, "_bot") != NULL;
	comment->author = g_strdup(name);
	comment->author_id = json_integer(author, "id", 0);
	comment->body = g_strdup(json_string(item, "body"));
	return comment;
}

/* The branch was pushed a moment ago, or another request holds the project. */
static bool is_early(const ApiAnswer *answer, int tries G_GNUC_UNUSED)
{
	return (answer->status == 400 && api_says(answer, "source_branch: does not exist")) ||
	       (answer->status == 409 && api_says(answer, "resource lock"));
}

/* NULL for `head`: all that are open. */
static Conversation conversation_of(GitLab *gitlab, const char *head)
{
	Conversation conversation = { .api = &gitlab->api,
				      .forge = gitlab,
				      .read = read_proposal,
				      .hear = read_comment,
				      .hears_newest_first = true,
				      .is_early = is_early };
	g_autofree char *from = http_escape(head != NULL ? head : "");
	g_autofree char *query =
		head == NULL ? g_strdup("") : g_strdup_printf("&source_branch=%s", from);

	conversation.open_path =
		api_path(&gitlab->api, "/merge_requests?state=opened%s&per_page=%d", query, PAGE);
	conversation.closed_path =
		api_path(&gitlab->api, "/merge_requests?state=all%s&per_page=%d", query, PAGE);
	return conversation;
}

static GPtrArray *list(World *w, const Repository *repository, GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(Conversation) conversation = { 0 };

	if (!gitlab_init(&gitlab, w, repository, error))
		return NULL;
	conversation = conversation_of(&gitlab, NULL);
	return conversation_all(&conversation, error);
}

static bool find(World *w, const Repository *repository, const char *head, const char *base,
		 Proposal **found, GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(Conversation) conversation = { 0 };

	*found = NULL;
	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	conversation = conversation_of(&gitlab, head);
	return conversation_find(&conversation, head, base, found, error);
}

static bool look(World *w, const Repository *repository, int64_t number, Proposal **found,
		 GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(Conversation) conversation = { 0 };
	g_autofree char *path = NULL;

	*found = NULL;
	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	conversation = conversation_of(&gitlab, NULL);
	path = api_path(&gitlab.api, "/merge_requests/%" G_GINT64_FORMAT, number);
	return conversation_look(&conversation, path, found, error);
}

static bool open_one(World *w, const Repository *repository, Proposal *proposal, Opening *opening,
		     GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(Conversation) conversation = { 0 };
	g_autofree char *path = NULL;
	Json *body;

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	if (!gitlab.has_requests)
		return fail(error, FAILURE_INPUT, "merge requests are disabled in the project");
	conversation = conversation_of(&gitlab, proposal->head);
	path = api_path(&gitlab.api, "/merge_requests");
	body = json_new_object();
	json_set_string(body, "source_branch", proposal->head);
	json_set_string(body, "target_branch", proposal->base);
	conversation_set_title(body, proposal, "Draft: ");
	json_set_string(body, "description", proposal->body);
	json_set_bool(body, "remove_source_branch", true);
	if (!conversation_open(&conversation, path, body, "already exists", "no commits", "iid",
			       proposal, opening, error))
		return false;
	if (*opening == OPENED)
		proposal->url = address_of(&gitlab, proposal->number);
	return true;
}

static bool put(GitLab *gitlab, int64_t number, Json *body, const char *doing, GError **error)
{
	g_autofree char *path = api_path(&gitlab->api, "/merge_requests/%" G_GINT64_FORMAT, number);
	g_auto(ApiAnswer) answer = { 0 };

	return api_do(&gitlab->api, HTTP_PUT, path, body, doing, &answer, error);
}

static bool update(World *w, const Repository *repository, const Proposal *proposal, GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	Json *body;

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	body = json_new_object();
	json_set_string(body, "title", proposal->title);
	json_set_string(body, "description", proposal->body);
	json_set_string(body, "target_branch", proposal->base);
	return put(&gitlab, proposal->number, body, "updating the merge request", error);
}

static bool close_one(World *w, const Repository *repository, const Proposal *proposal,
		      GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	Json *body;

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	body = json_new_object();
	json_set_string(body, "state_event", "close");
	return put(&gitlab, proposal->number, body, "closing the merge request", error);
}

static bool say(World *w, const Repository *repository, int64_t number, const char *text,
		GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(Conversation) conversation = { 0 };
	g_autofree char *path = NULL;

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	conversation = conversation_of(&gitlab, NULL);
	path = api_path(&gitlab.api, "/merge_requests/%" G_GINT64_FORMAT "/notes", number);
	return conversation_say(&conversation, path, text, error);
}

/* There is no list for the whole project: each proposal that has changed is asked. */
typedef struct {
	GArray *numbers; /* of int64_t */
	int64_t *last_at;
} Changed;

static bool note_number(const Json *item, void *data)
{
	const Changed *changed = data;
	int64_t number = json_integer(item, "iid", 0);

	g_array_append_val(changed->numbers, number);
	if (changed->last_at != NULL)
		*changed->last_at = MAX(*changed->last_at, api_time(item, "updated_at"));
	return true;
}

/* The numbers of the merge requests on which anything has happened since then, of
 * int64_t: there is no list of all that was said in a project. */
static GArray *changed_since(GitLab *gitlab, int64_t since, int64_t *last_at, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(false, false, sizeof(int64_t));
	Changed changed = { numbers, last_at };
	g_autofree char *path = NULL;
	char time[32];

	time_text(since, time, sizeof time);
	path = api_path(&gitlab->api,
			"/merge_requests?state=all&scope=all&updated_after=%s&per_page=%d", time,
			PAGE);
	if (!api_each(&gitlab->api, path, "looking for what has changed", note_number, &changed,
		      error))
		return NULL;
	return g_steal_pointer(&numbers);
}

static bool is_among(const GArray *numbers, int64_t number)
{
	for (guint i = 0; i < numbers->len; i++)
		if (g_array_index(numbers, int64_t, i) == number)
			return true;
	return false;
}

/* The list of what has changed is read first, and alone tells how far was heard. */
static GPtrArray *hear(World *w, const Repository *repository, const GPtrArray *proposals,
		       int64_t since, int64_t *last_at, GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(Conversation) conversation = { 0 };
	g_autoptr(GPtrArray) comments = comments_new();
	g_autoptr(GArray) changed = NULL;

	if (!gitlab_init(&gitlab, w, repository, error))
		return NULL;
	conversation = conversation_of(&gitlab, NULL);
	if (since > 0 && proposals->len > 1) {
		changed = changed_since(&gitlab, since, last_at, error);
		if (changed == NULL)
			return NULL;
	}
	for (guint i = 0; i < proposals->len; i++) {
		const Proposal *proposal = g_ptr_array_index(proposals, i);
		g_autofree char *path = api_path(&gitlab.api,
						 "/merge_requests/%" G_GINT64_FORMAT
						 "/notes?sort=desc&order_by=created_at&per_page=%d",
						 proposal->number, PAGE);

		if (changed != NULL && !is_among(changed, proposal->number))
			continue;
		if (!conversation_hear(&conversation, path, proposal->number, proposals, since,
				       comments, changed == NULL ? last_at : NULL, error))
			return NULL;
	}
	conversation_sort(comments);
	return g_steal_pointer(&comments);
}

static bool may_push(World *w, const Repository *repository, const Comment *comment, bool *may,
		     GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;

	*may = false;
	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	path = api_path(&gitlab.api, "/members/all/%" G_GINT64_FORMAT, comment->author_id);
	if (!api_ask(&gitlab.api, HTTP_GET, path, NULL, &answer, error))
		return false;
	*may = api_is_good(&answer) && json_integer(answer.json, "access_level", 0) >= DEVELOPER;
	return true;
}

static bool nod(World *w, const Repository *repository, const Comment *comment, GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;
	Json *body;

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	path = api_path(&gitlab.api,
			"/merge_requests/%" G_GINT64_FORMAT "/notes/%" G_GINT64_FORMAT
			"/award_emoji",
			comment->number, comment->id);
	body = json_new_object();
	json_set_string(body, "name", "thumbsup");
	/* 404: it is there already. */
	if (!api_ask(&gitlab.api, HTTP_POST, path, body, &answer, error))
		return false;
	return api_is_good(&answer) || answer.status == 404 ||
	       api_refused(&answer, "nodding", error);
}

/* The numbers of people by their names, at `key` of `body`. */
static bool add_people(GitLab *gitlab, const GPtrArray *names, const char *key, Json *body,
		       GString *trouble, GError **error)
{
	Json *ids = json_new_array();

	json_set(body, key, ids);
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *escaped = http_escape(name);
		g_autofree char *path = g_strdup_printf("/users?username=%s", escaped);
		g_auto(ApiAnswer) answer = { 0 };
		int64_t id;

		if (!api_do(&gitlab->api, HTTP_GET, path, NULL, "looking for a person", &answer,
			    error))
			return false;
		id = json_integer(json_first(answer.json), "id", 0);
		if (id != 0)
			json_append_integer(ids, id);
		else
			g_string_append_printf(trouble, "there is no user '%s'\n", name);
	}
	return true;
}

/* Without a licence for it only the first of several is taken, without a word. */
static void say_dropped(const ApiAnswer *answer, const Json *wanted, GString *trouble)
{
	static const struct {
		const char *ids, *people;
	} keys[] = { { "assignee_ids", "assignees" }, { "reviewer_ids", "reviewers" } };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (json_count(json_array(answer->json, keys[i].people)) <
		    json_count(json_array(wanted, keys[i].ids)))
			g_string_append_printf(trouble, "GitLab has not taken all %s\n",
					       keys[i].people);
}

static bool put_dress(GitLab *gitlab, int64_t number, const Json *body, GString *trouble,
		      GError **error)
{
	g_autofree char *path = api_path(&gitlab->api, "/merge_requests/%" G_GINT64_FORMAT, number);
	g_auto(ApiAnswer) answer = { 0 };

	if (!api_ask(&gitlab->api, HTTP_PUT, path, json_copy(body), &answer, error))
		return false;
	if (api_is_good(&answer))
		say_dropped(&answer, body, trouble);
	else
		api_complain(&answer, "dressing", trouble);
	return true;
}

/* Unknown labels are made by the server. */
static bool dress(World *w, const Repository *repository, const Proposal *proposal,
		  const Dress *wanted, GString *trouble, GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_autoptr(Json) body = json_new_object();

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	if (wanted->labels != NULL && wanted->labels->len > 0) {
		g_autoptr(GString) labels = g_string_new(NULL);

		for (guint i = 0; i < wanted->labels->len; i++)
			g_string_append_printf(labels, "%s%s", i > 0 ? "," : "",
					       (const char *)wanted->labels->pdata[i]);
		json_set_string(body, "add_labels", labels->str);
	}
	if (wanted->assignees != NULL && wanted->assignees->len > 0 &&
	    !add_people(&gitlab, wanted->assignees, "assignee_ids", body, trouble, error))
		return false;
	if (wanted->reviewers != NULL && wanted->reviewers->len > 0 &&
	    !add_people(&gitlab, wanted->reviewers, "reviewer_ids", body, trouble, error))
		return false;
	if (wanted->milestone != 0)
		json_set_integer(body, "milestone_id", wanted->milestone);
	return json_first(body) == NULL ||
	       put_dress(&gitlab, proposal->number, body, trouble, error);
}

/* 405: GitLab does not know yet whether it can be merged (forges.md 4.2). */
static bool automerge(World *w, const Repository *repository, const Proposal *proposal,
		      GString *trouble, GError **error)
{
	static const int early[] = { 405, 0 };
	g_auto(GitLab) gitlab = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(Json) body = json_new_object();
	g_autofree char *path = NULL;

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	path = api_path(&gitlab.api, "/merge_requests/%" G_GINT64_FORMAT "/merge",
			proposal->number);
	json_set_bool(body, "merge_when_pipeline_succeeds", true);
	json_set_bool(body, "should_remove_source_branch", true);
	json_set_string(body, "sha", proposal->head_commit);
	if (!api_insist(&gitlab.api, HTTP_PUT, path, body, early, &answer, error))
		return false;
	if (!api_is_good(&answer))
		api_complain(&answer, CONVERSATION_AUTOMERGE, trouble);
	return true;
}

/* 406: it is not going to be merged by itself. */
static bool cancel_automerge(World *w, const Repository *repository, int64_t number,
			     GString *trouble, GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	path = api_path(&gitlab.api,
			"/merge_requests/%" G_GINT64_FORMAT "/cancel_merge_when_pipeline_succeeds",
			number);
	if (!api_ask(&gitlab.api, HTTP_POST, path, NULL, &answer, error))
		return false;
	if (!api_is_good(&answer) && answer.status != 406)
		api_complain(&answer, CONVERSATION_CANCEL, trouble);
	return true;
}

typedef struct {
	const GitLab *gitlab;
	GPtrArray *urls;
} Found;

static bool note_repository(const Json *item, void *data)
{
	Found *found = data;
	const char *path = json_string(item, "path_with_namespace");

	if (path != NULL && !json_bool(item, "archived", false) &&
	    !json_bool(item, "mirror", false) && !json_bool(item, "empty_repo", false) &&
	    json_object(item, "forked_from_project") == NULL)
		g_ptr_array_add(found->urls,
				g_strdup_printf("%s/%s.git", found->gitlab->web, path));
	return true;
}

static GPtrArray *discover(World *w, const Repository *repository, GError **error)
{
	static const char query[] =
		"archived=false&min_access_level=30&with_merge_requests_enabled=true";
	g_auto(GitLab) gitlab = { 0 };
	g_autoptr(GPtrArray) urls = g_ptr_array_new_with_free_func(g_free);
	Found found = { .gitlab = &gitlab, .urls = urls };
	g_autofree char *owner = NULL, *group = NULL, *user = NULL;

	if (!gitlab_init(&gitlab, w, repository, error))
		return NULL;
	if (!api_spare(&gitlab.api, "listing repositories", error))
		return NULL;
	owner = http_escape(gitlab.owner);
	group = g_strdup_printf(
		"/groups/%s/projects?include_subgroups=true&with_shared=false&%s&per_page=%d",
		owner, query, PAGE);
	user = g_strdup_printf("/users/%s/projects?%s&per_page=%d", owner, query, PAGE);
	/* A person is no group. */
	if (!api_each_or(&gitlab.api, group, user, "listing projects", note_repository, &found,
			 error))
		return NULL;
	return g_steal_pointer(&urls);
}

/* What a token of GitLab is for stands in itself. */
static bool check_token(GitLab *gitlab, Standing *standing, bool *has_api, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	const Json *scopes;
	const char *expiry;

	*has_api = false;
	if (!api_ask(&gitlab->api, HTTP_GET, "/personal_access_tokens/self", NULL, &answer, error))
		return false;
	scopes = json_array(answer.json, "scopes");
	expiry = json_string(answer.json, "expires_at");
	for (const Json *scope = json_first(scopes); scope != NULL; scope = json_next(scope)) {
		const char *word = json_text(scope);

		*has_api = *has_api || g_strcmp0(word, "api") == 0;
		if (word != NULL && (g_str_has_prefix(word, "admin") || strcmp(word, "sudo") == 0))
			g_ptr_array_add(standing->remarks,
					g_strdup_printf("the scope '%s' is not needed", word));
	}
	if (expiry != NULL)
		g_ptr_array_add(standing->remarks,
				g_strdup_printf("the token expires on %s", expiry));
	return true;
}

/* The greater of what a person has in the project and in its group. */
static int64_t access_level(const Json *project)
{
	const Json *rights = json_object(project, "permissions");

	return MAX(json_integer(json_object(rights, "project_access"), "access_level", 0),
		   json_integer(json_object(rights, "group_access"), "access_level", 0));
}

static void check_project(const Json *project, bool has_api, Standing *standing)
{
	const char *requests = json_string(project, "merge_requests_access_level");
	bool is_developer = access_level(project) >= DEVELOPER;

	standing_add(standing, "read the project", NULL);
	standing_add(standing, "open and close merge requests",
		     !has_api                               ? "the token lacks the scope 'api'"
		     : !is_developer                        ? "its account is no Developer here"
		     : g_strcmp0(requests, "disabled") == 0 ? "merge requests are disabled"
							    : NULL);
	if (json_bool(project, "archived", false))
		g_ptr_array_add(standing->remarks, g_strdup("the project is archived"));
}

static char *board_list(void *forge, char **login, GError **error G_GNUC_UNUSED)
{
	const GitLab *gitlab = forge;

	*login = NULL;
	return api_path(&gitlab->api, "/issues?state=opened&scope=created_by_me&per_page=%d", PAGE);
}

static BoardHome board_home(GitLab *gitlab)
{
	return (BoardHome){ .api = &gitlab->api,
			    .number = "iid",
			    .body = "description",
			    .change = HTTP_PUT,
			    .list = board_list,
			    .forge = gitlab };
}

static bool check(World *w, const Repository *repository, Standing *standing, GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	g_auto(ApiAnswer) user = { 0 }, project = { 0 };
	g_autoptr(GError) local = NULL;
	bool has_api = false;
	BoardHome home;

	standing->advice = g_strdup("a project access token needs the scopes api and "
				    "write_repository and the role Developer");
	if (!gitlab_init(&gitlab, w, repository, &local)) {
		if (failure_kind(local) == FAILURE_ABSENT) {
			standing_add(standing, "read the project", local->message);
			return true;
		}
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	if (!check_token(&gitlab, standing, &has_api, error) ||
	    !api_ask(&gitlab.api, HTTP_GET, "/user", NULL, &user, error))
		return false;
	standing->account = g_strdup(json_string(user.json, "username"));
	if (repository->discover)
		return true;
	if (!api_ask(&gitlab.api, HTTP_GET, gitlab.api.repository, NULL, &project, error))
		return false;
	if (!api_is_good(&project)) {
		standing_add(standing, "read the project", "there is none any more");
		return true;
	}
	check_project(project.json, has_api, standing);
	home = board_home(&gitlab);
	return !repository->has_dashboard || board_check(&home, standing, error);
}

static bool read_board(World *w, const Repository *repository, Board *board, GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	BoardHome home;

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	home = board_home(&gitlab);
	return board_read(&home, board, error);
}

static bool write_board(World *w, const Repository *repository, Board *board, const char *body,
			GError **error)
{
	g_auto(GitLab) gitlab = { 0 };
	BoardHome home;

	if (!gitlab_init(&gitlab, w, repository, error))
		return false;
	home = board_home(&gitlab);
	return board_write(&home, board, body, error);
}

const Forge forge_gitlab = {
	.name = "gitlab",
	.can = CAN_PROPOSE | CAN_LABEL | CAN_COMMENT | CAN_REVIEWERS | CAN_DISCOVER |
	       CAN_AUTOMERGE | CAN_DASHBOARD,
	.max_body = 60000,
	.git_user = "oauth2",
	.sign = '!',
	.list = list,
	.find = find,
	.look = look,
	.open = open_one,
	.update = update,
	.close = close_one,
	.say = say,
	.hear = hear,
	.may_push = may_push,
	.nod = nod,
	.read_board = read_board,
	.write_board = write_board,
	.dress = dress,
	.automerge = automerge,
	.cancel_automerge = cancel_automerge,
	.check = check,
	.discover = discover,
};
