/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/text.h"

#include <glib.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The one global: what the lines are about. */
static struct {
	char job[32];
	char repository[256];
	int verbosity;
} about;

void log_about(const char *job, const char *repository)
{
	g_strlcpy(about.job, job != NULL ? job : "", sizeof about.job);
	g_strlcpy(about.repository, repository != NULL ? repository : "", sizeof about.repository);
}

static const char *field(const GLogField *fields, gsize count, const char *key)
{
	for (gsize i = 0; i < count; i++)
		if (strcmp(fields[i].key, key) == 0 && fields[i].length < 0)
			return fields[i].value;
	return NULL;
}

static bool is_wanted(GLogLevelFlags level, const char *domain)
{
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0)
		return true;
	if ((level & G_LOG_LEVEL_DEBUG) != 0)
		return about.verbosity > 0 || !g_log_writer_default_would_drop(level, domain);
	return about.verbosity >= 0;
}

static void to_journal(GLogLevelFlags level, const GLogField *fields, gsize count)
{
	GLogField all[16];
	gsize n = 0;

	for (gsize i = 0; i < count && n < 12; i++)
		all[n++] = fields[i];
	if (about.job[0] != '\0')
		all[n++] = (GLogField){ "UPKEEPD_JOB", about.job, -1 };
	if (about.repository[0] != '\0')
		all[n++] = (GLogField){ "UPKEEPD_REPOSITORY", about.repository, -1 };
	g_log_writer_journald(level, all, n, NULL);
}

static GLogWriterOutput write_line(GLogLevelFlags level, const GLogField *fields, gsize count,
				   gpointer unused G_GNUC_UNUSED)
{
	const char *domain = field(fields, count, "GLIB_DOMAIN");
	const char *message = field(fields, count, "MESSAGE");
	const char *word = "";
	g_autofree char *line = NULL;

	if (message == NULL || !is_wanted(level, domain))
		return G_LOG_WRITER_HANDLED;
	if (g_log_writer_is_journald(STDERR_FILENO)) {
		to_journal(level, fields, count);
		return G_LOG_WRITER_HANDLED;
	}
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0)
		word = "error: ";
	else if ((level & G_LOG_LEVEL_WARNING) != 0)
		word = "warning: ";
	line = text_one_line(message);
	fprintf(stderr, "upkeepd: %s%s%s%s%s%s\n", about.repository,
		about.repository[0] != '\0' ? ": " : "", word,
		(level & G_LOG_LEVEL_DEBUG) != 0 && domain != NULL ? domain : "",
		(level & G_LOG_LEVEL_DEBUG) != 0 && domain != NULL ? ": " : "", line);
	return G_LOG_WRITER_HANDLED;
}

void log_set_verbosity(int verbosity)
{
	about.verbosity = verbosity;
}

void log_start(int verbosity)
{
	log_set_verbosity(verbosity);
	g_log_set_writer_func(write_line, NULL, NULL);
	g_log_set_always_fatal((GLogLevelFlags)(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR));
}
