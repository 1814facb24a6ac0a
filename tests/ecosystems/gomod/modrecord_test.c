/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modrecord.h"

#include <string.h>

static GBytes *record_of(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(GError) error = NULL;
	g_autoptr(ModFile) file = modfile_parse("go.mod", bytes, MODFILE_DEPENDENCY, &error);

	g_assert_no_error(error);
	return modrecord_new(file, "h1:sum");
}

static void what_was_written_is_read(void)
{
	g_autoptr(GBytes) bytes = record_of("module m.n/o\n\ngo 1.20\n\nrequire (\n\ta.b/c v1.0.0\n"
					    "\ta.b/d v2.0.0+incompatible // indirect\n)\n");
	const char *path, *version;
	ModRecord record;

	g_assert_true(modrecord_open(bytes, &record));
	g_assert_cmpstr(record.sum, ==, "h1:sum");
	g_assert_cmpstr(record.module, ==, "m.n/o");
	g_assert_cmpstr(record.go, ==, "1.20");
	g_assert_true(modrecord_next(&record, &path, &version));
	g_assert_cmpstr(path, ==, "a.b/c");
	g_assert_cmpstr(version, ==, "v1.0.0");
	g_assert_true(modrecord_next(&record, &path, &version));
	g_assert_cmpstr(version, ==, "v2.0.0+incompatible");
	g_assert_false(modrecord_next(&record, &path, &version));
}

static void lines_that_are_not_there_are_empty(void)
{
	g_autoptr(GBytes) bytes = record_of("require a.b/c v1.0.0\n");
	ModRecord record;

	g_assert_true(modrecord_open(bytes, &record));
	g_assert_cmpstr(record.module, ==, "");
	g_assert_cmpstr(record.go, ==, "");
}

static void any_damage_is_seen(void)
{
	g_autoptr(GBytes) bytes = record_of("module m.n/o\n\nrequire a.b/c v1.0.0\n");
	gsize length;
	const uint8_t *block = g_bytes_get_data(bytes, &length);
	ModRecord record;

	for (gsize i = 0; i < length; i++) {
		g_autofree uint8_t *copy = g_memdup2(block, length);
		g_autoptr(GBytes) other = NULL, cut = g_bytes_new(block, i);

		copy[i] ^= 4;
		other = g_bytes_new(copy, length);
		g_assert_false(modrecord_open(other, &record));
		g_assert_false(modrecord_open(cut, &record));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/modrecord/what_was_written_is_read", what_was_written_is_read);
	g_test_add_func("/gomod/modrecord/lines_that_are_not_there_are_empty",
			lines_that_are_not_there_are_empty);
	g_test_add_func("/gomod/modrecord/any_damage_is_seen", any_damage_is_seen);
	return g_test_run();
}
