/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/dockerfile.h"
#include "tables.h"
#include "upkeepd/limits.h"

#define DIGEST "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static Dockerfile *parse(const char *text, size_t length, GError **error)
{
	const DockerfileSource source = { text, length, NULL, 1 };

	return dockerfile_parse("Dockerfile", &source, error);
}

/* The text of a table's cell: C escapes, <digest>. */
static char *plain(const char *cell)
{
	g_auto(GStrv) pieces = g_strsplit(cell, "<digest>", -1);
	g_autofree char *text = g_strjoinv(DIGEST, pieces);

	return g_strcompress(text);
}

static char *sites_text(const Dockerfile *file, const char *text, size_t length)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, length);
	GString *list = g_string_new(NULL);

	sites_locate(file->sites, bytes);
	for (guint i = 0; i < file->sites->len; i++) {
		const Site *site = g_ptr_array_index(file->sites, i);

		g_string_append_printf(list, "%s%s@%d:%d=%s%s%s", i > 0 ? " " : "",
				       site_kind_word(site->kind), site->line, site->column,
				       site->text, site->why_not != NULL ? "!" : "",
				       site->why_not != NULL ? site->why_not : "");
	}
	return g_string_free(list, FALSE);
}

static char *problem_lines(const Dockerfile *file)
{
	GString *list = g_string_new(NULL);

	for (guint i = 0; i < file->problems->len; i++) {
		const Problem *problem = g_ptr_array_index(file->problems, i);

		g_string_append_printf(list, "%s%d", i > 0 ? " " : "", problem->line);
	}
	return g_string_free(list, FALSE);
}

static void images_are_found(gconstpointer data)
{
	char **row = (char **)data;
	g_autofree char *text = plain(row[1]), *wanted = plain(row[2]), *found = NULL,
			*problems = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Dockerfile) file = parse(text, strlen(text), &error);

	if (strcmp(wanted, "error") == 0) {
		g_assert_null(file);
		g_assert_cmpstr(error->message, ==, row[3]);
		return;
	}
	g_assert_no_error(error);
	found = sites_text(file, text, strlen(text));
	problems = problem_lines(file);
	g_assert_cmpstr(found, ==, wanted);
	g_assert_cmpstr(problems, ==, row[3]);
}

static void stages_and_arguments_are_listed(void)
{
	const char *text = "# syntax=docker/dockerfile:1\n"
			   "ARG GO=1.21.6 REG\n"
			   "FROM --platform=$BUILDPLATFORM golang:${GO} AS Deps\n"
			   "FROM ${REG}/x:1\n"
			   "FROM deps\n"
			   "FROM a b\n";
	g_autoptr(GError) error = NULL;
	g_autoptr(Dockerfile) file = parse(text, strlen(text), &error);
	const BuildArgument *argument;
	const Stage *stage;

	g_assert_no_error(error);
	g_assert_cmpstr(file->syntax, ==, "docker/dockerfile:1");
	g_assert_cmpint(file->escape, ==, '\\');
	g_assert_cmpuint(file->arguments->len, ==, 2);
	argument = g_ptr_array_index(file->arguments, 1);
	g_assert_cmpstr(argument->name, ==, "REG");
	g_assert_null(argument->value);
	g_assert_cmpint(argument->line, ==, 2);
	g_assert_cmpuint(file->stages->len, ==, 4);
	stage = g_ptr_array_index(file->stages, 0);
	g_assert_cmpstr(stage->name, ==, "deps");
	g_assert_cmpstr(stage->source, ==, "golang:${GO}");
	g_assert_cmpstr(stage->base, ==, "golang:1.21.6");
	g_assert_cmpstr(stage->platform, ==, "$BUILDPLATFORM");
	g_assert_true(stage->is_resolved && !stage->is_stage);
	stage = g_ptr_array_index(file->stages, 1);
	g_assert_cmpstr(stage->base, ==, "/x:1");
	g_assert_false(stage->is_resolved);
	stage = g_ptr_array_index(file->stages, 2);
	g_assert_true(stage->is_stage);
	stage = g_ptr_array_index(file->stages, 3);
	g_assert_null(stage->source);
	g_assert_cmpuint(file->refused_from, ==, 1);
}

static const struct Ceiling {
	const char *name, *begin, *repeated;
	unsigned most;
	const char *error; /* of one more */
} ceilings[] = {
	{ "instructions", "FROM a:1\n", "RUN x\n", LIMIT_DOCKER_INSTRUCTIONS - 1, "instructions" },
	{ "stages", "", "FROM scratch\n", LIMIT_DOCKER_STAGES, "stages" },
	{ "arguments", "", "ARG A=1\n", LIMIT_DOCKER_ARGS, "global arguments" },
	{ "references", "FROM scratch\nRUN", " --mount=from=a:1", LIMIT_DOCKER_REFERENCES,
	  "image references" },
	{ "heredocs", "RUN", " <<E", LIMIT_DOCKER_HEREDOCS, "here-documents" },
	{ "line", "RUN ", "x", LIMIT_DOCKER_LINE - 4, "bytes" },
};

static void more_than_a_ceiling_is_refused(gconstpointer data)
{
	const struct Ceiling *row = data;

	for (unsigned more = 0; more < 2; more++) {
		g_autoptr(GString) text = g_string_new(row->begin);
		g_autoptr(GError) error = NULL;
		g_autoptr(Dockerfile) file = NULL;

		for (unsigned i = 0; i < row->most + more; i++)
			g_string_append(text, row->repeated);
		for (unsigned i = 0; strcmp(row->name, "heredocs") == 0 && i < row->most; i++)
			g_string_append(text, "\nE");
		file = parse(text->str, text->len, &error);
		if (more == 0) {
			g_assert_no_error(error);
		} else {
			g_assert_null(file);
			g_assert_nonnull(strstr(error->message, row->error));
		}
	}
}

static void a_nul_byte_is_refused(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(parse("FROM a:1\nRUN \0", 14, &error));
	g_assert_cmpstr(error->message, ==, "2:1: a NUL byte");
}

static void patterns_that_would_take_too_long_are_refused(void)
{
	g_autoptr(GString) text = g_string_new("ARG A=");
	g_autoptr(Dockerfile) file = NULL;

	for (int i = 0; i < 4000; i++)
		g_string_append_c(text, 'a');
	for (int i = 0; i < 100; i++) {
		g_string_append(text, "\nFROM x${A##*");
		for (int j = 0; j < 2000; j++)
			g_string_append_c(text, 'a');
		g_string_append(text, "b}");
	}
	file = parse(text->str, text->len, NULL);
	g_assert_nonnull(file);
	g_assert_cmpuint(file->problems->len, >, 90);
}

static void what_else_an_argument_is_for_is_said(void)
{
	static const struct {
		const char *text, *remark; /* of the first image; NULL: none */
	} files[] = {
		{ "ARG V=1.21\nFROM golang:${V}\nARG V\nRUN curl $V\n",
		  "'V' is used in a stage too, from line 3 on" },
		{ "ARG V=\"1.21\"\nFROM golang:$V-alpine\nFROM x:1\nARG A V\n",
		  "'V' is used in a stage too, from line 4 on" },
		{ "ARG V=1.21\nFROM golang:${V}\nARG V=1.20\nRUN curl $V\n", NULL },
		{ "ARG V=1.21\nFROM golang:${V}\nARG W\n", NULL },
		{ "ARG R=docker.io\nFROM $R/golang:1.21\nARG R\n", NULL },
		{ "ARG V=1.21\nFROM golang:1.21\nARG V\n", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		const DockerfileSource source = { files[i].text, strlen(files[i].text), NULL, 1 };
		g_autoptr(Dockerfile) file = dockerfile_parse("Dockerfile", &source, NULL);

		g_assert_nonnull(file);
		g_assert_cmpstr(((Site *)file->sites->pdata[0])->remark, ==, files[i].remark);
	}
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) rows = NULL;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	rows = table_rows("dockerfiles.tsv", 4);
	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *path = g_strdup_printf("/dockerfile/images_are_found/%s", row[0]);

		g_test_add_data_func(path, row, images_are_found);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(ceilings); i++) {
		g_autofree char *path = g_strdup_printf(
			"/dockerfile/more_than_a_ceiling_is_refused/%s", ceilings[i].name);

		g_test_add_data_func(path, &ceilings[i], more_than_a_ceiling_is_refused);
	}
	g_test_add_func("/dockerfile/stages_and_arguments_are_listed",
			stages_and_arguments_are_listed);
	g_test_add_func("/dockerfile/a_nul_byte_is_refused", a_nul_byte_is_refused);
	g_test_add_func("/dockerfile/patterns_that_would_take_too_long_are_refused",
			patterns_that_would_take_too_long_are_refused);
	g_test_add_func("/dockerfile/what_else_an_argument_is_for_is_said",
			what_else_an_argument_is_for_is_said);
	return g_test_run();
}
