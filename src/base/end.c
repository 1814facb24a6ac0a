/* SPDX-License-Identifier: MIT */
#include "base/end.h"

#include <stdio.h>

End complain(const GError *error)
{
	FailureKind kind = failure_kind(error);
	const char *advice = failure_advice(kind);

	fprintf(stderr, "upkeepd: %s\n", error->message);
	if (advice != NULL)
		fprintf(stderr, "upkeepd: hint: %s\n", advice);
	return kind == FAILURE_CONFIG ? END_MISUSED : END_FAILED;
}
