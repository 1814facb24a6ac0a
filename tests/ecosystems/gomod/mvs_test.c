/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/mvs.h"
#include "ecosystems/gomod/scenario.h"

/* Modules; the requirements that are kept; those that are listed in any case; the
 * build list; the minimal list. */
static const struct {
	const char *name, *modules, *kept, *listed, *selected, *minimal;
} cases[] = {
	{ "the example of the paper",
	  "a@v1.0.0 go 1.16 req b@v1.2.0 c@v1.2.0|b@v1.2.0 go 1.16 req d@v1.3.0|"
	  "c@v1.2.0 go 1.16 req d@v1.4.0|d@v1.3.0 go 1.16 req e@v1.2.0|"
	  "d@v1.4.0 go 1.16 req e@v1.2.0|e@v1.2.0 go 1.16",
	  "a@v1.0.0", "", "a@v1.0.0 b@v1.2.0 c@v1.2.0 d@v1.4.0 e@v1.2.0", "a@v1.0.0" },
	{ "what is higher than the graph is listed",
	  "a@v1.0.0 go 1.16 req b@v1.0.0|b@v1.0.0 go 1.16|b@v1.1.0 go 1.16", "a@v1.0.0 b@v1.1.0",
	  "", "a@v1.0.0 b@v1.1.0", "a@v1.0.0 b@v1.1.0" },
	{ "what is implied is not", "a@v1.0.0 go 1.16 req b@v1.0.0|b@v1.0.0 go 1.16",
	  "a@v1.0.0 b@v1.0.0", "", "a@v1.0.0 b@v1.0.0", "a@v1.0.0" },
	{ "unless it must be", "a@v1.0.0 go 1.16 req b@v1.0.0|b@v1.0.0 go 1.16",
	  "a@v1.0.0 b@v1.0.0", "b", "a@v1.0.0 b@v1.0.0", "a@v1.0.0 b@v1.0.0" },
	{ "requirements of a version that loses count",
	  "a@v1.0.0 go 1.16 req b@v1.1.0|b@v1.0.0 go 1.16 req c@v1.0.0|b@v1.1.0 go 1.16|"
	  "c@v1.0.0 go 1.16",
	  "a@v1.0.0 b@v1.0.0", "", "a@v1.0.0 b@v1.1.0 c@v1.0.0", "a@v1.0.0 c@v1.0.0" },
	{ "a cycle", "a@v1.0.0 go 1.16 req b@v1.0.0|b@v1.0.0 go 1.16 req a@v1.0.0", "a@v1.0.0", "",
	  "a@v1.0.0 b@v1.0.0", "a@v1.0.0" },
	{ "the main module's own older version is walked and never listed",
	  "a@v1.0.0 go 1.16 req main@v0.1.0|main@v0.1.0 go 1.16 req b@v1.0.0|b@v1.0.0 go 1.16",
	  "a@v1.0.0", "", "a@v1.0.0 b@v1.0.0", "a@v1.0.0" },
	{ "go lines take part", "a@v1.0.0 go 1.21|b@v1.0.0 go 1.22", "a@v1.0.0 b@v1.0.0", "",
	  "a@v1.0.0 b@v1.0.0 go@1.22 toolchain@go1.22", "a@v1.0.0 b@v1.0.0" },
};

static Module *module_of(Facts *facts, const char *word)
{
	g_autofree char *path = NULL, *version = NULL;
	bool unused;

	scenario_split(word, &path, &version, &unused);
	return facts_module(facts, facts_path(facts, path), version != NULL ? version : "");
}

static GPtrArray *modules_of(Facts *facts, const char *words)
{
	g_auto(GStrv) list = g_strsplit(words, " ", -1);
	GPtrArray *modules = g_ptr_array_new();

	for (char **word = list; *word != NULL; word++)
		if (**word != '\0')
			g_ptr_array_add(modules, module_of(facts, *word));
	return modules;
}

static char *text_of(const GPtrArray *modules)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < modules->len; i++) {
		g_autofree char *name = module_text(modules->pdata[i]);
		const char *plain = g_str_has_prefix(name, "example.com/")
					    ? name + strlen("example.com/")
					    : name;

		g_string_append_printf(text, "%s%s", i > 0 ? " " : "", plain);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void a_list_is_as_short_as_it_can_be(const void *data)
{
	size_t i = (size_t)((const char *)data - (const char *)cases) / sizeof *cases;
	g_autoptr(Scenario) scenario = scenario_new();
	g_auto(GStrv) lines = g_strsplit(cases[i].modules, "|", -1);
	g_autoptr(GBytes) text = g_bytes_new_static("module example.com/main\n", 24);
	g_autoptr(GError) error = NULL;
	g_autoptr(ModFile) file = modfile_parse("go.mod", text, MODFILE_MAIN, &error);
	const MainModule main_module = { .file = file,
					 .source = &scenario->source,
					 .directory = "" };
	g_autoptr(Facts) facts = NULL;
	g_autoptr(GPtrArray) kept = NULL, listed = NULL, minimal = NULL;
	g_autoptr(Graph) graph = NULL;

	for (char **line = lines; *line != NULL; line++)
		scenario_add(scenario, *line);
	scenario_finish(scenario);
	facts = facts_new(&main_module, &scenario->supplier);
	kept = modules_of(facts, cases[i].kept);
	listed = modules_of(facts, cases[i].listed);
	for (guint j = 0; j < listed->len; j++)
		listed->pdata[j] = ((Module *)listed->pdata[j])->path;
	minimal = mvs_minimal(facts, kept, listed, &graph, &error);
	g_assert_no_error(error);
	g_autofree char *selected = text_of(graph->selected), *found = text_of(minimal);
	g_assert_cmpstr(selected, ==, cases[i].selected);
	g_assert_cmpstr(found, ==, cases[i].minimal);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/gomod/mvs/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], a_list_is_as_short_as_it_can_be);
	}
	return g_test_run();
}
