/* SPDX-License-Identifier: MIT */
#include "git/state.h"

#include "base/json.h"
#include "git/objects.h"
#include "upkeepd/limits.h"

#include <string.h>

/* As many as there may be base branches, and a few days of one. */
#define MAX_WHOLE 8

static void load_service(ServiceState *service, const Json *json)
{
	int64_t offers = json_integer(json, "offers", 0);

	if (offers < 0 || offers > G_MAXINT32)
		return;
	service->offers = (unsigned)offers;
	service->asked_at = json_integer(json, "asked_at", 0);
}

static void load_refs(Refs *refs, const Json *json)
{
	const char *head = json_string(json, "head");
	const char *branch = json_string(json, "default_branch");

	if (head != NULL && objects_is_id(head))
		refs->head = g_strdup(head);
	if (branch != NULL && refs_is_branch(branch))
		refs->default_branch = g_strdup(branch);
	for (const Json *tip = json_first(json_object(json, "tips")); tip != NULL;
	     tip = json_next(tip)) {
		const char *id = json_text(tip);

		if (id != NULL && objects_is_id(id) && refs_is_branch(json_name(tip)))
			g_tree_insert(refs->tips, g_strdup(json_name(tip)), g_strdup(id));
	}
}

State *state_load(const char *directory)
{
	State *state = g_new0(State, 1);
	g_autoptr(Json) json = NULL;
	gsize length;

	state->path = g_build_filename(directory, "remote.json", NULL);
	state->refs = refs_new();
	state->whole = g_ptr_array_new_with_free_func(g_free);
	if (!g_file_get_contents(state->path, &state->saved, &length, NULL) ||
	    (json = json_parse(state->saved, length, state->path, NULL)) == NULL)
		return state;
	state->url = g_strdup(json_string(json, "url"));
	load_service(&state->reading, json_object(json, "reading"));
	load_service(&state->writing, json_object(json, "writing"));
	load_refs(state->refs, json_object(json, "refs"));
	for (const Json *id = json_first(json_array(json, "whole")); id != NULL; id = json_next(id))
		if (json_text(id) != NULL && objects_is_id(json_text(id)))
			state_note_whole(state, json_text(id));
	return state;
}

void state_free(State *state)
{
	if (state == NULL)
		return;
	g_free(state->path);
	g_free(state->url);
	refs_free(state->refs);
	g_ptr_array_unref(state->whole);
	g_free(state->saved);
	g_free(state);
}

void state_note_whole(State *state, const char *commit)
{
	for (unsigned i = 0; i < state->whole->len; i++)
		if (strcmp(g_ptr_array_index(state->whole, i), commit) == 0) {
			g_ptr_array_remove_index(state->whole, i);
			break;
		}
	g_ptr_array_add(state->whole, g_strdup(commit));
	if (state->whole->len > MAX_WHOLE)
		g_ptr_array_remove_index(state->whole, 0);
}

static Json *service_to_json(const ServiceState *service)
{
	Json *json = json_new_object();

	json_set_integer(json, "offers", service->offers);
	json_set_integer(json, "asked_at", service->asked_at);
	return json;
}

static gboolean add_tip(void *branch, void *id, void *tips)
{
	json_set_string(tips, branch, id);
	return FALSE;
}

static Json *refs_to_json(const Refs *refs)
{
	Json *json = json_new_object(), *tips = json_new_object();

	json_set_string(json, "head", refs->head);
	json_set_string(json, "default_branch", refs->default_branch);
	g_tree_foreach(refs->tips, add_tip, tips);
	json_set(json, "tips", tips);
	return json;
}

bool state_save(State *state, GError **error)
{
	g_autoptr(Json) json = json_new_object();
	g_autofree char *text = NULL;
	Json *whole = json_new_array();

	json_set_string(json, "url", state->url);
	json_set(json, "reading", service_to_json(&state->reading));
	json_set(json, "writing", service_to_json(&state->writing));
	json_set(json, "refs", refs_to_json(state->refs));
	for (unsigned i = 0; i < state->whole->len; i++)
		json_append_string(whole, g_ptr_array_index(state->whole, i));
	json_set(json, "whole", whole);
	text = json_print(json);
	if (g_strcmp0(text, state->saved) == 0)
		return true;
	if (!g_file_set_contents_full(state->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
				      error))
		return false;
	g_free(state->saved);
	state->saved = g_steal_pointer(&text);
	return true;
}
