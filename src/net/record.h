/* SPDX-License-Identifier: MIT */
/* Recordings of exchanges, so that a bug met in the field becomes a test.
 *
 * One JSON document a file, numbered in the order of the answers:
 * {"method","url","request_headers","status","headers","body"}, with
 * "body_base64" for what is not text, and neither for what a sink took.
 * Credentials were never in the parts that are written; values that work like
 * one (tokens in answers, signatures in URLs, cookies) are replaced.
 */
#pragma once

#include "net/transfer.h"

typedef struct Recorder Recorder;

/* NULL if `directory` is NULL. It is made if missing. */
Recorder *recorder_new(const char *directory);
void recorder_free(Recorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recorder, recorder_free)

/* Writes one answered transfer; a disk that refuses is traced, no more. */
void recorder_write(Recorder *recorder, const Transfer *transfer);

/* `text` with the values of telling query parameters and JSON members replaced
 * by "…"; the caller's. */
char *record_scrub(const char *text);
