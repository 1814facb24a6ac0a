/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/scenario.h"

/* One scenario of the table: its lines, a word and the rest each. */
typedef struct {
	char *name;
	GPtrArray *lines; /* of char * */
} Case;

static void case_free(void *data)
{
	Case *one = data;

	g_free(one->name);
	g_ptr_array_unref(one->lines);
	g_free(one);
}

static GPtrArray *cases_read(void)
{
	const char *tests = g_getenv("UPKEEPD_TESTS");
	g_autofree char *path =
		g_build_filename(tests != NULL ? tests : "tests", "tables", "tidy.txt", NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lines = NULL;
	GPtrArray *cases = g_ptr_array_new_with_free_func(case_free);

	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		if (**line == '\0' || **line == '#')
			continue;
		if (**line == '=') {
			Case *one = g_new0(Case, 1);

			one->name = g_strdup(*line + 2);
			one->lines = g_ptr_array_new_with_free_func(g_free);
			g_ptr_array_add(cases, one);
		} else {
			g_ptr_array_add(((Case *)cases->pdata[cases->len - 1])->lines,
					g_strdup(*line));
		}
	}
	return cases;
}

/* The rest of the line that begins with `word`; NULL: there is none. */
static const char *line_of(const Case *one, const char *word)
{
	for (guint i = 0; i < one->lines->len; i++) {
		const char *line = one->lines->pdata[i];

		if (g_str_has_prefix(line, word) && line[strlen(word)] == ' ')
			return line + strlen(word) + 1;
	}
	return NULL;
}

static bool is_expectation(const char *line)
{
	static const char *const words[] = { "to ",  "sum ",  "sums ",   "bump ",
					     "max ", "note ", "refused " };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(line, words[i]))
			return true;
	return false;
}

static const ScenarioModule *main_of(const Scenario *scenario)
{
	for (guint i = 0; i < scenario->modules->len; i++) {
		const ScenarioModule *module = scenario->modules->pdata[i];

		if (g_strcmp0(module->folder, SCENARIO_MAIN) == 0)
			return module;
	}
	g_assert_not_reached();
}

/* A go.sum with the keys of `words`. */
static char *sums_text(const Scenario *scenario, const char *words)
{
	g_auto(GStrv) keys = g_strsplit(words, " ", -1);
	g_autoptr(GString) text = g_string_new(NULL);

	for (char **key = keys; *key != NULL; key++) {
		g_autofree char *path = NULL, *version = NULL, *sum = g_strdup("h1:zip");
		bool unused;

		scenario_split(*key, &path, &version, &unused);
		if (g_str_has_suffix(version, "/go.mod")) {
			g_autofree char *plain =
				g_strndup(version, strlen(version) - strlen("/go.mod"));
			const ScenarioModule *module = scenario_find(scenario, path, plain);
			g_autoptr(GBytes) bytes =
				g_bytes_new_static(module->gomod, strlen(module->gomod));

			g_free(sum);
			sum = dirhash_of_gomod(bytes);
		}
		g_string_append_printf(text, "%s %s %s\n", path, version, sum);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* go.mod with the requirements, go and toolchain lines of `words`. */
static char *gomod_text(const Scenario *scenario, const char *words)
{
	const ScenarioModule *main = main_of(scenario);
	g_auto(GStrv) all = g_strsplit(words, " ", -1);
	g_autoptr(GPtrArray) lines = g_ptr_array_new();
	char **word = all;
	const char *go = main->go, *toolchain = NULL;

	if (g_strcmp0(*word, "go") == 0) {
		go = word[1];
		word += 2;
	}
	if (g_strcmp0(*word, "toolchain") == 0) {
		toolchain = word[1];
		word += 2;
	}
	if (g_strcmp0(*word, "-") == 0)
		word++;
	for (guint i = 0; i < main->lines->len; i++)
		if (toolchain != NULL || !g_str_has_prefix(main->lines->pdata[i], "toolchain "))
			g_ptr_array_add(lines, main->lines->pdata[i]);
	return scenario_gomod(main->path, go, word, lines, main->requires->len == 1);
}

/* What a file of the main module is after `result`. */
static char *text_after(const Scenario *scenario, const TidyResult *result, const char *name)
{
	g_autofree char *path = g_strconcat(SCENARIO_MAIN "/", name, NULL);
	GBytes *bytes = g_tree_lookup(scenario->files, path);
	gsize length = 0;
	const char *text;

	for (guint i = 0; i < result->changes->len; i++) {
		const FileChange *change = result->changes->pdata[i];

		if (strcmp(change->path, path) == 0)
			bytes = change->after;
	}
	if (bytes == NULL)
		return g_strdup("no file");
	text = g_bytes_get_data(bytes, &length);
	return g_strndup(text != NULL ? text : "", length);
}

static Scenario *scenario_of(const Case *one)
{
	Scenario *scenario = scenario_new();
	const char *sum = line_of(one, "sum");

	for (guint i = 0; i < one->lines->len; i++) {
		const char *line = one->lines->pdata[i];

		if (*line == '+')
			scenario_line(scenario, line + 2);
		else if (!is_expectation(line))
			scenario_add(scenario, line);
	}
	scenario_finish(scenario);
	if (sum != NULL) {
		g_autofree char *text = sums_text(scenario, sum);

		scenario_put(scenario, SCENARIO_MAIN, "go.sum", text);
		scenario_index(scenario);
	}
	return scenario;
}

static void bump_clear(void *data)
{
	const Bump *bump = data;

	g_free((char *)bump->path);
	g_free((char *)bump->version);
}

/* What is to be set; of Bump. */
static GArray *bumps_of(const Case *one)
{
	GArray *bumps = g_array_new(FALSE, FALSE, sizeof(Bump));
	g_auto(GStrv) words =
		g_strsplit(line_of(one, "bump") != NULL ? line_of(one, "bump") : "", " ", -1);

	g_array_set_clear_func(bumps, bump_clear);
	for (char **word = words; *word != NULL; word++) {
		char *path, *version;
		bool unused;
		Bump bump;

		scenario_split(*word, &path, &version, &unused);
		bump = (Bump){ path, version };
		g_array_append_val(bumps, bump);
	}
	return bumps;
}

static void tidies_as_go_does(const void *data)
{
	const Case *one = data;
	g_autoptr(Scenario) scenario = scenario_of(one);
	const char *refused = line_of(one, "refused"), *note = line_of(one, "note");
	g_autoptr(GArray) bumps = bumps_of(one);
	TidyOrder order = { .source = &scenario->source,
			    .directory = SCENARIO_MAIN,
			    .bumps = (const Bump *)(void *)bumps->data,
			    .n_bumps = bumps->len,
			    .max_go = line_of(one, "max") };
	g_autoptr(TidyResult) result = NULL;
	g_autoptr(GError) error = NULL;

	result = tidy(&order, &scenario->supplier, &error);
	if (refused != NULL) {
		g_assert_null(result);
		if (strstr(error->message, refused) == NULL)
			g_assert_cmpstr(error->message, ==, refused);
		return;
	}
	g_assert_no_error(error);
	g_autofree char *gomod = text_after(scenario, result, "go.mod");
	g_autofree char *wanted_gomod = gomod_text(scenario, line_of(one, "to"));
	g_assert_cmpstr(gomod, ==, wanted_gomod);

	const char *sums = line_of(one, "sums");
	g_autofree char *gosum = text_after(scenario, result, "go.sum");
	g_autofree char *wanted_gosum = strcmp(sums, "no file") == 0 ? g_strdup(sums)
					: strcmp(sums, "-") == 0     ? g_strdup("")
								     : sums_text(scenario, sums);
	g_assert_cmpstr(gosum, ==, wanted_gosum);
	g_assert_cmpuint(result->notes->len, ==, note == NULL ? 0 : MAX(bumps->len, 1));
	if (note != NULL)
		g_assert_nonnull(strstr(result->notes->pdata[0], note));
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) cases = cases_read();

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < cases->len; i++) {
		Case *one = cases->pdata[i];
		g_autofree char *path = g_strconcat("/gomod/tidy/", one->name, NULL);

		for (char *p = path + strlen("/gomod/tidy/"); *p != '\0'; p++)
			if (*p == '/')
				*p = '|';
		g_test_add_data_func(path, one, tidies_as_go_does);
	}
	return g_test_run();
}
