/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/folder.h"
#include "ecosystems/gomod/goproxy.h"
#include "net/http.h"
#include "net/loopback.h"

#define NOW 1790000000
/* On a host that is known: nobody need be asked where its repository is. */
#define MOD "github.com/acme/a"

/* A proxy list over up to two servers: "@A" and "@B" are their origins. */
typedef struct {
	Loopback *a, *b;
	Http *http;
	World world;
	char *goproxy;
	GoEnv *env;
	GoProxy *proxy;
} Setting;

static Setting *setting_new(const Page *a, const Page *b, const char *goproxy)
{
	HttpOptions options = { .backoff_ms = 1 };
	Setting *s = g_new0(Setting, 1);
	g_autoptr(GString) list = g_string_new(goproxy);
	g_autoptr(GError) error = NULL;

	s->a = loopback_new(a);
	s->b = loopback_new(b != NULL ? b : a);
	g_string_replace(list, "@A", s->a->origin, 0);
	g_string_replace(list, "@B", s->b->origin, 0);
	s->goproxy = g_string_free(g_steal_pointer(&list), FALSE);
	s->http = http_new(&options, NULL, NOW);
	s->world = (World){
		.http = s->http, .now = NOW, .goproxy = s->goproxy, .netrc = "/nonexistent"
	};
	s->env = goenv_new(&s->world, &error);
	g_assert_no_error(error);
	s->proxy = goproxy_new(s->env);
	return s;
}

static void setting_free(Setting *s)
{
	goproxy_free(s->proxy);
	goenv_free(s->env);
	http_free(s->http);
	loopback_free(s->a);
	loopback_free(s->b);
	g_free(s->goproxy);
	g_free(s);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Setting, setting_free)

enum { FOUND = -1, ABSENT = -2 }; /* else a FailureKind */

typedef struct {
	const char *name, *goproxy;
	Page a[2], b[2];
	int outcome;
	guint a_requests, b_requests;
	const char *why; /* a part of the error's or absence's text */
} Fallback;

/* One question for a go.mod. */
static const char gomod_path[] = "/" MOD "/@v/v1.0.0.mod";
#define GOOD_ANSWER                                      \
	{                                                \
		{ gomod_path, { "200\n\nmodule m\n" } }, \
		{                                        \
			NULL,                            \
			{                                \
				NULL                     \
			}                                \
		}                                        \
	}
#define ANSWER(text)                      \
	{                                 \
		{ gomod_path, { text } }, \
		{                         \
			NULL,             \
			{                 \
				NULL      \
			}                 \
		}                         \
	}
static const Fallback fallbacks[] = {
	{ "the_first_answers", "@A,@B", GOOD_ANSWER, GOOD_ANSWER, FOUND, 1, 0, NULL },
	{ "comma_goes_on_after_404", "@A,@B", ANSWER("404\n\nno"), GOOD_ANSWER, FOUND, 1, 1, NULL },
	{ "comma_goes_on_after_410", "@A,@B", ANSWER("410\n\nno"), GOOD_ANSWER, FOUND, 1, 1, NULL },
	{ "comma_stops_at_400", "@A,@B", ANSWER("400\n\nbroken"), GOOD_ANSWER, FAILURE_NET, 1, 0,
	  "answers 400" },
	{ "comma_stops_at_403", "@A,@B", ANSWER("403\n\nno entry"), GOOD_ANSWER, FAILURE_DENIED, 1,
	  0, "no entry" },
	{ "bar_goes_on_after_400", "@A|@B", ANSWER("400\n\nbroken"), GOOD_ANSWER, FOUND, 1, 1,
	  NULL },
	{ "a_failure_outweighs_an_absence", "@A|@B", ANSWER("400\n\nbroken"), ANSWER("404\n\nno"),
	  FAILURE_NET, 1, 1, "answers 400" },
	{ "bar_before_comma", "@A|@B,off", ANSWER("400\n\nbroken"), ANSWER("404\n\nno"),
	  FAILURE_NET, 1, 1, "answers 400" },
	{ "what_direct_says_outweighs_all", "@A|@B,direct", ANSWER("400\n\nbroken"),
	  ANSWER("404\n\nno"), FAILURE_CONFIG, 1, 1, "out of reach" },
	{ "absent_everywhere", "@A,@B", ANSWER("404\n\nno"), ANSWER("404\n\nnot found: x"), ABSENT,
	  1, 1, "not found: x" },
	{ "direct_is_asked_after_404", "@A,direct", ANSWER("404\n\nno"), GOOD_ANSWER,
	  FAILURE_CONFIG, 1, 0, "out of reach" },
	{ "direct_is_not_asked_after_400", "@A,direct", ANSWER("400\n\nbroken"), GOOD_ANSWER,
	  FAILURE_NET, 1, 0, "answers 400" },
	{ "direct_is_asked_after_400_and_a_bar", "@A|direct", ANSWER("400\n\nbroken"), GOOD_ANSWER,
	  FAILURE_CONFIG, 1, 0, "out of reach" },
	{ "off_after_404_is_absent", "@A,off", ANSWER("404\n\nno"), GOOD_ANSWER, ABSENT, 1, 0,
	  "no" },
	{ "direct_stops_the_list", "direct,@A", GOOD_ANSWER, GOOD_ANSWER, FAILURE_CONFIG, 0, 0,
	  "out of reach" },
	{ "off_stops_the_list", "off,@A", GOOD_ANSWER, GOOD_ANSWER, FAILURE_CONFIG, 0, 0,
	  "GOPROXY is off" },
	{ "blanks_and_empty_entries", " ,, @A/ ,", GOOD_ANSWER, GOOD_ANSWER, FOUND, 1, 0, NULL },
	{ "a_page_of_html_is_no_reason", "@A", ANSWER("404\nContent-Type: text/html\n\n<html>no"),
	  GOOD_ANSWER, ABSENT, 1, 0, "" },
};

static void the_list_is_followed_by_its_rules(gconstpointer data)
{
	const Fallback *c = data;
	g_autoptr(Setting) s = setting_new(c->a, c->b, c->goproxy);
	g_autoptr(GoAsk) ask = goask_new(GOASK_GOMOD, MOD, "v1.0.0");
	g_autoptr(GError) error = NULL;

	goproxy_ask(s->proxy, ask);
	g_assert_cmpint(ask->gomod != NULL, ==, c->outcome == FOUND);
	g_assert_cmpint(ask->is_absent, ==, c->outcome == ABSENT);
	if (c->outcome >= 0)
		g_assert_error(ask->error, FAILURE, c->outcome);
	else
		g_assert_no_error(ask->error);
	if (c->outcome != FOUND) {
		error = goask_error(ask);
		g_assert_nonnull(strstr(error->message, c->why));
		g_assert_nonnull(strstr(error->message, MOD));
	}
	if (c->outcome == ABSENT) {
		g_assert_nonnull(strstr(ask->reason, " answers 404"));
		g_assert_nonnull(strstr(error->message, "; if it is private, GOPRIVATE has to"));
	}
	if (c->outcome == ABSENT && *c->why == '\0')
		g_assert_true(g_str_has_suffix(ask->reason, " answers 404"));
	g_assert_cmpint(s->a->requests->len, ==, c->a_requests);
	g_assert_cmpint(s->b->requests->len, ==, c->b_requests);
}

static void a_list_has_versions_and_perhaps_times(void)
{
	static const Page pages[] = {
		{ "/" MOD "/@v/list",
		  { "200\n\nv1.0.0\nv1.1.0 2024-05-06T07:08:09Z\n\nnonsense\nv1.2.0-rc.1\t\n"
		    "  v1.0.1  \n" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Setting) s = setting_new(pages, NULL, "@A");
	g_autoptr(GoAsk) ask = goask_new(GOASK_LIST, MOD, NULL);
	static const char *const versions[] = { "v1.0.0", "v1.1.0", "v1.2.0-rc.1", "v1.0.1" };

	goproxy_ask(s->proxy, ask);
	g_assert_no_error(ask->error);
	g_assert_cmpint(ask->list->len, ==, G_N_ELEMENTS(versions));
	for (guint i = 0; i < ask->list->len; i++) {
		const GoListed *listed = g_ptr_array_index(ask->list, i);

		g_assert_cmpstr(listed->version, ==, versions[i]);
		g_assert_cmpint(listed->at, ==, i == 1 ? 1714979289 : 0);
	}
}

/* What an .info may say. */
static const struct {
	const char *name, *version, *answer, *info;
	int64_t at;
} infos[] = {
	{ "time", "v1.0.0", "{\"Version\":\"v1.0.0\",\"Time\":\"2024-05-06T07:08:09Z\"}", "v1.0.0",
	  1714979289 },
	{ "no_time", "v1.0.0", "{\"Version\":\"v1.0.0\"}", "v1.0.0", 0 },
	{ "origin", "v1.0.0", "{\"Version\":\"v1.0.0\",\"Origin\":{\"VCS\":\"git\"}}", "v1.0.0",
	  0 },
	{ "a_branch", "master",
	  "{\"Version\":\"v0.0.0-20240506070809-abcdefabcdef\",\"Time\":\"2024-05-06T07:08:09Z\"}",
	  "v0.0.0-20240506070809-abcdefabcdef", 1714979289 },
	{ "another_version", "v1.0.0", "{\"Version\":\"v1.0.1\"}", NULL, 0 },
	{ "no_version", "v1.0.0", "{\"Time\":\"2024-05-06T07:08:09Z\"}", NULL, 0 },
	{ "a_version_that_is_none", "v1.0.0", "{\"Version\":\"1.0.0\"}", NULL, 0 },
	{ "no_json", "v1.0.0", "<html>", NULL, 0 },
};

static void an_info_must_be_of_what_was_asked(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(infos); i++) {
		g_autofree char *path = g_strdup_printf("/" MOD "/@v/%s.info", infos[i].version);
		g_autofree char *answer = g_strconcat("200\n\n", infos[i].answer, NULL);
		const Page pages[] = { { path, { answer } }, { NULL, { NULL } } };
		g_autoptr(Setting) s = setting_new(pages, NULL, "@A");
		g_autoptr(GoAsk) ask = goask_new(GOASK_INFO, MOD, infos[i].version);

		g_test_message("%s", infos[i].name);
		goproxy_ask(s->proxy, ask);
		g_assert_cmpstr(ask->info_version, ==, infos[i].info);
		g_assert_cmpint(ask->info_at, ==, infos[i].at);
		g_assert_cmpint(ask->error != NULL, ==, infos[i].info == NULL);
	}
}

static void capitals_and_signs_are_escaped(void)
{
	static const Page pages[] = {
		{ "/example.com/!big/@v/v2.0.0-!r!c1+incompatible.mod", { "200\n\nx" } },
		{ "/example.com/!big/@v/v2.0.0-%21r%21c1+incompatible.mod", { "200\n\nx" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Setting) s = setting_new(pages, NULL, "@A");
	g_autoptr(GoAsk) ask = goask_new(GOASK_GOMOD, "example.com/Big", "v2.0.0-RC1+incompatible");
	g_autoptr(GoAsk) wrong = goask_new(GOASK_GOMOD, "example.com/../a", "v1.0.0");
	g_autoptr(GoAsk) slash = goask_new(GOASK_INFO, MOD, "feature/x");

	goproxy_ask(s->proxy, ask);
	g_assert_no_error(ask->error);
	g_assert_nonnull(ask->gomod);
	goproxy_ask(s->proxy, wrong);
	g_assert_error(wrong->error, FAILURE, FAILURE_INPUT);
	goproxy_ask(s->proxy, slash);
	g_assert_error(slash->error, FAILURE, FAILURE_INPUT);
	g_assert_cmpint(s->a->requests->len, ==, 1);
}

static void a_zip_is_a_file_even_if_the_first_try_breaks_off(void)
{
	static const Page pages[] = {
		{ "/" MOD "/@v/v1.0.0.zip", { "200 truncated", "200\n\nPK and more" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Setting) s = setting_new(pages, NULL, "@A");
	g_autoptr(GoAsk) ask = goask_new(GOASK_ZIP, MOD, "v1.0.0");
	char text[32] = "";
	int zip;

	goproxy_ask(s->proxy, ask);
	g_assert_no_error(ask->error);
	zip = goask_take_zip(ask);
	g_assert_cmpint(zip, >=, 0);
	g_assert_cmpint(read(zip, text, sizeof(text) - 1), ==, 11);
	g_assert_cmpstr(text, ==, "PK and more");
	close(zip);
}

static void many_questions_are_one_round(void)
{
	static const Page pages[] = {
		{ "/example.com/a/@v/v1.0.0.mod", { "200 gathering\n\nmodule a\n" } },
		{ "/example.com/b/@v/v1.0.0.mod", { "200 gathering\n\nmodule b\n" } },
		{ "/example.com/c/@v/v1.0.0.mod", { "200 gathering\n\nmodule c\n" } },
		{ "/example.com/d/@v/v1.0.0.mod", { "200 gathering\n\nmodule d\n" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Setting) s = setting_new(pages, NULL, "@A");
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);

	for (char c = 'a'; c <= 'd'; c++) {
		g_autofree char *path = g_strdup_printf("example.com/%c", c);

		g_ptr_array_add(asks, goask_new(GOASK_GOMOD, path, "v1.0.0"));
	}
	goproxy_ask_all(s->proxy, asks);
	for (guint i = 0; i < asks->len; i++)
		g_assert_nonnull(((GoAsk *)g_ptr_array_index(asks, i))->gomod);
}

static void private_modules_are_not_asked_for_at_a_proxy(void)
{
	static const Page pages[] = { { gomod_path, { "200\n\nmodule m\n" } }, { NULL, { NULL } } };
	g_autoptr(Setting) s = setting_new(pages, NULL, "@A");
	g_autoptr(GoAsk) ask = goask_new(GOASK_GOMOD, MOD, "v1.0.0");
	g_autoptr(GoAsk) again = goask_new(GOASK_GOMOD, MOD, "v1.0.0");
	g_autoptr(GoEnv) env = NULL;
	g_autoptr(GoProxy) proxy = NULL;
	g_autoptr(GError) error = NULL;

	s->world.goprivate = "github.com/acme";
	env = goenv_new(&s->world, &error);
	g_assert_no_error(error);
	proxy = goproxy_new(env);
	goproxy_ask(proxy, ask);
	g_assert_error(ask->error, FAILURE, FAILURE_CONFIG);
	g_assert_cmpint(s->a->requests->len, ==, 0);

	g_clear_pointer(&proxy, goproxy_free);
	g_clear_pointer(&env, goenv_free);
	s->world.gonoproxy = "none"; /* GOPRIVATE alone keeps it from the checksum database only */
	env = goenv_new(&s->world, &error);
	proxy = goproxy_new(env);
	goproxy_ask(proxy, again);
	g_assert_no_error(again->error);
}

static void a_user_in_the_url_is_sent_and_never_told(void)
{
	static const Page pages[] = {
		{ gomod_path, { "401\n\ngo away" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Setting) s = setting_new(pages, NULL, "@A");
	g_autofree char *list = g_strdup_printf("http://us%%65r:p%%61ss@%s", s->a->origin + 7);
	World world = { .http = s->http, .goproxy = list, .netrc = "/nonexistent" };
	g_autoptr(GError) error = NULL;
	g_autoptr(GoEnv) env = goenv_new(&world, &error);
	g_autoptr(GoProxy) proxy = NULL;
	g_autoptr(GoAsk) ask = goask_new(GOASK_GOMOD, MOD, "v1.0.0");

	g_assert_no_error(error);
	proxy = goproxy_new(env);
	goproxy_ask(proxy, ask);
	g_assert_error(ask->error, FAILURE, FAILURE_DENIED);
	g_assert_null(strstr(ask->error->message, "pass"));
	g_assert_nonnull(
		strstr(g_ptr_array_index(s->a->requests, 0), "Authorization: Basic dXNlcjpwYXNz"));
}

/* The same answers from a folder. */
static void a_folder_is_a_proxy_too(void)
{
	g_autoptr(Folder) folder = folder_new();
	g_autofree char *below = g_build_filename(folder->path, "example.com/!a/@v", NULL);
	g_autofree char *list = g_build_filename(below, "list", NULL);
	g_autofree char *mod = g_build_filename(below, "v1.0.0.mod", NULL);
	g_autofree char *zip = g_build_filename(below, "v1.0.0.zip", NULL);
	g_autofree char *url = g_strconcat("file://", folder->path, NULL);
	static const Page pages[] = { { NULL, { NULL } } };
	g_autoptr(Setting) s = setting_new(pages, NULL, url);
	g_autoptr(GoAsk) a = goask_new(GOASK_LIST, "example.com/A", NULL);
	g_autoptr(GoAsk) b = goask_new(GOASK_GOMOD, "example.com/A", "v1.0.0");
	g_autoptr(GoAsk) c = goask_new(GOASK_ZIP, "example.com/A", "v1.0.0");
	g_autoptr(GoAsk) d = goask_new(GOASK_GOMOD, "example.com/A", "v1.1.0");

	g_assert_cmpint(g_mkdir_with_parents(below, 0700), ==, 0);
	g_assert_true(g_file_set_contents(list, "v1.0.0\n", -1, NULL));
	g_assert_true(g_file_set_contents(mod, "module example.com/A\n", -1, NULL));
	g_assert_true(g_file_set_contents(zip, "PK", -1, NULL));
	goproxy_ask(s->proxy, a);
	goproxy_ask(s->proxy, b);
	goproxy_ask(s->proxy, c);
	goproxy_ask(s->proxy, d);
	g_assert_cmpint(a->list->len, ==, 1);
	g_assert_cmpint(g_bytes_get_size(b->gomod), ==, 21);
	g_assert_cmpint(c->zip, >=, 0);
	g_assert_true(d->is_absent);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(fallbacks); i++) {
		g_autofree char *path =
			g_strdup_printf("/gomod/goproxy/list/%s", fallbacks[i].name);

		g_test_add_data_func(path, &fallbacks[i], the_list_is_followed_by_its_rules);
	}
	g_test_add_func("/gomod/goproxy/list_has_versions_and_perhaps_times",
			a_list_has_versions_and_perhaps_times);
	g_test_add_func("/gomod/goproxy/info_must_be_of_what_was_asked",
			an_info_must_be_of_what_was_asked);
	g_test_add_func("/gomod/goproxy/capitals_and_signs_are_escaped",
			capitals_and_signs_are_escaped);
	g_test_add_func("/gomod/goproxy/zip_is_a_file_even_if_the_first_try_breaks_off",
			a_zip_is_a_file_even_if_the_first_try_breaks_off);
	g_test_add_func("/gomod/goproxy/many_questions_are_one_round",
			many_questions_are_one_round);
	g_test_add_func("/gomod/goproxy/private_modules_are_not_asked_for_at_a_proxy",
			private_modules_are_not_asked_for_at_a_proxy);
	g_test_add_func("/gomod/goproxy/user_in_the_url_is_sent_and_never_told",
			a_user_in_the_url_is_sent_and_never_told);
	g_test_add_func("/gomod/goproxy/folder_is_a_proxy_too", a_folder_is_a_proxy_too);
	return g_test_run();
}
