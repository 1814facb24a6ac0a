/* SPDX-License-Identifier: MIT */
/* Speaking JSON with a forge.
 *
 * The token goes to the API's own origin as Bearer and nowhere else; links in
 * answers are never followed, only their "there is more" is heard. What ends
 * every conversation (401, 403, limits, 5xx, an answer that is no JSON) is an
 * error that says what a person can do; other statuses are for the caller.
 * Source: forges.md 1.
 */
#pragma once

#include "base/json.h"
#include "net/http.h"
#include "upkeepd/forge.h"

typedef struct {
	World *world;
	const Credential *credential; /* borrowed; NULL: anonymous */
	char *base;                   /* "https://git.example.org/api/v1" */
	const char *accept;           /* NULL: application/json */
} Api;

/* Takes `base`. */
void api_init(Api *api, World *world, const Repository *repository, char *base);
void api_clear(Api *api);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Api, api_clear)

typedef struct {
	int status;
	Json *json;    /* NULL: the body was empty */
	bool has_more; /* a Link names a next page */
} ApiAnswer;

void api_answer_clear(ApiAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApiAnswer, api_answer_clear)

/* Asks `path` (below base, encoded, with its query). `body` is taken; NULL: none.
 * Succeeds for 2xx, 400, 404, 405, 409, 410, 412, 413, 422 and 423. */
bool api_ask(const Api *api, HttpMethod method, const char *path, Json *body, ApiAnswer *answer,
	     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* api_ask() for which only 2xx will do. `doing` names the deed in errors. */
bool api_do(const Api *api, HttpMethod method, const char *path, Json *body, const char *doing,
	    ApiAnswer *answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

bool api_is_good(const ApiAnswer *answer); /* 2xx */

/* Makes an unwanted answer an error: "DOING: 422: what the forge said". */
bool api_refused(const ApiAnswer *answer, const char *doing, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Everything a forge said in an error body, whichever of its forms it has
 * (forges.md 4.2), on one line; the caller's. */
char *api_words(const Json *json);

/* Whether those words contain `text`, whatever the case. */
bool api_says(const ApiAnswer *answer, const char *text);

/* Calls `take` with each element of a paged list until it returns false. `path`
 * has its query already ("…?state=open&limit=50"); pages are counted by us.
 * A null element is passed over (Gitea sends some). */
bool api_each(const Api *api, const char *path, const char *doing,
	      bool (*take)(const Json *item, void *data), void *data, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The strings of `array` (of char *) as a JSON array. */
Json *api_strings(const GPtrArray *array);
