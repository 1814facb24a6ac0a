/* SPDX-License-Identifier: MIT */
/* `inspect tag TEXT`: how a tag is read (docker.md 4.3). */
#include "ecosystems/docker/tag.h"
#include "worker/inspect.h"

/* The greatest integer that every reader of JSON keeps exactly. */
#define MAX_SAFE ((G_GUINT64_CONSTANT(1) << 53) - 1)

static const char *const prerelease_words[] = { "dev", "alpha", "preview", "beta", "rc", NULL };

/* A number that may be too long for a reader's integers is given as text. */
static void append_numbers(Json *array, Numbers numbers)
{
	for (Numbers number = numbers_next(&numbers); number.length > 0;
	     number = numbers_next(&numbers)) {
		g_autofree char *text = g_strndup(number.text, number.length);
		guint64 value;

		if (g_ascii_string_to_unsigned(text, 10, 0, MAX_SAFE, &value, NULL))
			json_append_integer(array, (int64_t)value);
		else
			json_append_string(array, text);
	}
}

static Json *revisions_json(const Tag *tag)
{
	Json *array = json_new_array();

	for (int i = 0; i < tag->revision_count; i++) {
		Json *revision = json_new_object(), *numbers = json_new_array();
		char sort[] = { tag->revisions[i].sort, '\0' };

		append_numbers(numbers, tag->revisions[i].numbers);
		json_set_string(revision, "class", sort);
		json_set(revision, "numbers", numbers);
		json_append(array, revision);
	}
	return array;
}

static void set_prerelease(Json *json, const Tag *tag)
{
	g_autofree char *text = NULL;

	if (prerelease_words[tag->prerelease] != NULL)
		text = g_strdup_printf("%s%.*s", prerelease_words[tag->prerelease],
				       (int)tag->prerelease_number.length,
				       tag->prerelease_number.text);
	json_set_string(json, "prerelease", text);
}

static void set_os(Json *json, const Tag *tag)
{
	g_autofree char *release = g_strndup(tag->os_release.text, tag->os_release.length);
	Json *os;

	if (tag->os == NULL) {
		json_set_null(json, "os");
		return;
	}
	os = json_new_object();
	json_set_string(os, "distribution", tag->os);
	json_set_string(os, "release", release);
	json_set(json, "os", os);
}

Json *inspect_tag(const Invocation *invocation, const char *text, GBytes *bytes, End *end,
		  GError **error)
{
	g_autoptr(Tag) tag = tag_parse(text, NULL, false);
	Json *json, *core, *words;

	(void)invocation;
	(void)bytes;
	(void)end;
	if (tag == NULL)
		return fail_null(error, FAILURE_INPUT,
				 "'%s' is no tag: 1 to 128 of A-Z a-z 0-9 _ . -, "
				 "the first neither . nor -",
				 text);
	json = json_new_object();
	core = json_new_array();
	words = json_new_array();
	append_numbers(core, tag->core);
	for (guint i = 0; i < tag->words->len; i++)
		json_append_string(words, g_ptr_array_index(tag->words, i));
	json_set_string(json, "tag", tag->text);
	json_set_string(json, "kind", tag_kind_word(tag->kind));
	json_set_string(json, "prefix", tag->prefix);
	json_set(json, "core", core);
	set_prerelease(json, tag);
	json_set(json, "revisions", revisions_json(tag));
	json_set(json, "words", words);
	set_os(json, tag);
	return json;
}
