/* SPDX-License-Identifier: MIT */
/* Which next major version is found, and who is told of it. */
#include "ecosystems/gomod/gomajor.h"
#include "net/http.h"
#include "net/loopback.h"
#include "store/directory.h"
#include "upkeepd/limits.h"

#define MOD "github.com/acme/a"

/* A proxy with the one next major version that some see. */
static const Page with_next[] = {
	{ "/" MOD "/v2/@v/list", { "200\n\nv2.0.0\n" } },
	{ "/" MOD "/v2/@v/v2.0.0.mod", { "200\n\nmodule " MOD "/v2\n" } },
	{ NULL, { NULL } },
};
static const Page without[] = { { NULL, { NULL } } };

/* That the proxy of the last question had. */
static guint requests;

/* What comes after MOD as `w` sees it; w->http is set here. */
static MajorAsk *ask(World *w, const Page *pages)
{
	HttpOptions options = { .backoff_ms = 1 };
	Loopback *server = loopback_new(pages);
	g_autoptr(Http) http = http_new(&options, NULL, NOW);
	g_autoptr(GPtrArray) asks = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GoEnv) env = NULL;
	g_autoptr(GoProxy) proxy = NULL;
	MajorAsk *ask = majorask_new(MOD, 0);

	w->http = http;
	w->goproxy = server->origin;
	w->netrc = "/nonexistent";
	env = goenv_new(w, &error);
	g_assert_no_error(error);
	proxy = goproxy_new(env);
	g_ptr_array_add(asks, ask);
	gomajor_ask_all(w, proxy, asks);
	requests = server->requests->len;
	loopback_free(server);
	return ask;
}

static bool sees_next(Store *store, const char *circle, const Page *pages)
{
	World w = { .store = store, .now = NOW, .circle = circle };
	g_autoptr(MajorAsk) asked = ask(&w, pages);

	return asked->next != NULL;
}

static void what_one_circle_does_not_see_others_still_ask_for(Directory *directory,
							      gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	g_assert_false(sees_next(store, "stranger", without));
	g_assert_true(sees_next(store, "member", with_next));
	g_assert_true(sees_next(store, NULL, with_next));
	g_assert_false(sees_next(store, "stranger", with_next));
}

/* What lies beyond MOD, a major version a row from 2 on: its versions, and behind a colon
 * what its go.mod says beyond its name; and which is found. */
typedef struct {
	const char *name, *found; /* behind MOD; NULL: none */
	const char *majors[4];
} Line;

static const Line lines[] = {
	{ "the_highest", "/v3", { "v2.0.0", "v3.0.0" } },
	{ "one_in_preparation_hides_no_release", "/v2", { "v2.0.0", "v3.0.0-alpha.1" } },
	{ "one_in_preparation_is_found_where_there_is_no_other",
	  "/v3",
	  { "v2.0.0-rc.1", "v3.0.0-rc.1" } },
	{ "one_that_is_retracted_hides_no_other",
	  "/v2",
	  { "v2.0.0", "v3.0.0:retract [v3.0.0, v3.9.9]" } },
	{ "one_whose_releases_are_retracted_hides_no_other",
	  "/v2",
	  { "v2.0.0", "v3.0.0-rc.1 v3.0.0:retract v3.0.0" } },
	{ "one_that_is_retracted_is_none", NULL, { "v2.0.0:retract v2.0.0" } },
};

/* Pages of a line; the texts are added to `owned`. */
static void make_pages(const Line *line, Page *pages, GPtrArray *owned)
{
	int n = 0;

	for (guint i = 0; i < G_N_ELEMENTS(line->majors); i++) {
		const char *row = line->majors[i] != NULL ? line->majors[i] : "";
		g_auto(GStrv) parts = g_strsplit(row, ":", 2);
		g_auto(GStrv) versions = g_strsplit(parts[0] != NULL ? parts[0] : "", " ", -1);
		g_autofree char *list = g_strjoinv("\n", versions);
		char *path = g_strdup_printf("/" MOD "/v%u/@v/list", i + 2);
		char *answer = g_strdup_printf("200\n\n%s\n", list);

		g_ptr_array_add(owned, path);
		g_ptr_array_add(owned, answer);
		pages[n++] = (Page){ path, { answer } };
		for (char **version = versions; *version != NULL; version++) {
			path = g_strdup_printf("/" MOD "/v%u/@v/%s.mod", i + 2, *version);
			answer = g_strdup_printf("200\n\nmodule " MOD "/v%u\n\n%s\n", i + 2,
						 parts[1] != NULL ? parts[1] : "");
			g_ptr_array_add(owned, path);
			g_ptr_array_add(owned, answer);
			pages[n++] = (Page){ path, { answer } };
		}
	}
}

static void what_has_a_release_is_found(gconstpointer data)
{
	const Line *line = data;
	g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
	Page pages[16] = { 0 };
	World w = { .now = NOW };
	g_autofree char *wanted = line->found != NULL ? g_strconcat(MOD, line->found, NULL) : NULL;
	g_autoptr(MajorAsk) asked = NULL;

	make_pages(line, pages, owned);
	asked = ask(&w, pages);
	g_assert_cmpstr(asked->next, ==, wanted);
	g_assert_true((asked->next != NULL) == (asked->gomod != NULL));
}

/* It lists any major versions, and none of them has a go.mod. */
static void a_proxy_that_has_no_end_is_not_followed(void)
{
	enum { COUNT = LIMIT_MAJORS + 50 };
	g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
	g_autofree Page *pages = g_new0(Page, COUNT + 1);
	World w = { .now = NOW };
	g_autoptr(MajorAsk) asked = NULL;

	for (guint i = 0; i < COUNT; i++) {
		char *path = g_strdup_printf("/" MOD "/v%u/@v/list", i + 2);
		char *answer = g_strdup_printf("200\n\nv%u.0.0\n", i + 2);

		g_ptr_array_add(owned, path);
		g_ptr_array_add(owned, answer);
		pages[i] = (Page){ path, { answer } };
	}
	asked = ask(&w, pages);
	g_assert_null(asked->next);
	g_assert_cmpint(requests, ==, LIMIT_MAJORS + LIMIT_TOP_MAJORS);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/gomod/gomajor/what_one_circle_does_not_see_others_still_ask_for",
		   what_one_circle_does_not_see_others_still_ask_for);
	g_test_add_func("/gomod/gomajor/a_proxy_that_has_no_end_is_not_followed",
			a_proxy_that_has_no_end_is_not_followed);
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *path = g_strdup_printf("/gomod/gomajor/%s", lines[i].name);

		g_test_add_data_func(path, &lines[i], what_has_a_release_is_found);
	}
	return g_test_run();
}
