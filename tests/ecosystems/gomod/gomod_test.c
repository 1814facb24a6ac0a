/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gomod.h"

#include <string.h>

static Manifest *parse_text(const char *text, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(Manifest) manifest = manifest_new(&ecosystem_gomod, "go.mod", "/", bytes);

	return ecosystem_gomod.parse(manifest, error) ? g_steal_pointer(&manifest) : NULL;
}

static void requirements_are_dependencies(void)
{
	static const char text[] = "module m\n\ngo 1.21\n\nrequire e.com/a v1.0.0\n\nrequire (\n"
				   "\te.com/b v0.0.0-20240102030405-abcdefabcdef // indirect\n"
				   "\te.com/c v1.0.0\n\te.com/d v1.2.0\n\te.com/e master\n"
				   "\tlocal v0.0.0\n\te.com/c v1.1.0\n"
				   "\te.com/f v0.0.0-00010101000000-000000000000\n)\n\n"
				   "replace e.com/d => ../d\n";
	static const struct {
		const char *name, *version, *why_not;
		bool is_direct;
		int line, column;
	} wanted[] = {
		{ "e.com/a", "v1.0.0", NULL, true, 5, 1 },
		{ "e.com/b", "v0.0.0-20240102030405-abcdefabcdef", NULL, false, 8, 2 },
		{ "e.com/c", "v1.1.0", NULL, true, 9, 2 },
		{ "e.com/d", "v1.2.0", "replaced", true, 10, 2 },
		{ "e.com/e", "master", "unresolved", true, 11, 2 },
		{ "local", "v0.0.0", "invalid", true, 12, 2 },
		{ "e.com/f", "v0.0.0-00010101000000-000000000000", "replaced", true, 14, 2 },
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(Manifest) manifest = parse_text(text, &error);

	g_assert_no_error(error);
	g_assert_cmpint(manifest->dependencies->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
		const Dependency *dependency = g_ptr_array_index(manifest->dependencies, i);

		g_assert_cmpstr(dependency->name, ==, wanted[i].name);
		g_assert_cmpstr(dependency->version, ==, wanted[i].version);
		g_assert_cmpstr(dependency->why_not, ==, wanted[i].why_not);
		g_assert_cmpint(dependency->is_direct, ==, wanted[i].is_direct);
		g_assert_cmpint(dependency->line, ==, wanted[i].line);
		g_assert_cmpint(dependency->column, ==, wanted[i].column);
		g_assert_true(strncmp(text + dependency->span.from, wanted[i].name,
				      strlen(wanted[i].name)) == 0);
	}
}

static void a_file_that_go_refuses_is_refused_with_all_its_mistakes(void)
{
	static const char text[] = "module m\n\nrequire e.com/a\nrequire e.com/b v2.0.0\nfancy x\n";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(Manifest) manifest = manifest_new(&ecosystem_gomod, "go.mod", "/", bytes);
	g_autoptr(GError) error = NULL;
	const Problem *second, *third;

	g_assert_false(ecosystem_gomod.parse(manifest, &error));
	g_assert_error(error, FAILURE, FAILURE_INPUT);
	g_assert_cmpstr(error->message, ==, "3:1: usage: require module/path v1.2.3");
	g_assert_cmpint(manifest->problems->len, ==, 2);
	second = g_ptr_array_index(manifest->problems, 0);
	third = g_ptr_array_index(manifest->problems, 1);
	g_assert_cmpint(second->line, ==, 4);
	g_assert_cmpint(second->weight, ==, WEIGHT_ERROR);
	g_assert_cmpint(third->weight, ==, WEIGHT_WARNING);
}

static void replacements_that_differ_are_refused(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Manifest) manifest =
		parse_text("module m\nreplace a.b/c => ../x\nreplace a.b/c => ../y\n", &error);

	g_assert_null(manifest);
	g_assert_error(error, FAILURE, FAILURE_INPUT);
}

static void only_files_of_that_name_are_claimed(void)
{
	g_assert_true(ecosystem_gomod.claims("go.mod"));
	g_assert_true(ecosystem_gomod.claims("cmd/a/go.mod"));
	g_assert_false(ecosystem_gomod.claims("cmd/a/go.mod.bak"));
	g_assert_false(ecosystem_gomod.claims("cargo.mod"));
	g_assert_true(ecosystem_gomod.accompanies("cmd/a/go.sum"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/gomod/requirements_are_dependencies",
			requirements_are_dependencies);
	g_test_add_func("/gomod/gomod/file_that_go_refuses_is_refused_with_all_its_mistakes",
			a_file_that_go_refuses_is_refused_with_all_its_mistakes);
	g_test_add_func("/gomod/gomod/replacements_that_differ_are_refused",
			replacements_that_differ_are_refused);
	g_test_add_func("/gomod/gomod/only_files_of_that_name_are_claimed",
			only_files_of_that_name_are_claimed);
	return g_test_run();
}
