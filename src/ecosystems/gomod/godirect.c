/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/godirect.h"

#include "base/text.h"
#include "ecosystems/gomod/gocode.h"
#include "ecosystems/gomod/gorepos.h"
#include "ecosystems/gomod/modfile.h"
#include "ecosystems/gomod/modpack.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/version.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Of one module; nobody needs a tenth of it. */
#define MAX_ATTRIBUTES 1000

struct GoDirect {
	const GoEnv *env;
	GoRepos *repos;
	GTree *proxies; /* URL → GoSource, that hosts have named */
};

static void source_of_host_free(void *data)
{
	g_free(((GoSource *)data)->base);
	g_free(data);
}

GoDirect *godirect_new(const GoEnv *env)
{
	GoDirect *direct = g_new0(GoDirect, 1);

	direct->env = env;
	direct->repos = gorepos_new(env);
	direct->proxies = g_tree_new_full(text_compare, NULL, g_free, source_of_host_free);
	return direct;
}

void godirect_free(GoDirect *direct)
{
	if (direct == NULL)
		return;
	gorepos_free(direct->repos);
	g_tree_unref(direct->proxies);
	g_free(direct);
}

/* Answers. */

static bool answer_list(GoAsk *ask, const GoCode *code, GError **error)
{
	g_autoptr(GPtrArray) versions = gocode_versions(code, error);

	if (versions == NULL)
		return false;
	ask->list = goask_list_new();
	for (guint i = 0; i < versions->len; i++)
		goask_list_add(ask->list, versions->pdata[i], 0);
	return true;
}

/* A version is believed only if it is one of this module: it has a place. */
static bool check_place(const GoCode *code, const char *commit, const char *version, GError **error)
{
	g_autoptr(Source) files = code->depot->files(code->depot, commit, error);
	g_autoptr(GBytes) gomod = NULL;
	g_autofree char *folder = NULL;

	return files != NULL && gocode_place(code, files, version, &folder, &gomod, error);
}

static bool answer_info(GoAsk *ask, const GoCode *code, GError **error)
{
	g_autofree char *commit = NULL, *version = NULL;
	int64_t at;

	if (ask->version != NULL)
		commit = gocode_commit(code, ask->version, error);
	else if (code->depot->head != NULL)
		commit = g_strdup(code->depot->head);
	else
		return fail(error, FAILURE_ABSENT, "its repository is empty");
	if (commit == NULL)
		return false;
	version = ask->version != NULL && version_is_canonical(ask->version)
			  ? g_strdup(ask->version)
			  : NULL;
	if ((version != NULL && !check_place(code, commit, version, error)) ||
	    !code->depot->time(code->depot, commit, &at, error))
		return false;
	if (version == NULL) {
		version = gocode_version(code, commit, at, error);
		if (version == NULL || !check_place(code, commit, version, error))
			return false;
	}
	ask->info_at = at;
	ask->info_version = g_steal_pointer(&version);
	return true;
}

/* What a version of the module consists of. */
typedef struct {
	Source *files;
	char *folder;
	GBytes *gomod; /* NULL: none */
} Contents;

static void contents_clear(Contents *contents)
{
	source_free(contents->files);
	g_free(contents->folder);
	g_clear_pointer(&contents->gomod, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Contents, contents_clear)

static bool open_contents(Contents *contents, const GoAsk *ask, const GoCode *code, GError **error)
{
	g_autofree char *commit = gocode_commit(code, ask->version, error);

	if (commit == NULL)
		return false;
	contents->files = code->depot->files(code->depot, commit, error);
	return contents->files != NULL && gocode_place(code, contents->files, ask->version,
						       &contents->folder, &contents->gomod, error);
}

/* For a version without go.mod Go makes up the line that a proxy does. */
static bool answer_gomod(GoAsk *ask, const GoCode *code, GError **error)
{
	g_auto(Contents) contents = { 0 };

	if (!open_contents(&contents, ask, code, error))
		return false;
	if (contents.gomod != NULL) {
		ask->gomod = g_steal_pointer(&contents.gomod);
	} else {
		char *line = g_strdup_printf("module %s\n", ask->path);

		ask->gomod = g_bytes_new_take(line, strlen(line));
	}
	return true;
}

/* Whether `path` is a .gitattributes of a folder in the module, or above it. */
static bool is_attributes(const char *path, const char *folder)
{
	const char *slash = strrchr(path, '/');
	g_autofree char *place =
		slash != NULL ? g_strndup(path, (size_t)(slash - path)) : g_strdup("");

	return strcmp(slash != NULL ? slash + 1 : path, ".gitattributes") == 0 &&
	       (*place == '\0' || *folder == '\0' || modpath_is_within(folder, place) ||
		modpath_is_within(place, folder));
}

static bool check_attributes(Source *files, const char *folder, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new(); /* of char *, borrowed */

	for (guint i = 0; i < files->paths->len; i++)
		if (is_attributes(files->paths->pdata[i], folder))
			g_ptr_array_add(paths, files->paths->pdata[i]);
	if (paths->len > MAX_ATTRIBUTES)
		return fail(error, FAILURE_LIMIT, "it has more than %d files '.gitattributes'",
			    MAX_ATTRIBUTES);
	if (paths->len > 0 && !files->want(files, paths, error))
		return false;
	for (guint i = 0; i < paths->len; i++) {
		g_autoptr(GBytes) text = files->read(files, paths->pdata[i], LIMIT_CONFIG, error);
		gsize length;
		const char *bytes;

		if (text == NULL)
			return false;
		bytes = g_bytes_get_data(text, &length);
		if (modpick_changes_files(bytes, length))
			return fail(error, FAILURE_INPUT,
				    "its checksum cannot be computed: by '%s' git changes files "
				    "on their way out",
				    (const char *)paths->pdata[i]);
	}
	return true;
}

static bool answer_zip(const GoDirect *direct, GoAsk *ask, const GoCode *code, GError **error)
{
	g_autofree char *module = g_strconcat(ask->path, "@", ask->version, NULL);
	g_auto(Contents) contents = { 0 };
	g_autoptr(ModFile) file = NULL;
	g_autoptr(GArray) files = NULL;

	if (!open_contents(&contents, ask, code, error) ||
	    !check_attributes(contents.files, contents.folder, error))
		return false;
	if (contents.gomod != NULL)
		file = modfile_read("go.mod", contents.gomod, MODFILE_DEPENDENCY, NULL);
	files = modpick_files(contents.files->paths, contents.folder,
			      file != NULL ? file->go : NULL);
	ask->zip = modpack_new(direct->env->world, contents.files, files, module, error);
	return ask->zip >= 0;
}

static bool answer(const GoDirect *direct, GoAsk *ask, const GoCode *code, GError **error)
{
	if (ask->version != NULL && version_is_canonical(ask->version) &&
	    !modpath_check_version(ask->path, ask->version, error))
		return false;
	switch (ask->kind) {
	case GOASK_LIST:
		return answer_list(ask, code, error);
	case GOASK_INFO:
	case GOASK_LATEST:
		return answer_info(ask, code, error);
	case GOASK_GOMOD:
		return answer_gomod(ask, code, error);
	case GOASK_ZIP:
		return answer_zip(direct, ask, code, error);
	}
	g_assert_not_reached();
}

/* Where the answers come from. */

static const GoSource *proxy_at(GoDirect *direct, const char *url)
{
	GoSource *source = g_tree_lookup(direct->proxies, url);

	if (source == NULL) {
		source = g_new0(GoSource, 1);
		source->kind = GOSOURCE_PROXY;
		source->base = g_strdup(url);
		while (g_str_has_suffix(source->base, "/"))
			source->base[strlen(source->base) - 1] = '\0';
		source->is_foreign = true;
		g_tree_insert(direct->proxies, g_strdup(url), source);
	}
	return source;
}

static bool is_private(const GoDirect *direct, const char *path)
{
	return modpath_matches(direct->env->no_proxy, path) ||
	       modpath_matches(direct->env->world->goprivate, path);
}

/* What to do about a module whose repository does not let us in. */
static void add_advice(GError *error, const char *path, const GoImport *import)
{
	const char *place = import != NULL ? strstr(import->url, "://") : NULL;
	g_autofree char *authority = place != NULL ? g_strndup(place + 3, strcspn(place + 3, "/"))
						   : g_strndup(path, strcspn(path, "/"));
	const char *user_end = strrchr(authority, '@');
	bool is_ssh = import != NULL && g_str_has_prefix(import->url, "ssh://");
	g_autofree char *text =
		g_strdup_printf("%s; it needs a %s for '%s', or a module proxy that serves it",
				error->message, is_ssh ? "private key as credential" : "credential",
				user_end != NULL ? user_end + 1 : authority);

	g_free(error->message);
	error->message = g_steal_pointer(&text);
}

/* rule 2. `import` NULL: it was not found; `is_open`: its repository is. */
static void conclude(const GoDirect *direct, GoAsk *ask, const GoImport *import, bool is_open,
		     GError *error)
{
	FailureKind kind = failure_kind(error);
	bool is_mine = is_private(direct, ask->path);

	if (!is_open && (is_mine || kind == FAILURE_DENIED))
		add_advice(error, ask->path, import);
	if (kind == FAILURE_ABSENT || kind == FAILURE_INPUT || (import == NULL && !is_mine)) {
		ask->is_absent = true;
		g_free(ask->reason);
		ask->reason = g_strdup(error->message);
		g_error_free(error);
	} else {
		g_prefix_error(&error, "%s'%s' cannot be had from its repository: ",
			       is_mine ? "the private module " : "", ask->path);
		ask->error = error;
	}
}

void godirect_prepare(GoDirect *direct, const GPtrArray *asks)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new(); /* of char *, borrowed */

	for (guint i = 0; i < asks->len; i++)
		g_ptr_array_add(paths, ((GoAsk *)asks->pdata[i])->path);
	gorepos_prepare(direct->repos, paths);
}

const GoSource *godirect_answer(GoDirect *direct, GoAsk *ask)
{
	GError *error = NULL;
	const GoImport *import = gorepos_find(direct->repos, ask->path, &error);
	GoCode code = { 0 };
	Depot *depot = NULL;

	if (import != NULL && strcmp(import->vcs, "mod") == 0)
		return proxy_at(direct, import->url);
	if (import != NULL && strcmp(import->vcs, "git") != 0)
		fail(&error, FAILURE_CONFIG,
		     "it is kept in '%s', which is not supported: name a module proxy that serves "
		     "it",
		     import->vcs);
	else if (import != NULL)
		depot = gorepos_open(direct->repos, import, ask->path, &error);
	if (depot == NULL) {
		conclude(direct, ask, import, false, error);
		return NULL;
	}
	if (!gocode_set(&code, ask->path, import->root, import->folder, depot, &error) ||
	    !answer(direct, ask, &code, &error))
		conclude(direct, ask, import, true, error);
	gocode_clear(&code);
	return NULL;
}
