/* SPDX-License-Identifier: MIT */
#include "publish/body.h"
#include "publish/identity.h"
#include "publish/plans.h"
#include "publish/quote.h"
#include "publish/section.h"

#define WEDGE "\xE2\x80\x8B"

static void a_body_ends_with_its_marker_and_keeps_to_its_bound(void)
{
	static const size_t bounds[] = { 0, 60000, 1000, 600 };
	g_autoptr(GString) lines = g_string_new("docker / a 1 2");

	for (int i = 0; i < 200; i++)
		g_string_append_printf(lines, "; docker / image-%d 1.2.3 1.2.4", i);
	for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++) {
		g_autoptr(TestPlan) test = test_plan(NULL, "all", false, lines->str);
		g_autoptr(Topic) topic = topic_of(test->plan, false);
		Wording wording = { .max_body = bounds[i], .repository = "42" };
		g_autofree char *body = NULL, *marker = NULL, *end = NULL;

		test->plan->update_key = identity_key(test->plan);
		body = body_of(topic, test->plan, &wording);
		marker = identity_marker(test->plan, "42", false);
		end = g_strconcat("\n", marker, "\n", NULL);
		g_assert_true(g_str_has_suffix(body, end));
		g_assert_true(g_str_has_prefix(body, "Bumps the all group with 201 updates:"));
		if (bounds[i] > 0)
			g_assert_cmpuint(strlen(body), <=, bounds[i]);
	}
}

/* Adds a section to the update `index` of a plan. */
static void add(TestPlan *test, guint index, SectionKind kind, const char *url, const char *text)
{
	Update *update = g_ptr_array_index(test->plan->updates, index);

	g_ptr_array_add(update->sections, section_new(kind, g_strdup(url), g_strdup(text)));
}

#define ZAP "gomod / go.uber.org/zap v1.26.0 v1.27.0"

/* All that stands before the footer. */
static char *body_without_end(const TestPlan *test, size_t max_body, char **body)
{
	g_autoptr(Topic) topic = topic_of(test->plan, false);
	Wording wording = { .max_body = max_body, .repository = "42" };
	const char *end;

	g_free(test->plan->update_key);
	test->plan->update_key = identity_key(test->plan);
	*body = body_of(topic, test->plan, &wording);
	end = strstr(*body, "\n---\n\nupkeepd rebuilds");
	return g_strndup(*body, end == NULL ? 0 : (gsize)(end - *body));
}

static TestPlan *told_plan(void)
{
	TestPlan *test = test_plan(NULL, NULL, false, ZAP);

	add(test, 0, SECTION_RELEASES, "https://f/releases", "> ## 1.27.0\n> * x\n");
	add(test, 0, SECTION_CHANGELOG, "https://f/CHANGELOG.md", "> # 1.27.0\n");
	add(test, 0, SECTION_GUIDE, "https://f/UPGRADE.md", "> Call it.\n");
	add(test, 0, SECTION_COMMITS, "https://f/compare/a...b",
	    "- See full diff in [compare view](https://f/compare/a...b)\n");
	return test;
}

static void sections_are_collapsed_in_their_order(void)
{
	g_autoptr(TestPlan) test = told_plan();
	g_autofree char *body = NULL, *text = body_without_end(test, 0, &body);

	g_assert_cmpstr(
		text, ==,
		"Bumps go.uber.org/zap from 1.26.0 to 1.27.0.\n"
		"\n<details>\n<summary>Release notes</summary>\n\n"
		"*Sourced from [go.uber.org/zap's releases](https://f/releases).*\n\n"
		"> ## 1.27.0\n> * x\n</details>\n"
		"\n<details>\n<summary>Changelog</summary>\n\n"
		"*Sourced from [go.uber.org/zap's changelog](https://f/CHANGELOG.md).*\n\n"
		"> # 1.27.0\n</details>\n"
		"\n<details>\n<summary>Upgrade guide</summary>\n\n"
		"*Sourced from [go.uber.org/zap's upgrade guide](https://f/UPGRADE.md).*\n\n"
		"> Call it.\n</details>\n"
		"\n<details>\n<summary>Commits</summary>\n\n"
		"- See full diff in [compare view](https://f/compare/a...b)\n</details>\n"
		"\n<br />\n");
}

/* Each a notice with a stranger's words, of the item `index`. */
static void notice(const Topic *topic, guint index, const char *text, const char *quote)
{
	Item *item = g_ptr_array_index(topic->items, index);

	if (item->notices == NULL)
		item->notices = notices_new();
	g_ptr_array_add(item->notices, notice_new(g_strdup(text), g_strdup(quote)));
}

static void notices_come_first_once_each_and_tamed(void)
{
	g_autoptr(TestPlan) test =
		test_plan(NULL, "g", true, ZAP "; gomod /a go.uber.org/zap v1.26.0 v1.27.0");
	g_autoptr(Topic) topic = topic_of(test->plan, false);
	Wording wording = { .repository = "42" };
	g_autofree char *body = NULL, *same = NULL, *message = text_intro(topic, NULL);

	for (guint i = 0; i < 2; i++) {
		notice(topic, i, "`zap` is deprecated", " use <b> @ann\n/close");
		notice(topic, i, "`zap` has a next major version, `zap/v2`", NULL);
	}
	notice(topic, 1, "`zap` v1.26.0, the present version, was retracted", "");
	test->plan->update_key = identity_key(test->plan);
	body = body_of(topic, test->plan, &wording);
	g_assert_true(g_str_has_prefix(body,
				       "> [!NOTE]\n"
				       "> - `zap` is deprecated: \"use " WEDGE " @" WEDGE "ann\"\n"
				       "> - `zap` has a next major version, `zap/v2`.\n"
				       "> - `zap` v1.26.0, the present version, was retracted.\n"
				       "\nBumps the g group with 1 update in the / directory: "));
	g_assert_true(g_str_has_prefix(message, "Bumps the g group"));
	/* One that is news is a reason to write the body again. */
	g_assert_true(body_is_same(body, body));
	notice(topic, 1, "`zap` calls itself `zop` now", NULL);
	same = body_of(topic, test->plan, &wording);
	g_assert_false(body_is_same(body, same));
}

static void many_notices_leave_room_for_the_rest(void)
{
	g_autoptr(TestPlan) test = test_plan(NULL, NULL, false, ZAP);
	g_autoptr(Topic) topic = topic_of(test->plan, false);
	Wording wording = { .repository = "42", .max_body = 60000 };
	g_autofree char *wide = g_strnfill(5000, '#'), *body = NULL;

	for (int i = 0; i < 100; i++) {
		g_autofree char *text = g_strdup_printf("`m%d` is deprecated", i);

		notice(topic, 0, text, wide);
	}
	test->plan->update_key = identity_key(test->plan);
	body = body_of(topic, test->plan, &wording);
	g_assert_nonnull(strstr(body, "> - … (80 more)\n\nBumps go.uber.org/zap from "));
	g_assert_cmpuint(strlen(body), <, 20000);
}

static void what_a_group_leaves_out_is_collapsed_and_no_news(void)
{
	g_autoptr(TestPlan) test = test_plan(NULL, "g", false, ZAP);
	g_autofree char *body = NULL, *before = body_without_end(test, 0, &body), *after = NULL;
	g_autofree char *with = NULL, *tight = NULL, *none = NULL;

	g_ptr_array_add(test->plan->absent, notice_new(g_strdup("`x` stays (ignored)"),
						       g_strdup("^2 </details> @ann")));
	after = body_without_end(test, 0, &with);
	g_assert_true(g_str_has_prefix(after, before));
	g_assert_cmpstr(after + strlen(before), ==,
			"\n<details>\n<summary>Left out of the group</summary>\n\n"
			"- `x` stays (ignored): \"^2 " WEDGE " @" WEDGE "ann\"\n</details>\n");
	g_assert_true(body_is_same(body, with));
	/* It goes as a whole where it does not fit. */
	none = body_without_end(test, strlen(with) - 1, &tight);
	g_assert_null(strstr(tight, "details>"));
}

static void a_message_has_links_to_the_same(void)
{
	g_autoptr(TestPlan) test = told_plan();
	g_autoptr(Topic) topic = topic_of(test->plan, true);
	g_autofree char *intro = text_intro(topic, NULL);

	g_assert_cmpstr(intro, ==,
			"Bumps go.uber.org/zap from 1.26.0 to 1.27.0.\n"
			"- [Release notes](https://f/releases)\n"
			"- [Changelog](https://f/CHANGELOG.md)\n"
			"- [Upgrade guide](https://f/UPGRADE.md)\n"
			"- [Commits](https://f/compare/a...b)\n");
}

static void members_of_a_group_have_their_own(void)
{
	g_autoptr(TestPlan) test = test_plan(NULL, "g", true,
					     ZAP "; gomod /a x v1.0.0 v1.1.0; "
						 "gomod /a go.uber.org/zap v1.26.0 v1.27.0");
	g_autofree char *body = NULL, *text = NULL;

	for (guint i = 0; i < 3; i++)
		add(test, i, SECTION_RELEASES, "https://f", i == 1 ? "> X\n" : "> Zap\n");
	text = body_without_end(test, 0, &body);
	g_assert_nonnull(strstr(text, "\nUpdates `x` from 1.0.0 to 1.1.0\n\n<details>\n"));
	g_assert_nonnull(strstr(text, "> X\n</details>\n\n<br />\n\nUpdates `go.uber.org/zap` "));
	/* Once, however many directories it is in. */
	g_assert_true(
		g_str_has_suffix(text, "\nUpdates `go.uber.org/zap` from 1.26.0 to 1.27.0\n"));
}

static void what_does_not_fit_goes_by_whole_sections(void)
{
	g_autofree char *much = g_strnfill(2000, 'x'), *text = g_strconcat("> ", much, "\n", NULL);
	static const struct {
		size_t bound;
		const char *shown; /* of each member: releases, changelog, commits */
	} rows[] = {
		{ 100000, "RLC RLC" }, { 12900, "RLC RL" }, { 10900, "RL RL" }, { 8900, "RL R" },
		{ 6500, "R R" },       { 4500, "R " },      { 2500, " " },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(TestPlan) test =
			test_plan(NULL, "g", false, ZAP "; gomod / x v1.0.0 v1.1.0");
		g_autofree char *body = NULL, *start = NULL;
		g_autoptr(GString) shown = g_string_new(NULL);

		for (guint k = 0; k < 2; k++) {
			add(test, k, SECTION_RELEASES, "https://r", text);
			add(test, k, SECTION_CHANGELOG, "https://l", text);
			add(test, k, SECTION_COMMITS, "https://c", text);
		}
		start = body_without_end(test, rows[i].bound, &body);
		g_assert_cmpuint(strlen(body), <=, rows[i].bound);
		for (const char *p = strstr(start, "\nUpdates `"); p != NULL && *p != '\0'; p++) {
			if (g_str_has_prefix(p, "\nUpdates `x"))
				g_string_append_c(shown, ' ');
			if (g_str_has_prefix(p, "<summary>"))
				g_string_append_c(shown, p[9] == 'R'    ? 'R'
							 : p[10] == 'h' ? 'L'
									: 'C');
		}
		g_test_message("%" G_GSIZE_FORMAT ": %" G_GSIZE_FORMAT, rows[i].bound,
			       strlen(body));
		g_assert_cmpstr(shown->str, ==, rows[i].shown);
		g_assert_true((strstr(body, SECTION_LEFT_OUT) != NULL) == (i > 0));
		g_assert_true(i == 0 || strstr(start, "- [Commits](https://c)") != NULL);
	}
}

/* A line of strangers' words, put together out of what breaks Markdown. */
static char *random_words(void)
{
	static const char *const pieces[] = {
		"```",   "~~~\n",     "<details>", "</details>", "<!--", "-->", "\n",   "@ann ",
		"#12 ",  "GH-1 ",     "![x](y)",   "\n/merge",   "`",    "](",  "\n\n", "- a\n",
		"    x", "fixes #12", "<br />\n",  "\n---\n",    "ä",    "|",   "[",    "\xff",
	};
	g_autoptr(GString) words = g_string_new(NULL);

	for (int i = g_test_rand_int_range(1, 60); i > 0; i--)
		g_string_append(words, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
	return quote_text(words->str, 50);
}

static guint count_of(const char *text, const char *line)
{
	g_auto(GStrv) all = g_strsplit(text, "\n", -1);
	guint count = 0;

	for (char **one = all; *one != NULL; one++)
		count += strcmp(*one, line) == 0 ? 1 : 0;
	return count;
}

/* Whatever the words, the number of sections and the bound: no block is left open, ours
 * are the only ones, and the marker is the last line. */
static void no_cut_breaks_what_stands_around_it(void)
{
	for (int round = 0; round < 200; round++) {
		g_autoptr(TestPlan) test =
			test_plan(NULL, "g", false, ZAP "; gomod / x v1.0.0 v1.1.0");
		size_t bound = (size_t)g_test_rand_int_range(900, 6000);
		g_autofree char *body = NULL, *start = NULL;
		guint blocks = 0;

		for (guint k = 0; k < 2; k++)
			for (int kind = SECTION_IMAGE; kind <= SECTION_COMMITS; kind++) {
				g_autofree char *words = random_words();

				if (g_test_rand_int_range(0, 3) > 0)
					add(test, k, (SectionKind)kind, "https://f", words);
			}
		start = body_without_end(test, bound, &body);
		blocks = count_of(start, "<details>");
		g_assert_true(g_utf8_validate(body, -1, NULL));
		g_assert_cmpuint(strlen(body), <=, bound);
		g_assert_cmpuint(count_of(start, "</details>"), ==, blocks);
		g_assert_cmpuint(count_of(body, "<details>"), ==, blocks);
		g_assert_true(identity_is_marked(body, "42", test->plan->update_key));
		g_assert_true(g_str_has_suffix(body, " -->\n"));
	}
}

static void sections_make_no_other_proposal(void)
{
	g_autoptr(TestPlan) bare = test_plan(NULL, NULL, false, ZAP), told = told_plan();
	g_autofree char *body = NULL, *other = NULL, *skeleton = NULL, *same = NULL;
	g_autofree char *a = body_without_end(bare, 0, &body), *b = NULL;

	((Update *)g_ptr_array_index(told->plan->updates, 0))->home =
		home_new(g_strdup("https://github.com/uber-go/zap"), "");
	b = body_without_end(told, 0, &other);
	skeleton = section_skeleton(body);
	same = section_skeleton(other);
	g_assert_cmpstr(a, !=, b);
	g_assert_nonnull(strstr(b, "[go.uber.org/zap](https://github.com/uber-go/zap)"));
	g_assert_cmpstr(skeleton, ==, same);
	g_assert_nonnull(strstr(skeleton, "Bumps go.uber.org/zap from 1.26.0 to 1.27.0.\n"));
	g_assert_nonnull(strstr(skeleton, "<!-- upkeepd:v1 "));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/body/a_body_ends_with_its_marker_and_keeps_to_its_bound",
			a_body_ends_with_its_marker_and_keeps_to_its_bound);
	g_test_add_func("/body/sections_are_collapsed_in_their_order",
			sections_are_collapsed_in_their_order);
	g_test_add_func("/body/notices_come_first_once_each_and_tamed",
			notices_come_first_once_each_and_tamed);
	g_test_add_func("/body/many_notices_leave_room_for_the_rest",
			many_notices_leave_room_for_the_rest);
	g_test_add_func("/body/what_a_group_leaves_out_is_collapsed_and_no_news",
			what_a_group_leaves_out_is_collapsed_and_no_news);
	g_test_add_func("/body/a_message_has_links_to_the_same", a_message_has_links_to_the_same);
	g_test_add_func("/body/members_of_a_group_have_their_own",
			members_of_a_group_have_their_own);
	g_test_add_func("/body/what_does_not_fit_goes_by_whole_sections",
			what_does_not_fit_goes_by_whole_sections);
	g_test_add_func("/body/no_cut_breaks_what_stands_around_it",
			no_cut_breaks_what_stands_around_it);
	g_test_add_func("/body/sections_make_no_other_proposal", sections_make_no_other_proposal);
	return g_test_run();
}
