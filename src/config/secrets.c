/* SPDX-License-Identifier: MIT */
#include "config/secrets.h"

#include "base/secret.h"

#include <string.h>

static bool is_credential_name(const char *name)
{
	return *name != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
		       strlen(name);
}

static void check(Reader *reader, const YamlNode *node, void *target, int errors)
{
	const SecretSource *source = target;
	int given = (source->credential != NULL) + (source->file != NULL) +
		    (source->environment != NULL);

	if (errors == 0 && given != 1)
		reader_error(reader, node,
			     "a secret is one of { credential: NAME }, { file: PATH } and { env: "
			     "NAME }");
	if (source->credential != NULL && !is_credential_name(source->credential))
		reader_error(reader, yaml_get(node, "credential"),
			     "'credential' must be a name of letters, digits, '_', '.' and '-'");
	if (source->file != NULL && !g_path_is_absolute(source->file))
		reader_error(reader, yaml_get(node, "file"), "'file' must be an absolute path");
	if (source->app != NULL && !is_credential_name(source->app))
		reader_error(reader, yaml_get(node, "app"),
			     "'app' must be the number or the client id of a GitHub App");
	if (source->environment != NULL)
		reader_warn(
			reader, yaml_get(node, "env"),
			"processes hand their environment on to others; a systemd credential or a "
			"file keeps a secret better");
}

static const Field fields[] = {
	{ .key = "credential",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(SecretSource, credential),
	  .low = 1 },
	{ .key = "file", .kind = FIELD_TEXT, .offset = offsetof(SecretSource, file), .low = 1 },
	{ .key = "env",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(SecretSource, environment),
	  .low = 1 },
	/* The last one is for tokens alone. */
	{ .key = "app", .kind = FIELD_WRITTEN, .offset = offsetof(SecretSource, app), .low = 1 },
};

#define NO_TEXT                                                                             \
	"secrets are never accepted inline; it must be { credential: NAME }, { file: PATH " \
	"} or { env: NAME }"

const Block secret_source_block = {
	.where = "where a secret is told",
	.fields = fields,
	.n_fields = G_N_ELEMENTS(fields) - 1,
	.place_offset = offsetof(SecretSource, place),
	.check = check,
	.unknown = WEIGHT_WARNING,
	.no_text = NO_TEXT,
};

const Block token_source_block = {
	.where = "where a token is told",
	.fields = fields,
	.n_fields = G_N_ELEMENTS(fields),
	.place_offset = offsetof(SecretSource, place),
	.check = check,
	.unknown = WEIGHT_WARNING,
	.no_text = NO_TEXT,
};

bool secret_source_is_given(const SecretSource *source)
{
	return source->credential != NULL || source->file != NULL || source->environment != NULL;
}

void secret_source_clear(SecretSource *source)
{
	g_free(source->credential);
	g_free(source->file);
	g_free(source->environment);
	g_free(source->app);
}

static Secret *read_credential(const char *name, GError **error)
{
	const char *directory = g_getenv("CREDENTIALS_DIRECTORY");
	g_autofree char *path = NULL, *of_directory = NULL, *with_prefix = NULL;

	if (directory == NULL || !g_path_is_absolute(directory))
		return fail_null(
			error, FAILURE_CONFIG,
			"credential '%s': there is no $CREDENTIALS_DIRECTORY; without systemd "
			"use { file: PATH }",
			name);
	path = g_build_filename(directory, name, NULL);
	with_prefix = g_strconcat("credentials_", name, NULL);
	of_directory = g_build_filename(directory, with_prefix, NULL);
	if (!g_file_test(path, G_FILE_TEST_EXISTS) && g_file_test(of_directory, G_FILE_TEST_EXISTS))
		return secret_from_file(of_directory, error);
	return secret_from_file(path, error);
}

Secret *secret_source_read(const SecretSource *source, GError **error)
{
	Secret *secret = NULL;

	if (source->credential != NULL)
		secret = read_credential(source->credential, error);
	else if (source->file != NULL)
		secret = secret_from_file(source->file, error);
	else if (source->environment != NULL)
		secret = secret_from_environment(source->environment, error);
	else
		return fail_null(error, FAILURE_CONFIG, "no secret is configured");
	if (secret == NULL)
		g_prefix_error(error, "%s:%d:%d: ", source->place.path, source->place.line,
			       source->place.column);
	return secret;
}
