/* SPDX-License-Identifier: MIT */
/* What a pull request is dressed with: labels, milestone, assignees, reviewers, in this
 * order (forges.md 2.3). */
#include "base/text.h"
#include "publish/github.h"

#include <string.h>

#define PAGE           100
#define MOST_ASSIGNEES 10

static bool has_any(const GPtrArray *names)
{
	return names != NULL && names->len > 0;
}

/* Names are the same whatever their case. */
static void note_name(const Json *item, const char *key, GTree *names)
{
	const char *name = json_string(item, key);

	if (name != NULL)
		text_add(names, g_utf8_casefold(name, -1));
}

static bool is_noted(GTree *names, const char *name)
{
	g_autofree char *key = g_utf8_casefold(name, -1);

	return g_tree_lookup(names, key) != NULL;
}

static bool note_label(const Json *item, void *data)
{
	note_name(item, "name", data);
	return true;
}

/* Makes a label with Dependabot's colour. Somebody else may have made it since. */
static bool make_label(Hosted *hosted, const char *name, GError **error)
{
	g_autofree char *path = api_path(&hosted->api, "/labels");
	g_auto(ApiAnswer) answer = { 0 };
	Json *body = json_new_object();

	json_set_string(body, "name", name);
	json_set_string(body, "color", "0366d6");
	json_set_string(body, "description", "Pull requests that update dependencies");
	if (!api_ask(&hosted->api, HTTP_POST, path, body, &answer, error))
		return false;
	return api_is_good(&answer) || github_has_error(&answer, NULL, "already_exists") ||
	       api_refused(&answer, "making a label", error);
}

static bool list_labels(Hosted *hosted, GError **error)
{
	g_autoptr(GTree) known = g_tree_new_full(text_compare, NULL, g_free, NULL);
	g_autofree char *path = api_path(&hosted->api, "/labels?per_page=%d", PAGE);

	if (hosted->labels != NULL)
		return true;
	if (!api_each(&hosted->api, path, "listing labels", note_label, known, error))
		return false;
	hosted->labels = g_steal_pointer(&known);
	return true;
}

static bool make_labels(Hosted *hosted, const GPtrArray *names, GError **error)
{
	if (!list_labels(hosted, error))
		return false;
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);

		if (is_noted(hosted->labels, name))
			continue;
		if (!make_label(hosted, name, error))
			return false;
		text_add(hosted->labels, g_utf8_casefold(name, -1));
	}
	return true;
}

/* Times that something is asked for that was made a moment ago, a label or the pull request:
 * it is not seen at once by all of GitHub. */
enum { LABEL_TRIES = 10, ASSIGN_TRIES = 4 };

static bool add_labels(Hosted *hosted, int64_t number, const Dress *wanted,
		       GString *trouble G_GNUC_UNUSED, GError **error)
{
	static const char doing[] = "adding labels";
	static const int early[] = { 404, 422, 0 };
	g_autofree char *path =
		api_path(&hosted->api, "/issues/%" G_GINT64_FORMAT "/labels", number);
	g_autoptr(Json) body = json_new_object();
	g_auto(ApiAnswer) answer = { 0 };

	if (!has_any(wanted->labels))
		return true;
	if (!make_labels(hosted, wanted->labels, error))
		return false;
	json_set(body, "labels", api_strings(wanted->labels));
	if (!api_insist(&hosted->api, HTTP_POST, path, body, early, LABEL_TRIES, &answer, error)) {
		g_prefix_error(error, "%s: ", doing);
		return false;
	}
	return api_is_good(&answer) || api_refused(&answer, doing, error);
}

/* As many as GitHub takes; the others are told. */
static Json *first_people(const GPtrArray *names, GString *trouble)
{
	Json *people = json_new_array();

	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);

		if (i < MOST_ASSIGNEES)
			json_append_string(people, name);
		else
			g_string_append_printf(trouble, "'%s' is one more than can be assigned\n",
					       name);
	}
	return people;
}

/* People whom GitHub does not know here are passed over without a word. */
static bool assign(Hosted *hosted, int64_t number, const Dress *wanted, GString *trouble,
		   GError **error)
{
	const GPtrArray *names = wanted->assignees;
	static const int early[] = { 404, 0 };
	g_autofree char *path =
		api_path(&hosted->api, "/issues/%" G_GINT64_FORMAT "/assignees", number);
	g_autoptr(GTree) there = g_tree_new_full(text_compare, NULL, g_free, NULL);
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(Json) body = json_new_object();
	const Json *people;

	if (!has_any(names))
		return true;
	json_set(body, "assignees", first_people(names, trouble));
	if (!api_insist(&hosted->api, HTTP_POST, path, body, early, ASSIGN_TRIES, &answer, error))
		return false;
	if (!api_is_good(&answer)) {
		api_complain(&answer, "assigning", trouble);
		return true;
	}
	people = json_array(answer.json, "assignees");
	for (const Json *one = json_first(people); one != NULL; one = json_next(one))
		note_name(one, "login", there);
	for (guint i = 0; i < names->len && i < MOST_ASSIGNEES; i++)
		if (!is_noted(there, g_ptr_array_index(names, i)))
			g_string_append_printf(trouble, "'%s' cannot be assigned here\n",
					       (const char *)g_ptr_array_index(names, i));
	return true;
}

/* A wish for the reviews of those from `start` on, before `end`: "acme/team" is a team. */
static Json *reviewers(const GPtrArray *names, guint start, guint end)
{
	Json *body = json_new_object(), *people = NULL, *teams = NULL;

	for (guint i = start; i < end; i++) {
		const char *name = g_ptr_array_index(names, i), *team = strchr(name, '/');
		Json **list = team != NULL ? &teams : &people;

		if (*list == NULL)
			*list = json_new_array();
		json_append_string(*list, team != NULL ? team + 1 : name);
	}
	if (people != NULL)
		json_set(body, "reviewers", people);
	if (teams != NULL)
		json_set(body, "team_reviewers", teams);
	return body;
}

/* One who is not known makes the forge refuse all, so then each is asked for alone. */
static bool ask_reviews(Hosted *hosted, int64_t number, const Dress *wanted, GString *trouble,
			GError **error)
{
	const GPtrArray *names = wanted->reviewers;
	g_autofree char *path =
		api_path(&hosted->api, "/pulls/%" G_GINT64_FORMAT "/requested_reviewers", number);
	g_auto(ApiAnswer) answer = { 0 };

	if (!has_any(names))
		return true;
	if (names->len > 1 && !api_ask(&hosted->api, HTTP_POST, path,
				       reviewers(names, 0, names->len), &answer, error))
		return false;
	if (names->len > 1 && answer.status != 422)
		return api_is_good(&answer) || api_refused(&answer, "asking for reviews", error);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *doing = g_strdup_printf("asking '%s' for a review",
							 (const char *)g_ptr_array_index(names, i));

		if (!api_wish(&hosted->api, HTTP_POST, path, reviewers(names, i, i + 1), doing,
			      trouble, error))
			return false;
	}
	return true;
}

static bool set_milestone(Hosted *hosted, int64_t number, const Dress *wanted, GString *trouble,
			  GError **error)
{
	g_autofree char *path = api_path(&hosted->api, "/issues/%" G_GINT64_FORMAT, number);
	Json *body;

	if (wanted->milestone == 0)
		return true;
	body = json_new_object();
	json_set_integer(body, "milestone", wanted->milestone);
	return api_wish(&hosted->api, HTTP_PATCH, path, body, "setting the milestone", trouble,
			error);
}

/* Whether what went wrong with one part is no reason to leave out the others. */
static bool is_borne(const GError *error)
{
	FailureKind kind = failure_kind(error);

	return kind == FAILURE_DENIED || kind == FAILURE_INPUT || kind == FAILURE_ABSENT;
}

bool github_dress(Hosted *hosted, const Proposal *proposal, const Dress *wanted, GString *trouble,
		  GError **error)
{
	static bool (*const parts[])(
		Hosted * hosted, int64_t number, const Dress *wanted, GString *trouble,
		GError **error) = { add_labels, set_milestone, assign, ask_reviews };
	g_autoptr(GError) first = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autoptr(GError) local = NULL;

		if (parts[i](hosted, proposal->number, wanted, trouble, &local))
			continue;
		if (!is_borne(local)) {
			g_propagate_error(error, g_steal_pointer(&local));
			return false;
		}
		if (first == NULL)
			first = g_steal_pointer(&local);
	}
	if (first == NULL)
		return true;
	g_propagate_error(error, g_steal_pointer(&first));
	return false;
}
