/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "net"

#include "net/pace.h"

#include "base/text.h"
#include "net/headers.h"
#include "store/cache.h"

#include <curl/curl.h>

struct Pace {
	Store *store;  /* borrowed */
	GTree *pauses; /* of int64_t, by host; a 0 says that the store has none */
	GTree *turns;  /* of int64_t: of the next change, by what it is kept under */
};

Pace *pace_new(Store *store)
{
	Pace *pace = g_new0(Pace, 1);

	pace->store = store;
	pace->pauses = g_tree_new_full(text_compare, NULL, g_free, g_free);
	pace->turns = g_tree_new_full(text_compare, NULL, g_free, g_free);
	return pace;
}

void pace_free(Pace *pace)
{
	if (pace == NULL)
		return;
	g_tree_unref(pace->pauses);
	g_tree_unref(pace->turns);
	g_free(pace);
}

/* The pause of `host` in memory, read from the store the first time. A store
 * that fails costs politeness, never a run. */
static int64_t *pause_of(Pace *pace, const char *host)
{
	int64_t *until = g_tree_lookup(pace->pauses, host);
	g_autoptr(GError) error = NULL;

	if (until != NULL)
		return until;
	until = g_new0(int64_t, 1);
	if (pace->store != NULL && !cache_paused_until(pace->store, host, until, &error))
		g_debug("the pause of '%s' cannot be read: %s", host, error->message);
	g_tree_insert(pace->pauses, g_strdup(host), until);
	return until;
}

void pace_pause(Pace *pace, const char *host, int64_t until)
{
	int64_t *present = pause_of(pace, host);
	g_autoptr(GError) error = NULL;

	if (until <= *present)
		return;
	*present = until;
	if (pace->store != NULL && !cache_pause(pace->store, host, until, &error))
		g_debug("the pause of '%s' cannot be kept: %s", host, error->message);
}

int64_t pace_paused_until(Pace *pace, const char *host, int64_t now)
{
	int64_t until = *pause_of(pace, host);

	return until > now ? until : 0;
}

/* No turn is further away than this: what is kept beyond it is of before a reboot. */
#define FARTHEST_TURN_MS 60000

/* When the next change has its turn, as it is kept; 0: now. */
static int64_t kept_turn(const Pace *pace, const char *name)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	int64_t turn_ms = 0;

	if (!cache_value(pace->store, name, &text, &error))
		g_debug("%s", error->message);
	if (text == NULL || !g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &turn_ms, NULL))
		return 0;
	return turn_ms;
}

int64_t pace_turn_ms(Pace *pace, const char *host, const char *account, int64_t now_ms,
		     int64_t gap_ms)
{
	g_autofree char *name = g_strdup_printf("change %s %s", host, account);
	int64_t *known = g_tree_lookup(pace->turns, name);
	int64_t turn_ms = known != NULL ? *known : 0;
	g_autofree char *next = NULL;
	g_autoptr(GError) error = NULL;

	if (pace->store != NULL)
		turn_ms = MAX(turn_ms, kept_turn(pace, name));
	if (turn_ms < now_ms || turn_ms > now_ms + FARTHEST_TURN_MS)
		turn_ms = now_ms;
	next = g_strdup_printf("%" G_GINT64_FORMAT, turn_ms + gap_ms);
	if (pace->store != NULL && !cache_set_value(pace->store, name, next, &error))
		g_debug("%s", error->message);
	if (known == NULL) {
		known = g_new0(int64_t, 1);
		g_tree_insert(pace->turns, g_strdup(name), known);
	}
	*known = turn_ms + gap_ms;
	return turn_ms - now_ms;
}

/* The number at the start of a header ("100;w=21600" is 100); false: none. */
static bool leading_number(const char *text, int64_t *number)
{
	size_t length = 0;
	g_autofree char *digits = NULL;
	guint64 value;

	if (text == NULL)
		return false;
	while (g_ascii_isdigit(text[length]))
		length++;
	digits = g_strndup(text, length);
	if (!g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT64, &value, NULL))
		return false;
	*number = (int64_t)value;
	return true;
}

/* The clock of the server that answered. */
static int64_t server_now(const GPtrArray *headers, int64_t now)
{
	const char *date = headers_get(headers, "date");
	int64_t at = date == NULL ? -1 : (int64_t)curl_getdate(date, NULL);

	return at > 0 ? at : now;
}

/* Numbers of this size are Unix times, smaller ones seconds from now: GitHub,
 * GitLab and Docker Hub say times, the IETF's draft seconds. */
#define SMALLEST_TIME 1000000000

static bool seconds_of(const char *text, const GPtrArray *headers, int64_t now, int64_t *seconds)
{
	int64_t date;

	if (text == NULL)
		return false;
	if (leading_number(text, seconds)) {
		if (*seconds >= SMALLEST_TIME)
			*seconds -= server_now(headers, now);
		return true;
	}
	date = (int64_t)curl_getdate(text, NULL);
	if (date <= 0)
		return false;
	*seconds = date - server_now(headers, now);
	return true;
}

static bool is_used_up(const GPtrArray *headers, const char **reset)
{
	static const struct {
		const char *remaining, *reset;
	} names[] = {
		{ "x-ratelimit-remaining", "x-ratelimit-reset" },
		{ "ratelimit-remaining", "ratelimit-reset" },
	};
	int64_t remaining;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (!leading_number(headers_get(headers, names[i].remaining), &remaining) ||
		    remaining > 0)
			continue;
		*reset = headers_get(headers, names[i].reset);
		return true;
	}
	return false;
}

PaceWish pace_wish(int status, const GPtrArray *headers, int64_t now, int64_t *seconds)
{
	const char *retry_after = headers_get(headers, "retry-after");
	const char *reset = NULL;
	bool is_limited;

	*seconds = 0;
	if (status != 403 && status != 429 && status != 503)
		return PACE_NONE;
	if (retry_after == NULL)
		retry_after = headers_get(headers, "x-retry-after");
	is_limited = is_used_up(headers, &reset) && status != 503;
	if (seconds_of(retry_after, headers, now, seconds) ||
	    (is_limited && seconds_of(reset, headers, now, seconds))) {
		*seconds = CLAMP(*seconds, 0, PACE_LONGEST_PAUSE);
		return PACE_SECONDS;
	}
	return status == 429 || is_limited ? PACE_UNSAID : PACE_NONE;
}

int64_t pace_backoff_ms(int number, int base_ms, uint32_t chance)
{
	int doublings = CLAMP(number - 2, 0, 3);
	int64_t wait_ms = (int64_t)base_ms << doublings;

	return wait_ms + (int64_t)(chance % (uint32_t)(wait_ms / 4 + 1));
}
