/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/netrc.h"

#include "base/secret.h"
#include "upkeepd/limits.h"

#include <string.h>
#include <sys/stat.h>

#define BLANKS " \t\r\v\f"

/* The next word of a line, which need not end in NUL; `*length` 0 at its end. */
static const char *next_word(const char **p, const char *end, size_t *length)
{
	const char *word;

	while (*p < end && strchr(BLANKS, **p) != NULL)
		(*p)++;
	word = *p;
	while (*p < end && strchr(BLANKS, **p) == NULL)
		(*p)++;
	*length = (size_t)(*p - word);
	return word;
}

static bool is_word(const char *word, size_t length, const char *text)
{
	return length == strlen(text) && memcmp(word, text, length) == 0;
}

/* What has been read of an entry; the words stay where they are in the text. */
typedef struct {
	const char *machine, *login, *password;
	size_t machine_length, login_length, password_length;
} Entry;

static void add_if_complete(GPtrArray *entries, Entry *entry)
{
	Credential *credential;

	if (entry->machine_length == 0 || entry->login_length == 0 || entry->password_length == 0)
		return;
	credential = g_new0(Credential, 1);
	credential->host = g_ascii_strdown(entry->machine, (gssize)entry->machine_length);
	credential->username = g_strndup(entry->login, entry->login_length);
	credential->secret = secret_new(entry->password, entry->password_length);
	g_ptr_array_add(entries, credential);
	*entry = (Entry){ 0 };
}

/* One line: pairs of words. Sets what ends more than the line. */
static void parse_line(GPtrArray *entries, Entry *entry, const char *p, const char *end,
		       bool *is_in_macro, bool *is_at_default)
{
	for (;;) {
		size_t key_length, length;
		const char *key = next_word(&p, end, &key_length);
		const char *word = next_word(&p, end, &length);

		*is_at_default |= length == 0 && is_word(key, key_length, "default");
		if (length == 0)
			return;
		if (is_word(key, key_length, "machine"))
			*entry = (Entry){ .machine = word, .machine_length = length };
		else if (is_word(key, key_length, "macdef"))
			*is_in_macro = true;
		if (is_word(key, key_length, "login")) {
			entry->login = word;
			entry->login_length = length;
		} else if (is_word(key, key_length, "password")) {
			entry->password = word;
			entry->password_length = length;
		}
		add_if_complete(entries, entry);
	}
}

GPtrArray *netrc_parse(const char *text)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)credential_free);
	Entry entry = { 0 };
	bool is_in_macro = false, is_at_default = false;

	for (const char *line = text; *line != '\0' && !is_at_default;) {
		const char *end = strchrnul(line, '\n');

		if (is_in_macro)
			is_in_macro = end > line;
		else
			parse_line(entries, &entry, line, end, &is_in_macro, &is_at_default);
		line = *end == '\n' ? end + 1 : end;
	}
	return entries;
}

GPtrArray *netrc_read(const char *path, GError **error)
{
	g_autofree char *standard = NULL;
	char *text;
	gsize length;
	struct stat status;
	GPtrArray *entries;

	if (path == NULL || *path == '\0')
		path = standard = g_build_filename(g_get_home_dir(), ".netrc", NULL);
	if (stat(path, &status) != 0)
		return netrc_parse("");
	if (status.st_size > LIMIT_CONFIG)
		return fail_null(error, FAILURE_CONFIG, "'%s' has more than %d bytes", path,
				 LIMIT_CONFIG);
	if (!g_file_get_contents(path, &text, &length, NULL))
		return fail_null(error, FAILURE_CONFIG, "'%s' cannot be read", path);
	entries = netrc_parse(text);
	explicit_bzero(text, length);
	g_free(text);
	return entries;
}
