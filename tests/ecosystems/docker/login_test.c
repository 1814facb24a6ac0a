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
		"\"kept.test\":{},\"kept.test/v2/\":{\"auth\":\"\"}},"
		"\"credsStore\":\"desktop\",\"credHelpers\":{\"x\":\"../../evil\","
		"\"cloud.test\":\"gcr\"}}";
	g_autoptr(GPtrArray) credentials = credentials_new();
	g_autoptr(GError) error = NULL;

	g_assert_true(login_read(credentials, text, strlen(text), &error));
	g_assert_no_error(error);
	g_assert_cmpuint(credentials->len, ==, 7);
	check(credentials, 0, "index.docker.io", "me", "p:ass");
	check(credentials, 1, "registry.test:5000", "u", "p");
	check(credentials, 2, "token.test", NULL, "t");
	check(credentials, 3, "identity.test", "<token>", "i");
	for (guint i = 0; i < credentials->len; i++) {
		const Credential *credential = g_ptr_array_index(credentials, i);

		g_assert_true(credential->is_login);
		g_assert_true((credential->helper != NULL) == (i >= 4));
		g_assert_cmpstr(credential->path, ==, i == 1 ? "team" : NULL);
		g_assert_true(credential->is_identity == (i == 3));
	}
}

/* The program is named, and not run: what it keeps is neither sent nor replaced by another. */
static void what_a_helper_keeps_is_no_credential(void)
{
	static const char text[] =
		"{\"auths\":{\"a.test\":{},\"b.test\":{\"auth\":\"bWU6cA==\"}},"
		"\"credsStore\":\"desktop\",\"credHelpers\":{\"c.test\":\"gcr\"}}";
	static const struct {
		const char *host, *helper; /* NULL: it has a login */
	} rows[] = {
		{ "a.test", "docker-credential-desktop" },
		{ "b.test", NULL },
		{ "c.test", "docker-credential-gcr" },
	};
	g_autoptr(GPtrArray) credentials = credentials_new();

	g_assert_true(login_read(credentials, text, strlen(text), NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *base = g_strconcat("https://", rows[i].host, NULL);

		g_assert_true((login_find(credentials, rows[i].host, "x", base) != NULL) ==
			      (rows[i].helper == NULL));
		g_assert_cmpstr(login_helper(credentials, rows[i].host, "x", base), ==,
				rows[i].helper);
	}
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
		const Credential *found =
			login_find(credentials, places[i].host, "a/b", places[i].base);

		g_test_message("%s at %s", places[i].host, places[i].base);
		g_assert_true(
			found ==
			(places[i].found == 0 ? NULL : credentials->pdata[places[i].found - 1]));
	}
	g_assert_null(login_find(NULL, "docker.io", "a", "https://registry-1.docker.io"));
}

static const struct {
	const char *path, *secret; /* NULL: none */
} parts[] = {
	{ "team/app", "team" }, { "team", "team" },        { "team/app/x", "team" },
	{ "teams/app", NULL },  { "team/inner", "inner" }, { "other", NULL },
};

static void podmans_logins_are_for_a_part_of_a_registry(void)
{
	static const char text[] = "{\"auths\":{\"r.test/team/\":{\"username\":\"u\",\"password\":"
				   "\"team\"},\"r.test/team/inner\":{\"username\":\"u\","
				   "\"password\":\"inner\"}}}";
	g_autoptr(GPtrArray) credentials = credentials_new();
	Credential *told;

	g_assert_true(login_read(credentials, text, strlen(text), NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		const Credential *found =
			login_find(credentials, "r.test", parts[i].path, "https://r.test");

		g_test_message("%s", parts[i].path);
		g_assert_cmpstr(found != NULL ? secret_reveal(found->secret) : NULL, ==,
				parts[i].secret);
	}
	/* What upkeepd itself was told comes before the most exact login. */
	told = g_new0(Credential, 1);
	told->host = g_strdup("r.test");
	told->secret = secret_new("told", 4);
	g_ptr_array_add(credentials, told);
	g_assert_true(login_find(credentials, "r.test", "team/inner", "https://r.test") == told);
}

static void put(const char *folder, const char *name, const char *host)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autofree char *text = g_strdup_printf(
		"{\"auths\":{\"%s\":{\"username\":\"u\",\"password\":\"p\"}}}", host);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static char *hosts_of(const GPtrArray *credentials)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < credentials->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
				       ((Credential *)credentials->pdata[i])->host);
	return g_string_free(text, FALSE);
}

static void the_files_of_podman_and_docker_are_found(void)
{
	g_autofree char *folder = g_dir_make_tmp("logins-XXXXXX", NULL);
	g_autofree char *named = g_build_filename(folder, "named.json", NULL);
	g_autofree char *docker = g_build_filename(folder, "docker", NULL);
	g_autoptr(GPtrArray) usual = credentials_new(), other = credentials_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *hosts = NULL;

	put(folder, "containers/auth.json", "podman.test");
	put(folder, "docker/config.json", "docker.test");
	g_setenv("XDG_RUNTIME_DIR", folder, TRUE);
	g_setenv("DOCKER_CONFIG", docker, TRUE);
	g_assert_true(login_read_own(usual, &error));
	hosts = hosts_of(usual);
	g_assert_cmpstr(hosts, ==, "podman.test docker.test");
	/* A file that is named has to be there; the others are read all the same. */
	g_setenv("REGISTRY_AUTH_FILE", named, TRUE);
	g_assert_false(login_read_own(other, &error));
	g_assert_error(error, FAILURE, FAILURE_CONFIG);
	put(folder, "named.json", "named.test");
	g_assert_true(login_read_own(other, NULL));
	g_free(hosts);
	hosts = hosts_of(other);
	g_assert_cmpstr(hosts, ==, "docker.test named.test docker.test");
	g_unsetenv("REGISTRY_AUTH_FILE");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/docker/login/dockers_file_is_read", dockers_file_is_read);
	g_test_add_func("/docker/login/what_a_helper_keeps_is_no_credential",
			what_a_helper_keeps_is_no_credential);
	g_test_add_func("/docker/login/what_is_no_such_file_is_a_mistake",
			what_is_no_such_file_is_a_mistake);
	g_test_add_func("/docker/login/a_credential_is_for_the_host_that_is_asked",
			a_credential_is_for_the_host_that_is_asked);
	g_test_add_func("/docker/login/podmans_logins_are_for_a_part_of_a_registry",
			podmans_logins_are_for_a_part_of_a_registry);
	g_test_add_func("/docker/login/the_files_of_podman_and_docker_are_found",
			the_files_of_podman_and_docker_are_found);
	return g_test_run();
}
