/* SPDX-License-Identifier: MIT */
#include "base/yaml.h"
#include "upkeepd/limits.h"

#include <string.h>

static YamlFile *document(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	YamlFile *file = yaml_read(bytes, LIMIT_CONFIG, &error);

	g_assert_no_error(error);
	return file;
}

static void spans_count_bytes(void)
{
	const char *text =
		"\357\273\277# \303\251\nk\303\251y: { image: 'a\303\251b' , b: plain }\n";
	g_autoptr(YamlFile) file = document(text);
	const YamlNode *map = yaml_root(file, 0)->children[1];
	const YamlNode *quoted = yaml_get(map, "image"), *plain = yaml_get(map, "b");

	g_assert_cmpstr(quoted->value, ==,
			"a\303\251"
			"b");
	g_assert_true(strncmp(text + quoted->span.from,
			      "'a\303\251"
			      "b'",
			      6) == 0);
	g_assert_cmpuint(span_length(quoted->span), ==, 6);
	g_assert_true(strncmp(text + plain->span.from, "plain", 5) == 0);
	g_assert_cmpuint(span_length(plain->span), ==, 5);
	g_assert_cmpint(quoted->line, ==, 2);
	g_assert_cmpint(quoted->column, ==, 16);
}

static void an_empty_file_has_no_document(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new(NULL, 0);
	g_autoptr(YamlFile) file = yaml_read(bytes, LIMIT_CONFIG, &error);

	g_assert_no_error(error);
	g_assert_null(yaml_root(file, 0));
}

static void an_alias_is_the_anchored_node(void)
{
	g_autoptr(YamlFile) file = document("a: &x { k: v }\nb: *x\nc: { <<: *x, l: w }\n");
	const YamlNode *root = yaml_root(file, 0);

	g_assert_true(yaml_get(root, "b")->is_alias);
	g_assert_cmpint(yaml_get(root, "b")->alias_line, ==, 2);
	g_assert_cmpstr(yaml_get(yaml_get(root, "b"), "k")->value, ==, "v");
	g_assert_cmpstr(yaml_get(yaml_get(root, "c"), "k")->value, ==, "v");
	g_assert_null(yaml_get(yaml_get(root, "c"), "m"));
}

static void a_key_that_stands_twice_is_told_with_both_lines(void)
{
	g_autoptr(YamlFile) file = document("ignore: 1\nother: 2\nignore: 3\n");
	const GArray *duplicates = yaml_duplicates(file);

	g_assert_cmpuint(duplicates->len, ==, 1);
	g_assert_cmpint(g_array_index(duplicates, YamlDuplicate, 0).first_line, ==, 1);
	g_assert_cmpint(g_array_index(duplicates, YamlDuplicate, 0).key->line, ==, 3);
}

static const struct {
	const char *text;
	YamlType type;
} types[] = {
	{ "12", YAML_IS_INT },          { "-3", YAML_IS_INT },     { "1.5", YAML_IS_FLOAT },
	{ "1e3", YAML_IS_FLOAT },       { ".5", YAML_IS_FLOAT },   { "1.2.3", YAML_IS_STRING },
	{ "true", YAML_IS_BOOL },       { "yes", YAML_IS_STRING }, { "~", YAML_IS_NULL },
	{ "'12'", YAML_IS_STRING },     { ".", YAML_IS_STRING },   { "16:00", YAML_IS_STRING },
	{ "\"true\"", YAML_IS_STRING }, { "-", YAML_IS_STRING },   { "4.", YAML_IS_FLOAT },
};

static void a_scalar_has_the_type_of_the_core_schema(gconstpointer data)
{
	const char *text = types[GPOINTER_TO_SIZE(data)].text;
	g_autofree char *line = g_strdup_printf("k: %s\n", text);
	g_autoptr(YamlFile) file = NULL;

	if (strcmp(text, "-") == 0)
		line[3] = 'x';
	file = document(line);
	g_assert_cmpint(yaml_type(yaml_get(yaml_root(file, 0), "k")), ==,
			types[GPOINTER_TO_SIZE(data)].type);
}

static char *nested(const char *open, unsigned times)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < times; i++)
		g_string_append(text, open);
	return g_string_free(text, FALSE);
}

static char *bomb(void)
{
	GString *text = g_string_new("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");

	for (int i = 1; i < 9; i++) {
		g_string_append_printf(text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			g_string_append_printf(text, "%s*a%d", k > 0 ? "," : "", i - 1);
		g_string_append(text, "]\n");
	}
	return g_string_free(text, FALSE);
}

static void hostile_files_end_in_a_clear_error(void)
{
	g_autofree char *deep = nested("[", 100000), *many = bomb();
	const struct {
		const char *text;
		FailureKind kind;
		const char *message;
	} rows[] = {
		{ deep, FAILURE_LIMIT, "1:65: nested too deep" },
		{ many, FAILURE_LIMIT, "*the aliases repeat too much" },
		{ "a: *b\n", FAILURE_INPUT, "1:4: the alias names no anchor before it" },
		{ "a: &a [*a]\n", FAILURE_INPUT, "1:8: the alias names no anchor before it" },
		{ "a: [1, 2\nb: 3\n", FAILURE_INPUT, "2:?: not valid YAML: *" },
		{ "a: \xff\n", FAILURE_INPUT, "1:4: not valid UTF-8" },
		{ "% \x80", FAILURE_INPUT, "1:3: not valid UTF-8" },
		{ "\tkey: x\n", FAILURE_INPUT, "1:1: not valid YAML: *" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes = g_bytes_new_static(rows[i].text, strlen(rows[i].text));
		g_autoptr(GPatternSpec) message = g_pattern_spec_new(rows[i].message);

		g_assert_null(yaml_read(bytes, LIMIT_CONFIG, &error));
		g_assert_error(error, FAILURE, (int)rows[i].kind);
		if (!g_pattern_spec_match_string(message, error->message))
			g_test_message("%s", error->message);
		g_assert_true(g_pattern_spec_match_string(message, error->message));
	}
}

static void every_document_of_a_file_is_there(void)
{
	g_autoptr(YamlFile) file = document("---\na: 1\n---\n---\nb: 2\n");

	g_assert_cmpuint(yaml_count(file), ==, 3);
	g_assert_cmpstr(yaml_get(yaml_root(file, 2), "b")->value, ==, "2");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/yaml/spans_count_bytes", spans_count_bytes);
	g_test_add_func("/base/yaml/an_empty_file_has_no_document", an_empty_file_has_no_document);
	g_test_add_func("/base/yaml/an_alias_is_the_anchored_node", an_alias_is_the_anchored_node);
	g_test_add_func("/base/yaml/a_key_that_stands_twice_is_told_with_both_lines",
			a_key_that_stands_twice_is_told_with_both_lines);
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		g_autofree char *path = g_strdup_printf("/base/yaml/types/%zu", i);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i),
				     a_scalar_has_the_type_of_the_core_schema);
	}
	g_test_add_func("/base/yaml/hostile_files_end_in_a_clear_error",
			hostile_files_end_in_a_clear_error);
	g_test_add_func("/base/yaml/every_document_of_a_file_is_there",
			every_document_of_a_file_is_there);
	return g_test_run();
}
