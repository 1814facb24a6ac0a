/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/docker.h"
#include "ecosystems/gomod/gomod.h"

#include <string.h>

/* Who tells what builds a repository stands before those who mind it. */
const Ecosystem *const ecosystems[] = {
	&ecosystem_docker,
	&ecosystem_docker_compose,
	&ecosystem_gomod,
	NULL,
};

const Ecosystem *ecosystem_by_name(const char *name)
{
	for (size_t i = 0; ecosystems[i] != NULL; i++)
		if (strcmp(ecosystems[i]->name, name) == 0)
			return ecosystems[i];
	return NULL;
}
