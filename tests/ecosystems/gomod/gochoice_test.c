/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gochoice.h"
#include "ecosystems/gomod/golookup.h"
#include "ecosystems/gomod/gomod.h"
#include "net/http.h"
#include "net/loopback.h"
#include "policy/select.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define NOW INT64_C(1790000000)
#define MOD "example.com/a"

/* What a proxy serves for the module, and what becomes of a requirement of it. */
typedef struct {
	const char *name;
	const char *list; /* NULL: none */
	const char *present;
	const char *chosen;    /* NULL: it stays */
	Reason reason;         /* why it stays */
	const char *gomods[3]; /* "VERSION text": a go.mod; else it is made up */
	const char *others;    /* more lines of the main go.mod */
	const char *latest;    /* what @latest answers; NULL: 404 */
	const char *infos[2];  /* "VERSION time" */
	const char *text;      /* a part of what is said of it; NULL: not looked at */
} Case;

/* Source: gomod.md S; what Go would do downwards upkeepd does not. */
static const Case cases[] = {
	{ "S1_release_before_prerelease", "v1.0.0\nv1.1.0\nv1.2.0-rc.1\n", "v1.0.0", "v1.1.0" },
	{ "S8_rc_without_newer_release", "v1.0.0\nv1.1.0\nv1.2.0-rc.1\n", "v1.2.0-rc.1", NULL,
	  REASON_UP_TO_DATE },
	{ "rc_to_rc", "v1.1.0\nv1.2.0-rc.1\nv1.2.0-rc.2\n", "v1.2.0-rc.1", "v1.2.0-rc.2" },
	{ "rc_to_release_even_if_a_higher_rc_is_there", "v1.2.0-rc.1\nv1.2.0\nv1.3.0-rc.1\n",
	  "v1.2.0-rc.1", "v1.2.0" },
	{ "S10_prereleases_only", "v1.0.0-rc.1\nv1.0.0-rc.2\n", "v1.0.0-rc.1", "v1.0.0-rc.2" },
	{ "prereleases_are_not_for_releases", "v1.0.0\nv1.1.0-rc.1\n", "v1.0.0", NULL,
	  REASON_UP_TO_DATE },
	{ "S11_incompatible_without_gomod", "v1.0.0\nv2.0.0+incompatible\nv3.1.0+incompatible\n",
	  "v1.0.0", "v3.1.0+incompatible" },
	{ "S12_incompatible_after_gomod",
	  "v1.0.0\nv2.0.0+incompatible\n",
	  "v0.9.0",
	  "v1.0.0",
	  REASON_NONE,
	  { "v1.0.0 module " MOD "\n\ngo 1.20\n" } },
	{ "S29_incompatible_stays_on_its_line",
	  "v1.0.0\nv2.0.0+incompatible\nv2.1.0+incompatible\n", "v2.0.0+incompatible",
	  "v2.1.0+incompatible" },
	{ "S30_even_after_gomod",
	  "v1.0.0\nv1.1.0\nv2.0.0+incompatible\nv2.1.0+incompatible\n",
	  "v2.0.0+incompatible",
	  "v2.1.0+incompatible",
	  REASON_NONE,
	  { "v1.1.0 module " MOD "\n\ngo 1.20\n" } },
	{ "S14_latest_retracts_itself",
	  "v1.0.0\nv1.1.0\n",
	  "v0.9.0",
	  "v1.0.0",
	  REASON_NONE,
	  { "v1.1.0 module " MOD "\n\nretract v1.1.0\n" } },
	{ "S16_on_a_retracted_version",
	  "v1.0.0\nv1.1.0\n",
	  "v1.1.0",
	  NULL,
	  REASON_UP_TO_DATE,
	  { "v1.1.0 module " MOD "\n\n// broken\nretract v1.1.0\n" },
	  NULL,
	  NULL,
	  { NULL },
	  "retracted: broken" },
	{ "S18_a_prerelease_retracts_nothing",
	  "v1.0.0\nv1.1.0\nv1.2.0-rc.1\n",
	  "v1.0.0",
	  "v1.1.0",
	  REASON_NONE,
	  { "v1.2.0-rc.1 module " MOD "\n\nretract v1.1.0\n" } },
	{ "S19_a_range_and_itself",
	  "v1.0.0\nv1.1.0\nv1.2.0\nv1.3.0\n",
	  "v0.9.0",
	  "v1.0.0",
	  REASON_NONE,
	  { "v1.3.0 module " MOD "\n\nretract [v1.1.0, v1.3.0]\n" } },
	{ "S20_all_retracted",
	  "v1.0.0\nv1.1.0\n",
	  "v0.9.0",
	  NULL,
	  REASON_RETRACTED,
	  { "v1.1.0 module " MOD "\n\nretract [v1.0.0, v1.1.0] // all wrong\n" },
	  NULL,
	  NULL,
	  { NULL },
	  "all wrong" },
	{ "S21_excluded",
	  "v1.0.0\nv1.1.0\n",
	  "v0.9.0",
	  "v1.0.0",
	  REASON_NONE,
	  { NULL },
	  "exclude " MOD " v1.1.0\n" },
	{ "S26_unlisted", "v1.0.0\n", "v1.0.0", NULL, REASON_UP_TO_DATE },
	{ "present_is_unlisted", "v1.0.0\nv1.2.0\n", "v1.1.0", "v1.2.0" },
	{ "nothing_listed_is_newer", "v1.0.0\n", "v1.1.0", NULL, REASON_UP_TO_DATE },
	{ "S27_a_tag_made_before_the_commit",
	  "v0.9.0\n",
	  "v0.0.0-20240102030405-abcdefabcdef",
	  NULL,
	  REASON_UP_TO_DATE,
	  { NULL },
	  NULL,
	  NULL,
	  { "v0.9.0 2023-01-01T00:00:00Z" } },
	{ "S28_a_tag_made_after_it",
	  "v0.9.0\n",
	  "v0.0.0-20240102030405-abcdefabcdef",
	  "v0.9.0",
	  REASON_NONE,
	  { NULL },
	  NULL,
	  NULL,
	  { "v0.9.0 2025-01-01T00:00:00Z" } },
	{ "untagged_to_untagged",
	  "",
	  "v0.0.0-20240102030405-abcdefabcdef",
	  "v0.0.0-20250102030405-abcdefabcdef",
	  REASON_NONE,
	  { NULL },
	  NULL,
	  "{\"Version\":\"v0.0.0-20250102030405-abcdefabcdef\",\"Time\":\"2025-01-02T03:04:"
	  "05Z\"}" },
	{ "untagged_above_all_tags",
	  "v0.1.0\n",
	  "v0.1.1-0.20240102030405-abcdefabcdef",
	  "v0.1.1-0.20250102030405-abcdefabcdef",
	  REASON_NONE,
	  { NULL },
	  NULL,
	  "{\"Version\":\"v0.1.1-0.20250102030405-abcdefabcdef\",\"Time\":\"2025-01-02T03:04:"
	  "05Z\"}" },
	{ "untagged_of_the_list_without_latest", "v0.0.0-20250102030405-abcdefabcdef\n",
	  "v0.0.0-20240102030405-abcdefabcdef", "v0.0.0-20250102030405-abcdefabcdef" },
	{ "S32_numeric_order", "v1.9.0\nv1.10.0\n", "v1.8.0", "v1.10.0" },
	{ "S33_rc_order_by_text", "v1.0.0-rc2\nv1.0.0-rc10\n", "v1.0.0-rc10", "v1.0.0-rc2" },
	{ "shorthands_are_no_versions", "v1.0.0\nv2\nv1.5\n1.6.0\nv1.0.1+meta\n", "v1.0.0", NULL,
	  REASON_UP_TO_DATE },
	{ "no_such_module",
	  NULL,
	  "v1.0.0",
	  NULL,
	  REASON_UNRESOLVED,
	  { NULL },
	  NULL,
	  NULL,
	  { NULL },
	  "'" MOD "' does not exist" },
	{ "deprecated",
	  "v1.0.0\n",
	  "v1.0.0",
	  NULL,
	  REASON_UP_TO_DATE,
	  { "v1.0.0 // Deprecated: use b\n// instead\nmodule " MOD "\n" },
	  NULL,
	  NULL,
	  { NULL },
	  "deprecated: use b" },
	{ "replaced",
	  "v1.0.0\nv1.1.0\n",
	  "v1.0.0",
	  NULL,
	  REASON_UNRESOLVED,
	  { NULL },
	  "replace " MOD " => ../a\n" },
	{ "replaced_in_another_version",
	  "v1.0.0\nv1.1.0\n",
	  "v1.0.0",
	  "v1.1.0",
	  REASON_NONE,
	  { NULL },
	  "replace " MOD " v0.9.0 => ../a\n" },
};

/* Pages for everything the case's proxy knows; versions without go.mod have one that
 * is made up. Texts are added to `owned`. */
static void make_pages(const Case *c, Page *pages, GPtrArray *owned)
{
	g_auto(GStrv) versions = g_strsplit(c->list != NULL ? c->list : "", "\n", -1);
	int n = 0;

	if (c->list != NULL) {
		char *answer = g_strconcat("200\n\n", c->list, NULL);

		g_ptr_array_add(owned, answer);
		pages[n++] = (Page){ "/" MOD "/@v/list", { answer } };
	}
	if (c->latest != NULL) {
		char *answer = g_strconcat("200\n\n", c->latest, NULL);

		g_ptr_array_add(owned, answer);
		pages[n++] = (Page){ "/" MOD "/@latest", { answer } };
	}
	for (char **version = versions; *version != NULL; version++) {
		char *path = g_strdup_printf("/" MOD "/@v/%s.mod", *version);
		char *answer = g_strdup("200\n\nmodule " MOD "\n");

		for (size_t i = 0; i < G_N_ELEMENTS(c->gomods) && c->gomods[i] != NULL; i++) {
			size_t length = strlen(*version);

			if (length == 0 || strncmp(c->gomods[i], *version, length) != 0 ||
			    c->gomods[i][length] != ' ')
				continue;
			g_free(answer);
			answer = g_strconcat("200\n\n", c->gomods[i] + length + 1, NULL);
		}
		g_ptr_array_add(owned, path);
		g_ptr_array_add(owned, answer);
		pages[n++] = (Page){ path, { answer } };
	}
	for (size_t i = 0; i < G_N_ELEMENTS(c->infos) && c->infos[i] != NULL; i++) {
		g_auto(GStrv) words = g_strsplit(c->infos[i], " ", 2);
		char *path = g_strdup_printf("/" MOD "/@v/%s.info", words[0]);
		char *answer = g_strdup_printf("200\n\n{\"Version\":\"%s\",\"Time\":\"%s\"}",
					       words[0], words[1]);

		g_ptr_array_add(owned, path);
		g_ptr_array_add(owned, answer);
		pages[n++] = (Page){ path, { answer } };
	}
}

static void a_version_is_chosen_as_go_would(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
	Page pages[16] = { 0 };
	HttpOptions options = { .backoff_ms = 1 };
	g_autoptr(Http) http = http_new(&options, NULL, NOW);
	World world = { .http = http, .now = NOW, .netrc = "/nonexistent" };
	g_autofree char *text = g_strdup_printf("module m\n\nrequire " MOD " %s\n%s", c->present,
						c->others != NULL ? c->others : "");
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(Manifest) manifest = manifest_new(&ecosystem_gomod, "go.mod", "/", bytes);
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(GTree) offers = g_tree_new_full((GCompareDataFunc)(void (*)(void))strcmp, NULL,
						  g_free, (GDestroyNotify)offer_free);
	g_autoptr(GPtrArray) asking = g_ptr_array_new(), questions = g_ptr_array_new();
	g_autoptr(Selection) selection = NULL;
	g_autoptr(GError) error = NULL;
	Loopback *server;

	rules->cooldown = (Cooldown){ 0 };
	make_pages(c, pages, owned);
	server = loopback_new(pages);
	world.goproxy = server->origin;
	g_assert_true(ecosystem_gomod.parse(manifest, &error));
	g_assert_no_error(error);
	selection = selection_new(manifest, g_ptr_array_index(manifest->dependencies, 0), rules,
				  NOW, false);
	g_ptr_array_add(asking, selection->dependency);
	g_ptr_array_add(questions, &selection->question);
	g_assert_true(ecosystem_gomod.look_up(&world, asking, offers, &error));
	while (!selection_make(selection))
		g_assert_true(ecosystem_gomod.describe(&world, questions, &error));
	g_test_message("%s %s", selection_word(selection), selection->text);
	g_assert_cmpstr(selection->update != NULL ? selection->update->to : NULL, ==, c->chosen);
	if (c->chosen == NULL)
		g_assert_cmpstr(reason_word(selection->reason), ==, reason_word(c->reason));
	if (c->text != NULL)
		g_assert_nonnull(strstr(selection->text, c->text));
	loopback_free(server);
}

static void steps_go_by_the_first_number_that_differs(void)
{
	static const struct {
		const char *from, *to;
		Step step;
	} steps[] = {
		{ "v1.2.3", "v1.2.3", STEP_NONE },
		{ "v1.2.3", "v1.2.4", STEP_PATCH },
		{ "v1.2.3", "v1.3.0", STEP_MINOR },
		{ "v0.3.1", "v0.4.0", STEP_MINOR },
		{ "v1.2.3", "v2.0.0+incompatible", STEP_MAJOR },
		{ "v1.2.0-rc.1", "v1.2.0", STEP_PATCH },
		{ "v1.9.0", "v1.10.0-rc.1", STEP_MINOR },
		{ "v0.0.0-20240102030405-abcdefabcdef", "v0.1.0", STEP_MINOR },
		{ "v0.0.0-20240102030405-abcdefabcdef", "v0.0.0-20250102030405-abcdefabcdef",
		  STEP_PATCH },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_autoptr(Dependency) dependency = dependency_new();
		g_autoptr(Release) release = release_new(steps[i].to);

		dependency->version = g_strdup(steps[i].from);
		g_assert_cmpint(gochoice_step(dependency, release), ==, steps[i].step);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/gomod/gochoice/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], a_version_is_chosen_as_go_would);
	}
	g_test_add_func("/gomod/gochoice/steps_go_by_the_first_number_that_differs",
			steps_go_by_the_first_number_that_differs);
	return g_test_run();
}
