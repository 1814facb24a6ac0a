/* SPDX-License-Identifier: MIT */
/* GitLab, by its API v4 (forges.md 4). A project is asked for by its whole path once and
 * named by its number from then on: that outlives renaming, and proxies that decode
 * the %2F of paths. */
#include "base/time.h"
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
static bool search_project(Hosted *hosted, int64_t *id, GError **error)
{
	g_autofree char *escaped = http_escape(strrchr(hosted->full_name, '/') + 1);
	g_autofree char *query =
		g_strdup_printf("/projects?membership=true&search=%s&per_page=%d", escaped, PAGE);
	ProjectSearch search = { .path = hosted->full_name };

	if (!api_each(&hosted->api, query, "looking for the project", match_project, &search,
		      error))
		return false;
	*id = search.id;
	return true;
}

/* What a project's own words say of it; false: there is none that we may see. */
static bool read_project(Hosted *hosted, GError **error)
{
	static const char doing[] = "reading the project";
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) local = NULL;
	const char *requests;

	if (!api_ask(&hosted->api, HTTP_GET, hosted->api.repository, NULL, &answer, error)) {
		g_prefix_error(error, "%s: ", doing);
		return false;
	}
	if (answer.status == 404 && search_project(hosted, &hosted->project, &local) &&
	    hosted->project == 0)
		return fail(error, FAILURE_ABSENT,
			    "%s: 404: %s; is the token for it, and does a proxy in between leave "
			    "'%%2F' alone (Apache: AllowEncodedSlashes NoDecode)?",
			    doing, answer.words);
	if (hosted->project != 0) {
		hosted->has_requests = true;
		return true;
	}
	if (!api_is_good(&answer))
		return api_refused(&answer, doing, error);
	requests = json_string(answer.json, "merge_requests_access_level");
	hosted->has_requests = g_strcmp0(requests, "disabled") != 0;
	hosted->project = json_integer(answer.json, "id", 0);
	return hosted->project != 0 ||
	       fail(error, FAILURE_NET, "%s: the answer names no id", doing);
}

/* What the number of a project is kept under: "ID UNTIL". */
static char *memory_of(const Hosted *hosted)
{
	return g_strdup_printf("gitlab-project %s %s", hosted->api.base, hosted->full_name);
}

/* Its number does not change as long as there is it, so a day's work asks for it once. */
static bool recall_project(Hosted *hosted, GError **error)
{
	g_autofree char *memory = memory_of(hosted), *known = NULL;
	g_auto(GStrv) words = NULL;
	int64_t until = 0;

	if (!cache_value(hosted->api.world->store, memory, &known, error))
		return false;
	words = g_strsplit(known != NULL ? known : "", " ", 2);
	if (g_strv_length(words) == 2 &&
	    g_ascii_string_to_signed(words[1], 10, 0, INT64_MAX, &until, NULL) &&
	    hosted->api.world->now < until && until - hosted->api.world->now <= REMEMBERED_FOR &&
	    g_ascii_string_to_signed(words[0], 10, 1, INT64_MAX, &hosted->project, NULL))
		hosted->has_requests = true;
	return true;
}

static bool remember_project(const Hosted *hosted, GError **error)
{
	g_autofree char *memory = memory_of(hosted);
	g_autofree char *text =
		g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, hosted->project,
				hosted->api.world->now + REMEMBERED_FOR);

	return !hosted->has_requests ||
	       cache_set_value(hosted->api.world->store, memory, text, error);
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

/* Branches of forks carry the same names: only the number tells them apart. */
static bool know_project(Hosted *hosted, GError **error)
{
	if (hosted->project != 0)
		return true;
	if (!recall_project(hosted, error) ||
	    (hosted->project == 0 &&
	     (!read_project(hosted, error) || !remember_project(hosted, error))))
		return false;
	g_free(hosted->api.repository);
	hosted->api.repository = g_strdup_printf("/projects/%" G_GINT64_FORMAT, hosted->project);
	g_clear_pointer(&hosted->api.moved_to, g_free);
	return true;
}

static Proposal *read_proposal(const Json *item, const Hosted *hosted)
{
	const char *from = json_string(item, "source_branch");
	const char *to = json_string(item, "target_branch");
	const char *state = json_string(item, "state");
	const Json *labels = json_array(item, "labels");
	Proposal *proposal;

	if (from == NULL || to == NULL || json_integer(item, "iid", 0) == 0 ||
	    json_integer(item, "source_project_id", 0) != hosted->project)
		return NULL;
	proposal = proposal_new(from, to);
	proposal->number = json_integer(item, "iid", 0);
	proposal->state = g_strcmp0(state, "merged") == 0   ? PROPOSAL_MERGED
			  : g_strcmp0(state, "opened") == 0 ? PROPOSAL_OPEN
							    : PROPOSAL_CLOSED;
	proposal->head_commit = g_strdup(json_string(item, "sha"));
	proposal->title = g_strdup(json_string(item, "title"));
	proposal->body = g_strdup(json_string(item, "description"));
	proposal->url = conversation_page(hosted, proposal->number);
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

static char *list_path(Hosted *hosted, bool is_open, const char *head, GError **error G_GNUC_UNUSED)
{
	g_autofree char *from = http_escape(head != NULL ? head : "");
	g_autofree char *query =
		head == NULL ? g_strdup("") : g_strdup_printf("&source_branch=%s", from);

	return api_path(&hosted->api, "/merge_requests?state=%s%s&per_page=%d",
			is_open ? "opened" : "all", query, PAGE);
}

static Json *wanted_proposal(const Proposal *proposal)
{
	Json *body = json_new_object();

	json_set_string(body, "source_branch", proposal->head);
	json_set_string(body, "target_branch", proposal->base);
	conversation_set_title(body, proposal, "Draft: ");
	json_set_string(body, "description", proposal->body);
	json_set_bool(body, "remove_source_branch", true);
	return body;
}

static bool open_one(Hosted *hosted, Proposal *proposal, Opening *opening, GError **error)
{
	if (!know_project(hosted, error))
		return false;
	if (!hosted->has_requests)
		return fail(error, FAILURE_INPUT, "merge requests are disabled in the project");
	return conversation_open(hosted, proposal, opening, error);
}

/* Takes `body`. */
static bool put(Hosted *hosted, int64_t number, Json *body, const char *doing, GError **error)
{
	g_autoptr(Json) owned = body;
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;

	if (!know_project(hosted, error))
		return false;
	path = conversation_path(hosted, number, "");
	return api_do(&hosted->api, HTTP_PUT, path, g_steal_pointer(&owned), doing, &answer, error);
}

static bool update(Hosted *hosted, const Proposal *proposal, GError **error)
{
	Json *body = json_new_object();

	json_set_string(body, "title", proposal->title);
	json_set_string(body, "description", proposal->body);
	json_set_string(body, "target_branch", proposal->base);
	return put(hosted, proposal->number, body, "updating the merge request", error);
}

static bool close_one(Hosted *hosted, const Proposal *proposal, GError **error)
{
	Json *body = json_new_object();

	json_set_string(body, "state_event", "close");
	return put(hosted, proposal->number, body, "closing the merge request", error);
}

static char *said_path(const Hosted *hosted, int64_t number, const char *since G_GNUC_UNUSED)
{
	return api_path(&hosted->api,
			"/merge_requests/%" G_GINT64_FORMAT
			"/notes?sort=desc&order_by=created_at&per_page=%d",
			number, PAGE);
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
static GArray *changed_since(Hosted *hosted, int64_t since, int64_t *last_at, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(false, false, sizeof(int64_t));
	Changed changed = { numbers, last_at };
	g_autofree char *path = NULL;
	char time[32];

	time_text(since, time, sizeof time);
	path = api_path(&hosted->api,
			"/merge_requests?state=all&scope=all&updated_after=%s&per_page=%d", time,
			PAGE);
	if (!api_each(&hosted->api, path, "looking for what has changed", note_number, &changed,
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
static GPtrArray *hear(Hosted *hosted, const GPtrArray *proposals, int64_t since, int64_t *last_at,
		       GError **error)
{
	g_autoptr(GPtrArray) comments = comments_new();
	g_autoptr(GArray) changed = NULL;

	if (!know_project(hosted, error))
		return NULL;
	if (since > 0 && proposals->len > 1) {
		changed = changed_since(hosted, since, last_at, error);
		if (changed == NULL)
			return NULL;
	}
	for (guint i = 0; i < proposals->len; i++) {
		const Proposal *proposal = g_ptr_array_index(proposals, i);

		if (changed != NULL && !is_among(changed, proposal->number))
			continue;
		if (!conversation_hear_list(hosted, proposal->number, proposals, since, comments,
					    changed == NULL ? last_at : NULL, error))
			return NULL;
	}
	conversation_sort(comments);
	return g_steal_pointer(&comments);
}

static bool may_push(Hosted *hosted, const Comment *comment, bool *may, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;

	*may = false;
	if (!know_project(hosted, error))
		return false;
	path = api_path(&hosted->api, "/members/all/%" G_GINT64_FORMAT, comment->author_id);
	if (!api_ask(&hosted->api, HTTP_GET, path, NULL, &answer, error))
		return false;
	*may = api_is_good(&answer) && json_integer(answer.json, "access_level", 0) >= DEVELOPER;
	return true;
}

static bool nod(Hosted *hosted, const Comment *comment, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;
	Json *body;

	if (!know_project(hosted, error))
		return false;
	path = api_path(&hosted->api,
			"/merge_requests/%" G_GINT64_FORMAT "/notes/%" G_GINT64_FORMAT
			"/award_emoji",
			comment->number, comment->id);
	body = json_new_object();
	json_set_string(body, "name", "thumbsup");
	/* 404: it is there already. */
	if (!api_ask(&hosted->api, HTTP_POST, path, body, &answer, error))
		return false;
	return api_is_good(&answer) || answer.status == 404 ||
	       api_refused(&answer, "nodding", error);
}

/* Who is asked to do what: the keys of their numbers, where they are set, and of them. */
static const struct {
	const char *ids, *people;
} roles[] = { { "assignee_ids", "assignees" }, { "reviewer_ids", "reviewers" } };

static bool has_person(const Json *people, int64_t id)
{
	const Json *one = json_first(people);

	while (one != NULL && json_integer(one, "id", 0) != id)
		one = json_next(one);
	return one != NULL;
}

/* The numbers of people by their names, `names` of them in `role`, beside those who have it
 * already: setting them takes it from all others. */
static bool add_people(Hosted *hosted, const GPtrArray *names, size_t role, const Json *there,
		       Json *body, GString *trouble, GError **error)
{
	g_autoptr(Json) ids = json_new_array();
	const Json *people = json_array(there, roles[role].people);
	bool is_any = false;

	for (const Json *one = json_first(people); one != NULL; one = json_next(one))
		json_append_integer(ids, json_integer(one, "id", 0));
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *escaped = http_escape(name);
		g_autofree char *path = g_strdup_printf("/users?username=%s", escaped);
		g_auto(ApiAnswer) answer = { 0 };
		int64_t id;

		if (!api_do(&hosted->api, HTTP_GET, path, NULL, "looking for a person", &answer,
			    error))
			return false;
		id = json_integer(json_first(answer.json), "id", 0);
		if (id == 0) {
			g_string_append_printf(trouble, "there is no user '%s'\n", name);
		} else if (!has_person(people, id)) {
			json_append_integer(ids, id);
			is_any = true;
		}
	}
	if (is_any)
		json_set(body, roles[role].ids, g_steal_pointer(&ids));
	return true;
}

/* What is not told of it is not known to be there. */
static bool add_all_people(Hosted *hosted, int64_t number, const Dress *wanted, Json *body,
			   GString *trouble, GError **error)
{
	const GPtrArray *names[] = { wanted->assignees, wanted->reviewers };
	g_auto(ApiAnswer) there = { 0 };
	g_autofree char *path = conversation_path(hosted, number, "");
	const Json *known = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (names[i] == NULL || names[i]->len == 0)
			continue;
		if (there.status == 0 &&
		    !api_ask(&hosted->api, HTTP_GET, path, NULL, &there, error))
			return false;
		known = api_is_good(&there) ? there.json : NULL;
		if (!add_people(hosted, names[i], i, known, body, trouble, error))
			return false;
	}
	return true;
}

/* Without a licence for it only the first of several is taken, without a word. */
static void say_dropped(const ApiAnswer *answer, const Json *wanted, GString *trouble)
{
	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
		if (json_count(json_array(answer->json, roles[i].people)) <
		    json_count(json_array(wanted, roles[i].ids)))
			g_string_append_printf(trouble, "GitLab has not taken all %s\n",
					       roles[i].people);
}

static bool put_dress(Hosted *hosted, int64_t number, const Json *body, GString *trouble,
		      GError **error)
{
	g_autofree char *path = api_path(&hosted->api, "/merge_requests/%" G_GINT64_FORMAT, number);
	g_auto(ApiAnswer) answer = { 0 };

	if (!api_ask(&hosted->api, HTTP_PUT, path, json_copy(body), &answer, error))
		return false;
	if (api_is_good(&answer))
		say_dropped(&answer, body, trouble);
	else
		api_complain(&answer, "dressing", trouble);
	return true;
}

/* Unknown labels are made by the server. */
static bool dress(Hosted *hosted, const Proposal *proposal, const Dress *wanted, GString *trouble,
		  GError **error)
{
	g_autoptr(Json) body = json_new_object();

	if (!know_project(hosted, error))
		return false;
	if (wanted->labels != NULL && wanted->labels->len > 0) {
		g_autoptr(GString) labels = g_string_new(NULL);

		for (guint i = 0; i < wanted->labels->len; i++)
			g_string_append_printf(labels, "%s%s", i > 0 ? "," : "",
					       (const char *)wanted->labels->pdata[i]);
		json_set_string(body, "add_labels", labels->str);
	}
	if (!add_all_people(hosted, proposal->number, wanted, body, trouble, error))
		return false;
	if (wanted->milestone != 0)
		json_set_integer(body, "milestone_id", wanted->milestone);
	return json_first(body) == NULL ||
	       put_dress(hosted, proposal->number, body, trouble, error);
}

/* Whether what is merged has to queue, which only the project itself says. */
static bool know_trains(Hosted *hosted, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };

	if (hosted->are_trains_known)
		return true;
	if (!api_do(&hosted->api, HTTP_GET, hosted->api.repository, NULL, "reading the project",
		    &answer, error))
		return false;
	hosted->has_trains = json_bool(answer.json, "merge_trains_enabled", false);
	hosted->are_trains_known = true;
	return true;
}

/* A merge that is asked for past the train of a project would be tested with nothing that
 * is before it. */
static bool ask_for_merge(Hosted *hosted, const Proposal *proposal, ApiAnswer *answer,
			  GError **error)
{
	/* GitLab does not know yet whether it can be merged (forges.md 4.2). */
	static const int early[] = { 405, 0 };
	g_autoptr(Json) body = json_new_object();
	g_autofree char *path = NULL;

	if (hosted->has_trains) {
		path = api_path(&hosted->api, "/merge_trains/merge_requests/%" G_GINT64_FORMAT,
				proposal->number);
		json_set_bool(body, "auto_merge", true);
	} else {
		path = conversation_path(hosted, proposal->number, "/merge");
		json_set_bool(body, "merge_when_pipeline_succeeds", true);
		json_set_bool(body, "should_remove_source_branch", true);
	}
	json_set_string(body, "sha", proposal->head_commit);
	return api_insist(&hosted->api, hosted->has_trains ? HTTP_POST : HTTP_PUT, path, body,
			  early, CONVERSATION_MERGE_TRIES, answer, error);
}

static bool automerge(Hosted *hosted, const Proposal *proposal, GString *trouble, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };

	if (!know_project(hosted, error) || !know_trains(hosted, error) ||
	    !ask_for_merge(hosted, proposal, &answer, error))
		return false;
	if (!api_is_good(&answer))
		api_complain(&answer, CONVERSATION_AUTOMERGE, trouble);
	return true;
}

/* 406: it is not going to be merged by itself. */
static bool cancel_automerge(Hosted *hosted, int64_t number, GString *trouble, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;

	if (!know_project(hosted, error))
		return false;
	path = conversation_path(hosted, number, "/cancel_merge_when_pipeline_succeeds");
	if (!api_ask(&hosted->api, HTTP_POST, path, NULL, &answer, error))
		return false;
	if (!api_is_good(&answer) && answer.status != 406)
		api_complain(&answer, CONVERSATION_CANCEL, trouble);
	return true;
}

typedef struct {
	const Hosted *hosted;
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
				g_strdup_printf("%s/%s.git", found->hosted->web, path));
	return true;
}

static GPtrArray *discover(Hosted *hosted, GError **error)
{
	static const char query[] =
		"archived=false&min_access_level=30&with_merge_requests_enabled=true";
	g_autoptr(GPtrArray) urls = g_ptr_array_new_with_free_func(g_free);
	Found found = { hosted, urls };
	g_autofree char *owner = http_escape(hosted->owner);
	g_autofree char *group = g_strdup_printf(
		"/groups/%s/projects?include_subgroups=true&with_shared=false&%s&per_page=%d",
		owner, query, PAGE);
	g_autofree char *user =
		g_strdup_printf("/users/%s/projects?%s&per_page=%d", owner, query, PAGE);

	/* A person is no group. */
	if (!api_spare(&hosted->api, "listing repositories", error) ||
	    !api_each_or(&hosted->api, group, user, "listing projects", note_repository, &found,
			 error))
		return NULL;
	return g_steal_pointer(&urls);
}

#define ITSELF "/personal_access_tokens/self"

static bool learn_expiry(Hosted *hosted, int64_t *at, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	const char *day;

	if (!api_ask(&hosted->api, HTTP_GET, ITSELF, NULL, &answer, error))
		return false;
	day = json_string(answer.json, "expires_at");
	*at = day != NULL ? api_day(day) : api_is_good(&answer) ? INT64_MAX : 0;
	return true;
}

/* What a token is for. */
typedef enum {
	SCOPE_UNTOLD, /* only what is tried can tell */
	SCOPE_API,
	SCOPE_OTHER,
} Scope;

static Scope scope_of(const ApiAnswer *answer)
{
	const Json *scopes = json_array(answer->json, "scopes");
	Scope scope = api_is_good(answer) ? SCOPE_OTHER : SCOPE_UNTOLD;

	for (const Json *one = json_first(scopes); one != NULL; one = json_next(one)) {
		if (g_strcmp0(json_text(one), "api") == 0)
			return SCOPE_API;
		if (g_strcmp0(json_text(one), "granular") == 0) /* granted one by one */
			scope = SCOPE_UNTOLD;
	}
	return scope;
}

/* What a token of GitLab is for stands in itself, unless it is one of OAuth. */
static bool check_token(Hosted *hosted, Standing *standing, Scope *scope, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	const Json *scopes;
	const char *expiry;

	if (!api_ask(&hosted->api, HTTP_GET, ITSELF, NULL, &answer, error))
		return false;
	*scope = scope_of(&answer);
	scopes = json_array(answer.json, "scopes");
	expiry = json_string(answer.json, "expires_at");
	for (const Json *one = json_first(scopes); one != NULL; one = json_next(one)) {
		const char *word = json_text(one);

		if (word != NULL && (g_str_has_prefix(word, "admin") || strcmp(word, "sudo") == 0))
			g_ptr_array_add(standing->remarks,
					g_strdup_printf("the scope '%s' is not needed", word));
	}
	if (expiry != NULL)
		g_ptr_array_add(standing->remarks,
				g_strdup_printf("the token expires on %s", expiry));
	return true;
}

/* The greater of what a person has in the project and in its group; of a group that was
 * invited the project does not tell. */
static bool access_level(Hosted *hosted, const Json *project, int64_t user, int64_t *level,
			 GError **error)
{
	const Json *rights = json_object(project, "permissions");
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;

	*level = MAX(json_integer(json_object(rights, "project_access"), "access_level", 0),
		     json_integer(json_object(rights, "group_access"), "access_level", 0));
	if (*level != 0 || user == 0)
		return true;
	path = api_path(&hosted->api, "/members/all/%" G_GINT64_FORMAT, user);
	if (!api_ask(&hosted->api, HTTP_GET, path, NULL, &answer, error))
		return false;
	*level = api_is_good(&answer) ? json_integer(answer.json, "access_level", 0) : 0;
	return true;
}

static bool check_project(Hosted *hosted, const Json *project, int64_t user, Scope scope,
			  Standing *standing, GError **error)
{
	static const char proposing[] = "open and close merge requests";
	const char *requests = json_string(project, "merge_requests_access_level");
	g_autofree char *path = api_path(&hosted->api, "/merge_requests");
	const char *why = NULL;
	int64_t level;

	standing_add(standing, "read the project", NULL);
	if (json_bool(project, "archived", false))
		g_ptr_array_add(standing->remarks, g_strdup("the project is archived"));
	if (!access_level(hosted, project, user, &level, error))
		return false;
	if (scope == SCOPE_OTHER)
		why = "the token lacks the scope 'api'";
	else if (level < DEVELOPER)
		why = "its account is no Developer here";
	else if (g_strcmp0(requests, "disabled") == 0)
		why = "merge requests are disabled";
	if (why == NULL && scope == SCOPE_UNTOLD)
		return api_try(&hosted->api, HTTP_POST, path, proposing, standing, error);
	standing_add(standing, proposing, why);
	return true;
}

static char *board_list(Hosted *hosted, GError **error)
{
	if (!know_project(hosted, error))
		return NULL;
	return api_path(&hosted->api, "/issues?state=opened&scope=created_by_me&per_page=%d", PAGE);
}

/* Whose the issue is is left to the list, so that nobody has to ask who we are. */
static char *board_one(const Hosted *hosted, int64_t number)
{
	return api_path(&hosted->api,
			"/issues?iids%%5B%%5D=%" G_GINT64_FORMAT "&scope=created_by_me", number);
}

/* Whether there is a project that the token lets see. */
static bool check_sight(Hosted *hosted, Standing *standing, bool *is_seen, GError **error)
{
	g_autoptr(GError) local = NULL;

	*is_seen = hosted->repository->discover || know_project(hosted, &local);
	if (*is_seen)
		return true;
	if (failure_kind(local) != FAILURE_ABSENT) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	standing_add(standing, "read the project", local->message);
	return true;
}

static bool check(Hosted *hosted, Standing *standing, GError **error)
{
	g_auto(ApiAnswer) user = { 0 }, project = { 0 };
	Scope scope = SCOPE_UNTOLD;
	bool is_seen = false;

	standing->advice = g_strdup("a project access token needs the scopes api and "
				    "write_repository and the role Developer");
	if (!check_sight(hosted, standing, &is_seen, error))
		return false;
	if (!is_seen)
		return true;
	if (!check_token(hosted, standing, &scope, error) ||
	    !api_ask(&hosted->api, HTTP_GET, "/user", NULL, &user, error))
		return false;
	standing->account = g_strdup(json_string(user.json, "username"));
	if (hosted->repository->discover)
		return true;
	if (!api_ask(&hosted->api, HTTP_GET, hosted->api.repository, NULL, &project, error))
		return false;
	if (!api_is_good(&project)) {
		standing_add(standing, "read the project", "there is none any more");
		return true;
	}
	return check_project(hosted, project.json, json_integer(user.json, "id", 0), scope,
			     standing, error) &&
	       (!hosted->repository->has_dashboard || board_check(hosted, standing, error));
}

static const Conversation conversation = {
	.proposals = "/merge_requests",
	.threads = "/merge_requests",
	.comments = "/notes",
	.page = "/-/merge_requests/",
	.number = "iid",
	.meet = know_project,
	.list = list_path,
	.read = read_proposal,
	.wish = wanted_proposal,
	.exists = "already exists",
	.nothing = "no commits",
	.is_early = is_early,
	.said = said_path,
	.hear = read_comment,
	.hears_newest_first = true,
};

static const BoardHome board = {
	.body = "description", .change = HTTP_PUT, .list = board_list, .one = board_one
};

static Hosted *begin(World *w, const Repository *repository, GError **error)
{
	g_autoptr(ForgeAddress) address =
		forge_address(repository->url, repository->discover, 0, error);
	g_autofree char *root = NULL, *escaped = NULL;
	Hosted *hosted;

	if (address == NULL)
		return NULL;
	take_root(address, repository->forge_root);
	root = g_strconcat(address->origin, address->prefix, NULL);
	hosted = hosted_new(w, repository, g_strconcat(root, "/api/v4", NULL));
	hosted->conversation = &conversation;
	hosted->board = &board;
	hosted->owner = g_strdup(address->owner);
	if (address->name == NULL) {
		hosted->web = g_steal_pointer(&root);
		return hosted;
	}
	hosted->full_name = g_strdup_printf("%s/%s", address->owner, address->name);
	hosted->web = g_strdup_printf("%s/%s", root, hosted->full_name);
	escaped = http_escape(hosted->full_name);
	hosted->api.repository = g_strconcat("/projects/", escaped, NULL);
	return hosted;
}

const Forge forge_gitlab = {
	.name = "gitlab",
	.can = CAN_PROPOSE | CAN_LABEL | CAN_COMMENT | CAN_REVIEWERS | CAN_MILESTONE |
	       CAN_DISCOVER | CAN_AUTOMERGE | CAN_DASHBOARD,
	.max_body = 60000,
	.git_user = "oauth2",
	.sign = '!',
	.begin = begin,
	.list = conversation_list,
	.find = conversation_find,
	.look = conversation_look,
	.open = open_one,
	.update = update,
	.close = close_one,
	.say = conversation_say,
	.hear = hear,
	.may_push = may_push,
	.nod = nod,
	.read_board = board_read,
	.write_board = board_write,
	.dress = dress,
	.automerge = automerge,
	.cancel_automerge = cancel_automerge,
	.check = check,
	.learn_expiry = learn_expiry,
	.discover = discover,
};
