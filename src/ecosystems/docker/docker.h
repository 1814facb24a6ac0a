/* SPDX-License-Identifier: MIT */
/* Images as dependencies: the two ecosystems that differ in the files they read.
 *
 * `docker` has Dockerfiles, Kubernetes objects and values of Helm charts,
 * `docker-compose` has compose files. All else is one: references (site.h),
 * choice (choice.h), registries (registry.h).
 */
#pragma once

#include "upkeepd/ecosystem.h"

extern const Ecosystem ecosystem_docker;
extern const Ecosystem ecosystem_docker_compose;
