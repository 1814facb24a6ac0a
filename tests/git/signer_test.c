/* SPDX-License-Identifier: MIT */
#include "git/signer.h"

#include <string.h>

/* Of tests, and of nothing else; made by ssh-keygen -t ed25519 -N "". */
static const char key[] = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
			  "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
			  "QyNTUxOQAAACDh/EYeubUW3ZMBHZ14gRbPTPNmb7eRlRkRzK55JgsRsQAAAIi4P4+JuD+P\n"
			  "iQAAAAtzc2gtZWQyNTUxOQAAACDh/EYeubUW3ZMBHZ14gRbPTPNmb7eRlRkRzK55JgsRsQ\n"
			  "AAAEBrG/B0dLZBTYYKzyJBm5CoNtM8A+L2c09W1yAA+F1eBuH8Rh65tRbdkwEdnXiBFs9M\n"
			  "82Zvt5GVGRHMrnkmCxGxAAAABHRlc3QB\n"
			  "-----END OPENSSH PRIVATE KEY-----\n";

static Signer *signer_of(const char *text, GError **error)
{
	g_autoptr(Secret) secret = secret_new(text, strlen(text));

	return signer_new(secret, error);
}

/* What came of `ssh-keygen -Y sign -n git` for the same. */
static void signs_as_ssh_keygen_does(void)
{
	static const char signed_[] =
		"-----BEGIN SSH SIGNATURE-----\n"
		"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg4fxGHrm1Ft2TAR2deIEWz0zzZm\n"
		"+3kZUZEcyueSYLEbEAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5\n"
		"AAAAQAQXQrIgmySjmVm4yJLZ7YZrSXF2TYPJKJHxYfgvLCa4u31vAhHvTIl0dMfLkyDV2R\n"
		"nIQmvXCl5n4nasawgGXg4=\n"
		"-----END SSH SIGNATURE-----";
	g_autoptr(GError) error = NULL;
	g_autoptr(Signer) signer = signer_of(key, &error);
	g_autofree char *signature = NULL;

	g_assert_no_error(error);
	signature = signer_sign(signer, "tree 0123\n", strlen("tree 0123\n"));
	g_assert_cmpstr(signature, ==, signed_);
}

static const struct {
	const char *name, *key, *why;
} refused[] = {
	{ "nothing", "", "no private key of OpenSSH" },
	{ "a_word", "hunter2", "no private key of OpenSSH" },
	{ "a_key_in_pem_form",
	  "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n",
	  "no private key of OpenSSH" },
	{ "something_else_within",
	  "-----BEGIN OPENSSH PRIVATE KEY-----\nYWJjZA==\n-----END OPENSSH PRIVATE KEY-----\n",
	  "no private key of OpenSSH" },
	{ "the_end_is_missing",
	  "-----BEGIN OPENSSH PRIVATE KEY-----\n"
	  "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQ=\n"
	  "-----END OPENSSH PRIVATE KEY-----\n",
	  "damaged" },
	{ "a_passphrase",
	  "-----BEGIN OPENSSH PRIVATE KEY-----\n"
	  "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABDaw3FSxd\n"
	  "vsfpQ/I7wwL1ISAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAINlVu/4xfKFrEpCM\n"
	  "4EEWy0gR5QzKeZdhdFV8EqpXmC6dAAAAkD/BIAeXg+N3/ilNGgJGIWlPOX0IgnXFDMP7/U\n"
	  "F8HuHROAcRFWKlll3QJFI8rRcuZ5b50O4AMgZPV5G3tiPnxME9HtVgIFIUIqrYtyGipJx9\n"
	  "rNX3zzgdqKQ93wiMaTPulmLD2m889ugsYhWDijU5yW0n/Q0JChHfu8aEercL9oKevE2FmQ\n"
	  "zrL9IlciUENM72ew==\n"
	  "-----END OPENSSH PRIVATE KEY-----\n",
	  "passphrase" },
	{ "another_kind",
	  "-----BEGIN OPENSSH PRIVATE KEY-----\n"
	  "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAlwAAAAdzc2gtcn\n"
	  "NhAAAAAwEAAQAAAIEAntCwySjQ0hIfiFrffuHkMqF0+XxQ+RXeC5v2YOZKIRKVczE29brX\n"
	  "TA1ubftuYC3STW3kk5G5o2+vdUPwUlxkN8vcapJe05G3tx3ccH2TcBonsIE9sCc3FIwPiX\n"
	  "OnOzseeck5FHB1hQ362rby4awwLYcaqG7KEIwuNg1yws9TJjMAAAIAMowZATKMGQEAAAAH\n"
	  "c3NoLXJzYQAAAIEAntCwySjQ0hIfiFrffuHkMqF0+XxQ+RXeC5v2YOZKIRKVczE29brXTA\n"
	  "1ubftuYC3STW3kk5G5o2+vdUPwUlxkN8vcapJe05G3tx3ccH2TcBonsIE9sCc3FIwPiXOn\n"
	  "Ozseeck5FHB1hQ362rby4awwLYcaqG7KEIwuNg1yws9TJjMAAAADAQABAAAAgQCCAJTmZc\n"
	  "niXEGBrdmLlL/nDjGh1Di4XUUhPa8GDR0bS4oY/G1f420/7TK7RvlIM9oV1eIpRj2u4sq+\n"
	  "9DkyQj0qAT/aLFU6d6tBWKvFxBOd17C0jhkxs/Ik5hCKEjzOU7P694WUqbsYlZwTBn0/4f\n"
	  "rVGu7PT0eFQWtT5LUBSJFfqQAAAEEAg7xfx0x4cP71ZM27K19kfIuW5e1BQA6x2078TF65\n"
	  "S55QqlufysKPan5I3NCvaYr/qiBY3n7q+3tzrImX2jqD6QAAAEEAzfxO7NSQDmQbGjuY/3\n"
	  "4/XOYQ6Koc64SRobPlPYAmVb0066MTKv+xoMnee1JQqdBx4iSYOBerQbQmht/g9BFeFwAA\n"
	  "AEEAxWBbQ+PbleQIL0uy5bLhHjqfL8Hgz1PQJfKjnvHnvw4ZvANFmCsobPbDv+Yv7FQ3yF\n"
	  "mqsfFDa4ZBl7hFOXnGRQAAAAR0ZXN0AQIDBAU=\n"
	  "-----END OPENSSH PRIVATE KEY-----\n",
	  "not of the kind ed25519" },
};

static void is_refused(gconstpointer data)
{
	size_t row = GPOINTER_TO_SIZE(data);
	g_autoptr(GError) error = NULL;
	g_autoptr(Signer) signer = signer_of(refused[row].key, &error);

	g_assert_null(signer);
	g_assert_error(error, FAILURE, FAILURE_CONFIG);
	g_assert_nonnull(strstr(error->message, refused[row].why));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/signer/signs_as_ssh_keygen_does", signs_as_ssh_keygen_does);
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autofree char *path = g_strconcat("/signer/refuses/", refused[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), is_refused);
	}
	return g_test_run();
}
