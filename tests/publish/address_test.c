/* SPDX-License-Identifier: MIT */
#include "publish/address.h"

static const struct {
	const char *url;
	bool is_owner;
	unsigned owner_parts;
	const char *origin, *prefix, *owner, *name; /* origin NULL: refused */
} rows[] = {
	{ "https://git.example.org/acme/shop.git", false, 1, "https://git.example.org", "", "acme",
	  "shop" },
	{ "https://git.example.org/git/acme/shop", false, 1, "https://git.example.org", "/git",
	  "acme", "shop" },
	{ "http://127.0.0.1:3000/acme/shop.git/", false, 1, "http://127.0.0.1:3000", "", "acme",
	  "shop" },
	{ "https://gitlab.example.org/group/sub/shop.git", false, 0, "https://gitlab.example.org",
	  "", "group/sub", "shop" },
	{ "https://git.example.org/acme", true, 1, "https://git.example.org", "", "acme", NULL },
	{ "https://gitlab.example.org/group/sub", true, 0, "https://gitlab.example.org", "",
	  "group/sub", NULL },
	{ "https://git.example.org/shop.git", false, 1, NULL, NULL, NULL, NULL },
	{ "https://git.example.org", true, 1, NULL, NULL, NULL, NULL },
	{ "ssh://git@git.example.org/acme/shop.git", false, 1, NULL, NULL, NULL, NULL },
	{ NULL, false, 1, NULL, NULL, NULL, NULL }, /* a local repository */
};

static void a_remote_is_taken_apart(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(ForgeAddress) address =
			forge_address(rows[i].url, rows[i].is_owner, rows[i].owner_parts, &error);

		if (rows[i].origin == NULL) {
			g_assert_error(error, FAILURE, FAILURE_CONFIG);
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpstr(address->origin, ==, rows[i].origin);
		g_assert_cmpstr(address->prefix, ==, rows[i].prefix);
		g_assert_cmpstr(address->owner, ==, rows[i].owner);
		g_assert_cmpstr(address->name, ==, rows[i].name);
	}
}

static void github_has_three_kinds_of_api_address(void)
{
	static const struct {
		const char *origin, *api;
	} apis[] = {
		{ "https://github.com", "https://api.github.com" },
		{ "https://acme.ghe.com", "https://api.acme.ghe.com" },
		{ "https://git.example.org", "https://git.example.org/api/v3" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(apis); i++) {
		g_autofree char *api = github_api(apis[i].origin);

		g_assert_cmpstr(api, ==, apis[i].api);
	}
}

static void a_host_tells_its_forge(void)
{
	static const struct {
		const char *url, *forge;
	} guesses[] = {
		{ "https://github.com/acme/shop", "github" },
		{ "https://acme.ghe.com/a/b", "github" },
		{ "https://gitlab.example.org/a/b", "gitlab" },
		{ "https://codeberg.org/a/b", "forgejo" },
		{ "https://git.example.org/github/b", "plain" },
		{ "git@github.com:acme/shop.git", "plain" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(guesses); i++)
		g_assert_cmpstr(forge_guess(guesses[i].url), ==, guesses[i].forge);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/publish/address/a_remote_is_taken_apart", a_remote_is_taken_apart);
	g_test_add_func("/publish/address/github_has_three_kinds_of_api_address",
			github_has_three_kinds_of_api_address);
	g_test_add_func("/publish/address/a_host_tells_its_forge", a_host_tells_its_forge);
	return g_test_run();
}
