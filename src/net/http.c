/* SPDX-License-Identifier: MIT */
#include "net/http.h"

#include "base/crypto.h"
#include "base/text.h"
#include "net/engine.h"
#include "net/headers.h"
#include "net/url.h"

#define DEFAULT_BACKOFF_MS PACE_BETWEEN_CHANGES_MS

HttpRequest *http_request_new(HttpMethod method, const char *url)
{
	HttpRequest *request = g_new0(HttpRequest, 1);

	request->method = method;
	request->url = g_strdup(url);
	request->headers = g_ptr_array_new_with_free_func(g_free);
	request->answer = g_byte_array_new();
	request->answer_headers = g_ptr_array_new_with_free_func(g_free);
	return request;
}

void http_request_free(HttpRequest *request)
{
	if (request == NULL)
		return;
	g_free(request->url);
	g_ptr_array_unref(request->headers);
	g_free(request->username);
	g_free(request->account);
	g_clear_pointer(&request->body, g_bytes_unref);
	g_byte_array_unref(request->answer);
	g_free(request->final_url);
	g_ptr_array_unref(request->answer_headers);
	g_clear_error(&request->error);
	g_free(request);
}

void http_request_header(HttpRequest *request, const char *name, const char *value)
{
	g_ptr_array_add(request->headers, g_strconcat(name, ": ", value, NULL));
}

const char *http_answer_header(const HttpRequest *request, const char *name)
{
	return headers_get(request->answer_headers, name);
}

static void host_free(void *data)
{
	Host *host = data;

	g_free(host->count.host);
	g_free(host->down);
	g_queue_clear(&host->waiting);
	g_free(host);
}

static GPtrArray *copy_of(const GPtrArray *texts)
{
	GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; texts != NULL && i < texts->len; i++)
		g_ptr_array_add(copy, g_strdup(g_ptr_array_index(texts, i)));
	return copy;
}

static CURLM *multi_new(void)
{
	static bool is_ready;
	CURLM *multi;

	if (!is_ready)
		g_assert_cmpint(curl_global_init(CURL_GLOBAL_DEFAULT), ==, CURLE_OK);
	is_ready = true;
	multi = curl_multi_init();
	g_assert(multi != NULL);
	curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)ENGINE_CONNECTIONS);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)ENGINE_CONNECTIONS);
	curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	return multi;
}

bool http_is_usable(GError **error)
{
	static const struct {
		int bit;
		const char *name;
	} features[] = {
		{ CURL_VERSION_SSL, "TLS" },
		{ CURL_VERSION_HTTP2, "HTTP/2" },
		{ CURL_VERSION_LIBZ, "gzip" },
		{ CURL_VERSION_ASYNCHDNS, "look-ups that do not block" },
	};
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

	for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
		if ((info->features & features[i].bit) == 0)
			return fail(error, FAILURE_CONFIG, "libcurl %s was built without %s",
				    info->version, features[i].name);
	/* PROTOCOLS_STR came with 7.85. */
	if (info->version_num < 0x075500)
		return fail(error, FAILURE_CONFIG, "libcurl %s is too old; 7.85 is needed",
			    info->version);
	return true;
}

Http *http_new(const HttpOptions *options, Store *store, int64_t now)
{
	Http *http = g_new0(Http, 1);

	http->options = *options;
	http->user_agent = g_strdup(options->user_agent != NULL ? options->user_agent
								: "upkeepd/" UPKEEPD_VERSION);
	http->insecure_hosts = copy_of(options->insecure_hosts);
	http->trusted_hosts = copy_of(options->trusted_hosts);
	http->proxies = proxy_from_environment();
	http->cert_file = g_getenv("SSL_CERT_FILE");
	http->cert_directory = g_getenv("SSL_CERT_DIR");
	http->certificates = g_strdup(options->certificates);
	http->multi = multi_new();
	http->keep = keep_new(store, options->cache_bytes);
	http->pace = pace_new(store);
	http->recorder = recorder_new(options->record_directory);
	http->hosts = g_tree_new_full(text_compare, NULL, NULL, host_free);
	http->recent = g_tree_new_full(text_compare, NULL, g_free, g_free);
	http->counts = g_ptr_array_new();
	http->now = now;
	http->started_us = g_get_monotonic_time();
	return http;
}

void http_free(Http *http)
{
	if (http == NULL)
		return;
	curl_multi_cleanup(http->multi);
	g_free(http->user_agent);
	g_free(http->certificates);
	g_ptr_array_unref(http->insecure_hosts);
	g_ptr_array_unref(http->trusted_hosts);
	keep_free(http->keep);
	pace_free(http->pace);
	recorder_free(http->recorder);
	g_ptr_array_unref(http->counts);
	g_tree_unref(http->hosts);
	g_tree_unref(http->recent);
	g_free(http);
}

int64_t engine_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

int64_t engine_now(const Http *http)
{
	return http->now + (g_get_monotonic_time() - http->started_us) / G_USEC_PER_SEC;
}

int64_t http_now(const Http *http)
{
	return engine_now(http);
}

int engine_backoff_ms(const Http *http)
{
	return http->options.backoff_ms > 0 ? http->options.backoff_ms : DEFAULT_BACKOFF_MS;
}

void http_watch(Http *http, void (*alive)(void *data), void *data)
{
	http->alive = alive;
	http->alive_data = data;
}

void http_get_all(Http *http, GPtrArray *requests, HttpCache cache)
{
	round_run(http, requests, cache);
}

void http_get(Http *http, HttpRequest *request, HttpCache cache)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new();

	g_ptr_array_add(one, request);
	round_run(http, one, cache);
}

void http_forget(Http *http, const HttpRequest *request)
{
	g_autofree char *key = keep_key(request);

	keep_drop(http->keep, key);
	g_tree_remove(http->recent, key);
}

void http_wait(const Http *http, int number)
{
	g_usleep((gulong)pace_backoff_ms(number, engine_backoff_ms(http), g_random_int()) * 1000);
}

/* Digits of the hash that tells apart for whom an answer was: enough for that,
 * too few to find a token by. */
#define ACCOUNT_DIGITS 16

char *http_account(const char *username, const Secret *secret)
{
	g_autofree char *text =
		g_strconcat(username == NULL ? "" : username, "\n", secret_reveal(secret), NULL);
	g_autofree char *hash = sha256_hex(text, strlen(text));

	explicit_bzero(text, strlen(text));
	return g_strndup(hash, ACCOUNT_DIGITS);
}

char *http_account_of(const Credential *credential)
{
	if (credential == NULL)
		return g_strdup("");
	return credential->account != NULL ? g_strdup(credential->account)
					   : http_account(credential->username, credential->secret);
}

void http_await_turn(Http *http, const HttpRequest *request)
{
	g_autoptr(Url) place = url_parse(request->url);
	g_autofree char *account = keep_account(request);

	if (place == NULL || http->options.is_offline)
		return;
	g_usleep((gulong)pace_turn_ms(http->pace, place->authority, account, engine_ms(),
				      engine_backoff_ms(http)) *
		 1000);
}

char *engine_account(const HttpRequest *request, const Url *place)
{
	g_autofree char *account = keep_account(request);
	g_autofree char *name = pace_account(place->authority, account);

	return request->quota == NULL ? g_steal_pointer(&name)
				      : g_strdup_printf("%s, %s", name, request->quota);
}

int64_t http_pause(Http *http, const HttpRequest *request)
{
	g_autoptr(Url) place = url_parse(request->url);
	int64_t now = engine_now(http);

	return place != NULL ? pace_pause_unsaid(http->pace, place->authority, now)
			     : now + PACE_UNSAID_PAUSE;
}

int64_t http_pause_spent(Http *http, const HttpRequest *request)
{
	g_autoptr(Url) place = url_parse(request->url);
	g_autofree char *name = NULL;
	int64_t now = engine_now(http), seconds;

	if (place == NULL)
		return now + PACE_UNSAID_PAUSE;
	name = engine_account(request, place);
	if (!pace_reset(request->answer_headers, now, &seconds))
		return pace_pause_unsaid(http->pace, name, now);
	pace_pause(http->pace, name, now + seconds);
	return now + seconds;
}

int64_t http_scarce_until(Http *http, const HttpRequest *request)
{
	g_autoptr(Url) place = url_parse(request->url);
	g_autofree char *name = NULL;

	if (place == NULL)
		return 0;
	name = engine_account(request, place);
	return pace_scarce_until(http->pace, name, engine_now(http));
}

static gboolean add_count(void *key G_GNUC_UNUSED, void *value, void *data)
{
	Host *host = value;

	if (host->count.requests > 0)
		g_ptr_array_add(data, &host->count);
	return FALSE;
}

GPtrArray *http_hosts(Http *http)
{
	g_ptr_array_set_size(http->counts, 0);
	g_tree_foreach(http->hosts, add_count, http->counts);
	return http->counts;
}

int64_t http_bytes_received(const Http *http)
{
	return http->bytes_received;
}
