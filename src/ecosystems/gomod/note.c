/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/note.h"

#include "base/crypto.h"
#include "ecosystems/gomod/modtoken.h"

#include <string.h>

#define ALGORITHM_ED25519 1
#define KEY_LENGTH        (1 + 32) /* the algorithm, the key */
#define SIGNATURE_LENGTH  (4 + 64) /* the key's hash, the signature */
#define MAX_SIGNATURES    100
#define MAX_NOTE          1000000
#define SIGNATURE_MARK    "\342\200\224 " /* an em dash and a blank */

static uint32_t big_endian(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static uint32_t key_hash(const char *name, const uint8_t *key, size_t length)
{
	g_autoptr(Sha256) hash = sha256_new();
	uint8_t digest[32];

	sha256_add(hash, name, strlen(name));
	sha256_add(hash, "\n", 1);
	sha256_add(hash, key, length);
	sha256_finish(g_steal_pointer(&hash), digest);
	return big_endian(digest);
}

static bool is_name(const char *name)
{
	size_t length = strlen(name);
	uint32_t width;

	for (size_t at = 0; at < length; at += width)
		if (modtoken_is_space(modtoken_character(name + at, length - at, &width)) ||
		    name[at] == '+')
			return false;
	return length > 0;
}

void notekey_free(NoteKey *key)
{
	if (key == NULL)
		return;
	g_free(key->name);
	g_free(key);
}

NoteKey *notekey_parse(const char *text, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, "+", 3);
	g_autofree uint8_t *bytes = NULL;
	g_autoptr(NoteKey) key = g_new0(NoteKey, 1);
	size_t length = 0;
	guint64 hash;

	if (g_strv_length(parts) != 3 || !is_name(parts[0]) || strlen(parts[1]) != 8 ||
	    !g_ascii_string_to_unsigned(parts[1], 16, 0, UINT32_MAX, &hash, NULL) ||
	    !base64_decode(parts[2], &bytes, &length) || length == 0)
		return fail_null(error, FAILURE_CONFIG, "'%s' is no key NAME+HASH+KEY", text);
	if (key_hash(parts[0], bytes, length) != hash)
		return fail_null(error, FAILURE_CONFIG,
				 "the key of '%s' has another hash than '%s'", parts[0], parts[1]);
	if (bytes[0] != ALGORITHM_ED25519 || length != KEY_LENGTH)
		return fail_null(error, FAILURE_CONFIG, "the key of '%s' is of an unknown kind",
				 parts[0]);
	key->name = g_strdup(parts[0]);
	key->hash = (uint32_t)hash;
	memcpy(key->key, bytes + 1, sizeof(key->key));
	return g_steal_pointer(&key);
}

/* No control characters but line ends. */
static bool is_plain_text(const char *bytes, size_t length)
{
	if (!g_utf8_validate(bytes, (gssize)length, NULL))
		return false;
	for (size_t i = 0; i < length; i++)
		if ((guchar)bytes[i] < 0x20 && bytes[i] != '\n')
			return false;
	return true;
}

typedef enum { MALFORMED, UNKNOWN_KEY, GOOD, BAD } Judgement;

/* One line "— NAME BASE64" over `text`. */
static Judgement judge(const char *line, const char *text, size_t text_length, const NoteKey *key)
{
	g_auto(GStrv) words = NULL;
	g_autofree uint8_t *bytes = NULL;
	size_t length = 0;

	if (!g_str_has_prefix(line, SIGNATURE_MARK))
		return MALFORMED;
	words = g_strsplit(line + strlen(SIGNATURE_MARK), " ", 2);
	if (g_strv_length(words) != 2 || !is_name(words[0]) ||
	    !base64_decode(words[1], &bytes, &length) || length < 5)
		return MALFORMED;
	if (strcmp(words[0], key->name) != 0 || big_endian(bytes) != key->hash)
		return UNKNOWN_KEY;
	if (length != SIGNATURE_LENGTH || !ed25519_verify(key->key, bytes + 4, text, text_length))
		return BAD;
	return GOOD;
}

char *note_open(const char *bytes, size_t length, const NoteKey *key, GError **error)
{
	const char *gap = length > 0 && length <= MAX_NOTE && is_plain_text(bytes, length)
				  ? g_strrstr_len(bytes, (gssize)length, "\n\n")
				  : NULL;
	size_t text_length = gap != NULL ? (size_t)(gap - bytes) + 1 : 0;
	g_autofree char *rest = NULL;
	g_auto(GStrv) lines = NULL;
	bool is_signed = false;
	guint n;

	if (gap == NULL || bytes[length - 1] != '\n' || text_length + 1 == length)
		return fail_null(error, FAILURE_NET, "no signed note");
	rest = g_strndup(bytes + text_length + 1, length - text_length - 2);
	lines = g_strsplit(rest, "\n", -1);
	n = g_strv_length(lines);
	for (guint i = 0; i < n; i++) {
		Judgement judgement =
			i < MAX_SIGNATURES ? judge(lines[i], bytes, text_length, key) : MALFORMED;

		if (judgement == MALFORMED)
			return fail_null(error, FAILURE_NET, "no signed note");
		if (judgement == BAD && !is_signed) /* of one key only the first counts */
			return fail_null(error, FAILURE_NET, "the signature of '%s' is not genuine",
					 key->name);
		is_signed |= judgement == GOOD;
	}
	if (!is_signed)
		return fail_null(error, FAILURE_NET, "not signed by the key of '%s' that is known",
				 key->name);
	return g_strndup(bytes, text_length);
}
