/* SPDX-License-Identifier: MIT */
/* A strict front over cJSON.
 *
 * What cJSON accepts and we must not (operations.md 6): invalid UTF-8, a NUL
 * or its escape, duplicate keys, trailing garbage, depth without end. Names are
 * compared with their case. Only base/ includes cJSON; others use these.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct cJSON Json;

void json_free(Json *json);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, json_free)

/* Parses `length` bytes. `what` names the source in errors.
 * Errors: NET if the text is no such JSON (a remote's mistake), LIMIT if it is
 * longer than LIMIT_JSON or nested too deep. */
Json *json_parse(const char *text, size_t length, const char *what, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Typed getters: NULL, or the fall-back, where the member is absent or of
 * another type. Strings are borrowed from the document. */
const Json *json_get(const Json *object, const char *name);    /* any type */
const Json *json_array(const Json *object, const char *name);  /* an array */
const Json *json_object(const Json *object, const char *name); /* an object */
const char *json_string(const Json *object, const char *name);
bool json_bool(const Json *object, const char *name, bool fallback);
int64_t json_integer(const Json *object, const char *name, int64_t fallback); /* |n| <= 2^53 */

/* Walking arrays and objects: the first child, the next; NULL at the end. */
const Json *json_first(const Json *container);
const Json *json_next(const Json *item);
size_t json_count(const Json *container);
const char *json_name(const Json *item); /* of an object's member */
const char *json_text(const Json *item); /* of a string itself; NULL if it is none */
bool json_is_null(const Json *item);
bool json_is_array(const Json *item);

/* Building. Items passed in are taken. `text` NULL becomes null. */
Json *json_new_object(void);
Json *json_new_array(void);
Json *json_new_string(const char *text);
void json_set(Json *object, const char *name, Json *item);
void json_set_string(Json *object, const char *name, const char *text);
void json_set_integer(Json *object, const char *name, int64_t number);
void json_set_number(Json *object, const char *name, double number);
void json_set_bool(Json *object, const char *name, bool value);
void json_set_null(Json *object, const char *name);
void json_set_time(Json *object, const char *name, int64_t at); /* RFC 3339 UTC; null if 0 */
void json_append(Json *array, Json *item);
void json_append_string(Json *array, const char *text);
void json_append_integer(Json *array, int64_t number);
Json *json_copy(const Json *json); /* the whole of it; the caller's */

/* One line, no blanks, valid UTF-8 (invalid bytes become U+FFFD on the way in);
 * the caller's. */
char *json_print(const Json *json);
