/* SPDX-License-Identifier: MIT */
/* A GitLab that is only pushed to: options that go with a branch open its merge
 * request, so that the token needs `write_repository` and nothing of the API. A branch
 * that is deleted closes its request.
 * Source: forges.md 4.3. */
#include "publish/forges.h"
#include "publish/hosted.h"
#include "publish/tame.h"

#include <string.h>

#define REQUEST_PLACE "/merge_requests/"

/* The server takes the two characters \n for a line break; a real one would end the
 * option. Those that a stranger wrote make no line, which could begin with an order. */
static void add(GPtrArray *options, const char *name, const char *value)
{
	g_autoptr(GString) option = g_string_new("merge_request.");

	g_string_append(option, name);
	if (value != NULL)
		g_string_append_c(option, '=');
	for (; value != NULL && *value != '\0'; value++)
		if (*value == '\n')
			g_string_append(option, "\\n");
		else if (*value == 'n' && option->str[option->len - 1] == '\\')
			g_string_append(option, TAME_WEDGE "n");
		else if (*value != '\r')
			g_string_append_c(option, *value);
	g_ptr_array_add(options, g_string_free(g_steal_pointer(&option), FALSE));
}

static void add_each(GPtrArray *options, const char *name, const GPtrArray *values)
{
	for (guint i = 0; values != NULL && i < values->len; i++)
		add(options, name, g_ptr_array_index(values, i));
}

/* Auto-merge ends with a push of other commits, so that each asks for it; the second
 * word is that of servers before 17.11, who pass over words that they do not know. */
static void add_automerge(GPtrArray *options)
{
	add(options, "auto_merge", NULL);
	add(options, "merge_when_pipeline_succeeds", NULL);
}

/* Milestones are known by title alone, and one that is not there is passed over. Without
 * `create` a request that a person closed stays closed. A title makes a draft
 * ready, which is for people to do: what was opened as one keeps its own. */
static GPtrArray *push_options(const Proposal *proposal, const Dress *dress, bool is_new)
{
	GPtrArray *options = g_ptr_array_new_with_free_func(g_free);

	if (is_new)
		add(options, "create", NULL);
	add(options, "target", proposal->base);
	if (is_new || !proposal->is_draft)
		add(options, "title", proposal->title);
	add(options, "description", proposal->body);
	if (proposal->is_left_to_forge)
		add_automerge(options);
	if (!is_new)
		return options;
	add(options, "remove_source_branch", NULL);
	if (proposal->is_draft)
		add(options, "draft", NULL);
	add_each(options, "label", dress->labels);
	add_each(options, "assign", dress->assignees);
	if (dress->milestone != 0) {
		g_autofree char *title = g_strdup_printf("%" G_GINT64_FORMAT, dress->milestone);

		add(options, "milestone", title);
	}
	return options;
}

/* "View merge request for BRANCH:" and its address, on whatever host the server thinks
 * that it is; of that only the number is taken. */
static char *pushed_url(const Repository *repository, const char *said)
{
	size_t length =
		strlen(repository->url) - (g_str_has_suffix(repository->url, ".git") ? 4 : 0);

	while ((said = strstr(said, REQUEST_PLACE)) != NULL) {
		size_t digits;

		said += strlen(REQUEST_PLACE);
		digits = strspn(said, "0123456789");
		if (digits > 0 && digits < 19 && *said != '0')
			return g_strdup_printf("%.*s/-" REQUEST_PLACE "%.*s", (int)length,
					       repository->url, (int)digits, said);
	}
	return NULL;
}

/* Git has tried what there is to try. */
static bool check(Hosted *hosted G_GNUC_UNUSED, Standing *standing, GError **error G_GNUC_UNUSED)
{
	standing->advice = g_strdup("the token needs the scope write_repository, and its account "
				    "the role Developer");
	g_ptr_array_add(standing->remarks,
			g_strdup("comments, orders and reviewers take the API, which is not used"));
	return true;
}

const Forge forge_gitlab_push = {
	.name = "gitlab-push",
	.can = CAN_PROPOSE_BY_PUSH | CAN_LABEL | CAN_MILESTONE,
	.max_body = 25000, /* an option holds 65000, and two bytes may become five */
	.git_user = "oauth2",
	.sign = '!',
	.begin = hosted_begin,
	.push_options = push_options,
	.pushed_url = pushed_url,
	.check = check,
};
