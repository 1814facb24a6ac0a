/* SPDX-License-Identifier: MIT */
#include "net/transfer.h"

#include "net/address.h"
#include "net/url.h"
#include "upkeepd/limits.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Below this many bytes a second a transfer counts as stalled. */
#define STALL_SPEED 200L

/* curl_easy_setopt fails only for options this libcurl was built without. */
#define SET(option, value) \
	g_assert_cmpint(curl_easy_setopt(t->easy, CURLOPT_##option, value), ==, CURLE_OK)

/* A status line begins a new answer: what came before was interim (1xx). */
static bool take_status(Transfer *t, const char *line, size_t length)
{
	const char *blank = memchr(line, ' ', length);
	g_autofree char *digits = NULL;
	guint64 status;

	if (length < 5 || memcmp(line, "HTTP/", 5) != 0)
		return false;
	g_ptr_array_set_size(t->headers, 0);
	t->status = 0;
	if (blank == NULL || line + length - blank < 4)
		return true;
	digits = g_strndup(blank + 1, 3);
	if (g_ascii_string_to_unsigned(digits, 10, 100, 999, &status, NULL))
		t->status = (int)status;
	return true;
}

static size_t take_header(char *line, size_t size, size_t count, void *data)
{
	Transfer *t = data;
	size_t length = size * count;
	const char *colon = memchr(line, ':', length);
	g_autofree char *name = NULL, *value = NULL;

	t->header_bytes += length;
	if (t->header_bytes > LIMIT_HEADER) {
		if (t->error == NULL)
			fail(&t->error, FAILURE_LIMIT,
			     "the answer has more than %d bytes of headers", LIMIT_HEADER);
		return 0;
	}
	if (take_status(t, line, length) || colon == NULL || *line == ' ' || *line == '\t')
		return length;
	name = g_ascii_strdown(line, colon - line);
	value = g_strndup(colon + 1, length - (size_t)(colon + 1 - line));
	g_ptr_array_add(t->headers, g_strconcat(g_strstrip(name), ": ", g_strstrip(value), NULL));
	return length;
}

static bool collect(Transfer *t, const char *bytes, size_t length)
{
	if (length > *t->plan.budget)
		return fail(&t->error, FAILURE_LIMIT,
			    "all answers together have more than %d bytes", LIMIT_ROUND);
	*t->plan.budget -= length;
	g_byte_array_append(t->body, (const guint8 *)bytes, (guint)length);
	return true;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
	Transfer *t = data;
	const HttpRequest *request = t->request;
	size_t length = size * count;
	bool goes_to_sink = request->sink != NULL && t->status == 200;
	size_t ceiling = request->max_bytes == 0 ? LIMIT_ANSWER : request->max_bytes;

	if (t->error != NULL)
		return 0;
	if (!goes_to_sink)
		ceiling = MIN(ceiling, G_MAXINT32);
	if (t->status / 100 != 2)
		ceiling = MIN(ceiling, LIMIT_ANSWER);
	if (length > ceiling - t->body_bytes) {
		fail(&t->error, FAILURE_LIMIT, "the answer has more than %zu bytes", ceiling);
		return 0;
	}
	t->body_bytes += length;
	*t->plan.arrived += length;
	if (!goes_to_sink)
		return collect(t, bytes, length) ? length : 0;
	t->has_fed_sink = true;
	return request->sink(request->sink_data, bytes, length, &t->error) ? length : 0;
}

/* Called for each address a name has: the one that is meant to be connected to. */
static curl_socket_t open_socket(void *data, curlsocktype purpose G_GNUC_UNUSED,
				 struct curl_sockaddr *address)
{
	Transfer *t = data;

	if (t->plan.is_guarded && t->plan.proxy == NULL && !address_is_public(&address->addr)) {
		t->is_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Called before each request, also over a connection that an unguarded one left. */
static int check_connection(void *data, char *remote, char *local G_GNUC_UNUSED,
			    int remote_port G_GNUC_UNUSED, int local_port G_GNUC_UNUSED)
{
	Transfer *t = data;

	if (!t->plan.is_guarded || t->plan.proxy != NULL || address_text_is_public(remote))
		return CURL_PREREQFUNC_OK;
	t->is_refused = true;
	return CURL_PREREQFUNC_ABORT;
}

static void add_line(Transfer *t, const char *line)
{
	struct curl_slist *longer = curl_slist_append(t->lines, line);

	g_assert(longer != NULL);
	t->lines = longer;
}

static void add_value(Transfer *t, const char *name, const char *value)
{
	g_autofree char *line = value == NULL ? NULL : g_strconcat(name, ": ", value, NULL);

	if (line != NULL)
		add_line(t, line);
}

static void set_headers(Transfer *t)
{
	const GPtrArray *headers = t->request->headers;

	add_line(t, "Expect:"); /* no waiting for 100 Continue */
	if (t->plan.is_ours) {
		for (guint i = 0; headers != NULL && i < headers->len; i++)
			add_line(t, g_ptr_array_index(headers, i));
		add_value(t, "If-None-Match", t->plan.etag);
		add_value(t, "If-Modified-Since", t->plan.last_modified);
	}
	SET(HTTPHEADER, t->lines);
}

/* Tokens go this way and never as a header: libcurl takes these off wherever
 * it must, and shows them in no trace. */
static void set_credential(Transfer *t)
{
	const HttpRequest *request = t->request;

	if (!t->plan.is_ours || request->secret == NULL || request->secret_field != NULL)
		return;
	if (request->username == NULL) {
		SET(HTTPAUTH, (long)CURLAUTH_BEARER);
		SET(XOAUTH2_BEARER, secret_reveal(request->secret));
		return;
	}
	SET(HTTPAUTH, (long)CURLAUTH_BASIC);
	SET(USERNAME, request->username);
	SET(PASSWORD, secret_reveal(request->secret));
}

/* The body of a form whose last field is the secret; libcurl has its own copy then. */
static void set_secret_form(Transfer *t, const char *bytes, size_t length)
{
	const HttpRequest *request = t->request;
	g_autoptr(GString) form = g_string_new_len(bytes, (gssize)length);

	if (t->plan.is_ours) {
		char *secret = http_escape(secret_reveal(request->secret));

		g_string_append_printf(form, "&%s=%s", request->secret_field, secret);
		explicit_bzero(secret, strlen(secret));
		g_free(secret);
	}
	SET(POSTFIELDSIZE_LARGE, (curl_off_t)form->len);
	SET(COPYPOSTFIELDS, form->str);
	explicit_bzero(form->str, form->len);
}

static size_t give_body(char *to, size_t size, size_t count, void *data)
{
	Transfer *t = data;
	gsize length;
	const char *bytes = g_bytes_get_data(t->request->body, &length);
	size_t piece = MIN(size * count, length - t->body_sent);

	memcpy(to, bytes + t->body_sent, piece);
	t->body_sent += piece;
	return piece;
}

/* A kept connection may turn out to be dead when something was sent on it. libcurl then
 * sends it again on another by itself, though it may have been carried out; it cannot
 * where the body comes from a function that does not go back. */
static void set_body_once(Transfer *t, gsize length)
{
	SET(POST, 1L);
	SET(POSTFIELDSIZE_LARGE, (curl_off_t)length);
	SET(READFUNCTION, give_body);
	SET(READDATA, t);
}

const char *transfer_method(const HttpRequest *request)
{
	static const char *const names[] = {
		[HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
		[HTTP_PUT] = "PUT", [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
	};

	return names[request->method];
}

static void set_method(Transfer *t)
{
	const HttpRequest *request = t->request;
	gsize length = 0;
	const char *bytes = "";

	if (request->method == HTTP_GET) {
		SET(HTTPGET, 1L);
		return;
	}
	if (request->method == HTTP_HEAD) {
		SET(NOBODY, 1L);
		return;
	}
	if (request->body != NULL)
		bytes = g_bytes_get_data(request->body, &length);
	if (request->method == HTTP_POST && !request->is_repeatable && length > 0) {
		set_body_once(t, length);
	} else if (request->method != HTTP_DELETE || request->body != NULL) {
		SET(POST, 1L);
		SET(POSTFIELDSIZE_LARGE, (curl_off_t)length);
		SET(POSTFIELDS, length == 0 ? "" : bytes);
	}
	if (request->secret_field != NULL)
		set_secret_form(t, bytes, length);
	SET(CUSTOMREQUEST, transfer_method(request));
}

static void set_limits(Transfer *t)
{
	long stall_seconds = (t->plan.stall_ms + 999) / 1000;

	SET(CONNECTTIMEOUT_MS, (long)MIN(LIMIT_CONNECT_MS, t->plan.timeout_ms));
	SET(TIMEOUT_MS, (long)t->plan.timeout_ms);
	SET(LOW_SPEED_LIMIT, STALL_SPEED);
	SET(LOW_SPEED_TIME, MAX(stall_seconds, 1L));
	SET(OPENSOCKETFUNCTION, open_socket);
	SET(OPENSOCKETDATA, t);
	SET(PREREQFUNCTION, check_connection);
	SET(PREREQDATA, t);
	SET(HEADERFUNCTION, take_header);
	SET(HEADERDATA, t);
	SET(WRITEFUNCTION, take_body);
	SET(WRITEDATA, t);
}

static void set_connection(Transfer *t)
{
	bool is_https = g_str_has_prefix(t->plan.url, "https:");

	SET(URL, t->plan.url);
	SET(PROTOCOLS_STR, is_https ? "https" : "http");
	SET(DISALLOW_USERNAME_IN_URL, 1L);
	SET(FOLLOWLOCATION, 0L);
	SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/* Plain http has no HTTP/2 here; libcurl 7.88 would wait for an answer to see. */
	SET(PIPEWAIT, is_https ? 1L : 0L);
	SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(NOSIGNAL, 1L);
	SET(ACCEPT_ENCODING, "gzip"); /* the decoder with the least blow-up */
	SET(USERAGENT, t->plan.user_agent);
	SET(PROXY, t->plan.proxy == NULL ? "" : t->plan.proxy);
	SET(NOPROXY, ""); /* whether to use one has been decided */
	SET(SUPPRESS_CONNECT_HEADERS, 1L);
	if (t->plan.cert_file != NULL)
		SET(CAINFO, t->plan.cert_file);
	if (t->plan.cert_directory != NULL)
		SET(CAPATH, t->plan.cert_directory);
	if (t->plan.client_cert != NULL) {
		SET(SSLCERT, t->plan.client_cert);
		SET(SSLKEY, t->plan.client_key);
	}
	SET(ERRORBUFFER, t->detail);
}

Transfer *transfer_new(const HttpRequest *request, const TransferPlan *plan, void *data)
{
	Transfer *t = g_new0(Transfer, 1);

	t->request = request;
	t->plan = *plan;
	t->headers = g_ptr_array_new_with_free_func(g_free);
	t->body = g_byte_array_new();
	t->easy = curl_easy_init();
	g_assert(t->easy != NULL);
	set_connection(t);
	set_limits(t);
	set_method(t);
	set_headers(t);
	set_credential(t);
	SET(PRIVATE, data);
	return t;
}

void transfer_free(Transfer *t)
{
	if (t == NULL)
		return;
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->lines);
	g_ptr_array_unref(t->headers);
	g_byte_array_unref(t->body);
	g_clear_error(&t->error);
	g_free(t);
}

/* Whether TCP and TLS had come about. */
static bool was_connected(const Transfer *t)
{
	curl_off_t ready_us = 0;

	return curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &ready_us) == CURLE_OK &&
	       ready_us > 0;
}

static TransferEnd class_of(const Transfer *t, CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_CONNECT:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return TRANSFER_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT:
		return was_connected(t) ? TRANSFER_BROKEN : TRANSFER_UNREACHABLE;
	case CURLE_GOT_NOTHING:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_SEND_FAIL_REWIND:
	case CURLE_SSL_CONNECT_ERROR:
		return TRANSFER_BROKEN;
	default:
		return TRANSFER_FAILED;
	}
}

TransferEnd transfer_end(Transfer *t, CURLcode code)
{
	g_autofree char *place = url_to_show(t->plan.url);

	if (t->error != NULL) {
		g_prefix_error(&t->error, "asking '%s': ", place);
		return TRANSFER_FAILED;
	}
	if (t->is_refused && code != CURLE_OK) {
		fail(&t->error, FAILURE_DENIED,
		     "asking '%s': it stands in a private network, where strangers may not send us",
		     place);
		return TRANSFER_FAILED;
	}
	if (code == CURLE_OK && t->status == 0)
		code = CURLE_WEIRD_SERVER_REPLY;
	if (code == CURLE_OK)
		return TRANSFER_ANSWERED;
	/* Its word for a line of the head that is longer than it will hold; where there is no
	 * memory GLib has aborted before. */
	if (code == CURLE_OUT_OF_MEMORY) {
		fail(&t->error, FAILURE_LIMIT, "asking '%s': the head of the answer is too long",
		     place);
		return TRANSFER_FAILED;
	}
	if (code == CURLE_COULDNT_RESOLVE_HOST) {
		g_autoptr(Url) url = url_parse(t->plan.url);

		t->is_unresolved = t->is_costly = true;
		g_snprintf(t->detail, sizeof(t->detail), "the host '%s' cannot be found",
			   url != NULL ? url->host : place);
		fail(&t->error, FAILURE_NET, "%s", t->detail);
		return TRANSFER_UNREACHABLE;
	}
	if (*t->detail == '\0')
		g_strlcpy(t->detail, curl_easy_strerror(code), sizeof(t->detail));
	*t->detail = g_ascii_tolower(*t->detail);
	fail(&t->error, FAILURE_NET, "asking '%s': %s", place, t->detail);
	t->is_costly = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_COULDNT_RESOLVE_PROXY;
	return class_of(t, code);
}

int64_t transfer_wire_bytes(const Transfer *t)
{
	curl_off_t body = 0;
	long headers = 0;

	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &body);
	curl_easy_getinfo(t->easy, CURLINFO_HEADER_SIZE, &headers);
	return (int64_t)body + headers;
}

int64_t transfer_ms(const Transfer *t)
{
	curl_off_t total_us = 0;

	curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &total_us);
	return (int64_t)total_us / 1000;
}

bool transfer_is_multiplexed(const Transfer *t)
{
	long version = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	return version >= CURL_HTTP_VERSION_2_0;
}

bool transfer_was_inside(const Transfer *t)
{
	const char *remote = NULL;

	if (t->plan.proxy != NULL)
		return false;
	curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &remote);
	return remote != NULL && !address_text_is_public(remote);
}
