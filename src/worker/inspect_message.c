/* SPDX-License-Identifier: MIT */
/* `inspect message FILE`: what proposals are called, one question a line (cli.md 2). */
#include "base/text.h"
#include "config/dependabot.h"
#include "policy/directories.h"
#include "publish/branch.h"
#include "publish/text.h"
#include "upkeepd/limits.h"
#include "worker/inspect.h"

#include <string.h>
#include <sys/stat.h>

#define PREFIX "dependabot"

/* What texts need to know of the ecosystems. */
static const Ecosystem known[] = {
	{ .name = "docker", .id = "docker" },
	{ .name = "docker-compose", .id = "docker_compose", .names_branch_by_tag = true },
	{ .name = "gomod", .id = "go_modules", .hides_v = true },
};

static const Ecosystem *ecosystem_called(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_strcmp0(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}

/* The dependabot.yml files that questions name, read once each. */
typedef struct {
	GTree *files; /* path to RulesFile */
} Configs;

static void free_file(void *file)
{
	rules_file_free(file);
}

/* A file that cannot be read has no entries. */
static const RulesFile *config_of(Configs *configs, const char *path)
{
	RulesFile *file = g_tree_lookup(configs->files, path);
	g_autoptr(GBytes) text = NULL;
	struct stat status;
	char *bytes;
	gsize length;

	if (file != NULL)
		return file;
	if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= LIMIT_CONFIG &&
	    g_file_get_contents(path, &bytes, &length, NULL)) {
		text = g_bytes_new_take(bytes, length);
		file = rules_parse(path, text);
	} else {
		file = rules_file_new(path);
	}
	g_tree_insert(configs->files, g_strdup(path), file);
	return file;
}

static bool takes_in(const Rules *rules, const GPtrArray *directories)
{
	for (guint i = 0; i < directories->len; i++) {
		bool is_in = false;

		for (guint k = 0; k < rules->directories->len && !is_in; k++)
			is_in = directories_take_in(g_ptr_array_index(rules->directories, k),
						    g_ptr_array_index(directories, i));
		if (!is_in)
			return false;
	}
	return true;
}

static bool has_group(const Rules *rules, const char *name)
{
	for (guint i = 0; name != NULL && i < rules->groups->len; i++) {
		const Group *group = g_ptr_array_index(rules->groups, i);

		if (strcmp(group->name, name) == 0)
			return true;
	}
	return false;
}

/* The entry a question is about; NULL: none fits. */
static const Rules *entry_for(const RulesFile *file, const Json *question,
			      const GPtrArray *directories)
{
	const char *ecosystem = json_string(question, "ecosystem");
	const char *target = json_string(question, "target_branch");
	const char *group = json_string(question, "group");
	const Rules *first = NULL, *elsewhere = NULL;

	for (guint i = 0; i < file->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(file->entries, i);

		if (g_strcmp0(rules->ecosystem_name, ecosystem) != 0 ||
		    !takes_in(rules, directories))
			continue;
		if (g_strcmp0(rules->target_branch, target) != 0)
			elsewhere = elsewhere == NULL ? rules : elsewhere;
		else if (has_group(rules, group))
			return rules;
		else if (first == NULL)
			first = rules;
	}
	return first != NULL ? first : elsewhere;
}

static GPtrArray *directories_of(const Json *question)
{
	GPtrArray *directories = g_ptr_array_new_with_free_func(g_free);

	for (const Json *item = json_first(json_array(question, "directories")); item != NULL;
	     item = json_next(item))
		if (json_text(item) != NULL)
			g_ptr_array_add(directories, directory_normal(json_text(item)));
	if (directories->len == 0)
		g_ptr_array_add(directories, g_strdup("/"));
	return directories;
}

/* Which of several directories each dependency is of is not said, but they come
 * in order: a name that comes again is of the next one, and none stays empty. */
static guint next_directory(const Topic *topic, const char *name, guint present, size_t left)
{
	if (present + 1 >= topic->directories->len)
		return present;
	if (left + present + 1 <= topic->directories->len && topic->items->len > 0)
		return present + 1;
	for (guint i = topic->items->len; i > 0; i--) {
		const Item *item = g_ptr_array_index(topic->items, i - 1);

		if (strcmp(item->directory, g_ptr_array_index(topic->directories, present)) != 0)
			break;
		if (strcmp(item->name, name) == 0)
			return present + 1;
	}
	return present;
}

/* "TAG", "TAG@sha256:HEX", "@sha256:HEX" or a module version, cut in two. */
static void cut(const char *text, char **version, char **digest)
{
	const char *at = text == NULL ? NULL : strstr(text, "@sha256:");

	*digest = at == NULL ? NULL : g_strdup(at + strlen("@sha256:"));
	*version = text == NULL || text == at ? NULL
		   : at == NULL               ? g_strdup(text)
					      : g_strndup(text, (gsize)(at - text));
}

static bool add_dependency(Topic *topic, const char *directory, const Json *dependency,
			   GError **error)
{
	const char *name = json_string(dependency, "name"), *to = json_string(dependency, "to");
	const char *type = json_string(dependency, "type");
	g_autofree char *from_version = NULL, *from_digest = NULL;
	g_autofree char *to_version = NULL, *to_digest = NULL;
	Versions versions;

	cut(json_string(dependency, "from"), &from_version, &from_digest);
	cut(to, &to_version, &to_digest);
	if (name == NULL || *name == '\0' || (to_version == NULL && to_digest == NULL))
		return fail(error, FAILURE_INPUT, "a dependency has no 'name' or no 'to'");
	versions = (Versions){ from_version, to_version, from_digest, to_digest };
	topic_add(topic, topic->ecosystem, directory, name,
		  type == NULL ? "direct:production" : type, &versions, STEP_NONE);
	return true;
}

static Topic *topic_for(const Json *question, const Rules *rules, GPtrArray *directories,
			GError **error)
{
	const Ecosystem *ecosystem = ecosystem_called(json_string(question, "ecosystem"));
	const Json *dependencies = json_array(question, "dependencies");
	size_t left = json_count(dependencies);
	g_autoptr(Topic) topic = NULL;
	guint present = 0;

	if (ecosystem == NULL)
		return fail_null(error, FAILURE_INPUT, "'ecosystem' is none that is known here");
	if (left == 0)
		return fail_null(error, FAILURE_INPUT, "there are no 'dependencies'");
	topic = topic_new(ecosystem, rules, json_string(question, "group"), true);
	topic->target_branch = json_string(question, "target_branch");
	topic->is_across = json_bool(question, "across", rules != NULL && rules->is_list) ||
			   directories->len > 1;
	for (guint i = 0; i < directories->len; i++)
		g_ptr_array_add(topic->directories, g_strdup(g_ptr_array_index(directories, i)));
	for (const Json *item = json_first(dependencies); item != NULL; item = json_next(item)) {
		const char *dependency = json_string(item, "name");

		present = next_directory(topic, dependency == NULL ? "" : dependency, present,
					 left--);
		if (!add_dependency(topic, g_ptr_array_index(topic->directories, present), item,
				    error))
			return NULL;
	}
	return g_steal_pointer(&topic);
}

static CommitBy by_of(const char *word)
{
	static const char *const words[] = { [BY_PERSON] = "person",
					     [BY_MERGE] = "merge",
					     [BY_BOT] = "bot",
					     [BY_DEPENDABOT] = "dependabot" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_strcmp0(words[i], word) == 0)
			return (CommitBy)i;
	return BY_PERSON;
}

static void free_commit(void *commit)
{
	past_commit_free(commit);
}

static GPtrArray *history_of(const Json *question)
{
	GPtrArray *history = g_ptr_array_new_with_free_func(free_commit);

	for (const Json *item = json_first(json_array(question, "history")); item != NULL;
	     item = json_next(item)) {
		const char *subject = json_string(item, "subject");
		unsigned words = 0;

		for (const Json *word = json_first(json_array(item, "style_words")); word != NULL;
		     word = json_next(word))
			words |= json_text(word) == NULL ? 0 : style_word(json_text(word));
		g_ptr_array_add(history, past_commit_new(by_of(json_string(item, "by")),
							 subject == NULL ? "" : subject, words));
	}
	return history;
}

static Json *answer(const Json *question, Configs *configs, GError **error)
{
	const char *path = json_string(question, "config");
	g_autoptr(GPtrArray) directories = directories_of(question);
	g_autoptr(GPtrArray) history = history_of(question);
	const Rules *rules =
		path == NULL ? NULL : entry_for(config_of(configs, path), question, directories);
	g_autoptr(Topic) topic = topic_for(question, rules, directories, error);
	g_autofree char *branch = NULL, *title = NULL, *subject = NULL, *message = NULL;
	g_auto(Style) style = { 0 };
	Json *json;

	if (topic == NULL || (branch = branch_name(topic, PREFIX, error)) == NULL)
		return NULL;
	style = style_find(topic->commit_message, history);
	title = text_title(topic, &style);
	subject = text_subject(title);
	message = text_message(topic, subject, NULL, DEPENDABOT_SIGNER);
	json = json_new_object();
	json_set_string(json, "branch", branch);
	json_set_string(json, "title", title);
	json_set_string(json, "subject", subject);
	json_set(json, "trailer", text_trailer(topic));
	json_set_string(json, "message", message);
	return json;
}

Json *inspect_message(const Invocation *invocation, const char *path, GBytes *text, End *end,
		      GError **error)
{
	gsize size;
	const char *line = g_bytes_get_data(text, &size), *last = line + size;
	g_autoptr(GTree) files = g_tree_new_full(text_compare, NULL, g_free, free_file);
	g_autoptr(Json) answers = json_new_array();
	Configs configs = { files };

	(void)invocation;
	(void)end;
	for (int number = 1; line < last; number++) {
		const char *stop = memchr(line, '\n', (size_t)(last - line));
		size_t length = (size_t)((stop == NULL ? last : stop) - line);
		g_autofree char *what = g_strdup_printf("%s:%d", path, number);
		g_autoptr(Json) question = NULL;
		Json *one = NULL;

		if (strspn(line, " \t\r") < length) {
			question = json_parse(line, length, what, error);
			one = question == NULL ? NULL : answer(question, &configs, error);
			if (one == NULL) {
				if (question != NULL)
					g_prefix_error(error, "%s: ", what);
				return NULL;
			}
			json_append(answers, one);
		}
		line += length + 1;
	}
	return g_steal_pointer(&answers);
}
