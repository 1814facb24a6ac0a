/* SPDX-License-Identifier: MIT */
/* The forges there are, and what they share. */
#pragma once

#include "upkeepd/forge.h"

extern const Forge forge_github, forge_gitlab, forge_gitea, forge_plain;

/* Fills number, state, url and author from `known`, which is taken. */
void proposal_take_over(Proposal *proposal, Proposal *known);
