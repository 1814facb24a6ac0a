/* SPDX-License-Identifier: MIT */
#include "git/fixture.h"
#include "git/ssh.h"

static const struct {
	const char *text;
	const char *url; /* NULL: refused */
} addresses[] = {
	{ "git@Example.org:team/app.git", "ssh://git@example.org:22/team/app.git" },
	{ "example.org:~/app", "ssh://git@example.org:22/~/app" },
	{ "ssh://example.org/srv/app.git", "ssh://git@example.org:22/srv/app.git" },
	{ "ssh://bot@example.org:2222/a+b/c_d-e", "ssh://bot@example.org:2222/a+b/c_d-e" },
	{ "ssh://example.org", NULL },
	{ "ssh://example.org/", NULL },
	{ "ssh:///path", NULL },
	{ "ssh://example.org:0/a", NULL },
	{ "ssh://example.org:65536/a", NULL },
	{ "ssh://example.org:2x/a", NULL },
	{ "ssh://-oProxyCommand=x/a", NULL },
	{ "-oProxyCommand=x:a", NULL },
	{ "ssh://-l@example.org/a", NULL },
	{ "ssh://a:secret@example.org/a", NULL },
	{ "git@example.org:-option", NULL },
	{ "git@example.org:a/../../b", NULL },
	{ "git@example.org:..", NULL },
	{ "git@example.org:a;reboot", NULL },
	{ "git@example.org:a b", NULL },
	{ "git@example.org:$(x)", NULL },
	{ "git@example.org:a'b", NULL },
	{ "git@exa mple.org:a", NULL },
	{ "https://example.org/a", NULL },
	{ "file:///a", NULL },
	{ "a", NULL },
	{ "", NULL },
};

static void reads_addresses(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(SshAddress) address = ssh_parse(addresses[i].text, &error);

		g_test_message("%s", addresses[i].text);
		g_assert_cmpstr(address != NULL ? address->url : NULL, ==, addresses[i].url);
		if (address == NULL)
			assert_failure(error, FAILURE_CONFIG);
	}
}

/* The key "key" is "a2V5" in Base64. The hashed name is that of [h]:2222, by
 * `ssh-keygen -H`. */
static const struct {
	const char *known;
	bool is_known;
} files[] = {
	{ "h ssh-ed25519 a2V5\n", false }, /* port 22 only */
	{ "[h]:2222 ssh-ed25519 a2V5", true },
	{ "[h]:2222 ssh-ed25519 a2V5 comment\n", true },
	{ "# comment\n\nother,[H]:2222,third ssh-rsa a2V5\r\n", true },
	{ "|1|Sd0+8X8JibLRGLtjeVS3aPPnyiA=|FDzjkwVxDtsqMLmE/MXz9jgEjrE= ssh-ed25519 a2V5\n", true },
	{ "|1|AAAA|AAAA ssh-ed25519 a2V5\n", false },
	{ "|1| ssh-ed25519 a2V5\n", false },
	{ "[h]:2222 ssh-ed25519 b3RoZXI=\n", false },
	{ "[h]:2223 ssh-ed25519 a2V5\n", false },
	{ "@cert-authority [h]:2222 ssh-ed25519 a2V5\n", false },
	{ "[h]:2222 ssh-ed25519 a2V5\n@revoked * ssh-ed25519 a2V5\n", false },
	{ "* ssh-ed25519 a2V5\n", false },
	{ "[h]:2222 ssh-ed25519\n", false },
	{ "", false },
};

static void knows_keys_by_host(void)
{
	g_autoptr(SshAddress) address = ssh_parse("ssh://h:2222/a", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_test_message("%s", files[i].known);
		g_assert_cmpint(ssh_is_known(files[i].known, address, "key", 3), ==,
				files[i].is_known);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/git/ssh/reads_addresses", reads_addresses);
	g_test_add_func("/git/ssh/knows_keys_by_host", knows_keys_by_host);
	return g_test_run();
}
