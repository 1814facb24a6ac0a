/* SPDX-License-Identifier: MIT */
#include "listen/hook.h"

#include "base/crypto.h"
#include "base/json.h"

#include <string.h>

enum {
	WINDOW_S = 300,
	MAX_SIGNATURES = 8, /* of one request */
};

typedef enum { FROM_NOBODY, FROM_GITHUB, FROM_GITLAB, FROM_GITEA } Sender;

/* Gitea and Forgejo send GitHub's headers too, so they are looked for first. */
static Sender sender_of(const HookRequest *request, const char **event)
{
	static const struct {
		const char *header;
		Sender sender;
	} senders[] = {
		{ "X-Forgejo-Event", FROM_GITEA },
		{ "X-Gitea-Event", FROM_GITEA },
		{ "X-Gitlab-Event", FROM_GITLAB },
		{ "X-GitHub-Event", FROM_GITHUB },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
		*event = request->header(request->data, senders[i].header);
		if (*event != NULL)
			return senders[i].sender;
	}
	return FROM_NOBODY;
}

static bool has_hex(const HookRequest *request, const Secret *secrets, const char *header,
		    const char *beginning)
{
	const char *value = request->header(request->data, header);

	return value != NULL && g_str_has_prefix(value, beginning) &&
	       secret_has_signed(secrets, request->body, request->length,
				 value + strlen(beginning));
}

/* "v1,BASE64 v1,BASE64" over the number of the delivery, the time and the body. */
static bool has_standard(const HookRequest *request, const Secret *secrets, int64_t now)
{
	const char *id = request->header(request->data, "webhook-id");
	const char *time = request->header(request->data, "webhook-timestamp");
	const char *value = request->header(request->data, "webhook-signature");
	g_autoptr(GString) message = g_string_new(NULL);
	g_auto(GStrv) signatures = g_strsplit(value, " ", MAX_SIGNATURES);
	int64_t at = 0;

	if (id == NULL || time == NULL ||
	    !g_ascii_string_to_signed(time, 10, 0, INT64_MAX / 2, &at, NULL) ||
	    at < now - WINDOW_S || at > now + WINDOW_S)
		return false;
	g_string_append_printf(message, "%s.%s.", id, time);
	g_string_append_len(message, request->body, (gssize)request->length);
	for (char **signature = signatures; *signature != NULL; signature++)
		if (g_str_has_prefix(*signature, "v1,") &&
		    secret_has_signed_standard(secrets, message->str, message->len,
					       *signature + strlen("v1,")))
			return true;
	return false;
}

bool hook_is_genuine(const HookRequest *request, const Secret *secrets, int64_t now)
{
	const char *event, *token;

	switch (sender_of(request, &event)) {
	case FROM_GITHUB:
		return has_hex(request, secrets, "X-Hub-Signature-256", "sha256=");
	case FROM_GITEA:
		return has_hex(request, secrets, "X-Forgejo-Signature", "") ||
		       has_hex(request, secrets, "X-Gitea-Signature", "") ||
		       has_hex(request, secrets, "X-Hub-Signature-256", "sha256=");
	case FROM_GITLAB:
		/* The other two headers of a signature are always sent. */
		if (request->header(request->data, "webhook-signature") != NULL)
			return has_standard(request, secrets, now);
		token = request->header(request->data, "X-Gitlab-Token");
		return token != NULL && secret_is(secrets, token);
	default:
		return false;
	}
}

const char *hook_delivery(const HookRequest *request)
{
	static const char *const headers[] = { "X-Forgejo-Delivery",  "X-Gitea-Delivery",
					       "webhook-id",          "Idempotency-Key",
					       "X-Gitlab-Event-UUID", "X-GitHub-Delivery" };

	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		const char *id = request->header(request->data, headers[i]);

		if (id != NULL)
			return id;
	}
	return NULL;
}

/* Whether a file of this name can hold what is looked for. Wider than what any
 * ecosystem claims: a look too many is one small request. */
static bool may_matter(const char *path)
{
	static const char *const endings[] = { "go.mod", "go.sum", "go.work", "modules.txt",
					       ".yml",   ".yaml",  ".json",   ".tpl" };
	g_autofree char *lower = g_ascii_strdown(path, -1);

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(lower, endings[i]))
			return true;
	return strstr(lower, "dockerfile") != NULL || strstr(lower, "containerfile") != NULL;
}

static bool has_matter(const Json *commit)
{
	static const char *const lists[] = { "added", "modified", "removed" };

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (const Json *path = json_first(json_array(commit, lists[i])); path != NULL;
		     path = json_next(path))
			if (json_text(path) == NULL || may_matter(json_text(path)))
				return true;
	return false;
}

/* Forges list the first commits only; what is not listed may be anything. */
static bool push_matters(const Json *event, const Json *home)
{
	static const char branches[] = "refs/heads/";
	const Json *commits = json_array(event, "commits");
	const char *ref = json_string(event, "ref"), *main = json_string(home, "default_branch");
	int64_t total =
		json_integer(event, "total_commits_count", json_integer(event, "total_commits", 0));

	if (ref == NULL || !g_str_has_prefix(ref, branches) || json_bool(event, "deleted", false) ||
	    (main != NULL && strcmp(ref + strlen(branches), main) != 0))
		return false;
	if (commits == NULL || json_count(commits) == 0 || (int64_t)json_count(commits) < total)
		return true;
	for (const Json *commit = json_first(commits); commit != NULL; commit = json_next(commit))
		if (has_matter(commit))
			return true;
	return false;
}

static bool is_any(const char *word, const char *const *words)
{
	return word != NULL && g_strv_contains(words, word);
}

static bool github_matters(const char *event, const Json *json)
{
	static const char *const ends[] = { "closed", "reopened", NULL };
	const char *action = json_string(json, "action");
	const Json *issue = json_object(json, "issue");

	if (strcmp(event, "push") == 0)
		return push_matters(json, json_object(json, "repository"));
	if (strcmp(event, "issue_comment") == 0)
		return g_strcmp0(action, "created") == 0 &&
		       (json_bool(json, "is_pull", false) ||
			json_object(issue, "pull_request") != NULL);
	if (strcmp(event, "pull_request") == 0)
		return is_any(action, ends);
	/* The boxes of a dashboard. */
	return strcmp(event, "issues") == 0 && g_strcmp0(action, "edited") == 0;
}

static bool gitlab_matters(const char *event, const Json *json)
{
	static const char *const ends[] = { "close", "merge", "reopen", NULL };
	const Json *what = json_object(json, "object_attributes");
	const char *action = json_string(what, "action");

	if (strcmp(event, "Push Hook") == 0)
		return push_matters(json, json_object(json, "project"));
	if (strcmp(event, "Note Hook") == 0)
		return g_strcmp0(json_string(what, "noteable_type"), "MergeRequest") == 0 &&
		       g_strcmp0(action, "update") != 0;
	if (strcmp(event, "Merge Request Hook") == 0)
		return is_any(action, ends);
	return strcmp(event, "Issue Hook") == 0 && g_strcmp0(action, "update") == 0;
}

HookVerdict hook_read(const HookRequest *request, char **path)
{
	const char *event, *name;
	Sender sender = sender_of(request, &event);
	g_autoptr(Json) json = json_parse(request->body, request->length, "a hook", NULL);
	bool is_gitlab = sender == FROM_GITLAB;

	*path = NULL;
	if (json == NULL)
		return HOOK_BROKEN;
	if (is_gitlab ? !gitlab_matters(event, json) : !github_matters(event, json))
		return HOOK_NOTHING;
	name = is_gitlab ? json_string(json_object(json, "project"), "path_with_namespace")
			 : json_string(json_object(json, "repository"), "full_name");
	if (name == NULL || *name == '\0')
		return HOOK_BROKEN;
	*path = g_strdup(name);
	return HOOK_WAKE;
}
