/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/lines.h"

#include "upkeepd/limits.h"

#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* The space of the directives' grammar. */
static bool is_directive_space(char c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\r';
}

void line_reader_clear(LineReader *reader)
{
	g_clear_pointer(&reader->letters, g_array_unref);
}

/* The next physical line without its end, as indexes into the text. */
static bool take_line(LineReader *reader, size_t *from, size_t *to)
{
	const DockerfileSource *source = reader->source;
	const char *end;

	if (reader->at >= source->length)
		return false;
	*from = reader->at;
	end = memchr(source->text + *from, '\n', source->length - *from);
	*to = end != NULL ? (size_t)(end - source->text) : source->length;
	reader->at = *to + 1;
	reader->line++;
	while (*to > *from && source->text[*to - 1] == '\r')
		(*to)--;
	return true;
}

static Letter letter_at(const DockerfileSource *source, size_t index)
{
	uint32_t at = source->places != NULL ? source->places[index] : (uint32_t)index;

	return (Letter){ at, source->text[index], false };
}

static void append(GArray *letters, const DockerfileSource *source, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		Letter letter = letter_at(source, i);

		g_array_append_val(letters, letter);
	}
}

static bool check_lines(const DockerfileSource *source, GError **error)
{
	LineReader reader = { .source = source, .line = source->first_line - 1 };
	size_t from, to;

	if (source->length > LIMIT_MANIFEST)
		return fail(error, FAILURE_LIMIT, "1:1: more than %d bytes", LIMIT_MANIFEST);
	while (take_line(&reader, &from, &to)) {
		if (memchr(source->text + from, '\0', to - from) != NULL)
			return fail(error, FAILURE_INPUT, "%d:1: a NUL byte", reader.line);
		if (MIN(reader.at - 1, source->length) - from > LIMIT_DOCKER_LINE)
			return fail(error, FAILURE_INPUT, "%d:1: a line of more than %d bytes",
				    reader.line, LIMIT_DOCKER_LINE);
	}
	return true;
}

typedef enum { DIRECTIVE_SYNTAX, DIRECTIVE_ESCAPE, DIRECTIVE_CHECK, DIRECTIVE_NONE } Directive;

static const char *const directives[] = { "syntax", "escape", "check" };

/* What `# name = value` stands at `from`; where the value does. */
static Directive directive_read(const char *text, size_t from, size_t to, size_t *value,
				size_t *value_end)
{
	size_t i = from, name, name_end;

	if (i == to || text[i++] != '#')
		return DIRECTIVE_NONE;
	while (i < to && is_directive_space(text[i]))
		i++;
	name = i;
	while (i < to && (g_ascii_isalpha(text[i]) || (i > name && g_ascii_isdigit(text[i]))))
		i++;
	name_end = i;
	while (i < to && is_directive_space(text[i]))
		i++;
	if (i == to || text[i++] != '=')
		return DIRECTIVE_NONE;
	while (i < to && is_directive_space(text[i]))
		i++;
	while (to > i && is_directive_space(text[to - 1]))
		to--;
	*value = i;
	*value_end = to;
	for (size_t d = 0; i < to && d < G_N_ELEMENTS(directives); d++)
		if (strlen(directives[d]) == name_end - name &&
		    g_ascii_strncasecmp(directives[d], text + name, name_end - name) == 0)
			return (Directive)d;
	return DIRECTIVE_NONE;
}

/* Skips white space (Unicode's) from `from` on. */
static size_t skip_blanks(const char *text, size_t from, size_t to)
{
	while (from < to) {
		Letter ahead[3];
		size_t count = MIN(to - from, G_N_ELEMENTS(ahead)), blank;

		for (size_t i = 0; i < count; i++)
			ahead[i] = (Letter){ 0, text[from + i], false };
		blank = letters_blank((Letters){ ahead, count });
		if (blank == 0)
			return from;
		from += blank;
	}
	return from;
}

/* The escape directive, by the parser's own rules: blanks may stand before `#`. */
static bool read_escape(LineReader *reader, GError **error)
{
	LineReader ahead = *reader;
	const char *text = reader->source->text;
	bool is_seen[G_N_ELEMENTS(directives)] = { false };
	size_t from, to, value, value_end;

	while (take_line(&ahead, &from, &to)) {
		Directive directive =
			directive_read(text, skip_blanks(text, from, to), to, &value, &value_end);

		if (directive == DIRECTIVE_NONE)
			break;
		if (is_seen[directive])
			return fail(error, FAILURE_INPUT, "%d:1: the directive '%s' stands twice",
				    ahead.line, directives[directive]);
		is_seen[directive] = true;
		if (directive != DIRECTIVE_ESCAPE)
			continue;
		if (value_end - value != 1 || (text[value] != '\\' && text[value] != '`'))
			return fail(error, FAILURE_INPUT, "%d:1: invalid escape character '%.*s'",
				    ahead.line, (int)(value_end - value), text + value);
		reader->escape = text[value];
	}
	return true;
}

/* The syntax directive, by the rules of the frontend's loader: a first line
 * `#!` is passed over, blanks before `#` are not. */
static GArray *read_syntax(const LineReader *reader, int *line)
{
	LineReader ahead = *reader;
	const char *text = reader->source->text;
	size_t from, to, value, value_end;

	while (take_line(&ahead, &from, &to)) {
		bool is_first = from == reader->at;
		Directive directive = directive_read(text, from, to, &value, &value_end);

		if (directive == DIRECTIVE_SYNTAX) {
			const char *blank = memchr(text + value, ' ', value_end - value);
			GArray *syntax = letters_new();

			if (blank != NULL)
				value_end = (size_t)(blank - text);
			append(syntax, reader->source, value, value_end);
			*line = ahead.line;
			return syntax;
		}
		if (directive == DIRECTIVE_NONE &&
		    !(is_first && to - from >= 2 && text[from] == '#' && text[from + 1] == '!'))
			break;
	}
	return NULL;
}

bool lines_begin(LineReader *reader, const DockerfileSource *source, GArray **syntax,
		 int *syntax_line, GError **error)
{
	*syntax = NULL;
	*reader = (LineReader){ source, '\\', letters_new(), 0, source->first_line - 1 };
	if (!check_lines(source, error))
		return false;
	if (source->length >= 3 && memcmp(source->text, byte_order_mark, 3) == 0)
		reader->at = 3;
	if (!read_escape(reader, error))
		return false;
	*syntax = read_syntax(reader, syntax_line);
	return true;
}

/* Appends one physical line to the logical one; whether it goes on. It does if
 * its last byte but blanks is an escape character that is not itself escaped. */
static bool append_line(LineReader *reader, size_t from, size_t to)
{
	const char *text = reader->source->text;
	guint before = reader->letters->len;
	size_t end = to;

	while (end > from && (text[end - 1] == ' ' || text[end - 1] == '\t'))
		end--;
	if (end == from || text[end - 1] != reader->escape ||
	    (end - 1 > from && text[end - 2] == reader->escape)) {
		append(reader->letters, reader->source, from, to);
		end = 0;
	} else {
		append(reader->letters, reader->source, from, end - 1);
	}
	if (before > 0 && before < reader->letters->len)
		g_array_index(reader->letters, Letter, before).is_after_cut = true;
	return end > 0;
}

bool lines_next(LineReader *reader, Letters *text, int *line)
{
	const char *bytes = reader->source->text;
	size_t from, to;
	bool goes_on;

	do {
		if (!take_line(reader, &from, &to))
			return false;
		from = skip_blanks(bytes, from, to);
	} while (from == to || bytes[from] == '#');
	*line = reader->line;
	g_array_set_size(reader->letters, 0);
	goes_on = append_line(reader, from, to);
	while (goes_on && take_line(reader, &from, &to)) {
		size_t start = skip_blanks(bytes, from, to);

		if (start < to && bytes[start] != '#')
			goes_on = append_line(reader, from, to);
	}
	*text = letters_all(reader->letters);
	return true;
}

bool lines_skip_heredoc(LineReader *reader, const char *terminator, bool strips_tabs)
{
	const char *text = reader->source->text;
	size_t length = strlen(terminator), from, to;

	while (take_line(reader, &from, &to)) {
		while (strips_tabs && from < to && text[from] == '\t')
			from++;
		if (to - from == length && memcmp(text + from, terminator, length) == 0)
			return true;
	}
	return false;
}
