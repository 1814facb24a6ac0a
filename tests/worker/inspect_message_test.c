/* SPDX-License-Identifier: MIT */
#include "worker/inspect.h"

#include <glib/gstdio.h>

#include <string.h>

static const char config[] = "version: 2\n"
			     "updates:\n"
			     "- package-ecosystem: gomod\n"
			     "  directory: /\n"
			     "  schedule: {interval: daily}\n"
			     "  commit-message: {prefix: first}\n"
			     "- package-ecosystem: gomod\n"
			     "  directories: [/, '/cmd/*']\n"
			     "  schedule: {interval: daily}\n"
			     "  commit-message: {prefix: second}\n"
			     "  groups: {go: {patterns: ['*']}}\n"
			     "- package-ecosystem: gomod\n"
			     "  directories: [/]\n"
			     "  target-branch: next\n"
			     "  schedule: {interval: daily}\n"
			     "  commit-message: {prefix: third}\n"
			     "- package-ecosystem: docker\n"
			     "  directory: /img\n"
			     "  target-branch: next\n"
			     "  schedule: {interval: daily}\n"
			     "  commit-message: {prefix: fourth}\n";

#define NET "\"dependencies\":[{\"name\":\"x\",\"from\":\"v1.0.0\",\"to\":\"v1.1.0\"}]"
#define TWO                                                               \
	"\"dependencies\":[{\"name\":\"x\",\"from\":\"1\",\"to\":\"2\"}," \
	"{\"name\":\"y\",\"from\":\"1\",\"to\":\"2\"},"                   \
	"{\"name\":\"x\",\"from\":\"1\",\"to\":\"2\"}]"

/* More members of the question, and the title of the answer. */
static const struct {
	const char *name, *question, *title;
} cases[] = {
	{ "the_first_that_fits", "\"ecosystem\":\"gomod\",\"directories\":[\"/\"]," NET,
	  "first: bump x from 1.0.0 to 1.1.0" },
	{ "the_one_with_the_group",
	  "\"ecosystem\":\"gomod\",\"directories\":[\"/\"],\"group\":\"go\"," NET,
	  "second: bump x from 1.0.0 to 1.1.0 in the go group across 1 directory" },
	{ "a_group_that_nobody_has",
	  "\"ecosystem\":\"gomod\",\"directories\":[\"/\"],\"group\":\"no\"," NET,
	  "first: bump x from 1.0.0 to 1.1.0 in the no group" },
	{ "by_directory", "\"ecosystem\":\"gomod\",\"directories\":[\"cmd/a/\"]," NET,
	  "second: bump x from 1.0.0 to 1.1.0 in /cmd/a" },
	{ "all_of_the_directories",
	  "\"ecosystem\":\"gomod\",\"directories\":[\"/\",\"/cmd/b\"],\"group\":\"go\"," TWO,
	  "second: bump the go group across 2 directories with 2 updates" },
	{ "by_target_branch",
	  "\"ecosystem\":\"gomod\",\"directories\":[\"/\"],\"target_branch\":\"next\"," NET,
	  "third: bump x from 1.0.0 to 1.1.0" },
	{ "only_the_target_differs", "\"ecosystem\":\"docker\",\"directories\":[\"/img\"]," NET,
	  "fourth: bump x from v1.0.0 to v1.1.0 in /img" },
	{ "nothing_fits", "\"ecosystem\":\"docker\",\"directories\":[\"/other\"]," NET,
	  "Bump x from v1.0.0 to v1.1.0 in /other" },
	{ "across_as_said",
	  "\"ecosystem\":\"gomod\",\"directories\":[\"/\"],\"group\":\"go\",\"across\":false," NET,
	  "second: bump x from 1.0.0 to 1.1.0 in the go group" },
	{ "history",
	  "\"ecosystem\":\"docker\",\"directories\":[\"/other\"],\"history\":["
	  "{\"by\":\"person\",\"subject\":\"chore: x\",\"style_words\":[\"chore\"]},"
	  "{\"by\":\"person\",\"subject\":\"feat: x\",\"style_words\":[\"feat\"]}]," NET,
	  "chore(deps): bump x from v1.0.0 to v1.1.0 in /other" },
};

static Json *ask(const char *text, GError **error)
{
	Invocation invocation = { 0 };
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	End end = END_DONE;

	return inspect_message(&invocation, "questions", bytes, &end, error);
}

static void the_entry_decides(const void *data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autofree char *directory = g_dir_make_tmp(NULL, NULL);
	g_autofree char *path = g_build_filename(directory, "dependabot.yml", NULL);
	g_autofree char *question =
		g_strdup_printf("{\"config\":\"%s\",%s}\n", path, cases[i].question);
	g_autoptr(GError) error = NULL;
	g_autoptr(Json) answers = NULL;

	g_assert_true(g_file_set_contents(path, config, -1, NULL));
	answers = ask(question, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(json_count(answers), ==, 1);
	g_assert_cmpstr(json_string(json_first(answers), "title"), ==, cases[i].title);
	g_unlink(path);
	g_rmdir(directory);
}

static void a_file_that_is_not_there_has_no_rules(void)
{
	static const char *const paths[] = { "/nowhere/dependabot.yml", "/dev/zero", "/" };

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autofree char *question = g_strdup_printf(
			"{\"config\":\"%s\",\"ecosystem\":\"gomod\",%s}", paths[i], NET);
		g_autoptr(GError) error = NULL;
		g_autoptr(Json) answers = ask(question, &error);

		g_assert_no_error(error);
		g_assert_cmpstr(json_string(json_first(answers), "branch"), ==,
				"dependabot/go_modules/x-1.1.0");
	}
}

static void digests_are_told_from_tags(void)
{
	static const struct {
		const char *from, *to, *branch, *title;
	} rows[] = {
		{ "1@sha256:1a2b3c4d", "1@sha256:4f6e1a2b", "dependabot/docker/x-4f6e1a2",
		  "Bump x from `1a2b3c4` to `4f6e1a2`" },
		{ "@sha256:1a2b3c4d", "@sha256:4f6e1a2b", "dependabot/docker/x-4f6e1a2b",
		  "Bump x from `1a2b3c4` to `4f6e1a2`" },
		{ "1@sha256:1a2b3c4d", "2@sha256:4f6e1a2b", "dependabot/docker/x-2",
		  "Bump x from 1 to 2" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *question =
			g_strdup_printf("{\"ecosystem\":\"docker\",\"dependencies\":[{\"name\":"
					"\"x\",\"from\":\"%s\","
					"\"to\":\"%s\"}]}",
					rows[i].from, rows[i].to);
		g_autoptr(Json) answers = ask(question, NULL);

		g_assert_cmpstr(json_string(json_first(answers), "branch"), ==, rows[i].branch);
		g_assert_cmpstr(json_string(json_first(answers), "title"), ==, rows[i].title);
	}
}

static void answers_come_in_the_order_of_the_lines(void)
{
	static const char text[] = "{\"ecosystem\":\"docker\"," NET "}\n\n \r\n"
				   "{\"ecosystem\":\"gomod\"," NET "}";
	g_autoptr(Json) answers = ask(text, NULL);

	g_assert_cmpuint(json_count(answers), ==, 2);
	g_assert_cmpstr(json_string(json_first(answers), "branch"), ==,
			"dependabot/docker/x-v1.1.0");
	g_assert_cmpstr(json_string(json_next(json_first(answers)), "branch"), ==,
			"dependabot/go_modules/x-1.1.0");
}

static void a_bad_line_is_named(void)
{
	static const char *const lines[] = {
		"nonsense",
		"{\"ecosystem\":\"npm\"," NET "}",
		"{" NET "}",
		"{\"ecosystem\":\"gomod\",\"dependencies\":[]}",
		"{\"ecosystem\":\"gomod\"}",
		"{\"ecosystem\":\"gomod\",\"dependencies\":[{\"name\":\"x\"}]}",
		"{\"ecosystem\":\"gomod\",\"dependencies\":[{\"to\":\"v1.0.0\"}]}",
		"{\"ecosystem\":\"gomod\",\"dependencies\":[17]}",
		"[]",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *text = g_strconcat("\n", lines[i], "\n", NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(Json) answers = ask(text, &error);

		g_test_message("%s", lines[i]);
		g_assert_null(answers);
		g_assert_nonnull(error);
		g_assert_nonnull(strstr(error->message, "questions:2"));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/inspect_message/", cases[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), the_entry_decides);
	}
#define ADD(test) g_test_add_func("/inspect_message/" #test, test)
	ADD(a_file_that_is_not_there_has_no_rules);
	ADD(digests_are_told_from_tags);
	ADD(answers_come_in_the_order_of_the_lines);
	ADD(a_bad_line_is_named);
	return g_test_run();
}
