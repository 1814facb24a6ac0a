/* SPDX-License-Identifier: MIT */
#include "worker/inspect.h"

#include "upkeepd/limits.h"

#include <stdio.h>
#include <string.h>

typedef struct {
	const char *kind;
	unsigned texts; /* arguments that are the text itself; 0: one file */
	bool is_lines;  /* the document is an array, printed an element a line */
	Inspector inspect;
} Kind;

static const Kind kinds[] = {
	{ "dockerfile", 0, false, inspect_dockerfile },
	{ "compose", 0, false, inspect_compose },
	{ "kubernetes", 0, false, inspect_kubernetes },
	{ "helm", 0, false, inspect_kubernetes }, /* values are looked through alike */
	{ "reference", 1, false, inspect_reference },
	{ "tag", 1, false, inspect_tag },
	{ "gomod", 0, false, inspect_gomod },
	{ "gowork", 0, false, inspect_gowork },
	{ "gosum", 0, false, inspect_gosum },
	{ "goversion", 2, false, inspect_goversion },
	{ "message", 0, true, inspect_message },
	{ "dependabot", 0, false, inspect_dependabot },
	{ NULL, 0, false, NULL },
};

static End show_kinds(void)
{
	fputs("upkeepd: inspect takes a kind and a file, or a text:", stderr);
	for (size_t i = 0; i < G_N_ELEMENTS(kinds) && kinds[i].kind != NULL; i++)
		fprintf(stderr, " %s", kinds[i].kind);
	fputc('\n', stderr);
	return END_MISUSED;
}

static void print(const Json *json, bool is_lines)
{
	for (const Json *item = is_lines ? json_first(json) : json; item != NULL;
	     item = is_lines ? json_next(item) : NULL) {
		g_autofree char *line = json_print(item);

		puts(line);
	}
}

static End inspect(const Invocation *invocation, const Kind *kind, char **arguments)
{
	End end = END_DONE;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) text = NULL;
	g_autoptr(Json) json = NULL;

	if (kind->texts == 0) {
		text = read_input(arguments[0], LIMIT_GOSUM, &error);
	} else {
		g_autofree char *lines = g_strjoinv("\n", arguments);

		text = g_bytes_new(lines, strlen(lines));
	}
	if (text != NULL)
		json = kind->inspect(invocation, arguments[0], text, &end, &error);
	if (json == NULL) {
		complain(error);
		/* A text on the command line that is wrong is misuse. */
		return kind->texts > 0 ? END_MISUSED : END_FAILED;
	}
	print(json, kind->is_lines);
	return end;
}

End inspect_command(const Invocation *invocation)
{
	char **arguments = invocation->arguments;
	guint count = g_strv_length(arguments);

	for (size_t i = 0; i < G_N_ELEMENTS(kinds) && kinds[i].kind != NULL && count > 0; i++)
		if (strcmp(arguments[0], kinds[i].kind) == 0 && count == MAX(kinds[i].texts, 1) + 1)
			return inspect(invocation, &kinds[i], arguments + 1);
	return show_kinds();
}
