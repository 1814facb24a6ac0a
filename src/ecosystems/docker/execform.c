/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/execform.h"

#include <string.h>

typedef struct {
	Letters rest;
	GString *open;  /* brackets and braces not closed yet */
	bool has_other; /* an element of the outer array is no string */
} JsonReader;

static char json_peek(JsonReader *reader)
{
	while (reader->rest.length > 0 && strchr(" \t\r\n", reader->rest.first[0].byte) != NULL)
		reader->rest = letters_from(reader->rest, 1);
	return reader->rest.length > 0 ? reader->rest.first[0].byte : '\0';
}

static bool json_take(JsonReader *reader, const char *text)
{
	if (!letters_begin(reader->rest, text))
		return false;
	reader->rest = letters_from(reader->rest, strlen(text));
	return true;
}

/* A string, its opening quote included. */
static bool json_string(JsonReader *reader)
{
	if (!json_take(reader, "\""))
		return false;
	while (reader->rest.length > 0) {
		unsigned char c = (unsigned char)reader->rest.first[0].byte;

		reader->rest = letters_from(reader->rest, 1);
		if (c == '"')
			return true;
		if (c < ' ')
			return false;
		if (c != '\\')
			continue;
		if (json_take(reader, "u")) {
			for (int i = 0; i < 4; i++) {
				if (reader->rest.length == 0 ||
				    !g_ascii_isxdigit(reader->rest.first[0].byte))
					return false;
				reader->rest = letters_from(reader->rest, 1);
			}
		} else if (reader->rest.length == 0 ||
			   strchr("\"\\/bfnrt", reader->rest.first[0].byte) == NULL) {
			return false;
		} else {
			reader->rest = letters_from(reader->rest, 1);
		}
	}
	return false;
}

static size_t json_digits(JsonReader *reader)
{
	size_t count = 0;

	while (count < reader->rest.length && g_ascii_isdigit(reader->rest.first[count].byte))
		count++;
	reader->rest = letters_from(reader->rest, count);
	return count;
}

static bool json_number(JsonReader *reader)
{
	json_take(reader, "-");
	if (!json_take(reader, "0") && json_digits(reader) == 0)
		return false;
	if (json_take(reader, ".") && json_digits(reader) == 0)
		return false;
	if (json_take(reader, "e") || json_take(reader, "E")) {
		if (!json_take(reader, "-"))
			json_take(reader, "+");
		return json_digits(reader) > 0;
	}
	return true;
}

/* A string, number or word. */
static bool json_scalar(JsonReader *reader)
{
	char c = json_peek(reader);

	if (c == '"')
		return json_string(reader);
	return json_take(reader, "true") || json_take(reader, "false") ||
	       json_take(reader, "null") || json_number(reader);
}

/* The name and colon of an object's member. */
static bool json_name(JsonReader *reader)
{
	json_peek(reader);
	return json_string(reader) && json_peek(reader) == ':' && json_take(reader, ":");
}

/* What follows a value: closes what ends here; true at the next value's place
 * or when all is closed. */
static bool json_after_value(JsonReader *reader)
{
	while (reader->open->len > 0) {
		char opener = reader->open->str[reader->open->len - 1];
		char c = json_peek(reader);

		if (c == ',') {
			json_take(reader, ",");
			return opener == '[' || json_name(reader);
		}
		if (c != (opener == '[' ? ']' : '}'))
			return false;
		reader->rest = letters_from(reader->rest, 1);
		g_string_truncate(reader->open, reader->open->len - 1);
	}
	return true;
}

/* Reads one array and all in it, without recursion. */
static bool json_array_read(JsonReader *reader)
{
	do {
		char c = json_peek(reader);

		reader->has_other |= reader->open->len == 1 && c != '"' && c != ']';
		if (c == '[' || c == '{') {
			const char *closer = c == '[' ? "]" : "}";

			g_string_append_c(reader->open, c);
			reader->rest = letters_from(reader->rest, 1);
			if (json_peek(reader) != *closer) {
				if (c == '{' && !json_name(reader))
					return false;
				continue;
			}
		} else if (!json_scalar(reader)) {
			return false;
		}
		if (!json_after_value(reader))
			return false;
	} while (reader->open->len > 0);
	return true;
}

Form arguments_form(Letters arguments)
{
	g_autoptr(GString) open = g_string_new(NULL);
	JsonReader reader = { arguments, open, false };

	if (!letters_begin(arguments, "[") || !json_array_read(&reader))
		return FORM_SHELL;
	return reader.has_other ? FORM_BROKEN : FORM_EXEC;
}
