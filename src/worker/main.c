/* SPDX-License-Identifier: MIT */
/* upkeepd-worker: all that reads bytes from repositories and registries. */
#include "base/log.h"
#include "base/sandbox.h"
#include "base/time.h"
#include "worker/worker.h"

#include <glib.h>

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const Command commands[] = {
	{ "check", "[PATH|URL]", "show what is outdated", TAKES_EXIT_CODE, check_command },
	{ "explain", "[PATH] NAME", "show every release considered, and why not", 0,
	  explain_command },
	{ "inspect", "KIND FILE", "show what a parser saw", 0, inspect_command },
	{ "update", "[PATH] [NAME[@VERSION]...]", "edit the files of a checkout in place",
	  TAKES_DIFF, update_command },
	{ "tidy", "[PATH]", "go.mod and go.sum as 'go mod tidy' leaves them",
	  TAKES_DIFF | TAKES_CHECK, tidy_command },
	{ "jobs", "[RUN [report] [dry-run]]", "take jobs from the queue; for the daemon", 0,
	  jobs_command },
	{ "auth", "check [HOST]", "try the configured credentials", 0, auth_command },
	{ "validate", "[FILE...]", "all mistakes of a configuration", 0, validate_command },
};

static const struct {
	const char *name;
	unsigned bit;
	size_t offset;
} single_options[] = {
	{ "--diff", TAKES_DIFF, offsetof(Invocation, diff) },
	{ "--check", TAKES_CHECK, offsetof(Invocation, check) },
	{ "--exit-code", TAKES_EXIT_CODE, offsetof(Invocation, exit_code) },
};

static const Command *command_by_name(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static char *summary(void)
{
	GString *text = g_string_new("Commands:\n");

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_string_append_printf(text, "  %-9s %-28s %s\n", commands[i].name,
				       commands[i].arguments, commands[i].summary);
	return g_string_free(text, FALSE);
}

static bool read_now(const char *text, int64_t *now, GError **error)
{
	if (text == NULL) {
		*now = time_now();
		return true;
	}
	return time_read(text, now) ||
	       fail(error, FAILURE_CONFIG,
		    "--now takes a time such as 2026-11-24T05:36:00Z, not '%s'", text);
}

static bool read_arguments(Invocation *invocation, int *argc, char ***argv, GError **error)
{
	g_autofree char *now = NULL, *about = summary();
	gboolean version = FALSE;
	const GOptionEntry entries[] = {
		{ "config", 0, 0, G_OPTION_ARG_FILENAME, &invocation->config, "settings", "FILE" },
		{ "state", 0, 0, G_OPTION_ARG_FILENAME, &invocation->state, "state directory",
		  "DIR" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &invocation->json, "print JSON", NULL },
		{ "offline", 0, 0, G_OPTION_ARG_NONE, &invocation->offline, "ask only the cache",
		  NULL },
		{ "now", 0, 0, G_OPTION_ARG_STRING, &now, "freeze the clock", "TIME" },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &invocation->quiet, "say less", NULL },
		{ "verbose", 'v', 0, G_OPTION_ARG_NONE, &invocation->verbose, "say more", NULL },
		{ "color", 0, 0, G_OPTION_ARG_STRING, &invocation->color, "auto, always or never",
		  "WHEN" },
		{ "diff", 0, 0, G_OPTION_ARG_NONE, &invocation->diff,
		  "print the diff, leave the files (update, tidy)", NULL },
		{ "check", 0, 0, G_OPTION_ARG_NONE, &invocation->check,
		  "exit 1 if anything would change (tidy)", NULL },
		{ "exit-code", 0, 0, G_OPTION_ARG_NONE, &invocation->exit_code,
		  "exit 1 if anything is outdated (check)", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &version, "print the version", NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new("COMMAND [ARGUMENT...]");

	g_option_context_set_summary(context, about);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, argc, argv, error))
		return false;
	if (version) {
		puts("upkeepd " UPKEEPD_VERSION);
		exit(END_DONE);
	}
	if (invocation->color != NULL && strcmp(invocation->color, "auto") != 0 &&
	    strcmp(invocation->color, "always") != 0 && strcmp(invocation->color, "never") != 0)
		return fail(error, FAILURE_CONFIG, "--color takes auto, always or never, not '%s'",
			    invocation->color);
	return read_now(now, &invocation->now, error);
}

/* An option of another command is a mistake worth saying. */
static bool check_options(const Command *command, const Invocation *invocation, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(single_options); i++) {
		const gboolean *is_set =
			(const void *)((const char *)invocation + single_options[i].offset);

		if (*is_set && (command->options & single_options[i].bit) == 0)
			return fail(error, FAILURE_CONFIG, "'%s' takes no %s", command->name,
				    single_options[i].name);
	}
	return true;
}

/* A person's command says by its status that it was stopped (cli.md 1). Nothing has
 * to be put in order: files are written whole, and the store survives anything. */
static void on_stop(int number G_GNUC_UNUSED)
{
	_exit(END_SIGNALLED);
}

static void stop_on_signals(void)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGTERM };

	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		(void)signal(numbers[i], on_stop);
}

static End run(Invocation *invocation, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	const Command *command;

	if (!read_arguments(invocation, &argc, &argv, &error)) {
		complain(error);
		return END_MISUSED;
	}
	if (argc < 2) {
		fputs("upkeepd: which command? --help lists them\n", stderr);
		return END_MISUSED;
	}
	command = command_by_name(argv[1]);
	if (command == NULL) {
		fprintf(stderr, "upkeepd: '%s' is no command; --help lists them\n", argv[1]);
		return END_MISUSED;
	}
	if (!check_options(command, invocation, &error))
		return complain(error);
	invocation->arguments = argv + 2;
	if (invocation->arguments[0] != NULL && strcmp(invocation->arguments[0], "--") == 0)
		invocation->arguments++;
	log_start(invocation->quiet ? -1 : invocation->verbose ? 1 : 0);
	if (command->run != jobs_command) /* whose daemon wants to see the signal */
		stop_on_signals();
	return command->run(invocation);
}

int main(int argc, char **argv)
{
	Invocation invocation = { 0 };
	End end;

	sandbox_enter();
	setlocale(LC_CTYPE, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	end = run(&invocation, argc, argv);
	g_free(invocation.config);
	g_free(invocation.state);
	g_free(invocation.color);
	if (fflush(stdout) != 0 && end == END_DONE)
		end = END_FAILED;
	return (int)end;
}
