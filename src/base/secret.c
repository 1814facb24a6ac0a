/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct Secret {
	size_t length;
	char *bytes;
};

/* A token has at most a few KiB; anything longer is the wrong file. */
#define LIMIT_SECRET 65536

Secret *secret_new(const char *bytes, size_t length)
{
	Secret *secret = g_new0(Secret, 1);

	while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
		length--;
	secret->length = length;
	secret->bytes = g_malloc0(length + 1);
	memcpy(secret->bytes, bytes, length);
	return secret;
}

/* What is read is what was looked at: the file stays open in between. */
static Secret *read_secret(int file, const char *path, GError **error)
{
	g_autofree char *bytes = NULL;
	struct stat status;
	ssize_t length;
	Secret *secret;

	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
		return fail_null(error, FAILURE_CONFIG, "secret file '%s' is no file", path);
	if ((status.st_mode & 077) != 0 || (status.st_uid != geteuid() && status.st_uid != 0))
		return fail_null(
			error, FAILURE_CONFIG,
			"secret file '%s' is readable by others; it must be ours with mode 0600",
			path);
	if (status.st_size > LIMIT_SECRET)
		return fail_null(error, FAILURE_CONFIG, "secret file '%s' has more than %d bytes",
				 path, LIMIT_SECRET);
	bytes = g_malloc(LIMIT_SECRET);
	length = read(file, bytes, LIMIT_SECRET);
	if (length < 0)
		return fail_null(error, FAILURE_CONFIG, "secret file '%s' cannot be read: %s", path,
				 g_strerror(errno));
	secret = secret_new(bytes, (size_t)length);
	explicit_bzero(bytes, (size_t)length);
	return secret;
}

Secret *secret_from_file(const char *path, GError **error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	Secret *secret;

	if (file < 0)
		return fail_null(error, FAILURE_CONFIG, "secret file '%s' cannot be read: %s", path,
				 g_strerror(errno));
	secret = read_secret(file, path, error);
	close(file);
	return secret;
}

Secret *secret_from_environment(const char *name, GError **error)
{
	const char *value = g_getenv(name);

	if (value == NULL || *value == '\0')
		return fail_null(error, FAILURE_CONFIG, "the environment has no '%s'", name);
	return secret_new(value, strlen(value));
}

Secret *secret_copy(const Secret *secret)
{
	return secret == NULL ? NULL : secret_new(secret->bytes, secret->length);
}

void secret_free(Secret *secret)
{
	if (secret == NULL)
		return;
	explicit_bzero(secret->bytes, secret->length);
	g_free(secret->bytes);
	g_free(secret);
}

const char *secret_reveal(const Secret *secret)
{
	return secret->bytes;
}

/* Shorter ones would be found in words that mean nothing. */
#define LEAST_HIDDEN 6

/* The length of a token that begins at `p`; 0 if none does. */
static size_t token_length(const char *p)
{
	static const char *const beginnings[] = { "ghp_", "gho_",        "ghu_",  "ghs_",
						  "ghr_", "github_pat_", "glpat-" };
	static const char rest[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++)
		if (g_str_has_prefix(p, beginnings[i]))
			return strlen(beginnings[i]) + strspn(p + strlen(beginnings[i]), rest);
	return 0;
}

char *secret_hide(const Secret *secret, const char *text)
{
	bool is_hidden = secret != NULL && secret->length >= LEAST_HIDDEN;
	GString *shown = g_string_new(NULL);

	for (const char *p = text; *p != '\0';) {
		size_t length = token_length(p);

		if (is_hidden && strncmp(p, secret->bytes, secret->length) == 0)
			length = MAX(length, secret->length);
		if (length == 0)
			g_string_append_c(shown, *p++);
		else
			g_string_append(shown, "***");
		p += length;
	}
	return g_string_free(shown, FALSE);
}
