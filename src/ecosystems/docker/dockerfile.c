/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/dockerfile.h"

#include "ecosystems/docker/execform.h"
#include "ecosystems/docker/words.h"
#include "upkeepd/limits.h"

#include <string.h>

typedef struct {
	const char *path; /* for problems */
	Dockerfile *file;
	LineReader lines;
	Scope *scope;
	GPtrArray *pending; /* of PendingArgument: global ones, read at the first FROM */
	bool is_global;     /* no FROM yet */
} Parser;

/* A global ARG waits for the first FROM, because a name that is only declared
 * further down is something else than one that never is (docker.md 2.4). */
typedef struct {
	char *name;
	GArray *value; /* of Letter, as written; NULL: none */
	int line;
} PendingArgument;

/* One instruction at hand. */
typedef struct {
	const Instruction *instruction;
	int line;
	bool is_trigger; /* of ONBUILD */
} Reading;

static void argument_free(void *data)
{
	BuildArgument *argument = data;

	g_free(argument->name);
	g_free(argument->value);
	g_free(argument);
}

static void pending_free(void *data)
{
	PendingArgument *pending = data;

	g_free(pending->name);
	g_clear_pointer(&pending->value, g_array_unref);
	g_free(pending);
}

static void stage_free(void *data)
{
	Stage *stage = data;

	g_free(stage->name);
	g_free(stage->source);
	g_free(stage->base);
	g_free(stage->platform);
	g_free(stage);
}

void dockerfile_free(Dockerfile *file)
{
	if (file == NULL)
		return;
	g_free(file->syntax);
	g_ptr_array_unref(file->arguments);
	g_ptr_array_unref(file->stages);
	g_ptr_array_unref(file->sites);
	g_ptr_array_unref(file->problems);
	g_free(file);
}

static void parser_clear(Parser *parser)
{
	dockerfile_free(parser->file);
	line_reader_clear(&parser->lines);
	scope_free(parser->scope);
	g_ptr_array_unref(parser->pending);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parser, parser_clear)

static void G_GNUC_PRINTF(3, 4)
	report(Parser *parser, const Reading *reading, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(parser->file->problems,
			problem_new(parser->path, reading->line, 1, WEIGHT_ERROR, "%s", text));
}

/* Where a word stands; empty if that cannot be said. */
static Span span_of(Letters word)
{
	uint32_t from = word.length > 0 ? word.first[0].at : PLACE_NONE;
	uint32_t to = word.length > 0 ? word.first[word.length - 1].at : PLACE_NONE;

	return from < PLACE_BUILDER && to < PLACE_BUILDER && from <= to ? (Span){ from, to + 1 }
									: (Span){ 0, 0 };
}

/* Where the value of a flag, or of a field in one, stands: behind its `=`, which
 * is the letter before, quotes included, which the letters of a flag have lost. */
static Span span_of_value(Letters value)
{
	Span span = span_of(value);
	const Letter *equals = value.first - 1;

	if (span_length(span) > 0 && !value.first[0].is_after_cut && equals->at < span.from)
		span.from = equals->at + 1;
	return span;
}

static void add_site(Parser *parser, Site *site, const Reading *reading)
{
	site->line = reading->line;
	site->stage = (int)parser->file->stages->len - 1;
	g_ptr_array_add(parser->file->sites, site);
}

/* A stage sees a global argument only where it says its name again, without a value. */
static void take_over(Parser *parser, const Reading *reading, const GArray *words)
{
	for (guint i = 0; i < words->len; i++) {
		g_autofree char *name = letters_text(g_array_index(words, Letters, i));

		for (guint k = 0; k < parser->file->arguments->len; k++) {
			BuildArgument *argument = g_ptr_array_index(parser->file->arguments, k);

			if (argument->used_line == 0 && strcmp(argument->name, name) == 0)
				argument->used_line = reading->line;
		}
	}
}

/* ARG before the first FROM; one in a stage is nothing to any image. */
static void read_arg(Parser *parser, const Reading *reading)
{
	g_autoptr(GArray) words =
		words_split(reading->instruction->arguments, true, parser->lines.escape);

	if (!parser->is_global)
		take_over(parser, reading, words);
	if (!parser->is_global || reading->is_trigger)
		return;
	if (words->len == 0)
		report(parser, reading, "ARG takes a name");
	for (guint i = 0; i < words->len; i++) {
		Letters word = g_array_index(words, Letters, i);
		size_t length = letters_find(word, '=');
		PendingArgument *pending;

		if (length == 0) {
			report(parser, reading, "an ARG has no name before its '='");
			continue;
		}
		pending = g_new0(PendingArgument, 1);
		pending->name = letters_text(letters_until(word, length));
		pending->line = reading->line;
		if (length < word.length) {
			pending->value = letters_new();
			letters_append(pending->value, letters_from(word, length + 1));
		}
		g_ptr_array_add(parser->pending, pending);
	}
}

static void settle_argument(Parser *parser, const PendingArgument *pending)
{
	const Reading reading = { .line = pending->line };
	BuildArgument *argument = g_new0(BuildArgument, 1);
	g_autoptr(GError) error = NULL;
	g_auto(Expansion) value = { 0 };
	const Expansion *known;

	if (pending->value == NULL) {
		scope_declare(parser->scope, pending->name);
	} else if (scope_expand(parser->scope, letters_all(pending->value), parser->lines.escape,
				&value, &error)) {
		scope_set(parser->scope, pending->name, &value);
	} else {
		report(parser, &reading, "the value of '%s': %s", pending->name, error->message);
		scope_declare(parser->scope, pending->name);
	}
	known = scope_get(parser->scope, pending->name);
	argument->name = g_strdup(pending->name);
	argument->line = pending->line;
	if (pending->value != NULL &&
	    !letters_span(letters_all(pending->value), &argument->written))
		argument->written = (Span){ 0, 0 };
	/* A predefined name has a value, but no default. */
	if (known != NULL && (pending->value != NULL || !known->has_platform))
		argument->value = letters_text(letters_all(known->letters));
	g_ptr_array_add(parser->file->arguments, argument);
}

static bool end_global_scope(Parser *parser, GError **error)
{
	if (!parser->is_global)
		return true;
	parser->is_global = false;
	if (parser->pending->len > LIMIT_DOCKER_ARGS)
		return fail(error, FAILURE_LIMIT, "%d:1: more than %d global arguments",
			    parser->lines.line, LIMIT_DOCKER_ARGS);
	for (guint i = 0; i < parser->pending->len; i++) {
		const PendingArgument *pending = g_ptr_array_index(parser->pending, i);

		scope_announce(parser->scope, pending->name);
	}
	for (guint i = 0; i < parser->pending->len; i++)
		settle_argument(parser, g_ptr_array_index(parser->pending, i));
	return true;
}

/* [a-z][a-z0-9._-]*, to which it has been lowered. */
static bool is_stage_name(const char *name)
{
	if (!g_ascii_islower(*name))
		return false;
	while (g_ascii_islower(*name) || g_ascii_isdigit(*name) ||
	       (*name != '\0' && strchr("._-", *name) != NULL))
		name++;
	return *name == '\0';
}

/* Whether a stage read so far has this name, which is in lower case. */
static bool has_stage(const Parser *parser, const char *name)
{
	for (guint i = 0; i < parser->file->stages->len; i++) {
		const Stage *stage = g_ptr_array_index(parser->file->stages, i);

		if (stage->name != NULL && strcmp(stage->name, name) == 0)
			return true;
	}
	return false;
}

/* Whether `name` fits, were what only the builder knows any text. Both are
 * short; after a guess any suffix of the name is tried. */
static bool fits(Letters letters, const char *name)
{
	const char *retry = NULL;
	size_t i = 0, guess = 0;

	while (*name != '\0' || i < letters.length) {
		if (i < letters.length && letters.first[i].at == PLACE_BUILDER) {
			while (i < letters.length && letters.first[i].at == PLACE_BUILDER)
				i++;
			guess = i;
			retry = name;
		} else if (i < letters.length && *name != '\0' && letters.first[i].byte == *name) {
			i++;
			name++;
		} else if (retry != NULL && *retry != '\0') {
			name = ++retry;
			i = guess;
		} else {
			return false;
		}
	}
	return true;
}

/* `FROM build-${TARGETARCH}`: one of several earlier stages. */
static bool is_stage_family(const Parser *parser, const Expansion *base)
{
	if (!base->has_platform)
		return false;
	for (guint i = 0; i < parser->file->stages->len; i++) {
		const Stage *stage = g_ptr_array_index(parser->file->stages, i);

		if (stage->name != NULL && fits(letters_all(base->letters), stage->name))
			return true;
	}
	return false;
}

/* What cannot be expanded is listed as it is written. */
static Site *refused_site(Letters word)
{
	g_auto(Expansion) written = { letters_new(), false, false };
	Site *site;

	letters_append(written.letters, word);
	site = site_new(SITE_FROM, span_of(word), NULL, &written);
	site->why_not = "invalid";
	return site;
}

/* The base of `stage`, which is not in the list yet: it cannot be its own. NULL
 * if it is no image. */
static Site *read_base(Parser *parser, const Reading *reading, Stage *stage, Letters word)
{
	g_auto(Expansion) base = { 0 };
	g_autoptr(GError) error = NULL;
	g_autofree char *lowered = NULL;

	stage->source = letters_text(word);
	if (!scope_expand(parser->scope, word, parser->lines.escape, &base, &error)) {
		report(parser, reading, "'%s': %s", stage->source, error->message);
		return refused_site(word);
	}
	stage->base = letters_text(letters_all(base.letters));
	stage->is_resolved = !base.is_unresolved;
	stage->is_stage = has_stage(parser, stage->base);
	/* In other letters the builder would not find the stage, but no image either. */
	lowered = g_ascii_strdown(stage->base, -1);
	if (has_stage(parser, lowered) || is_stage_family(parser, &base) ||
	    strcmp(stage->base, "scratch") == 0)
		return NULL;
	return site_new(SITE_FROM, span_of(word), NULL, &base);
}

/* The value of the next flag `name` from flag `*index` on. */
static bool next_flag(Parser *parser, const Reading *reading, const char *name, guint *index,
		      Letters *value)
{
	const GPtrArray *flags = reading->instruction->flags;

	while (*index < flags->len) {
		Letters flag = letters_all(g_ptr_array_index(flags, (*index)++));
		size_t length = letters_find(flag, '=');

		if (!letters_are(letters_until(flag, length), name))
			continue;
		if (length < flag.length) {
			*value = letters_from(flag, length + 1);
			return true;
		}
		report(parser, reading, "%s has no value", name);
	}
	return false;
}

static void read_from(Parser *parser, const Reading *reading)
{
	g_autoptr(GArray) words = words_split(reading->instruction->arguments, false, '\0');
	const Letters *word = (const Letters *)(const void *)words->data;
	g_autofree char *as = words->len == 3 ? letters_text(word[1]) : NULL;
	g_autofree char *name = words->len == 3 ? letters_text(word[2]) : NULL;
	Stage *stage = g_new0(Stage, 1);
	Site *site = NULL;
	Letters platform;

	stage->line = reading->line;
	for (guint i = 0; next_flag(parser, reading, "--platform", &i, &platform);) {
		g_free(stage->platform);
		stage->platform = letters_text(platform);
	}
	if (words->len == 1 || (as != NULL && g_ascii_strcasecmp(as, "as") == 0)) {
		site = read_base(parser, reading, stage, word[0]);
		stage->name = name != NULL ? g_ascii_strdown(name, -1) : NULL;
	} else {
		parser->file->refused_from++;
		report(parser, reading, "FROM takes an image, or an image, AS and a name");
	}
	g_ptr_array_add(parser->file->stages, stage);
	if (site != NULL) {
		site->platform = g_strdup(stage->platform);
		add_site(parser, site, reading);
	}
	if (stage->name != NULL && !is_stage_name(stage->name)) {
		report(parser, reading, "'%s' cannot be the name of a stage", name);
		if (site != NULL)
			site->why_not = "invalid";
	}
}

/* Whether what stands behind `from=` is no image: a stage, as far as they are
 * known yet; its index, which a mount cannot use, but no image is called so;
 * nothing at all. */
static bool is_no_image(const Parser *parser, const char *from)
{
	g_autofree char *lowered = g_ascii_strdown(from, -1);

	return strspn(from, "0123456789") == strlen(from) || strcmp(from, "scratch") == 0 ||
	       has_stage(parser, lowered);
}

/* What stands behind `from=`. The builder expands nothing there. */
static void add_source(Parser *parser, const Reading *reading, SiteKind kind, Letters value)
{
	g_auto(Expansion) from = { letters_new(), false, false };
	g_autofree char *text = letters_text(value);

	if (is_no_image(parser, text))
		return;
	letters_append(from.letters, value);
	from.is_unresolved = letters_find(value, '$') < value.length;
	if (from.is_unresolved)
		report(parser, reading, "'%s': variables are not expanded here", text);
	add_site(parser,
		 site_new(reading->is_trigger ? SITE_ONBUILD : kind, span_of_value(value), NULL,
			  &from),
		 reading);
}

static void read_copy(Parser *parser, const Reading *reading)
{
	Letters value;

	for (guint i = 0; next_flag(parser, reading, "--from", &i, &value);)
		add_source(parser, reading, SITE_COPY, value);
}

/* The field `key=…` of a mount; keys know no case. The last one counts. */
static bool mount_field(const GPtrArray *fields, const char *key, Letters *value)
{
	bool is_found = false;

	for (guint i = 0; i < fields->len; i++) {
		Letters field = letters_all(g_ptr_array_index(fields, i));
		size_t length = letters_find(field, '=');
		g_autofree char *name = letters_text(letters_until(field, length));

		if (length == field.length || g_ascii_strcasecmp(name, key) != 0)
			continue;
		*value = letters_from(field, length + 1);
		is_found = true;
	}
	return is_found;
}

static void read_mount(Parser *parser, const Reading *reading, Letters record)
{
	g_autoptr(GPtrArray) fields = record_split(record);
	g_autofree char *type = NULL;
	Letters value;

	if (mount_field(fields, "type", &value))
		type = letters_text(value);
	if (type != NULL && g_ascii_strcasecmp(type, "bind") != 0 &&
	    g_ascii_strcasecmp(type, "cache") != 0)
		return;
	if (mount_field(fields, "from", &value))
		add_source(parser, reading, SITE_MOUNT, value);
}

static void read_run(Parser *parser, const Reading *reading)
{
	Letters record;

	for (guint i = 0; next_flag(parser, reading, "--mount", &i, &record);)
		read_mount(parser, reading, record);
}

/* What the parser must know of an instruction. */
enum {
	HAS_EXEC_FORM = 1, /* its arguments may be a JSON array */
	HAS_HEREDOCS = 2,
	HAS_PAIRS = 4,   /* name=value …, or the old form: name value */
	HAS_PREFIX = 8,  /* a word stands before the exec form */
	NO_TRIGGER = 16, /* not behind ONBUILD */
};

static const struct {
	const char *keyword;
	unsigned traits;
	void (*read)(Parser *parser, const Reading *reading);
} instructions[] = {
	{ "ADD", HAS_EXEC_FORM | HAS_HEREDOCS, NULL },
	{ "ARG", 0, read_arg },
	{ "CMD", HAS_EXEC_FORM, NULL },
	{ "COPY", HAS_EXEC_FORM | HAS_HEREDOCS, read_copy },
	{ "ENTRYPOINT", HAS_EXEC_FORM, NULL },
	{ "ENV", HAS_PAIRS, NULL },
	{ "EXPOSE", 0, NULL },
	{ "FROM", NO_TRIGGER, read_from },
	{ "HEALTHCHECK", HAS_EXEC_FORM | HAS_PREFIX, NULL },
	{ "LABEL", HAS_PAIRS, NULL },
	{ "MAINTAINER", NO_TRIGGER, NULL },
	{ "ONBUILD", NO_TRIGGER, NULL },
	{ "RUN", HAS_EXEC_FORM | HAS_HEREDOCS, read_run },
	{ "SHELL", HAS_EXEC_FORM, NULL },
	{ "STOPSIGNAL", 0, NULL },
	{ "USER", 0, NULL },
	{ "VOLUME", HAS_EXEC_FORM, NULL },
	{ "WORKDIR", 0, NULL },
};

/* Index into `instructions`; their number if there is none of that name. */
static size_t instruction_find(const char *keyword)
{
	size_t i = 0;

	while (i < G_N_ELEMENTS(instructions) && strcmp(instructions[i].keyword, keyword) != 0)
		i++;
	return i;
}

/* ENV and LABEL: all words have a `=`, or the first has none and another
 * follows. */
static bool check_pairs(const Instruction *instruction, char escape, int line, GError **error)
{
	g_autoptr(GArray) words = words_split(instruction->arguments, true, escape);

	for (guint i = 0; i < words->len; i++) {
		Letters word = g_array_index(words, Letters, i);
		g_autofree char *text = NULL;

		if (letters_find(word, '=') < word.length)
			continue;
		text = letters_text(word);
		if (i > 0)
			return fail(error, FAILURE_INPUT, "%d:1: '%s' has no '='", line, text);
		g_clear_pointer(&words, g_array_unref);
		words = words_split(instruction->arguments, false, '\0');
		return words->len > 1 || fail(error, FAILURE_INPUT, "%d:1: %s '%s' has no value",
					      line, instruction->keyword, text);
	}
	return true;
}

/* What makes the whole file unreadable to the builder; reads past here-documents. */
static bool check(Parser *parser, const Instruction *instruction, unsigned traits, int line,
		  Letters text, GError **error)
{
	Letters arguments = instruction->arguments;
	Form form = FORM_SHELL;
	g_autoptr(GArray) heredocs = NULL;

	if ((traits & HAS_PAIRS) != 0)
		return check_pairs(instruction, parser->lines.escape, line, error);
	if ((traits & HAS_PREFIX) != 0) {
		while (arguments.length > 0 && letters_blank(arguments) == 0)
			arguments = letters_from(arguments, 1);
		arguments = letters_trim(arguments);
	}
	if ((traits & HAS_EXEC_FORM) != 0)
		form = arguments_form(arguments);
	if (form == FORM_BROKEN)
		return fail(error, FAILURE_INPUT, "%d:1: a JSON array of more than strings", line);
	if ((traits & HAS_HEREDOCS) == 0 || form != FORM_SHELL)
		return true;
	heredocs = heredocs_find(text);
	if (heredocs->len > LIMIT_DOCKER_HEREDOCS)
		return fail(error, FAILURE_LIMIT, "%d:1: more than %d here-documents", line,
			    LIMIT_DOCKER_HEREDOCS);
	for (guint i = 0; i < heredocs->len; i++) {
		const Heredoc *heredoc = &g_array_index(heredocs, Heredoc, i);

		if (!lines_skip_heredoc(&parser->lines, heredoc->terminator, heredoc->strips_tabs))
			return fail(error, FAILURE_INPUT, "%d:1: the here-document '%s' has no end",
				    line, heredoc->terminator);
	}
	return true;
}

/* Replaces ONBUILD by what it triggers. False if it triggers nothing. */
static bool take_trigger(Parser *parser, Reading *reading, Instruction *instruction)
{
	Letters trigger = instruction->arguments;
	size_t kind;

	instruction_clear(instruction);
	instruction_split(trigger, parser->lines.escape, instruction);
	reading->is_trigger = true;
	kind = instruction_find(instruction->keyword);
	if (kind < G_N_ELEMENTS(instructions) && (instructions[kind].traits & NO_TRIGGER) == 0)
		return true;
	report(parser, reading, "ONBUILD cannot trigger '%s'", instruction->keyword);
	return false;
}

/* What git writes between the sides of a merge that it leaves to a person. */
static bool is_conflict(const char *keyword)
{
	static const char *const marks[] = { "<<<<<<<", "|||||||", "=======", ">>>>>>>" };

	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		if (strcmp(keyword, marks[i]) == 0)
			return true;
	return false;
}

static bool read_instruction(Parser *parser, Letters text, int line, GError **error)
{
	g_auto(Instruction) instruction = { 0 };
	Reading reading = { &instruction, line, false };
	size_t kind;

	instruction_split(text, parser->lines.escape, &instruction);
	if (strcmp(instruction.keyword, "ONBUILD") == 0 &&
	    !take_trigger(parser, &reading, &instruction))
		return true;
	kind = instruction_find(instruction.keyword);
	if (kind == G_N_ELEMENTS(instructions)) {
		report(parser, &reading, "unknown instruction '%s'", instruction.keyword);
		parser->file->strange++;
		if (parser->file->conflict_line == 0 && is_conflict(instruction.keyword))
			parser->file->conflict_line = line;
		return true;
	}
	if (!check(parser, &instruction, instructions[kind].traits, line, text, error))
		return false;
	if (instructions[kind].read == read_from && !end_global_scope(parser, error))
		return false;
	if (instructions[kind].read != NULL)
		instructions[kind].read(parser, &reading);
	return true;
}

/* Stages may be defined below the COPY or mount that uses them. */
static void drop_stages(Parser *parser)
{
	GPtrArray *sites = parser->file->sites;

	for (guint i = sites->len; i > 0; i--) {
		const Site *site = g_ptr_array_index(sites, i - 1);

		if (site->kind != SITE_FROM && site->kind != SITE_SYNTAX &&
		    is_no_image(parser, site->expanded))
			g_ptr_array_remove_index(sites, i - 1);
	}
}

/* Whether a part of the site's tag or digest stands in the value of the argument. */
static bool is_fed_by(const Site *site, const BuildArgument *argument)
{
	for (guint i = site->reference->name_end; i < site->letters->len; i++) {
		uint32_t at = g_array_index(site->letters, Letter, i).at;

		if (at >= argument->written.from && at < argument->written.to)
			return true;
	}
	return false;
}

/* A version of the image may also be that of something which is fetched: whoever moves
 * the one should look at the other. */
static void add_remarks(Parser *parser)
{
	for (guint i = 0; i < parser->file->arguments->len; i++) {
		const BuildArgument *argument = g_ptr_array_index(parser->file->arguments, i);

		for (guint k = 0; argument->used_line > 0 && k < parser->file->sites->len; k++) {
			Site *site = g_ptr_array_index(parser->file->sites, k);

			if (site->reference == NULL || site->remark != NULL ||
			    !is_fed_by(site, argument))
				continue;
			site->remark =
				g_strdup_printf("'%s' is used in a stage too, from line %d on",
						argument->name, argument->used_line);
		}
	}
}

static bool check_limits(const Parser *parser, GError **error)
{
	const Dockerfile *file = parser->file;
	int line = parser->lines.line;

	if (file->stages->len > LIMIT_DOCKER_STAGES)
		return fail(error, FAILURE_LIMIT, "%d:1: more than %d stages", line,
			    LIMIT_DOCKER_STAGES);
	if (file->sites->len > LIMIT_DOCKER_REFERENCES)
		return fail(error, FAILURE_LIMIT, "%d:1: more than %d image references", line,
			    LIMIT_DOCKER_REFERENCES);
	return true;
}

static bool read_all(Parser *parser, GError **error)
{
	Letters text;
	int line;

	while (lines_next(&parser->lines, &text, &line)) {
		if (++parser->file->instructions > LIMIT_DOCKER_INSTRUCTIONS)
			return fail(error, FAILURE_LIMIT, "%d:1: more than %d instructions", line,
				    LIMIT_DOCKER_INSTRUCTIONS);
		if (!read_instruction(parser, text, line, error) || !check_limits(parser, error))
			return false;
	}
	if (parser->file->instructions == 0)
		return fail(error, FAILURE_INPUT, "1:1: a Dockerfile without instructions");
	drop_stages(parser);
	add_remarks(parser);
	return end_global_scope(parser, error);
}

static void read_syntax(Parser *parser, GArray *letters, int line)
{
	const Reading reading = { .line = line };
	g_auto(Expansion) image = { g_array_ref(letters), false, false };
	Site *site = site_new(SITE_SYNTAX, span_of(letters_all(letters)), NULL, &image);

	parser->file->syntax = g_strdup(site->text);
	add_site(parser, site, &reading);
}

static Dockerfile *dockerfile_new(void)
{
	Dockerfile *file = g_new0(Dockerfile, 1);

	file->arguments = g_ptr_array_new_with_free_func(argument_free);
	file->stages = g_ptr_array_new_with_free_func(stage_free);
	file->sites = g_ptr_array_new_with_free_func((GDestroyNotify)site_free);
	file->problems = problems_new();
	return file;
}

Dockerfile *dockerfile_parse(const char *path, const DockerfileSource *source, GError **error)
{
	g_auto(Parser) parser = {
		.path = path,
		.file = dockerfile_new(),
		.scope = scope_new(SYNTAX_DOCKERFILE),
		.pending = g_ptr_array_new_with_free_func(pending_free),
		.is_global = true,
	};
	g_autoptr(GArray) syntax = NULL;
	int syntax_line = 0;

	if (!lines_begin(&parser.lines, source, &syntax, &syntax_line, error))
		return NULL;
	parser.file->escape = parser.lines.escape;
	if (syntax != NULL)
		read_syntax(&parser, syntax, syntax_line);
	if (!read_all(&parser, error))
		return NULL;
	return g_steal_pointer(&parser.file);
}
