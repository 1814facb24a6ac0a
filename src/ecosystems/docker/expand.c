/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/expand.h"

#include "base/text.h"
#include "ecosystems/docker/pattern.h"
#include "upkeepd/limits.h"

#include <string.h>

typedef enum {
	VARIABLE_SET,
	VARIABLE_DECLARED,  /* without a value: the builder may pass one */
	VARIABLE_ANNOUNCED, /* declared further down only */
} VariableState;

typedef struct {
	VariableState state;
	Expansion value;
} Variable;

struct Scope {
	VariableSyntax syntax;
	GTree *variables; /* name to Variable */
	size_t steps_left;
};

/* One word on its way through the rules of docker.md 2.4. */
typedef struct {
	Scope *scope;
	const Letter *at, *end;
	char escape;       /* 0: none */
	size_t max_length; /* of any result */
	int depth;
} Lexer;

static bool read_until(Lexer *lexer, char stop, bool keeps_escapes, Expansion *into,
		       GError **error);

/* What every build has; the values are those of linux/amd64 on linux/amd64. */
static const struct {
	const char *name, *value;
} predefined[] = {
	{ "BUILDPLATFORM", "linux/amd64" },
	{ "BUILDOS", "linux" },
	{ "BUILDOSVERSION", "" },
	{ "BUILDARCH", "amd64" },
	{ "BUILDVARIANT", "" },
	{ "TARGETPLATFORM", "linux/amd64" },
	{ "TARGETOS", "linux" },
	{ "TARGETOSVERSION", "" },
	{ "TARGETARCH", "amd64" },
	{ "TARGETVARIANT", "" },
	{ "TARGETSTAGE", "" },
};

void expansion_clear(Expansion *expansion)
{
	g_clear_pointer(&expansion->letters, g_array_unref);
	expansion->is_unresolved = expansion->has_platform = false;
}

static Letters letters_in(const Expansion *expansion)
{
	static const Letters none = { 0 };

	return expansion->letters == NULL ? none : letters_all(expansion->letters);
}

static bool is_empty(const Expansion *expansion)
{
	Letters letters = letters_in(expansion);

	for (size_t i = 0; i < letters.length; i++)
		if (letters.first[i].byte != '\0')
			return false;
	return true;
}

static void variable_free(void *data)
{
	Variable *variable = data;

	expansion_clear(&variable->value);
	g_free(variable);
}

static Scope *scope_new_empty(VariableSyntax syntax)
{
	Scope *scope = g_new0(Scope, 1);

	scope->syntax = syntax;
	scope->variables = g_tree_new_full(text_compare, NULL, g_free, variable_free);
	scope->steps_left = LIMIT_DOCKER_STEPS;
	return scope;
}

Scope *scope_new(VariableSyntax syntax)
{
	Scope *scope = scope_new_empty(syntax);

	if (syntax == SYNTAX_COMPOSE)
		return scope;
	for (size_t i = 0; i < G_N_ELEMENTS(predefined); i++) {
		Expansion value = { letters_new(), true, true };
		const char *p = predefined[i].value;

		do {
			Letter letter = { PLACE_BUILDER, *p, false };

			g_array_append_val(value.letters, letter);
		} while (*p != '\0' && *++p != '\0');
		scope_set(scope, predefined[i].name, &value);
	}
	return scope;
}

void scope_free(Scope *scope)
{
	if (scope == NULL)
		return;
	g_tree_unref(scope->variables);
	g_free(scope);
}

/* The variable `name`, made in `state` if there is none. */
static Variable *variable_get(Scope *scope, const char *name, VariableState state)
{
	Variable *variable = g_tree_lookup(scope->variables, name);

	if (variable == NULL) {
		variable = g_new0(Variable, 1);
		variable->state = state;
		g_tree_insert(scope->variables, g_strdup(name), variable);
	}
	return variable;
}

void scope_announce(Scope *scope, const char *name)
{
	variable_get(scope, name, VARIABLE_ANNOUNCED);
}

void scope_declare(Scope *scope, const char *name)
{
	Variable *variable = variable_get(scope, name, VARIABLE_DECLARED);

	if (variable->state == VARIABLE_ANNOUNCED)
		variable->state = VARIABLE_DECLARED;
}

void scope_set(Scope *scope, const char *name, Expansion *value)
{
	Variable *variable = variable_get(scope, name, VARIABLE_SET);

	expansion_clear(&variable->value);
	variable->state = VARIABLE_SET;
	variable->value = *value;
	*value = (Expansion){ 0 };
}

const Expansion *scope_get(const Scope *scope, const char *name)
{
	const Variable *variable = g_tree_lookup(scope->variables, name);

	return variable != NULL && variable->state == VARIABLE_SET ? &variable->value : NULL;
}

/* Whether nobody but the builder knows if `name` has a value. */
static bool is_open(const Scope *scope, const char *name)
{
	const Variable *variable = g_tree_lookup(scope->variables, name);

	return variable == NULL || variable->state == VARIABLE_DECLARED;
}

static bool spend(Lexer *lexer, size_t steps, GError **error)
{
	if (steps > lexer->scope->steps_left)
		return fail(error, FAILURE_LIMIT, "variables take too long to expand");
	lexer->scope->steps_left -= steps;
	return true;
}

static bool add(Lexer *lexer, Letters letters, Expansion *into, GError **error)
{
	if (letters.length > lexer->max_length - into->letters->len)
		return fail(error, FAILURE_LIMIT, "a word expands to more than %zu bytes",
			    lexer->max_length);
	if (!spend(lexer, letters.length, error))
		return false;
	letters_append(into->letters, letters);
	return true;
}

static bool add_next(Lexer *lexer, Expansion *into, GError **error)
{
	return add(lexer, (Letters){ lexer->at++, 1 }, into, error);
}

/* Adds `letters` as a value that the file knows only by guess. */
static bool add_guess(Lexer *lexer, Letters letters, bool has_platform, Expansion *into,
		      GError **error)
{
	const Letter nothing = { PLACE_BUILDER, '\0', false };
	guint before = into->letters->len;

	if (!add(lexer, letters.length > 0 ? letters : (Letters){ &nothing, 1 }, into, error))
		return false;
	for (guint i = before; i < into->letters->len; i++)
		g_array_index(into->letters, Letter, i).at = PLACE_BUILDER;
	into->is_unresolved = true;
	into->has_platform |= has_platform;
	return true;
}

static bool add_expansion(Lexer *lexer, const Expansion *value, Expansion *into, GError **error)
{
	into->is_unresolved |= value->is_unresolved;
	into->has_platform |= value->has_platform;
	return add(lexer, letters_in(value), into, error);
}

/* `$name`, `${name}` */
static bool add_value(Lexer *lexer, const char *name, Expansion *into, GError **error)
{
	const Expansion *value = scope_get(lexer->scope, name);

	if (value != NULL)
		return add_expansion(lexer, value, into, error);
	return !is_open(lexer->scope, name) || add_guess(lexer, (Letters){ 0 }, false, into, error);
}

/* `${name-w}`, `${name+w}`, `${name?w}`, and with a colon, to which an empty
 * value is none. */
static bool add_choice(Lexer *lexer, const char *name, char sign, bool has_colon, Expansion *into,
		       GError **error)
{
	g_auto(Expansion) word = { letters_new(), false, false };
	const Expansion nothing = { 0 };
	const Expansion *value = scope_get(lexer->scope, name), *result;
	bool is_set = value != NULL && !(has_colon && is_empty(value));
	bool is_guess =
		value != NULL ? value->is_unresolved : sign != '-' && is_open(lexer->scope, name);

	if (!read_until(lexer, '}', false, &word, error))
		return false;
	if (sign == '-')
		result = is_set ? value : &word;
	else if (sign == '+')
		result = is_set ? &word : &nothing;
	else if (is_set || is_guess)
		result = is_set ? value : &nothing;
	else
		return fail(error, FAILURE_INPUT, "%s is not set", name);
	if (is_guess)
		return add_guess(lexer, letters_in(result), value != NULL && value->has_platform,
				 into, error);
	return add_expansion(lexer, result, into, error);
}

static bool has_digit(Letters letters)
{
	for (size_t i = 0; i < letters.length; i++)
		if (g_ascii_isdigit(letters.first[i].byte))
			return true;
	return false;
}

/* Adds what an operator has left of a value. Where a part of a version was cut
 * off (`${GO%.*}` of 1.21.6), nobody can say what the rest should become in
 * the value: it has no place. */
static bool add_rest(Lexer *lexer, Letters rest, bool is_cut, Expansion *into, GError **error)
{
	guint before = into->letters->len;

	if (!add(lexer, rest, into, error))
		return false;
	for (guint i = before; is_cut && i < into->letters->len; i++)
		g_array_index(into->letters, Letter, i).at = PLACE_NONE;
	return true;
}

static bool strip(Lexer *lexer, Letters value, char sign, Letters word, Expansion *into,
		  GError **error)
{
	bool is_longest = word.length > 0 && word.first[0].byte == sign;
	g_autoptr(Pattern) pattern = pattern_new(letters_from(word, is_longest ? 1 : 0), error);
	Letters rest, cut;

	if (pattern == NULL || !spend(lexer, pattern_cost(pattern, value), error))
		return false;
	if (sign == '#') {
		rest = pattern_strip_prefix(pattern, value, is_longest);
		cut = letters_until(value, value.length - rest.length);
	} else {
		rest = pattern_strip_suffix(pattern, value, is_longest);
		cut = letters_from(value, rest.length);
	}
	return add_rest(lexer, rest, has_digit(cut), into, error);
}

static bool replace(Lexer *lexer, Letters value, Letters word, Letters by, bool is_every,
		    Expansion *into, GError **error)
{
	g_autoptr(Pattern) pattern = pattern_new(word, error);
	bool is_cut = false;
	size_t from, to;

	if (pattern == NULL)
		return false;
	while (spend(lexer, pattern_cost(pattern, value), error)) {
		bool is_found = pattern_find(pattern, value, &from, &to) && to > 0;

		if (!is_found)
			return add_rest(lexer, value, is_cut, into, error);
		is_cut |= has_digit(letters_until(letters_from(value, from), to - from));
		if (!add_rest(lexer, letters_until(value, from), is_cut, into, error) ||
		    !add(lexer, by, into, error))
			return false;
		value = letters_from(value, to);
		if (!is_every)
			return add_rest(lexer, value, is_cut, into, error);
	}
	return false;
}

/* `${name#p}`, `${name%p}`, `${name/p/r}`; `at` is behind the operator. */
static bool add_changed(Lexer *lexer, const char *name, char sign, Expansion *into, GError **error)
{
	g_auto(Expansion) word = { letters_new(), false, false };
	g_auto(Expansion) by = { letters_new(), false, false };
	g_auto(Expansion) result = { letters_new(), false, false };
	const Expansion *value = scope_get(lexer->scope, name);
	g_autoptr(GArray) seen = letters_new();
	bool is_every = false, is_done;

	if (sign == '/' && lexer->at < lexer->end && lexer->at->byte == '/') {
		is_every = true;
		lexer->at++;
	}
	if (!read_until(lexer, sign == '/' ? '/' : '}', true, &word, error) ||
	    (sign == '/' && !read_until(lexer, '}', false, &by, error)))
		return false;
	if (value == NULL)
		return add_value(lexer, name, into, error);
	for (guint i = 0; i < value->letters->len; i++)
		if (g_array_index(value->letters, Letter, i).byte != '\0')
			letters_append(seen,
				       letters_from(letters_until(letters_in(value), i + 1), i));
	is_done = sign == '/' ? replace(lexer, letters_all(seen), letters_in(&word),
					letters_in(&by), is_every, &result, error)
			      : strip(lexer, letters_all(seen), sign, letters_in(&word), &result,
				      error);
	if (!is_done)
		return false;
	if (value->is_unresolved || word.is_unresolved || by.is_unresolved)
		return add_guess(lexer, letters_in(&result),
				 value->has_platform || word.has_platform || by.has_platform, into,
				 error);
	return add_expansion(lexer, &result, into, error);
}

/* The name at the beginning; empty if there is none. */
static char *read_name(Lexer *lexer)
{
	const Letter *from = lexer->at;
	bool is_compose = lexer->scope->syntax == SYNTAX_COMPOSE;

	if (from < lexer->end && !is_compose && from->byte != '\0' &&
	    strchr("@*#?-$!0", from->byte) != NULL) {
		lexer->at++;
	} else if (from < lexer->end && g_ascii_isdigit(from->byte)) {
		while (!is_compose && lexer->at < lexer->end && g_ascii_isdigit(lexer->at->byte))
			lexer->at++;
	} else {
		while (lexer->at < lexer->end &&
		       (g_ascii_isalnum(lexer->at->byte) || lexer->at->byte == '_'))
			lexer->at++;
	}
	return letters_text((Letters){ from, (size_t)(lexer->at - from) });
}

static bool is_operator(const Lexer *lexer, char c, bool has_colon)
{
	if (c == '-' || c == '+' || c == '?')
		return true;
	return (c == '#' || c == '%' || c == '/') && !has_colon &&
	       lexer->scope->syntax == SYNTAX_DOCKERFILE;
}

/* `${…}`; `at` is behind the brace. */
static bool read_braces(Lexer *lexer, Expansion *into, GError **error)
{
	g_autofree char *name = NULL;
	bool has_colon = false;
	char c = lexer->at < lexer->end ? lexer->at->byte : '\0';

	if (c == '{' || c == '}' || c == ':')
		return fail(error, FAILURE_INPUT, "bad substitution");
	name = read_name(lexer);
	c = lexer->at < lexer->end ? (lexer->at++)->byte : '\0';
	if (c == '}')
		return add_value(lexer, name, into, error);
	if (c == ':') {
		has_colon = true;
		c = lexer->at < lexer->end ? (lexer->at++)->byte : '\0';
	}
	if (c == '\0')
		return fail(error, FAILURE_INPUT, "a '${' has no '}'");
	if (!is_operator(lexer, c, has_colon))
		return fail(error, FAILURE_INPUT, "unsupported modifier '%s%c' in a substitution",
			    has_colon ? ":" : "", c);
	if (c == '-' || c == '+' || c == '?')
		return add_choice(lexer, name, c, has_colon, into, error);
	return add_changed(lexer, name, c, into, error);
}

static bool read_dollar(Lexer *lexer, Expansion *into, GError **error)
{
	const Letters dollar = { lexer->at++, 1 };
	g_autofree char *name = NULL;
	bool is_done;

	if (lexer->at < lexer->end && lexer->at->byte == '{') {
		if (++lexer->depth > LIMIT_DOCKER_DEPTH)
			return fail(error, FAILURE_LIMIT, "substitutions nested more than %d deep",
				    LIMIT_DOCKER_DEPTH);
		lexer->at++;
		is_done = read_braces(lexer, into, error);
		lexer->depth--;
		return is_done;
	}
	if (lexer->scope->syntax == SYNTAX_COMPOSE && lexer->at < lexer->end &&
	    lexer->at->byte == '$') {
		lexer->at++;
		return add(lexer, dollar, into, error);
	}
	name = read_name(lexer);
	if (*name == '\0')
		return add(lexer, dollar, into, error);
	return add_value(lexer, name, into, error);
}

static bool read_single_quoted(Lexer *lexer, Expansion *into, GError **error)
{
	const Letter *from = ++lexer->at;

	while (lexer->at < lexer->end && lexer->at->byte != '\'')
		lexer->at++;
	if (lexer->at == lexer->end)
		return fail(error, FAILURE_INPUT, "a single quote has no other");
	return add(lexer, (Letters){ from, (size_t)(lexer->at++ - from) }, into, error);
}

static bool read_double_quoted(Lexer *lexer, Expansion *into, GError **error)
{
	lexer->at++;
	while (lexer->at < lexer->end && lexer->at->byte != '"') {
		bool is_escape = lexer->at->byte == lexer->escape;
		char next = lexer->at + 1 < lexer->end ? lexer->at[1].byte : '\0';

		if (is_escape && (next == '"' || next == '$' || next == lexer->escape))
			lexer->at++;
		if (lexer->at->byte == '$' && !is_escape ? !read_dollar(lexer, into, error)
							 : !add_next(lexer, into, error))
			return false;
	}
	if (lexer->at == lexer->end)
		return fail(error, FAILURE_INPUT, "a double quote has no other");
	lexer->at++;
	return true;
}

static bool read_escaped(Lexer *lexer, bool keeps_escapes, Expansion *into, GError **error)
{
	if (keeps_escapes && !add(lexer, (Letters){ lexer->at, 1 }, into, error))
		return false;
	lexer->at++;
	return lexer->at == lexer->end || add_next(lexer, into, error);
}

/* Reads to `stop` and past it; 0: to the end of the word. */
static bool read_until(Lexer *lexer, char stop, bool keeps_escapes, Expansion *into, GError **error)
{
	bool has_quotes = lexer->scope->syntax == SYNTAX_DOCKERFILE, is_done = true;

	while (is_done && lexer->at < lexer->end) {
		char c = lexer->at->byte;

		if (stop != '\0' && c == stop) {
			lexer->at++;
			return true;
		}
		if (c == '\'' && has_quotes)
			is_done = read_single_quoted(lexer, into, error);
		else if (c == '"' && has_quotes)
			is_done = read_double_quoted(lexer, into, error);
		else if (c == '$')
			is_done = read_dollar(lexer, into, error);
		else if (c == lexer->escape && has_quotes)
			is_done = read_escaped(lexer, keeps_escapes, into, error);
		else
			is_done = add_next(lexer, into, error);
	}
	if (is_done && stop != '\0')
		return fail(error, FAILURE_INPUT, "a '${' has no '%c'", stop);
	return is_done;
}

bool scope_expand(Scope *scope, Letters word, char escape, Expansion *into, GError **error)
{
	Lexer lexer = { scope, word.first, word.first + word.length, escape, LIMIT_DOCKER_WORD, 0 };

	into->letters = letters_new();
	return read_until(&lexer, '\0', false, into, error);
}

bool scope_can_read(Letters line)
{
	g_autoptr(Scope) scope = scope_new_empty(SYNTAX_DOCKERFILE);
	g_auto(Expansion) words = { letters_new(), false, false };
	Lexer lexer = { scope, line.first, line.first + line.length, '\\', SIZE_MAX, 0 };

	scope->steps_left = SIZE_MAX;
	return read_until(&lexer, '\0', false, &words, NULL);
}
