/* SPDX-License-Identifier: MIT */
/* Names and titles as the table of pull-requests.md 1.2 has them. */
#include "config/dependabot.h"
#include "publish/branch.h"
#include "publish/plans.h"
#include "publish/text.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define OLD "1a2b3c4000000000000000000000000000000000000000000000000000000000"
#define NEW "4f6e1a2000000000000000000000000000000000000000000000000000000000"
#define CHI "gomod / github.com/go-chi/chi/v5 v5.0.12 v5.2.3"
#define ZAP "gomod / go.uber.org/zap v1.26.0 v1.27.0"
#define GO  "docker / golang 1.21.6-alpine 1.26.3-alpine"
#define LONG_NAME \
	"github.com/container-orchestrated-devices/container-device-interface/with/a/long/path"

static const struct {
	const char *name, *updates, *branch, *title;
	const char *group;
	const char *entry;  /* more lines of the rules' entry, separated by "; " */
	const char *prefix; /* of branches; NULL: dependabot */
	bool is_across;
} cases[] = {
	{ "root", GO, "dependabot/docker/golang-1.26.3-alpine",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine" },
	{ "directory", "docker /build golang 1.21.6-alpine 1.26.3-alpine",
	  "dependabot/docker/build/golang-1.26.3-alpine",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine in /build" },
	{ "target_branch", GO, "dependabot/docker/develop/golang-1.26.3-alpine",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine", .entry = "target-branch: develop" },
	{ "digest", "docker / golang 1.22@" OLD " 1.22@" NEW, "dependabot/docker/golang-4f6e1a2",
	  "Bump golang from `1a2b3c4` to `4f6e1a2`" },
	{ "digest_without_a_tag", "docker / golang @" OLD " @" NEW, "dependabot/docker/golang-" NEW,
	  "Bump golang from `1a2b3c4` to `4f6e1a2`" },
	{ "first_digest", "docker / golang 1.22 1.22@" NEW, "dependabot/docker/golang-4f6e1a2",
	  "Bump golang to `4f6e1a2`" },
	{ "tag_and_digest", "docker / golang 1.21@" OLD " 1.22@" NEW,
	  "dependabot/docker/golang-1.22", "Bump golang from 1.21 to 1.22" },
	{ "compose", "docker-compose / postgres 16.9 17.5",
	  "dependabot/docker_compose/postgres-17.5", "Bump postgres from 16.9 to 17.5" },
	{ "compose_digest", "docker-compose / postgres 17.5@" OLD " 17.5@" NEW,
	  "dependabot/docker_compose/postgres-17.5", "Bump postgres from `1a2b3c4` to `4f6e1a2`" },
	{ "own_compose_digest", "docker-compose / postgres 17.5@" OLD " 17.5@" NEW,
	  "upkeepd/docker_compose/postgres-4f6e1a2", "Bump postgres from `1a2b3c4` to `4f6e1a2`",
	  .prefix = "upkeepd" },
	{ "registry", "docker / registry.corp:5000/team/x 1 2",
	  "dependabot/docker/registry.corp-5000/team/x-2",
	  "Bump registry.corp:5000/team/x from 1 to 2" },
	{ "major_path", CHI, "dependabot/go_modules/github.com/go-chi/chi/v5-5.2.3",
	  "Bump github.com/go-chi/chi/v5 from 5.0.12 to 5.2.3" },
	{ "incompatible",
	  "gomod / github.com/docker/docker v27.0.0+incompatible v28.1.0+incompatible",
	  "dependabot/go_modules/github.com/docker/docker-28.1.0incompatible",
	  "Bump github.com/docker/docker from 27.0.0+incompatible to 28.1.0+incompatible" },
	{ "own_incompatible",
	  "gomod / github.com/docker/docker v27.0.0+incompatible v28.1.0+incompatible",
	  "upkeepd/go_modules/github.com/docker/docker-28.1.0-incompatible",
	  "Bump github.com/docker/docker from 27.0.0+incompatible to 28.1.0+incompatible",
	  .prefix = "upkeepd" },
	{ "group", CHI "; " ZAP, "dependabot/go_modules/go-minor-3c0109ec33",
	  "Bump the go-minor group with 2 updates", "go-minor" },
	{ "group_of_one", "gomod / golang.org/x/net v0.17.0 v0.40.0",
	  "dependabot/go_modules/go-minor-5e519fa3dd",
	  "Bump golang.org/x/net from 0.17.0 to 0.40.0 in the go-minor group", "go-minor" },
	{ "group_of_one_in_a_directory", "gomod /go golang.org/x/net v0.17.0 v0.40.0",
	  "dependabot/go_modules/go/go-minor-5e519fa3dd",
	  "Bump golang.org/x/net from 0.17.0 to 0.40.0 in /go in the go-minor group", "go-minor" },
	{ "group_in_a_directory",
	  "gomod /go golang.org/x/net v0.17.0 v0.40.0; gomod /go golang.org/x/sys v0.1.0 v0.2.0",
	  "dependabot/go_modules/go/go-minor-b179073a51",
	  "Bump the go-minor group in /go with 2 updates", "go-minor" },
	{ "group_across",
	  "docker /a golang 1.21.6-alpine 1.26.3-alpine; "
	  "docker /b golang 1.21.6-alpine 1.26.3-alpine",
	  "dependabot/docker/a/images-eae6df7160",
	  "Bump the images group across 2 directories with 1 update", "images", .is_across = true },
	{ "group_across_one", GO, "dependabot/docker/images-bab7687a09",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine in the images group across 1 directory",
	  "images", .is_across = true },
	{ "group_across_one_subdirectory", "docker /a golang 1.21.6-alpine 1.26.3-alpine",
	  "dependabot/docker/a/images-bab7687a09",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine in /a in the images group "
	  "across 1 directory",
	  "images", .is_across = true },
	{ "by_name",
	  "docker /a golang 1.21.6-alpine 1.26.3-alpine; "
	  "docker /b golang 1.21.6-alpine 1.26.3-alpine",
	  "dependabot/docker/a/images/golang-eae6df7160", "Bump golang across 2 directories",
	  "images", "groups: {images: {group-by: dependency-name}}", .is_across = true },
	{ "by_name_in_one", "docker /a golang 1.21.6-alpine 1.26.3-alpine",
	  "dependabot/docker/a/images/golang-bab7687a09", "Bump golang in /a", "images",
	  "groups: {images: {group-by: dependency-name}}", .is_across = true },
	{ "many_ecosystems", GO "; " CHI "; " ZAP, "dependabot/go-stack-df725197d8",
	  "Bump the \"go-stack\" group with 3 updates across multiple ecosystems", "go-stack" },
	{ "two_without_a_group", CHI "; " ZAP, "dependabot/go_modules/multi-3c0109ec33",
	  "Bump github.com/go-chi/chi/v5 and go.uber.org/zap" },
	{ "twice_in_a_directory", GO "; " GO, "dependabot/docker/golang-1.26.3-alpine",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine" },
	{ "separator", GO, "dependabot-docker-golang-1.26.3-alpine",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine",
	  .entry = "pull-request-branch-name: {separator: '-'}" },
	{ "prefix", GO, "deps/docker/golang-1.26.3-alpine",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine",
	  .entry = "pull-request-branch-name: {prefix: deps}" },
	{ "word_separator", "docker-compose / my_app 1 2", "dependabot/docker-compose/my-app-2",
	  "Bump my_app from 1 to 2", .entry = "pull-request-branch-name: {word-separator: '-'}" },
	{ "upper_case", GO, "dependabot/DOCKER/GOLANG-1.26.3-ALPINE",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine",
	  .entry = "pull-request-branch-name: {branch-name-case: uppercase}" },
	{ "template", GO, "dependabot/root/golang/1.26.3-alpine",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine",
	  .entry = "pull-request-branch-name: "
		   "{template: '{prefix}/{directory}/{target_branch}/{dependency}/{version}'}" },
	{ "template_of_a_group", CHI "; " ZAP, "x/go_modules/go-minor-3c0109ec33",
	  "Bump the go-minor group with 2 updates", "go-minor",
	  "pull-request-branch-name: {template: 'x/{package_manager}/{name}'}" },
	{ "max_length", GO, "dependabot/24656240dfbb71cc33dfe0520899e0e2fd1f094b",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine",
	  .entry = "pull-request-branch-name: {max-length: 51, template: "
		   "'{prefix}/{package_manager}/{name}/and/more/and/more/and/more'}" },
	{ "nothing_but_a_hash_of_dependabot", GO, "0716596dcc1d642f5299bb41ae5779",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine",
	  .entry = "pull-request-branch-name: {max-length: 30}" },
	{ "a_beginning_and_a_hash_of_our_own", GO, "upkeepd/docker/gola-657958ca4f",
	  "Bump golang from 1.21.6-alpine to 1.26.3-alpine", .prefix = "upkeepd",
	  .entry = "pull-request-branch-name: {max-length: 30}" },
	{ "no_bound_of_dependabot", "gomod / " LONG_NAME " v1.0.0 v1.1.0",
	  "dependabot/go_modules/" LONG_NAME "-1.1.0", "Bump " LONG_NAME " from 1.0.0 to 1.1.0" },
	{ "a_bound_of_our_own", "gomod / " LONG_NAME " v1.0.0 v1.1.0",
	  "upkeepd/go_modules/github.com/"
	  "container-orchestrated-devicesd430ea2fb96c1c6ef2629c57276d071d4a14b846",
	  "Bump " LONG_NAME " from 1.0.0 to 1.1.0", .prefix = "upkeepd" },
	{ "odd_directory", "docker /.ci/a..b golang 1 2", "dependabot/docker/dot-ci/a.b/golang-2",
	  "Bump golang from 1 to 2 in /.ci/a..b" },
};

/* The entry of a dependabot.yml with `more` lines in it. */
static RulesFile *rules_with(const char *more)
{
	g_autoptr(GString) text =
		g_string_new("version: 2\nupdates:\n- package-ecosystem: docker\n"
			     "  directories: [/, /a]\n  schedule: {interval: daily}\n");
	g_auto(GStrv) lines = g_strsplit(more == NULL ? "" : more, "; ", -1);
	g_autoptr(GBytes) bytes = NULL;

	for (char **line = lines; *line != NULL; line++)
		g_string_append_printf(text, "  %s\n", *line);
	bytes = g_bytes_new(text->str, text->len);
	return rules_parse("dependabot.yml", bytes);
}

static void names_and_titles_are_as_in_the_table(const void *data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	const char *prefix = cases[i].prefix == NULL ? "dependabot" : cases[i].prefix;
	g_autoptr(RulesFile) file = rules_with(cases[i].entry);
	g_autoptr(TestPlan) test = test_plan(g_ptr_array_index(file->entries, 0), cases[i].group,
					     cases[i].is_across, cases[i].updates);
	g_autoptr(GPtrArray) history = g_ptr_array_new();
	Wording wording = { .prefix = prefix,
			    .author_email = "us@example.org",
			    .history = history };
	g_autoptr(GError) error = NULL;

	g_assert_cmpuint(file->problems->len, ==, 0);
	g_assert_true(text_fill(test->plan, &wording, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(test->plan->branch, ==, cases[i].branch);
	g_assert_cmpstr(test->plan->title, ==, cases[i].title);
}

static const struct {
	const char *title, *subject;
} subjects[] = {
	{ "Bump a from 1 to 2", "Bump a from 1 to 2" },
	{ "⬆️ Bump a from 1 to 2", ":arrow_up: Bump a from 1 to 2" },
	{ "⬆️ 🔒 Bump a", ":arrow_up: :lock: Bump a" },
	{ "Bump golang.org/x/crypto from 0.0.0-20220315160706 to 0.0.0-20220315160707 in /go",
	  "Bump golang.org/x/crypto in /go" },
	/* Exactly 72 characters stay. */
	{ "Bump github.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa from 1.0 to 1.1.",
	  "Bump github.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa from 1.0 to 1.1." },
	{ "Bump github.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa from 1.0 to 1.1.",
	  "Bump github.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	{ "Bump github.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa from 1 to 2 in "
	  "/a/directory",
	  "Bump github.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	{ "Bump the aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa group in /go with 12 updates",
	  "Bump the aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa group" },
	{ "Bump the aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa group across 2 directories",
	  "Bump the aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa group across 2 directories" },
	/* Characters count, not bytes. */
	{ "ääääääääääääääääääää ääääääääääääääääääää äääääääääää from 1.0 to 1.1",
	  "ääääääääääääääääääää ääääääääääääääääääää äääääääääää from 1.0 to 1.1" },
};

static void subjects_are_clipped_by_parts(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
		g_autofree char *subject = text_subject(subjects[i].title);

		g_assert_cmpstr(subject, ==, subjects[i].subject);
	}
}

static const struct {
	const char *updates, *type;
} types[] = {
	{ "docker / a 1.22.4 1.22.5", "patch" },
	{ "docker / a 1.22.5-alpine 1.23.0-alpine", "minor" },
	{ "docker / a 1 2", "major" },
	{ "docker / a 1.2 1.3", "minor" },
	{ "docker / a 1.2.3-a 1.2.3-b", "patch" },
	{ "docker / a 1.22-alpine 1.23-alpine", "minor" },
	{ "docker / a v1.2.3 v2.0.0", "major" },
	{ "docker / a 22.04 24.04", "major" },
	{ "docker / a 24.04 24.10", "minor" },
	{ "docker / a 1.22-alpine 1.23.1-alpine", NULL },
	{ "docker / a nonroot other", NULL },
	{ "docker / a nonroot@" OLD " nonroot@" NEW, "patch" },
	{ "docker / a @" OLD " @" NEW, "patch" },
	{ "gomod / a v0.17.0 v0.40.0", "minor" },
	{ "gomod / a v0.0.0-20220101 v0.0.0-20230101", "patch" },
};

static void update_types_are_told_where_numbers_compare(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		g_autoptr(TestPlan) test = test_plan(NULL, NULL, false, types[i].updates);
		g_autoptr(Topic) topic = topic_of(test->plan, true);
		const Item *item = g_ptr_array_index(topic->items, 0);
		g_autofree char *type =
			types[i].type == NULL
				? NULL
				: g_strconcat("version-update:semver-", types[i].type, NULL);

		g_test_message("%s", types[i].updates);
		g_assert_cmpstr(item->update_type, ==, type);
	}
}

static void a_message_of_one_update(void)
{
	g_autoptr(TestPlan) test = test_plan(NULL, NULL, false, "docker / golang 1.21.6 1.26");
	g_autoptr(Topic) topic = topic_of(test->plan, true);
	g_autofree char *message =
		text_message(topic, "Bump golang", "docker|/||golang 0123", DEPENDABOT_SIGNER);

	g_assert_cmpstr(message, ==,
			"Bump golang\n\n"
			"Bumps golang from 1.21.6 to 1.26.\n\n"
			"---\n"
			"updated-dependencies:\n"
			"- dependency-name: golang\n"
			"  dependency-version: '1.26'\n"
			"  dependency-type: direct:production\n"
			"  update-type: version-update:semver-minor\n"
			"...\n\n"
			"Upkeepd-Update-Id: docker|/||golang 0123\n"
			"Signed-off-by: dependabot[bot] <support@github.com>\n");
}

static void a_message_of_a_group(void)
{
	g_autoptr(TestPlan) test = test_plan(NULL, "go", false, CHI "; " ZAP);
	g_autoptr(Topic) topic = topic_of(test->plan, true);
	g_autofree char *message = text_message(topic, "Bump the go group", NULL, NULL);

	g_assert_cmpstr(message, ==,
			"Bump the go group\n\n"
			"Bumps the go group with 2 updates: github.com/go-chi/chi/v5 and "
			"go.uber.org/zap.\n\n"
			"Updates `github.com/go-chi/chi/v5` from 5.0.12 to 5.2.3\n\n"
			"Updates `go.uber.org/zap` from 1.26.0 to 1.27.0\n\n"
			"---\n"
			"updated-dependencies:\n"
			"- dependency-name: github.com/go-chi/chi/v5\n"
			"  dependency-version: 5.2.3\n"
			"  dependency-type: direct:production\n"
			"  update-type: version-update:semver-minor\n"
			"  dependency-group: go\n"
			"- dependency-name: go.uber.org/zap\n"
			"  dependency-version: 1.27.0\n"
			"  dependency-type: direct:production\n"
			"  update-type: version-update:semver-minor\n"
			"  dependency-group: go\n"
			"...\n");
}

static void the_first_sentences_list_what_a_group_moves(void)
{
	static const struct {
		const char *updates;
		bool is_across;
		const char *beginning;
	} rows[] = {
		{ "gomod /go a v1.0.0 v1.1.0", false,
		  "Bumps the g group in /go with 1 update: a.\n" },
		{ "gomod /a x v1.0.0 v1.1.0; gomod /b x v1.0.0 v1.1.0; gomod /b y v1.0.0 v1.1.0",
		  true,
		  "Bumps the g group with 1 update in the /a directory: x.\n\n"
		  "Bumps the g group with 2 updates in the /b directory: x and y.\n\n"
		  "Updates `x` from 1.0.0 to 1.1.0\n\n"
		  "Updates `x` from 1.0.0 to 1.1.0\n\n"
		  "Updates `y` from 1.0.0 to 1.1.0\n" },
		{ "docker / a 1 2; docker / b 1 2; docker / c 1 2; docker / d 1 2; "
		  "docker / e t@" OLD " t@" NEW,
		  false,
		  "Bumps the g group with 5 updates:\n\n"
		  "| Package | From | To |\n| --- | --- | --- |\n"
		  "| a | `1` | `2` |\n| b | `1` | `2` |\n| c | `1` | `2` |\n| d | `1` | `2` |\n"
		  "| e | `1a2b3c4` | `4f6e1a2` |\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(TestPlan) test = test_plan(NULL, "g", rows[i].is_across, rows[i].updates);
		g_autoptr(Topic) topic = topic_of(test->plan, true);
		g_autofree char *intro = text_intro(topic, NULL);

		g_assert_true(g_str_has_prefix(intro, rows[i].beginning));
	}
}

static void a_note_is_told_where_dependabot_has_none(void)
{
	g_autoptr(TestPlan) test = test_plan(NULL, NULL, false, GO);
	g_autoptr(Topic) own = NULL, theirs = NULL;
	g_autofree char *title = NULL, *same = NULL, *intro = NULL;
	Style style = { (char *)"", true };

	((Update *)g_ptr_array_index(test->plan->updates, 0))->note =
		g_strdup("moves to Alpine 3.21");
	own = topic_of(test->plan, false);
	theirs = topic_of(test->plan, true);
	title = text_title(own, &style);
	same = text_title(theirs, &style);
	intro = text_intro(own, NULL);
	g_assert_true(g_str_has_suffix(title, " (moves to Alpine 3.21)"));
	g_assert_false(g_str_has_suffix(same, ")"));
	g_assert_nonnull(strstr(intro, "This also moves to Alpine 3.21.\n"));
}

/* 255 characters are what forges take; a person's "[Draft] " may come before ours. */
static void a_title_names_its_target_where_there_are_several(void)
{
	static const struct {
		const char *entry, *group, *prefix;
		bool is_several;
		const char *title;
	} rows[] = {
		{ "target-branch: develop", NULL, "upkeepd", true,
		  "bump golang from 1.21 to 1.22 in /b for develop" },
		{ "target-branch: develop", "g", "upkeepd", true,
		  "bump golang from 1.21 to 1.22 in /b in the g group for develop" },
		{ "target-branch: develop", NULL, "upkeepd", false,
		  "bump golang from 1.21 to 1.22 in /b" },
		{ "target-branch: develop", NULL, "dependabot", true,
		  "bump golang from 1.21 to 1.22 in /b" },
		{ NULL, NULL, "upkeepd", true, "bump golang from 1.21 to 1.22 in /b" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RulesFile) file = rules_with(rows[i].entry);
		g_autoptr(TestPlan) test =
			test_plan(g_ptr_array_index(file->entries, 0), rows[i].group, false,
				  "docker /b golang 1.21 1.22");
		Wording wording = { .prefix = rows[i].prefix, .names_target = rows[i].is_several };
		g_autoptr(GError) error = NULL;

		g_assert_true(text_fill(test->plan, &wording, &error));
		g_assert_cmpstr(test->plan->title, ==, rows[i].title);
	}
}

static void a_title_leaves_room_for_a_draft(void)
{
	g_autofree char *name = g_strnfill(150, 'x');
	g_autofree char *updates = g_strdup_printf("gomod / %s/%s v1.0.0 v1.1.0", name, name);
	g_autoptr(TestPlan) test = test_plan(NULL, NULL, false, updates);
	g_autoptr(Topic) topic = topic_of(test->plan, false);
	Style style = { (char *)"", true };
	g_autofree char *title = text_title(topic, &style);

	g_assert_cmpint(g_utf8_strlen(title, -1) + (glong)strlen("[Draft] "), ==, 255);
}

static void names_are_linked_where_their_home_is_known(void)
{
	static const char *const rows[][2] = {
		{ ZAP, "Bumps [go.uber.org/zap](https://z) from 1.26.0 to 1.27.0.\n"
		       "- [Commits](https://c)\n" },
		{ ZAP "; " CHI,
		  "Bumps the g group with 2 updates: [go.uber.org/zap](https://z) and "
		  "github.com/go-chi/chi/v5.\n\n"
		  "Updates `go.uber.org/zap` from 1.26.0 to 1.27.0\n"
		  "- [Commits](https://c)\n\n"
		  "Updates `github.com/go-chi/chi/v5` from 5.0.12 to 5.2.3\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(TestPlan) test = test_plan(NULL, i == 0 ? NULL : "g", false, rows[i][0]);
		g_autoptr(Topic) topic = topic_of(test->plan, true);
		Item *first = g_ptr_array_index(topic->items, 0);
		g_autofree char *intro = NULL;

		first->home = g_strdup("https://z");
		first->changes = g_strdup("https://c");
		intro = text_intro(topic, NULL);
		g_assert_cmpstr(intro, ==, rows[i][1]);
	}
}

static void a_branch_that_git_refuses_is_an_error(void)
{
	static const char *const templates[] = { "{dependency}.lock", "{nonsense}", "{prefix",
						 "HEAD", "-{version}" };

	for (size_t i = 0; i < G_N_ELEMENTS(templates); i++) {
		BranchName wish = { .separator = '/', .template_ = (char *)templates[i] };
		g_autoptr(TestPlan) test = test_plan(NULL, NULL, false, GO);
		g_autoptr(Topic) topic = topic_of(test->plan, false);
		g_autoptr(GError) error = NULL;
		g_autofree char *name = NULL;

		topic->branch_name = &wish;
		name = branch_name(topic, "upkeepd", &error);
		g_assert_null(name);
		g_assert_error(error, FAILURE, FAILURE_CONFIG);
	}
}

static void branches_are_found_by_their_beginning(void)
{
	static const struct {
		const char *entry, *beginning;
	} rows[] = {
		{ NULL, "upkeepd/" },
		{ "pull-request-branch-name: {prefix: deps/x, separator: '-'}", "deps-x-" },
		{ "pull-request-branch-name: {prefix: upkeepd-2}", "upkeepd-2/" },
		{ "pull-request-branch-name: {prefix: ''}", "" },
		{ "pull-request-branch-name: {prefix: Up, branch-name-case: lowercase}", "Up/" },
		{ "pull-request-branch-name: {template: '{prefix}/{name}'}", "upkeepd/" },
		{ "pull-request-branch-name: {template: '{prefix}{name}'}", "" },
		{ "pull-request-branch-name: {template: 'x-{prefix}.{name}'}", "x-" },
		{ "pull-request-branch-name: {template: 'x/{name}'}", "x/" },
		{ "pull-request-branch-name: {template: 'X/y_z/{name}', separator: '-', "
		  "word-separator: '.', "
		  "branch-name-case: lowercase}",
		  "x-y.z-" },
		{ "pull-request-branch-name: {template: '{name}-x'}", "" },
		{ "pull-request-branch-name: {max-length: 20}", "upkeepd/" },
		{ "pull-request-branch-name: {max-length: 30}", "upkeepd/" },
		{ "pull-request-branch-name: {max-length: 47}", "" },
		{ "pull-request-branch-name: {max-length: 48}", "upkeepd/" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RulesFile) file = rules_with(rows[i].entry);
		g_autofree char *beginning =
			branch_beginning(g_ptr_array_index(file->entries, 0), "upkeepd");

		g_assert_cmpstr(beginning, ==, rows[i].beginning);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/text/names/", cases[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i),
				     names_and_titles_are_as_in_the_table);
	}
#define ADD(test) g_test_add_func("/text/" #test, test)
	ADD(subjects_are_clipped_by_parts);
	ADD(update_types_are_told_where_numbers_compare);
	ADD(a_message_of_one_update);
	ADD(a_message_of_a_group);
	ADD(the_first_sentences_list_what_a_group_moves);
	ADD(a_note_is_told_where_dependabot_has_none);
	ADD(a_title_names_its_target_where_there_are_several);
	ADD(a_title_leaves_room_for_a_draft);
	ADD(names_are_linked_where_their_home_is_known);
	ADD(a_branch_that_git_refuses_is_an_error);
	ADD(branches_are_found_by_their_beginning);
	return g_test_run();
}
