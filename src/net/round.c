/* SPDX-License-Identifier: MIT */
/* Carrying out many requests at once.
 *
 * rule 1: libcurl is never given more than can run. Its time-outs count from
 *         the moment it gets a handle, so what must wait waits here, by host.
 * rule 2: what is ours goes to the origin first asked and nowhere else; a
 *         redirect away drops it all, for good.
 * rule 3: a server outside may not send us inside; one that is inside may.
 * rule 4: nothing is sent twice that might be done twice.
 * rule 5: a host that limits is left alone, by all requests; one that cannot
 *         be reached is tried again by one of them, on behalf of all.
 */
#define G_LOG_DOMAIN "net"

#include "net/address.h"
#include "net/certificates.h"
#include "net/engine.h"
#include "net/headers.h"
#include "net/transfer.h"
#include "net/url.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Without HTTP/2, as browsers do; with it, libcurl's own bound on streams. */
#define DEFAULT_CONNECTIONS 8
#define STREAMS             100
#define DOWN_MS             60000
#define IDLE_MS             1000
#define RECENT_MS           60000

/* One request on its way through redirects and tries. */
typedef struct {
	HttpRequest *request; /* borrowed */
	char *key;            /* in the cache; NULL: not cached */
	CachedAnswer *kept;   /* NULL: none */
	char *url;            /* where it is now */
	Url *place;
	Certificates certificates; /* of the place */
	Host *host;
	char *account;            /* whose limits at its host it is counted for */
	bool is_ours, is_guarded; /* as in TransferPlan */
	int hops, tries;
	int misses_known; /* of the host, when this was sent */
	int64_t asleep_until_ms;
	Transfer *transfer;    /* NULL: not under way */
	bool holds_connection; /* counted in Round.connections */
} Exchange;

typedef struct {
	Http *http;
	HttpCache cache;
	GPtrArray *exchanges; /* of Exchange */
	GPtrArray *busy;      /* of Host that ever had one waiting; borrowed */
	GPtrArray *asleep;    /* of Exchange, before another try; borrowed */
	guint unfinished;
	unsigned connections;
	size_t budget;
} Round;

static void exchange_free(void *data)
{
	Exchange *e = data;

	g_free(e->key);
	cached_answer_free(e->kept);
	g_free(e->url);
	g_free(e->account);
	url_free(e->place);
	certificates_clear(&e->certificates);
	transfer_free(e->transfer);
	g_free(e);
}

static Host *host_of(Round *round, const Url *place)
{
	Host *host = g_tree_lookup(round->http->hosts, place->authority);

	if (host == NULL) {
		host = g_new0(Host, 1);
		host->count.host = g_strdup(place->authority);
		g_queue_init(&host->waiting);
		g_tree_insert(round->http->hosts, host->count.host, host);
	}
	return host;
}

/* The end of an exchange: with an answer, or with `error`, which is taken. */
static void finish(Round *round, Exchange *e, GError *error)
{
	HttpRequest *request = e->request;

	if (error != NULL)
		g_propagate_error(&request->error, error);
	g_byte_array_append(request->answer, (const guint8 *)"", 1);
	g_byte_array_set_size(request->answer, request->answer->len - 1);
	if (request->final_url == NULL)
		request->final_url = g_strdup(e->url);
	round->unfinished--;
}

static void refuse(Round *round, Exchange *e, FailureKind kind, const char *why)
{
	g_autofree char *place = url_to_show(e->url);
	GError *error = NULL;

	fail(&error, kind, "asking '%s': %s", place, why);
	finish(round, e, error);
}

/* Nobody is told of each thing that was wanted of a host that is not there. */
static void give_up_host(Round *round, Exchange *e)
{
	GError *error = NULL;

	if (!e->host->is_unresolved) {
		refuse(round, e, FAILURE_NET, e->host->down);
		return;
	}
	fail(&error, FAILURE_NET, "%s", e->host->down);
	finish(round, e, error);
}

/* Puts an exchange that has a place into its host's queue. */
static void enqueue(Round *round, Exchange *e, bool is_first)
{
	Host *host = e->host;

	if (g_queue_is_empty(&host->waiting) && !g_ptr_array_find(round->busy, host, NULL))
		g_ptr_array_add(round->busy, host);
	if (is_first)
		g_queue_push_head(&host->waiting, e);
	else
		g_queue_push_tail(&host->waiting, e);
}

/* Points the exchange to `url`, which is taken. False: it is finished. */
static bool aim(Round *round, Exchange *e, char *url)
{
	const Http *http = round->http;
	bool is_trusted;

	g_free(e->url);
	e->url = url;
	g_clear_pointer(&e->place, url_free);
	e->place = url_parse(url);
	if (e->place == NULL) {
		refuse(round, e, FAILURE_INPUT, "it is no usable URL");
		return false;
	}
	is_trusted = url_is_among(e->place, http->trusted_hosts) ||
		     url_is_among(e->place, http->insecure_hosts);
	if (!e->place->is_https && !url_is_loopback(e->place) &&
	    !url_is_among(e->place, http->insecure_hosts)) {
		refuse(round, e, FAILURE_DENIED, "plain http is refused");
		return false;
	}
	if (is_trusted)
		e->is_guarded = false;
	certificates_find(&e->certificates, http->certificates, e->place);
	e->host = host_of(round, e->place);
	g_free(e->account);
	e->account = e->is_ours ? engine_account(e->request, e->place)
				: pace_account(e->place->authority, "");
	return true;
}

static void follow(Round *round, Exchange *e, const Transfer *t)
{
	const char *location = headers_get(t->headers, "location");
	g_autofree char *target = http_resolve(e->url, location), *origin = NULL;
	bool is_same;

	if (target == NULL) {
		refuse(round, e, FAILURE_NET, "it redirects to no usable URL");
		return;
	}
	if (++e->hops > LIMIT_REDIRECTS) {
		refuse(round, e, FAILURE_LIMIT, "it redirects too often");
		return;
	}
	origin = http_origin(target);
	is_same = strcmp(origin, e->place->origin) == 0;
	if (e->place->is_https && !g_str_has_prefix(origin, "https:")) {
		refuse(round, e, FAILURE_DENIED, "it redirects from https to plain http");
		return;
	}
	if (!is_same) {
		e->is_ours = false; /* rule 2 */
		if (!transfer_was_inside(t))
			e->is_guarded = true; /* rule 3 */
	}
	if (aim(round, e, g_steal_pointer(&target)))
		enqueue(round, e, true);
}

/* Sends an exchange to sleep for a while, then to be tried again. */
static void retry(Round *round, Exchange *e)
{
	int base_ms = engine_backoff_ms(round->http);

	e->asleep_until_ms = engine_ms() + pace_backoff_ms(e->tries + 1, base_ms, g_random_int());
	g_ptr_array_add(round->asleep, e);
}

/* rule 4 */
static bool may_repeat(const Exchange *e, const Transfer *t)
{
	return (e->request->method != HTTP_POST || e->request->is_repeatable) && !t->has_fed_sink;
}

/* Who limits has not done what was asked; a 503 may come from a server in between. Who
 * does not say for how long is not asked for a change again at once: that makes it worse. */
static bool may_ask_again(const Exchange *e, const Transfer *t, PaceWish wish)
{
	if (t->status == 503 || wish == PACE_UNSAID)
		return may_repeat(e, t);
	return !t->has_fed_sink;
}

static bool is_tried_enough(const Exchange *e)
{
	return e->tries >= LIMIT_TRIES;
}

static void take_answer(Exchange *e, Transfer *t)
{
	HttpRequest *request = e->request;

	request->status = t->status;
	g_byte_array_unref(request->answer);
	request->answer = g_byte_array_ref(t->body);
	g_ptr_array_unref(request->answer_headers);
	request->answer_headers = g_ptr_array_ref(t->headers);
	g_free(request->final_url);
	request->final_url = g_strdup(e->url);
}

static void be_patient(Round *round, Exchange *e, int64_t until)
{
	g_autofree char *place = url_to_show(e->url);
	GError *error = NULL;

	fail_until(&error, FAILURE_BUSY, until,
		   "asking '%s': the host '%s' limits requests and asks for a pause", place,
		   e->host->count.host);
	finish(round, e, error);
}

/* Whose limits an answer tells of: where the token got lost on the way, they are not its. */
static char *account_of(const Exchange *e, const Transfer *t)
{
	return pace_is_nobodys(t->headers) ? pace_account(e->host->count.host, "")
					   : g_strdup(e->account);
}

/* Nobody asks for it before the time that is returned. */
static int64_t pause_for(Round *round, const Exchange *e, const Transfer *t, PaceWish wish,
			 int64_t seconds, bool is_used_up)
{
	g_autofree char *name = is_used_up ? account_of(e, t) : g_strdup(e->host->count.host);
	int64_t now = engine_now(round->http);

	if (wish == PACE_UNSAID)
		return pace_pause_unsaid(round->http->pace, name, now);
	pace_pause(round->http->pace, name, now + seconds);
	return now + seconds;
}

/* rule 5: the host wants fewer requests. */
static void slow_down(Round *round, Exchange *e, Transfer *t, PaceWish wish, int64_t seconds,
		      bool is_used_up)
{
	Host *host = e->host;

	e->tries++;
	if (!is_tried_enough(e) && may_ask_again(e, t, wish) &&
	    seconds * 1000 <= PACE_LONGEST_WAIT_MS) {
		retry(round, e);
		e->asleep_until_ms = MAX(e->asleep_until_ms, engine_ms() + seconds * 1000);
		host->not_before_ms = MAX(host->not_before_ms, e->asleep_until_ms);
		return;
	}
	take_answer(e, t);
	be_patient(round, e, pause_for(round, e, t, wish, seconds, is_used_up));
}

/* Repositories that one worker looks after in a row have their images in common. */
static void note_recent(Round *round, const Exchange *e)
{
	int64_t now_ms = engine_ms();

	if (round->cache == HTTP_RECENT)
		g_tree_replace(round->http->recent, g_strdup(e->key),
			       g_memdup2(&now_ms, sizeof now_ms));
}

static bool is_recent(const Round *round, const char *key)
{
	const int64_t *had_ms = g_tree_lookup(round->http->recent, key);

	return round->cache == HTTP_RECENT && had_ms != NULL && engine_ms() - *had_ms < RECENT_MS;
}

static void keep_if_wanted(Round *round, Exchange *e)
{
	const HttpRequest *request = e->request;

	if (e->key == NULL || request->status != 200 || request->sink != NULL)
		return;
	note_recent(round, e);
	keep_put(round->http->keep, e->key, request, round->cache == HTTP_IMMUTABLE,
		 engine_now(round->http));
}

static bool is_redirect(const Exchange *e, const Transfer *t)
{
	return (t->status == 301 || t->status == 302 || t->status == 303 || t->status == 307 ||
		t->status == 308) &&
	       (e->request->method == HTTP_GET || e->request->method == HTTP_HEAD) &&
	       !e->request->keeps_redirect && headers_get(t->headers, "location") != NULL;
}

static bool is_passing(int status)
{
	return status == 408 || status == 500 || status == 502 || status == 503 || status == 504;
}

static void note_scarce(Round *round, const Exchange *e, const Transfer *t, int64_t until)
{
	g_autofree char *account = account_of(e, t);

	pace_save(round->http->pace, account, until);
}

static const char *first_of(const Transfer *t, const char *name, const char *other)
{
	const char *value = headers_get(t->headers, name);

	if (value == NULL)
		value = headers_get(t->headers, other);
	return value != NULL ? value : "-";
}

/* What a person who helps with a forge wants to know: no query, no header of ours. */
static void trace(const Exchange *e, const Transfer *t)
{
	g_autofree char *place = url_to_show(e->url);

	g_debug("%s %s: %d, %" G_GINT64_FORMAT " ms, request %s, %s left",
		transfer_method(e->request), place, t->status, transfer_ms(t),
		first_of(t, "x-github-request-id", "x-request-id"),
		first_of(t, "x-ratelimit-remaining", "ratelimit-remaining"));
}

/* What to do with an answer. */
static void judge(Round *round, Exchange *e, Transfer *t)
{
	int64_t now = engine_now(round->http), seconds, until;
	bool is_used_up;
	PaceWish wish = pace_wish(t->status, t->headers, now, &seconds, &is_used_up);

	trace(e, t);
	if (pace_is_scarce(t->headers, now, &until))
		note_scarce(round, e, t, until > now ? until : now + PACE_UNSAID_PAUSE);
	if (wish != PACE_NONE) {
		slow_down(round, e, t, wish, seconds, is_used_up);
	} else if (is_redirect(e, t)) {
		follow(round, e, t);
	} else if (t->status == 304 && e->kept != NULL && e->is_ours) {
		keep_answer(e->kept, e->request);
		note_recent(round, e);
		finish(round, e, NULL);
	} else if (is_passing(t->status) && may_repeat(e, t) && ++e->tries < LIMIT_TRIES) {
		retry(round, e);
	} else {
		take_answer(e, t);
		keep_if_wanted(round, e);
		finish(round, e, NULL);
	}
}

/* rule 5: those that were sent together have missed it once together. */
static void miss(Exchange *e, const Transfer *t, int cost)
{
	Host *host = e->host;

	if (e->misses_known == host->misses)
		host->misses += cost;
	if (host->misses < LIMIT_TRIES)
		return;
	g_free(host->down);
	host->down = g_strdup(t->detail);
	host->is_unresolved = t->is_unresolved;
	host->down_until_ms = engine_ms() + DOWN_MS;
}

/* What to do without one. */
static void mourn(Round *round, Exchange *e, Transfer *t, TransferEnd end)
{
	int cost = t->is_costly ? 2 : 1;

	e->tries += cost;
	if (end == TRANSFER_UNREACHABLE)
		miss(e, t, cost);
	if (end != TRANSFER_FAILED && may_repeat(e, t) && !is_tried_enough(e) &&
	    e->host->misses < LIMIT_TRIES) {
		retry(round, e);
		if (end == TRANSFER_UNREACHABLE)
			e->host->not_before_ms = MAX(e->host->not_before_ms, e->asleep_until_ms);
		return;
	}
	if (t->status != 0) { /* it had begun: a sink may have stopped it, knowing enough */
		g_free(e->request->final_url);
		e->request->final_url = g_strdup(e->url);
	}
	finish(round, e, g_steal_pointer(&t->error));
}

static void settle(Round *round, Exchange *e, CURLcode code)
{
	g_autoptr(Transfer) t = g_steal_pointer(&e->transfer);
	TransferEnd end = transfer_end(t, code);

	curl_multi_remove_handle(round->http->multi, t->easy);
	e->host->running--;
	round->connections -= e->holds_connection ? 1 : 0;
	round->http->bytes_received += transfer_wire_bytes(t);
	if (end != TRANSFER_ANSWERED) {
		mourn(round, e, t, end);
	} else {
		e->host->is_multiplexed = transfer_is_multiplexed(t);
		round->http->arrived += ENGINE_ALIVE_BYTES;
		e->host->misses = 0;
		g_clear_pointer(&e->host->down, g_free);
		recorder_write(round->http->recorder, t);
		judge(round, e, t);
	}
	if (e->request->answer != t->body)
		round->budget += t->body->len;
}

/* Behind a proxy nobody sees where a name leads; addresses can still be told. */
static bool is_barred(const Exchange *e, const char *proxy)
{
	return e->is_guarded && proxy != NULL &&
	       (url_is_loopback(e->place) ||
		(address_is_literal(e->place->host) && !address_text_is_public(e->place->host)));
}

static void launch(Round *round, Exchange *e)
{
	Http *http = round->http;
	const HttpOptions *options = &http->options;
	bool has_validator = e->kept != NULL && e->is_ours;
	int own_ms = options->timeout_ms > 0 ? options->timeout_ms : LIMIT_REQUEST_MS;
	TransferPlan plan = {
		.url = e->url,
		.proxy = proxy_for(&http->proxies, e->place),
		.etag = has_validator ? e->kept->etag : NULL,
		.last_modified = has_validator ? e->kept->last_modified : NULL,
		.user_agent = http->user_agent,
		.cert_file = e->certificates.authority != NULL ? e->certificates.authority
							       : http->cert_file,
		.cert_directory = http->cert_directory,
		.client_cert = e->is_ours ? e->certificates.client : NULL,
		.client_key = e->is_ours ? e->certificates.key : NULL,
		.timeout_ms = e->request->timeout_ms > 0 ? e->request->timeout_ms : own_ms,
		.stall_ms = MIN(own_ms, LIMIT_STALL_MS),
		.is_ours = e->is_ours,
		.is_guarded = e->is_guarded,
		.budget = &round->budget,
		.arrived = &http->arrived,
	};

	if (is_barred(e, plan.proxy)) {
		refuse(round, e, FAILURE_DENIED, "it stands in a private network");
		return;
	}
	e->transfer = transfer_new(e->request, &plan, e);
	e->holds_connection = !e->host->is_multiplexed || e->host->running == 0;
	round->connections += e->holds_connection ? 1 : 0;
	e->host->running++;
	e->misses_known = e->host->misses;
	e->host->count.requests++;
	if (plan.etag != NULL || plan.last_modified != NULL)
		e->host->count.revalidations++;
	g_assert_cmpint(curl_multi_add_handle(http->multi, e->transfer->easy), ==, CURLM_OK);
}

/* rule 5: whether the host may be asked at all; otherwise `e` is finished. */
static bool is_welcome(Round *round, Exchange *e)
{
	Http *http = round->http;
	Host *host = e->host;
	int64_t now = engine_now(http);
	int64_t until = MAX(pace_paused_until(http->pace, host->count.host, now),
			    pace_paused_until(http->pace, e->account, now));

	if (until > 0) {
		be_patient(round, e, until);
		return false;
	}
	if (host->down != NULL && engine_ms() < host->down_until_ms) {
		give_up_host(round, e);
		return false;
	}
	return true;
}

/* rule 1 */
static bool has_room(const Round *round, const Host *host)
{
	int limit = round->http->options.connections_per_host;
	unsigned connections = limit > 0 ? (unsigned)limit : DEFAULT_CONNECTIONS;

	if (engine_ms() < host->not_before_ms || (host->misses > 0 && host->running > 0))
		return false;
	if (host->is_multiplexed && host->running > 0)
		return host->running < STREAMS;
	return host->running < connections && round->connections < ENGINE_CONNECTIONS;
}

static void start_waiting(Round *round)
{
	for (guint i = 0; i < round->busy->len; i++) {
		Host *host = g_ptr_array_index(round->busy, i);

		while (!g_queue_is_empty(&host->waiting) && has_room(round, host)) {
			Exchange *e = g_queue_pop_head(&host->waiting);

			if (is_welcome(round, e))
				launch(round, e);
		}
	}
}

static void wake(Round *round)
{
	int64_t now_ms = engine_ms();

	for (guint i = round->asleep->len; i > 0; i--) {
		Exchange *e = g_ptr_array_index(round->asleep, i - 1);

		if (e->asleep_until_ms <= now_ms) {
			g_ptr_array_remove_index_fast(round->asleep, i - 1);
			enqueue(round, e, true);
		}
	}
}

/* Takes in what is over; whether anything was. */
static bool harvest(Round *round)
{
	CURLMsg *message;
	int left;
	bool is_any = false;

	while ((message = curl_multi_info_read(round->http->multi, &left)) != NULL) {
		CURLcode code = message->data.result;
		void *e = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &e);
		settle(round, e, code);
		is_any = true;
	}
	return is_any;
}

static void give_sign(Http *http)
{
	if (http->arrived < ENGINE_ALIVE_BYTES)
		return;
	http->arrived = 0;
	if (http->alive != NULL)
		http->alive(http->alive_data);
}

/* How long nothing of our own is due. */
static int quiet_ms(const Round *round)
{
	int64_t now_ms = engine_ms(), due_ms = now_ms + IDLE_MS;

	for (guint i = 0; i < round->asleep->len; i++) {
		const Exchange *e = g_ptr_array_index(round->asleep, i);

		due_ms = MIN(due_ms, e->asleep_until_ms);
	}
	for (guint i = 0; i < round->busy->len; i++) {
		const Host *host = g_ptr_array_index(round->busy, i);

		if (host->waiting.length > 0 && host->not_before_ms > now_ms)
			due_ms = MIN(due_ms, host->not_before_ms);
	}
	return (int)MAX(due_ms - now_ms, 0);
}

static bool has_clean_headers(const HttpRequest *request)
{
	for (guint i = 0; i < request->headers->len; i++)
		if (strpbrk(g_ptr_array_index(request->headers, i), "\r\n") != NULL)
			return false;
	return true;
}

/* Whether what is kept answers `e` without asking. */
static bool is_answered_from_cache(Round *round, Exchange *e)
{
	bool is_offline = round->http->options.is_offline;

	if (round->cache != HTTP_NO_CACHE && e->request->method == HTTP_GET &&
	    e->request->sink == NULL) {
		e->key = keep_key(e->request);
		e->kept = keep_find(round->http->keep, e->key);
	}
	if (e->kept != NULL && (is_offline || e->kept->is_immutable || is_recent(round, e->key))) {
		keep_answer(e->kept, e->request);
		finish(round, e, NULL);
		return true;
	}
	if (is_offline)
		refuse(round, e, FAILURE_NET, "it is not in the cache, and this run is offline");
	return is_offline;
}

static void begin(Round *round, HttpRequest *request)
{
	Exchange *e = g_new0(Exchange, 1);

	g_ptr_array_add(round->exchanges, e);
	e->request = request;
	e->is_ours = true;
	e->is_guarded = request->is_foreign;
	request->status = 0;
	request->is_from_cache = false;
	g_byte_array_set_size(request->answer, 0);
	g_ptr_array_set_size(request->answer_headers, 0);
	g_clear_pointer(&request->final_url, g_free);
	g_clear_error(&request->error);
	if (!aim(round, e, g_strdup(request->url)))
		return;
	if (!has_clean_headers(request))
		refuse(round, e, FAILURE_INPUT, "a header has more than one line");
	else if (!is_answered_from_cache(round, e))
		enqueue(round, e, false);
}

void round_run(Http *http, GPtrArray *requests, HttpCache cache)
{
	g_autoptr(GPtrArray) exchanges = g_ptr_array_new_with_free_func(exchange_free);
	g_autoptr(GPtrArray) busy = g_ptr_array_new(), asleep = g_ptr_array_new();
	Round round = { http, cache, exchanges, busy, asleep, requests->len, 0, LIMIT_ROUND };
	bool is_idle;
	int running;

	for (guint i = 0; i < requests->len; i++)
		begin(&round, g_ptr_array_index(requests, i));
	while (round.unfinished > 0) {
		wake(&round);
		start_waiting(&round);
		g_assert_cmpint(curl_multi_perform(http->multi, &running), ==, CURLM_OK);
		/* What was waiting inside libcurl starts in the next perform only. */
		is_idle = !harvest(&round);
		give_sign(http);
		if (is_idle && round.unfinished > 0)
			curl_multi_poll(http->multi, NULL, 0, quiet_ms(&round), NULL);
	}
}
