/* SPDX-License-Identifier: MIT */
/* The facade, driven line by line by tests/e2e/test_git.py against real servers.
 *
 * Usage: git-drive_test drive, commands on standard input, one JSON object a line
 * on standard output: what was asked, or {"error":…,"kind":…}. Alone it is an empty
 * test.
 */
#include "base/json.h"
#include "git/remote.h"
#include "git/tip.h"

#include <stdio.h>
#include <string.h>

typedef struct {
	Http *http;
	Remote *remote;
	GPtrArray *changes; /* of FileChange, for the next build */
	GPtrArray *options; /* of char *, for every push; NULL: none */
} Driver;

typedef Json *(*Command)(Driver *driver, char **words, GError **error);

static Json *done(void)
{
	Json *json = json_new_object();

	json_set_bool(json, "ok", true);
	return json;
}

static gboolean add_tip(void *branch, void *id, void *tips)
{
	json_set_string(tips, branch, id);
	return FALSE;
}

static Json *learn(Driver *driver, char **words, GError **error)
{
	Json *json, *tips;

	(void)words;
	if (!remote_learn(driver->remote, error))
		return NULL;
	json = json_new_object();
	tips = json_new_object();
	json_set_string(json, "head", remote_head(driver->remote));
	json_set_string(json, "default_branch", remote_default_branch(driver->remote));
	g_tree_foreach((GTree *)remote_tips(driver->remote), add_tip, tips);
	json_set(json, "tips", tips);
	return json;
}

static Json *claim(Driver *driver, char **words, GError **error)
{
	return remote_claim(driver->remote, words[0], error) ? done() : NULL;
}

static Json *watch(Driver *driver, char **words, GError **error)
{
	return remote_watch(driver->remote, words[0], error) ? done() : NULL;
}

static Json *list_files(Driver *driver, char **words, GError **error)
{
	g_autoptr(GPtrArray) files = remote_files(driver->remote, words[0], NULL, NULL, error);
	Json *json;

	if (files == NULL)
		return NULL;
	json = json_new_object();
	for (unsigned i = 0; i < files->len; i++) {
		const TreeFile *file = g_ptr_array_index(files, i);

		json_set_string(json, file->path, file->id);
	}
	return json;
}

static GPtrArray *list_of(char **words)
{
	GPtrArray *list = g_ptr_array_new();

	for (; *words != NULL; words++)
		g_ptr_array_add(list, *words);
	return list;
}

static Json *fetch(Driver *driver, char **words, GError **error)
{
	g_autoptr(GPtrArray) ids = list_of(words);

	return remote_fetch(driver->remote, ids, error) ? done() : NULL;
}

static Json *read_file(Driver *driver, char **words, GError **error)
{
	g_autoptr(GBytes) bytes = remote_read(driver->remote, words[0], 100000, error);
	g_autofree char *text = NULL;
	Json *json;

	if (bytes == NULL)
		return NULL;
	text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	json = json_new_object();
	json_set_string(json, "text", text);
	return json;
}

/* source COMMIT PATH: as the pipeline reads. */
static Json *read_source(Driver *driver, char **words, GError **error)
{
	g_autoptr(Source) source = tip_open(driver->remote, words[0], error);
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *text = NULL;
	Json *json;

	if (source == NULL || (bytes = source->read(source, words[1], 100000, error)) == NULL)
		return NULL;
	text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	json = json_new_object();
	json_set_string(json, "text", text);
	return json;
}

static Json *commits_to_json(const GPtrArray *commits)
{
	Json *json = json_new_object(), *list = json_new_array();

	for (unsigned i = 0; i < commits->len; i++) {
		const Commit *commit = g_ptr_array_index(commits, i);
		Json *item = json_new_object();

		json_set_string(item, "id", commit->id);
		json_set_string(item, "author", commit->author_email);
		json_set_string(item, "message", commit->message);
		json_set_integer(item, "parents", commit->parents->len);
		json_append(list, item);
	}
	json_set(json, "commits", list);
	return json;
}

static Json *list_commits(Driver *driver, char **words, GError **error)
{
	g_autoptr(GPtrArray) ids = list_of(words);
	g_autoptr(GPtrArray) commits = remote_commits(driver->remote, ids, error);

	return commits != NULL ? commits_to_json(commits) : NULL;
}

static Json *history(Driver *driver, char **words, GError **error)
{
	g_autoptr(GPtrArray) commits = remote_history(driver->remote, words[0], 100, error);

	return commits != NULL ? commits_to_json(commits) : NULL;
}

/* change PATH TEXT, or PATH alone to delete it; "_" stands for a blank. */
static Json *change(Driver *driver, char **words, GError **error)
{
	g_autoptr(GBytes) after = NULL;

	(void)error;
	if (words[1] != NULL)
		after = g_bytes_new(words[1], strlen(words[1]));
	g_ptr_array_add(driver->changes, file_change_new(words[0], NULL, after));
	return done();
}

static Json *build(Driver *driver, char **words, GError **error)
{
	static const CommitText text = { "upkeepd",  "upkeepd@localhost",
					 "upkeepd",  "upkeepd@localhost",
					 1700000000, "Bump golang\n",
					 NULL };
	g_autofree char *id = remote_build(driver->remote, words[0], driver->changes, &text, error);
	Json *json;

	if (id == NULL)
		return NULL;
	g_ptr_array_set_size(driver->changes, 0);
	json = json_new_object();
	json_set_string(json, "id", id);
	return json;
}

/* option TEXT …: what every later push of a commit tells the remote. */
static Json *add_option(Driver *driver, char **words, GError **error)
{
	(void)error;
	if (driver->options == NULL)
		driver->options = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(driver->options, g_strjoinv(" ", words));
	return json_new_object();
}

/* "BRANCH", or "BRANCH@REF" where it is pushed to another ref. */
static PushUpdate *update_of(const char *name, const char *expected, const char *wanted)
{
	g_auto(GStrv) parts = g_strsplit(name, "@", 2);
	PushUpdate *update = push_update_new(parts[0], *expected == '-' ? NULL : expected,
					     *wanted == '-' ? NULL : wanted);

	update->ref = g_strdup(parts[1]);
	return update;
}

/* push each|all BRANCH OLD NEW …; "-" for none. */
static Json *push(Driver *driver, char **words, GError **error)
{
	static const char *const results[] = { "unknown", "ok", "moved", "rejected" };
	g_autoptr(GPtrArray) updates = push_updates_new();
	Json *json, *list;

	for (char **word = words + 1; *word != NULL; word += 3)
		g_ptr_array_add(updates, update_of(word[0], word[1], word[2]));
	for (unsigned i = 0; driver->options != NULL && i < updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(updates, i);

		if (update->wanted != NULL)
			update->options = g_ptr_array_ref(driver->options);
	}
	if (!remote_push(driver->remote, updates, strcmp(words[0], "all") == 0, error))
		return NULL;
	json = json_new_object();
	list = json_new_array();
	for (unsigned i = 0; i < updates->len; i++) {
		const PushUpdate *update = g_ptr_array_index(updates, i);
		Json *item = json_new_object();

		json_set_string(item, "result", results[update->result]);
		json_set_string(item, "reason", update->reason);
		json_set_string(item, "said", update->said);
		json_set_bool(item, "are_options_lost", update->are_options_lost);
		json_append(list, item);
	}
	json_set(json, "updates", list);
	return json;
}

static Json *count(Driver *driver, char **words, GError **error)
{
	const GPtrArray *hosts = http_hosts(driver->http);
	Json *json = json_new_object();
	int64_t requests = 0;

	(void)words;
	(void)error;
	for (unsigned i = 0; i < hosts->len; i++)
		requests += ((const HttpHost *)g_ptr_array_index(hosts, i))->requests;
	json_set_integer(json, "requests", requests);
	json_set_integer(json, "bytes", http_bytes_received(driver->http));
	return json;
}

static const struct {
	const char *name;
	Command run;
} commands[] = {
	{ "learn", learn },          { "claim", claim },       { "watch", watch },
	{ "files", list_files },     { "fetch", fetch },       { "read", read_file },
	{ "commits", list_commits }, { "history", history },   { "change", change },
	{ "build", build },          { "push", push },         { "count", count },
	{ "source", read_source },   { "option", add_option },
};

static void answer(Json *result, GError *error)
{
	g_autoptr(Json) json = result;
	g_autofree char *line = NULL;

	if (error != NULL) {
		json = json_new_object();
		json_set_string(json, "error", error->message);
		json_set_string(json, "kind", failure_word(failure_kind(error)));
	}
	line = json_print(json);
	printf("%s\n", line);
	fflush(stdout);
}

static void run_line(Driver *driver, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	g_autoptr(GError) error = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(words[0], commands[i].name) == 0) {
			Json *result = commands[i].run(driver, words + 1, &error);

			answer(result, error);
			return;
		}
	g_assert_not_reached();
}

/* The repository comes by the environment: REMOTE (a URL) or REMOTE_PATH,
 * REMOTE_CACHE, and at will REMOTE_USER, REMOTE_SECRET, REMOTE_NOW,
 * REMOTE_OFFLINE, REMOTE_KNOWN_HOSTS, REMOTE_HOST (that the secret is for). */
static bool open_remote(Driver *driver, Repository *repository, Credential *credential,
			GError **error)
{
	const char *url = g_getenv("REMOTE"), *now = g_getenv("REMOTE_NOW");
	const char *secret = g_getenv("REMOTE_SECRET");
	RemoteOptions options = { 0 };
	HttpOptions http_options = { 0 };

	options.now = now != NULL ? g_ascii_strtoll(now, NULL, 10) : 1700000000;
	options.is_offline = g_getenv("REMOTE_OFFLINE") != NULL;
	options.cache_directory = g_getenv("REMOTE_CACHE");
	options.known_hosts = g_getenv("REMOTE_KNOWN_HOSTS");
	http_options.is_offline = options.is_offline;
	http_options.backoff_ms = 1;
	driver->http = http_new(&http_options, NULL, options.now);
	options.http = driver->http;
	repository->url = (char *)url;
	repository->path = (char *)g_getenv("REMOTE_PATH");
	if (secret != NULL) {
		g_autofree char *origin = http_origin(url);

		credential->host = g_strdup(g_getenv("REMOTE_HOST"));
		if (credential->host == NULL && origin != NULL)
			credential->host = g_strdup(strstr(origin, "://") + 3);
		credential->username = (char *)g_getenv("REMOTE_USER");
		credential->secret = secret_new(secret, strlen(secret));
		repository->credential = credential;
	}
	driver->remote = remote_open(repository, &options, error);
	return driver->remote != NULL && remote_claim(driver->remote, "upkeepd/", error);
}

static int drive(void)
{
	Driver driver = { 0 };
	Repository repository = { 0 };
	Credential credential = { 0 };
	g_autoptr(GError) error = NULL;
	char line[100000];

	driver.changes = file_changes_new();
	if (!open_remote(&driver, &repository, &credential, &error))
		answer(NULL, error);
	while (error == NULL && fgets(line, sizeof(line), stdin) != NULL) {
		g_strchomp(line);
		run_line(&driver, line);
	}
	remote_free(driver.remote);
	if (driver.options != NULL)
		g_ptr_array_unref(driver.options);
	http_free(driver.http);
	g_free(credential.host);
	secret_free(credential.secret);
	g_ptr_array_unref(driver.changes);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "drive") == 0)
		return drive();
	printf("1..0 # SKIP all: driven by tests/e2e/test_git.py\n");
	return 0;
}
