/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/moddirective.h"

#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/modtoken.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

#define MAX_PROBLEMS 100 /* of one file that are told */

/* One directive being read: its line, the block around it (NULL: none), and
 * where its arguments begin among the line's tokens. */
typedef struct {
	ModFile *file;
	ModNode *block, *line;
	const char *verb;
	guint first;
} Directive;

static guint n_arguments(const Directive *directive)
{
	return directive->line->tokens->len - directive->first;
}

static const char *argument(const Directive *directive, guint i)
{
	return modnode_token(directive->line, directive->first + i);
}

static void note(const Directive *directive, Weight weight, const char *text)
{
	if (directive->file->problems->len >= MAX_PROBLEMS)
		return;
	g_ptr_array_add(directive->file->problems,
			problem_new(directive->file->path, directive->line->line,
				    directive->line->column, weight, "%s", text));
}

G_GNUC_PRINTF(2, 3)
static bool mistake(const Directive *directive, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	note(directive, WEIGHT_ERROR, text);
	return false;
}

/* The i-th argument without its quotes; NULL, and noted, if it cannot be, or is a
 * mark such as `(`, which might be read as something else once its line moves. */
static char *word_argument(const Directive *directive, guint i)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = modtoken_unquote(argument(directive, i), &error);

	if (text == NULL)
		mistake(directive, "%s: %s", directive->verb, error->message);
	else if (modtoken_is_mark(text[0]) && text[1] == '\0')
		mistake(directive, "%s: unexpected '%s'", directive->verb, text);
	else
		return g_steal_pointer(&text);
	return NULL;
}

/* A path; quotes that need not be vanish from the syntax too. */
static char *path_argument(const Directive *directive, guint i)
{
	char *text = word_argument(directive, i);
	g_autofree char *token = NULL;

	if (text == NULL)
		return NULL;
	token = modtoken_quote(text);
	modnode_set_token(directive->line, directive->first + i, token);
	return text;
}

/* The i-th argument as a version of `path`; NULL, and noted, if it is none. With
 * `is_query` given, text that is no canonical version is returned as it is. */
static char *version_argument(const Directive *directive, guint i, const char *path, bool *is_query)
{
	g_autofree char *text = word_argument(directive, i);
	g_autofree char *version = NULL;

	if (text == NULL)
		return NULL;
	if (is_query != NULL && !version_is_canonical(text)) {
		*is_query = true;
		return g_steal_pointer(&text);
	}
	version = version_canonical(text);
	if (version == NULL) {
		mistake(directive, "%s %s: version '%s' invalid: must be of the form v1.2.3",
			directive->verb, path, text);
		return NULL;
	}
	modnode_set_token(directive->line, directive->first + i, version);
	return g_steal_pointer(&version);
}

static bool check_major(const Directive *directive, const char *path, const char *version)
{
	g_autoptr(GError) error = NULL;

	if (modpath_check_version(path, version, &error))
		return true;
	return mistake(directive, "%s: %s", directive->verb, error->message);
}

/* The comments of a line, or of its block if the line has none, without their
 * slashes, joined by LF. */
static char *comment_text(const Directive *directive)
{
	const ModNode *node = directive->line;
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	const GPtrArray *groups[2];

	if (directive->block != NULL && node->before == NULL && node->suffix == NULL)
		node = directive->block;
	groups[0] = node->before;
	groups[1] = node->suffix;
	for (size_t g = 0; g < G_N_ELEMENTS(groups); g++)
		for (guint i = 0; groups[g] != NULL && i < groups[g]->len; i++) {
			const char *comment = g_ptr_array_index(groups[g], i);

			if (g_str_has_prefix(comment, "//")) /* not a blank line */
				g_ptr_array_add(lines, g_strstrip(g_strdup(comment + 2)));
		}
	g_ptr_array_add(lines, NULL);
	return g_strjoinv("\n", (char **)lines->pdata);
}

/* The first paragraph that begins with "Deprecated:", up to a blank line. */
static char *deprecation(const Directive *directive)
{
	static const char mark[] = "Deprecated:";
	g_autofree char *text = comment_text(directive);
	char *start = text, *end;

	while (!g_str_has_prefix(start, mark)) {
		start = strstr(start, "\n\n");
		if (start == NULL)
			return NULL;
		start += 2;
	}
	start += strlen(mark);
	start += strspn(start, " ");
	end = strstr(start, "\n\n");
	return end != NULL ? g_strndup(start, (size_t)(end - start)) : g_strdup(start);
}

static bool read_module(const Directive *directive)
{
	ModFile *file = directive->file;

	if (file->module_node != NULL)
		return mistake(directive, "repeated module statement");
	file->module_node = directive->line;
	file->deprecated = deprecation(directive);
	if (n_arguments(directive) != 1)
		return mistake(directive, "usage: module module/path");
	file->module = path_argument(directive, 0);
	return file->module != NULL;
}

static bool read_go(const Directive *directive)
{
	ModFile *file = directive->file;

	if (file->go_node != NULL)
		return mistake(directive, "repeated go statement");
	if (n_arguments(directive) != 1)
		return mistake(directive, "go directive expects exactly one argument");
	if (goversion_is_line(argument(directive, 0)))
		file->go = g_strdup(argument(directive, 0));
	else if (file->kind == MODFILE_DEPENDENCY)
		file->go = goversion_lax_line(argument(directive, 0));
	if (file->go == NULL)
		return mistake(directive, "invalid go version '%s': must match format 1.23.0",
			       argument(directive, 0));
	file->go_node = directive->line;
	return true;
}

static bool read_toolchain(const Directive *directive)
{
	ModFile *file = directive->file;
	const char *name = argument(directive, 0);

	if (file->toolchain_node != NULL)
		return mistake(directive, "repeated toolchain statement");
	if (n_arguments(directive) != 1)
		return mistake(directive, "toolchain directive expects exactly one argument");
	if (strcmp(name, "default") != 0 && strcmp(name, "go1") != 0 &&
	    !g_str_has_prefix(name, "go1."))
		return mistake(directive,
			       "invalid toolchain version '%s': must match format go1.23.0 or "
			       "default",
			       name);
	file->toolchain = g_strdup(name);
	file->toolchain_node = directive->line;
	return true;
}

static bool read_godebug(const Directive *directive)
{
	const char *text = argument(directive, 0);
	const char *equals = text != NULL ? strchr(text, '=') : NULL;
	ModGodebug *godebug;

	if (n_arguments(directive) != 1 || equals == NULL || strpbrk(text, "\"`',") != NULL)
		return mistake(directive, "usage: godebug key=value");
	godebug = g_new0(ModGodebug, 1);
	godebug->key = g_strndup(text, (size_t)(equals - text));
	godebug->value = g_strdup(equals + 1);
	godebug->node = directive->line;
	g_ptr_array_add(directive->file->godebugs, godebug);
	return true;
}

static bool read_requirement(const Directive *directive, GPtrArray *list, bool may_be_query)
{
	g_autofree char *path = NULL;
	g_autofree char *version = NULL;
	ModRequire *require;
	bool is_query = false;

	if (n_arguments(directive) != 2)
		return mistake(directive, "usage: %s module/path v1.2.3", directive->verb);
	path = path_argument(directive, 0);
	if (path == NULL)
		return false;
	version = version_argument(directive, 1, path, may_be_query ? &is_query : NULL);
	if (version == NULL || (!is_query && !check_major(directive, path, version)))
		return false;
	require = g_new0(ModRequire, 1);
	require->path = g_steal_pointer(&path);
	require->version = g_steal_pointer(&version);
	require->is_indirect =
		list == directive->file->requires && modfile_is_marked_indirect(directive->line);
	require->is_query = is_query;
	require->node = directive->line;
	g_ptr_array_add(list, require);
	return true;
}

static bool read_require(const Directive *directive)
{
	return read_requirement(directive, directive->file->requires,
				directive->file->kind == MODFILE_MAIN);
}

static bool read_exclude(const Directive *directive)
{
	return read_requirement(directive, directive->file->excludes, false);
}

/* The right side of a `replace`: a module and version, or a directory. */
static bool check_replacement(const Directive *directive, const ModReplace *replace)
{
	const char *path = replace->new_path;

	if (modfile_is_directory(path)) {
		if (replace->new_version != NULL)
			return mistake(directive,
				       "replacement module directory path '%s' cannot have version",
				       path);
		if (strchr(path, '\\') != NULL)
			return mistake(directive, "replacement directory appears to be Windows "
						  "path (on a non-windows system)");
		return true;
	}
	if (replace->new_version != NULL)
		return true;
	if (strchr(path, '@') != NULL)
		return mistake(directive, "replacement module must match format 'path version', "
					  "not 'path@version'");
	return mistake(directive, "replacement module without version must be directory path "
				  "(rooted or starting with . or ..)");
}

static bool read_sides(const Directive *directive, guint arrow, ModReplace *replace)
{
	replace->old_path = path_argument(directive, 0);
	if (replace->old_path == NULL)
		return false;
	if (arrow == 2) {
		replace->old_version = version_argument(directive, 1, replace->old_path, NULL);
		if (replace->old_version == NULL ||
		    !check_major(directive, replace->old_path, replace->old_version))
			return false;
	}
	replace->new_path = path_argument(directive, arrow + 1);
	if (replace->new_path == NULL)
		return false;
	if (n_arguments(directive) == arrow + 3) {
		replace->new_version =
			version_argument(directive, arrow + 2, replace->new_path, NULL);
		if (replace->new_version == NULL)
			return false;
	}
	return check_replacement(directive, replace);
}

static bool read_replace(const Directive *directive)
{
	guint n = n_arguments(directive);
	guint arrow = n >= 2 && strcmp(argument(directive, 1), "=>") == 0 ? 1 : 2;
	ModReplace *replace;

	if (n < arrow + 2 || n > arrow + 3 || strcmp(argument(directive, arrow), "=>") != 0)
		return mistake(directive, "usage: replace module/path [v1.2.3] => other/module "
					  "v1.4 or replace module/path [v1.2.3] => "
					  "../local/directory");
	replace = g_new0(ModReplace, 1);
	replace->node = directive->line;
	if (!read_sides(directive, arrow, replace)) {
		modreplace_free(replace);
		return false;
	}
	g_ptr_array_add(directive->file->replaces, replace);
	return true;
}

/* "v1.2.3" or "[v1.2.3, v1.3.0]"; what stands behind it is `*n_used` on. The
 * first fault as text, NULL if there is none. */
static const char *interval_fault(const Directive *directive, guint *n_used)
{
	static const char *const marks[] = { "[", NULL, ",", NULL, "]" };
	static const char *const faults[] = { NULL, "expected version after '['",
					      "expected ',' after version",
					      "expected version after ','",
					      "expected ']' after version" };
	const char *token = argument(directive, 0);

	*n_used = 1;
	if (token == NULL || (modtoken_is_mark(token[0]) && token[0] != '['))
		return "expected '[' or version";
	if (strcmp(token, "[") != 0)
		return NULL;
	for (guint i = 1; i < G_N_ELEMENTS(marks); i++) {
		token = argument(directive, i);
		if (token == NULL || (marks[i] != NULL && strcmp(token, marks[i]) != 0))
			return faults[i];
	}
	*n_used = G_N_ELEMENTS(marks);
	return NULL;
}

static bool read_retract(const Directive *directive)
{
	bool is_strict = directive->file->kind == MODFILE_MAIN;
	guint n_used;
	const char *fault = interval_fault(directive, &n_used);
	g_autofree char *low = NULL;
	g_autofree char *high = NULL;
	ModRetract *retract;

	/* A later Go may know more forms: a dependency's are skipped. */
	if (fault != NULL && !is_strict)
		return true;
	if (fault != NULL)
		return mistake(directive, "retract: %s", fault);
	if (is_strict && n_arguments(directive) > n_used)
		return mistake(directive, "retract: unexpected token after version: '%s'",
			       argument(directive, n_used));
	low = modtoken_unquote(argument(directive, n_used == 1 ? 0 : 1), NULL);
	high = modtoken_unquote(argument(directive, n_used == 1 ? 0 : 3), NULL);
	if (low == NULL || high == NULL)
		return is_strict ? mistake(directive, "retract: invalid quoted string") : true;
	retract = g_new0(ModRetract, 1);
	retract->low = g_steal_pointer(&low);
	retract->high = g_steal_pointer(&high);
	retract->rationale = comment_text(directive);
	retract->node = directive->line;
	g_ptr_array_add(directive->file->retracts, retract);
	return true;
}

static bool read_path(const Directive *directive, GPtrArray *list)
{
	char *text;
	ModPath *path;

	if (n_arguments(directive) != 1)
		return mistake(directive, "%s directive expects exactly one argument",
			       directive->verb);
	text = path_argument(directive, 0);
	if (text == NULL)
		return false;
	path = g_new0(ModPath, 1);
	path->path = text;
	path->node = directive->line;
	g_ptr_array_add(list, path);
	return true;
}

static bool read_tool(const Directive *directive)
{
	return read_path(directive, directive->file->tools);
}

static bool read_ignore(const Directive *directive)
{
	return read_path(directive, directive->file->ignores);
}

static bool read_use(const Directive *directive)
{
	return read_path(directive, directive->file->uses);
}

enum {
	IN_MAIN = 1 << MODFILE_MAIN,
	IN_DEPENDENCY = 1 << MODFILE_DEPENDENCY,
	IN_WORK = 1 << MODFILE_WORK
};

/* The table of a.4. */
static const struct {
	const char *verb;
	unsigned kinds; /* where it counts */
	bool may_be_block;
	bool (*read)(const Directive *directive);
} directives[] = {
	{ "module", IN_MAIN | IN_DEPENDENCY, true, read_module },
	{ "go", IN_MAIN | IN_DEPENDENCY | IN_WORK, false, read_go },
	{ "toolchain", IN_MAIN | IN_WORK, false, read_toolchain },
	{ "godebug", IN_MAIN | IN_WORK, true, read_godebug },
	{ "require", IN_MAIN | IN_DEPENDENCY, true, read_require },
	{ "exclude", IN_MAIN, true, read_exclude },
	{ "replace", IN_MAIN | IN_WORK, true, read_replace },
	{ "retract", IN_MAIN | IN_DEPENDENCY, true, read_retract },
	{ "tool", IN_MAIN, true, read_tool },
	{ "ignore", IN_MAIN | IN_DEPENDENCY, true, read_ignore },
	{ "use", IN_WORK, true, read_use },
};

static size_t find_directive(const ModFile *file, const char *verb)
{
	size_t i = 0;

	while (i < G_N_ELEMENTS(directives) && (strcmp(directives[i].verb, verb) != 0 ||
						(directives[i].kinds & (1U << file->kind)) == 0))
		i++;
	return i;
}

/* Whether a later Go may have this directive. */
static bool may_be_verb(const char *word)
{
	return strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(word) &&
	       g_ascii_islower(*word);
}

void moddirective_read(ModFile *file, ModNode *node)
{
	Directive directive = { file, NULL, node, modnode_token(node, 0), 1 };
	size_t i = find_directive(file, directive.verb);

	if (i == G_N_ELEMENTS(directives)) {
		g_autofree char *text = g_strdup_printf("unknown directive: %s", directive.verb);

		if (file->kind != MODFILE_DEPENDENCY)
			note(&directive,
			     may_be_verb(directive.verb) ? WEIGHT_WARNING : WEIGHT_ERROR, text);
		return;
	}
	if (node->kind == MOD_LINE) {
		directives[i].read(&directive);
		return;
	}
	if (node->tokens->len > 1 || !directives[i].may_be_block) {
		if (file->kind != MODFILE_DEPENDENCY)
			mistake(&directive, "unknown block type: %s", directive.verb);
		return;
	}
	directive.block = node;
	directive.first = 0;
	for (guint l = 0; l < node->lines->len; l++) {
		directive.line = g_ptr_array_index(node->lines, l);
		if (directive.line->tokens != NULL) /* not removed by an edit */
			directives[i].read(&directive);
	}
}
