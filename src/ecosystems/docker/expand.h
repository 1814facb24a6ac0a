/* SPDX-License-Identifier: MIT */
/* Variables in words: `golang:${GO}-alpine`, with the place of every byte.
 *
 * Whatever a builder may pass is not guessed: a word that needs a value which
 * the file does not give is unresolved. Its letters then show what docker.md
 * 2.4 says (missing values empty, those of a linux/amd64 build for the
 * predefined names) with PLACE_BUILDER as their place. Source: BuildKit,
 * shell/lex.go; for compose files its specification, "Interpolation".
 */
#pragma once

#include "ecosystems/docker/letters.h"

/* What has become of a word. */
typedef struct {
	GArray *letters;    /* of Letter; NULL in an empty struct */
	bool is_unresolved; /* needs a value that only the builder has … */
	bool has_platform;  /* … and a predefined name is among those */
} Expansion;

void expansion_clear(Expansion *expansion);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Expansion, expansion_clear)

/* Whose rules hold. */
typedef enum {
	SYNTAX_DOCKERFILE, /* quotes, escapes, all operators, predefined names */
	SYNTAX_COMPOSE,    /* none of these; `$$` is a dollar sign */
} VariableSyntax;

/* The names that can be used, and what is known of them. */
typedef struct Scope Scope;

Scope *scope_new(VariableSyntax syntax);
void scope_free(Scope *scope);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scope, scope_free)

/* `name` is declared further down only: here it is nothing, whatever a builder
 * passes. */
void scope_announce(Scope *scope, const char *name);

/* `ARG name`: keeps the value that it may have. */
void scope_declare(Scope *scope, const char *name);

/* `ARG name=value`; takes what `value` holds. */
void scope_set(Scope *scope, const char *name, Expansion *value);

/* The value of `name`; NULL if it has none. */
const Expansion *scope_get(const Scope *scope, const char *name);

/* Expands `word` into the empty struct `into`.
 *
 * Errors: INPUT for what the builder refuses too (a quote or brace without its
 * other half, an unknown operator); LIMIT if the result is longer than
 * LIMIT_DOCKER_WORD, nested deeper than LIMIT_DOCKER_DEPTH, or if all words of
 * this scope together take too long. */
bool scope_expand(Scope *scope, Letters word, char escape, Expansion *into, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Whether a shell could read `line` as words, its quotes and `${…}` in order.
 * Any length will do. */
bool scope_can_read(Letters line);
