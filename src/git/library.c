/* SPDX-License-Identifier: MIT */
#include "git/library.h"

#include "git/cleanup.h"
#include "upkeepd/limits.h"

/* What a checkout may have and does not change what is read from it. */
static const char *harmless_extensions[] = { "partialclone", "preciousobjects", "worktreeconfig" };

static int tame(void)
{
	static const int levels[] = { GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
				      GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL };
	int code = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(levels) && code == 0; i++)
		code = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	/* A repository is opened because the operator named it, who may well
	 * keep it under another user; libgit2 runs nothing that it says. */
	if (code == 0)
		code = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	if (code == 0)
		code = git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless_extensions,
					G_N_ELEMENTS(harmless_extensions));
	if (code == 0)
		code = git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS, (size_t)LIMIT_PACK_OBJECTS);
	if (code == 0)
		/* Every folder is looked at once: 18,000 of them kept cost 9 MB. */
		code = git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	if (code == 0)
		code = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	if (code == 0)
		code = git_libgit2_opts(GIT_OPT_SET_USER_AGENT, "upkeepd/" UPKEEPD_VERSION);
#ifdef HAVE_PACK_MAX_OBJECT_SIZE
	if (code == 0)
		code = git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE,
					(size_t)LIMIT_PACK_OBJECT);
#endif
#if LIBGIT2_HAS_TIMEOUTS
	if (code == 0)
		code = git_libgit2_opts(GIT_OPT_SET_SERVER_CONNECT_TIMEOUT, LIMIT_CONNECT_MS);
	if (code == 0)
		code = git_libgit2_opts(GIT_OPT_SET_SERVER_TIMEOUT, LIMIT_STALL_MS);
#endif
	return code;
}

bool library_start(GError **error)
{
	static bool is_started;
	int code;

	if (is_started)
		return true;
	if ((code = git_libgit2_init()) < 0 || (code = tame()) < 0)
		return library_fail(error, FAILURE_IO, code, "starting libgit2");
	is_started = true;
	return true;
}

bool library_trust(GError **error)
{
	const char *file = g_getenv("SSL_CERT_FILE"), *directory = g_getenv("SSL_CERT_DIR");
	int code = 0;

	if (file != NULL || directory != NULL)
		code = git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, directory);
	return code == 0 ||
	       library_fail(error, FAILURE_CONFIG, code, "reading the certificates to trust");
}

static G_GNUC_PRINTF(4, 0) void set(GError **error, FailureKind otherwise, int code,
				    const char *format, va_list arguments)
{
	const git_error *last = git_error_last();
	g_autofree char *text = NULL;

	if (error != NULL && *error != NULL)
		return;
	text = g_strdup_vprintf(format, arguments);
	fail(error, code == GIT_ENOTFOUND ? FAILURE_ABSENT : otherwise, "%s: %s", text,
	     last != NULL && last->message != NULL ? last->message : "no reason given");
}

bool library_fail(GError **error, FailureKind otherwise, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(error, otherwise, code, format, arguments);
	va_end(arguments);
	return false;
}

void *library_fail_null(GError **error, FailureKind otherwise, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(error, otherwise, code, format, arguments);
	va_end(arguments);
	return NULL;
}
