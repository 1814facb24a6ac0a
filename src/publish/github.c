/* SPDX-License-Identifier: MIT */
/* GitHub: github.com, data-residency hosts, Enterprise Server (forges.md 3). */
#include "publish/address.h"
#include "publish/conversation.h"

#include <string.h>

#define PAGE 100

typedef struct {
	Api api;
	char *repository; /* "/repos/acme/shop" */
	char *full_name;  /* "acme/shop" */
	char *owner;
} GitHub;

static void github_clear(GitHub *github)
{
	api_clear(&github->api);
	g_free(github->repository);
	g_free(github->full_name);
	g_free(github->owner);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GitHub, github_clear)

static bool github_init(GitHub *github, World *w, const Repository *repository, GError **error)
{
	g_autoptr(ForgeAddress) address =
		forge_address(repository->url, repository->discover, 1, error);
	g_autofree char *owner = NULL, *name = NULL;

	*github = (GitHub){ 0 };
	if (address == NULL)
		return false;
	api_init(&github->api, w, repository, github_api(address->origin));
	github->api.accept = "application/vnd.github+json";
	github->owner = g_strdup(address->owner);
	if (address->name == NULL)
		return true;
	owner = http_escape(address->owner);
	name = http_escape(address->name);
	github->repository = g_strdup_printf("/repos/%s/%s", owner, name);
	github->full_name = g_strdup_printf("%s/%s", address->owner, address->name);
	return true;
}

static char *path_of(const GitHub *github, const char *format, ...) G_GNUC_PRINTF(2, 3);
static char *path_of(const GitHub *github, const char *format, ...)
{
	g_autofree char *rest = NULL;
	va_list arguments;

	va_start(arguments, format);
	rest = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return g_strconcat(github->repository, rest, NULL);
}

/* NULL: it comes from a fork, or makes no sense. A head without repository is
 * that of a fork that is gone. */
static Proposal *read_proposal(const Json *item, const void *forge)
{
	const GitHub *github = forge;
	const Json *head = json_object(item, "head"), *base = json_object(item, "base");
	const char *from = json_string(head, "ref"), *to = json_string(base, "ref");
	const char *source = json_string(json_object(head, "repo"), "full_name");
	const Json *labels = json_array(item, "labels");
	Proposal *proposal;

	if (from == NULL || to == NULL || json_integer(item, "number", 0) == 0 || source == NULL ||
	    g_ascii_strcasecmp(source, github->full_name) != 0)
		return NULL;
	proposal = proposal_new(from, to);
	proposal->number = json_integer(item, "number", 0);
	proposal->state = json_string(item, "merged_at") != NULL               ? PROPOSAL_MERGED
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

/* `state=all` is known to answer 500, so the two are asked for one by one. NULL
 * for `head`: all that are open. */
static Conversation conversation_of(const GitHub *github, const char *head, const char *base)
{
	Conversation conversation = { .api = &github->api, .read = read_proposal, .forge = github };
	g_autofree char *owner = http_escape(github->owner);
	g_autofree char *from = http_escape(head != NULL ? head : "");
	g_autofree char *to = http_escape(base != NULL ? base : "");
	g_autofree char *query =
		g_strdup_printf("&head=%s:%s&base=%s&sort=updated&direction=desc", owner, from, to);

	conversation.open_path =
		path_of(github, "/pulls?state=open%s&per_page=%d", head != NULL ? query : "", PAGE);
	conversation.closed_path = path_of(github, "/pulls?state=closed%s&per_page=%d",
					   head != NULL ? query : "", PAGE);
	return conversation;
}

static GPtrArray *list(World *w, const Repository *repository, GError **error)
{
	g_auto(GitHub) github = { 0 };
	g_auto(Conversation) conversation = { 0 };

	if (!github_init(&github, w, repository, error))
		return NULL;
	conversation = conversation_of(&github, NULL, NULL);
	return conversation_all(&conversation, error);
}

static bool find(World *w, const Repository *repository, const char *head, const char *base,
		 Proposal **found, GError **error)
{
	g_auto(GitHub) github = { 0 };
	g_auto(Conversation) conversation = { 0 };

	*found = NULL;
	if (!github_init(&github, w, repository, error))
		return false;
	conversation = conversation_of(&github, head, base);
	return conversation_find(&conversation, head, base, found, error);
}

static Json *wanted_proposal(const Proposal *proposal)
{
	Json *body = json_new_object();

	json_set_string(body, "title", proposal->title);
	json_set_string(body, "head", proposal->head);
	json_set_string(body, "base", proposal->base);
	json_set_string(body, "body", proposal->body);
	json_set_bool(body, "maintainer_can_modify", false);
	return body;
}

static bool open_one(World *w, const Repository *repository, Proposal *proposal, Opening *opening,
		     GError **error)
{
	g_auto(GitHub) github = { 0 };
	g_auto(Conversation) conversation = { 0 };
	g_autofree char *path = NULL;

	if (!github_init(&github, w, repository, error))
		return false;
	conversation = conversation_of(&github, proposal->head, proposal->base);
	path = path_of(&github, "/pulls");
	return conversation_open(&conversation, path, wanted_proposal(proposal), "already exists",
				 "no commits between", "number", "html_url", proposal, opening,
				 error);
}

static bool update(World *w, const Repository *repository, const Proposal *proposal, GError **error)
{
	g_auto(GitHub) github = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;
	Json *body;

	if (!github_init(&github, w, repository, error))
		return false;
	path = path_of(&github, "/pulls/%" G_GINT64_FORMAT, proposal->number);
	body = json_new_object();
	json_set_string(body, "title", proposal->title);
	json_set_string(body, "body", proposal->body);
	json_set_string(body, "base", proposal->base);
	return api_do(&github.api, HTTP_PATCH, path, body, "updating the pull request", &answer,
		      error);
}

static bool close_one(World *w, const Repository *repository, const Proposal *proposal,
		      const char *comment, GError **error)
{
	g_auto(GitHub) github = { 0 };
	g_auto(ApiAnswer) said = { 0 }, answer = { 0 };
	g_autofree char *path = NULL, *comments = NULL;
	Json *body;

	if (!github_init(&github, w, repository, error))
		return false;
	path = path_of(&github, "/pulls/%" G_GINT64_FORMAT, proposal->number);
	comments = path_of(&github, "/issues/%" G_GINT64_FORMAT "/comments", proposal->number);
	if (comment != NULL) {
		g_autoptr(GError) locked = NULL;

		body = json_new_object();
		json_set_string(body, "body", comment);
		/* A locked conversation answers 403 and is closed without words. */
		if (!api_ask(&github.api, HTTP_POST, comments, body, &said, &locked) &&
		    failure_kind(locked) != FAILURE_DENIED) {
			g_propagate_error(error, g_steal_pointer(&locked));
			return false;
		}
	}
	body = json_new_object();
	json_set_string(body, "state", "closed");
	return api_do(&github.api, HTTP_PATCH, path, body, "closing the pull request", &answer,
		      error);
}

/* Makes a label with Dependabot's colour; that it is there is no error. */
static bool make_label(const GitHub *github, const char *name, GError **error)
{
	g_autofree char *path = path_of(github, "/labels");
	g_auto(ApiAnswer) answer = { 0 };
	Json *body = json_new_object();

	json_set_string(body, "name", name);
	json_set_string(body, "color", "0366d6");
	if (!api_ask(&github->api, HTTP_POST, path, body, &answer, error))
		return false;
	/* `errors[].code` is "already_exists". */
	return api_is_good(&answer) || answer.status == 422 ||
	       api_refused(&answer, "making a label", error);
}

static bool add_labels(const GitHub *github, int64_t number, const GPtrArray *names, GError **error)
{
	g_autofree char *path = path_of(github, "/issues/%" G_GINT64_FORMAT "/labels", number);
	g_auto(ApiAnswer) answer = { 0 };
	Json *body;

	for (guint i = 0; i < names->len; i++)
		if (!make_label(github, g_ptr_array_index(names, i), error))
			return false;
	body = json_new_object();
	json_set(body, "labels", api_strings(names));
	return api_do(&github->api, HTTP_POST, path, body, "adding labels", &answer, error);
}

/* One invalid reviewer makes the forge refuse all, so each is asked for alone. */
static bool ask_reviews(const GitHub *github, int64_t number, const GPtrArray *names,
			GString *trouble, GError **error)
{
	g_autofree char *path =
		path_of(github, "/pulls/%" G_GINT64_FORMAT "/requested_reviewers", number);

	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i), *team = strchr(name, '/');
		g_autofree char *doing = g_strdup_printf("asking '%s' for a review", name);
		Json *body = json_new_object(), *who = json_new_array();

		json_append_string(who, team != NULL ? team + 1 : name);
		json_set(body, team != NULL ? "team_reviewers" : "reviewers", who);
		if (!api_wish(&github->api, HTTP_POST, path, body, doing, trouble, error))
			return false;
	}
	return true;
}

static bool dress(World *w, const Repository *repository, const Proposal *proposal,
		  const Dress *wanted, GString *trouble, GError **error)
{
	g_auto(GitHub) github = { 0 };
	g_autofree char *issue = NULL, *assignees = NULL;
	Json *body;

	if (!github_init(&github, w, repository, error))
		return false;
	issue = path_of(&github, "/issues/%" G_GINT64_FORMAT, proposal->number);
	assignees = g_strconcat(issue, "/assignees", NULL);
	if (wanted->labels != NULL && wanted->labels->len > 0 &&
	    !add_labels(&github, proposal->number, wanted->labels, error))
		return false;
	if (wanted->assignees != NULL && wanted->assignees->len > 0) {
		body = json_new_object();
		json_set(body, "assignees", api_strings(wanted->assignees));
		if (!api_wish(&github.api, HTTP_POST, assignees, body, "assigning", trouble, error))
			return false;
	}
	if (wanted->milestone != 0) {
		body = json_new_object();
		json_set_integer(body, "milestone", wanted->milestone);
		if (!api_wish(&github.api, HTTP_PATCH, issue, body, "setting the milestone",
			      trouble, error))
			return false;
	}
	return wanted->reviewers == NULL ||
	       ask_reviews(&github, proposal->number, wanted->reviewers, trouble, error);
}

typedef struct {
	const GitHub *github;
	GPtrArray *urls;
} Found;

static bool note_repository(const Json *item, void *data)
{
	Found *found = data;
	const char *url = json_string(item, "clone_url");
	const char *owner = json_string(json_object(item, "owner"), "login");
	const Json *rights = json_object(item, "permissions");

	if (url != NULL && owner != NULL && g_ascii_strcasecmp(owner, found->github->owner) == 0 &&
	    !json_bool(item, "archived", false) && !json_bool(item, "disabled", false) &&
	    !json_bool(item, "fork", false) && json_bool(rights, "push", false))
		g_ptr_array_add(found->urls, g_strdup(url));
	return true;
}

/* What the token may push to, reduced to the owner: /orgs/… and /users/… show
 * only what is public to some kinds of token. */
static GPtrArray *discover(World *w, const Repository *repository, GError **error)
{
	g_auto(GitHub) github = { 0 };
	g_autoptr(GPtrArray) urls = g_ptr_array_new_with_free_func(g_free);
	Found found = { .github = &github, .urls = urls };
	g_autofree char *path = g_strdup_printf(
		"/user/repos?affiliation=owner,collaborator,organization_member&per_page=%d", PAGE);

	if (!github_init(&github, w, repository, error) ||
	    !api_each(&github.api, path, "listing repositories", note_repository, &found, error))
		return NULL;
	return g_steal_pointer(&urls);
}

const Forge forge_github = {
	.name = "github",
	.can = CAN_PROPOSE | CAN_LABEL | CAN_COMMENT | CAN_REVIEWERS | CAN_DISCOVER,
	.max_body = 60000,
	.git_user = "x-access-token",
	.list = list,
	.find = find,
	.open = open_one,
	.update = update,
	.close = close_one,
	.dress = dress,
	.discover = discover,
};
