/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "net"

#include "net/record.h"

#include "base/json.h"
#include "net/headers.h"

#include <string.h>
#include <unistd.h>

struct Recorder {
	char *directory;
	unsigned count;
};

Recorder *recorder_new(const char *directory)
{
	Recorder *recorder;

	if (directory == NULL)
		return NULL;
	if (g_mkdir_with_parents(directory, 0700) != 0)
		g_debug("'%s' cannot be made", directory);
	recorder = g_new0(Recorder, 1);
	recorder->directory = g_strdup(directory);
	return recorder;
}

void recorder_free(Recorder *recorder)
{
	if (recorder == NULL)
		return;
	g_free(recorder->directory);
	g_free(recorder);
}

static bool is_telling(const char *word, size_t length)
{
	static const char *const parts[] = { "token",     "secret",     "passw",
					     "signature", "credential", "authorization" };
	static const char *const wholes[] = { "sig", "verify", "jwt", "auth" };
	g_autofree char *name = g_ascii_strdown(word, (gssize)length);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (strstr(name, parts[i]) != NULL)
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(wholes); i++)
		if (strcmp(name, wholes[i]) == 0)
			return true;
	return false;
}

/* The value that belongs to the name ending at `p`: "name=value" or
 * "\"name\": \"value\"". NULL if there is none; `*end` is where it ends. */
static const char *value_after(const char *p, const char **end)
{
	const char *value;

	if (*p == '=') {
		value = p + 1;
		*end = value + strcspn(value, "&#\"' <>;,\r\n");
		return value;
	}
	if (*p != '"')
		return NULL;
	p += 1 + strspn(p + 1, " \t\r\n");
	if (*p != ':')
		return NULL;
	p += 1 + strspn(p + 1, " \t\r\n");
	if (*p != '"')
		return NULL;
	value = p + 1;
	for (p = value; *p != '\0' && *p != '"'; p++)
		if (*p == '\\' && p[1] != '\0')
			p++;
	*end = p;
	return value;
}

static bool is_word(char byte)
{
	return g_ascii_isalnum(byte) || byte == '_' || byte == '-';
}

char *record_scrub(const char *text)
{
	GString *clean = g_string_new(NULL);
	const char *p = text;

	while (*p != '\0') {
		const char *word = p, *value, *end = NULL;

		while (is_word(*p))
			p++;
		value = p > word && is_telling(word, (size_t)(p - word)) ? value_after(p, &end)
									 : NULL;
		if (value != NULL) {
			g_string_append_len(clean, word, value - word);
			g_string_append(clean, "…");
			p = end;
		} else {
			p += p == word ? 1 : 0;
			g_string_append_len(clean, word, p - word);
		}
	}
	return g_string_free(clean, FALSE);
}

static Json *scrubbed_list(const GPtrArray *headers)
{
	Json *list = json_new_array();

	for (guint i = 0; i < headers->len; i++) {
		const char *line = g_ptr_array_index(headers, i);
		g_autofree char *clean = header_is(line, "set-cookie") ? g_strdup("set-cookie: …")
								       : record_scrub(line);

		json_append_string(list, clean);
	}
	return list;
}

static void set_body(Json *record, const GByteArray *body)
{
	const char *bytes = (const char *)body->data;
	g_autofree char *text = NULL;

	if (body->len == 0)
		return;
	if (memchr(bytes, '\0', body->len) == NULL && g_utf8_validate(bytes, body->len, NULL)) {
		g_autofree char *raw = g_strndup(bytes, body->len);

		text = record_scrub(raw);
		json_set_string(record, "body", text);
	} else {
		text = g_base64_encode(body->data, body->len);
		json_set_string(record, "body_base64", text);
	}
}

static const char *method_of(const HttpRequest *request)
{
	static const char *const words[] = {
		[HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
		[HTTP_PUT] = "PUT", [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
	};

	return words[request->method];
}

void recorder_write(Recorder *recorder, const Transfer *t)
{
	g_autoptr(Json) record = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *url = NULL, *text = NULL, *path = NULL;

	if (recorder == NULL)
		return;
	record = json_new_object();
	url = record_scrub(t->plan.url);
	json_set_string(record, "method", method_of(t->request));
	json_set_string(record, "url", url);
	if (t->plan.is_ours)
		json_set(record, "request_headers", scrubbed_list(t->request->headers));
	json_set_integer(record, "status", t->status);
	json_set(record, "headers", scrubbed_list(t->headers));
	set_body(record, t->body);
	text = json_print(record);
	path = g_strdup_printf("%s/%d-%06u.json", recorder->directory, (int)getpid(),
			       ++recorder->count);
	if (!g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error))
		g_debug("%s", error->message);
}
