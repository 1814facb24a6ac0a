/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "publish"

#include "publish/app.h"

#include "base/crypto.h"
#include "base/secret.h"
#include "publish/address.h"
#include "publish/api.h"
#include "store/cache.h"

#include <string.h>

/* How a redirect names a repository. */
#define BY_NUMBER "/repositories/"

/* What GitHub gives, should it not say, or by another clock. */
#define TOKEN_LIFE 3600

/* A clock may be a minute off; ten minutes is as long as GitHub takes. */
enum { ISSUED_BEFORE = 60, EXPIRES_AFTER = 540 };

/* An App at one GitHub, signed in as itself. */
typedef struct {
	Api api;
	Credential identity;
	char *owner, *name; /* name NULL: all of the owner */
	char *cache_name;   /* of the installation's number in the store */
	const char *id;     /* borrowed */
	bool has_dashboard; /* which is an issue */
} App;

static void app_clear(App *app)
{
	api_clear(&app->api);
	secret_free(app->identity.secret);
	g_free(app->owner);
	g_free(app->name);
	g_free(app->cache_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(App, app_clear)

/* "HEADER.PAYLOAD.SIGNATURE", good for some minutes. */
static Secret *identity_of(const Repository *repository, int64_t now, GError **error)
{
	static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
	g_autoptr(Json) payload = json_new_object();
	g_autofree char *text = NULL, *head = base64url(header, strlen(header)), *body = NULL;
	g_autofree char *message = NULL, *signature = NULL, *token = NULL;
	g_autoptr(GBytes) signed_bytes = NULL;
	const void *bytes;
	gsize length;

	json_set_integer(payload, "iat", now - ISSUED_BEFORE);
	json_set_integer(payload, "exp", now + EXPIRES_AFTER);
	json_set_string(payload, "iss", repository->app_id);
	text = json_print(payload);
	body = base64url(text, strlen(text));
	message = g_strconcat(head, ".", body, NULL);
	signed_bytes = rs256_sign(repository->app_key, message, strlen(message), error);
	if (signed_bytes == NULL)
		return NULL;
	bytes = g_bytes_get_data(signed_bytes, &length);
	signature = base64url(bytes, length);
	token = g_strconcat(message, ".", signature, NULL);
	return secret_new(token, strlen(token));
}

static char *repository_path(const ForgeAddress *address)
{
	g_autofree char *owner = http_escape(address->owner), *name = http_escape(address->name);

	return g_strdup_printf("/repos/%s/%s", owner, name);
}

static bool app_init(App *app, World *w, const Repository *repository, GError **error)
{
	g_autoptr(ForgeAddress) address =
		forge_address(repository->url, repository->discover, 1, error);

	*app = (App){ .has_dashboard = repository->has_dashboard };
	if (address == NULL)
		return false;
	app->id = repository->app_id;
	app->owner = g_strdup(address->owner);
	app->name = g_strdup(address->name);
	app->api = (Api){ .world = w, .base = github_api(address->origin), .is_github = true };
	if (app->name != NULL)
		app->api.repository = repository_path(address);
	app->identity.secret = identity_of(repository, http_now(w->http), error);
	app->api.credential = &app->identity;
	app->cache_name =
		g_strdup_printf("github-app %s %s %s", app->id, address->origin, address->owner);
	return app->identity.secret != NULL;
}

static bool refused(const App *app, const ApiAnswer *answer, GError **error)
{
	return fail(error, FAILURE_DENIED, "signing in as GitHub App %s: %d%s%s", app->id,
		    answer->status, *answer->words != '\0' ? ": " : "", answer->words);
}

/* Asks as the App. A clock that is wrong makes a signature worthless, so it is told. */
static bool ask(App *app, HttpMethod method, const char *path, Json *body, ApiAnswer *answer,
		GError **error)
{
	g_autoptr(GError) local = NULL;

	if (api_ask(&app->api, method, path, body, answer, &local))
		return true;
	g_propagate_prefixed_error(
		error, g_steal_pointer(&local),
		"signing in as GitHub App %s (its id, its key and this machine's "
		"clock must be right): ",
		app->id);
	return false;
}

/* Where the App is installed that looks after the repository, or the owner. `*id` 0:
 * nowhere. */
static bool find_installation(App *app, int64_t *id, GError **error)
{
	g_autofree char *owner = http_escape(app->owner);
	g_autofree char *first = app->name != NULL
					 ? api_path(&app->api, "/installation")
					 : g_strdup_printf("/orgs/%s/installation", owner);
	g_autofree char *second =
		app->name == NULL ? g_strdup_printf("/users/%s/installation", owner) : NULL;
	const char *const paths[] = { first, second };

	*id = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(paths) && paths[i] != NULL && *id == 0; i++) {
		g_auto(ApiAnswer) answer = { 0 };

		if (!ask(app, HTTP_GET, paths[i], NULL, &answer, error))
			return false;
		if (!api_is_good(&answer) && answer.status != 404)
			return refused(app, &answer, error);
		*id = api_is_good(&answer) ? json_integer(answer.json, "id", 0) : 0;
	}
	return true;
}

static bool remembered_installation(const App *app, int64_t *id, GError **error)
{
	g_autofree char *known = NULL;

	*id = 0;
	if (app->api.world->store == NULL)
		return true;
	if (!cache_value(app->api.world->store, app->cache_name, &known, error))
		return false;
	if (known != NULL && !g_ascii_string_to_signed(known, 10, 1, INT64_MAX, id, NULL))
		*id = 0;
	return true;
}

static bool remember_installation(const App *app, int64_t id, GError **error)
{
	g_autofree char *text = id != 0 ? g_strdup_printf("%" G_GINT64_FORMAT, id) : NULL;

	return app->api.world->store == NULL ||
	       cache_set_value(app->api.world->store, app->cache_name, text, error);
}

/* The one repository: by its number, if its name is not what it was. */
static void narrow_down(const App *app, Json *wish)
{
	const char *moved_to = app->api.moved_to;
	int64_t id;
	Json *list = json_new_array();

	if (moved_to != NULL && g_str_has_prefix(moved_to, BY_NUMBER) &&
	    g_ascii_string_to_signed(moved_to + strlen(BY_NUMBER), 10, 1, INT64_MAX, &id, NULL)) {
		json_append_integer(list, id);
		json_set(wish, "repository_ids", list);
		return;
	}
	json_append_string(list, app->name);
	json_set(wish, "repositories", list);
}

/* No more than what is needed. */
static Json *narrowed(const App *app)
{
	Json *wish = json_new_object(), *rights = json_new_object();

	json_set_string(rights, "metadata", "read");
	if (app->name != NULL) {
		narrow_down(app, wish);
		json_set_string(rights, "contents", "write");
		json_set_string(rights, "pull_requests", "write");
		if (app->has_dashboard)
			json_set_string(rights, "issues", "write");
	}
	json_set(wish, "permissions", rights);
	return wish;
}

typedef struct {
	Secret *secret;
	int64_t expires_at;
} Token;

/* `is_recalled`: the installation is what it was. `*is_gone`: there is no such any more, or
 * it may not be that of the repository. */
static bool make_token(App *app, int64_t installation, bool is_recalled, Token *token,
		       bool *is_gone, GError **error)
{
	g_autofree char *path = g_strdup_printf(
		"/app/installations/%" G_GINT64_FORMAT "/access_tokens", installation);
	int64_t now = http_now(app->api.world->http);
	g_auto(ApiAnswer) answer = { 0 };
	const char *text;

	*is_gone = false;
	if (!ask(app, HTTP_POST, path, narrowed(app), &answer, error))
		return false;
	*is_gone = answer.status == 404 || (answer.status == 422 && is_recalled);
	if (*is_gone)
		return true;
	if (answer.status == 422)
		return fail(
			error, FAILURE_DENIED,
			"GitHub App %s was not granted what is needed on '%s' (Contents: write, "
			"Pull requests: write): %s",
			app->id, app->owner, answer.words);
	text = json_string(answer.json, "token");
	if (!api_is_good(&answer) || text == NULL)
		return refused(app, &answer, error);
	token->secret = secret_new(text, strlen(text));
	token->expires_at = api_time(answer.json, "expires_at");
	if (token->expires_at <= now)
		token->expires_at = now + TOKEN_LIFE;
	return true;
}

static bool not_installed(const App *app, GError **error)
{
	return fail(error, FAILURE_DENIED, "GitHub App %s is not installed on '%s%s%s'", app->id,
		    app->owner, app->name != NULL ? "/" : "", app->name != NULL ? app->name : "");
}

/* By the number that is remembered, else by the one that is found. */
static bool obtain(App *app, Token *token, GError **error)
{
	int64_t id = 0;
	bool is_gone = true;

	if (!remembered_installation(app, &id, error) ||
	    (id != 0 && !make_token(app, id, true, token, &is_gone, error)))
		return false;
	if (!is_gone)
		return true;
	if (!find_installation(app, &id, error) || !remember_installation(app, id, error))
		return false;
	if (id == 0)
		return not_installed(app, error);
	if (!make_token(app, id, false, token, &is_gone, error))
		return false;
	return !is_gone || not_installed(app, error);
}

/* Credential.renew. */
static bool renew(World *w, Credential *credential, GError **error)
{
	g_auto(App) app = { 0 };
	Token token = { 0 };

	if (!app_init(&app, w, credential->renewal, error) || !obtain(&app, &token, error))
		return false;
	secret_free(credential->secret);
	credential->secret = token.secret;
	credential->expires_at = token.expires_at;
	return true;
}

bool app_sign_in(World *w, Repository *repository, GError **error)
{
	g_auto(App) app = { 0 };
	Token token = { 0 };
	g_autofree char *origin = NULL;

	if (!app_init(&app, w, repository, error) || !obtain(&app, &token, error))
		return false;
	origin = http_origin(repository->url);
	credential_free(repository->credential);
	repository->credential = g_new0(Credential, 1);
	repository->credential->host = g_strdup(strstr(origin, "://") + 3);
	repository->credential->secret = token.secret;
	repository->credential->expires_at = token.expires_at;
	repository->credential->renew = renew;
	repository->credential->renewal = repository;
	repository->credential->account = g_strdup(app.cache_name);
	return true;
}

static void give_back(World *w, const Repository *repository, const ForgeAddress *address)
{
	g_auto(Api) api = { 0 };
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) error = NULL;

	api_init(&api, w, repository, github_api(address->origin));
	if (!api_ask(&api, HTTP_DELETE, "/installation/token", NULL, &answer, &error))
		g_debug("the App's token stays until it expires: %s", error->message);
}

void app_sign_out(World *w, const Repository *repository)
{
	g_autoptr(ForgeAddress) address = NULL;

	if (repository->app_id == NULL || repository->credential == NULL)
		return;
	repository->credential->renew = NULL;
	address = forge_address(repository->url, repository->discover, 1, NULL);
	if (address != NULL)
		give_back(w, repository, address);
}
