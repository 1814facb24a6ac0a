/* SPDX-License-Identifier: MIT */
/* Speaking JSON with a forge.
 *
 * The token goes to the API's own origin as Bearer and nowhere else, and addresses
 * that answers tell are never gone to: forges behind proxies tell wrong ones. Of a
 * list's links only "there is more" is heard, of a redirect only what a renamed
 * repository is called now. What ends every conversation (401, 403, limits, 5xx,
 * an answer that stays no JSON) is an error that says what a person can do; other
 * statuses are for the caller. No word of a forge shows the token.
 * Source: forges.md 1.
 */
#pragma once

#include "base/json.h"
#include "net/http.h"
#include "net/pace.h"
#include "upkeepd/forge.h"

typedef struct {
	World *world;
	Credential *credential; /* borrowed; NULL: anonymous */
	char *base;             /* "https://git.example.org/api/v1" */
	char *repository;       /* "/repos/acme/shop", what its paths begin with; NULL: none */
	char *moved_to;         /* what they begin with now; NULL: as ever */
	bool is_github;         /* it is asked as GitHub's documents say */
	const char *quota;      /* as of an HttpRequest */
	const char *list_key;   /* lists are at this key of an object; NULL: by themselves */
	size_t max_bytes;       /* of one answer; 0: LIMIT_ANSWER */
	int timeout_ms;         /* of one request; 0: as usual */
	int64_t expires_at;     /* the token, as the last answer said (GitHub's do); INT64_MAX: it
				 * said nothing of that; 0: there was none */
} Api;

/* Takes `base`; `repository` is for the caller to set. */
void api_init(Api *api, World *world, const Repository *repository, char *base);
void api_clear(Api *api);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Api, api_clear)

typedef struct {
	int status;
	Json *json;         /* NULL: the body was empty */
	char *words;        /* everything the forge said in an error, on one line; "" */
	size_t bytes;       /* of the body */
	bool has_more;      /* a Link names a next page */
	GPtrArray *headers; /* as of an HttpRequest */
} ApiAnswer;

void api_answer_clear(ApiAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApiAnswer, api_answer_clear)

/* "/repos/acme/shop" and what the format makes of the rest; the caller's. */
char *api_path(const Api *api, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* To be asked before what can wait: BUSY, with the time, if the forge grants few requests
 * until then. `what` names it in the error. */
bool api_spare(const Api *api, const char *what, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Asks `path` (below base, encoded, with its query). `body` is taken; NULL: none.
 * A redirect that says that the repository was renamed is understood, once.
 * Succeeds for 2xx, 400, 404, 405, 409, 410, 412, 413, 422 and 423. */
bool api_ask(Api *api, HttpMethod method, const char *path, Json *body, ApiAnswer *answer,
	     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* api_ask() for which only 2xx will do. `doing` names the deed in errors. */
bool api_do(Api *api, HttpMethod method, const char *path, Json *body, const char *doing,
	    ApiAnswer *answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

bool api_is_good(const ApiAnswer *answer); /* 2xx */

/* A header of the answer, its name in lower case; NULL if absent. */
const char *api_header(const ApiAnswer *answer, const char *name);

/* Makes an unwanted answer an error: "DOING: 422: what the forge said". */
bool api_refused(const ApiAnswer *answer, const char *doing, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Whether the words of an error contain `text`, whatever the case. */
bool api_says(const ApiAnswer *answer, const char *text);

/* Calls `take` with each element of a paged list until it returns false. `path`
 * has its query already ("…?state=open&limit=50"); pages are counted by us.
 * A null element is passed over (Gitea sends some). All pages together have at most
 * four times the bytes of one answer, else LIMIT.
 * Errors: NET too if the answer is good and no list. */
bool api_each(Api *api, const char *path, const char *doing,
	      bool (*take)(const Json *item, void *data), void *data, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* api_each() of `path`; of `other` where there is no such list, or none for this token.
 * A list that ends in the middle is an error. */
bool api_each_or(Api *api, const char *path, const char *other, const char *doing,
		 bool (*take)(const Json *item, void *data), void *data, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Asks for something that may be refused without harm: a refusal is a line of
 * `trouble`. `body` is taken. */
bool api_wish(Api *api, HttpMethod method, const char *path, Json *body, const char *doing,
	      GString *trouble, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* api_ask() for something that was not ready: again with pauses, `most` times in all, while
 * the answer has one of `early`, statuses with a 0 at the end. `body` is not taken. */
bool api_insist(Api *api, HttpMethod method, const char *path, const Json *body, const int *early,
		int most, ApiAnswer *answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds "DOING: 422: what the forge said" to `trouble`, a line. */
void api_complain(const ApiAnswer *answer, const char *doing, GString *trouble);

/* Whether the repository can be read, as the answer for it says, which is added to
 * `standing`. If not, there is nothing else to find out. */
bool api_is_readable(const ApiAnswer *answer, Standing *standing);

/* Whether a thing could be done at `path`, found out by asking for it without saying
 * what: an empty request is refused for what it lacks, or for what the token lacks. The
 * answer is added to `standing`. Errors: as api_ask(), but for DENIED. */
bool api_try(Api *api, HttpMethod method, const char *path, const char *what, Standing *standing,
	     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The beginning of the day that `text` begins with, "2026-12-24 …", Unix seconds; 0 if it
 * does with none, or is NULL. */
int64_t api_day(const char *text);

/* The time at `name` of an object, Unix seconds; 0 if there is none. */
int64_t api_time(const Json *object, const char *name);

/* The strings of `array` (of char *) as a JSON array. */
Json *api_strings(const GPtrArray *array);
