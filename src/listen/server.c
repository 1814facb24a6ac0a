/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "listen"

#include "listen/server.h"

#include "base/text.h"
#include "base/time.h"
#include "listen/hook.h"
#include "listen/metrics.h"
#include "listen/page.h"
#include "store/wake.h"

#include <microhttpd.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_CONNECTIONS = 32,
	CONNECTION_MEMORY = 32 * 1024, /* of one's headers */
	TIMEOUT_S = 15,
	LONGEST_WAIT_MS = 10 * 1000,
	LIMIT_HOOK = 25 * 1024 * 1024,  /* as GitHub's own */
	LIMIT_HOOKS = 64 * 1024 * 1024, /* all that are being received */
	LONGEST_DELIVERY = 200,
};

typedef struct {
	const ServerOptions *options;
	size_t received; /* bytes of hooks that are not answered yet */
} Server;

/* One request on its way. */
typedef struct {
	Server *server;
	GByteArray *body;
	unsigned refusal; /* status; 0: none */
} Request;

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
			      char *text)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result;

	if (response == NULL) {
		free(text);
		return MHD_NO;
	}
	(void)MHD_add_response_header(response, "Content-Type", type);
	(void)MHD_add_response_header(response, "Cache-Control", "no-store");
	(void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	(void)MHD_add_response_header(
		response, "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		(void)MHD_add_response_header(response, "Allow", "GET, HEAD");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result say(struct MHD_Connection *connection, unsigned status, const char *text)
{
	return answer(connection, status, "text/plain; charset=utf-8",
		      g_strconcat(text, *text != '\0' ? "\n" : "", NULL));
}

static enum MHD_Result show(const Server *server, struct MHD_Connection *connection,
			    const char *type, char *(*text)(const Overview *overview))
{
	g_auto(Overview) overview = { 0 };
	g_autoptr(GError) error = NULL;

	if (overview_read(server->options->store, time_now(), &overview, &error))
		return answer(connection, MHD_HTTP_OK, type, text(&overview));
	g_warning("%s", error->message);
	return say(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "the state cannot be read now");
}

static const char *header_of(const void *data, const char *name)
{
	return MHD_lookup_connection_value((struct MHD_Connection *)data, MHD_HEADER_KIND, name);
}

/* Forges send forms unless they are told otherwise: GitHub from the start. */
static const char unreadable[] = "its content type has to be application/json";

/* Wakes the repository that a genuine hook is about. */
static unsigned take_hook(const Server *server, const HookRequest *hook, GError **error)
{
	const char *delivery = hook_delivery(hook);
	Store *store = server->options->store;
	g_autofree char *path = NULL, *plain = NULL;
	int64_t now = time_now(), woken = 0;
	bool is_new = true;

	switch (hook_read(hook, &path)) {
	case HOOK_BROKEN:
		g_warning("a hook cannot be read: %s", unreadable);
		return MHD_HTTP_BAD_REQUEST;
	case HOOK_NOTHING:
		return MHD_HTTP_NO_CONTENT;
	case HOOK_WAKE:
		break;
	}
	/* Both or neither: what is sent again after a failure must not pass for known. */
	if (!store_begin(store, error))
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	if ((delivery != NULL && strlen(delivery) <= LONGEST_DELIVERY && text_is_plain(delivery) &&
	     !wake_deliver(store, delivery, now, &is_new, error)) ||
	    (is_new && !wake_repository(store, path, now, &woken, error))) {
		store_rollback(store);
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	}
	if (!store_commit(store, error))
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	plain = text_one_line(path);
	g_message("a hook of %s: %" G_GINT64_FORMAT " to look at", plain, woken);
	return MHD_HTTP_ACCEPTED;
}

static enum MHD_Result end_hook(const Request *request, struct MHD_Connection *connection)
{
	const Server *server = request->server;
	HookRequest hook = { header_of, connection, (const char *)request->body->data,
			     request->body->len };
	g_autoptr(GError) error = NULL;
	unsigned status = MHD_HTTP_UNAUTHORIZED;

	if (hook.body == NULL)
		hook.body = "";
	if (hook_is_genuine(&hook, server->options->secrets, time_now()))
		status = take_hook(server, &hook, &error);
	if (error != NULL)
		g_warning("%s", error->message);
	return say(connection, status,
		   status == MHD_HTTP_UNAUTHORIZED  ? "the signature is not right"
		   : status == MHD_HTTP_BAD_REQUEST ? unreadable
						    : "");
}

/* What a hook says of its length before anything of it is received. */
static unsigned judge_length(const Server *server, struct MHD_Connection *connection)
{
	const char *text = header_of(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
	guint64 length = 0;

	if (text != NULL && (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &length, NULL) ||
			     length > LIMIT_HOOK))
		return MHD_HTTP_CONTENT_TOO_LARGE;
	return server->received + length > LIMIT_HOOKS ? MHD_HTTP_SERVICE_UNAVAILABLE : 0;
}

static void receive(Request *request, const char *bytes, size_t length)
{
	Server *server = request->server;

	if (request->refusal != 0)
		return;
	if (request->body->len + length > LIMIT_HOOK)
		request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
	else if (server->received + length > LIMIT_HOOKS)
		request->refusal = MHD_HTTP_SERVICE_UNAVAILABLE;
	if (request->refusal != 0)
		return;
	g_byte_array_append(request->body, (const guint8 *)bytes, (guint)length);
	server->received += length;
}

static enum MHD_Result get(const Server *server, struct MHD_Connection *connection,
			   const char *path)
{
	if (strcmp(path, "/") == 0)
		return show(server, connection, PAGE_TYPE, page_text);
	if (strcmp(path, "/metrics") == 0)
		return show(server, connection, METRICS_TYPE, metrics_text);
	return say(connection, MHD_HTTP_NOT_FOUND, "there is nothing here");
}

/* Called once when the headers are there, then with each part of a body, then at its
 * end. */
static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *path,
				  const char *method, const char *version G_GNUC_UNUSED,
				  const char *bytes, size_t *length, void **state)
{
	Server *server = data;
	Request *request = *state;
	bool is_hook = strcmp(method, MHD_HTTP_METHOD_POST) == 0 && strcmp(path, "/webhook") == 0 &&
		       server->options->secrets != NULL;

	if (request == NULL) {
		request = *state = g_new0(Request, 1);
		request->server = server;
		request->body = g_byte_array_new();
		request->refusal = is_hook ? judge_length(server, connection) : 0;
		return request->refusal == 0 ? MHD_YES : say(connection, request->refusal, "");
	}
	if (*length > 0) {
		if (is_hook)
			receive(request, bytes, *length);
		*length = 0;
		return MHD_YES;
	}
	if (request->refusal != 0)
		return say(connection, request->refusal, "");
	if (is_hook)
		return end_hook(request, connection);
	if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
		return get(server, connection, path);
	return strcmp(path, "/webhook") == 0
		       ? say(connection, MHD_HTTP_NOT_FOUND, "no secret of webhooks is set")
		       : say(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "");
}

static void on_end(void *data G_GNUC_UNUSED, struct MHD_Connection *connection G_GNUC_UNUSED,
		   void **state, enum MHD_RequestTerminationCode code G_GNUC_UNUSED)
{
	Request *request = *state;

	if (request == NULL)
		return;
	request->server->received -= request->body->len;
	g_byte_array_unref(request->body);
	g_free(request);
	*state = NULL;
}

/* The next thing to do is at the socket, or a connection's time that has run out. */
static bool wait(struct MHD_Daemon *daemon, int events)
{
	struct pollfd poll_of = { .fd = events, .events = POLLIN };
	MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
	int wait_ms = LONGEST_WAIT_MS;

	if (MHD_get_timeout(daemon, &timeout_ms) == MHD_YES && timeout_ms < LONGEST_WAIT_MS)
		wait_ms = (int)timeout_ms;
	return poll(&poll_of, 1, wait_ms) >= 0 || errno == EINTR;
}

bool server_run(const ServerOptions *options, GError **error)
{
	Server server = { .options = options };
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *daemon = MHD_start_daemon(
		MHD_USE_EPOLL, 0, NULL, NULL, on_request, &server, MHD_OPTION_LISTEN_SOCKET,
		options->socket, MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOST_CONNECTIONS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_S, MHD_OPTION_NOTIFY_COMPLETED,
		on_end, NULL, MHD_OPTION_END);

	if (daemon == NULL)
		return fail(error, FAILURE_IO, "the web server cannot start");
	info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
	while (info != NULL && wait(daemon, info->epoll_fd))
		(void)MHD_run(daemon);
	MHD_stop_daemon(daemon);
	return fail(error, FAILURE_IO, "the web server has stopped");
}
