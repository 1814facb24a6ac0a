/* SPDX-License-Identifier: MIT */
#include "publish/identity.h"

#include "base/crypto.h"
#include "base/json.h"
#include "upkeepd/ecosystem.h"
#include "upkeepd/limits.h"
#include "upkeepd/rules.h"

#include <string.h>

#define DIGITS        32
#define MARKER_START  "<!-- upkeepd:v1 "
#define MARKER_END    " -->"
#define FAREWELL      "<!-- upkeepd:closed reason="
#define REFUSAL       "<!-- upkeepd:refused -->"
#define LIMIT_MARKER  8192
#define LIMIT_TRAILER 4096

static char *digits_of(const char *text, size_t length)
{
	g_autofree char *hex = sha256_hex(text, length);

	return g_strndup(hex, DIGITS);
}

static bool is_group_by_name(const Plan *plan)
{
	const Group *group = plan->rules != NULL ? rules_group(plan->rules, plan->group) : NULL;

	return group != NULL && group->is_by_name && !plan->is_multi;
}

/* What is moved: the group, with its one name if it is by name; else the names. */
static char *subject_of(const Plan *plan)
{
	g_autoptr(GString) names = g_string_new(NULL);
	const char *last = "";

	if (plan->group != NULL && is_group_by_name(plan))
		return g_strconcat(
			"group:", plan->group, "/",
			((Update *)g_ptr_array_index(plan->updates, 0))->dependency->name, NULL);
	if (plan->group != NULL)
		return g_strconcat("group:", plan->group, NULL);
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);
		const char *name = update->dependency->name;

		if (strcmp(name, last) != 0)
			g_string_append_printf(names, "%s%s", *last == '\0' ? "" : ",", name);
		last = name;
	}
	return g_strdup(names->str);
}

/* The one ecosystem and directory, or where the entry begins. */
static void place_of(const Plan *plan, const char **ecosystem, char **directory)
{
	const Update *first = g_ptr_array_index(plan->updates, 0);
	const Rules *rules = plan->rules;

	*ecosystem = first->manifest->ecosystem->name;
	if (plan->is_multi) {
		*ecosystem = "*";
		*directory = g_strdup("*");
	} else if (plan->is_across && rules != NULL && rules->directories->len > 0) {
		*directory = directory_normal(g_ptr_array_index(rules->directories, 0));
	} else {
		*directory = g_strdup(first->manifest->directory);
	}
}

static char *escaped(const char *text)
{
	return g_uri_escape_string(text, "/:,*@+()[]{}!$&'=~", false);
}

char *identity_scope(const char *ecosystem, const char *directory, const char *target_branch)
{
	g_autofree char *place = escaped(directory);
	g_autofree char *branch = escaped(target_branch == NULL ? "" : target_branch);

	return g_strjoin("|", ecosystem, place, branch, "", NULL);
}

char *identity_amendments(void)
{
	return identity_scope("rules", "/", NULL);
}

static char *amendment_key(const Amendment *amendment)
{
	g_autofree char *scope = identity_amendments();
	g_autofree char *raw = g_strjoin("\n", amendment->ecosystem, amendment->name,
					 amendment->range, amendment->places, NULL);
	g_autofree char *subject = escaped(raw);

	return g_strconcat(scope, subject, NULL);
}

Amendment *identity_read_amendment(const char *update_key)
{
	g_autofree char *scope = identity_amendments(), *raw = NULL;
	g_auto(GStrv) parts = NULL;
	Amendment *amendment;

	if (!g_str_has_prefix(update_key, scope))
		return NULL;
	raw = g_uri_unescape_string(update_key + strlen(scope), NULL);
	parts = g_strsplit(raw != NULL ? raw : "", "\n", 4);
	if (g_strv_length(parts) < 4 || *parts[0] == '\0' || *parts[1] == '\0')
		return NULL;
	amendment = g_new0(Amendment, 1);
	amendment->ecosystem = g_strdup(parts[0]);
	amendment->name = g_strdup(parts[1]);
	amendment->range = g_strdup(parts[2]);
	amendment->places = g_strdup(parts[3]);
	return amendment;
}

char *identity_key(const Plan *plan)
{
	const char *ecosystem, *target = plan->rules == NULL ? NULL : plan->rules->target_branch;
	g_autofree char *directory = NULL, *raw = NULL, *scope = NULL, *subject = NULL;

	if (plan->amendment != NULL)
		return amendment_key(plan->amendment);
	raw = subject_of(plan);
	subject = escaped(raw);
	place_of(plan, &ecosystem, &directory);
	scope = identity_scope(ecosystem, directory, target);
	return g_strconcat(scope, subject, NULL);
}

char *identity_across_ecosystems(const char *group, const char *target_branch)
{
	g_autofree char *scope = identity_scope("*", "*", target_branch);
	g_autofree char *name = escaped(group);

	return g_strconcat(scope, "group:", name, NULL);
}

/* Of the files as they will be: a base that moved elsewhere changes nothing. */
static char *content_of(const Plan *plan)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < plan->changes->len; i++) {
		const FileChange *change = g_ptr_array_index(plan->changes, i);
		gsize length = 0;
		const void *bytes =
			change->after == NULL ? "" : g_bytes_get_data(change->after, &length);
		g_autofree char *hex = sha256_hex(bytes, length);

		g_string_append_printf(text, "%s %s %s\n", change->path,
				       change->after == NULL ? "gone" : "is", hex);
	}
	return digits_of(text->str, text->len);
}

char *identity_trailer(const Plan *plan)
{
	g_autofree char *content = content_of(plan);

	return g_strconcat(plan->update_key, " ", content, NULL);
}

static bool is_hex(const char *text)
{
	return strspn(text, "0123456789abcdef") == DIGITS && text[DIGITS] == '\0';
}

bool identity_read(const char *message, char **key, char **content)
{
	static const char name[] = "\n" IDENTITY_TRAILER ": ";
	const char *found = g_strrstr(message, name);
	g_autofree char *line = NULL;
	char *blank;

	if (found == NULL)
		return false;
	found += strlen(name);
	if (strcspn(found, "\n") > LIMIT_TRAILER)
		return false;
	line = g_strndup(found, strcspn(found, "\r\n"));
	blank = strchr(line, ' ');
	if (blank == NULL || blank == line || !is_hex(blank + 1))
		return false;
	*key = g_strndup(line, (gsize)(blank - line));
	*content = g_strdup(blank + 1);
	return true;
}

static char *marked_key(const char *repository, const char *update_key)
{
	g_autofree char *text = g_strjoin("|", "v1", repository, update_key, NULL);

	return digits_of(text, strlen(text));
}

static char *from_base64url(const char *start, size_t length)
{
	g_autoptr(GString) text = g_string_new_len(start, (gssize)length);
	g_autofree uint8_t *bytes = NULL;
	size_t size;

	g_strdelimit(text->str, "-", '+');
	g_strdelimit(text->str, "_", '/');
	while (text->len % 4 != 0)
		g_string_append_c(text, '=');
	if (!base64_decode(text->str, &bytes, &size))
		return NULL;
	return g_strndup((const char *)bytes, size);
}

char *identity_marker(const Plan *plan, const char *repository, bool names_branch)
{
	g_autofree char *key = marked_key(repository, plan->update_key), *text = NULL;
	g_autofree char *encoded = NULL;
	g_auto(GStrv) parts = g_strsplit(plan->update_key, "|", 4);
	g_autoptr(Json) json = json_new_object();

	json_set_string(json, "k", key);
	json_set_string(json, "e", parts[0]);
	json_set_string(json, "d", parts[1]);
	json_set_string(json, "b", parts[2]);
	if (plan->group != NULL)
		json_set_string(json, "g", plan->group);
	if (names_branch)
		json_set_string(json, "n", plan->branch);
	text = json_print(json);
	encoded = base64url(text, strlen(text));
	return g_strconcat(MARKER_START, encoded, MARKER_END, NULL);
}

/* What the last marker in `body` says; NULL: there is none. */
static Json *read_marker(const char *body)
{
	const char *start = g_strrstr(body, MARKER_START), *end;
	g_autofree char *text = NULL;

	if (start == NULL)
		return NULL;
	start += strlen(MARKER_START);
	end = strstr(start, MARKER_END);
	if (end == NULL || end - start > LIMIT_MARKER)
		return NULL;
	text = from_base64url(start, (size_t)(end - start));
	return text == NULL ? NULL : json_parse(text, strlen(text), "a marker", NULL);
}

bool identity_has_marker(const char *body)
{
	g_autoptr(Json) json = read_marker(body);
	const char *key = json_string(json, "k");

	return key != NULL && is_hex(key);
}

char *identity_branch(const char *body)
{
	g_autoptr(Json) json = read_marker(body);
	const char *name = json_string(json, "n");

	return name != NULL && *name != '\0' && strlen(name) <= LIMIT_BRANCH ? g_strdup(name)
									     : NULL;
}

bool identity_is_marked(const char *body, const char *repository, const char *update_key)
{
	g_autoptr(Json) json = read_marker(body);
	g_autofree char *key = marked_key(repository, update_key);

	return g_strcmp0(json_string(json, "k"), key) == 0;
}

char *identity_farewell(const char *reason)
{
	return g_strconcat(FAREWELL, reason, MARKER_END, NULL);
}

bool identity_is_farewell(const char *comment)
{
	return g_strrstr(comment, FAREWELL) != NULL;
}

char *identity_refusal(const char *text)
{
	return g_strconcat(text, "\n\n" REFUSAL, NULL);
}

bool identity_is_refusal(const char *comment)
{
	return g_strrstr(comment, REFUSAL) != NULL;
}
