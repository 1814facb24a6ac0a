/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/note.h"

#include <string.h>

/* Source: gomod.md D2, D5. */
#define KEY  "sumdb.example+d9d3f5df+AVwQM6fMwz5hawYfbHTtkwPepq5PK2uCpdJXpzyVwrtm"
#define TEXT "go.sum database tree\n11\nQaB1yL2wLtswJ5s+k0SxXGkDAN34HIORoNC9iOfLtzw=\n"
#define SIGNATURE                                                                                  \
	"2dP138/UylOUn44rBbW/DHgjcxdVVyvlHJpOShA6N+Runt0jlXTKYTa+8yBmMkozkLU3I/aVKNlbJZ0zdozBOxDw" \
	"kgo="
#define DASH  "\342\200\224 "
#define LINE  DASH "sumdb.example " SIGNATURE "\n"
#define OTHER DASH "other.example 2dP138/UylOUn44rBbW/DHgjcxdVVyvlHJpOShA6N+Q=\n"

static const struct {
	const char *name, *note;
	const char *error; /* NULL: opens to TEXT */
} notes[] = {
	{ "signed", TEXT "\n" LINE, NULL },
	{ "signed_by_another_too", TEXT "\n" OTHER LINE, NULL },
	{ "signed_twice", TEXT "\n" LINE LINE, NULL },
	{ "text_changed",
	  "go.sum database tree\n12\nQaB1yL2wLtswJ5s+k0SxXGkDAN34HIORoNC9iOfLtzw=\n"
	  "\n" LINE,
	  "not genuine" },
	{ "signature_changed",
	  TEXT "\n" DASH "sumdb.example "
	       "2dP138/UylOUn44rBbW/DHgjcxdVVyvlHJpOShA6N+Runt0jlXTKYTa+8yBmMkozkLU3I/aVKNlbJZ0zdoz"
	       "BOxDwkgs=\n",
	  "not genuine" },
	{ "signature_too_short", TEXT "\n" DASH "sumdb.example 2dP138/UylOUn44rBbW/\n",
	  "not genuine" },
	{ "another_key_of_the_name",
	  TEXT "\n" DASH "sumdb.example "
	       "2dP128/UylOUn44rBbW/DHgjcxdVVyvlHJpOShA6N+Runt0jlXTKYTa+8yBmMkozkLU3I/aVKNlbJZ0zdoz"
	       "BOxDwkgo=\n",
	  "not signed by the key" },
	{ "another_name", TEXT "\n" DASH "sumdb.sample " SIGNATURE "\n", "not signed by the key" },
	{ "no_signature", TEXT "\n", "no signed note" },
	{ "no_empty_line", TEXT LINE, "no signed note" },
	{ "no_line_end", TEXT "\n" DASH "sumdb.example " SIGNATURE, "no signed note" },
	{ "no_dash", TEXT "\n- sumdb.example " SIGNATURE "\n", "no signed note" },
	{ "no_base64", TEXT "\n" DASH "sumdb.example !!!\n", "no signed note" },
	{ "a_control_character", "\001" TEXT "\n" LINE, "no signed note" },
	{ "no_utf8", "\377" TEXT "\n" LINE, "no signed note" },
	{ "empty", "", "no signed note" },
};

static void a_note_opens_if_the_key_has_signed_it(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autoptr(GError) error = NULL;
	g_autoptr(NoteKey) key = notekey_parse(KEY, &error);
	g_autofree char *text = NULL;

	g_assert_no_error(error);
	text = note_open(notes[i].note, strlen(notes[i].note), key, &error);
	if (notes[i].error == NULL) {
		g_assert_no_error(error);
		g_assert_cmpstr(text, ==, TEXT);
		return;
	}
	g_assert_error(error, FAILURE, FAILURE_NET);
	g_test_message("%s: %s", notes[i].name, error->message);
	g_assert_nonnull(strstr(error->message, notes[i].error));
}

static void a_hundred_signatures_are_enough(void)
{
	g_autoptr(NoteKey) key = notekey_parse(KEY, NULL);
	g_autoptr(GString) note = g_string_new(TEXT "\n");
	g_autofree char *text = NULL;

	for (int i = 0; i < 100; i++)
		g_string_append(note, OTHER);
	g_string_append(note, LINE);
	text = note_open(note->str, note->len, key, NULL);
	g_assert_null(text);
}

static void a_key_is_checked_against_its_hash(void)
{
	static const struct {
		const char *text, *error;
	} keys[] = {
		{ KEY, NULL },
		{ "sumdb.sample+d9d3f5df+AVwQM6fMwz5hawYfbHTtkwPepq5PK2uCpdJXpzyVwrtm",
		  "another hash" },
		{ "sumdb.example+d9d3f5de+AVwQM6fMwz5hawYfbHTtkwPepq5PK2uCpdJXpzyVwrtm",
		  "another hash" },
		{ "sumdb.example+9d3f5df+AVwQM6fMwz5hawYfbHTtkwPepq5PK2uCpdJXpzyVwrtm",
		  "is no key" },
		{ "sumdb.example+d9d3f5df", "is no key" },
		{ "sumdb.example", "is no key" },
		{ "+d9d3f5df+AVwQM6fMwz5hawYfbHTtkwPepq5PK2uCpdJXpzyVwrtm", "is no key" },
		{ "sum db+d9d3f5df+AVwQM6fMwz5hawYfbHTtkwPepq5PK2uCpdJXpzyVwrtm", "is no key" },
		{ "sumdb.example+d9d3f5df+!", "is no key" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(NoteKey) key = notekey_parse(keys[i].text, &error);

		g_test_message("%s", keys[i].text);
		g_assert_cmpint(key != NULL, ==, keys[i].error == NULL);
		if (keys[i].error != NULL)
			g_assert_nonnull(strstr(error->message, keys[i].error));
		else
			g_assert_cmpstr(key->name, ==, "sumdb.example");
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(notes); i++) {
		g_autofree char *path = g_strdup_printf("/gomod/note/%s", notes[i].name);

		g_test_add_data_func(path, GUINT_TO_POINTER(i),
				     a_note_opens_if_the_key_has_signed_it);
	}
	g_test_add_func("/gomod/note/hundred_signatures_are_enough",
			a_hundred_signatures_are_enough);
	g_test_add_func("/gomod/note/key_is_checked_against_its_hash",
			a_key_is_checked_against_its_hash);
	return g_test_run();
}
