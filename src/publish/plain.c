/* SPDX-License-Identifier: MIT */
/* A remote without a forge: a branch is all that is proposed (forges.md 6). */
#include "publish/forges.h"
#include "publish/hosted.h"

const Forge forge_plain = { .name = "plain", .git_user = "git", .begin = hosted_begin };
