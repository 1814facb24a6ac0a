/* SPDX-License-Identifier: MIT */
#include "git/signer.h"

#include "base/crypto.h"

#include <string.h>

#define KIND  "ssh-ed25519"
#define BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define END   "-----END OPENSSH PRIVATE KEY-----"
#define MAGIC "openssh-key-v1" /* its NUL belongs to it */
#define LINE  70               /* characters of Base64 in a line, as OpenSSH has it */

struct Signer {
	uint8_t seed[32], public[32];
};

/* What is left to read of a key. */
typedef struct {
	const uint8_t *p, *end;
} Rest;

static bool take_number(Rest *rest, uint32_t *number)
{
	if (rest->end - rest->p < 4)
		return false;
	*number = (uint32_t)rest->p[0] << 24 | (uint32_t)rest->p[1] << 16 |
		  (uint32_t)rest->p[2] << 8 | rest->p[3];
	rest->p += 4;
	return true;
}

static bool take_string(Rest *rest, Rest *string)
{
	uint32_t length;

	if (!take_number(rest, &length) || length > (size_t)(rest->end - rest->p))
		return false;
	*string = (Rest){ rest->p, rest->p + length };
	rest->p += length;
	return true;
}

static bool is_text(const Rest *string, const char *text)
{
	return (size_t)(string->end - string->p) == strlen(text) &&
	       memcmp(string->p, text, strlen(text)) == 0;
}

/* Two equal numbers, kind, public key, seed and public key, and a remark. */
static bool read_private(Rest part, Signer *signer)
{
	uint32_t check, same;
	Rest kind, public, both;

	if (!take_number(&part, &check) || !take_number(&part, &same) || check != same ||
	    !take_string(&part, &kind) || !is_text(&kind, KIND) || !take_string(&part, &public) ||
	    public.end - public.p != 32 || !take_string(&part, &both) || both.end - both.p != 64 ||
	    memcmp(both.p + 32, public.p, 32) != 0)
		return false;
	memcpy(signer->seed, both.p, 32);
	memcpy(signer->public, public.p, 32);
	return true;
}

static bool read_key(const uint8_t *bytes, size_t length, Signer *signer, GError **error)
{
	Rest rest = { bytes, bytes + length }, cipher, derivation, options, public, private;
	uint32_t count;

	if (length < sizeof MAGIC || memcmp(bytes, MAGIC, sizeof MAGIC) != 0)
		return fail(error, FAILURE_CONFIG, "it is no private key of OpenSSH");
	rest.p += sizeof MAGIC;
	if (!take_string(&rest, &cipher) || !take_string(&rest, &derivation) ||
	    !take_string(&rest, &options) || !take_number(&rest, &count) || count != 1 ||
	    !take_string(&rest, &public) || !take_string(&rest, &private))
		return fail(error, FAILURE_CONFIG, "the private key is damaged");
	if (!is_text(&cipher, "none"))
		return fail(error, FAILURE_CONFIG,
			    "the private key has a passphrase, which nobody is here to type");
	if (!read_private(private, signer))
		return fail(error, FAILURE_CONFIG,
			    "the private key is not of the kind ed25519, or damaged");
	return true;
}

/* The Base64 between the first and last line, as one line; NULL: there is none. */
static char *body_of(const char *text)
{
	const char *begin = strstr(text, BEGIN), *end = NULL;
	GString *body;

	if (begin != NULL)
		end = strstr(begin + strlen(BEGIN), END);
	if (end == NULL)
		return NULL;
	body = g_string_sized_new(strlen(begin));
	for (const char *p = begin + strlen(BEGIN); p < end; p++)
		if (!g_ascii_isspace(*p))
			g_string_append_c(body, *p);
	return g_string_free(body, FALSE);
}

static void forget(void *bytes, size_t length)
{
	if (bytes != NULL)
		explicit_bzero(bytes, length);
	g_free(bytes);
}

Signer *signer_new(const Secret *key, GError **error)
{
	g_autoptr(Signer) signer = g_new0(Signer, 1);
	char *body = body_of(secret_reveal(key));
	uint8_t *bytes = NULL;
	size_t length = 0;
	bool is_read;

	if (body == NULL || !base64_decode(body, &bytes, &length))
		is_read = fail(error, FAILURE_CONFIG, "it is no private key of OpenSSH");
	else
		is_read = read_key(bytes, length, signer, error);
	forget(bytes, length);
	forget(body, body == NULL ? 0 : strlen(body));
	return is_read ? g_steal_pointer(&signer) : NULL;
}

void signer_free(Signer *signer)
{
	forget(signer, sizeof *signer);
}

static void add_number(GByteArray *to, size_t number)
{
	const uint8_t bytes[] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16),
				  (uint8_t)(number >> 8), (uint8_t)number };

	g_byte_array_append(to, bytes, sizeof bytes);
}

static void add_bytes(GByteArray *to, const void *bytes, size_t length)
{
	add_number(to, length);
	g_byte_array_append(to, bytes, (guint)length);
}

static void add_text(GByteArray *to, const char *text)
{
	add_bytes(to, text, strlen(text));
}

static void add_magic(GByteArray *to)
{
	g_byte_array_append(to, (const uint8_t *)"SSHSIG", 6);
}

/* What the signature is for, nothing, and how the text is hashed. */
static void add_purpose(GByteArray *to)
{
	add_text(to, "git");
	add_text(to, "");
	add_text(to, "sha512");
}

/* The kind, and key or signature itself, as one string. */
static void add_ed25519(GByteArray *to, const uint8_t *bytes, size_t length)
{
	add_number(to, 4 + strlen(KIND) + 4 + length);
	add_text(to, KIND);
	add_bytes(to, bytes, length);
}

static char *armour(const GByteArray *blob)
{
	g_autofree char *body = g_base64_encode(blob->data, blob->len);
	GString *text = g_string_new("-----BEGIN SSH SIGNATURE-----\n");

	for (size_t at = 0, length = strlen(body); at < length; at += LINE)
		g_string_append_printf(text, "%.*s\n", LINE, body + at);
	g_string_append(text, "-----END SSH SIGNATURE-----");
	return g_string_free(text, FALSE);
}

char *signer_sign(const Signer *signer, const void *text, size_t length)
{
	g_autoptr(GByteArray) message = g_byte_array_new(), blob = g_byte_array_new();
	uint8_t digest[64], signature[64];

	sha512(text, length, digest);
	add_magic(message);
	add_purpose(message);
	add_bytes(message, digest, sizeof digest);
	ed25519_sign(signer->seed, message->data, message->len, signature);

	add_magic(blob);
	add_number(blob, 1); /* the version of the format */
	add_ed25519(blob, signer->public, sizeof signer->public);
	add_purpose(blob);
	add_ed25519(blob, signature, sizeof signature);
	return armour(blob);
}
