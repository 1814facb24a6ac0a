/* SPDX-License-Identifier: MIT */
#include "base/crypto.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)

/* OpenSSL's hashes fail only without memory, where GLib would abort too. */
#define MUST(call)                              \
	do {                                    \
		if ((call) != 1)                \
			g_assert_not_reached(); \
	} while (0)

struct Sha256 {
	EVP_MD_CTX *context;
};

Sha256 *sha256_new(void)
{
	Sha256 *hash = g_new0(Sha256, 1);

	hash->context = EVP_MD_CTX_new();
	MUST(EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL));
	return hash;
}

void sha256_add(Sha256 *hash, const void *bytes, size_t length)
{
	MUST(EVP_DigestUpdate(hash->context, bytes, length));
}

void sha256_finish(Sha256 *hash, uint8_t digest[static 32])
{
	MUST(EVP_DigestFinal_ex(hash->context, digest, NULL));
	sha256_free(hash);
}

void sha256_free(Sha256 *hash)
{
	if (hash == NULL)
		return;
	EVP_MD_CTX_free(hash->context);
	g_free(hash);
}

void sha256(const void *bytes, size_t length, uint8_t digest[static 32])
{
	MUST(EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL));
}

static char *hex(const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *text = g_malloc(2 * length + 1);

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * length] = '\0';
	return text;
}

static char *digest_hex(const EVP_MD *kind, const void *bytes, size_t length)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned size;

	MUST(EVP_Digest(bytes, length, digest, &size, kind, NULL));
	return hex(digest, size);
}

char *sha256_hex(const void *bytes, size_t length)
{
	return digest_hex(EVP_sha256(), bytes, length);
}

char *sha1_hex(const void *bytes, size_t length)
{
	return digest_hex(EVP_sha1(), bytes, length);
}

/* GLib's, since OpenSSL may run in a mode that has no MD5; this one names
 * branches, nothing rests on it. */
char *md5_hex(const void *bytes, size_t length)
{
	return g_compute_checksum_for_data(G_CHECKSUM_MD5, bytes, length);
}

bool ed25519_verify(const uint8_t key[static 32], const uint8_t signature[static 64],
		    const void *message, size_t length)
{
	g_autoptr(EVP_PKEY) public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	bool is_good = public != NULL &&
		       EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1 &&
		       EVP_DigestVerify(context, signature, 64, message, length) == 1;

	ERR_clear_error();
	return is_good;
}

void ed25519_sign(const uint8_t seed[static 32], const void *message, size_t length,
		  uint8_t signature[static 64])
{
	g_autoptr(EVP_PKEY) key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	size_t size = 64;

	g_assert(key != NULL);
	MUST(EVP_DigestSignInit(context, NULL, NULL, NULL, key));
	MUST(EVP_DigestSign(context, signature, &size, message, length));
}

void sha512(const void *bytes, size_t length, uint8_t digest[static 64])
{
	MUST(EVP_Digest(bytes, length, digest, NULL, EVP_sha512(), NULL));
}

bool base64_decode(const char *text, uint8_t **bytes, size_t *length)
{
	size_t written = strlen(text);
	size_t padding = 0;
	gsize decoded;

	*bytes = NULL;
	*length = 0;
	while (padding < 2 && padding < written && text[written - 1 - padding] == '=')
		padding++;
	if (written % 4 != 0)
		return false;
	for (size_t i = 0; i < written - padding; i++)
		if (!g_ascii_isalnum(text[i]) && text[i] != '+' && text[i] != '/')
			return false;
	*bytes = g_base64_decode(text, &decoded);
	*length = decoded;
	return true;
}

char *base64url(const void *bytes, size_t length)
{
	char *encoded = g_base64_encode(bytes, length);

	encoded[strcspn(encoded, "=")] = '\0';
	g_strdelimit(encoded, "+", '-');
	return g_strdelimit(encoded, "/", '_');
}

GBytes *rs256_sign(const Secret *pem, const void *message, size_t length, GError **error)
{
	g_autoptr(BIO) source = BIO_new_mem_buf(secret_reveal(pem), -1);
	g_autoptr(EVP_PKEY) key = PEM_read_bio_PrivateKey(source, NULL, NULL, NULL);
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	g_autofree uint8_t *signature = NULL;
	size_t size = 0;

	if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
		ERR_clear_error();
		return fail_null(error, FAILURE_CONFIG,
				 "the private key is no RSA key in PEM form");
	}
	if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
	    EVP_DigestSign(context, NULL, &size, message, length) != 1)
		return fail_null(error, FAILURE_CONFIG, "the private key cannot sign");
	signature = g_malloc(size);
	if (EVP_DigestSign(context, signature, &size, message, length) != 1)
		return fail_null(error, FAILURE_CONFIG, "the private key cannot sign");
	return g_bytes_new(signature, size);
}

static void hmac_sha256(const void *key, size_t key_length, const void *message, size_t length,
			uint8_t digest[static 32])
{
	unsigned size = 32;

	g_assert(key_length <= INT_MAX);
	if (HMAC(EVP_sha256(), key, (int)key_length, message, length, digest, &size) == NULL)
		g_assert_not_reached();
}

char *hmac_sha256_hex(const void *key, size_t key_length, const void *message, size_t length)
{
	uint8_t digest[32];

	hmac_sha256(key, key_length, message, length, digest);
	return hex(digest, sizeof digest);
}

char *aws4_signature(const Secret *secret, const char *scope, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(scope, "/", -1);
	g_autoptr(GString) first = g_string_new("AWS4");
	uint8_t key[32], next[32];
	char *signature;

	g_assert(parts[0] != NULL);
	g_string_append(first, secret_reveal(secret));
	hmac_sha256(first->str, first->len, parts[0], strlen(parts[0]), key);
	explicit_bzero(first->str, first->len);
	for (char **part = parts + 1; *part != NULL; part++) {
		hmac_sha256(key, sizeof key, *part, strlen(*part), next);
		memcpy(key, next, sizeof key);
	}
	signature = hmac_sha256_hex(key, sizeof key, text, strlen(text));
	explicit_bzero(key, sizeof key);
	explicit_bzero(next, sizeof next);
	return signature;
}

/* The lines of a secret, wiped when they are freed. */
typedef struct {
	char **lines;
} Lines;

static Lines lines_of(const Secret *secrets)
{
	return (Lines){ g_strsplit(secret_reveal(secrets), "\n", -1) };
}

static void lines_clear(Lines *lines)
{
	for (char **line = lines->lines; *line != NULL; line++)
		explicit_bzero(*line, strlen(*line));
	g_strfreev(lines->lines);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lines, lines_clear)

static bool is_same(const char *text, const char *other)
{
	size_t length = strlen(text);

	return length == strlen(other) && CRYPTO_memcmp(text, other, length) == 0;
}

bool secret_has_signed(const Secret *secrets, const void *message, size_t length,
		       const char *signature)
{
	g_auto(Lines) keys = lines_of(secrets);
	g_autofree char *lower = g_ascii_strdown(signature, -1);
	bool is_any = false;

	for (char **key = keys.lines; *key != NULL; key++) {
		g_autofree char *right =
			**key == '\0' ? NULL : hmac_sha256_hex(*key, strlen(*key), message, length);

		is_any = is_any || (right != NULL && is_same(right, lower));
	}
	return is_any;
}

bool secret_has_signed_standard(const Secret *secrets, const void *message, size_t length,
				const char *base64)
{
	static const char beginning[] = "whsec_";
	g_auto(Lines) keys = lines_of(secrets);
	g_autofree uint8_t *given = NULL;
	g_autofree char *given_hex = NULL;
	size_t given_length = 0;
	bool is_any = false;

	if (!base64_decode(base64, &given, &given_length))
		return false;
	given_hex = hex(given, given_length);
	for (char **key = keys.lines; *key != NULL; key++) {
		const char *text =
			*key + (g_str_has_prefix(*key, beginning) ? strlen(beginning) : 0);
		g_autofree uint8_t *bytes = NULL;
		g_autofree char *right = NULL;
		size_t size = 0;

		if (!base64_decode(text, &bytes, &size) || size == 0)
			continue;
		right = hmac_sha256_hex(bytes, size, message, length);
		explicit_bzero(bytes, size);
		is_any = is_any || is_same(right, given_hex);
	}
	return is_any;
}

bool secret_is(const Secret *secrets, const char *text)
{
	g_auto(Lines) all = lines_of(secrets);
	bool is_any = false;

	for (char **one = all.lines; *one != NULL; one++)
		is_any = is_any || (**one != '\0' && is_same(*one, text));
	return is_any;
}
