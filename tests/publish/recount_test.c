/* SPDX-License-Identifier: MIT */
/* Reading a source on each forge: what is asked, and what is made of the answers. */
#include "net/http.h"
#include "net/loopback.h"
#include "publish/recount.h"
#include "store/directory.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define PAGE  "https://git.example.org/a/b"
#define ID    "0123456789012345678901234567890123456789"
/* "# Log", 1.1.0 and 1.0.0, a hundred bytes and more; GitHub breaks it into lines. */
#define LOG_1 "IyBMb2cKCldoYXQgaXMgd29ydGgga25vd2luZyBvZiBldmVyeSB2ZXJzaW9uLCBhbmQgbm90aGlu"
#define LOG_2 "ZyBlbHNlLgoKIyMgMS4xLjAKLSBtb3JlCgojIyAxLjAuMAotIHRoZSBmaXJzdCB3b3JkcyBldmVyCg=="

typedef struct {
	const char *name, *forge, *url; /* url: behind the server's origin */
	const char *directory;
	Page pages[8];
	const char *history; /* tags, then the path of the log and its branch */
	FailureKind failure; /* where history is NULL */
} Case;

static const Case cases[] = {
	{ "github",
	  "github",
	  "/a/b",
	  "",
	  { { "/api/v3/repos/a/b/releases?per_page=100",
	      { "200\n\n[{\"tag_name\":\"v1.1.0\",\"name\":\"Second\",\"body\":\"More\"},"
		"{\"tag_name\":\"v9\",\"draft\":true},{\"name\":\"no tag\"},null,7]" } },
	    { "/api/v3/repos/a/b/contents/",
	      { "200\n\n[{\"name\":\"NEWS\",\"type\":\"file\",\"size\":900,\"path\":\"NEWS\"},"
		"{\"name\":\"CHANGELOG.md\",\"type\":\"file\",\"size\":900,\"path\":"
		"\"CHANGELOG.md\",\"html_url\":\"https://x/a/b/blob/release/2/CHANGELOG.md\"},"
		"{\"name\":\"changelog\",\"type\":\"dir\"}]" } },
	    { "/api/v3/repos/a/b/contents/CHANGELOG.md",
	      { "200\n\n{\"encoding\":\"base64\",\"content\":\"" LOG_1 "\\n" LOG_2 "\\n\"}" } } },
	  "v1.1.0; CHANGELOG.md on release/2" },
	{ "github_in_a_folder_of_documents",
	  "github",
	  "/a/b",
	  "",
	  { { "/api/v3/repos/a/b/releases?per_page=100", { "200\n\n[]" } },
	    { "/api/v3/repos/a/b/contents/", { "200\n\n[{\"name\":\"docs\",\"type\":\"dir\"}]" } },
	    { "/api/v3/repos/a/b/contents/docs",
	      { "200\n\n[{\"name\":\"changelog.md\",\"type\":\"file\",\"size\":900}]" } },
	    { "/api/v3/repos/a/b/contents/docs%2Fchangelog.md",
	      { "200\n\n{\"encoding\":\"base64\",\"content\":\"" LOG_1 LOG_2 "\"}" } } },
	  "; docs/changelog.md on (null)" },
	{ "gitea_below_a_folder",
	  "forgejo",
	  "/git/a/b",
	  "sub/",
	  { { "/git/api/v1/repos/a/b/releases?limit=50&draft=false",
	      { "200\n\n[{\"tag_name\":\"sub/v1.1.0\",\"name\":\"\",\"body\":\"More\"}]" } },
	    { "/git/api/v1/repos/a/b/contents/sub",
	      { "200\n\n[{\"name\":\"CHANGES.md\",\"type\":\"file\",\"size\":900,\"path\":"
		"\"sub/CHANGES.md\",\"html_url\":"
		"\"https://x/a/b/src/branch/main/sub/CHANGES.md\"}]" } },
	    { "/git/api/v1/repos/a/b/contents/sub/CHANGES.md",
	      { "200\n\n{\"encoding\":\"base64\",\"content\":\"" LOG_1 LOG_2 "\"}" } } },
	  "sub/v1.1.0; sub/CHANGES.md on main" },
	{ "gitlab_in_a_subgroup_and_a_folder_of_documents",
	  "gitlab",
	  "/a/c/b",
	  "",
	  { { "/api/v4/projects/a%2Fc%2Fb/releases?per_page=100",
	      { "200\n\n[{\"tag_name\":\"v1.1.0\",\"name\":\"Second\",\"description\":\"More\"}"
		"]" } },
	    { "/api/v4/projects/a%2Fc%2Fb/repository/tree?per_page=100",
	      { "200\n\n[{\"name\":\"docs\",\"type\":\"tree\"}]" } },
	    { "/api/v4/projects/a%2Fc%2Fb/repository/tree?per_page=100&path=docs",
	      { "200\n\n[{\"name\":\"changelog.md\",\"type\":\"blob\"}]" } },
	    { "/api/v4/projects/a%2Fc%2Fb/repository/files/docs%2Fchangelog.md?ref=HEAD",
	      { "200\n\n{\"encoding\":\"base64\",\"content\":\"" LOG_1 LOG_2 "\"}" } } },
	  "v1.1.0; docs/changelog.md on (null)" },
	{ "nothing_is_there", "github", "/a/b", "", { { "/none", { "200\n\n{}" } } }, "" },
	{ "a_log_that_is_no_text",
	  "gitea",
	  "/a/b",
	  "",
	  { { "/api/v1/repos/a/b/contents",
	      { "200\n\n[{\"name\":\"NEWS\",\"type\":\"file\",\"size\":900}]" } },
	    { "/api/v1/repos/a/b/contents/NEWS",
	      { "200\n\n{\"encoding\":\"base64\",\"content\":\"AAAA\"}" } } },
	  "" },
	{ "names_that_lead_elsewhere",
	  "gitea",
	  "/a/b",
	  "",
	  { { "/api/v1/repos/a/b/contents",
	      { "200\n\n[{\"name\":\"changelog/../../x\",\"type\":\"file\",\"size\":900},"
		"{\"name\":7,\"type\":\"file\"},{\"name\":\"NEWS\",\"type\":\"symlink\"}]" } } },
	  "" },
	{ "a_directory_that_leads_elsewhere",
	  "gitea",
	  "/a/b",
	  "../../../user/",
	  { { "/api/v1/repos/a/user", { "200\n\n[{\"name\":\"NEWS\",\"type\":\"file\"}]" } },
	    { "/api/v1/user", { "200\n\n[{\"name\":\"NEWS\",\"type\":\"file\"}]" } },
	    { "/api/v1/repos/a/b/contents/NEWS",
	      { "200\n\n{\"encoding\":\"base64\",\"content\":\"" LOG_1 LOG_2 "\"}" } } },
	  "" },
	{ "a_host_that_limits",
	  "github",
	  "/a/b",
	  "",
	  { { "/api/v3/repos/a/b/releases?per_page=100",
	      { "429\nRetry-After: 3600\n\n{\"message\":\"slow down\"}" } } },
	  NULL,
	  FAILURE_BUSY },
	{ "requests_are_left_to_others",
	  "github",
	  "/a/b",
	  "",
	  { { "/api/v3/repos/a/b/releases?per_page=100",
	      { "200\nX-RateLimit-Limit: 60\nX-RateLimit-Remaining: 5\n\n[]" } } },
	  NULL,
	  FAILURE_BUSY },
	{ "a_server_that_fails",
	  "gitea",
	  "/a/b",
	  "",
	  { { "/api/v1/repos/a/b/releases?limit=50&draft=false", { "500\n\n" } } },
	  NULL,
	  FAILURE_NET },
	{ "a_token_that_is_refused",
	  "gitea",
	  "/a/b",
	  "",
	  { { "/api/v1/repos/a/b/releases?limit=50&draft=false", { "401\n\n{}" } } },
	  NULL,
	  FAILURE_DENIED },
};

typedef struct {
	Loopback *server;
	Http *http;
	World world;
	Repository *source;
	Recount recount;
} Stage;

static Stage *stage_new(const Page *pages, const char *forge, const char *path)
{
	static const HttpOptions options = { .backoff_ms = 1 };
	Stage *stage = g_new0(Stage, 1);
	g_autoptr(GError) error = NULL;

	stage->server = loopback_new(pages);
	stage->http = http_new(&options, NULL, 1767225600);
	stage->world = (World){ .http = stage->http, .now = 1767225600 };
	stage->source = g_new0(Repository, 1);
	stage->source->url = g_strconcat(stage->server->origin, path, NULL);
	stage->source->forge_name = g_strdup(forge);
	g_assert_true(recount_init(&stage->recount, &stage->world, stage->source, PAGE,
				   g_get_monotonic_time() + 10 * G_USEC_PER_SEC, &error));
	g_assert_no_error(error);
	return stage;
}

static void stage_free(Stage *stage)
{
	recount_clear(&stage->recount);
	repository_free(stage->source);
	http_free(stage->http);
	loopback_free(stage->server);
	g_free(stage);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stage, stage_free)

static char *summary(const History *history)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < history->announcements->len; i++) {
		const Announcement *announcement = g_ptr_array_index(history->announcements, i);

		g_assert_cmpstr(announcement->text, ==, "More");
		g_string_append_printf(text, "%s", announcement->tag);
	}
	if (history->changelog.path != NULL) {
		g_assert_true(g_str_has_prefix(history->changelog.text, "# Log\n"));
		g_string_append_printf(text, "; %s on %s", history->changelog.path,
				       history->branch != NULL ? history->branch : "(null)");
	}
	return g_string_free(text, FALSE);
}

static void a_source_tells_its_past(const void *data)
{
	const Case *row = data;
	g_autoptr(Stage) stage = stage_new(row->pages, row->forge, row->url);
	g_autoptr(GError) error = NULL;
	g_autoptr(History) history = recount_history(&stage->recount, row->directory, &error);
	g_autofree char *text = history != NULL ? summary(history) : NULL;

	g_assert_cmpstr(text, ==, row->history);
	if (row->history == NULL)
		g_assert_error(error, FAILURE, (int)row->failure);
	else
		g_assert_no_error(error);
}

#define GITHUB                 "/api/v3/repos/a/b/compare/v1.0.0...v1.1.0?per_page=100&page="
#define ONE(id, title)         "{\"sha\":\"" id "\",\"commit\":{\"message\":\"" title "\"}}"
#define LINE(id, route, title) "- [`0123456`](" PAGE route id ") " title "\n"
#define ALL(route)             "[compare view](" PAGE route "v1.0.0...v1.1.0)\n"

static const struct {
	const char *forge;
	Page pages[3];
	const char *text; /* NULL: they cannot be compared */
} ranges[] = {
	/* GitHub has the oldest first, Gitea and GitLab the newest. */
	{ "github",
	  { { GITHUB "1",
	      { "200\n\n{\"total_commits\":2,\"commits\":[" ONE(ID, "a\\n\\nb") "," ONE(
		      ID, "c") "]}" } } },
	  LINE(ID, "/commit/", "c")
		  LINE(ID, "/commit/", "a") "- See full diff in " ALL("/compare/") },
	{ "github",
	  { { GITHUB "1", { "200\n\n{\"total_commits\":101,\"commits\":[" ONE(ID, "old") "]}" } },
	    { "/api/v3/repos/a/b/compare/v1.0.0...v1.1.0?per_page=91&page=2",
	      { "200\n\n{\"total_commits\":101,\"commits\":[" ONE(ID, "new") "]}" } } },
	  LINE(ID, "/commit/", "new") "- Additional commits viewable in " ALL("/compare/") },
	{ "gitea",
	  { { "/api/v1/repos/a/b/compare/v1.0.0...v1.1.0",
	      { "200\n\n{\"commits\":[" ONE(ID, "b") "," ONE(ID, "a") "]}" } } },
	  LINE(ID, "/commit/", "b")
		  LINE(ID, "/commit/", "a") "- See full diff in " ALL("/compare/") },
	{ "gitlab",
	  { { "/api/v4/projects/a%2Fb/repository/commits?ref_name=v1.0.0..v1.1.0&per_page=11",
	      { "200\n\n[{\"id\":\"" ID "\",\"title\":\"b\"}]" } } },
	  LINE(ID, "/-/commit/", "b") "- See full diff in " ALL("/-/compare/") },
	{ "github", { { GITHUB "1", { "404\n\n{}" } } }, NULL },
	{ "github",
	  { { GITHUB "1", { "200\n\n{\"commits\":[" ONE("x)](y", "a") ",7,null]}" } } },
	  "- See full diff in " ALL("/compare/") },
};

static void commits_are_told_newest_first(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		g_autoptr(Stage) stage = stage_new(ranges[i].pages, ranges[i].forge, "/a/b");
		g_autofree char *text = NULL;
		g_autoptr(GError) error = NULL;

		g_test_message("%s", ranges[i].pages[0].path);
		g_assert_true(recount_commits(&stage->recount, "v1.0.0", "v1.1.0", &text, &error));
		g_assert_cmpstr(text, ==, ranges[i].text);
	}
}

static const struct {
	const char *answer;
	Visibility visibility;
} sights[] = {
	{ "{\"private\":false}", SEEN_BY_ALL },
	{ "{\"private\":true}", SEEN_BY_MEMBERS },
	{ "{\"private\":false,\"internal\":true}", SEEN_BY_USERS },
	{ "{\"private\":true,\"visibility\":\"internal\"}", SEEN_BY_USERS },
	{ "{\"visibility\":\"public\"}", SEEN_BY_ALL },
	{ "{\"visibility\":\"private\"}", SEEN_BY_MEMBERS },
	{ "{}", SEEN_BY_MEMBERS },
};

static void who_does_not_say_that_all_may_see_it_is_private(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sights); i++) {
		g_autofree char *answer = g_strconcat("200\n\n", sights[i].answer, NULL);
		const Page pages[] = { { "/api/v1/repos/a/b", { answer } }, { NULL } };
		g_autoptr(Stage) stage = stage_new(pages, "gitea", "/a/b");
		Visibility visibility = SEEN_BY_ALL;
		g_autoptr(GError) error = NULL;

		g_test_message("%s", sights[i].answer);
		g_assert_true(recount_visibility(&stage->recount, &visibility, &error));
		g_assert_cmpint(visibility, ==, sights[i].visibility);
	}
}

static void nothing_is_asked_when_the_time_is_over(void)
{
	static const Page pages[] = { { "/none", { "200\n\n{}" } }, { NULL } };
	g_autoptr(Stage) stage = stage_new(pages, "github", "/a/b");
	g_autoptr(GError) error = NULL;

	stage->recount.ends_at_us = g_get_monotonic_time() - 1;
	g_assert_null(recount_history(&stage->recount, "", &error));
	g_assert_error(error, FAILURE, FAILURE_BUSY);
	g_assert_cmpuint(stage->server->requests->len, ==, 0);
}

/* How many requests one who has just come has made in all, when it was over for him. */
static guint come_again(Stage *stage, bool tells)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(History) history = NULL;

	recount_clear(&stage->recount);
	http_free(stage->http);
	stage->http =
		http_new(&(HttpOptions){ .backoff_ms = 1 }, stage->world.store, stage->world.now);
	stage->world.http = stage->http;
	g_assert_true(recount_init(&stage->recount, &stage->world, stage->source, PAGE,
				   g_get_monotonic_time() + 10 * G_USEC_PER_SEC, &error));
	history = recount_history(&stage->recount, "", &error);
	g_assert_true((history != NULL) == tells);
	if (!tells)
		g_assert_error(error, FAILURE, FAILURE_BUSY);
	return stage->server->requests->len;
}

static void a_tenth_of_a_limit_is_left_until_there_is_more(void)
{
	static const Page pages[] = {
		{ "/api/v3/repos/a/b/releases?per_page=100",
		  { "200\nX-RateLimit-Limit: 60\nX-RateLimit-Remaining: 5\n"
		    "X-RateLimit-Reset: 1767226200\n\n[]",
		    "200\n\n[]" } },
		{ NULL },
	};
	g_autoptr(Stage) stage = stage_new(pages, "github", "/a/b");
	Directory directory;

	directory_make(&directory, NULL);
	stage->world.store = directory_open(&directory);
	g_assert_cmpuint(come_again(stage, false), ==, 1);
	g_assert_cmpuint(come_again(stage, false), ==, 1);
	stage->world.now += 580;
	g_assert_cmpuint(come_again(stage, false), ==, 1);
	stage->world.now += 20;
	g_assert_cmpuint(come_again(stage, true), ==, 3);
	store_close(stage->world.store);
	directory_remove(&directory, NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/recount/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], a_source_tells_its_past);
	}
	g_test_add_func("/recount/commits_are_told_newest_first", commits_are_told_newest_first);
	g_test_add_func("/recount/who_does_not_say_that_all_may_see_it_is_private",
			who_does_not_say_that_all_may_see_it_is_private);
	g_test_add_func("/recount/nothing_is_asked_when_the_time_is_over",
			nothing_is_asked_when_the_time_is_over);
	g_test_add_func("/recount/a_tenth_of_a_limit_is_left_until_there_is_more",
			a_tenth_of_a_limit_is_left_until_there_is_more);
	return g_test_run();
}
