/* SPDX-License-Identifier: MIT */
/* Gitea and Forgejo, by their API v1 (forges.md 5). */
#include "base/text.h"
#include "publish/address.h"
#include "publish/conversation.h"

/* Servers cap this at [api] MAX_RESPONSE_ITEMS, 50 by default. */
#define PAGE 50

typedef struct {
	Api api;
	char *repository; /* "/repos/acme/shop" */
	char *full_name;  /* "acme/shop" */
	char *owner;
} Gitea;

static void gitea_clear(Gitea *gitea)
{
	api_clear(&gitea->api);
	g_free(gitea->repository);
	g_free(gitea->full_name);
	g_free(gitea->owner);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gitea, gitea_clear)

static bool gitea_init(Gitea *gitea, World *w, const Repository *repository, GError **error)
{
	g_autoptr(ForgeAddress) address =
		forge_address(repository->url, repository->discover, 1, error);
	g_autofree char *owner = NULL, *name = NULL;

	*gitea = (Gitea){ 0 };
	if (address == NULL)
		return false;
	api_init(&gitea->api, w, repository,
		 g_strconcat(address->origin, address->prefix, "/api/v1", NULL));
	gitea->owner = g_strdup(address->owner);
	if (address->name == NULL)
		return true;
	owner = http_escape(address->owner);
	name = http_escape(address->name);
	gitea->repository = g_strdup_printf("/repos/%s/%s", owner, name);
	gitea->full_name = g_strdup_printf("%s/%s", address->owner, address->name);
	return true;
}

static char *path_of(const Gitea *gitea, const char *format, ...) G_GNUC_PRINTF(2, 3);
static char *path_of(const Gitea *gitea, const char *format, ...)
{
	g_autofree char *rest = NULL;
	va_list arguments;

	va_start(arguments, format);
	rest = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return g_strconcat(gitea->repository, rest, NULL);
}

/* The branch of a closed proposal whose branch is gone stands in `label` only,
 * where a fork's has its owner in front. */
static const char *branch_of(const Json *side)
{
	const char *ref = json_string(side, "ref"), *label = json_string(side, "label");

	return ref != NULL && !g_str_has_prefix(ref, "refs/pull/") ? ref : label;
}

/* NULL: it comes from another repository, or makes no sense. */
static Proposal *read_proposal(const Json *item, const void *forge)
{
	const Gitea *gitea = forge;
	const Json *head = json_object(item, "head"), *base = json_object(item, "base");
	const char *from = branch_of(head), *to = branch_of(base);
	const char *source = json_string(json_object(head, "repo"), "full_name");
	const Json *labels = json_array(item, "labels");
	Proposal *proposal;

	if (from == NULL || to == NULL || json_integer(item, "number", 0) == 0)
		return NULL;
	if (source != NULL && g_ascii_strcasecmp(source, gitea->full_name) != 0)
		return NULL;
	proposal = proposal_new(from, to);
	proposal->number = json_integer(item, "number", 0);
	proposal->state = json_bool(item, "merged", false)                     ? PROPOSAL_MERGED
			  : g_strcmp0(json_string(item, "state"), "open") == 0 ? PROPOSAL_OPEN
									       : PROPOSAL_CLOSED;
	proposal->head_commit = g_strdup(json_string(head, "sha"));
	proposal->title = g_strdup(json_string(item, "title"));
	proposal->body = g_strdup(json_string(item, "body"));
	proposal->url = g_strdup(json_string(item, "html_url"));
	proposal->author = g_strdup(json_string(json_object(item, "user"), "login"));
	for (const Json *label = json_first(labels); label != NULL; label = json_next(label))
		g_ptr_array_add(proposal->labels, g_strdup(json_string(label, "name")));
	return proposal;
}

/* The query by base and head has no state, so it may show a closed one while
 * another is open: a hint at most, and not asked. */
static Conversation conversation_of(const Gitea *gitea)
{
	return (Conversation){
		.api = &gitea->api,
		.read = read_proposal,
		.forge = gitea,
		.open_path = path_of(gitea, "/pulls?state=open&sort=recentupdate&limit=%d", PAGE),
		.closed_path =
			path_of(gitea, "/pulls?state=closed&sort=recentupdate&limit=%d", PAGE),
	};
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
	return conversation_find(&conversation, head, base, found, error);
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
	path = path_of(&gitea, "/pulls");
	body = json_new_object();
	json_set_string(body, "base", proposal->base);
	json_set_string(body, "head", proposal->head);
	json_set_string(body, "title", proposal->title);
	json_set_string(body, "body", proposal->body);
	return conversation_open(&conversation, path, body, "already exists", "no changes between",
				 "number", "html_url", proposal, opening, error);
}

static bool patch(const Gitea *gitea, int64_t number, Json *body, const char *doing,
		  ApiAnswer *answer, GError **error)
{
	g_autofree char *path = path_of(gitea, "/pulls/%" G_GINT64_FORMAT, number);

	if (api_ask(&gitea->api, HTTP_PATCH, path, body, answer, error))
		return true;
	g_prefix_error(error, "%s: ", doing);
	return false;
}

static bool update(World *w, const Repository *repository, const Proposal *proposal, GError **error)
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

static bool close_one(World *w, const Repository *repository, const Proposal *proposal,
		      const char *comment, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_auto(ApiAnswer) said = { 0 }, answer = { 0 };
	Json *body;

	if (!gitea_init(&gitea, w, repository, error))
		return false;
	if (comment != NULL) {
		g_autofree char *path =
			path_of(&gitea, "/issues/%" G_GINT64_FORMAT "/comments", proposal->number);

		body = json_new_object();
		json_set_string(body, "body", comment);
		/* A locked conversation is closed without words. */
		if (!api_ask(&gitea.api, HTTP_POST, path, body, &said, error))
			return false;
	}
	body = json_new_object();
	json_set_string(body, "state", "closed");
	if (!patch(&gitea, proposal->number, body, "closing the pull request", &answer, error))
		return false;
	/* 412: it was merged in the meantime. */
	return api_is_good(&answer) || answer.status == 412 ||
	       api_refused(&answer, "closing the pull request", error);
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
static bool label_id(const Gitea *gitea, Labels *labels, const char *name, int64_t *id,
		     GError **error)
{
	g_autofree char *key = g_utf8_casefold(name, -1);
	g_autofree char *path = path_of(gitea, "/labels");
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

static bool add_labels(const Gitea *gitea, int64_t number, const GPtrArray *names, GError **error)
{
	g_autoptr(GTree) ids = g_tree_new_full(text_compare, NULL, g_free, g_free);
	Labels labels = { .ids = ids };
	g_autofree char *all = path_of(gitea, "/labels?limit=%d", PAGE);
	g_autofree char *of_owner = NULL, *owner = http_escape(gitea->owner);
	g_autofree char *path = path_of(gitea, "/issues/%" G_GINT64_FORMAT "/labels", number);
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(Json) list_of_ids = json_new_array();
	Json *body;

	of_owner = g_strdup_printf("/orgs/%s/labels?limit=%d", owner, PAGE);
	/* An owner who is a person has no labels of its own: no error. */
	if (!api_each(&gitea->api, of_owner, "listing labels", note_label, &labels, NULL))
		g_tree_remove_all(ids);
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
static Json *known_people(const Gitea *gitea, const char *path, const GPtrArray *names,
			  GString *trouble, GError **error)
{
	g_autoptr(GTree) known = g_tree_new_full(text_compare, NULL, g_free, NULL);
	g_autofree char *listed = path_of(gitea, "%s?limit=%d", path, PAGE);
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

static bool add_people(const Gitea *gitea, const char *list, const GPtrArray *names,
		       const char *key, HttpMethod method, const char *path, const char *doing,
		       GString *trouble, GError **error)
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
	issue = path_of(&gitea, "/issues/%" G_GINT64_FORMAT, proposal->number);
	reviewers = path_of(&gitea, "/pulls/%" G_GINT64_FORMAT "/requested_reviewers",
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

static bool note_repository(const Json *item, void *data)
{
	const char *url = json_string(item, "clone_url");
	const Json *rights = json_object(item, "permissions");

	if (url != NULL && !json_bool(item, "archived", false) && !json_bool(item, "fork", false) &&
	    !json_bool(item, "mirror", false) && !json_bool(item, "empty", false) &&
	    json_bool(rights, "push", false))
		g_ptr_array_add(data, g_strdup(url));
	return true;
}

static GPtrArray *discover(World *w, const Repository *repository, GError **error)
{
	g_auto(Gitea) gitea = { 0 };
	g_autoptr(GPtrArray) urls = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *owner = NULL, *user = NULL, *organisation = NULL;

	if (!gitea_init(&gitea, w, repository, error))
		return NULL;
	owner = http_escape(gitea.owner);
	/* Organisations are users too, but a token may see more of them by their own path. */
	organisation = g_strdup_printf("/orgs/%s/repos?limit=%d", owner, PAGE);
	user = g_strdup_printf("/users/%s/repos?limit=%d", owner, PAGE);
	if (!api_each(&gitea.api, organisation, "listing repositories", note_repository, urls,
		      NULL) &&
	    !api_each(&gitea.api, user, "listing repositories", note_repository, urls, error))
		return NULL;
	return g_steal_pointer(&urls);
}

const Forge forge_gitea = {
	.name = "gitea",
	.can = CAN_PROPOSE | CAN_LABEL | CAN_COMMENT | CAN_REVIEWERS | CAN_DISCOVER,
	.max_body = 60000,
	.git_user = "upkeepd",
	.list = list,
	.find = find,
	.open = open_one,
	.update = update,
	.close = close_one,
	.dress = dress,
	.discover = discover,
};
