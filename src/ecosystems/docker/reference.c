/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/reference.h"

#include <string.h>

#define DOCKER_HUB  "docker.io"
#define LIBRARY     "library/"
#define LONGEST     255 /* registry and repository together */
#define LONGEST_TAG 128

void reference_free(Reference *reference)
{
	if (reference == NULL)
		return;
	g_free(reference->registry);
	g_free(reference->repository);
	g_free(reference->name);
	g_free(reference->tag);
	g_free(reference->digest);
	g_free(reference);
}

static bool is_lower_alnum(char c)
{
	return g_ascii_islower(c) || g_ascii_isdigit(c);
}

/* The whole of `text` is hexadecimal digits, `length` of them. */
static bool is_lower_hex(const char *text, size_t length)
{
	return strlen(text) == length && strspn(text, "0123456789abcdef") == length;
}

/* Components of lower-case letters and digits, joined within by `.`, `_`, `__`
 * or any number of `-`, and among themselves by `/`. */
static bool is_path(const char *p)
{
	for (;;) {
		if (!is_lower_alnum(*p))
			return false;
		while (is_lower_alnum(*p))
			p++;
		if (*p == '\0')
			return true;
		if (*p == '-')
			p += strspn(p, "-");
		else if (p[0] == '_' && p[1] == '_')
			p += 2;
		else if (*p == '.' || *p == '_' || *p == '/')
			p++;
	}
}

/* Labels of letters, digits and inner hyphens, joined by dots; or an IPv6
 * address in brackets; then perhaps `:` and a port. */
static bool is_host(const char *p)
{
	if (*p == '[') {
		size_t length = strspn(p + 1, "0123456789abcdefABCDEF:");

		if (length == 0 || p[length + 1] != ']')
			return false;
		p += length + 2;
	} else {
		for (;; p++) {
			const char *from = p;

			while (g_ascii_isalnum(*p) || *p == '-')
				p++;
			if (p == from || *from == '-' || p[-1] == '-')
				return false;
			if (*p != '.')
				break;
		}
	}
	if (*p == '\0')
		return true;
	return *p == ':' && p[1] != '\0' && strspn(p + 1, "0123456789") == strlen(p + 1);
}

static bool is_tag(const char *text)
{
	if (!g_ascii_isalnum(*text) && *text != '_')
		return false;
	for (const char *p = text; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr("_.-", *p) == NULL)
			return false;
	return strlen(text) <= LONGEST_TAG;
}

/* Algorithm, `:`, hexadecimal digits: as many as the known algorithms have,
 * else 32 at least. */
static bool is_digest(const char *text)
{
	const char *hex = strchr(text, ':');

	if (hex == NULL || !g_ascii_isalpha(*text))
		return false;
	for (const char *p = text; p < hex; p++) {
		if (g_ascii_isalnum(*p))
			continue;
		if (strchr("-_+.", *p) == NULL || !g_ascii_isalpha(p[1]))
			return false;
	}
	hex++;
	if (g_str_has_prefix(text, "sha256:"))
		return is_lower_hex(hex, 64);
	if (g_str_has_prefix(text, "sha512:"))
		return is_lower_hex(hex, 128);
	return strlen(hex) >= 32 && strspn(hex, "0123456789abcdefABCDEF") == strlen(hex);
}

/* Whether what stands before the first slash is a registry (docker.md 3.2). */
static bool names_registry(const char *first)
{
	if (strcmp(first, "localhost") == 0 || strpbrk(first, ".:") != NULL)
		return true;
	for (const char *p = first; *p != '\0'; p++)
		if (g_ascii_isupper(*p))
			return true;
	return false;
}

/* Splits "host/path", both as written. */
static bool take_name(Reference *reference, const char *name)
{
	const char *slash = strchr(name, '/');
	g_autofree char *host = slash != NULL ? g_strndup(name, (size_t)(slash - name)) : NULL;

	if (host != NULL && names_registry(host)) {
		reference->registry = g_ascii_strdown(host, -1);
		name = slash + 1;
	}
	if (!is_path(name) || (reference->registry != NULL && !is_host(host)))
		return false;
	reference->name = g_strdup(name);
	if (reference->registry == NULL || strcmp(reference->registry, "index.docker.io") == 0) {
		g_free(reference->registry);
		reference->registry = g_strdup(DOCKER_HUB);
	}
	if (strcmp(reference->registry, DOCKER_HUB) == 0 && strchr(name, '/') == NULL)
		reference->repository = g_strconcat(LIBRARY, name, NULL);
	else
		reference->repository = g_strdup(name);
	return strlen(reference->registry) + 1 + strlen(reference->repository) <= LONGEST;
}

Reference *reference_parse(const char *text, GError **error)
{
	g_autoptr(Reference) reference = g_new0(Reference, 1);
	const char *at = strchr(text, '@'), *end = text + strlen(text), *slash, *colon;
	const char *name_end = at != NULL ? at : end;
	g_autofree char *name = NULL;

	if (strlen(text) > UINT16_MAX)
		return fail_null(error, FAILURE_INPUT, "an image reference of more than %d bytes",
				 UINT16_MAX);
	if (at != NULL) {
		reference->digest = g_strdup(at + 1);
		reference->digest_span =
			(Span){ (uint32_t)(at + 1 - text), (uint32_t)(end - text) };
		if (!is_digest(reference->digest))
			return fail_null(error, FAILURE_INPUT, "'%s' is no digest",
					 reference->digest);
	}
	/* A colon before the last slash belongs to a port. */
	slash = g_strrstr_len(text, name_end - text, "/");
	colon = memchr(slash != NULL ? slash : text, ':',
		       (size_t)(name_end - (slash != NULL ? slash : text)));
	if (colon != NULL) {
		reference->tag = g_strndup(colon + 1, (size_t)(name_end - colon - 1));
		reference->tag_span =
			(Span){ (uint32_t)(colon + 1 - text), (uint32_t)(name_end - text) };
		if (!is_tag(reference->tag))
			return fail_null(error, FAILURE_INPUT, "'%s' is no tag", reference->tag);
		name_end = colon;
	}
	reference->name_end = (uint32_t)(name_end - text);
	name = g_strndup(text, (size_t)(name_end - text));
	if (!take_name(reference, name) || is_lower_hex(text, 64))
		return fail_null(error, FAILURE_INPUT, "'%s' is no image name", name);
	return g_steal_pointer(&reference);
}

char *reference_key(const Reference *reference)
{
	const char *registry = reference->registry;
	g_autofree char *host = g_str_has_suffix(registry, ":443")
					? g_strndup(registry, strlen(registry) - strlen(":443"))
					: g_strdup(registry);
	bool is_hub = strcmp(host, DOCKER_HUB) == 0 || strcmp(host, "registry-1.docker.io") == 0 ||
		      strcmp(host, "registry.hub.docker.com") == 0;

	if (!is_hub)
		return g_strconcat(host, "/", reference->repository, NULL);
	return g_strconcat(DOCKER_HUB "/",
			   strchr(reference->repository, '/') == NULL ? LIBRARY : "",
			   reference->repository, NULL);
}
