/* SPDX-License-Identifier: MIT */
#include "publish/pulls.h"

#include "publish/board.h"
#include "publish/section.h"

#include <string.h>

/* Lists of GitHub do not say `merged`. A head without repository is that of a fork that
 * is gone. */
Proposal *pulls_read(const Json *item, const Hosted *hosted, const char *from, const char *to)
{
	const Json *head = json_object(item, "head"), *base = json_object(item, "base");
	const Json *labels = json_array(item, "labels");
	bool is_merged = json_bool(item, "merged", false) || json_string(item, "merged_at") != NULL;
	Proposal *proposal;

	if (from == NULL || to == NULL || json_integer(item, "number", 0) == 0 ||
	    !conversation_is_own(head, base, hosted->full_name))
		return NULL;
	proposal = proposal_new(from, to);
	proposal->number = json_integer(item, "number", 0);
	proposal->state = is_merged                                            ? PROPOSAL_MERGED
			  : g_strcmp0(json_string(item, "state"), "open") == 0 ? PROPOSAL_OPEN
									       : PROPOSAL_CLOSED;
	proposal->head_commit = g_strdup(json_string(head, "sha"));
	proposal->title = g_strdup(json_string(item, "title"));
	proposal->body = g_strdup(json_string(item, "body"));
	proposal->url = conversation_page(hosted, proposal->number);
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

/* To GitHub a pull request is an issue; Gitea tells them apart, the other address being
 * "". */
Comment *pulls_read_comment(const Json *item, int64_t number)
{
	const Json *user = json_object(item, "user");
	const char *address = json_string(item, "pull_request_url");
	Comment *comment = g_new0(Comment, 1);

	if (address == NULL)
		address = json_string(item, "issue_url");
	comment->id = json_integer(item, "id", 0);
	comment->number = number != 0 ? number : number_at_end(address);
	comment->said_at = api_time(item, "created_at");
	comment->is_edited = api_time(item, "updated_at") != comment->said_at;
	comment->is_bot = g_strcmp0(json_string(user, "type"), "Bot") == 0;
	comment->author = g_strdup(json_string(user, "login"));
	comment->author_id = json_integer(user, "id", 0);
	comment->body = g_strdup(json_string(item, "body"));
	return comment;
}

bool pulls_is_too_long(const ApiAnswer *answer)
{
	return api_says(answer, "body is too long");
}

/* `body` is taken. */
static bool patch(Hosted *hosted, int64_t number, Json *body, const char *doing, ApiAnswer *answer,
		  GError **error)
{
	g_autofree char *path = conversation_path(hosted, number, "");

	if (api_ask(&hosted->api, HTTP_PATCH, path, body, answer, error))
		return true;
	g_prefix_error(error, "%s: ", doing);
	return false;
}

static bool put_words(Hosted *hosted, const Proposal *proposal, const char *text, const char *doing,
		      ApiAnswer *answer, GError **error)
{
	Json *body = json_new_object();

	json_set_string(body, "title", proposal->title);
	json_set_string(body, "body", text);
	json_set_string(body, "base", proposal->base);
	return patch(hosted, proposal->number, body, doing, answer, error);
}

/* 422 of GitHub: it was closed in the meantime, and the base of a closed one cannot be
 * changed. */
bool pulls_update(Hosted *hosted, const Proposal *proposal, GError **error)
{
	static const char doing[] = "updating the pull request";
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *shorter = NULL;

	if (!put_words(hosted, proposal, proposal->body, doing, &answer, error))
		return false;
	if (pulls_is_too_long(&answer))
		shorter = section_cut(proposal->body);
	if (shorter != NULL) {
		api_answer_clear(&answer);
		if (!put_words(hosted, proposal, shorter, doing, &answer, error))
			return false;
	}
	return api_is_good(&answer) || api_says(&answer, "of a closed pull request") ||
	       api_refused(&answer, doing, error);
}

/* 412 of Gitea: it was merged in the meantime. */
bool pulls_close(Hosted *hosted, const Proposal *proposal, GError **error)
{
	static const char doing[] = "closing the pull request";
	g_auto(ApiAnswer) answer = { 0 };
	Json *body = json_new_object();

	json_set_string(body, "state", "closed");
	return patch(hosted, proposal->number, body, doing, &answer, error) &&
	       (api_is_good(&answer) || answer.status == 412 || api_refused(&answer, doing, error));
}

bool pulls_nod(Hosted *hosted, const Comment *comment, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = api_path(
		&hosted->api, "/issues/comments/%" G_GINT64_FORMAT "/reactions", comment->id);
	Json *body = json_new_object();

	json_set_string(body, "content", "+1");
	return api_do(&hosted->api, HTTP_POST, path, body, "nodding", &answer, error);
}

bool pulls_check(Hosted *hosted, const Json *repository, Standing *standing, GError **error)
{
	g_autofree char *pulls = api_path(&hosted->api, "/pulls");
	g_autofree char *labels = api_path(&hosted->api, "/labels");

	standing_add(standing, "write to the repository",
		     json_bool(json_object(repository, "permissions"), "push", false)
			     ? NULL
			     : "its account may only read");
	if (json_bool(repository, "archived", false))
		g_ptr_array_add(standing->remarks, g_strdup("the repository is archived"));
	return api_try(&hosted->api, HTTP_POST, pulls, "open and close pull requests", standing,
		       error) &&
	       api_try(&hosted->api, HTTP_POST, labels, "label and comment", standing, error) &&
	       (!hosted->repository->has_dashboard || board_check(hosted, standing, error));
}
