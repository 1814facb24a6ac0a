/* SPDX-License-Identifier: MIT */
/* The words of go.mod and go.work: which characters they may hold, what they
 * say with their quotes, and how they are quoted.
 *
 * Source: gomod.md a.1, a.3; golang/mod modfile/read.go, rule.go, Go strconv.
 */
#pragma once

#include "upkeepd/fail.h"

/* The first character of the `length` > 0 bytes at `text`, and how many bytes
 * it takes; a byte that is no UTF-8 counts as U+FFFD, as for Go. */
gunichar modtoken_character(const char *text, size_t length, uint32_t *width);

/* Go's unicode.IsSpace and unicode.IsPrint. */
bool modtoken_is_space(gunichar c);
bool modtoken_is_print(gunichar c);

/* Behind the spaces that `text` begins with. */
const char *modtoken_skip_spaces(const char *text);

/* `text` without spaces around it, as Go's strings.TrimSpace. The caller's. */
char *modtoken_trim(const char *text);

/* A token by itself wherever it stands: one of ()[]{}, */
bool modtoken_is_mark(char c);

/* What a token says without its quotes: a double-quoted string is unquoted as
 * in Go, a bare word is itself. The caller's.
 * Errors: INPUT if a quote stands where none may. */
char *modtoken_unquote(const char *token, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The token that says `text`: quoted only if it must be. The caller's. */
char *modtoken_quote(const char *text);
