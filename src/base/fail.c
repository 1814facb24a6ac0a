/* SPDX-License-Identifier: MIT */
#include "upkeepd/fail.h"

#include "base/text.h"

typedef struct {
	int64_t retry_at;
} FailurePrivate;

static void failure_private_init(FailurePrivate *private)
{
	private->retry_at = 0;
}

static void failure_private_copy(const FailurePrivate *from, FailurePrivate *to)
{
	*to = *from;
}

static void failure_private_clear(FailurePrivate *private)
{
	private->retry_at = 0;
}

/* G_DEFINE_EXTENDED_ERROR also defines failure_get_private(). */
G_DEFINE_EXTENDED_ERROR(Failure, failure)

static G_GNUC_PRINTF(4, 0) void set(GError **error, FailureKind kind, int64_t retry_at,
				    const char *format, va_list arguments)
{
	g_autofree char *raw = NULL, *text = NULL;

	if (error == NULL)
		return;
	g_return_if_fail(*error == NULL);
	raw = g_strdup_vprintf(format, arguments);
	text = text_one_line(raw);
	*error = g_error_new_literal(FAILURE, (int)kind, text);
	failure_get_private(*error)->retry_at = retry_at;
}

bool fail(GError **error, FailureKind kind, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(error, kind, 0, format, arguments);
	va_end(arguments);
	return false;
}

void *fail_null(GError **error, FailureKind kind, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(error, kind, 0, format, arguments);
	va_end(arguments);
	return NULL;
}

bool fail_until(GError **error, FailureKind kind, int64_t retry_at, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(error, kind, retry_at, format, arguments);
	va_end(arguments);
	return false;
}

FailureKind failure_kind(const GError *error)
{
	if (error->domain == FAILURE)
		return (FailureKind)error->code;
	if (error->domain == G_OPTION_ERROR)
		return FAILURE_CONFIG;
	if (error->domain == G_CONVERT_ERROR)
		return FAILURE_INPUT;
	if (error->domain == G_FILE_ERROR && error->code == G_FILE_ERROR_NOENT)
		return FAILURE_ABSENT;
	return FAILURE_IO;
}

const char *failure_word(FailureKind kind)
{
	static const char *const words[] = {
		[FAILURE_INPUT] = "input",     [FAILURE_CONFIG] = "config",
		[FAILURE_ABSENT] = "absent",   [FAILURE_DENIED] = "denied",
		[FAILURE_BUSY] = "busy",       [FAILURE_NET] = "net",
		[FAILURE_IO] = "io",           [FAILURE_LIMIT] = "limit",
		[FAILURE_STOPPED] = "stopped",
	};

	return (size_t)kind < G_N_ELEMENTS(words) ? words[kind] : "io";
}

const char *failure_advice(FailureKind kind)
{
	static const char *const advice[] = {
		[FAILURE_DENIED] = "check the credential configured for this host",
		[FAILURE_BUSY] = "try again later",
		[FAILURE_NET] = "check the network and the address, then run again",
		[FAILURE_IO] = "check free space, permissions, and what else is using it",
	};

	return (size_t)kind < G_N_ELEMENTS(advice) ? advice[kind] : NULL;
}

int64_t failure_retry_at(const GError *error)
{
	return error->domain == FAILURE ? failure_get_private(error)->retry_at : 0;
}
