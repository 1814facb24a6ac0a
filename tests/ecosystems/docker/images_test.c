/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/images.h"
#include "tables.h"
#include "upkeepd/limits.h"

#define DIGEST "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* The text of a table's cell: C escapes, <digest>. */
static char *plain(const char *cell)
{
	g_auto(GStrv) pieces = g_strsplit(cell, "<digest>", -1);
	g_autofree char *text = g_strjoinv(DIGEST, pieces);

	return g_strcompress(text);
}

static GPtrArray *find(const char *kind, GBytes *bytes, GPtrArray *problems, GError **error)
{
	g_autoptr(YamlFile) yaml = yaml_read(bytes, LIMIT_MANIFEST, error);

	if (yaml == NULL)
		return NULL;
	return strcmp(kind, "compose") == 0
		       ? images_of_compose(yaml, bytes, "compose.yaml", problems, error)
		       : images_of_kubernetes(yaml, bytes, error);
}

static void images_are_found(gconstpointer data)
{
	char **row = (char **)data;
	g_autofree char *text = plain(row[2]), *wanted = plain(row[3]);
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(GPtrArray) problems = problems_new();
	g_autoptr(GString) found = g_string_new(NULL), lines = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) sites = find(row[1], bytes, problems, &error);

	if (strcmp(wanted, "error") == 0) {
		g_assert_null(sites);
		g_assert_cmpstr(error->message, ==, row[4]);
		return;
	}
	g_assert_no_error(error);
	for (guint i = 0; i < sites->len; i++) {
		const Site *site = g_ptr_array_index(sites, i);
		const char *tag = site->reference != NULL ? site->reference->tag : NULL;

		g_string_append_printf(
			found, "%s%s@%d:%d=%s%s%s(%s)", i > 0 ? " " : "",
			site->service != NULL ? site->service : site->path, site->line,
			site->column, site->text, site->why_not != NULL ? "!" : "",
			site->why_not != NULL ? site->why_not : "", tag != NULL ? tag : "");
	}
	for (guint i = 0; i < problems->len; i++)
		g_string_append_printf(lines, "%s%d", i > 0 ? " " : "",
				       ((Problem *)g_ptr_array_index(problems, i))->line);
	g_assert_cmpstr(found->str, ==, wanted);
	g_assert_cmpstr(lines->str, ==, row[4]);
}

static const struct Object {
	const char *text;
	bool is_kubernetes;
} objects[] = {
	{ "apiVersion: v1\nkind: Pod\n", true },
	{ "kind: Pod\n---\napiVersion: v1\nkind: Pod\n", false },
	{ "- apiVersion: v1\n  kind: Pod\n", false },
	{ "", false },
	{ "---\n", false },
};

static void the_first_document_says_what_a_file_is(gconstpointer data)
{
	const struct Object *row = data;
	g_autoptr(GBytes) bytes = g_bytes_new_static(row->text, strlen(row->text));
	g_autoptr(YamlFile) yaml = yaml_read(bytes, LIMIT_MANIFEST, NULL);

	g_assert_cmpint(images_is_kubernetes(yaml), ==, row->is_kubernetes);
}

static void more_images_than_the_ceiling_are_refused(void)
{
	for (int more = 0; more < 2; more++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GBytes) bytes = NULL;
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) sites = NULL;

		for (int i = 0; i < LIMIT_DOCKER_REFERENCES + more; i++)
			g_string_append(text, "- image: a:1\n");
		bytes = g_bytes_new_static(text->str, text->len);
		sites = find("kubernetes", bytes, NULL, &error);
		if (more == 0)
			g_assert_no_error(error);
		else
			g_assert_error(error, FAILURE, FAILURE_LIMIT);
	}
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) rows = NULL;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	rows = table_rows("images.tsv", 5);
	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *path = g_strdup_printf("/images/images_are_found/%s", row[0]);

		g_test_add_data_func(path, row, images_are_found);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(objects); i++) {
		g_autofree char *path =
			g_strdup_printf("/images/the_first_document_says_what_a_file_is/%zu", i);

		g_test_add_data_func(path, &objects[i], the_first_document_says_what_a_file_is);
	}
	g_test_add_func("/images/more_images_than_the_ceiling_are_refused",
			more_images_than_the_ceiling_are_refused);
	return g_test_run();
}
