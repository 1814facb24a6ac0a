/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modzip.h"

#include <glib/gstdio.h>
#include <zip.h>

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODULE "example.com/a@v1.0.0/"

/* A zip of files "NAME=TEXT"; a name that ends in a slash is a folder, one that
 * begins with `@` a symbolic link. */
static int zip_of(const char *const *files)
{
	g_autofree char *path = NULL;
	int handle = g_file_open_tmp("modzip-XXXXXX", &path, NULL), code;
	zip_t *zip;

	close(handle);
	g_unlink(path); /* an empty file is no zip to libzip 1.7 */
	zip = zip_open(path, ZIP_CREATE, &code);
	g_assert_nonnull(zip);
	for (; *files != NULL; files++) {
		const char *equals = strchr(*files, '='), *name = *files;
		bool is_link = *name == '@';
		g_autofree char *full = NULL;
		zip_int64_t at;

		name += is_link ? 1 : 0;
		full = g_strdup_printf("%.*s", (int)(equals - name), name);
		if (g_str_has_suffix(full, "/"))
			at = zip_dir_add(zip, full, 0);
		else
			at = zip_file_add(zip, full,
					  zip_source_buffer(zip, equals + 1, strlen(equals + 1), 0),
					  0);
		if (at < 0) /* the same name twice: the second takes its place */
			continue;
		if (is_link)
			zip_file_set_external_attributes(zip, (zip_uint64_t)at, 0, ZIP_OPSYS_UNIX,
							 (zip_uint32_t)(S_IFLNK | 0777) << 16);
	}
	g_assert_cmpint(zip_close(zip), ==, 0);
	handle = open(path, O_RDONLY);
	g_unlink(path);
	return handle;
}

static void note(void *seen, const char *name, const uint8_t digest[static 32], const char *text,
		 size_t length)
{
	g_string_append_printf(seen, "%s:%02x:%.*s ", name, digest[0], (int)length,
			       text != NULL ? text : "");
}

/* The files and the sum are those of dirhash_test.c. */
static void files_are_shown_in_order_and_summed(void)
{
	static const char *const files[] = { MODULE "x.go=package p\n",
					     MODULE "sub/Z.txt=z\n",
					     MODULE "go.mod=module example.com/a\n\ngo 1.21\n",
					     MODULE "a-b/q.go=package p\n",
					     MODULE "LICENSE=l",
					     NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(Modzip) zip = modzip_open(zip_of(files), "example.com/a", "v1.0.0", &error);
	g_autoptr(GString) seen = g_string_new(NULL);
	g_autoptr(GBytes) text = NULL;
	g_autofree char *sum = NULL;

	g_assert_no_error(error);
	g_assert_true(modzip_scan(zip, note, seen, &sum, &error));
	g_assert_cmpstr(sum, ==, "h1:qWJSIjhBGLPHO6MBPpPM2aenJ9HaZiTSa16Zn0yyO3M=");
	g_assert_cmpstr(seen->str, ==,
			"LICENSE:ac: a-b/q.go:0a:package p\n go.mod:50: sub/Z.txt:c8: "
			"x.go:0a:package p\n ");
	text = modzip_read(zip, "sub/Z.txt", &error);
	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(text), ==, 2);
	g_assert_null(modzip_read(zip, "sub/z.txt", &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_ABSENT);
}

static const struct {
	const char *name;
	const char *files[3];
	const char *text; /* in the error */
} refused[] = {
	{ "a file beside the module", { "example.com/b@v1.0.0/x.go=", NULL }, "foreign" },
	{ "a file of another version", { "example.com/a@v1.0.01/x.go=", NULL }, "foreign" },
	{ "a way out", { MODULE "../x.go=", NULL }, ".." },
	{ "an absolute name", { MODULE "/x.go=", NULL }, "zip of" },
	{ "a backslash", { MODULE "a\\b.go=", NULL }, "zip of" },
	{ "a name of Windows", { MODULE "con.go=", NULL }, "zip of" },
	{ "names that differ by case", { MODULE "a.go=", MODULE "A.go=", NULL }, "by case" },
	{ "folders that differ by case", { MODULE "x/a.go=", MODULE "X/b.go=", NULL }, "by case" },
	{ "a file that is a folder too", { MODULE "x=", MODULE "x/b.go=", NULL }, "both" },
	{ "another go.mod", { MODULE "x/go.mod=", NULL }, "go.mod" },
	{ "a go.mod in capitals", { MODULE "GO.MOD=", NULL }, "go.mod" },
	{ "a link", { "@" MODULE "x.go=/etc/passwd", NULL }, "plain" },
};

static void a_zip_is_refused(const void *data)
{
	size_t i = (size_t)((const char *)data - (const char *)refused) / sizeof *refused;
	g_autoptr(GError) error = NULL;
	g_autoptr(Modzip) zip =
		modzip_open(zip_of(refused[i].files), "example.com/a", "v1.0.0", &error);

	g_assert_null(zip);
	g_assert_cmpint(failure_kind(error), ==, FAILURE_NET);
	if (strstr(error->message, refused[i].text) == NULL)
		g_assert_cmpstr(error->message, ==, refused[i].text);
}

static int file_of(const void *bytes, size_t length)
{
	g_autofree char *path = NULL;
	int handle = g_file_open_tmp("modzip-XXXXXX", &path, NULL);

	g_unlink(path);
	g_assert_cmpint(write(handle, bytes, length), ==, (ssize_t)length);
	return handle;
}

static void what_is_no_zip_is_refused(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(modzip_open(file_of("<html>", 6), "example.com/a", "v1.0.0", &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_NET);
	g_clear_error(&error);
	g_assert_null(modzip_open(file_of("", 0), "example.com/a", "v1.0.0", &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_NET);
}

/* Ten million entries would be believed by libzip, in gigabytes of memory. */
static void a_zip_may_not_claim_millions_of_files(void)
{
	uint8_t bytes[56 + 20 + 22] = { 'P', 'K', 6, 6 };
	g_autoptr(GError) error = NULL;

	memcpy(bytes + 56, "PK\6\7", 4);
	memcpy(bytes + 76, "PK\5\6", 4);
	memset(bytes + 84, 0xff, 12);
	bytes[34] = 0x98; /* of the record at 0: 0x989680 entries */
	bytes[33] = 0x96;
	bytes[32] = 0x80;
	g_assert_null(modzip_open(file_of(bytes, sizeof bytes), "example.com/a", "v1.0.0", &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_LIMIT);
}

/* "x/x/…/f=", of so many folders below the folder `top`. */
static char *deep_name(int top, int folders)
{
	GString *name = g_string_new(NULL);

	g_string_printf(name, MODULE "%d/", top);
	for (int i = 0; i < folders; i++)
		g_string_append(name, "x/");
	g_string_append(name, "f=");
	return g_string_free(name, FALSE);
}

/* A name of 64 KiB would be kept 32,000 times, in all its lengths. */
static void deep_folders_do_not_fill_the_memory(void)
{
	char *names[41] = { NULL };
	g_autoptr(GError) error = NULL;

	names[0] = deep_name(0, 30000);
	g_assert_null(
		modzip_open(zip_of((const char *const *)names), "example.com/a", "v1.0.0", &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_LIMIT);
	g_clear_pointer(&names[0], g_free);
	g_clear_error(&error);
	if (!g_test_slow()) {
		g_test_skip("many of them take a second");
		return;
	}
	for (int i = 0; i < 40; i++)
		names[i] = deep_name(i, 2000);
	g_assert_null(
		modzip_open(zip_of((const char *const *)names), "example.com/a", "v1.0.0", &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_LIMIT);
	for (int i = 0; i < 40; i++)
		g_free(names[i]);
}

static void a_damaged_file_is_seen(void)
{
	static const char *const files[] = { MODULE "a.txt=some text", NULL };
	int handle = zip_of(files);
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) seen = g_string_new(NULL);
	g_autoptr(Modzip) zip = NULL;
	g_autofree char *sum = NULL;
	uint8_t bytes[1024];
	ssize_t length = pread(handle, bytes, sizeof bytes, 0);
	uint8_t *text = memmem(bytes, (size_t)length, "some text", 9);

	close(handle);
	g_assert_nonnull(text); /* too short to be compressed */
	text[0] = 'S';
	zip = modzip_open(file_of(bytes, (size_t)length), "example.com/a", "v1.0.0", &error);
	g_assert_no_error(error);
	g_assert_false(modzip_scan(zip, note, seen, &sum, &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_NET);
}

/* Its data go on behind the length that the directory claims, or end before. */
static void a_file_of_another_length_is_seen(void)
{
	g_autofree char *many = g_strnfill(100, 'a'); /* enough to be compressed */
	g_autofree char *file = g_strconcat(MODULE "a.txt=", many, NULL);
	const char *const files[] = { file, NULL };
	int handle = zip_of(files);
	uint8_t bytes[1024];
	ssize_t length = pread(handle, bytes, sizeof bytes, 0);
	uint8_t *entry = memmem(bytes, (size_t)length, "PK\1\2", 4);

	close(handle);
	g_assert_nonnull(entry);
	for (uint8_t claimed = 99; claimed <= 101; claimed += 2) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GString) seen = g_string_new(NULL);
		g_autoptr(Modzip) zip = NULL;
		g_autofree char *sum = NULL;

		entry[24] = claimed;
		zip = modzip_open(file_of(bytes, (size_t)length), "example.com/a", "v1.0.0",
				  &error);
		g_assert_no_error(error);
		g_assert_false(modzip_scan(zip, note, seen, &sum, &error));
		g_assert_cmpint(failure_kind(error), ==, FAILURE_NET);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/modzip/files_are_shown_in_order_and_summed",
			files_are_shown_in_order_and_summed);
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autofree char *path =
			g_strconcat("/gomod/modzip/refused/", refused[i].name, NULL);

		g_test_add_data_func(path, &refused[i], a_zip_is_refused);
	}
	g_test_add_func("/gomod/modzip/what_is_no_zip_is_refused", what_is_no_zip_is_refused);
	g_test_add_func("/gomod/modzip/a_zip_may_not_claim_millions_of_files",
			a_zip_may_not_claim_millions_of_files);
	g_test_add_func("/gomod/modzip/deep_folders_do_not_fill_the_memory",
			deep_folders_do_not_fill_the_memory);
	g_test_add_func("/gomod/modzip/a_damaged_file_is_seen", a_damaged_file_is_seen);
	g_test_add_func("/gomod/modzip/a_file_of_another_length_is_seen",
			a_file_of_another_length_is_seen);
	return g_test_run();
}
