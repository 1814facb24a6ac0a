/* SPDX-License-Identifier: MIT */
/* What a repository is built with, as far as its files say: the image that a Dockerfile
 * builds from, what a CI job sets up.
 *
 * One ecosystem says it and another one minds it, and neither knows the other: they
 * meet in the name of the tool. Source: docker.md 4.11; gomod-user-pain.md 4.
 */
#pragma once

#include <glib.h>

#include <stdbool.h>

/* One place that names a version of a tool. */
typedef struct {
	const char *tool; /* "go"; static */
	char *version;    /* "1.22.4" */
	bool is_line;     /* "1.22": the newest of it, whichever that is when it is built */
	char *path;       /* of the file, from the root */
	int line;
	char *text; /* what stands there: "golang:1.22-alpine" */

	/* The folder of the nearest manifest that the tool builds, at the file or above
	 * it; "" for the root; NULL: there is none. */
	char *home;
} Builder;

/* Copies all but `tool`; without a home. */
Builder *builder_new(const char *tool, const char *version, bool is_line, const char *path,
		     int line, const char *text);
void builder_free(Builder *builder);
GPtrArray *builders_new(void); /* of Builder */

/* The folder that the file counts for, from the root: where it lies, or where the
 * folder with a dot lies that it is in (".github/workflows/test.yml": ""). The caller's. */
char *builder_folder(const char *path);

/* Whether it may build what lies in `folder`: it is at home there, or lies above it, or
 * has no home and may build anything. What has a nearer home of its own is not minded. */
bool builder_concerns(const Builder *builder, const char *folder);

/* "Dockerfile:3 has golang:1.22-alpine", in plain text; the caller's. */
char *builder_words(const Builder *builder);
