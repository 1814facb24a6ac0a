/* SPDX-License-Identifier: MIT */
/* Hashes and signatures over OpenSSL's EVP; the one user of libcrypto. */
#pragma once

#include "base/secret.h"

typedef struct Sha256 Sha256;

/* SHA-256 in pieces. sha256_finish writes 32 bytes and frees. */
Sha256 *sha256_new(void);
void sha256_add(Sha256 *hash, const void *bytes, size_t length);
void sha256_finish(Sha256 *hash, uint8_t digest[static 32]);
void sha256_free(Sha256 *hash);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sha256, sha256_free)

/* Of one piece; `_hex` gives 64 lower-case digits, the caller's. */
void sha256(const void *bytes, size_t length, uint8_t digest[static 32]);
char *sha256_hex(const void *bytes, size_t length);
char *sha1_hex(const void *bytes, size_t length); /* 40: branch names only */
char *md5_hex(const void *bytes, size_t length);  /* 32: group digests only */

/* Whether `signature` (64 bytes) over `message` is by the raw `key` (32 bytes). */
bool ed25519_verify(const uint8_t key[static 32], const uint8_t signature[static 64],
		    const void *message, size_t length);

/* The signature (64 bytes) of `message` by the private key that comes of `seed`. */
void ed25519_sign(const uint8_t seed[static 32], const void *message, size_t length,
		  uint8_t signature[static 64]);

/* SHA-512 of one piece. */
void sha512(const void *bytes, size_t length, uint8_t digest[static 64]);

/* Standard Base64 with padding; false if `text` is none. The caller frees *bytes. */
bool base64_decode(const char *text, uint8_t **bytes, size_t *length);

/* RS256: PKCS#1 v1.5 with SHA-256 by the private key, in PEM form. The caller's.
 * Errors: CONFIG if the key cannot be read. */
GBytes *rs256_sign(const Secret *pem, const void *message, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Base64 with the alphabet of URLs, without padding; the caller's. */
char *base64url(const void *bytes, size_t length);

/* HMAC-SHA-256 of `message`, 64 lower-case hex digits. */
char *hmac_sha256_hex(const void *key, size_t key_length, const void *message, size_t length);

/* AWS's Signature Version 4: the HMAC of `text` by a key made of the secret access key and
 * the scope, "20150830/us-east-1/ecr/aws4_request"; 64 lower-case hex digits, the caller's. */
char *aws4_signature(const Secret *secret, const char *scope, const char *text);

/* Whether a stranger knows a secret. Each line of `secrets` is one, so that a new one is
 * good beside the old one while it is brought about. Compared in constant time. */

/* `signature` (hex digits of either case) is the HMAC-SHA-256 of `message` by one of them. */
bool secret_has_signed(const Secret *secrets, const void *message, size_t length,
		       const char *signature);

/* `base64` is that by one of them, whose key is Base64 behind "whsec_".
 * Source: Standard Webhooks. */
bool secret_has_signed_standard(const Secret *secrets, const void *message, size_t length,
				const char *base64);

/* `text` is one of them. */
bool secret_is(const Secret *secrets, const char *text);
