/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/sumserver.h"

#include <string.h>

#define MAX_SUPPORTED 65536

void sumserver_clear(SumServer *server)
{
	g_clear_pointer(&server->base, g_free);
	server->source = NULL;
}

static HttpRequest *request_new(const GoEnv *env, const GoSource *source, const char *base,
				const char *path, size_t max_bytes)
{
	g_autofree char *url = g_strconcat(base, "/", path, NULL);
	HttpRequest *request = http_request_new(HTTP_GET, url);
	const char *username;

	goenv_credential(env, source, url, &username, &request->secret);
	request->username = g_strdup(username);
	request->max_bytes = max_bytes;
	return request;
}

HttpRequest *sumserver_request(const SumServer *server, const char *path, size_t max_bytes)
{
	return request_new(server->env, server->source, server->base, path, max_bytes);
}

bool sumserver_is_absent(const HttpRequest *request)
{
	return request->error == NULL && (request->status == 404 || request->status == 410);
}

GError *sumserver_failure(const HttpRequest *request)
{
	bool is_denied = request->status == 401 || request->status == 403;
	GError *error = NULL;

	if (request->error != NULL)
		return g_error_copy(request->error);
	fail(&error, is_denied ? FAILURE_DENIED : FAILURE_NET, "%s answers %d", request->url,
	     request->status);
	return error;
}

bool sumserver_find(SumServer *server, const char *name, GError **error)
{
	const GPtrArray *sources = server->env->sources;
	g_autofree char *below = g_strconcat("sumdb/", name, NULL);
	g_autofree char *supported = g_strconcat(below, "/supported", NULL);

	for (guint i = 0; i < sources->len && server->base == NULL; i++) {
		const GoSource *source = g_ptr_array_index(sources, i);
		g_autoptr(HttpRequest) request = NULL;

		if (source->kind == GOSOURCE_FOLDER)
			continue;
		if (source->kind != GOSOURCE_PROXY)
			break;
		request = request_new(server->env, source, source->base, supported, MAX_SUPPORTED);
		http_get(server->env->world->http, request, HTTP_VALIDATE);
		if (request->error == NULL && request->status == 200) {
			server->base = g_strconcat(source->base, "/", below, NULL);
			server->source = source;
		} else if (!sumserver_is_absent(request) && !source->goes_on_after_any) {
			g_propagate_error(error, sumserver_failure(request));
			return false;
		}
	}
	if (server->base == NULL)
		server->base = g_strconcat("https://", name, NULL);
	return true;
}
