/* SPDX-License-Identifier: MIT */
/* How fast a host may be asked: its own words (Retry-After, rate limits), and
 * our back-off where it has none.
 *
 * A pause is of a host, and all leave it alone; or, where all requests are used up that
 * it grants, of one account there: a token's limit is not that of those without one.
 * Pauses longer than PACE_LONGEST_WAIT_MS are kept in the store, so that a restart does
 * not hammer it, and everybody who shares the store knows of them within a second.
 * Nothing here sleeps or asks a clock. Source: forges.md 1.4, 1.5, 3.4; docker.md 5.2.
 */
#pragma once

#include "upkeepd/fail.h"
#include "upkeepd/world.h"

/* What a run waits for in place; a longer pause makes requests fail BUSY. */
#define PACE_LONGEST_WAIT_MS 10000

/* No host is believed for longer than this, in seconds. */
#define PACE_LONGEST_PAUSE 86400

/* The pause of a host that is limiting and does not say for how long, in seconds: the
 * first; each that follows within PACE_CALM of the last one is twice as long. */
#define PACE_UNSAID_PAUSE 60
#define PACE_UNSAID_MOST  (15 * 60)
#define PACE_CALM         (15 * 60)

/* Of a hundred requests that a host grants, these are left to what cannot wait. */
#define PACE_PERCENT_KEPT 10

typedef enum {
	PACE_NONE,    /* the host is content */
	PACE_UNSAID,  /* it wants fewer requests, without saying until when */
	PACE_SECONDS, /* it wants to be left alone for `seconds` */
} PaceWish;

/* What an answer says about asking again. Its dates are read against its own
 * Date header, so that clocks need not agree. `headers` as in HttpRequest.
 *
 * 429 always limits; 403 does with Retry-After or no requests remaining, as
 * GitHub has it; 503 with Retry-After. `*seconds` is 0 … PACE_LONGEST_PAUSE.
 * `*is_used_up`: it is about the requests of one account, not about the host. */
PaceWish pace_wish(int status, const GPtrArray *headers, int64_t now, int64_t *seconds,
		   bool *is_used_up);

/* Whether the requests that an account has left are few, as an answer to it says, whatever
 * its status. `*until`: when it has all again; 0: that is not said. */
bool pace_is_scarce(const GPtrArray *headers, int64_t now, int64_t *until);

/* After how many seconds an account has all its requests again, as an answer says; false:
 * it does not. */
bool pace_reset(const GPtrArray *headers, int64_t now, int64_t *seconds);

/* Whether limits are counted here for those who show no token, as GitHub's headers tell. */
bool pace_is_nobodys(const GPtrArray *headers);

/* The wait before try `number` (from 2) of a request that failed in a passing
 * way: `base_ms`, twice, four, at most eight times that, and up to a quarter more
 * by `chance` (any number). */
int64_t pace_backoff_ms(int number, int base_ms, uint32_t chance);

/* What lies between two changes at one host for one account: forges count them. */
#define PACE_BETWEEN_CHANGES_MS 1000

/* GitHub counts what is made by the hour too, and takes 500. After so many in a row, each
 * of the following waits PACE_LASTING_GAP times as long: 400 in any hour at most. */
#define PACE_BURST       200
#define PACE_LASTING_GAP 18

/* What a pause of one account at a host is called; `account` "": of those who show none. The
 * caller's. */
char *pace_account(const char *host, const char *account);

/* The pauses of all hosts ("host:port"), and of accounts. */
typedef struct Pace Pace;

/* `store` is borrowed; NULL: pauses last as long as the Pace. */
Pace *pace_new(Store *store);
void pace_free(Pace *pace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pace, pace_free)

/* Pauses `host` until Unix second `until`; never makes a pause shorter. */
void pace_pause(Pace *pace, const char *host, int64_t until);

/* Pauses `host`, which limits and does not say for how long: longer each time, unless it
 * is paused already. When that ends. */
int64_t pace_pause_unsaid(Pace *pace, const char *host, int64_t now);

/* Notes that the requests of an account, called as by pace_account(), are few until then. */
void pace_save(Pace *pace, const char *account, int64_t until);

/* Until when they are; 0: there are enough, as far as is known. */
int64_t pace_scarce_until(Pace *pace, const char *account, int64_t now);

/* When the pause of `host` ends; 0 if it ended before `now`, or there is none. */
int64_t pace_paused_until(Pace *pace, const char *host, int64_t now);

/* How long a change has to wait for its turn at `host` for `account`: they come
 * `gap_ms` apart, whoever shares the store asks, and at GitHub no more than it takes in
 * an hour. The turn is taken by asking. Two who ask in the same moment may get the same
 * one: that is no harm. The clock is the monotonic one, which all processes share. */
int64_t pace_turn_ms(Pace *pace, const char *host, const char *account, int64_t now_ms,
		     int64_t gap_ms);
