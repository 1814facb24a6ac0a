/* SPDX-License-Identifier: MIT */
/* What a person calls a dependency on the command line; pure. Source: cli.md 1. */
#pragma once

#include "upkeepd/ecosystem.h"

typedef struct {
	char *text;    /* as given */
	char *name;    /* an image or a module path */
	char *tag;     /* of NAME:TAG, the present tag; NULL */
	char *version; /* what stands after `@`; NULL: to be chosen */
	bool is_met;   /* a dependency fits */
	bool is_moved; /* one of them was, or is there already */
} Name;

Name *name_parse(const char *text);
void name_free(Name *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Name, name_free)

/* Whether a dependency is meant: by its name, with or without registry and
 * `library/`; only with its present tag where one is given. */
bool name_means(const Name *name, const Ecosystem *ecosystem, const Dependency *dependency);

/* The first of `names` (of Name) that means it; NULL if none does. */
Name *names_find(const GPtrArray *names, const Ecosystem *ecosystem, const Dependency *dependency);
