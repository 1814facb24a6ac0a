/* SPDX-License-Identifier: MIT */
/* The images that Go programs are built in, and the version of Go that each has.
 *
 * Official images refuse a module whose go line is above their own Go, so what names
 * one is a Builder: FROM in a Dockerfile, `image` in a compose file, `image` and
 * `container` in the files of CI systems that run their jobs in images.
 * Source: docker.md 4.11; security-updates.md 6.
 */
#pragma once

#include "upkeepd/builder.h"

/* Whether an image, with its registry or without, is one of Go. */
bool goimage_is(const char *repository);

/* The Go version of a tag: "1.22.4" of "1.22.4-alpine3.19"; NULL where it tells none
 * ("alpine", "1"). `*is_line`: it stands for the newest of a line ("1.22"). The caller's. */
char *goimage_version(const char *tag, bool *is_line);

/* Ecosystem.tells_builders and .read_builders. */
bool goimage_tells(const char *path);
void goimage_read(const char *path, GBytes *text, GPtrArray *builders);
