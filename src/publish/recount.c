/* SPDX-License-Identifier: MIT */
#include "publish/recount.h"

#include "base/crypto.h"
#include "publish/address.h"
#include "publish/changelog.h"
#include "publish/pages.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Of one answer: a page of long release notes, or the patches that GitHub puts beside
 * commits. */
enum { LIMIT_RECOUNT = 4 * 1024 * 1024 };

/* Of one release; nobody reads on. */
enum { LIMIT_NOTES = 64 * 1024 };

/* Of a comparison; of more than the latter nobody wants to know. */
enum { COMMITS_ASKED = 100, MOST_COMMITS = 100000 };

/* How forges differ; paths are below the repository's own. */
typedef struct {
	const char *forge;
	const char *releases, *text; /* text: the key of a release's words */
	const char *root, *folder;   /* lists of files */
	const char *file;            /* %s: the path, escaped */
	const char *page;            /* of a file: what stands before its branch; NULL: not told */
	bool is_newest_first;        /* what was committed */
} Dialect;

static const Dialect dialects[] = {
	{ "github", "/releases?per_page=100", "body", "/contents/", "/contents/%s", "/contents/%s",
	  "/blob/", false },
	{ "gitea", "/releases?limit=50&draft=false", "body", "/contents", "/contents/%s",
	  "/contents/%s", "/src/branch/", true },
	{ "gitlab", "/releases?per_page=100", "description", "/repository/tree?per_page=100",
	  "/repository/tree?per_page=100&path=%s", "/repository/files/%s", NULL, true },
};

static const Dialect *dialect_of(const char *forge)
{
	bool is_gitea = strcmp(forge, "forgejo") == 0 || strcmp(forge, "agit") == 0;
	const char *name = is_gitea ? "gitea" : forge;

	for (size_t i = 0; i < G_N_ELEMENTS(dialects); i++)
		if (strcmp(dialects[i].forge, name) == 0)
			return &dialects[i];
	return NULL;
}

static bool is_github(const Recount *recount)
{
	return strcmp(recount->forge, "github") == 0;
}

static bool is_gitlab(const Recount *recount)
{
	return strcmp(recount->forge, "gitlab") == 0;
}

static char *base_of(const Dialect *dialect, const ForgeAddress *address)
{
	if (strcmp(dialect->forge, "github") == 0)
		return github_api(address->origin);
	if (strcmp(dialect->forge, "gitlab") == 0)
		return g_strconcat(address->origin, "/api/v4", NULL);
	return g_strconcat(address->origin, address->prefix, "/api/v1", NULL);
}

static char *path_of(const Dialect *dialect, const ForgeAddress *address)
{
	g_autofree char *owner = http_escape(address->owner), *name = http_escape(address->name);

	if (strcmp(dialect->forge, "gitlab") == 0) {
		g_autofree char *path = g_strconcat(address->owner, "/", address->name, NULL);
		g_autofree char *escaped = http_escape(path);

		return g_strconcat("/projects/", escaped, NULL);
	}
	return g_strdup_printf("/repos/%s/%s", owner, name);
}

bool recount_init(Recount *recount, World *w, const Repository *source, const char *page,
		  int64_t ends_at_us, GError **error)
{
	const Dialect *dialect = dialect_of(source->forge_name);
	unsigned owner_parts = dialect != NULL && strcmp(dialect->forge, "gitlab") == 0 ? 0 : 1;
	g_autoptr(ForgeAddress) address = NULL;

	*recount = (Recount){ 0 };
	if (dialect == NULL)
		return fail(error, FAILURE_CONFIG, "'%s' has no API to ask", source->forge_name);
	address = forge_address(source->url, false, owner_parts, error);
	if (address == NULL)
		return false;
	api_init(&recount->api, w, source, base_of(dialect, address));
	recount->api.repository = path_of(dialect, address);
	recount->api.max_bytes = LIMIT_RECOUNT;
	recount->api.is_github = strcmp(dialect->forge, "github") == 0;
	recount->forge = source->forge_name;
	recount->page = g_strdup(page);
	recount->ends_at_us = ends_at_us;
	return true;
}

void recount_clear(Recount *recount)
{
	api_clear(&recount->api);
	g_clear_pointer(&recount->page, g_free);
}

/* Asks for something that may not be there; `*is_there` says so. */
static bool ask(Recount *recount, const char *path, ApiAnswer *answer, bool *is_there,
		GError **error)
{
	g_autofree char *whole = api_path(&recount->api, "%s", path);
	int64_t left_ms = (recount->ends_at_us - g_get_monotonic_time()) / 1000;

	*is_there = false;
	if (left_ms <= 0)
		return fail(error, FAILURE_BUSY, "there is no more time for release notes");
	if (!api_spare(&recount->api, "reading release notes", error))
		return false;
	recount->api.timeout_ms = (int)MIN(left_ms, LIMIT_REQUEST_MS);
	if (!api_ask(&recount->api, HTTP_GET, whole, NULL, answer, error))
		return false;
	*is_there = api_is_good(answer);
	return true;
}

static Visibility visibility_of(const Json *repository)
{
	const char *word = json_string(repository, "visibility");

	if (g_strcmp0(word, "internal") == 0 || json_bool(repository, "internal", false))
		return SEEN_BY_USERS;
	if (g_strcmp0(word, "private") == 0 || json_bool(repository, "private", false))
		return SEEN_BY_MEMBERS;
	/* Who does not say so is not believed to be open. */
	return word != NULL || json_get(repository, "private") != NULL ? SEEN_BY_ALL
								       : SEEN_BY_MEMBERS;
}

bool recount_visibility(Recount *recount, Visibility *visibility, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	bool is_there;

	if (!ask(recount, "", &answer, &is_there, error))
		return false;
	if (!is_there)
		return api_refused(&answer, "reading the source", error);
	*visibility = visibility_of(answer.json);
	return true;
}

static void read_release(History *history, const Dialect *dialect, const Json *item)
{
	const char *tag = json_string(item, "tag_name"), *name = json_string(item, "name");
	const char *text = json_string(item, dialect->text);
	g_autofree char *cut = NULL;

	if (tag == NULL || json_bool(item, "draft", false))
		return;
	if (text != NULL && strlen(text) > LIMIT_NOTES) {
		g_autofree char *start = g_strndup(text, LIMIT_NOTES);

		cut = g_utf8_make_valid(start, -1);
	}
	history_announce(history, tag, name, cut != NULL ? cut : text);
}

static bool read_releases(Recount *recount, const Dialect *dialect, History *history,
			  GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	bool is_there;

	if (!ask(recount, dialect->releases, &answer, &is_there, error))
		return false;
	for (const Json *item = is_there ? json_first(answer.json) : NULL; item != NULL;
	     item = json_next(item))
		read_release(history, dialect, item);
	return true;
}

/* "docs/a b" with the escapes that a path in a URL needs. It is one parameter, so one word,
 * to GitHub and GitLab; Gitea takes it either way, and what stands before one may not. */
static char *escaped_path(const Recount *recount, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	if (is_gitlab(recount) || is_github(recount))
		return http_escape(path);
	for (char **part = parts; *part != NULL; part++) {
		char *escaped = http_escape(*part);

		g_free(*part);
		*part = escaped;
	}
	return g_strjoinv("/", parts);
}

/* Replaces the one %s of a dialect's form. */
static char *filled(const char *form, const char *value)
{
	g_auto(GStrv) parts = g_strsplit(form, "%s", 2);

	return g_strjoinv(value, parts);
}

/* What a folder search has come to. */
typedef struct {
	char *changelog, *guide; /* paths */
	char *documents;         /* a folder that may hold them */
	int rank;                /* of the change log */
	char *branch;            /* the default one */
} Found;

static void found_clear(Found *found)
{
	g_free(found->changelog);
	g_free(found->guide);
	g_free(found->documents);
	g_free(found->branch);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

static void put(char **path, const char *folder, const char *name)
{
	g_free(*path);
	*path = *folder == '\0' ? g_strdup(name) : g_strconcat(folder, "/", name, NULL);
}

/* The branch in the address of a file's page: "…/blob/BRANCH/PATH". */
static void note_branch(Found *found, const Dialect *dialect, const Json *item)
{
	const char *url = json_string(item, "html_url"), *path = json_string(item, "path");
	const char *start =
		url != NULL && dialect->page != NULL ? strstr(url, dialect->page) : NULL;
	g_autofree char *end = g_strconcat("/", path, NULL);

	if (start == NULL || path == NULL || found->branch != NULL || !g_str_has_suffix(start, end))
		return;
	start += strlen(dialect->page);
	if (strlen(start) > strlen(end))
		found->branch = g_strndup(start, strlen(start) - strlen(end));
}

static void look_at(Found *found, const Dialect *dialect, const char *folder, const Json *item)
{
	const char *name = json_string(item, "name"), *type = json_string(item, "type");
	/* GitLab does not say how large a file is: whoever reads it finds out. */
	int64_t bytes = json_integer(item, "size", 1000);
	int rank;

	if (name == NULL || type == NULL || strchr(name, '/') != NULL)
		return;
	if (strcmp(type, "dir") == 0 || strcmp(type, "tree") == 0) {
		if (found->documents == NULL && changelog_is_folder(name))
			put(&found->documents, folder, name);
		return;
	}
	if (strcmp(type, "file") != 0 && strcmp(type, "blob") != 0)
		return;
	rank = changelog_rank(name, bytes);
	if (rank >= 0 && (found->changelog == NULL || rank < found->rank)) {
		found->rank = rank;
		note_branch(found, dialect, item);
		put(&found->changelog, folder, name);
	}
	if (found->guide == NULL && changelog_is_guide(name, bytes))
		put(&found->guide, folder, name);
}

static bool search_folder(Recount *recount, const Dialect *dialect, const char *folder,
			  Found *found, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *escaped = escaped_path(recount, folder), *path = NULL;
	bool is_there;

	path = *folder == '\0' ? g_strdup(dialect->root) : filled(dialect->folder, escaped);
	if (!ask(recount, path, &answer, &is_there, error))
		return false;
	for (const Json *item = is_there ? json_first(answer.json) : NULL; item != NULL;
	     item = json_next(item))
		look_at(found, dialect, folder, item);
	return true;
}

/* The words of a file that came as Base64, in lines or not; NULL: it is no text, or of
 * no length that is worth it. */
static char *text_of(const Json *file)
{
	const char *content = json_string(file, "content");
	g_auto(GStrv) lines = g_strsplit(content != NULL ? content : "", "\n", -1);
	g_autofree char *encoded = g_strjoinv(NULL, lines);
	g_autofree uint8_t *bytes = NULL;
	g_autofree char *raw = NULL;
	size_t length;

	if (content == NULL || g_strcmp0(json_string(file, "encoding"), "base64") != 0)
		return NULL;
	if (!base64_decode(encoded, &bytes, &length) || memchr(bytes, '\0', length) != NULL ||
	    changelog_rank("changelog", (int64_t)length) < 0)
		return NULL;
	raw = g_strndup((const char *)bytes, length);
	return g_utf8_make_valid(raw, -1);
}

bool recount_file(Recount *recount, const char *path, const char *revision, char **text,
		  GError **error)
{
	const Dialect *dialect = dialect_of(recount->forge);
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *escaped = escaped_path(recount, path), *base = NULL, *ref = NULL;
	g_autofree char *whole = NULL;
	bool is_there;

	*text = NULL;
	base = filled(dialect->file, escaped);
	/* GitLab has no default here but this. */
	ref = http_escape(revision != NULL ? revision : "HEAD");
	whole = g_strconcat(base, revision != NULL || is_gitlab(recount) ? "?ref=" : NULL, ref,
			    NULL);
	if (!ask(recount, whole, &answer, &is_there, error))
		return false;
	if (is_there)
		*text = text_of(answer.json);
	return true;
}

/* In the dependency's own folder, at the root, and where documents lie. */
static bool search(Recount *recount, const Dialect *dialect, const char *directory, Found *found,
		   GError **error)
{
	g_autofree char *own = g_strdup(directory);
	size_t length = strlen(own);

	if (length > 0 && own[length - 1] == '/')
		own[length - 1] = '\0';
	/* One that leads out of the repository is none. */
	if (home_is_revision(own) && !search_folder(recount, dialect, own, found, error))
		return false;
	if (found->changelog == NULL && !search_folder(recount, dialect, "", found, error))
		return false;
	return found->changelog != NULL || found->documents == NULL ||
	       search_folder(recount, dialect, found->documents, found, error);
}

static bool read_file(Recount *recount, char **path, HistoryFile *file, GError **error)
{
	if (*path == NULL)
		return true;
	if (!recount_file(recount, *path, NULL, &file->text, error))
		return false;
	if (file->text != NULL)
		file->path = g_steal_pointer(path);
	return true;
}

History *recount_history(Recount *recount, const char *directory, GError **error)
{
	const Dialect *dialect = dialect_of(recount->forge);
	g_autoptr(History) history = history_new(recount->forge, recount->page);
	g_auto(Found) found = { 0 };

	if (!read_releases(recount, dialect, history, error) ||
	    !search(recount, dialect, directory, &found, error) ||
	    !read_file(recount, &found.changelog, &history->changelog, error) ||
	    !read_file(recount, &found.guide, &history->guide, error))
		return NULL;
	history->branch = g_steal_pointer(&found.branch);
	return g_steal_pointer(&history);
}

static void add_commit(GArray *commits, const Json *item)
{
	const char *id = json_string(item, "sha"), *title;

	if (id == NULL)
		id = json_string(item, "id");
	title = json_string(json_object(item, "commit"), "message");
	if (title == NULL)
		title = json_string(item, "title");
	if (id != NULL && title != NULL) {
		SourceCommit commit = { id, title };

		g_array_append_val(commits, commit);
	}
}

static void reverse(GArray *commits)
{
	for (guint i = 0, k = commits->len; i + 1 < k; i++) {
		SourceCommit *a = &g_array_index(commits, SourceCommit, i);
		SourceCommit *b = &g_array_index(commits, SourceCommit, --k);
		SourceCommit kept = *a;

		*a = *b;
		*b = kept;
	}
}

/* A part of a list that is told in pages. */
typedef struct {
	guint size, number;
} Page;

/* Where commits between two revisions are told; GitHub tells them in pages. */
static char *range_path(const Recount *recount, const char *from, const char *to, Page page)
{
	g_autofree char *a = http_escape(from), *b = http_escape(to);

	if (is_gitlab(recount))
		return g_strdup_printf("/repository/commits?ref_name=%s..%s&per_page=11", a, b);
	if (is_github(recount))
		return g_strdup_printf("/compare/%s...%s?per_page=%u&page=%u", a, b, page.size,
				       page.number);
	return g_strdup_printf("/compare/%s...%s", a, b);
}

/* The last page of `total` commits, whose newest come last, of a size for which it has
 * as many as are shown. */
static Page newest_page(guint total)
{
	guint size = COMMITS_ASKED;

	while (size > SECTION_COMMITS_SHOWN && total % size > 0 &&
	       total % size < SECTION_COMMITS_SHOWN)
		size--;
	return (Page){ size, (total + size - 1) / size };
}

/* Whether GitHub, which tells the oldest first, has more than it has told. */
static bool has_newer(const Recount *recount, const Json *answer, guint *total)
{
	int64_t all = json_integer(answer, "total_commits", 0);

	*total = all > COMMITS_ASKED && all <= MOST_COMMITS ? (guint)all : 0;
	return is_github(recount) && *total > 0;
}

bool recount_commits(Recount *recount, const char *from, const char *to, char **text,
		     GError **error)
{
	g_autofree char *compare = page_compare(recount->forge, recount->page, from, to);
	g_autofree char *first = NULL, *last = NULL;
	g_autoptr(GArray) commits = g_array_new(FALSE, FALSE, sizeof(SourceCommit));
	g_auto(ApiAnswer) answer = { 0 };
	bool is_there = false, has_more;
	guint total;

	*text = NULL;
	if (compare == NULL)
		return true;
	first = range_path(recount, from, to, (Page){ COMMITS_ASKED, 1 });
	if (!ask(recount, first, &answer, &is_there, error))
		return false;
	has_more = is_there && has_newer(recount, answer.json, &total);
	if (has_more) {
		last = range_path(recount, from, to, newest_page(total));
		api_answer_clear(&answer);
		if (!ask(recount, last, &answer, &is_there, error))
			return false;
	}
	if (!is_there)
		return true;
	for (const Json *item = json_first(is_gitlab(recount) ? answer.json
							      : json_array(answer.json, "commits"));
	     item != NULL; item = json_next(item))
		add_commit(commits, item);
	if (!dialect_of(recount->forge)->is_newest_first)
		reverse(commits);
	*text = section_commits(recount->forge, recount->page, commits, has_more, compare);
	return true;
}
