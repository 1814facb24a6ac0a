/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/overlay.h"
#include "ecosystems/gomod/scenario.h"

static Scenario *example(void)
{
	Scenario *scenario = scenario_new();

	scenario_put(scenario, "d", "a", "a\n");
	scenario_put(scenario, "d", "b", "b\n");
	scenario_put(scenario, "d", "c", "c\n");
	scenario_index(scenario);
	return scenario;
}

static void lay(Source *overlay, const char *path, const char *text)
{
	g_autoptr(GBytes) after = text != NULL ? g_bytes_new(text, strlen(text)) : NULL;
	g_autoptr(GPtrArray) changes = file_changes_new();

	g_ptr_array_add(changes, file_change_new(path, NULL, after));
	overlay_add(overlay, changes);
}

static char *text_of(Source *source, const char *path)
{
	g_autoptr(GBytes) bytes = source->read(source, path, 100, NULL);

	return bytes != NULL ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes))
			     : NULL;
}

static void changes_are_seen_and_the_base_is_not_touched(void)
{
	g_autoptr(Scenario) scenario = example();
	g_autoptr(Source) overlay = overlay_new(&scenario->source);
	g_autofree char *changed = NULL, *gone = NULL, *same = NULL, *new = NULL, *base = NULL;
	bool is_there;

	lay(overlay, "d/a", "A\n");
	lay(overlay, "d/b", NULL);
	lay(overlay, "d/aa", "new\n");
	changed = text_of(overlay, "d/a");
	gone = text_of(overlay, "d/b");
	same = text_of(overlay, "d/c");
	new = text_of(overlay, "d/aa");
	base = text_of(&scenario->source, "d/a");
	g_assert_cmpstr(changed, ==, "A\n");
	g_assert_null(gone);
	g_assert_cmpstr(same, ==, "c\n");
	g_assert_cmpstr(new, ==, "new\n");
	g_assert_cmpstr(base, ==, "a\n");
	g_assert_cmpuint(overlay->paths->len, ==, 3);
	g_assert_cmpuint(source_find(overlay, "d/aa", &is_there), ==, 1);
	g_assert_true(is_there);
	g_assert_false(source_has(overlay, "d/b"));
}

static void only_what_differs_in_the_end_is_a_change(void)
{
	g_autoptr(Scenario) scenario = example();
	g_autoptr(Source) overlay = overlay_new(&scenario->source);
	g_autoptr(GPtrArray) changes = NULL;
	g_autoptr(GError) error = NULL;
	const FileChange *change;

	lay(overlay, "d/a", "A\n");
	lay(overlay, "d/a", "a\n");
	lay(overlay, "d/x", "x\n");
	lay(overlay, "d/x", NULL);
	lay(overlay, "d/b", "1\n");
	lay(overlay, "d/b", "2\n");
	changes = overlay_changes(overlay, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(changes->len, ==, 1);
	change = changes->pdata[0];
	g_assert_cmpstr(change->path, ==, "d/b");
	g_assert_cmpint(g_bytes_get_size(change->before), ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/overlay/changes_are_seen_and_the_base_is_not_touched",
			changes_are_seen_and_the_base_is_not_touched);
	g_test_add_func("/gomod/overlay/only_what_differs_in_the_end_is_a_change",
			only_what_differs_in_the_end_is_a_change);
	return g_test_run();
}
