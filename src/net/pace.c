/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "net"

#include "net/pace.h"

#include "base/text.h"
#include "net/headers.h"
#include "store/cache.h"

#include <curl/curl.h>

#include <string.h>

/* Until when a host or an account is left alone; 0: not at all. */
typedef struct {
	int64_t until, read_at; /* read_at: from the store, in which others note theirs */
} Pause;

struct Pace {
	Store *store;  /* borrowed */
	GTree *pauses; /* of Pause, by host or account */
	/* Of char *, two numbers each, by what they are kept under: when the next change has
	 * its turn and when a whole burst is allowed again; until when requests are few;
	 * how long the last pause of no said length was, and when it ended. */
	GTree *turns, *scarce, *unsaid;
};

Pace *pace_new(Store *store)
{
	Pace *pace = g_new0(Pace, 1);

	pace->store = store;
	pace->pauses = g_tree_new_full(text_compare, NULL, g_free, g_free);
	pace->turns = g_tree_new_full(text_compare, NULL, g_free, g_free);
	pace->scarce = g_tree_new_full(text_compare, NULL, g_free, g_free);
	pace->unsaid = g_tree_new_full(text_compare, NULL, g_free, g_free);
	return pace;
}

void pace_free(Pace *pace)
{
	if (pace == NULL)
		return;
	g_tree_unref(pace->pauses);
	g_tree_unref(pace->turns);
	g_tree_unref(pace->scarce);
	g_tree_unref(pace->unsaid);
	g_free(pace);
}

char *pace_account(const char *host, const char *account)
{
	return g_strdup_printf("%s for %s", host,
			       *account != '\0' ? account : "requests without an account");
}

/* A pause as it is in memory, or was noted by others since. A store that fails costs
 * politeness, never a run. */
static Pause *pause_of(Pace *pace, const char *host, int64_t now)
{
	Pause *pause = g_tree_lookup(pace->pauses, host);
	g_autoptr(GError) error = NULL;
	int64_t until = 0;

	if (pause == NULL) {
		pause = g_new0(Pause, 1);
		pause->read_at = G_MININT64;
		g_tree_insert(pace->pauses, g_strdup(host), pause);
	}
	if (pace->store == NULL || pause->read_at >= now)
		return pause;
	pause->read_at = now;
	if (!cache_paused_until(pace->store, host, &until, &error))
		g_debug("the pause of '%s' cannot be read: %s", host, error->message);
	pause->until = MAX(pause->until, until);
	return pause;
}

void pace_pause(Pace *pace, const char *host, int64_t until)
{
	Pause *present = pause_of(pace, host, G_MININT64 + 1);
	g_autoptr(GError) error = NULL;

	if (until <= present->until)
		return;
	present->until = until;
	if (pace->store != NULL && !cache_pause(pace->store, host, until, &error))
		g_debug("the pause of '%s' cannot be kept: %s", host, error->message);
}

int64_t pace_paused_until(Pace *pace, const char *host, int64_t now)
{
	int64_t until = pause_of(pace, host, now)->until;

	return until > now ? until : 0;
}

/* Numbers that outlive the process, in the store or in `memory`: "12 345". */
static void recall(const Pace *pace, GTree *memory, const char *name, int64_t *first,
		   int64_t *second)
{
	g_autofree char *text = g_strdup(g_tree_lookup(memory, name));
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) words = NULL;

	if (pace->store != NULL) {
		g_clear_pointer(&text, g_free);
		if (!cache_value(pace->store, name, &text, &error))
			g_debug("%s", error->message);
	}
	words = g_strsplit(text != NULL ? text : "", " ", 2);
	if (g_strv_length(words) != 2 ||
	    !g_ascii_string_to_signed(words[0], 10, 0, G_MAXINT64, first, NULL) ||
	    !g_ascii_string_to_signed(words[1], 10, 0, G_MAXINT64, second, NULL))
		*first = *second = 0;
}

static void remember(const Pace *pace, GTree *memory, const char *name, int64_t first,
		     int64_t second)
{
	char *text = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, first, second);
	g_autoptr(GError) error = NULL;

	if (pace->store != NULL && !cache_set_value(pace->store, name, text, &error))
		g_debug("%s", error->message);
	g_tree_replace(memory, g_strdup(name), text);
}

int64_t pace_pause_unsaid(Pace *pace, const char *host, int64_t now)
{
	g_autofree char *name = g_strconcat("pause ", host, NULL);
	int64_t until = pace_paused_until(pace, host, now), length, ended;

	if (until > 0)
		return until;
	recall(pace, pace->unsaid, name, &length, &ended);
	length = length > 0 && ended <= now && now - ended <= PACE_CALM ? length * 2
									: PACE_UNSAID_PAUSE;
	length = MIN(length, PACE_UNSAID_MOST);
	until = now + length;
	remember(pace, pace->unsaid, name, length, until);
	pace_pause(pace, host, until);
	return until;
}

void pace_save(Pace *pace, const char *account, int64_t until)
{
	g_autofree char *name = g_strconcat("scarce ", account, NULL);
	int64_t known, unused;

	recall(pace, pace->scarce, name, &known, &unused);
	if (until > known)
		remember(pace, pace->scarce, name, until, 0);
}

int64_t pace_scarce_until(Pace *pace, const char *account, int64_t now)
{
	g_autofree char *name = g_strconcat("scarce ", account, NULL);
	int64_t until, unused;

	recall(pace, pace->scarce, name, &until, &unused);
	return until > now && until <= now + PACE_LONGEST_PAUSE ? until : 0;
}

/* No turn is further away than this: what is kept beyond it is of before a reboot. */
#define FARTHEST_TURN_MS (10 * 60 * 1000)

/* Whose limits by the hour are known. */
static bool is_counted_by_the_hour(const char *host)
{
	return strcmp(host, "api.github.com") == 0 || g_str_has_suffix(host, ".ghe.com");
}

int64_t pace_turn_ms(Pace *pace, const char *host, const char *account, int64_t now_ms,
		     int64_t gap_ms)
{
	g_autofree char *name = g_strdup_printf("change %s %s", host, account);
	int64_t lasting_ms = is_counted_by_the_hour(host) ? gap_ms * PACE_LASTING_GAP : 0;
	int64_t burst_ms = lasting_ms * PACE_BURST;
	int64_t next_ms, calm_ms, turn_ms = now_ms;

	recall(pace, pace->turns, name, &next_ms, &calm_ms);
	if (next_ms >= now_ms && next_ms <= now_ms + FARTHEST_TURN_MS)
		turn_ms = next_ms;
	if (calm_ms < turn_ms || calm_ms > turn_ms + burst_ms + FARTHEST_TURN_MS)
		calm_ms = turn_ms;
	turn_ms = MAX(turn_ms, calm_ms + lasting_ms - burst_ms);
	remember(pace, pace->turns, name, turn_ms + gap_ms, calm_ms + lasting_ms);
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

static const struct {
	const char *limit, *remaining, *reset;
} quotas[] = {
	{ "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset" },
	{ "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset" },
};

static bool is_spent(const GPtrArray *headers, const char **reset)
{
	int64_t remaining;

	for (size_t i = 0; i < G_N_ELEMENTS(quotas); i++) {
		if (!leading_number(headers_get(headers, quotas[i].remaining), &remaining) ||
		    remaining > 0)
			continue;
		*reset = headers_get(headers, quotas[i].reset);
		return true;
	}
	return false;
}

bool pace_is_scarce(const GPtrArray *headers, int64_t now, int64_t *until)
{
	*until = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(quotas); i++) {
		int64_t limit, remaining, seconds;

		if (!leading_number(headers_get(headers, quotas[i].limit), &limit) ||
		    !leading_number(headers_get(headers, quotas[i].remaining), &remaining) ||
		    remaining >=
			    limit / 100 * PACE_PERCENT_KEPT + limit % 100 * PACE_PERCENT_KEPT / 100)
			continue;
		if (seconds_of(headers_get(headers, quotas[i].reset), headers, now, &seconds))
			*until = now + CLAMP(seconds, 0, PACE_LONGEST_PAUSE);
		return true;
	}
	return false;
}

bool pace_reset(const GPtrArray *headers, int64_t now, int64_t *seconds)
{
	for (size_t i = 0; i < G_N_ELEMENTS(quotas); i++) {
		if (!seconds_of(headers_get(headers, quotas[i].reset), headers, now, seconds))
			continue;
		*seconds = CLAMP(*seconds, 0, PACE_LONGEST_PAUSE);
		return true;
	}
	return false;
}

bool pace_is_nobodys(const GPtrArray *headers)
{
	return g_strcmp0(headers_get(headers, "x-ratelimit-limit"), "60") == 0;
}

PaceWish pace_wish(int status, const GPtrArray *headers, int64_t now, int64_t *seconds,
		   bool *is_used_up)
{
	const char *retry_after = headers_get(headers, "retry-after");
	const char *reset = NULL;

	*seconds = 0;
	*is_used_up = false;
	if (status != 403 && status != 429 && status != 503)
		return PACE_NONE;
	if (retry_after == NULL)
		retry_after = headers_get(headers, "x-retry-after");
	*is_used_up = status != 503 && is_spent(headers, &reset);
	if (seconds_of(retry_after, headers, now, seconds) ||
	    (*is_used_up && seconds_of(reset, headers, now, seconds))) {
		*seconds = CLAMP(*seconds, 0, PACE_LONGEST_PAUSE);
		return PACE_SECONDS;
	}
	return status == 429 || *is_used_up ? PACE_UNSAID : PACE_NONE;
}

int64_t pace_backoff_ms(int number, int base_ms, uint32_t chance)
{
	int doublings = CLAMP(number - 2, 0, 3);
	int64_t wait_ms = (int64_t)base_ms << doublings;

	return wait_ms + (int64_t)(chance % (uint32_t)(wait_ms / 4 + 1));
}
