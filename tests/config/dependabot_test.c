/* SPDX-License-Identifier: MIT */
#include "config/dependabot.h"
#include "config/table.h"

#include <string.h>

static RulesFile *parse(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return rules_parse("dependabot.yml", bytes);
}

static void all_mistakes_are_said_in_order(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(RulesFile) file = parse(c->file);

	case_check(c, "dependabot.yml", file->problems);
}

/* Where the text of a row of schema.tsv stands: behind what, and before what. */
static const struct {
	const char *place, *before, *after;
} places[] = {
#define FILE_HEAD  "version: 2\nupdates:\n"
#define ENTRY_HEAD FILE_HEAD "  - package-ecosystem: docker\n    directory: /\n"
#define SCHEDULE   "    schedule: { interval: daily }\n"
#define MEMBER     "    multi-ecosystem-group: m\n    patterns: [\"*\"]\n"
	{ "file", "", "\n" },
	{ "top", ENTRY_HEAD SCHEDULE, "\n" },
	{ "entry", FILE_HEAD "  - { ", " }\n" },
	{ "key", ENTRY_HEAD SCHEDULE "    ", "\n" },
	{ "schedule", ENTRY_HEAD "    schedule: ", "\n" },
	{ "registry", ENTRY_HEAD SCHEDULE "    registries: [r]\nregistries:\n  r: ", "\n" },
	{ "group", ENTRY_HEAD MEMBER "multi-ecosystem-groups:\n  m: ", "\n" },
	{ "member", ENTRY_HEAD MEMBER "    ",
	  "\nmulti-ecosystem-groups:\n  m: { schedule: { interval: daily } }\n" },
};

/* A row: its name, the place, the text, and all that must be said, parted by " | ". */
static void every_mistake_of_the_schema_is_said(gconstpointer row)
{
	g_auto(GStrv) cells = g_strsplit(row, "\t", 4);
	Case c = { .wanted = g_strsplit(cells[3], " | ", -1) };
	g_autoptr(RulesFile) file = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
		if (strcmp(places[i].place, cells[1]) == 0)
			c.file = g_strconcat(places[i].before, cells[2], places[i].after, NULL);
	g_assert_nonnull(c.file);
	file = parse(c.file);
	case_check(&c, "dependabot.yml", file->problems);
	g_free(c.file);
	g_strfreev(c.wanted);
}

static char **add_schema_rows(void)
{
	g_autofree char *path =
		g_build_filename(g_getenv("UPKEEPD_TESTS"), "tables/schema.tsv", NULL);
	g_autofree char *text = NULL;
	char **rows;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	rows = g_strsplit(text, "\n", -1);
	for (char **row = rows; *row != NULL; row++) {
		g_autofree char *name = g_strndup(*row, strcspn(*row, "\t"));
		g_autofree char *test = g_strconcat("/config/schema/", name, NULL);

		if (**row != '#' && **row != '\0')
			g_test_add_data_func(test, *row, every_mistake_of_the_schema_is_said);
	}
	return rows;
}

#define ENTRY(more)                                                               \
	"version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: /\n" \
	"    schedule: { interval: daily }\n" more

static const Rules *first(const RulesFile *file)
{
	g_assert_cmpuint(file->entries->len, >, 0);
	return file->entries->pdata[0];
}

static void defaults_are_filled_in(void)
{
	g_autoptr(RulesFile) file = parse(ENTRY(""));
	const Rules *rules = first(file);

	g_assert_cmpuint(file->problems->len, ==, 0);
	g_assert_true(rules->is_usable);
	g_assert_true(rules->is_handled);
	g_assert_cmpint(rules->schedule.interval, ==, INTERVAL_DAILY);
	g_assert_cmpint(rules->schedule.minute, ==, -1);
	g_assert_true(rules->schedule.is_usable);
	g_assert_nonnull(rules->schedule.zone);
	g_assert_false(rules->is_list);
	g_assert_cmpint(rules->place.line, ==, 3);
	g_assert_cmpint(rules->place.column, ==, 5);
	g_assert_cmpstr(rules->place.path, ==, "dependabot.yml");
	g_assert_cmpstr(rules->versioning_strategy, ==, "auto");
	g_assert_cmpuint(rules->allow->len, ==, 0);
}

static void values_are_kept(void)
{
	g_autoptr(RulesFile) file = parse(ENTRY(
		"    allow: [{ dependency-name: a }, { dependency-type: all }]\n"
		"    ignore: [{ versions: \"1\", update-types: [\"version-update:semver-patch\"] "
		"}]\n"
		"    groups: { z: { update-types: [minor, major], x-upkeepd: { automerge: [patch], "
		"automerge-age: 7 } }, a: { group-by: dependency-name "
		"} }\n"
		"    commit-message: { prefix: \"\", include: scope }\n"
		"    pull-request-branch-name: { separator: \"_\", branch-name-case: uppercase }\n"
		"    rebase-strategy: disabled\n"
		"    x-upkeepd: { max-go: 1.20, pin: digest, major-imports: rewrite, toolchain: "
		"carry, latest-guard: "
		"false, "
		"automerge: [digest, minor], draft: true, rebase: auto, hourly-limit: 2 }\n"));
	const Rules *rules = first(file);
	const Filter *named, *typed, *ignored;
	const Group *group;

	g_assert_cmpuint(file->problems->len, ==, 0);
	named = rules->allow->pdata[0];
	typed = rules->allow->pdata[1];
	ignored = rules->ignore->pdata[0];
	group = rules->groups->pdata[0];
	g_assert_cmpstr(named->name, ==, "a");
	/* As the service fills it in. */
	g_assert_cmpstr(named->type, ==, "direct");
	g_assert_null(typed->name);
	g_assert_cmpstr(typed->type, ==, "all");
	g_assert_cmpint(typed->place.column, ==, 37);
	g_assert_null(ignored->name);
	g_assert_cmpuint(ignored->versions->len, ==, 1);
	g_assert_cmpuint(ignored->update_types, ==, UPDATE_PATCH);
	g_assert_cmpstr(group->name, ==, "z");
	g_assert_cmpuint(group->update_types, ==, UPDATE_MAJOR | UPDATE_MINOR);
	g_assert_cmpuint(group->automerge, ==, 1 << 1);
	g_assert_cmpint(group->automerge_age, ==, 7);
	group = rules->groups->pdata[1];
	g_assert_true(group->is_by_name);
	g_assert_cmpint(group->place.line, ==, 8);
	g_assert_cmpstr(rules->commit_message.prefix, ==, "");
	g_assert_true(rules->commit_message.include_scope);
	g_assert_cmpint(rules->branch_name.separator, ==, '_');
	g_assert_cmpint(rules->branch_name.letter_case, ==, CASE_UPPER);
	g_assert_true(rules->is_rebase_disabled);
	g_assert_cmpstr(rules->max_go, ==, "1.20");
	g_assert_true(rules->pins_digest);
	g_assert_true(rules->rewrites_imports);
	g_assert_true(rules->carries_toolchain);
	g_assert_false(rules->has_latest_guard);
	g_assert_cmpuint(rules->automerge, ==, 1 << 0 | 1 << 2);
	g_assert_true(rules->opens_drafts);
	g_assert_cmpint(rules_rebase(rules), ==, REBASE_BEHIND);
	g_assert_cmpint(rules->hourly_limit, ==, 2);
}

static void days_of_cooldown_fall_back_to_the_default(void)
{
	static const struct {
		const char *text;
		int days[4];
	} cases[] = {
		{ "", { 3, 3, 3, 3 } },
		{ "    cooldown: {}\n", { 3, 3, 3, 3 } },
		{ "    cooldown: { default-days: 7 }\n", { 7, 7, 7, 7 } },
		{ "    cooldown: { semver-major-days: 30 }\n", { 3, 30, 3, 3 } },
		{ "    cooldown: { default-days: 0, semver-minor-days: 5 }\n", { 0, 0, 5, 0 } },
		{ "    cooldown: { default-days: 7, semver-patch-days: 0 }\n", { 7, 7, 7, 7 } },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strconcat(ENTRY(""), cases[i].text, NULL);
		g_autoptr(RulesFile) file = parse(text);
		const Cooldown *cooldown = &first(file)->cooldown;

		g_assert_cmpint(cooldown->default_days, ==, cases[i].days[0]);
		g_assert_cmpint(cooldown->major_days, ==, cases[i].days[1]);
		g_assert_cmpint(cooldown->minor_days, ==, cases[i].days[2]);
		g_assert_cmpint(cooldown->patch_days, ==, cases[i].days[3]);
		g_assert_cmpint(cooldown->is_given, ==, *cases[i].text != '\0');
	}
}

static void one_bad_entry_leaves_the_others_usable(void)
{
	g_autoptr(RulesFile) file =
		parse(ENTRY("    labls: [x]\n") "  - package-ecosystem: gomod\n"
						"    directory: /\n"
						"    schedule: { interval: daily }\n");
	const Rules *second;

	g_assert_cmpuint(file->entries->len, ==, 2);
	second = file->entries->pdata[1];
	g_assert_false(first(file)->is_usable);
	g_assert_true(second->is_usable);
	g_assert_cmpint(second->index, ==, 1);
}

static void another_version_makes_no_entry_usable(void)
{
	g_autoptr(RulesFile) file = parse("version: 3\nupdates: [{ package-ecosystem: docker, "
					  "directory: /, schedule: { interval: daily } }]\n");

	g_assert_false(first(file)->is_usable);
}

static void a_key_twice_at_the_top_makes_no_entry_usable(void)
{
	g_autoptr(RulesFile) file = parse(ENTRY("") "updates: []\n");

	g_assert_false(first(file)->is_usable);
}

static void an_entry_that_is_no_mapping_is_not_usable(void)
{
	g_autoptr(RulesFile) file = parse("version: 2\nupdates: [docker]\n");

	g_assert_false(first(file)->is_usable);
	g_assert_null(first(file)->ecosystem_name);
}

static void one_plain_item_of_directories_counts_as_directory(void)
{
	g_autoptr(RulesFile) file = parse("version: 2\nupdates:\n"
					  "  - { package-ecosystem: docker, directories: [/a], "
					  "schedule: { interval: daily } }\n"
					  "  - { package-ecosystem: docker, directories: [/b/*], "
					  "schedule: { interval: daily } }\n"
					  "  - { package-ecosystem: docker, directories: [/c, /d], "
					  "schedule: { interval: daily } }\n");

	g_assert_cmpuint(file->problems->len, ==, 0);
	g_assert_false(((Rules *)file->entries->pdata[0])->is_list);
	g_assert_true(((Rules *)file->entries->pdata[1])->is_list);
	g_assert_true(((Rules *)file->entries->pdata[2])->is_list);
}

static void aliases_and_merge_keys_are_followed(void)
{
	g_autoptr(RulesFile) file =
		parse("version: 2\nupdates:\n"
		      "  - &base\n    package-ecosystem: docker\n    directory: /a\n"
		      "    schedule: &weekly { interval: weekly }\n    labels: [x]\n"
		      "  - { <<: *base, directory: /b, labels: [y] }\n"
		      "  - { package-ecosystem: gomod, directory: /, schedule: *weekly }\n");
	const Rules *second, *third;

	g_assert_cmpuint(file->problems->len, ==, 0);
	second = file->entries->pdata[1];
	third = file->entries->pdata[2];
	g_assert_cmpstr(second->directories->pdata[0], ==, "/b");
	g_assert_cmpstr(second->labels->pdata[0], ==, "y");
	g_assert_cmpstr(second->ecosystem_name, ==, "docker");
	g_assert_cmpint(third->schedule.interval, ==, INTERVAL_WEEKLY);
}

static void a_mistake_behind_two_aliases_is_said_once(void)
{
	g_autoptr(RulesFile) file = parse(
		"version: 2\nupdates:\n"
		"  - { package-ecosystem: docker, directory: /a, schedule: &s { interval: x } }\n"
		"  - { package-ecosystem: docker, directory: /b, schedule: *s }\n");

	g_assert_cmpuint(file->problems->len, ==, 1);
	g_assert_false(((Rules *)file->entries->pdata[1])->is_usable);
}

static void members_follow_their_multi_ecosystem_group(void)
{
	g_autoptr(RulesFile) file = parse(
		"version: 2\nmulti-ecosystem-groups:\n  infra:\n"
		"    schedule: { interval: weekly, day: tuesday, time: \"07:45\" }\n"
		"    labels: [a, b]\n    assignees: [me]\n    milestone: 4\n"
		"    target-branch: next\n    commit-message: { prefix: infra }\n"
		"updates:\n  - package-ecosystem: docker\n    directory: /\n"
		"    multi-ecosystem-group: infra\n    patterns: [\"*\"]\n    labels: [c, a]\n");
	const Rules *rules = first(file);

	g_assert_cmpuint(file->problems->len, ==, 0);
	g_assert_true(rules->is_usable);
	g_assert_cmpint(rules->schedule.interval, ==, INTERVAL_WEEKLY);
	g_assert_cmpint(rules->schedule.day, ==, 2);
	g_assert_cmpint(rules->schedule.minute, ==, 7 * 60 + 45);
	g_assert_true(rules->schedule.is_usable);
	g_assert_cmpuint(rules->labels->len, ==, 3);
	g_assert_cmpstr(rules->labels->pdata[2], ==, "b");
	g_assert_cmpstr(rules->assignees->pdata[0], ==, "me");
	g_assert_cmpint(rules->milestone, ==, 4);
	g_assert_cmpstr(rules->target_branch, ==, "next");
	g_assert_cmpstr(rules->commit_message.prefix, ==, "infra");
}

static void a_registry_in_error_takes_its_entries_with_it(void)
{
	g_autoptr(RulesFile) file =
		parse(ENTRY("    registries: [a]\n") "registries: { a: { type: git, url: "
						     "ftp://a.example } }\n");

	g_assert_false(first(file)->is_usable);
}

static void so_many_registries_and_no_more_are_used(void)
{
	g_autoptr(GString) text = g_string_new(ENTRY("    registries: [r99]\n"));
	g_autoptr(RulesFile) file = NULL;
	const Problem *problem;

	g_string_append(text, "  - package-ecosystem: docker\n    directory: /b\n"
			      "    schedule: { interval: daily }\n    registries: [r101]\n"
			      "  - package-ecosystem: docker\n    directory: /c\n"
			      "    schedule: { interval: daily }\n    registries: \"*\"\n"
			      "registries:\n");
	for (int i = 0; i < 102; i++)
		g_string_append_printf(text, "  r%d: { type: git, url: https://a.example }\n", i);
	file = parse(text->str);
	g_assert_cmpuint(file->problems->len, ==, 1);
	problem = file->problems->pdata[0];
	g_assert_cmpint(problem->line, ==, 16 + 100);
	g_assert_cmpint(problem->weight, ==, WEIGHT_ERROR);
	g_assert_cmpstr(problem->text, ==, "more than 100 registries: none from here on is used");
	g_assert_true(((Rules *)file->entries->pdata[0])->is_usable);
	g_assert_false(((Rules *)file->entries->pdata[1])->is_usable);
	g_assert_true(((Rules *)file->entries->pdata[2])->is_usable);
	g_assert_true(((RegistryEntry *)file->registries->pdata[99])->is_usable);
	g_assert_false(((RegistryEntry *)file->registries->pdata[100])->is_usable);
}

static void what_is_no_yaml_leaves_no_entries(void)
{
	g_autoptr(RulesFile) file = parse("a: [");
	g_autoptr(RulesFile) binary = parse("\xff\xfe");

	g_assert_cmpuint(file->entries->len, ==, 0);
	g_assert_cmpuint(file->problems->len, ==, 1);
	g_assert_cmpuint(binary->problems->len, ==, 1);
}

/* A megabyte of mistakes, and lists long enough to show what is quadratic. */
static void hostile_files_take_bounded_time_and_problems(void)
{
	g_autoptr(GString) text = g_string_new(ENTRY("    groups:\n"));
	g_autoptr(RulesFile) file = NULL;

	for (int i = 0; i < 12000; i++)
		g_string_append_printf(text, "      a%da: { dependency-type: production }\n", i);
	for (int i = 0; i < 20000; i++)
		g_string_append_printf(text, "k%d: x\n", i);
	file = parse(text->str);
	/* A thousand, and that there are more. */
	g_assert_cmpuint(file->problems->len, ==, 1001);
	g_assert_cmpuint(((Rules *)file->entries->pdata[0])->groups->len, ==, 12000);
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) cases = NULL;
	g_auto(GStrv) rows = NULL;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	cases = cases_read("dependabot.txt");
	cases_add(cases, "/config/dependabot/", all_mistakes_are_said_in_order);
	rows = add_schema_rows();
#define ADD(test) g_test_add_func("/config/dependabot/" #test, test)
	ADD(defaults_are_filled_in);
	ADD(values_are_kept);
	ADD(days_of_cooldown_fall_back_to_the_default);
	ADD(one_bad_entry_leaves_the_others_usable);
	ADD(another_version_makes_no_entry_usable);
	ADD(a_key_twice_at_the_top_makes_no_entry_usable);
	ADD(an_entry_that_is_no_mapping_is_not_usable);
	ADD(one_plain_item_of_directories_counts_as_directory);
	ADD(aliases_and_merge_keys_are_followed);
	ADD(a_mistake_behind_two_aliases_is_said_once);
	ADD(members_follow_their_multi_ecosystem_group);
	ADD(a_registry_in_error_takes_its_entries_with_it);
	ADD(so_many_registries_and_no_more_are_used);
	ADD(what_is_no_yaml_leaves_no_entries);
	ADD(hostile_files_take_bounded_time_and_problems);
	return g_test_run();
}
