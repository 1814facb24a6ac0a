/* SPDX-License-Identifier: MIT */
/* What a Dockerfile says about images.
 *
 * Source: docker.md 2, BuildKit (frontend/dockerfile/parser, instructions,
 * dockerfile2llb/convert.go). What the builder refuses as a whole is an error;
 * an instruction that it refuses is a problem, and the rest is read.
 */
#pragma once

#include "ecosystems/docker/lines.h"
#include "ecosystems/docker/site.h"
#include "upkeepd/manifest.h"

/* One name of an ARG before the first FROM. */
typedef struct {
	char *name;
	char *value; /* expanded; NULL: none */
	int line;
	Span written;  /* its value in the file, if that is one piece; else empty */
	int used_line; /* where a stage takes it over, for other things than images; 0: none does */
} BuildArgument;

typedef struct {
	char *name; /* in lower case; NULL: none */
	int line;
	char *source;     /* the base as written; NULL: the instruction is refused */
	char *base;       /* expanded; NULL: it cannot be */
	char *platform;   /* what --platform= says, as written; NULL */
	bool is_stage;    /* the base is an earlier stage */
	bool is_resolved; /* no value that only the builder knows is needed */
} Stage;

typedef struct {
	char escape;
	char *syntax;         /* the image of `# syntax=`; NULL: none */
	GPtrArray *arguments; /* of BuildArgument */
	GPtrArray *stages;    /* of Stage, refused ones too: they count */
	GPtrArray *sites;     /* of Site: images only, in the order of the file */
	GPtrArray *problems;  /* of Problem */

	/* How much it looks like one: a file may only be named so. */
	unsigned instructions; /* all, the following ones included */
	unsigned strange;      /* that no Dockerfile has */
	unsigned refused_from; /* FROM with other words than it takes */
	int conflict_line;     /* the first that begins as a mark of a merge does; 0: none */
} Dockerfile;

/* Reads the whole of `source`. Sites have their line, but no column:
 * sites_locate(). `path` is for problems.
 *
 * Errors: INPUT if the builder cannot read the file at all, LIMIT; both with
 * the text "line:column: what is wrong". */
Dockerfile *dockerfile_parse(const char *path, const DockerfileSource *source, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void dockerfile_free(Dockerfile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dockerfile, dockerfile_free)
