/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/golookup.h"
#include "ecosystems/gomod/gonotice.h"
#include "ecosystems/gomod/modfile.h"

#define MOD "example.org/m"

typedef struct {
	const char *name;
	ModuleOffer offer;
	const char *retracted; /* of the present version */
	bool is_indirect;
	const char *to_name;
	const char *said; /* "text|quote" of each, separated by "; " */
} Case;

static const Case cases[] = {
	{ "nothing", .said = "" },
	{ "deprecated", .offer = { .deprecated = (char *)"use b" },
	  .said = "`" MOD "` is deprecated|use b" },
	{ "deprecated_without_a_word", .offer = { .deprecated = (char *)"" },
	  .said = "`" MOD "` is deprecated|" },
	{ "next_major",
	  .offer = { .next_path = (char *)MOD "/v2", .next_version = (char *)"v2.1.0" },
	  .said = "`" MOD "` has a next major version, `" MOD "/v2`|-" },
	{ "next_major_is_only_being_prepared", .offer = { .next_path = (char *)MOD "/v2" },
	  .said = "" },
	{ "next_major_is_deprecated",
	  .offer = { .next_path = (char *)MOD "/v2",
		     .next_version = (char *)"v2.1.0",
		     .next_deprecated = (char *)"a mistake" },
	  .said = "`" MOD "` has a next major version, `" MOD
		  "/v2`, which is deprecated|a mistake" },
	{ "next_major_of_what_others_require",
	  .offer = { .next_path = (char *)MOD "/v2", .next_version = (char *)"v2.1.0" },
	  .is_indirect = true, .said = "" },
	{ "next_major_is_the_module_itself",
	  .offer = { .next_path = (char *)"example.org/main", .next_version = (char *)"v2.1.0" },
	  .said = "" },
	{ "renamed",
	  .offer = { .renamed = (char *)"example.org/`n",
		     .next_path = (char *)MOD "/v2",
		     .next_version = (char *)"v2.1.0" },
	  .said = "`" MOD "` calls itself `example.org/'n` now|-" },
	{ "retracted", .retracted = "broken",
	  .said = "`" MOD "` v1.0.0, the present version, was retracted|broken" },
	{ "all",
	  .offer = { .deprecated = (char *)"use b",
		     .next_path = (char *)MOD "/v2",
		     .next_version = (char *)"v2.1.0" },
	  .retracted = "",
	  .said = "`" MOD "` is deprecated|use b; `" MOD
		  "` v1.0.0, the present version, was retracted|; `" MOD
		  "` has a next major version, `" MOD "/v2`|-" },
	{ "what_is_left",
	  .offer = { .deprecated = (char *)"use b", .next_path = (char *)MOD "/v2" },
	  .to_name = MOD "/v2", .said = "" },
};

static void says_what_was_found(gconstpointer data)
{
	const Case *c = data;
	ModFile main = { .module = (char *)"example.org/main" };
	ModuleOffer detail = c->offer;
	g_autoptr(Offer) offer = offer_new(MOD);
	g_autoptr(Dependency) dependency = dependency_new();
	g_autoptr(Update) update = update_new(NULL, dependency);
	g_autoptr(GPtrArray) notices = NULL;
	g_autoptr(GString) said = g_string_new(NULL);
	Release *release = release_new("v1.0.0");

	release->retracted = g_strdup(c->retracted);
	g_ptr_array_add(offer->releases, release_new("v0.9.0"));
	g_ptr_array_add(offer->releases, release);
	offer->detail = &detail;
	dependency->name = g_strdup(MOD);
	dependency->offer = offer;
	dependency->is_direct = !c->is_indirect;
	dependency->detail = &main;
	update->from = g_strdup("v1.0.0");
	update->to = g_strdup("v1.1.0");
	update->to_name = g_strdup(c->to_name);
	notices = gonotice_all(update);
	for (guint i = 0; i < notices->len; i++) {
		const Notice *notice = g_ptr_array_index(notices, i);

		g_string_append_printf(said, "%s%s|%s", i > 0 ? "; " : "", notice->text,
				       notice->quote != NULL ? notice->quote : "-");
	}
	g_assert_cmpstr(said->str, ==, c->said);
}

static void a_look_up_that_failed_says_nothing(void)
{
	g_autoptr(Dependency) dependency = dependency_new();
	g_autoptr(Update) update = update_new(NULL, dependency);
	g_autoptr(GPtrArray) notices = NULL;

	dependency->name = g_strdup(MOD);
	notices = gonotice_all(update);
	g_assert_cmpuint(notices->len, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/gomod/gonotice/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], says_what_was_found);
	}
	g_test_add_func("/gomod/gonotice/a_look_up_that_failed_says_nothing",
			a_look_up_that_failed_says_nothing);
	return g_test_run();
}
