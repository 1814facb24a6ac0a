/* SPDX-License-Identifier: MIT */
#include "publish/style.h"

#include <string.h>

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Newest first; who: p person, m merge, b another bot, d Dependabot or we. */
static const struct {
	const char *name;
	const char *history[8];
	const char *prefix;
	bool is_capital;
	const char *setting; /* commit-message.prefix */
	bool include_scope;
} cases[] = {
	/* Rule 1: the setting. */
	{ "setting", { NULL }, "deps: ", false, "deps" },
	{ "setting_scope", { NULL }, "build(deps): ", false, "build", true },
	{ "setting_colon", { NULL }, "go.mod: ", false, "go.mod:" },
	{ "setting_blank", { NULL }, "Deps ", true, "Deps " },
	{ "setting_bracket", { NULL }, "[misc]: ", true, "[misc]" },
	{ "setting_mark", { NULL }, "⬆️ ", true, "⬆️" },
	{ "setting_none", { "p feat: x" }, "", false, "" },
	{ "setting_none_scope", { NULL }, "", true, "", true },
	{ "setting_and_bot", { "d build: bump x" }, "deps: ", false, "deps" },
	{ "setting_and_capital_bot", { "d build: Bump x" }, "deps: ", true, "deps" },

	/* Rule 2: the last commit of the bot. */
	{ "bot_colon", { "d build: bump x" }, "build: ", false },
	{ "bot_scope", { "d chore(deps): bump x" }, "chore(deps): ", false },
	{ "bot_dev_scope", { "d Chore(deps-dev): Bump x" }, "Chore(deps): ", true },
	{ "bot_upgrade", { "d Upgrade: Bump x" }, "Upgrade: ", true },
	{ "bot_emoji", { "d ⬆️ Bump x" }, "⬆️ ", true },
	{ "bot_security", { "d build(deps): [Security] Bump x" }, "build(deps): ", true },
	{ "bot_update", { "d build: Update x requirement" }, "build: ", true },
	{ "bot_emoji_code_is_none", { "d :arrow_up: Bump x" }, "", true },
	{ "bot_other_is_none", { "d deps: bump x" }, "", true },
	{ "bot_plain_is_none", { "d Bump x", "d build: bump x" }, "", true },
	{ "only_the_last_bot", { "d chore: bump x", "d build: Bump x" }, "chore: ", false },
	{ "another_bot", { "b build: bump x" }, "", true },

	/* Rule 3: Angular. */
	{ "angular", { "p feat: add", "p x", "p y" }, "build(deps): ", false },
	{ "angular_just", { "p feat: a", "p b", "p c", "p d" }, "", true },
	{ "angular_chore", { "p chore: a", "p feat: b" }, "chore(deps): ", false },
	{ "angular_chore_and_build",
	  { "p chore: a", "p build: b", "p fix: c" },
	  "build(deps): ",
	  false },
	{ "angular_capital", { "p Feat: Add", "p Fix: That" }, "Build(deps): ", true },
	{ "angular_half_capital", { "p Feat: Add", "p fix: That" }, "build(deps): ", true },
	{ "angular_mixed", { "p feat: Add", "p fix: that" }, "build(deps): ", false },
	{ "angular_scope", { "p feat(api): add" }, "build(deps): ", false },
	{ "angular_word_within", { "p bugfix: add" }, "build(deps): ", false },
	{ "merges_do_not_count", { "m Merge fix: x", "p a", "p b" }, "", true },

	/* Rule 4: ESLint. */
	{ "eslint", { "p Fix: add", "p Update: that" }, "Upgrade: ", false },
	{ "eslint_capital", { "p Fix: Add", "p Update: That" }, "Upgrade: ", true },
	{ "eslint_needs_a_colon", { "p Update README", "p Fix that" }, "", true },
	{ "angular_word_settles",
	  { "p Fix: add", "p Update: that", "p test: x" },
	  "build(deps): ",
	  false },

	/* Rules 5 to 7. */
	{ "gitmoji", { "p :sparkles: add", "p other" }, "⬆️ ", true },
	{ "gitmoji_any_case", { "p add :ZAP:" }, "⬆️ ", true },
	{ "gitmoji_unknown", { "p :smile: add" }, "", true },
	{ "prefixed", { "p net/http: add", "p x", "p y" }, "build(deps): ", false },
	{ "prefixed_too_seldom", { "p net: a", "p b", "p c", "p d" }, "", true },
	{ "prefix_of_one_letter", { "p x: add" }, "", true },
	{ "prefix_with_a_blank", { "p net http: add" }, "", true },
	{ "prefix_with_a_capital", { "p Net: add" }, "", true },
	{ "none", { "p Add this", "p Fix that" }, "", true },
	{ "empty", { NULL }, "", true },
};

static PastCommit *commit_of(const char *text)
{
	const char *name = text[0] == 'd'   ? "dependabot[bot]"
			   : text[0] == 'b' ? "renovate[bot]"
					    : "Ann";

	return past_commit_read(name, "ann@example.org", text + 2, "us@example.org");
}

static void finds_the_style(const void *data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	CommitMessage message = { .prefix = (char *)cases[i].setting,
				  .include_scope = cases[i].include_scope };
	g_autoptr(GPtrArray) history =
		g_ptr_array_new_with_free_func((GDestroyNotify)past_commit_free);
	g_auto(Style) style = { 0 };

	for (size_t k = 0; k < 8 && cases[i].history[k] != NULL; k++)
		g_ptr_array_add(history, commit_of(cases[i].history[k]));
	style = style_find(&message, history);
	g_assert_cmpstr(style.prefix, ==, cases[i].prefix);
	g_assert_true(style.is_capital == cases[i].is_capital);
}

static void an_unknown_history_gives_small_letters(void)
{
	g_auto(Style) style = style_find(NULL, NULL);

	g_assert_cmpstr(style.prefix, ==, "");
	g_assert_false(style.is_capital);
}

static void commits_are_told_apart(void)
{
	static const struct {
		const char *name, *email, *message;
		CommitBy by;
	} rows[] = {
		{ "Ann", "ann@example.org", "Fix it", BY_PERSON },
		{ "Ann", "ann@example.org", "Merge branch 'x'", BY_MERGE },
		{ "dependabot[bot]", "x@example.org", "Bump x", BY_DEPENDABOT },
		{ "dependabot-preview[bot]", "x@example.org", "Bump x", BY_DEPENDABOT },
		{ "dependabot[bot]", "x@example.org", "Merge x", BY_MERGE },
		{ "Someone", "support@dependabot.com", "Bump x", BY_DEPENDABOT },
		{ "upkeepd", "us@example.org", "Bump x", BY_DEPENDABOT },
		{ "renovate[bot]", "x@example.org", "Update x", BY_BOT },
		{ "R", "29139614+renovate[bot]@users.noreply.github.com", "Update x", BY_BOT },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(PastCommit) commit = past_commit_read(rows[i].name, rows[i].email,
								rows[i].message, "us@example.org");

		g_assert_cmpint(commit->by, ==, rows[i].by);
	}
}

static void words_are_found_anywhere_in_a_message(void)
{
	g_autoptr(PastCommit) commit =
		past_commit_read("Ann", "a@example.org", "Add it\n\nThis FIX: that; test(x)", NULL);

	g_assert_cmpstr(commit->subject, ==, "Add it");
	g_assert_cmpuint(commit->words, ==, style_word("fix") | style_word("test"));
	g_assert_cmpuint(style_word("nonsense"), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/style/of/", cases[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), finds_the_style);
	}
	g_test_add_func("/style/an_unknown_history_gives_small_letters",
			an_unknown_history_gives_small_letters);
	g_test_add_func("/style/commits_are_told_apart", commits_are_told_apart);
	g_test_add_func("/style/words_are_found_anywhere_in_a_message",
			words_are_found_anywhere_in_a_message);
	return g_test_run();
}
