/* SPDX-License-Identifier: MIT */
#include "base/crypto.h"

#include <string.h>

static const char empty_sha256[] =
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static void hashes_are_those_of_the_standards(void)
{
	g_autofree char *sha = sha256_hex("", 0), *sha1 = sha1_hex("abc", 3);
	g_autofree char *md5 = md5_hex("business-1.5.0", 14);
	g_autofree char *hmac = hmac_sha256_hex("Jefe", 4, "what do ya want for nothing?", 28);

	g_assert_cmpstr(sha, ==, empty_sha256);
	g_assert_cmpstr(sha1, ==, "a9993e364706816aba3e25717850c26c9cd0d89d");
	g_assert_true(g_str_has_prefix(md5, "b8d660191d"));
	/* RFC 4231, case 2 */
	g_assert_cmpstr(hmac, ==,
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/* The worked example of AWS's own "Create a signed request". */
static void a_request_is_signed_as_aws_says(void)
{
	static const char key[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
	static const char text[] =
		"AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
		"f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59";
	g_autoptr(Secret) secret = secret_new(key, strlen(key));
	g_autofree char *signature =
		aws4_signature(secret, "20150830/us-east-1/iam/aws4_request", text);

	g_assert_cmpstr(signature, ==,
			"5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

static void pieces_hash_as_the_whole(void)
{
	Sha256 *hash = sha256_new();
	uint8_t pieces[32], whole[32];

	sha256_add(hash, "ab", 2);
	sha256_add(hash, "c", 1);
	sha256_finish(hash, pieces);
	sha256("abc", 3, whole);
	g_assert_cmpmem(pieces, 32, whole, 32);
}

static void unhex(const char *text, uint8_t *bytes)
{
	for (size_t i = 0; text[2 * i] != '\0'; i++)
		bytes[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 |
				     g_ascii_xdigit_value(text[2 * i + 1]));
}

/* RFC 8032, 7.1, TEST 2 */
static void an_ed25519_signature_is_checked(void)
{
	uint8_t key[32], signature[64];

	unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", key);
	unhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
	      signature);
	g_assert_true(ed25519_verify(key, signature, "\x72", 1));
	g_assert_false(ed25519_verify(key, signature, "\x73", 1));
	signature[0] ^= 1;
	g_assert_false(ed25519_verify(key, signature, "\x72", 1));
}

static void base64_is_strict(void)
{
	static const struct {
		const char *text;
		int length; /* -1: refused */
	} rows[] = {
		{ "", 0 },      { "QQ==", 1 },  { "QUI=", 2 },  { "QUJD", 3 },    { "QQ", -1 },
		{ "Q===", -1 }, { "QU D", -1 }, { "QUJ-", -1 }, { "QQ==\n", -1 }, { "Q=Q=", -1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree uint8_t *bytes = NULL;
		size_t length;
		bool is_good = base64_decode(rows[i].text, &bytes, &length);

		g_assert_true(is_good == (rows[i].length >= 0));
		if (is_good)
			g_assert_cmpuint(length, ==, (size_t)rows[i].length);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/crypto/hashes_are_those_of_the_standards",
			hashes_are_those_of_the_standards);
	g_test_add_func("/base/crypto/pieces_hash_as_the_whole", pieces_hash_as_the_whole);
	g_test_add_func("/base/crypto/an_ed25519_signature_is_checked",
			an_ed25519_signature_is_checked);
	g_test_add_func("/base/crypto/base64_is_strict", base64_is_strict);
	g_test_add_func("/base/crypto/a_request_is_signed_as_aws_says",
			a_request_is_signed_as_aws_says);
	return g_test_run();
}
