/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modsyntax.h"

#include "ecosystems/gomod/modtoken.h"
#include "upkeepd/limits.h"

#include <string.h>

ModNode *modnode_new(ModNodeKind kind)
{
	ModNode *node = g_new0(ModNode, 1);

	node->kind = kind;
	return node;
}

void modnode_free(ModNode *node)
{
	if (node == NULL)
		return;
	g_clear_pointer(&node->tokens, g_ptr_array_unref);
	g_clear_pointer(&node->before, g_ptr_array_unref);
	g_clear_pointer(&node->suffix, g_ptr_array_unref);
	g_clear_pointer(&node->lines, g_ptr_array_unref);
	g_clear_pointer(&node->open_suffix, g_ptr_array_unref);
	g_clear_pointer(&node->close_before, g_ptr_array_unref);
	g_clear_pointer(&node->close_suffix, g_ptr_array_unref);
	g_clear_pointer(&node->spans, g_array_unref);
	g_free(node);
}

static void append_taken(GPtrArray **list, char *text)
{
	if (*list == NULL)
		*list = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(*list, text);
}

void modnode_append(GPtrArray **list, const char *text)
{
	append_taken(list, g_strdup(text));
}

const char *modnode_token(const ModNode *node, guint i)
{
	return node->tokens != NULL && i < node->tokens->len ? g_ptr_array_index(node->tokens, i)
							     : NULL;
}

void modnode_set_token(ModNode *node, guint i, const char *text)
{
	g_free(g_ptr_array_index(node->tokens, i));
	g_ptr_array_index(node->tokens, i) = g_strdup(text);
}

Span modnode_span(const ModNode *node, guint i)
{
	return node->spans != NULL && i < node->spans->len ? g_array_index(node->spans, Span, i)
							   : (Span){ 0, 0 };
}

void modsyntax_free(ModSyntax *syntax)
{
	if (syntax == NULL)
		return;
	g_ptr_array_unref(syntax->nodes);
	g_free(syntax);
}

typedef enum {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_COMMENT,     /* alone on its line, its line end included */
	TOKEN_END_COMMENT, /* behind something, its line end included */
	TOKEN_WORD,        /* a bare word, string or punctuation mark */
} TokenKind;

typedef struct {
	TokenKind kind;
	Span span; /* a comment's without its line end */
	int line, column;
} Token;

typedef struct {
	const char *text;
	uint32_t at, end;
	uint32_t line_start;
	int line;
	bool is_in_line; /* a token stands before `at` on its line */
	Token token;     /* the next one */
} Lexer;

static bool fail_at(const Lexer *lexer, uint32_t at, GError **error, const char *what)
{
	return fail(error, FAILURE_INPUT, "%d:%u: %s", lexer->line, at - lexer->line_start + 1,
		    what);
}

static bool is_word_character(gunichar c)
{
	return !(c < 128 && modtoken_is_mark((char)c)) && !modtoken_is_space(c) &&
	       modtoken_is_print(c);
}

static bool begins(const Lexer *lexer, const char *prefix)
{
	size_t length = strlen(prefix);

	return lexer->end - lexer->at >= length &&
	       memcmp(lexer->text + lexer->at, prefix, length) == 0;
}

static void next_line(Lexer *lexer)
{
	lexer->line++;
	lexer->line_start = lexer->at;
	lexer->is_in_line = false;
}

static void lex_comment(Lexer *lexer)
{
	Token *token = &lexer->token;
	const char *start = lexer->text + lexer->at;
	const char *line_end = memchr(start, '\n', lexer->end - lexer->at);
	uint32_t length = line_end != NULL ? (uint32_t)(line_end - start) : lexer->end - lexer->at;

	token->kind = lexer->is_in_line ? TOKEN_END_COMMENT : TOKEN_COMMENT;
	lexer->at += length;
	token->span.to = lexer->at;
	if (line_end == NULL)
		return;
	if (start[length - 1] == '\r')
		token->span.to--;
	lexer->at++;
	next_line(lexer);
}

static bool lex_string(Lexer *lexer, GError **error)
{
	char quote = lexer->text[lexer->at];
	uint32_t start = lexer->at;

	for (lexer->at++; lexer->at < lexer->end; lexer->at++) {
		char c = lexer->text[lexer->at];

		if (c == '\n')
			return fail_at(lexer, lexer->at, error, "unexpected newline in string");
		if (c == quote) {
			lexer->at++;
			return true;
		}
		if (c == '\\' && quote == '"')
			lexer->at++;
	}
	return fail_at(lexer, start, error, "unexpected end of file in string");
}

static bool lex_bare_word(Lexer *lexer, GError **error)
{
	/* Go's own words; \057 is a slash. */
	static const char slash_star[] =
		"mod files must use \057/ comments (not \057* */ comments)";
	uint32_t start = lexer->at, width;

	while (lexer->at < lexer->end && !begins(lexer, "//")) {
		gunichar c =
			modtoken_character(lexer->text + lexer->at, lexer->end - lexer->at, &width);

		if (begins(lexer, "/*"))
			return fail_at(lexer, lexer->at, error, slash_star);
		if (!is_word_character(c))
			break;
		lexer->at += width;
	}
	if (lexer->at == start) {
		g_autofree char *what = NULL;
		gunichar c = modtoken_character(lexer->text + start, lexer->end - start, &width);

		what = g_strdup_printf("unexpected input character U+%04X%s", c,
				       c == 0xfeff ? " (a byte order mark)" : "");
		return fail_at(lexer, start, error, what);
	}
	return true;
}

/* Puts the next token into lexer->token. */
static bool advance(Lexer *lexer, GError **error)
{
	Token *token = &lexer->token;
	bool is_read = true;

	while (lexer->at < lexer->end && strchr(" \t\r", lexer->text[lexer->at]) != NULL)
		lexer->at++;
	*token = (Token){ .kind = TOKEN_WORD,
			  .span = { lexer->at, lexer->at },
			  .line = lexer->line,
			  .column = (int)(lexer->at - lexer->line_start) + 1 };
	if (lexer->at == lexer->end) {
		token->kind = TOKEN_END;
		return true;
	}
	if (begins(lexer, "//")) {
		lex_comment(lexer);
		return true;
	}
	if (lexer->text[lexer->at] == '\n') {
		token->kind = TOKEN_NEWLINE;
		lexer->at++;
		next_line(lexer);
		return true;
	}
	lexer->is_in_line = true;
	if (modtoken_is_mark(lexer->text[lexer->at]))
		lexer->at++;
	else if (lexer->text[lexer->at] == '"' || lexer->text[lexer->at] == '`')
		is_read = lex_string(lexer, error);
	else
		is_read = lex_bare_word(lexer, error);
	token->span.to = lexer->at;
	return is_read;
}

static char *text_of(const Lexer *lexer, Span span)
{
	return g_strndup(lexer->text + span.from, span_length(span));
}

static bool next_is(const Lexer *lexer, char mark)
{
	return lexer->token.kind == TOKEN_WORD && span_length(lexer->token.span) == 1 &&
	       lexer->text[lexer->token.span.from] == mark;
}

static bool next_ends_line(const Lexer *lexer)
{
	return lexer->token.kind == TOKEN_NEWLINE || lexer->token.kind == TOKEN_END_COMMENT ||
	       lexer->token.kind == TOKEN_END;
}

/* Takes the end of a line; the comment there goes to `suffix`. */
static bool take_line_end(Lexer *lexer, GPtrArray **suffix, GError **error)
{
	if (lexer->token.kind == TOKEN_END_COMMENT)
		append_taken(suffix, text_of(lexer, lexer->token.span));
	return advance(lexer, error);
}

static bool take_token(Lexer *lexer, ModNode *node, GError **error)
{
	const Token *token = &lexer->token;

	if (node->spans == NULL) {
		node->spans = g_array_new(FALSE, FALSE, sizeof(Span));
		node->line = token->line;
		node->column = token->column;
	}
	append_taken(&node->tokens, text_of(lexer, token->span));
	g_array_append_val(node->spans, token->span);
	return advance(lexer, error);
}

/* One line of a block. */
static bool parse_line(Lexer *lexer, ModNode *block, GPtrArray **comments, GError **error)
{
	ModNode *line = modnode_new(MOD_LINE);

	line->is_in_block = true;
	line->before = g_steal_pointer(comments);
	g_ptr_array_add(block->lines, line);
	while (!next_ends_line(lexer))
		if (!take_token(lexer, line, error))
			return false;
	return take_line_end(lexer, &line->suffix, error);
}

static bool is_blank(const GPtrArray *comments, guint i)
{
	return *(const char *)g_ptr_array_index(comments, i) == '\0';
}

/* A blank line in a block is kept as an empty comment, but not at the block's
 * start and never twice in a row. */
static void keep_blank_line(const ModNode *block, GPtrArray **comments)
{
	if (*comments == NULL ? block->lines->len > 0 : !is_blank(*comments, (*comments)->len - 1))
		append_taken(comments, g_strdup(""));
}

static bool close_block(Lexer *lexer, ModNode *block, GPtrArray **comments, GError **error)
{
	if (*comments != NULL && (*comments)->len == 1 && is_blank(*comments, 0))
		g_clear_pointer(comments, g_ptr_array_unref);
	block->close_before = g_steal_pointer(comments);
	if (!advance(lexer, error))
		return false;
	if (!next_ends_line(lexer))
		return fail_at(lexer, lexer->token.span.from, error,
			       "expected the end of the line after a closing parenthesis");
	return take_line_end(lexer, &block->close_suffix, error);
}

/* The lines of a block whose `(` has been taken. */
static bool parse_block(Lexer *lexer, ModNode *block, GError **error)
{
	g_autoptr(GPtrArray) comments = NULL;

	if (!take_line_end(lexer, &block->open_suffix, error))
		return false;
	for (;;) {
		bool is_read = true;

		if (lexer->token.kind == TOKEN_END)
			return fail(error, FAILURE_INPUT,
				    "%d:%d: the block that begins here is not closed", block->line,
				    block->column);
		if (next_is(lexer, ')'))
			return close_block(lexer, block, &comments, error);
		if (lexer->token.kind == TOKEN_NEWLINE) {
			keep_blank_line(block, &comments);
			is_read = advance(lexer, error);
		} else if (lexer->token.kind == TOKEN_COMMENT) {
			append_taken(&comments, text_of(lexer, lexer->token.span));
			is_read = advance(lexer, error);
		} else {
			is_read = parse_line(lexer, block, &comments, error);
		}
		if (!is_read)
			return false;
	}
}

static void become_block(ModNode *node)
{
	node->kind = MOD_BLOCK;
	node->lines = g_ptr_array_new_with_free_func((GDestroyNotify)modnode_free);
}

/* Drops the last `n` tokens, the parentheses of a block. */
static void drop_tokens(ModNode *node, guint n)
{
	g_ptr_array_set_size(node->tokens, (gint)(node->tokens->len - n));
	g_array_set_size(node->spans, node->spans->len - n);
}

/* A line, or a block: `(` opens one only as the last token of its line, and
 * `()` there is an empty one. */
static bool parse_statement(Lexer *lexer, ModNode *node, GError **error)
{
	if (!take_token(lexer, node, error))
		return false;
	while (!next_ends_line(lexer)) {
		bool is_open = next_is(lexer, '(');

		if (!take_token(lexer, node, error))
			return false;
		if (is_open && next_ends_line(lexer)) {
			drop_tokens(node, 1);
			become_block(node);
			return parse_block(lexer, node, error);
		}
		if (is_open && next_is(lexer, ')')) {
			if (!take_token(lexer, node, error))
				return false;
			if (next_ends_line(lexer)) {
				drop_tokens(node, 2);
				become_block(node);
			}
		}
	}
	return take_line_end(lexer, &node->suffix, error);
}

static void add_comment_block(ModSyntax *syntax, GPtrArray **comments)
{
	ModNode *node;

	if (*comments == NULL)
		return;
	node = modnode_new(MOD_COMMENTS);
	node->before = g_steal_pointer(comments);
	g_ptr_array_add(syntax->nodes, node);
}

static bool parse_file(Lexer *lexer, ModSyntax *syntax, GError **error)
{
	g_autoptr(GPtrArray) comments = NULL;

	if (!advance(lexer, error))
		return false;
	while (lexer->token.kind != TOKEN_END) {
		bool is_read = true;

		if (lexer->token.kind == TOKEN_COMMENT) {
			append_taken(&comments, text_of(lexer, lexer->token.span));
			is_read = advance(lexer, error);
		} else if (lexer->token.kind == TOKEN_NEWLINE) {
			add_comment_block(syntax, &comments);
			is_read = advance(lexer, error);
		} else {
			ModNode *node = modnode_new(MOD_LINE);

			g_ptr_array_add(syntax->nodes, node);
			node->before = g_steal_pointer(&comments);
			is_read = parse_statement(lexer, node, error);
		}
		if (!is_read)
			return false;
	}
	add_comment_block(syntax, &comments);
	return true;
}

ModSyntax *modsyntax_parse(GBytes *text, GError **error)
{
	g_autoptr(ModSyntax) syntax = g_new0(ModSyntax, 1);
	gsize length;
	const char *bytes = g_bytes_get_data(text, &length);
	const char *nul = length > 0 ? memchr(bytes, '\0', length) : NULL;
	Lexer lexer = { .text = bytes, .end = (uint32_t)length, .line = 1 };

	syntax->nodes = g_ptr_array_new_with_free_func((GDestroyNotify)modnode_free);
	if (length > LIMIT_ANSWER)
		return fail_null(error, FAILURE_LIMIT, "more than %d bytes", LIMIT_ANSWER);
	if (nul != NULL) {
		int line, column;

		position_of(text, (uint32_t)(nul - bytes), &line, &column);
		return fail_null(error, FAILURE_INPUT, "%d:%d: unexpected input character U+0000",
				 line, column);
	}
	return parse_file(&lexer, syntax, error) ? g_steal_pointer(&syntax) : NULL;
}

typedef struct {
	GString *text;
	GPtrArray *suffixes; /* of char *, borrowed: what is still to stand behind this line */
	bool is_indented;
} Printer;

/* Cuts the blanks at the end of what has been printed. */
static void trim_line(Printer *printer)
{
	gsize length = printer->text->len;

	while (length > 0 &&
	       (printer->text->str[length - 1] == '\t' || printer->text->str[length - 1] == ' '))
		length--;
	g_string_truncate(printer->text, length);
}

/* Without the white space around it. */
static void print_comment(Printer *printer, const char *comment)
{
	size_t length = strlen(comment);
	uint32_t width;

	while (length > 0 && modtoken_is_space(modtoken_character(comment, length, &width))) {
		comment += width;
		length -= width;
	}
	while (length > 0) {
		const char *last = g_utf8_find_prev_char(comment, comment + length);
		size_t start = last != NULL ? (size_t)(last - comment) : length - 1;

		if (!modtoken_is_space(
			    modtoken_character(comment + start, length - start, &width)) ||
		    start + width != length)
			break;
		length = start;
	}
	g_string_append_len(printer->text, comment, (gssize)length);
}

static void end_line(Printer *printer)
{
	GString *text = printer->text;

	for (guint i = 0; i < printer->suffixes->len; i++) {
		if (i == 0)
			g_string_append_c(text, ' ');
		else
			g_string_append(text, printer->is_indented ? "\n\t" : "\n");
		print_comment(printer, g_ptr_array_index(printer->suffixes, i));
	}
	g_ptr_array_set_size(printer->suffixes, 0);
	trim_line(printer);
	/* No blank line at the file's start, and never two. */
	if (text->len > 0 && !g_str_has_suffix(text->str, "\n\n"))
		g_string_append_c(text, '\n');
	if (printer->is_indented)
		g_string_append_c(text, '\t');
}

static void print_comments(Printer *printer, const GPtrArray *comments)
{
	for (guint i = 0; comments != NULL && i < comments->len; i++) {
		print_comment(printer, g_ptr_array_index(comments, i));
		end_line(printer);
	}
}

static void queue_suffixes(Printer *printer, const GPtrArray *comments)
{
	for (guint i = 0; comments != NULL && i < comments->len; i++)
		g_ptr_array_add(printer->suffixes, g_ptr_array_index(comments, i));
}

static bool is_mark(const char *token, const char *marks)
{
	return token[0] != '\0' && token[1] == '\0' && strchr(marks, token[0]) != NULL;
}

static void print_tokens(Printer *printer, const ModNode *node)
{
	const char *previous = NULL;

	for (guint i = 0; node->tokens != NULL && i < node->tokens->len; i++) {
		const char *token = g_ptr_array_index(node->tokens, i);

		if (previous != NULL && !is_mark(token, ",)]}") && !is_mark(previous, "([{"))
			g_string_append_c(printer->text, ' ');
		g_string_append(printer->text, token);
		previous = token;
	}
}

static void print_block(Printer *printer, const ModNode *block)
{
	print_tokens(printer, block);
	g_string_append(printer->text, " (");
	queue_suffixes(printer, block->open_suffix);
	printer->is_indented = true;
	for (guint i = 0; i < block->lines->len; i++) {
		const ModNode *line = g_ptr_array_index(block->lines, i);

		end_line(printer);
		print_comments(printer, line->before);
		print_tokens(printer, line);
		queue_suffixes(printer, line->suffix);
	}
	printer->is_indented = false;
	end_line(printer);
	print_comments(printer, block->close_before);
	g_string_append_c(printer->text, ')');
	queue_suffixes(printer, block->close_suffix);
}

GBytes *modsyntax_print(const ModSyntax *syntax)
{
	g_autoptr(GPtrArray) suffixes = g_ptr_array_new();
	Printer printer = { g_string_new(NULL), suffixes, false };
	GString *text = printer.text;

	for (guint i = 0; i < syntax->nodes->len; i++) {
		const ModNode *node = g_ptr_array_index(syntax->nodes, i);

		if (i > 0)
			end_line(&printer);
		print_comments(&printer, node->before);
		if (node->kind == MOD_COMMENTS)
			continue;
		if (node->kind == MOD_BLOCK)
			print_block(&printer, node);
		else
			print_tokens(&printer, node);
		queue_suffixes(&printer, node->suffix);
		end_line(&printer);
	}
	while (g_str_has_suffix(text->str, "\n\n") || (text->len == 1 && text->str[0] == '\n'))
		g_string_truncate(text, text->len - 1);
	return g_string_free_to_bytes(text);
}
