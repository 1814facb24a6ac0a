/* SPDX-License-Identifier: MIT */
/* What was found in a repository: files, what they ask for, and mistakes in them. */
#pragma once

#include "upkeepd/edit.h"

typedef struct Ecosystem Ecosystem;
typedef struct Rules Rules;

typedef enum { WEIGHT_WARNING, WEIGHT_ERROR } Weight;

/* One mistake in a file. All mistakes of a file are reported, not the first. */
typedef struct {
	char *path;       /* as the person named it, or from the repository's root */
	int line, column; /* from 1; column in bytes; 0 where there is no place */
	Weight weight;
	char *text; /* one line, lower case, no full stop */
} Problem;

Problem *problem_new(const char *path, int line, int column, Weight weight, const char *format, ...)
	G_GNUC_PRINTF(5, 6);
void problem_free(Problem *problem);
GPtrArray *problems_new(void); /* of Problem */

/* How many of them are errors. */
guint problems_errors(const GPtrArray *problems);

/* "path:line:column: error: text", as compilers print it; the caller's. */
char *problem_text(const Problem *problem);

/* A place in a file of rules, for "which rule was it": file:line:column. */
typedef struct {
	const char *path; /* borrowed from what was read */
	int line, column;
} Place;

/* "path:line:column", "path" where there is no line; NULL for NULL, and where there is
 * no path; the caller's. */
char *place_text(const Place *place);

/* One thing a manifest asks for: an image reference, a required module. */
typedef struct Dependency {
	char *name;    /* as messages, `allow` and `ignore` call it: "golang", a module path */
	char *key;     /* what is looked up: "docker.io/library/golang", a module path */
	char *version; /* as written: a tag, a module version; NULL if none is written */
	char *digest;  /* "sha256:…" as written; NULL if none */
	int line, column;
	Span span;          /* the dependency as a whole where it stands in the file */
	bool is_direct;     /* false: `// indirect` */
	bool is_tool;       /* asked for as a program: for `allow` as good as direct */
	bool is_production; /* always true for docker and gomod */
	char *why_not;      /* reason code if upkeepd cannot change it; NULL if it can */
	char *remark;       /* what else a person should know who changes it; NULL: nothing */

	/* Filled by look_up; borrowed from the look-up's owner (ecosystem.h). */
	struct Offer *offer;

	/* The ecosystem's own facts of this dependency, freed by its function. */
	void *detail;
	void (*free_detail)(void *detail);
} Dependency;

Dependency *dependency_new(void);
void dependency_free(Dependency *dependency);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dependency, dependency_free)

/* One file at one commit, or in one checkout. Its bytes never change. */
typedef struct Manifest {
	char *path;      /* from the root of the repository, no leading slash */
	char *directory; /* the update entry's, with leading slash: "/", "/cmd/a" */
	GBytes *text;
	const Ecosystem *ecosystem;
	const Rules *rules;      /* the entry that asked for it; borrowed; NULL: no rules */
	GPtrArray *dependencies; /* of Dependency, in the order of the file */
	GPtrArray *problems;     /* of Problem */

	/* The ecosystem's own parse of the file. */
	void *detail;
	void (*free_detail)(void *detail);
} Manifest;

/* Takes a reference to `text`; copies the strings. */
Manifest *manifest_new(const Ecosystem *ecosystem, const char *path, const char *directory,
		       GBytes *text);
void manifest_free(Manifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Problem, problem_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Manifest, manifest_free)
