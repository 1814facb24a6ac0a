/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/words.h"

#include "ecosystems/docker/expand.h"
#include "upkeepd/limits.h"

#include <string.h>

/* The white space of this grammar; elsewhere Unicode's counts (letters_blank). */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r' && c != '\n');
}

static Letters skip_space(Letters text)
{
	while (text.length > 0 && is_space(text.first[0].byte))
		text = letters_from(text, 1);
	return text;
}

static void letters_free(void *array)
{
	g_array_unref(array);
}

/* Moves the flag at the beginning of `text` into a new array, without quotes
 * and escapes. Unlike the shell's, escapes hold within both quotes. */
static GArray *take_flag(Letters *text, char escape)
{
	GArray *flag = letters_new();
	size_t i = 0;
	char quote = '\0';

	for (; i < text->length; i++) {
		char c = text->first[i].byte;

		if (quote == '\0' && is_space(c))
			break;
		if (c == quote) {
			quote = '\0';
		} else if (quote == '\0' && (c == '\'' || c == '"')) {
			quote = c;
		} else if (c != escape) {
			letters_append(flag, (Letters){ text->first + i, 1 });
		} else if (++i < text->length) {
			letters_append(flag, (Letters){ text->first + i, 1 });
		} else {
			break;
		}
	}
	*text = letters_from(*text, MIN(i, text->length));
	return flag;
}

void instruction_split(Letters line, char escape, Instruction *instruction)
{
	Letters rest = letters_trim(line);
	size_t length = 0;
	g_autofree char *keyword = NULL;

	while (length < rest.length && !is_space(rest.first[length].byte))
		length++;
	keyword = letters_text(letters_until(rest, length));
	instruction->keyword = g_ascii_strup(keyword, -1);
	instruction->flags = g_ptr_array_new_with_free_func(letters_free);
	rest = skip_space(letters_from(rest, length));
	while (letters_begin(rest, "--")) {
		g_autoptr(GArray) flag = take_flag(&rest, escape);

		if (letters_are(letters_all(flag), "--"))
			break;
		g_ptr_array_add(instruction->flags, g_steal_pointer(&flag));
		rest = skip_space(rest);
	}
	instruction->arguments = letters_trim(rest);
}

void instruction_clear(Instruction *instruction)
{
	g_clear_pointer(&instruction->keyword, g_free);
	g_clear_pointer(&instruction->flags, g_ptr_array_unref);
}

GArray *words_split(Letters text, bool is_quoting, char escape)
{
	GArray *words = g_array_new(FALSE, FALSE, sizeof(Letters));
	Letters word = { text.first, 0 };
	char quote = '\0';

	for (size_t i = 0; i < text.length;) {
		char c = text.first[i].byte;
		size_t blank = is_quoting ? letters_blank(letters_from(text, i)) : is_space(c);

		if (quote == '\0' && blank > 0) {
			if (word.length > 0)
				g_array_append_val(words, word);
			i += blank;
			word = (Letters){ text.first + i, 0 };
			continue;
		}
		if (is_quoting && c == quote)
			quote = '\0';
		else if (is_quoting && quote == '\0' && (c == '\'' || c == '"'))
			quote = c;
		else if (is_quoting && c == escape && quote != '\'' && i + 1 < text.length)
			i++;
		i++;
		word.length = (size_t)(text.first + i - word.first);
	}
	if (word.length > 0)
		g_array_append_val(words, word);
	return words;
}

GPtrArray *record_split(Letters record)
{
	GPtrArray *fields = g_ptr_array_new_with_free_func(letters_free);
	GArray *field = letters_new();
	bool is_quoted = false;

	for (size_t i = 0; i < record.length; i++) {
		char c = record.first[i].byte;
		bool is_doubled = i + 1 < record.length && record.first[i + 1].byte == '"';

		if (is_quoted && c == '"' && !is_doubled) {
			is_quoted = false;
		} else if (!is_quoted && c == '"' && field->len == 0) {
			is_quoted = true;
		} else if (!is_quoted && c == ',') {
			g_ptr_array_add(fields, field);
			field = letters_new();
		} else {
			i += is_quoted && c == '"';
			letters_append(field, (Letters){ record.first + i, 1 });
		}
	}
	g_ptr_array_add(fields, field);
	return fields;
}

static void heredoc_clear(void *heredoc)
{
	g_free(((Heredoc *)heredoc)->terminator);
}

/* The text of a shell word without its quotes and escapes. */
static char *unquote(Letters word)
{
	GString *text = g_string_new(NULL);
	char quote = '\0';

	for (size_t i = 0; i < word.length; i++) {
		char c = word.first[i].byte;
		char next = i + 1 < word.length ? word.first[i + 1].byte : '\0';

		if (c == quote)
			quote = '\0';
		else if (quote == '\0' && (c == '\'' || c == '"'))
			quote = c;
		else if (c == '\\' && quote == '\0' && next != '\0')
			g_string_append_c(text, word.first[++i].byte);
		else if (c == '\\' && quote == '"' && next != '\0' && strchr("\"$\\", next) != NULL)
			g_string_append_c(text, word.first[++i].byte);
		else
			g_string_append_c(text, c);
	}
	return g_string_free(text, FALSE);
}

GArray *heredocs_find(Letters line)
{
	GArray *heredocs = g_array_new(FALSE, FALSE, sizeof(Heredoc));
	g_autoptr(GArray) words = words_split(line, true, '\\');

	g_array_set_clear_func(heredocs, heredoc_clear);
	/* A line that the shell's reader cannot read has none. */
	if (!scope_can_read(line))
		return heredocs;
	for (guint i = 0; i < words->len; i++) {
		Letters word = g_array_index(words, Letters, i);
		Heredoc heredoc = { NULL, false };

		while (word.length > 0 && g_ascii_isdigit(word.first[0].byte))
			word = letters_from(word, 1);
		if (!letters_begin(word, "<<"))
			continue;
		word = letters_from(word, 2);
		heredoc.strips_tabs = letters_begin(word, "-");
		if (heredoc.strips_tabs)
			word = letters_from(word, 1);
		if (word.length == 0 && i + 1 < words->len)
			word = g_array_index(words, Letters, ++i);
		if (word.length == 0 || letters_find(word, '<') < word.length)
			continue;
		heredoc.terminator = unquote(word);
		g_array_append_val(heredocs, heredoc);
	}
	return heredocs;
}
