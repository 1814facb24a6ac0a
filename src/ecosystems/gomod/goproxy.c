/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/goproxy.h"

#include "base/json.h"
#include "base/time.h"
#include "ecosystems/gomod/godirect.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/spool.h"
#include "ecosystems/gomod/version.h"
#include "net/http.h"
#include "upkeepd/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What to do where a module that is there cannot be seen. */
#define ADVICE \
	"; if it is private, GOPRIVATE has to name it, or 'registries' a proxy that serves it"

struct GoProxy {
	const GoEnv *env;
	GoDirect *direct;
};

GoProxy *goproxy_new(const GoEnv *env)
{
	GoProxy *proxy = g_new0(GoProxy, 1);

	proxy->env = env;
	proxy->direct = godirect_new(env);
	return proxy;
}

void goproxy_free(GoProxy *proxy)
{
	if (proxy == NULL)
		return;
	godirect_free(proxy->direct);
	g_free(proxy);
}

static void listed_free(GoListed *listed)
{
	g_free(listed->version);
	g_free(listed);
}

GPtrArray *goask_list_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)listed_free);
}

void goask_list_add(GPtrArray *list, const char *version, int64_t at)
{
	GoListed *listed = g_new0(GoListed, 1);

	listed->version = g_strdup(version);
	listed->at = at;
	g_ptr_array_add(list, listed);
}

GoAsk *goask_new(GoAskKind kind, const char *path, const char *version)
{
	GoAsk *ask = g_new0(GoAsk, 1);

	ask->kind = kind;
	ask->path = g_strdup(path);
	ask->version = g_strdup(version);
	ask->zip = -1;
	return ask;
}

void goask_free(GoAsk *ask)
{
	if (ask == NULL)
		return;
	g_clear_error(&ask->error);
	g_clear_error(&ask->worst);
	g_clear_pointer(&ask->list, g_ptr_array_unref);
	g_clear_pointer(&ask->gomod, g_bytes_unref);
	g_free(ask->info_version);
	g_free(ask->origin_url);
	g_free(ask->origin_subdirectory);
	g_free(ask->origin_ref);
	g_free(ask->reason);
	g_free(ask->path);
	g_free(ask->version);
	if (ask->zip >= 0)
		close(ask->zip);
	g_free(ask);
}

int goask_take_zip(GoAsk *ask)
{
	int zip = ask->zip;

	ask->zip = -1;
	return zip;
}

/* "PATH" or "PATH@VERSION", for messages; the caller's. */
static char *subject(const GoAsk *ask)
{
	return ask->version != NULL ? g_strconcat(ask->path, "@", ask->version, NULL)
				    : g_strdup(ask->path);
}

/* Whether what a proxy does not have may be a private module that it cannot see: one
 * that a go.mod requires, and no version that somebody has only asked for. */
static bool is_advised(const GoAsk *ask)
{
	return !ask->is_direct && ask->kind != GOASK_INFO && ask->kind != GOASK_LATEST;
}

GError *goask_error(const GoAsk *ask)
{
	g_autofree char *what = subject(ask);
	GError *error = NULL;

	if (ask->error != NULL)
		return g_error_copy(ask->error);
	fail(&error, FAILURE_ABSENT, "'%s' does not exist%s%s%s", what,
	     *ask->reason != '\0' ? ": " : "", ask->reason, is_advised(ask) ? ADVICE : "");
	return error;
}

static bool is_answered(const GoAsk *ask)
{
	return ask->error != NULL || ask->is_absent || ask->list != NULL ||
	       ask->info_version != NULL || ask->gomod != NULL || ask->zip >= 0;
}

/* What the end of the list, or a failure that ends it, leaves: the worst failure,
 * else that it does not exist. */
static void conclude(GoAsk *ask)
{
	ask->error = g_steal_pointer(&ask->worst);
	ask->is_absent = ask->error == NULL;
	if (ask->is_absent && ask->reason == NULL)
		ask->reason = g_strdup("");
}

/* The entry that `ask` is at has failed with `failure` (taken), or, NULL, says that
 * there is no such thing. `,` behind an entry leads on for the latter only. */
static void go_on(const GoProxy *proxy, GoAsk *ask, GError *failure)
{
	const GoSource *source = g_ptr_array_index(proxy->env->sources, ask->source);

	ask->source++;
	if (failure != NULL && !source->goes_on_after_any)
		ask->source = proxy->env->sources->len;
	if (failure != NULL && ask->worst == NULL)
		ask->worst = failure;
	else
		g_clear_error(&failure);
	if (ask->is_direct || ask->source == proxy->env->sources->len)
		conclude(ask);
}

/* The escaped words as they stand in a URL; `+` may. */
static char *url_part(const char *escaped)
{
	g_autofree char *encoded = http_escape(escaped);
	g_auto(GStrv) parts = g_strsplit(encoded, "%2B", -1);

	return g_strjoinv("+", parts);
}

/* The place of the answer below a proxy's base, in a URL or on disk. The caller's.
 * Errors: INPUT if path or version cannot be asked for. */
static char *place_of(const GoAsk *ask, bool is_url, GError **error)
{
	static const char *const endings[] = {
		[GOASK_INFO] = ".info", [GOASK_GOMOD] = ".mod", [GOASK_ZIP] = ".zip"
	};
	g_autofree char *path = modpath_escape(ask->path, error);
	g_autofree char *version = NULL;
	g_autofree char *part = NULL;

	if (path == NULL)
		return NULL;
	if (ask->kind == GOASK_LIST)
		return g_strconcat(path, "/@v/list", NULL);
	if (ask->kind == GOASK_LATEST)
		return g_strconcat(path, "/@latest", NULL);
	version = modpath_escape_version(ask->version, error);
	if (version == NULL)
		return NULL;
	part = is_url ? url_part(version) : g_strdup(version);
	return g_strconcat(path, "/@v/", part, endings[ask->kind], NULL);
}

static size_t limit_of(GoAskKind kind)
{
	static const size_t limits[] = {
		[GOASK_LIST] = LIMIT_ANSWER,        [GOASK_INFO] = LIMIT_MODULE_INFO,
		[GOASK_GOMOD] = LIMIT_MODULE_GOMOD, [GOASK_ZIP] = LIMIT_MODULE_ZIP,
		[GOASK_LATEST] = LIMIT_MODULE_INFO,
	};

	return limits[kind];
}

/* Lines of a version and, rarely, a time. The Go command passes over other lines; an
 * answer of nothing else is another server's page, and no empty list. */
static bool take_list(GoAsk *ask, const char *text, size_t length, GError **error)
{
	g_autoptr(GPtrArray) list = goask_list_new();
	g_autofree char *whole = g_strndup(text, length);
	g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		g_auto(GStrv) words = g_strsplit_set(g_strstrip(*line), " \t", 3);
		int64_t at;

		if (words[0] == NULL || !version_is_valid(words[0]))
			continue;
		if (list->len == LIMIT_VERSIONS)
			return fail(error, FAILURE_LIMIT, "'%s' has more than %d versions",
				    ask->path, LIMIT_VERSIONS);
		if (words[1] == NULL || !time_read(words[1], &at))
			at = 0;
		goask_list_add(list, words[0], at);
	}
	if (list->len == 0 && strspn(text, " \t\r\n") < length)
		return fail(error, FAILURE_NET,
			    "the proxy lists no versions for '%s' but others' text", ask->path);
	ask->list = g_steal_pointer(&list);
	return true;
}

/* Whether the answer may stand for what was asked: a canonical version of the path's
 * major version is itself and nothing else. */
static bool check_info(const GoAsk *ask, const char *version, GError **error)
{
	g_autofree char *what = subject(ask);

	if (version == NULL || !version_is_canonical(version))
		return fail(error, FAILURE_NET, "the proxy names no version for '%s'", what);
	if (ask->version != NULL && version_is_canonical(ask->version) &&
	    strcmp(ask->version, version) != 0 &&
	    modpath_check_version(ask->path, ask->version, NULL))
		return fail(error, FAILURE_NET, "the proxy answers '%s' when asked for '%s'",
			    version, what);
	return true;
}

static bool take_info(GoAsk *ask, const char *text, size_t length, GError **error)
{
	g_autofree char *what = subject(ask);
	g_autoptr(Json) json = json_parse(text, length, what, error);
	const Json *origin = json_object(json, "Origin");
	const char *version, *time;

	if (json == NULL)
		return false;
	version = json_string(json, "Version");
	time = json_string(json, "Time");
	if (!check_info(ask, version, error))
		return false;
	ask->info_version = g_strdup(version);
	if (time == NULL || !time_read(time, &ask->info_at))
		ask->info_at = 0;
	ask->origin_url = g_strdup(json_string(origin, "URL"));
	ask->origin_subdirectory = g_strdup(json_string(origin, "Subdir"));
	ask->origin_ref = g_strdup(json_string(origin, "Ref"));
	return true;
}

/* Puts an answer that is no zip into its field. */
static bool take_answer(GoAsk *ask, const char *text, size_t length, GError **error)
{
	switch (ask->kind) {
	case GOASK_LIST:
		return take_list(ask, text, length, error);
	case GOASK_INFO:
	case GOASK_LATEST:
		return take_info(ask, text, length, error);
	case GOASK_GOMOD:
		ask->gomod = g_bytes_new(text, length);
		return true;
	case GOASK_ZIP:
		break;
	}
	g_assert_not_reached();
}

static bool spool_write(void *data, const void *bytes, size_t length, GError **error)
{
	const int *spool = data;
	const char *p = bytes;

	while (length > 0) {
		ssize_t written = write(*spool, p, length);

		if (written < 0 && errno != EINTR)
			return fail(error, FAILURE_IO, "a zip cannot be kept: %s",
				    g_strerror(errno));
		if (written > 0) {
			p += written;
			length -= (size_t)written;
		}
	}
	return true;
}

/* One question at one http entry. */
typedef struct {
	GoAsk *ask;
	HttpRequest *request;
	int spool;
} Exchange;

static void exchange_free(Exchange *exchange)
{
	http_request_free(exchange->request);
	if (exchange->spool >= 0)
		close(exchange->spool);
	g_free(exchange);
}

static HttpCache caching_of(const GoAsk *ask)
{
	if (ask->kind == GOASK_ZIP)
		return HTTP_NO_CACHE;
	if (ask->version != NULL && version_is_canonical(ask->version))
		return HTTP_IMMUTABLE;
	return HTTP_RECENT;
}

static Exchange *exchange_new(const GoProxy *proxy, GoAsk *ask, const GoSource *source,
			      GError **error)
{
	g_autofree char *place = place_of(ask, true, error);
	g_autofree char *url = NULL;
	Exchange *exchange;
	const char *username;

	if (place == NULL)
		return NULL;
	exchange = g_new0(Exchange, 1);
	url = g_strconcat(source->base, "/", place, NULL);
	exchange->ask = ask;
	exchange->spool = -1;
	exchange->request = http_request_new(HTTP_GET, url);
	exchange->request->max_bytes = limit_of(ask->kind);
	exchange->request->is_foreign = source->is_foreign;
	goenv_credential(proxy->env, source, url, &username, &exchange->request->secret);
	exchange->request->username = g_strdup(username);
	if (ask->kind != GOASK_ZIP)
		return exchange;
	exchange->spool = spool_new(proxy->env->world, error);
	if (exchange->spool < 0) {
		exchange_free(exchange);
		return NULL;
	}
	exchange->request->timeout_ms = LIMIT_TRANSFER_MS;
	exchange->request->sink = spool_write;
	exchange->request->sink_data = &exchange->spool;
	return exchange;
}

/* The first line of what a proxy says about a failure, if a person can read it. */
static char *said(const HttpRequest *request)
{
	const char *text = request->answer != NULL ? (const char *)request->answer->data : NULL;
	size_t length = text != NULL ? strcspn(text, "\r\n") : 0;
	const char *type = http_answer_header(request, "content-type");

	if (length == 0 || length > 300 || (type != NULL && strstr(type, "text/plain") == NULL) ||
	    !g_utf8_validate(text, (gssize)length, NULL))
		return g_strdup("");
	return g_strndup(text, length);
}

/* Why there is no such thing; the caller's. */
static char *reason_of(const HttpRequest *request)
{
	g_autofree char *origin = http_origin(request->url);
	g_autofree char *words = said(request);

	return g_strdup_printf("%s answers %d%s%s", origin, request->status,
			       *words != '\0' ? ": " : "", words);
}

static void fail_status(const HttpRequest *request, const GoAsk *ask, GError **error)
{
	g_autofree char *what = subject(ask);
	g_autofree char *origin = http_origin(request->url);
	g_autofree char *words = said(request);
	FailureKind kind =
		request->status == 401 || request->status == 403 ? FAILURE_DENIED : FAILURE_NET;

	fail(error, kind, "%s answers %d when asked for '%s'%s%s", origin, request->status, what,
	     *words != '\0' ? ": " : "", words);
}

/* Whether a zip broke off after its first bytes, which the layer below does not ask
 * for again, and may be tried once more. */
static bool may_try_again(const Exchange *exchange)
{
	return exchange->spool >= 0 && lseek(exchange->spool, 0, SEEK_CUR) > 0 &&
	       failure_kind(exchange->request->error) == FAILURE_NET &&
	       exchange->ask->tries < LIMIT_TRIES;
}

static void take_exchange(const GoProxy *proxy, Exchange *exchange)
{
	const HttpRequest *request = exchange->request;
	GoAsk *ask = exchange->ask;
	GError *error = NULL;

	ask->tries++;
	if (request->error != NULL && may_try_again(exchange))
		return;
	if (request->error != NULL) {
		error = g_error_copy(request->error);
	} else if (request->status == 404 || request->status == 410) {
		g_free(ask->reason);
		ask->reason = reason_of(request);
		go_on(proxy, ask, NULL);
		return;
	} else if (request->status != 200) {
		fail_status(request, ask, &error);
	} else if (ask->kind == GOASK_ZIP) {
		lseek(exchange->spool, 0, SEEK_SET);
		ask->zip = exchange->spool;
		exchange->spool = -1;
		return;
	} else if (take_answer(ask, (const char *)request->answer->data, request->answer->len,
			       &error)) {
		return;
	} else {
		http_forget(proxy->env->world->http, request);
	}
	ask->tries = 0;
	go_on(proxy, ask, error);
}

/* Everything that is at an http entry now, a round for each way of caching. */
static void ask_over_http(GoProxy *proxy, GPtrArray *exchanges)
{
	static const HttpCache cachings[] = { HTTP_IMMUTABLE, HTTP_RECENT, HTTP_NO_CACHE };

	for (size_t c = 0; c < G_N_ELEMENTS(cachings); c++) {
		g_autoptr(GPtrArray) requests = g_ptr_array_new();

		for (guint i = 0; i < exchanges->len; i++) {
			Exchange *exchange = g_ptr_array_index(exchanges, i);

			if (caching_of(exchange->ask) == cachings[c])
				g_ptr_array_add(requests, exchange->request);
		}
		if (requests->len > 0)
			http_get_all(proxy->env->world->http, requests, cachings[c]);
	}
	for (guint i = 0; i < exchanges->len; i++)
		take_exchange(proxy, g_ptr_array_index(exchanges, i));
}

/* Reads the open file of a folder's answer. */
static bool take_file(GoAsk *ask, int file, size_t size, GError **error)
{
	g_autofree char *text = NULL;
	size_t length = 0;

	if (ask->kind == GOASK_ZIP) {
		ask->zip = dup(file);
		return ask->zip >= 0 || fail(error, FAILURE_IO, "%s", g_strerror(errno));
	}
	text = g_malloc(size + 1);
	while (length < size) {
		ssize_t n = read(file, text + length, size - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(error, FAILURE_IO, "%s", g_strerror(errno));
		if (n == 0)
			break;
		length += (size_t)n;
	}
	return take_answer(ask, text, length, error);
}

static void ask_folder(GoProxy *proxy, GoAsk *ask, const GoSource *source)
{
	GError *error = NULL;
	g_autofree char *place = place_of(ask, false, &error);
	g_autofree char *name = NULL;
	struct stat status;
	int file;

	if (place == NULL) {
		go_on(proxy, ask, error);
		return;
	}
	name = g_build_filename(source->base, place, NULL);
	file = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		go_on(proxy, ask, NULL);
		return;
	}
	if (file < 0 || fstat(file, &status) != 0)
		fail(&error, FAILURE_IO, "'%s' cannot be read: %s", name, g_strerror(errno));
	else if (!S_ISREG(status.st_mode))
		fail(&error, FAILURE_IO, "'%s' is no file", name);
	else if ((uint64_t)status.st_size > limit_of(ask->kind))
		fail(&error, FAILURE_LIMIT, "'%s' has more than %zu bytes", name,
		     limit_of(ask->kind));
	else if (!take_file(ask, file, (size_t)status.st_size, &error))
		g_prefix_error(&error, "reading '%s': ", name);
	if (file >= 0)
		close(file);
	if (error != NULL)
		go_on(proxy, ask, error);
}

/* `off`. After an entry that said "absent" it changes nothing. */
static void ask_nobody(GoAsk *ask)
{
	if (ask->source == 0 && ask->worst == NULL && ask->reason == NULL)
		fail(&ask->worst, FAILURE_CONFIG, "'%s' may not be looked up: GOPROXY is off",
		     ask->path);
	conclude(ask);
}

static bool is_toolchain(const GoAsk *ask)
{
	return strcmp(ask->path, GOPROXY_TOOLCHAIN) == 0;
}

static void add_exchange(GoProxy *proxy, GoAsk *ask, const GoSource *source, GPtrArray *exchanges)
{
	GError *error = NULL;
	Exchange *exchange = exchange_new(proxy, ask, source, &error);

	if (exchange != NULL)
		g_ptr_array_add(exchanges, exchange);
	else
		go_on(proxy, ask, error);
}

/* Those for whom it is version control's turn. What that says stands, whatever proxies
 * said before. */
static void ask_direct(GoProxy *proxy, GPtrArray *direct, GPtrArray *exchanges)
{
	godirect_prepare(proxy->direct, direct);
	for (guint i = 0; i < direct->len; i++) {
		GoAsk *ask = g_ptr_array_index(direct, i);
		const GoSource *source;

		g_clear_error(&ask->worst);
		source = godirect_answer(proxy->direct, ask);
		if (source != NULL)
			add_exchange(proxy, ask, source, exchanges);
	}
}

/* One step down the list for everything that has no answer yet. */
static void ask_round(GoProxy *proxy, GPtrArray *open)
{
	g_autoptr(GPtrArray) direct = g_ptr_array_new();
	g_autoptr(GPtrArray) exchanges =
		g_ptr_array_new_with_free_func((GDestroyNotify)exchange_free);

	for (guint i = 0; i < open->len; i++) {
		GoAsk *ask = g_ptr_array_index(open, i);
		const GoSource *source = g_ptr_array_index(proxy->env->sources, ask->source);

		ask->is_direct |= source->kind == GOSOURCE_DIRECT && !is_toolchain(ask);
		if (ask->is_direct)
			g_ptr_array_add(direct, ask);
		else if (source->kind == GOSOURCE_PROXY)
			add_exchange(proxy, ask, source, exchanges);
		else if (source->kind == GOSOURCE_FOLDER)
			ask_folder(proxy, ask, source);
		else
			ask_nobody(ask);
	}
	ask_direct(proxy, direct, exchanges);
	ask_over_http(proxy, exchanges);
}

bool goproxy_may_be_direct(const GoProxy *proxy, const char *path)
{
	const GPtrArray *sources = proxy->env->sources;
	const GoSource *last = g_ptr_array_index(sources, sources->len - 1);

	return last->kind == GOSOURCE_DIRECT || modpath_matches(proxy->env->no_proxy, path);
}

void goproxy_ask_all(GoProxy *proxy, GPtrArray *asks)
{
	for (guint i = 0; i < asks->len; i++) {
		GoAsk *ask = g_ptr_array_index(asks, i);

		ask->is_direct =
			!is_toolchain(ask) && modpath_matches(proxy->env->no_proxy, ask->path);
	}
	for (;;) {
		g_autoptr(GPtrArray) open = g_ptr_array_new();

		for (guint i = 0; i < asks->len; i++)
			if (!is_answered(g_ptr_array_index(asks, i)))
				g_ptr_array_add(open, g_ptr_array_index(asks, i));
		if (open->len == 0)
			return;
		ask_round(proxy, open);
	}
}

void goproxy_forget(GoProxy *proxy, GoAsk *ask)
{
	const GPtrArray *sources = proxy->env->sources;

	for (guint i = 0; i < sources->len && ask->kind != GOASK_ZIP; i++) {
		const GoSource *source = g_ptr_array_index(sources, i);
		Exchange *exchange = source->kind == GOSOURCE_PROXY
					     ? exchange_new(proxy, ask, source, NULL)
					     : NULL;

		if (exchange == NULL)
			continue;
		http_forget(proxy->env->world->http, exchange->request);
		exchange_free(exchange);
	}
}

void goproxy_ask(GoProxy *proxy, GoAsk *ask)
{
	g_autoptr(GPtrArray) asks = g_ptr_array_new();

	g_ptr_array_add(asks, ask);
	goproxy_ask_all(proxy, asks);
}
