/* SPDX-License-Identifier: MIT */
#include "policy/match.h"

#include <glib.h>

#include <string.h>

typedef struct {
	const char *pattern, *text;
	bool matches;
} Case;

static const Case names[] = {
	{ "golang", "golang", true },
	{ "golang", "library/golang", false },
	{ "golang*", "golang", true },
	{ "golang*", "golang/x", true },
	{ "golang*", "golang.org/x/net", true },
	{ "*chi*", "github.com/go-chi/chi/v5", true },
	{ "GoLang*", "golang", true },
	{ "github.com/Azure/*", "github.com/azure/go-autorest", true },
	{ "*", "anything", true },
	{ "**", "a", true },
	{ "*/v5", "github.com/go-chi/chi/v5", true },
	{ "*/v5", "github.com/go-chi/chi/v50", false },
	{ "a*b*c", "aXbXbXc", true },
	{ "a*b*c", "aXbXbX", false },
	{ "", "", false },
	{ "", "a", false },
	{ "gola?g", "golang", false },
	{ "gola[n]g", "golang", false },
	{ "gola?g", "gola?g", true },
};

static const Case cooldowns[] = {
	{ "golang*", "golang.org/x/net", true },
	{ "GoLang*", "golang", false },
	{ "gola?g", "golang", true },
	{ "gola[a-n]g", "golang", true },
	{ "gola[!a-m]g", "golang", true },
	{ "gola[^n]g", "golang", false },
	{ "gola[]n]g", "golang", true },
	{ "gola[ng", "gola[ng", true },
	{ "gola\\*g", "gola*g", true },
	{ "gola\\*g", "golang", false },
	{ "*", ".hidden", false },
	{ "?hidden", ".hidden", false },
	{ ".*", ".hidden", true },
	{ "*", "a.hidden", true },
	{ "*/net", "golang.org/x/net", true },
	{ "", "a", false },
};

static void names_are_matched_as_dependabot_does(gconstpointer data)
{
	const Case *c = data;

	g_assert_cmpint(match_name(c->pattern, c->text), ==, c->matches);
}

static void cooldown_names_are_matched_as_fnmatch_does(gconstpointer data)
{
	const Case *c = data;

	g_assert_cmpint(match_cooldown(c->pattern, c->text), ==, c->matches);
}

/* Many stars on a text that fits them all but for its end. */
static void many_stars_take_no_longer_than_pattern_times_text(void)
{
	g_autoptr(GString) pattern = g_string_new(NULL), text = g_string_new(NULL);

	for (int i = 0; i < 1000; i++) {
		g_string_append(pattern, "*a");
		g_string_append(text, "aa");
	}
	g_string_append_c(pattern, 'b');
	g_assert_false(match_name(pattern->str, text->str));
	g_assert_false(match_cooldown(pattern->str, text->str));
}

static const struct {
	const char *pattern, *expanded;
} braces[] = {
	{ "a/b", "a/b" },
	{ "{a,b}/c", "a/c b/c" },
	{ "{a,b}{c,d}", "ac ad bc bd" },
	{ "x{a,{b,c}}", "xa xb xc" },
	{ "{a}", "a" },
	{ "{,b}", " b" },
	{ "{a,b", "{a,b" },
	{ "a,b}", "a,b}" },
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void braces_stand_for_several_patterns(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(braces); i++) {
		g_autoptr(GPtrArray) list = match_alternatives(braces[i].pattern);
		g_autofree char *joined = NULL;

		g_ptr_array_sort(list, by_text);
		g_ptr_array_add(list, NULL);
		joined = g_strjoinv(" ", (char **)list->pdata);
		g_assert_cmpstr(joined, ==, braces[i].expanded);
	}
}

static void a_flood_of_braces_is_left_alone(void)
{
	g_autoptr(GString) wide = g_string_new(NULL), empty = g_string_new(NULL);
	g_autoptr(GPtrArray) few = NULL, one = NULL;

	for (int i = 0; i < 10000; i++) {
		g_string_append(wide, "{a,b}");
		g_string_append(empty, "{}");
	}
	few = match_alternatives(wide->str);
	g_assert_cmpint(few->len, <=, 64);
	one = match_alternatives(empty->str);
	g_assert_cmpint(one->len, ==, 1);
	g_assert_cmpint(strlen(one->pdata[0]), >, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_strdup_printf("/policy/match/names/%zu", i);

		g_test_add_data_func(path, &names[i], names_are_matched_as_dependabot_does);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(cooldowns); i++) {
		g_autofree char *path = g_strdup_printf("/policy/match/cooldown/%zu", i);

		g_test_add_data_func(path, &cooldowns[i],
				     cooldown_names_are_matched_as_fnmatch_does);
	}
	g_test_add_func("/policy/match/many_stars_take_no_longer_than_pattern_times_text",
			many_stars_take_no_longer_than_pattern_times_text);
	g_test_add_func("/policy/match/braces_stand_for_several_patterns",
			braces_stand_for_several_patterns);
	g_test_add_func("/policy/match/a_flood_of_braces_is_left_alone",
			a_flood_of_braces_is_left_alone);
	return g_test_run();
}
