/* SPDX-License-Identifier: MIT */
/* The forges there are, and what they share. */
#pragma once

#include "upkeepd/forge.h"

extern const Forge forge_github, forge_gitlab, forge_gitlab_push, forge_gitea, forge_agit,
	forge_plain;

/* Makes `proposal` what `known` is, which is taken. */
void proposal_take_over(Proposal *proposal, Proposal *known);
