/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/tag.h"
#include "tables.h"
#include "upkeepd/world.h"

static const char *const stages[] = { "dev", "alpha", "preview", "beta", "candidate", "final" };

static char *numbers_text(Numbers numbers)
{
	return g_strndup(numbers.text != NULL ? numbers.text : "", numbers.length);
}

static char *revisions_text(const Tag *tag)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < tag->revision_count; i++)
		g_string_append_printf(text, "%s%c%.*s", i > 0 ? " " : "", tag->revisions[i].sort,
				       (int)tag->revisions[i].numbers.length,
				       tag->revisions[i].numbers.text);
	return g_string_free(text, FALSE);
}

static void a_tag_is_read_into_its_parts(gconstpointer data)
{
	char **row = (char **)data;
	g_autoptr(Tag) tag = tag_parse(row[0], NULL, false);
	g_autofree char *core = numbers_text(tag->core), *java = numbers_text(tag->java_update),
			*number = numbers_text(tag->prerelease_number),
			*revisions = revisions_text(tag), *release = numbers_text(tag->os_release),
			*words = NULL, *os = NULL, *prerelease = NULL;

	g_ptr_array_add(tag->words, NULL);
	words = g_strjoinv(" ", (char **)tag->words->pdata);
	g_ptr_array_set_size(tag->words, (gint)tag->words->len - 1);
	os = g_strstrip(g_strjoin(" ", tag->os != NULL ? tag->os : "", release, NULL));
	prerelease = g_strconcat(stages[tag->prerelease], number, NULL);
	g_assert_cmpstr(tag_kind_word(tag->kind), ==, row[1]);
	g_assert_cmpstr(tag->prefix, ==, row[2]);
	g_assert_cmpstr(core, ==, row[3]);
	g_assert_cmpstr(java, ==, row[4]);
	g_assert_cmpstr(prerelease, ==, row[5]);
	g_assert_cmpstr(revisions, ==, row[6]);
	g_assert_cmpstr(g_strstrip(words), ==, row[7]);
	g_assert_cmpstr(os, ==, row[8]);
}

static const struct {
	const char *lower, *higher;
} orders[] = {
	{ "1.9.7", "1.10.0" },
	{ "1.22rc1", "1.22" },
	{ "1.22rc2", "1.22rc10" },
	{ "1.22rc", "1.22rc1" },
	{ "3.2-dev5", "3.2-alpha1" },
	{ "1.0-alpha1", "1.0-preview1" },
	{ "1.0-preview1", "1.0-beta1" },
	{ "1.0-beta9", "1.0-rc1" },
	{ "8u402-b06", "8u402-b07" },
	{ "8u99-b07", "8u402-b06" },
	{ "7.2-0.1", "7.2-0.3" },
	{ "7.2-0.3", "7.2-0.3.1" },
	{ "1803-KB4487017", "1803-KB4505057" },
	{ "17.0.1_9", "17.0.1_12" },
	{ "2024-01", "2024-02" },
	{ "RELEASE.2024-01-16T16-07-38Z", "RELEASE.2024-01-16T16-07-39Z" },
	{ "99999999999999999999998", "99999999999999999999999" },
	{ "1.0.0099999999999999999999998", "1.0.99999999999999999999999" },
	{ "9999999", "10000000" },
};

static void numbers_decide_the_order(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
		g_autoptr(Tag) lower = tag_parse(orders[i].lower, NULL, false);
		g_autoptr(Tag) higher = tag_parse(orders[i].higher, NULL, false);

		g_test_message("%s < %s", orders[i].lower, orders[i].higher);
		g_assert_cmpstr(lower->line, ==, higher->line);
		g_assert_cmpint(tag_compare(lower, higher), <, 0);
		g_assert_cmpint(tag_compare(higher, lower), >, 0);
		g_assert_cmpint(tag_compare(lower, lower), ==, 0);
	}
}

static const struct {
	const char *a, *b;
	bool is_comparable;
} lines[] = {
	{ "1.21.6-alpine", "1.22.0-alpine", true },
	{ "1.21.6-alpine", "1.22-alpine", false },
	{ "1.21.6-alpine3.19", "1.22.0-alpine3.20", true },
	{ "1.21.6-alpine3.19", "1.22.0-alpine", false },
	{ "1.21.6-bookworm", "1.22.0-trixie", true },
	{ "1.21.6-bookworm", "1.22.0-debian12", false },
	{ "1.21.6-bookworm", "1.22.0-jammy", false },
	{ "1.21.6-slim-bookworm", "1.22.0-bookworm-slim", false },
	{ "1.2.3-debian-12-r5", "1.2.4-debian-12-r0", true },
	{ "1.2.3-debian-12-r5", "1.2.4", false },
	{ "v1.5.0", "1.6.0", true },
	{ "20260713", "3.24", false },
	{ "20260713", "20260805", true },
	{ "1.7.2-abcdef1", "1.7.3-0123abc", true },
	{ "7.2-0.1", "7.2-ed7eee0", false },
	{ "4.8.1-windowsservercore-ltsc2022", "4.8.1-20251014-windowsservercore-ltsc2022", false },
	{ "1.0-3", "1.0-20240101", false },
	{ "8u402-b06", "8-b06", false },
	{ "1.21.6-Alpine", "1.22.0-alpine", true },
	{ "jdk-11.0.2", "jre-11.0.2", false },
	{ "latest", "1.0", false },
};

static void a_line_is_all_but_the_numbers(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autoptr(Tag) a = tag_parse(lines[i].a, NULL, false);
		g_autoptr(Tag) b = tag_parse(lines[i].b, NULL, false);

		g_test_message("%s, %s: %s, %s", lines[i].a, lines[i].b, a->line, b->line);
		g_assert_cmpint(tag_is_comparable(a, b), ==, lines[i].is_comparable);
		g_assert_cmpint(tag_is_comparable(b, a), ==, lines[i].is_comparable);
	}
}

static const struct {
	const char *text;
	bool is_valid;
} grammar[] = {
	{ "1.0", true },   { "_x", true },   { "", false },         { ".1", false },
	{ "-1", false },   { "1+2", false }, { "1/2", false },      { "1\n", false },
	{ "Z-_.9", true }, { "1:2", false }, { "\xc3\xa4", false },
};

static void what_is_no_tag_is_refused(void)
{
	g_autofree char *longest = g_strnfill(128, '1'), *longer = g_strnfill(129, '1');

	for (size_t i = 0; i < G_N_ELEMENTS(grammar); i++)
		g_assert_cmpint(tag_is_valid(grammar[i].text), ==, grammar[i].is_valid);
	g_assert_true(tag_is_valid(longest));
	g_assert_false(tag_is_valid(longer));
	g_assert_null(tag_parse("1+2", NULL, false));
}

static void a_codename_is_a_version_where_told(void)
{
	g_autoptr(Tag) bookworm = tag_parse("bookworm-slim", NULL, true);
	g_autoptr(Tag) trixie = tag_parse("trixie-slim", NULL, true);
	g_autoptr(Tag) whole = tag_parse("trixie", NULL, true);
	g_autoptr(Tag) jammy = tag_parse("jammy-slim", NULL, true);

	g_assert_cmpint(bookworm->kind, ==, TAG_CODENAME);
	g_assert_true(tag_is_comparable(bookworm, trixie));
	g_assert_cmpint(tag_compare(bookworm, trixie), <, 0);
	g_assert_cmpstr(bookworm->line, !=, whole->line);
	g_assert_cmpstr(bookworm->line, !=, jammy->line);
}

static void a_channel_and_a_windows_host_are_known(void)
{
	g_autoptr(Tag) rc = tag_parse("3.4-rc-slim", NULL, false);
	g_autoptr(Tag) nightly = tag_parse("nightly-20240101", NULL, false);
	g_autoptr(Tag) plain = tag_parse("1.2.3-slim", NULL, false);
	g_autoptr(Tag) windows = tag_parse("1.2.3-nanoserver-ltsc2022", NULL, false);

	g_assert_true(rc->is_channel);
	g_assert_true(nightly->is_channel);
	g_assert_false(plain->is_channel);
	g_assert_false(plain->is_windows);
	g_assert_true(windows->is_windows);
}

static void codenames_of_the_settings_come_first(void)
{
	char *words[] = { (char[]){ "forky" }, (char[]){ "14.5" }, (char[]){ "wombat" },
			  (char[]){ "30.04" } };
	Codename forky = { words[0], words[1], NULL }, wombat = { words[2], NULL, words[3] };
	g_autoptr(GPtrArray) codenames = g_ptr_array_new();
	g_autoptr(Tag) old = NULL, new = NULL, changed = NULL, unknown = NULL;

	g_ptr_array_add(codenames, &forky);
	g_ptr_array_add(codenames, &wombat);
	old = tag_parse("1.0-noble", codenames, false);
	new = tag_parse("1.0-wombat", codenames, false);
	changed = tag_parse("1.0-forky", codenames, false);
	unknown = tag_parse("1.0-wombat", NULL, false);
	g_assert_cmpstr(old->line, ==, new->line);
	g_assert_cmpint(tag_compare_os(old, new), <, 0);
	g_assert_cmpint((int)changed->os_release.length, ==, 4);
	g_assert_null(unknown->os);
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) rows = NULL;

	g_test_init(&argc, &argv, NULL);
	rows = table_rows("tags.tsv", 9);
	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *path = g_strdup_printf("/docker/tag/parts/%s", row[0]);

		g_test_add_data_func(path, row, a_tag_is_read_into_its_parts);
	}
	g_test_add_func("/docker/tag/numbers_decide_the_order", numbers_decide_the_order);
	g_test_add_func("/docker/tag/a_line_is_all_but_the_numbers", a_line_is_all_but_the_numbers);
	g_test_add_func("/docker/tag/what_is_no_tag_is_refused", what_is_no_tag_is_refused);
	g_test_add_func("/docker/tag/a_codename_is_a_version_where_told",
			a_codename_is_a_version_where_told);
	g_test_add_func("/docker/tag/a_channel_and_a_windows_host_are_known",
			a_channel_and_a_windows_host_are_known);
	g_test_add_func("/docker/tag/codenames_of_the_settings_come_first",
			codenames_of_the_settings_come_first);
	return g_test_run();
}
