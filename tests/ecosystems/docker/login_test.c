/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "ecosystems/docker/login.h"

#include <string.h>

static GPtrArray *credentials_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)credential_free);
}

static void check(const GPtrArray *credentials, guint i, const char *host, const char *username,
		  const char *secret)
{
	const Credential *credential;

	g_assert_cmpuint(i, <, credentials->len);
	credential = g_ptr_array_index(credentials, i);
	g_assert_cmpstr(credential->host, ==, host);
	g_assert_cmpstr(credential->username, ==, username);
	g_assert_cmpstr(secret_reveal(credential->secret), ==, secret);
}

static void dockers_file_is_read(void)
{
	static const char text[] =
		"{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"bWU6cDphc3M=\"},"
		"\"Registry.Test:5000/team\":{\"username\":\"u\",\"password\":\"p\"},"
		"\"token.test\":{\"registrytoken\":\"t\"},"
		"\"identity.test\":{\"auth\":\"bWU6\",\"identitytoken\":\"i\"},"
		"\"empty.test\":{}},"
		"\"credsStore\":\"desktop\",\"credHelpers\":{\"x\":\"../../evil\"}}";
	g_autoptr(GPtrArray) credentials = credentials_new();
	g_autoptr(GError) error = NULL;

	g_assert_true(login_read(credentials, text, strlen(text), &error));
	g_assert_no_error(error);
	g_assert_cmpuint(credentials->len, ==, 3);
	check(credentials, 0, "index.docker.io", "me", "p:ass");
	check(credentials, 1, "registry.test:5000", "u", "p");
	check(credentials, 2, "token.test", NULL, "t");
}

static const char *const broken[] = {
	"{\"auths\":{\"a.test\":{\"auth\":\"no colon\"}}}",
	"{\"auths\":{\"a.test\":{\"auth\":\"bm9jb2xvbg==\"}}}",
	"{",
	"",
};

static void what_is_no_such_file_is_a_mistake(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autoptr(GPtrArray) credentials = credentials_new();
		g_autoptr(GError) error = NULL;

		g_assert_false(login_read(credentials, broken[i], strlen(broken[i]), &error));
		g_assert_error(error, FAILURE, FAILURE_CONFIG);
		g_assert_cmpuint(credentials->len, ==, 0);
	}
}

static const struct {
	const char *host, *base;
	guint found; /* from 1; 0: none */
} places[] = {
	{ "docker.io", "https://registry-1.docker.io", 1 },
	{ "docker.io", "https://mirror.test", 0 },
	{ "docker.io", "https://registry.test:5000", 2 },
	{ "registry.test:5000", "https://registry.test:5000", 2 },
	{ "registry.test", "https://registry.test", 0 },
	{ "other.test", "https://other.test", 0 },
};

static void a_credential_is_for_the_host_that_is_asked(void)
{
	static const char text[] = "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":"
				   "\"bWU6cA==\"},\"registry.test:5000\":{\"auth\":\"bWU6cA==\"}}}";
	g_autoptr(GPtrArray) credentials = credentials_new();

	g_assert_true(login_read(credentials, text, strlen(text), NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		const Credential *found = login_find(credentials, places[i].host, places[i].base);

		g_test_message("%s at %s", places[i].host, places[i].base);
		g_assert_true(
			found ==
			(places[i].found == 0 ? NULL : credentials->pdata[places[i].found - 1]));
	}
	g_assert_null(login_find(NULL, "docker.io", "https://registry-1.docker.io"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/docker/login/dockers_file_is_read", dockers_file_is_read);
	g_test_add_func("/docker/login/what_is_no_such_file_is_a_mistake",
			what_is_no_such_file_is_a_mistake);
	g_test_add_func("/docker/login/a_credential_is_for_the_host_that_is_asked",
			a_credential_is_for_the_host_that_is_asked);
	return g_test_run();
}
