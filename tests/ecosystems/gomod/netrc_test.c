/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "ecosystems/gomod/netrc.h"

static const struct {
	const char *name, *text;
	const char *entries; /* "host login password" each, joined by ", " */
} cases[] = {
	{ "one_line", "machine a.example login u password p\n", "a.example u p" },
	{ "several_lines", "machine a.example\n\tlogin u\r\n  password p", "a.example u p" },
	{ "any_order", "machine a.example password p login u\n", "a.example u p" },
	{ "two", "machine a login u password p\nmachine b login v password q\n", "a u p, b v q" },
	{ "account_is_skipped", "machine a login u account x password p\n", "a u p" },
	{ "an_incomplete_entry_is_none", "machine a login u\nmachine b login v password q\n",
	  "b v q" },
	{ "default_ends_it", "default\nmachine a login u password p\n", "" },
	{ "default_with_more_on_its_line_is_skipped",
	  "default login u password p\nmachine a login u password p\n", "a u p" },
	{ "a_macro_ends_at_a_blank_line",
	  "macdef init\nmachine a login u password p\n\nmachine b login v password q\n", "b v q" },
	{ "a_lone_word", "machine", "" },
	{ "empty", "", "" },
	{ "host_in_lower_case", "machine A.Example login U password P\n", "a.example U P" },
};

static void entries_are_read_as_go_reads_them(gconstpointer data)
{
	const guint i = GPOINTER_TO_UINT(data);
	g_autoptr(GPtrArray) entries = netrc_parse(cases[i].text);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint e = 0; e < entries->len; e++) {
		const Credential *entry = g_ptr_array_index(entries, e);

		g_string_append_printf(text, "%s%s %s %s", e > 0 ? ", " : "", entry->host,
				       entry->username, secret_reveal(entry->secret));
	}
	g_assert_cmpstr(text->str, ==, cases[i].entries);
}

static void a_file_that_is_not_there_has_no_entries(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) entries = netrc_read("/nonexistent/netrc", &error);

	g_assert_no_error(error);
	g_assert_cmpint(entries->len, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/gomod/netrc/%s", cases[i].name);

		g_test_add_data_func(path, GUINT_TO_POINTER(i), entries_are_read_as_go_reads_them);
	}
	g_test_add_func("/gomod/netrc/file_that_is_not_there_has_no_entries",
			a_file_that_is_not_there_has_no_entries);
	return g_test_run();
}
