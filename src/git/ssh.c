/* SPDX-License-Identifier: MIT */
#include "git/ssh.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

void ssh_address_free(SshAddress *address)
{
	if (address == NULL)
		return;
	g_free(address->user);
	g_free(address->host);
	g_free(address->url);
	g_free(address);
}

static bool consists_of(const char *text, const char *letters)
{
	return *text != '\0' && text[strspn(text, letters)] == '\0';
}

/* No option, no way up, nothing that a shell would understand. */
static bool is_path(const char *path)
{
	g_auto(GStrv) names = g_strsplit(path, "/", -1);

	return consists_of(path, LETTERS "._~/+-") && *path != '-' &&
	       !g_strv_contains((const char *const *)names, "..");
}

/* Splits "[user@]host[:port]". */
static bool read_host(SshAddress *address, const char *text)
{
	const char *at = strrchr(text, '@');
	const char *host = at != NULL ? at + 1 : text;
	const char *colon = strchr(host, ':');
	guint64 port = 22;

	address->user = at != NULL ? g_strndup(text, (gsize)(at - text)) : g_strdup("git");
	address->host = colon != NULL ? g_strndup(host, (gsize)(colon - host)) : g_strdup(host);
	g_strcanon(address->host, LETTERS ".-", '?');
	for (char *p = address->host; *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	if (colon != NULL && !g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL))
		return false;
	address->port = (int)port;
	return consists_of(address->user, LETTERS "._-") && *address->user != '-' &&
	       consists_of(address->host, LETTERS ".-") && *address->host != '-';
}

SshAddress *ssh_parse(const char *text, GError **error)
{
	g_autoptr(SshAddress) address = g_new0(SshAddress, 1);
	g_autofree char *host = NULL;
	const char *path = NULL;

	if (g_str_has_prefix(text, "ssh://")) {
		const char *rest = text + strlen("ssh://");

		path = strchr(rest, '/');
		if (path != NULL)
			host = g_strndup(rest, (gsize)(path++ - rest));
	} else if (strstr(text, "://") == NULL && (path = strchr(text, ':')) != NULL) {
		host = g_strndup(text, (gsize)(path++ - text));
	}
	if (host == NULL || !read_host(address, host) || !is_path(path))
		return fail_null(error, FAILURE_CONFIG, "'%s' is not the address of a repository",
				 text);
	/* What stands behind a colon is relative to the home; ~ says so to servers. */
	address->url = g_strdup_printf("ssh://%s@%s:%d/%s", address->user, address->host,
				       address->port, path);
	return g_steal_pointer(&address);
}

/* "|1|SALT|HASH": the name's HMAC-SHA-1. */
static bool is_hash_of(const char *pattern, const char *name)
{
	g_auto(GStrv) parts = g_strsplit(pattern, "|", -1);
	g_autofree guchar *salt = NULL;
	g_autofree guchar *hash = NULL;
	gsize salt_length, hash_length, length = 20;
	g_autoptr(GHmac) hmac = NULL;
	guint8 digest[20];

	if (g_strv_length(parts) != 4 || strcmp(parts[1], "1") != 0 || *parts[2] == '\0' ||
	    *parts[3] == '\0')
		return false;
	salt = g_base64_decode(parts[2], &salt_length);
	hash = g_base64_decode(parts[3], &hash_length);
	hmac = g_hmac_new(G_CHECKSUM_SHA1, salt, salt_length);
	g_hmac_update(hmac, (const guchar *)name, (gssize)strlen(name));
	g_hmac_get_digest(hmac, digest, &length);
	return hash_length == length && memcmp(hash, digest, length) == 0;
}

static bool names_host(const char *list, const char *name)
{
	g_auto(GStrv) patterns = g_strsplit(list, ",", -1);

	for (char **pattern = patterns; *pattern != NULL; pattern++)
		if (**pattern == '|' ? is_hash_of(*pattern, name)
				     : g_ascii_strcasecmp(*pattern, name) == 0)
			return true;
	return false;
}

bool ssh_is_known(const char *known, const SshAddress *address, const void *key, size_t length)
{
	g_auto(GStrv) lines = g_strsplit(known, "\n", -1);
	g_autofree char *wanted = g_base64_encode(key, length);
	g_autofree char *name = address->port == 22
					? g_strdup(address->host)
					: g_strdup_printf("[%s]:%d", address->host, address->port);
	bool is_known = false;

	for (char **line = lines; *line != NULL; line++) {
		g_auto(GStrv) words = NULL;
		char **word;
		bool is_marked;

		g_strdelimit(*line, "\t\r", ' ');
		words = g_strsplit(g_strstrip(*line), " ", -1);
		is_marked = words[0] != NULL && *words[0] == '@';
		word = words + (is_marked ? 1 : 0);
		/* names, kind, key */
		if (words[0] == NULL || *words[0] == '#' || g_strv_length(word) < 3 ||
		    strcmp(word[2], wanted) != 0)
			continue;
		if (is_marked && strcmp(words[0], "@revoked") == 0)
			return false;
		is_known = is_known || (!is_marked && names_host(word[0], name));
	}
	return is_known;
}
