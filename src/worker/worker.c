/* SPDX-License-Identifier: MIT */
#include "worker/worker.h"

#include "config/paths.h"

#include <stdio.h>

End complain(const GError *error)
{
	static const char *const advice[] = {
		[FAILURE_DENIED] = "check the credential configured for this host",
		[FAILURE_BUSY] = "try again later",
		[FAILURE_NET] = "check the network and the address, then run again",
		[FAILURE_IO] = "check free space and permissions",
	};
	FailureKind kind = failure_kind(error);

	fprintf(stderr, "upkeepd: %s\n", error->message);
	if ((size_t)kind < G_N_ELEMENTS(advice) && advice[kind] != NULL)
		fprintf(stderr, "upkeepd: hint: %s\n", advice[kind]);
	return kind == FAILURE_CONFIG ? END_MISUSED : END_FAILED;
}

char *state_directory(const Invocation *invocation)
{
	return paths_state(invocation->state);
}

char *cache_directory(void)
{
	return paths_cache();
}
