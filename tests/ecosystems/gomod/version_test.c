/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/version.h"
#include "tables.h"

static int order_of(const char *sign)
{
	return *sign == '<' ? -1 : *sign == '>';
}

static void versions_have_the_order_of_the_table(void)
{
	g_autoptr(GPtrArray) rows = table_rows("semver.tsv", 4);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);

		g_test_message("%s: %s %s %s", row[0], row[1], row[3], row[2]);
		g_assert_cmpint(version_compare(row[1], row[2]), ==, order_of(row[3]));
		g_assert_cmpint(version_compare(row[2], row[1]), ==, -order_of(row[3]));
	}
}

static void the_canonical_form_is_that_of_the_table(void)
{
	g_autoptr(GPtrArray) rows = table_rows("canonical.tsv", 2);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *canonical = version_canonical(row[0]);

		g_assert_cmpstr(canonical != NULL ? canonical : "", ==, row[1]);
		g_assert_cmpint(version_is_valid(row[0]), ==, canonical != NULL);
		g_assert_cmpint(version_is_canonical(row[0]), ==, strcmp(row[0], row[1]) == 0);
	}
}

static void pseudo_versions_are_taken_apart_as_in_the_table(void)
{
	g_autoptr(GPtrArray) rows = table_rows("pseudo.tsv", 3);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *base = NULL;
		g_autoptr(GDateTime) time = NULL;
		g_autofree char *text = NULL;
		g_autoptr(GError) error = NULL;
		int64_t at = 0;

		g_test_message("%s", row[0]);
		g_assert_cmpint(version_is_pseudo(row[0]), ==, row[1][0] != '\0');
		g_assert_cmpint(version_pseudo_base(row[0], &base, &error), ==,
				row[1][0] != '\0' && strcmp(row[1], "error") != 0);
		g_clear_error(&error);
		if (g_str_has_prefix(row[1], "v"))
			g_assert_cmpstr(base, ==, row[1]);
		else
			g_assert_null(base);
		g_assert_cmpint(version_pseudo_time(row[0], &at, &error), ==, row[2][0] != '\0');
		if (row[2][0] == '\0')
			continue;
		time = g_date_time_new_from_unix_utc(at);
		text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
		g_assert_cmpstr(text, ==, row[2]);
	}
}

static void pseudo_versions_are_put_together_again(void)
{
	g_autoptr(GPtrArray) rows = table_rows("pseudo.tsv", 3);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *major = version_major(row[0]), *base = NULL, *again = NULL;
		g_autofree char *revision = version_pseudo_revision(row[0]);
		int64_t at;

		g_test_message("%s", row[0]);
		if (!version_pseudo_base(row[0], &base, NULL) ||
		    !version_pseudo_time(row[0], &at, NULL))
			continue;
		again = version_pseudo_new(major, base, at, revision);
		g_assert_cmpstr(again, ==, row[0]);
	}
}

static void a_pseudo_version_follows_a_patch_of_any_length(void)
{
	static const struct {
		const char *base, *version;
	} cases[] = {
		{ "v1.2.9", "v1.2.10-0.20240102030405-abcdefabcdef" },
		{ "v1.2.99", "v1.2.100-0.20240102030405-abcdefabcdef" },
		{ "v1.2", "v1.2.1-0.20240102030405-abcdefabcdef" },
		{ "v1.2.3+meta", "v1.2.4-0.20240102030405-abcdefabcdef" },
		{ "v1.2.99999999999999999999",
		  "v1.2.100000000000000000000-0.20240102030405-abcdefabcdef" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *version =
			version_pseudo_new("v1", cases[i].base, 1704164645, "abcdefabcdef");

		g_assert_cmpstr(version, ==, cases[i].version);
	}
}

static void the_base_of_a_pseudo_version_borrows_from_the_left(void)
{
	static const struct {
		const char *version, *base;
	} cases[] = {
		{ "v1.2.10-0.20240102030405-abcdefabcdef", "v1.2.9" },
		{ "v1.2.100-0.20240102030405-abcdefabcdef", "v1.2.99" },
		{ "v1.2.1-0.20240102030405-abcdefabcdef", "v1.2.0" },
		{ "v1.2.20-0.20240102030405-abcdefabcdef", "v1.2.19" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *base = NULL;
		g_autoptr(GError) error = NULL;

		g_assert_true(version_pseudo_base(cases[i].version, &base, &error));
		g_assert_cmpstr(base, ==, cases[i].base);
	}
}

static void the_placeholder_is_a_pseudo_version_of_revision_zero(void)
{
	g_autofree char *revision = version_pseudo_revision(VERSION_PLACEHOLDER);

	g_assert_true(version_is_pseudo(VERSION_PLACEHOLDER));
	g_assert_cmpstr(revision, ==, "000000000000");
	g_assert_null(version_pseudo_revision("v1.2.3-rc.1"));
}

static void a_version_has_a_major_part(void)
{
	g_autofree char *major = version_major("v12.34.5-rc.1");

	g_assert_cmpstr(major, ==, "v12");
	g_assert_null(version_major("12.34.5"));
	g_assert_true(version_is_prerelease("v1.0.0-rc.1"));
	g_assert_false(version_is_prerelease("v1.0.0+incompatible"));
	g_assert_false(version_is_prerelease("1.0.0-rc.1"));
	g_assert_true(version_is_incompatible("v2.0.0+incompatible"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/version/have_the_order_of_the_table",
			versions_have_the_order_of_the_table);
	g_test_add_func("/gomod/version/canonical_form_is_that_of_the_table",
			the_canonical_form_is_that_of_the_table);
	g_test_add_func("/gomod/version/pseudo_versions_are_put_together_again",
			pseudo_versions_are_put_together_again);
	g_test_add_func("/gomod/version/a_pseudo_version_follows_a_patch_of_any_length",
			a_pseudo_version_follows_a_patch_of_any_length);
	g_test_add_func("/gomod/version/pseudo_versions_are_taken_apart_as_in_the_table",
			pseudo_versions_are_taken_apart_as_in_the_table);
	g_test_add_func("/gomod/version/base_of_a_pseudo_version_borrows_from_the_left",
			the_base_of_a_pseudo_version_borrows_from_the_left);
	g_test_add_func("/gomod/version/placeholder_is_a_pseudo_version_of_revision_zero",
			the_placeholder_is_a_pseudo_version_of_revision_zero);
	g_test_add_func("/gomod/version/has_a_major_part", a_version_has_a_major_part);
	return g_test_run();
}
