/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include "base/time.h"
#include "upkeepd/limits.h"

#include <cjson/cJSON.h>

#include <math.h>
#include <string.h>

/* The largest integer that a double holds exactly. */
#define EXACT 9007199254740992.0

void json_free(Json *json)
{
	cJSON_Delete(json);
}

/* What cJSON would take and we must not: a NUL or its escape, depth (its own limit is
 * a thousand, its parser recursive), and values without number, for each of which it
 * allocates. */
static bool is_acceptable(const char *text, size_t length, const char *what, GError **error)
{
	bool in_string = false;
	int depth = 0, values = 1;

	if (!g_utf8_validate_len(text, length, NULL))
		return fail(error, FAILURE_NET, "%s: the JSON is not valid UTF-8", what);
	for (size_t i = 0; i < length; i++) {
		if (in_string && text[i] == '\\') {
			if (length - i > 5 && memcmp(text + i, "\\u0000", 6) == 0)
				return fail(error, FAILURE_NET,
					    "%s: a text in the JSON holds a NUL", what);
			i++;
		} else if (text[i] == '"') {
			in_string = !in_string;
		} else if (!in_string && strchr("[{,", text[i]) != NULL) {
			if (++values > LIMIT_JSON_VALUES)
				return fail(error, FAILURE_LIMIT,
					    "%s: the JSON has more than %d values", what,
					    LIMIT_JSON_VALUES);
			if (text[i] == ',')
				continue;
			if (++depth > LIMIT_JSON_DEPTH)
				return fail(error, FAILURE_LIMIT,
					    "%s: the JSON is nested more than %d deep", what,
					    LIMIT_JSON_DEPTH);
		} else if (!in_string && (text[i] == ']' || text[i] == '}')) {
			depth--;
		}
	}
	return true;
}

static int by_name(const void *a, const void *b, void *unused G_GNUC_UNUSED)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A key that stands twice in one object; NULL if none does. Depth is bounded
 * by is_acceptable(). */
static const char *duplicate(const cJSON *json)
{
	const cJSON *item;
	g_autoptr(GPtrArray) names = NULL;

	if (cJSON_IsObject(json)) {
		names = g_ptr_array_new();
		cJSON_ArrayForEach (item, json)
			g_ptr_array_add(names, item->string);
		g_qsort_with_data(names->pdata, (int)names->len, sizeof(void *), by_name, NULL);
		for (guint i = 1; i < names->len; i++)
			if (strcmp(names->pdata[i - 1], names->pdata[i]) == 0)
				return names->pdata[i];
	}
	if (cJSON_IsObject(json) || cJSON_IsArray(json))
		for (item = json->child; item != NULL; item = item->next) {
			const char *name = duplicate(item);

			if (name != NULL)
				return name;
		}
	return NULL;
}

Json *json_parse(const char *text, size_t length, const char *what, GError **error)
{
	g_autofree char *copy = NULL;
	g_autoptr(Json) json = NULL;
	const char *twice;

	if (length > LIMIT_JSON)
		return fail_null(error, FAILURE_LIMIT, "%s: the JSON has more than %d bytes", what,
				 LIMIT_JSON);
	if (!is_acceptable(text, length, what, error))
		return NULL;
	copy = g_strndup(text, length);
	json = cJSON_ParseWithLengthOpts(copy, length + 1, NULL, 1);
	if (json == NULL)
		return fail_null(error, FAILURE_NET, "%s: the answer is not JSON", what);
	twice = duplicate(json);
	if (twice != NULL)
		return fail_null(error, FAILURE_NET, "%s: the JSON has the key '%s' twice", what,
				 twice);
	return g_steal_pointer(&json);
}

const Json *json_get(const Json *object, const char *name)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

const Json *json_array(const Json *object, const char *name)
{
	const Json *item = json_get(object, name);

	return cJSON_IsArray(item) ? item : NULL;
}

const Json *json_object(const Json *object, const char *name)
{
	const Json *item = json_get(object, name);

	return cJSON_IsObject(item) ? item : NULL;
}

const char *json_string(const Json *object, const char *name)
{
	return json_text(json_get(object, name));
}

bool json_bool(const Json *object, const char *name, bool fallback)
{
	const Json *item = json_get(object, name);

	return cJSON_IsBool(item) ? cJSON_IsTrue(item) != 0 : fallback;
}

int64_t json_integer(const Json *object, const char *name, int64_t fallback)
{
	const Json *item = json_get(object, name);

	if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= EXACT))
		return fallback;
	return (int64_t)item->valuedouble;
}

const Json *json_first(const Json *container)
{
	return cJSON_IsObject(container) || cJSON_IsArray(container) ? container->child : NULL;
}

const Json *json_next(const Json *item)
{
	return item->next;
}

size_t json_count(const Json *container)
{
	size_t count = 0;

	for (const Json *item = json_first(container); item != NULL; item = item->next)
		count++;
	return count;
}

const char *json_name(const Json *item)
{
	return item->string;
}

const char *json_text(const Json *item)
{
	return cJSON_IsString(item) ? item->valuestring : NULL;
}

bool json_is_null(const Json *item)
{
	return cJSON_IsNull(item) != 0;
}

bool json_is_array(const Json *item)
{
	return cJSON_IsArray(item) != 0;
}

Json *json_new_object(void)
{
	return cJSON_CreateObject();
}

Json *json_new_array(void)
{
	return cJSON_CreateArray();
}

Json *json_new_string(const char *text)
{
	g_autofree char *valid = NULL;

	if (text == NULL)
		return cJSON_CreateNull();
	valid = g_utf8_make_valid(text, -1);
	return cJSON_CreateString(valid);
}

void json_set(Json *object, const char *name, Json *item)
{
	cJSON_AddItemToObject(object, name, item);
}

void json_set_string(Json *object, const char *name, const char *text)
{
	json_set(object, name, json_new_string(text));
}

void json_set_integer(Json *object, const char *name, int64_t number)
{
	cJSON_AddNumberToObject(object, name, (double)number);
}

void json_set_number(Json *object, const char *name, double number)
{
	cJSON_AddNumberToObject(object, name, number);
}

void json_set_bool(Json *object, const char *name, bool value)
{
	cJSON_AddBoolToObject(object, name, value);
}

void json_set_null(Json *object, const char *name)
{
	cJSON_AddNullToObject(object, name);
}

void json_set_time(Json *object, const char *name, int64_t at)
{
	char text[32];

	time_text(at, text, sizeof text);
	json_set_string(object, name, at == 0 ? NULL : text);
}

void json_append(Json *array, Json *item)
{
	cJSON_AddItemToArray(array, item);
}

void json_append_string(Json *array, const char *text)
{
	json_append(array, json_new_string(text));
}

void json_append_integer(Json *array, int64_t number)
{
	json_append(array, cJSON_CreateNumber((double)number));
}

Json *json_copy(const Json *json)
{
	return cJSON_Duplicate(json, true);
}

char *json_print(const Json *json)
{
	char *printed = cJSON_PrintUnformatted(json);
	char *text = g_strdup(printed);

	cJSON_free(printed);
	return text;
}
