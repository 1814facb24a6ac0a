/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "worker"

#include "worker/expiry.h"

#include "base/time.h"
#include "store/overview.h"

void expiry_learn(Job *job)
{
	Turn *turn = job->turn;
	g_autoptr(GError) local = NULL;
	g_autofree char *warning = NULL;
	char time[32];

	if (job->forge->learn_expiry == NULL || job->repository->credential == NULL)
		return;
	if (!job->forge->learn_expiry(job->hosted, &turn->token_expires_at, &local)) {
		g_debug("when the token ends is not known: %s", local->message);
		return;
	}
	if (!overview_is_ending(turn->token_expires_at, job->world.now))
		return;
	time_text(turn->token_expires_at, time, sizeof time);
	warning = g_strdup_printf("the token ends on %.10s; 'upkeepd auth check' says how to "
				  "make another",
				  time);
	turn_warning(turn, (Place){ 0 }, warning);
}
