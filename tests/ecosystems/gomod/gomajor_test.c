/* SPDX-License-Identifier: MIT */
/* Which next major version is found, and who is told of it. */
#include "ecosystems/gomod/gomajor.h"
#include "net/http.h"
#include "net/loopback.h"
#include "store/directory.h"

#define MOD "github.com/acme/a"

/* A proxy with the one next major version that some see. */
static const Page with_next[] = {
	{ "/" MOD "/v2/@v/list", { "200\n\nv2.0.0\n" } },
	{ "/" MOD "/v2/@v/v2.0.0.mod", { "200\n\nmodule " MOD "/v2\n" } },
	{ NULL, { NULL } },
};
static const Page without[] = { { NULL, { NULL } } };

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

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/gomod/gomajor/what_one_circle_does_not_see_others_still_ask_for",
		   what_one_circle_does_not_see_others_still_ask_for);
	return g_test_run();
}
