/* SPDX-License-Identifier: MIT */
/* Both kinds are lines of words between blanks: a list has its cursor in the first
 * line, then a tag a line, with digest (without "sha256:") and push date where they
 * are known; a content has "index" or "manifest" in the first line, then a platform
 * a line. "-" stands for nothing. */
#include "ecosystems/docker/kept.h"

#include "store/cache.h"

#include <string.h>

/* The share of the answer cache is the settings' business; this only bounds one. */
#define MOST_BYTES (INT64_C(1) << 30)

static const char algorithm[] = "sha256:";

static char *list_name(const char *from, const char *key)
{
	return g_strdup_printf("docker list %s %s", from, key);
}

static char *content_name(const Content *content)
{
	return g_strdup_printf("docker content %s", content->digest);
}

/* The lines of what is kept under `name`; NULL if nothing is. The caller's. */
static char **find_lines(const World *w, const char *name)
{
	g_autoptr(CachedAnswer) answer = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	const void *bytes;
	gsize length;

	if (!cache_find(w->store, name, &answer, &error))
		g_debug("what is kept cannot be read: %s", error->message);
	if (answer == NULL || answer->body == NULL)
		return NULL;
	bytes = g_bytes_get_data(answer->body, &length);
	text = g_strndup(bytes != NULL ? bytes : "", length); /* NULL: no bytes */
	return g_strsplit(text, "\n", -1);
}

static bool put_lines(const World *w, const char *name, GString *lines, GError **error)
{
	g_autoptr(CachedAnswer) answer = cached_answer_new();

	answer->body = g_bytes_new(lines->str, lines->len);
	answer->stored_at = w->now;
	return cache_keep(w->store, name, answer, MOST_BYTES, w->now, error);
}

static bool read_number(const char *text, int64_t *number)
{
	guint64 value = 0;

	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &value, NULL))
		return false;
	*number = (int64_t)value;
	return true;
}

static bool read_cursor(const char *line, Cursor *cursor)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	return g_strv_length(words) == 3 && read_number(words[0], &cursor->count) &&
	       read_number(words[1], &cursor->newest_at) &&
	       read_number(words[2], &cursor->listed_at);
}

/* A tag that the offer has already is known better there. */
static void read_tag(Offer *offer, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	Release *release = words[0] != NULL ? listing_add(offer, words[0]) : NULL;

	if (release == NULL || g_strv_length(words) != 3 ||
	    !read_number(words[2], &release->published_at))
		return;
	release->digest = g_strconcat(algorithm, words[1], NULL);
	release->is_described = release->published_at > 0;
}

bool kept_list(const World *w, const char *from, const char *key, Offer *offer, Cursor *cursor)
{
	g_autofree char *name = list_name(from, key);
	g_auto(GStrv) lines = find_lines(w, name);

	if (lines == NULL || lines[0] == NULL || !read_cursor(lines[0], cursor))
		return false;
	for (char **line = lines + 1; offer != NULL && *line != NULL; line++)
		if (**line != '\0')
			read_tag(offer, *line);
	return true;
}

bool kept_put_list(const World *w, const char *from, const Offer *offer, const Cursor *cursor,
		   GError **error)
{
	g_autofree char *name = list_name(from, offer->key);
	g_autoptr(GString) lines = g_string_new(NULL);

	g_string_printf(lines, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
			cursor->count, cursor->newest_at, cursor->listed_at);
	for (guint i = 0; i < offer->releases->len; i++) {
		const Release *release = g_ptr_array_index(offer->releases, i);

		g_string_append(lines, release->version);
		if (release->digest != NULL && g_str_has_prefix(release->digest, algorithm))
			g_string_append_printf(lines, " %s %" G_GINT64_FORMAT,
					       release->digest + strlen(algorithm),
					       release->published_at);
		g_string_append_c(lines, '\n');
	}
	return put_lines(w, name, lines, error);
}

static const char *word(const char *text)
{
	return strcmp(text, "-") == 0 ? NULL : text;
}

bool kept_content(const World *w, Content *content)
{
	g_autofree char *name = content_name(content);
	g_auto(GStrv) lines = find_lines(w, name);

	if (lines == NULL || lines[0] == NULL)
		return false;
	content->is_whole = true;
	content->is_index = strcmp(lines[0], "index") == 0;
	for (char **line = lines + 1; *line != NULL; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", -1);

		if (g_strv_length(words) == 5)
			content_add_platform(content, words[0], words[1], word(words[2]),
					     word(words[3]), word(words[4]));
	}
	return true;
}

static const char *dash(const char *text)
{
	return text != NULL ? text : "-";
}

bool kept_put_content(const World *w, const Content *content, GError **error)
{
	g_autofree char *name = content_name(content);
	g_autoptr(GString) lines = g_string_new(content->is_index ? "index\n" : "manifest\n");

	for (guint i = 0; i < content->platforms->len; i++) {
		const Platform *platform = g_ptr_array_index(content->platforms, i);

		g_string_append_printf(lines, "%s %s %s %s %s\n", platform->os,
				       platform->architecture, dash(platform->variant),
				       dash(platform->os_version), dash(platform->digest));
	}
	return put_lines(w, name, lines, error);
}
