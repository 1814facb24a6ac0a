/* SPDX-License-Identifier: MIT */
/* upkeepd: the service, and the command line. What reads bytes of strangers is
 * upkeepd-worker, which this program becomes for such commands. */
#include "base/log.h"
#include "base/time.h"
#include "daemon/daemon.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const struct {
	const char *name, *arguments, *summary;
	End (*run)(const Call *call); /* NULL: the worker's */
} commands[] = {
	{ "check", "[PATH|URL]", "list what is outdated", NULL },
	{ "update", "[PATH] [NAME[@VERSION]...]", "edit the files of a checkout", NULL },
	{ "tidy", "[PATH]", "go mod tidy, without a Go toolchain", NULL },
	{ "explain", "[PATH] NAME", "say why which release was chosen", NULL },
	{ "validate", "[FILE...]", "list all mistakes in configuration files", NULL },
	{ "status", "", "show what is watched, due, open and failing", status_command },
	{ "auth", "check [HOST]", "try the configured credentials", NULL },
	{ "inspect", "KIND FILE", "show what a parser saw", NULL },
};

enum { NO_COMMAND = -1 };

static int command_by_name(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return (int)i;
	return NO_COMMAND;
}

/* The first word that is neither an option nor an option's value; NULL if there
 * is none, or it cannot be a command because it comes after --run-once or --. */
static const char *first_word(char **argv)
{
	static const char *const valued[] = { "--config", "--state", "--now", "--color", NULL };

	for (char **word = argv + 1; *word != NULL; word++) {
		if (**word != '-')
			return *word;
		if (strcmp(*word, "--") == 0 || strcmp(*word, "--run-once") == 0)
			return NULL;
		if (g_strv_contains(valued, *word) && word[1] != NULL)
			word++;
	}
	return NULL;
}

static End become_worker(char **argv)
{
	g_autofree char *path = program_path("upkeepd-worker");

	execv(path, argv);
	fprintf(stderr, "upkeepd: cannot start '%s': %s\n", path, g_strerror(errno));
	return END_FAILED;
}

static char *summary(void)
{
	GString *text = g_string_new("Without a command: the service, which follows the schedules "
				     "of all repositories.\n\nCommands:\n");

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_string_append_printf(text, "  %-9s %-26s %s\n", commands[i].name,
				       commands[i].arguments, commands[i].summary);
	g_string_append(text, "\nupkeepd COMMAND --help says more of each.");
	return g_string_free(text, FALSE);
}

static bool check(const Call *call, const char *command, GError **error)
{
	static const char *const colors[] = { "auto", "always", "never", NULL };

	if (call->color != NULL && !g_strv_contains(colors, call->color))
		return fail(error, FAILURE_CONFIG, "--color takes auto, always or never, not '%s'",
			    call->color);
	if ((call->due || call->dry_run) && !call->run_once)
		return fail(error, FAILURE_CONFIG, "%s goes with --run-once",
			    call->due ? "--due" : "--dry-run");
	if (command != NULL && call->run_once)
		return fail(error, FAILURE_CONFIG, "--run-once and '%s' do not go together",
			    command);
	if (command == NULL && !call->run_once && call->arguments[0] != NULL)
		return fail(error, FAILURE_CONFIG, "'%s' is no command; --help lists them",
			    call->arguments[0]);
	if (command != NULL && call->arguments[0] != NULL)
		return fail(error, FAILURE_CONFIG, "'%s' takes no arguments", command);
	return true;
}

static bool read_arguments(Call *call, int *argc, char ***argv, GError **error)
{
	g_autofree char *about = summary();
	gboolean version = FALSE;
	const GOptionEntry entries[] = {
		{ "run-once", 0, 0, G_OPTION_ARG_NONE, &call->run_once,
		  "one pass over all, or the named, repositories", NULL },
		{ "due", 0, 0, G_OPTION_ARG_NONE, &call->due,
		  "with --run-once: only what is due by its schedule", NULL },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &call->dry_run,
		  "with --run-once: print plans and diffs, change nothing", NULL },
		{ "config", 0, 0, G_OPTION_ARG_FILENAME, &call->config, "settings", "FILE" },
		{ "state", 0, 0, G_OPTION_ARG_FILENAME, &call->state, "state directory", "DIR" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &call->json, "print JSON", NULL },
		{ "offline", 0, 0, G_OPTION_ARG_NONE, &call->offline, "ask only the cache", NULL },
		{ "now", 0, 0, G_OPTION_ARG_STRING, &call->now_text, "freeze the clock", "TIME" },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &call->quiet, "say less", NULL },
		{ "verbose", 'v', 0, G_OPTION_ARG_NONE, &call->verbose, "say more", NULL },
		{ "color", 0, 0, G_OPTION_ARG_STRING, &call->color, "auto, always or never",
		  "WHEN" },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &version, "print the version", NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new("[COMMAND|REPO...]");

	g_option_context_set_summary(context, about);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, argc, argv, error))
		return false;
	if (version) {
		puts("upkeepd " UPKEEPD_VERSION);
		exit(END_DONE);
	}
	if (call->now_text != NULL && !time_read(call->now_text, &call->now))
		return fail(error, FAILURE_CONFIG,
			    "--now takes a time such as 2026-11-24T05:36:00Z, not '%s'",
			    call->now_text);
	return true;
}

static End run(Call *call, int argc, char **argv)
{
	const char *word = first_word(argv);
	int index = word != NULL ? command_by_name(word) : NO_COMMAND;
	g_autoptr(GError) error = NULL;

	if (index != NO_COMMAND && commands[index].run == NULL)
		return become_worker(argv);
	if (!read_arguments(call, &argc, &argv, &error))
		return complain(error);
	call->arguments = argv + 1;
	if (call->arguments[0] != NULL && strcmp(call->arguments[0], "--") == 0)
		call->arguments++;
	else if (index != NO_COMMAND)
		call->arguments++;
	if (!check(call, index != NO_COMMAND ? word : NULL, &error))
		return complain(error);
	log_start(call->quiet ? -1 : call->verbose ? 1 : 0);
	if (index != NO_COMMAND)
		return commands[index].run(call);
	return call->run_once ? run_once(call) : serve(call);
}

int main(int argc, char **argv)
{
	Call call = { 0 };
	End end;

	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0);
	setlocale(LC_CTYPE, "C.UTF-8");
	/* A closed pipe and a full disk are errors of write(), not signals. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	end = run(&call, argc, argv);
	g_free(call.config);
	g_free(call.state);
	g_free(call.color);
	g_free(call.now_text);
	if (fflush(stdout) != 0 && end == END_DONE)
		end = END_FAILED;
	return (int)end;
}
