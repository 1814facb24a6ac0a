/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/scenario.h"
#include "ecosystems/gomod/together.h"

/* Modules that lie beside each other in one source, in folders of their names. */
static Scenario *scenario_of(const char *const *lines, const char *work)
{
	Scenario *scenario = scenario_new();

	for (; *lines != NULL; lines++)
		if (**lines == '+')
			scenario_line(scenario, *lines + 2);
		else
			scenario_add(scenario, *lines);
	scenario_finish(scenario);
	if (work != NULL)
		g_tree_insert(scenario->files, g_strdup("go.work"),
			      g_bytes_new(work, strlen(work)));
	scenario_index(scenario);
	return scenario;
}

/* What is to be changed once `bump` ("a@v1.1.0"; NULL: none) is made in the main
 * module; NULL: refused. */
static GPtrArray *changes_of(Scenario *scenario, const char *bump_text, GPtrArray **results,
			     GError **error)
{
	g_autoptr(Together) together = together_new(&scenario->source, &scenario->supplier);
	g_autoptr(GPtrArray) changes = file_changes_new();
	g_autofree char *path = NULL, *version = NULL;
	TidyOrder order = { .directory = SCENARIO_MAIN };
	bool unused;
	Bump bump;

	if (bump_text != NULL) {
		scenario_split(bump_text, &path, &version, &unused);
		bump = (Bump){ path, version };
		order.bumps = &bump;
		order.n_bumps = 1;
	}
	if (!together_tidy(together, &order, error))
		return NULL;
	*results = together_results(together, changes, error);
	return *results != NULL ? g_steal_pointer(&changes) : NULL;
}

static char *paths_of(const GPtrArray *changes)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < changes->len; i++)
		g_string_append_printf(text, "%s ", ((FileChange *)changes->pdata[i])->path);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *text_after(const GPtrArray *changes, const char *path)
{
	for (guint i = 0; i < changes->len; i++) {
		const FileChange *change = changes->pdata[i];

		if (strcmp(change->path, path) == 0)
			return g_strndup(g_bytes_get_data(change->after, NULL),
					 g_bytes_get_size(change->after));
	}
	return NULL;
}

/* Tidies a module alone, so that it is tidy before the test. */
static void make_tidy(Scenario *scenario, const char *directory)
{
	TidyOrder order = { .source = &scenario->source, .directory = directory };
	g_autoptr(GError) error = NULL;
	g_autoptr(TidyResult) result = tidy(&order, &scenario->supplier, &error);

	g_assert_no_error(error);
	for (guint i = 0; i < result->changes->len; i++) {
		const FileChange *change = result->changes->pdata[i];

		g_tree_insert(scenario->files, g_strdup(change->path), g_bytes_ref(change->after));
	}
	scenario_index(scenario);
}

static const char *const followed[] = {
	"a@v1.0.0",
	"a@v1.1.0 req b@v1.0.0 {a.go: b}",
	"b@v1.0.0",
	"main req a@v1.0.0 {m.go: a}",
	"dir ../tool = tool req a@v1.0.0! main@v0.0.0 {t.go: main}",
	"+ replace main v0.0.0 => ../main",
	NULL,
};

static void a_module_that_replaces_a_changed_one_is_tidied_after_it(void)
{
	g_autoptr(Scenario) scenario = scenario_of(followed, NULL);
	g_autoptr(GPtrArray) results = NULL, changes = NULL;
	g_autoptr(GError) error = NULL;

	make_tidy(scenario, SCENARIO_MAIN);
	make_tidy(scenario, "tool");
	changes = changes_of(scenario, "a@v1.1.0", &results, &error);
	g_assert_no_error(error);
	g_autofree char *paths = paths_of(changes), *text = text_after(changes, "tool/go.mod");
	g_assert_cmpstr(paths, ==, "main/go.mod main/go.sum tool/go.mod tool/go.sum ");
	g_assert_cmpstr(text, ==,
			"module example.com/tool\n\ngo 1.21\n\n"
			"require example.com/main v0.0.0\n\n"
			"require (\n\texample.com/a v1.1.0 // indirect\n"
			"\texample.com/b v1.0.0 // indirect\n)\n\n"
			"replace example.com/main v0.0.0 => ../main\n");
	g_assert_cmpuint(results->len, ==, 2);
}

static void one_that_was_not_tidy_before_is_left_alone(void)
{
	g_autoptr(Scenario) scenario = scenario_of(followed, NULL);
	g_autoptr(GPtrArray) results = NULL, changes = NULL;
	g_autoptr(GError) error = NULL;

	make_tidy(scenario, SCENARIO_MAIN);
	changes = changes_of(scenario, "a@v1.1.0", &results, &error);
	g_assert_no_error(error);
	g_autofree char *paths = paths_of(changes);
	g_assert_cmpstr(paths, ==, "main/go.mod main/go.sum ");
	g_assert_cmpuint(((TidyResult *)results->pdata[0])->notes->len, ==, 1);
}

static void one_that_cannot_follow_refuses_the_whole(void)
{
	static const char *const lines[] = {
		"a@v1.0.0 {a.go; x/x.go}",
		"a@v1.1.0 {a.go}",
		"main req a@v1.0.0 {m.go: a}",
		"dir ../tool = tool req a@v1.0.0 main@v0.0.0 {t.go: main a/x}",
		"+ replace main v0.0.0 => ../main",
		NULL,
	};
	g_autoptr(Scenario) scenario = scenario_of(lines, NULL);
	g_autoptr(GPtrArray) results = NULL;
	g_autoptr(GError) error = NULL;

	make_tidy(scenario, SCENARIO_MAIN);
	make_tidy(scenario, "tool");
	g_assert_null(changes_of(scenario, "a@v1.1.0", &results, &error));
	g_assert_true(g_str_has_prefix(error->message, "'tool/go.mod': "));
	g_assert_null(results);
}

static void members_of_a_workspace_move_together(void)
{
	static const char *const lines[] = {
		"a@v1.0.0",
		"a@v1.1.0 go 1.22",
		"main req a@v1.0.0 {m.go: a}",
		"dir ../lib = lib req a@v1.0.0 {l.go: a}",
		"dir ../other = other {o.go}",
		"dir ../outside = outside req a@v1.0.0 {o.go: a}",
		NULL,
	};
	g_autoptr(Scenario) scenario =
		scenario_of(lines, "go 1.21\n\nuse (\n\t./main\n\t./lib\n\t./other\n)\n");
	g_autoptr(GPtrArray) results = NULL, changes = NULL;
	g_autoptr(GError) error = NULL;

	changes = changes_of(scenario, "a@v1.1.0", &results, &error);
	g_assert_no_error(error);
	g_autofree char *paths = paths_of(changes), *work = text_after(changes, "go.work");
	g_assert_cmpstr(paths, ==, "go.work lib/go.mod lib/go.sum main/go.mod main/go.sum ");
	g_assert_cmpstr(work, ==, "go 1.22\n\nuse (\n\t./main\n\t./lib\n\t./other\n)\n");
}

static void a_vendored_workspace_is_refused(void)
{
	static const char *const lines[] = { "a@v1.0.0", "a@v1.1.0", "main req a@v1.0.0 {m.go: a}",
					     NULL };
	g_autoptr(Scenario) scenario = scenario_of(lines, "go 1.21\n\nuse ./main\n");
	g_autoptr(GPtrArray) results = NULL;
	g_autoptr(GError) error = NULL;

	g_tree_insert(scenario->files, g_strdup("vendor/modules.txt"),
		      g_bytes_new_static("## workspace\n", 13));
	scenario_index(scenario);
	g_assert_null(changes_of(scenario, "a@v1.1.0", &results, &error));
	g_assert_nonnull(strstr(error->message, "'go.work' is vendored as a whole"));
}

static void members_see_each_other_where_no_requirement_names_them(void)
{
	static const char *const lines[] = {
		"a@v1.0.0",
		"main req a@v1.0.0 {m.go: a lib}",
		"dir ../lib = lib {l.go}",
		NULL,
	};
	g_autoptr(Scenario) scenario = scenario_of(lines, "go 1.21\n\nuse ./main\n\nuse ./lib\n");
	g_autoptr(GPtrArray) results = NULL, changes = NULL;
	g_autoptr(GError) error = NULL;

	changes = changes_of(scenario, NULL, &results, &error);
	g_assert_no_error(error);
	g_autofree char *paths = paths_of(changes);
	g_assert_cmpstr(paths, ==, "main/go.sum ");
}

static void a_member_that_was_never_published_is_the_folder(void)
{
	static const char *const lines[] = {
		"a@v1.0.0",
		"main req lib@v0.0.0 {m.go: lib}",
		"dir ../lib = lib req a@v1.0.0 {l.go: a}",
		NULL,
	};
	g_autoptr(Scenario) scenario = scenario_of(lines, "go 1.21\n\nuse ./main\n\nuse ./lib\n");
	g_autoptr(GPtrArray) results = NULL, changes = NULL;
	g_autoptr(GError) error = NULL;

	changes = changes_of(scenario, NULL, &results, &error);
	g_assert_no_error(error);
	g_autofree char *text = text_after(changes, "main/go.mod");
	g_assert_cmpstr(text, ==,
			"module example.com/main\n\ngo 1.21\n\nrequire example.com/lib v0.0.0\n\n"
			"require example.com/a v1.0.0 // indirect\n");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(void);
	} tests[] = {
		{ "a_module_that_replaces_a_changed_one_is_tidied_after_it",
		  a_module_that_replaces_a_changed_one_is_tidied_after_it },
		{ "one_that_was_not_tidy_before_is_left_alone",
		  one_that_was_not_tidy_before_is_left_alone },
		{ "one_that_cannot_follow_refuses_the_whole",
		  one_that_cannot_follow_refuses_the_whole },
		{ "members_of_a_workspace_move_together", members_of_a_workspace_move_together },
		{ "a_vendored_workspace_is_refused", a_vendored_workspace_is_refused },
		{ "members_see_each_other_where_no_requirement_names_them",
		  members_see_each_other_where_no_requirement_names_them },
		{ "a_member_that_was_never_published_is_the_folder",
		  a_member_that_was_never_published_is_the_folder },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/gomod/together/", tests[i].name, NULL);

		g_test_add_func(path, tests[i].test);
	}
	return g_test_run();
}
