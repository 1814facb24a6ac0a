/* SPDX-License-Identifier: MIT */
/* When the token of a repository ends. Source: forges.md 12. */
#pragma once

#include "worker/job.h"

/* Asks the forge, where it tells; sets turn->token_expires_at, and says so two weeks before.
 * A forge that will not tell is no trouble. */
void expiry_learn(Job *job);
