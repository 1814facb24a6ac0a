/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gocode.h"

#include "ecosystems/gomod/modfile.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/version.h"
#include "upkeepd/limits.h"

#include <string.h>

#define INCOMPATIBLE    "+incompatible"
#define REVISION_LENGTH 12

/* A repository's owner makes tags as he likes, and each may cost a look at a tree or at
 * the whole history. */
#define MAX_MAJORS    100  /* "+incompatible" ones that are looked at */
#define MAX_ANCESTORS 1000 /* tags that are looked for in one history */

bool gocode_set(GoCode *code, const char *path, const char *root, const char *folder, Depot *depot,
		GError **error)
{
	size_t length, root_length = strlen(root);

	*code = (GoCode){ .path = path, .depot = depot, .is_root = strcmp(path, root) == 0 };
	if (!modpath_check(path, error))
		return false;
	if (!modpath_split(path, &length)) /* which has just been checked */
		g_assert_not_reached();
	code->major = path + length;
	code->number = *code->major != '\0' ? modpath_major(path) : g_strdup("");
	if (code->is_root || length <= root_length || g_str_has_prefix(path, "gopkg.in/"))
		code->folder = g_strdup(folder);
	else
		code->folder =
			g_strdup_printf("%s%s%.*s", folder, *folder != '\0' ? "/" : "",
					(int)(length - root_length - 1), path + root_length + 1);
	return true;
}

void gocode_clear(GoCode *code)
{
	g_clear_pointer(&code->folder, g_free);
	g_clear_pointer(&code->number, g_free);
}

/* "folder/name", or name where the folder is the root. The caller's. */
static char *join(const char *folder, const char *name)
{
	return *folder != '\0' ? g_strconcat(folder, "/", name, NULL) : g_strdup(name);
}

/* What of a tag's name is the version; NULL if it is of another module. */
static const char *version_part(const GoCode *code, const char *tag)
{
	size_t length = strlen(code->folder);

	if (length == 0)
		return tag;
	return strncmp(tag, code->folder, length) == 0 && tag[length] == '/' ? tag + length + 1
									     : NULL;
}

/* The version that a tag is; NULL if none. What is canonical but for a build stays
 * out: such tags have pseudo-versions. */
static const char *version_of_tag(const GoCode *code, const char *tag)
{
	const char *version = version_part(code, tag);

	return version != NULL && version_is_canonical(version) &&
			       !version_is_incompatible(version) && !version_is_pseudo(version)
		       ? version
		       : NULL;
}

static bool may_be_incompatible(const GoCode *code, const char *version)
{
	g_autofree char *major = version_major(version);

	return *code->major == '\0' && *code->folder == '\0' && strcmp(major, "v0") != 0 &&
	       strcmp(major, "v1") != 0;
}

/* go.mod files. */

/* `*gomod` NULL: there is none. */
static bool read_gomod(Source *files, const char *folder, GBytes **gomod, GError **error)
{
	g_autofree char *path = join(folder, "go.mod");

	*gomod = NULL;
	if (!source_has(files, path))
		return true;
	*gomod = files->read(files, path, LIMIT_MODULE_GOMOD, error);
	return *gomod != NULL;
}

/* Whether a go.mod names a path of this major version; the rest may be another's, for
 * the sake of replacements. `*declared` (the caller's) is what it names; NULL: none. */
static bool is_of_major(const GoCode *code, GBytes *gomod, char **declared)
{
	g_autoptr(ModFile) file = modfile_read("go.mod", gomod, MODFILE_DEPENDENCY, NULL);
	g_autofree char *number = NULL;
	size_t length;

	*declared = file != NULL ? g_strdup(file->module) : NULL;
	if (*declared == NULL || !modpath_split(*declared, &length))
		return false;
	if ((*declared)[length] == '\0')
		return *code->major == '\0';
	number = modpath_major(*declared);
	if (*code->major == '\0')
		return strcmp(number, "v0") == 0 || strcmp(number, "v1") == 0;
	return g_strcmp0(number, code->number) == 0;
}

static bool refuse_gomod(const char *where, const char *declared, const char *version,
			 GError **error)
{
	if (declared == NULL)
		return fail(error, FAILURE_ABSENT, "'%s' names no module at '%s'", where, version);
	return fail(error, FAILURE_ABSENT,
		    "'%s' is the module '%s' at '%s', which is of another major version", where,
		    declared, version);
}

/* A folder of the major version's own: FOLDER/vN. False with `*error` unset: none. */
static bool place_in_major(const GoCode *code, Source *files, const char *version, char **folder,
			   GBytes **gomod, GError **error)
{
	g_autofree char *own = join(code->folder, code->number), *declared = NULL;
	g_autofree char *where = join(own, "go.mod");
	g_autoptr(GBytes) text = NULL;

	if (!read_gomod(files, own, &text, error) || text == NULL)
		return false;
	if (!is_of_major(code, text, &declared))
		return refuse_gomod(where, declared, version, error);
	*folder = g_steal_pointer(&own);
	*gomod = g_steal_pointer(&text);
	return true;
}

static bool has_major_folder(const GoCode *code)
{
	return *code->major == '/' && !code->is_root;
}

/* rule 1 */
static bool place(const GoCode *code, Source *files, const char *version, char **folder,
		  GBytes **gomod, GError **error)
{
	g_autofree char *declared = NULL, *where = join(code->folder, "go.mod");
	g_autoptr(GBytes) text = NULL;
	g_autoptr(GError) trouble = NULL;
	bool is_here;

	if (!read_gomod(files, code->folder, &text, error))
		return false;
	is_here = text != NULL && is_of_major(code, text, &declared);
	if (has_major_folder(code) &&
	    place_in_major(code, files, version, folder, gomod, &trouble)) {
		if (!is_here)
			return true;
		g_clear_pointer(folder, g_free);
		g_clear_pointer(gomod, g_bytes_unref);
		return fail(error, FAILURE_ABSENT,
			    "'%s' and the one in '%s' are both of major version %s at '%s'", where,
			    code->number, code->number, version);
	}
	if (trouble != NULL) {
		g_propagate_error(error, g_steal_pointer(&trouble));
		return false;
	}
	if (text != NULL && !is_here)
		return refuse_gomod(where, declared, version, error);
	if (text == NULL && (*code->folder != '\0' || *code->major == '/'))
		return fail(error, FAILURE_ABSENT, "there is no '%s' at '%s'", where, version);
	*folder = g_strdup(code->folder);
	*gomod = g_steal_pointer(&text);
	return true;
}

bool gocode_place(const GoCode *code, Source *files, const char *version, char **folder,
		  GBytes **gomod, GError **error)
{
	*folder = NULL;
	*gomod = NULL;
	if (!version_is_incompatible(version))
		return place(code, files, version, folder, gomod, error);
	if (!may_be_incompatible(code, version))
		return fail(error, FAILURE_ABSENT, "'%s' is no version of '%s'", version,
			    code->path);
	if (source_has(files, "go.mod"))
		return fail(error, FAILURE_ABSENT,
			    "there is a go.mod at '%s', so its module path has to end in the "
			    "major version",
			    version);
	*folder = g_strdup("");
	return true;
}

/* Versions. */

static bool has_root_gomod(const GoCode *code, const char *version, bool *has, GError **error)
{
	const char *commit = g_tree_lookup((GTree *)code->depot->tags, version);
	g_autoptr(Source) files = code->depot->files(code->depot, commit, error);

	*has = files != NULL && source_has(files, "go.mod");
	return files != NULL;
}

typedef struct {
	const GoCode *code;
	GPtrArray *versions, *beyond; /* of char *; beyond: may be +incompatible */
} Listing;

static gboolean list_tag(void *tag, void *commit, void *data)
{
	Listing *listing = data;
	const char *version = version_of_tag(listing->code, tag);

	(void)commit;
	if (version == NULL)
		return FALSE;
	if (modpath_check_version(listing->code->path, version, NULL))
		g_ptr_array_add(listing->versions, g_strdup(version));
	else if (may_be_incompatible(listing->code, version))
		g_ptr_array_add(listing->beyond, g_strdup(version));
	return FALSE;
}

static gint by_version(gconstpointer a, gconstpointer b)
{
	return version_compare(*(const char *const *)a, *(const char *const *)b);
}

/* A major version counts if its newest has no go.mod. */
static bool add_incompatible(const Listing *listing, GError **error)
{
	const GPtrArray *beyond = listing->beyond;

	for (guint from = 0, to, majors = 0; from < beyond->len; from = to) {
		g_autofree char *major = version_major(beyond->pdata[from]);
		bool has;

		if (++majors > MAX_MAJORS)
			return fail(error, FAILURE_LIMIT, "it has more than %d major versions",
				    MAX_MAJORS);
		for (to = from + 1; to < beyond->len; to++) {
			g_autofree char *other = version_major(beyond->pdata[to]);

			if (strcmp(major, other) != 0)
				break;
		}
		if (!has_root_gomod(listing->code, beyond->pdata[to - 1], &has, error))
			return false;
		for (guint i = from; i < to && !has; i++)
			g_ptr_array_add(listing->versions,
					g_strconcat(beyond->pdata[i], INCOMPATIBLE, NULL));
	}
	return true;
}

GPtrArray *gocode_versions(const GoCode *code, GError **error)
{
	g_autoptr(GPtrArray) versions = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) beyond = g_ptr_array_new_with_free_func(g_free);
	Listing listing = { code, versions, beyond };
	bool has = false;

	g_tree_foreach((GTree *)code->depot->tags, list_tag, &listing);
	g_ptr_array_sort(versions, by_version);
	g_ptr_array_sort(beyond, by_version);
	if (beyond->len > 0 && versions->len > 0 &&
	    !has_root_gomod(code, versions->pdata[versions->len - 1], &has, error))
		return NULL;
	return has || add_incompatible(&listing, error) ? g_steal_pointer(&versions) : NULL;
}

/* Commits. */

typedef struct {
	const char *beginning;
	const char *id;
} Beginning;

static gboolean begins_so(void *name, void *id, void *data)
{
	Beginning *search = data;

	(void)name;
	if (g_str_has_prefix(id, search->beginning))
		search->id = id;
	return search->id != NULL;
}

/* Most that are asked for are tips or tags: the history need not come for them. */
static char *find_commit(const GoCode *code, const char *beginning, GError **error)
{
	Beginning search = { beginning, NULL };
	bool is_long = strlen(beginning) >= DEPOT_MIN_BEGINNING;

	if (is_long)
		g_tree_foreach((GTree *)code->depot->branches, begins_so, &search);
	if (is_long && search.id == NULL)
		g_tree_foreach((GTree *)code->depot->tags, begins_so, &search);
	return search.id != NULL ? g_strdup(search.id)
				 : code->depot->find(code->depot, beginning, error);
}

typedef struct {
	const GoCode *code;
	const char *base, *commit;
	bool is_there, descends;
	guint asked;
	GError *error;
} BaseSearch;

static gboolean check_base(void *tag, void *id, void *data)
{
	BaseSearch *search = data;
	const char *version = version_part(search->code, tag);
	Depot *depot = search->code->depot;

	if (version == NULL || !version_is_valid(version) ||
	    version_compare(version, search->base) != 0)
		return FALSE;
	search->is_there = true;
	if (++search->asked > MAX_ANCESTORS)
		return !fail(&search->error, FAILURE_LIMIT, "more than %d tags mean '%s'",
			     MAX_ANCESTORS, search->base);
	return !depot->descends(depot, search->commit, id, &search->descends, &search->error) ||
	       search->descends;
}

/* The tag that a pseudo-version is said to follow must be there, before the commit:
 * else anybody could have a commit pass for the highest of versions. */
static bool check_follows(const GoCode *code, const char *version, const char *commit,
			  GError **error)
{
	g_autofree char *base = NULL;
	BaseSearch search = { .code = code, .commit = commit };

	if (!version_pseudo_base(version, &base, error))
		return false;
	if (base == NULL)
		return true;
	search.base = base;
	g_tree_foreach((GTree *)code->depot->tags, check_base, &search);
	if (search.error != NULL) {
		g_propagate_error(error, search.error);
		return false;
	}
	if (!search.is_there)
		return fail(error, FAILURE_ABSENT, "'%s' follows the tag '%s', which is not there",
			    version, base);
	return search.descends ||
	       fail(error, FAILURE_ABSENT, "'%s' follows the tag '%s', which is not before it",
		    version, base);
}

static bool check_pseudo(const GoCode *code, const char *version, const char *revision,
			 const char *commit, GError **error)
{
	int64_t claimed, at;

	if (strlen(revision) != REVISION_LENGTH || !g_str_has_prefix(commit, revision))
		return fail(error, FAILURE_ABSENT,
			    "'%s' does not end in the first %d digits of a commit's id", version,
			    REVISION_LENGTH);
	if (!version_pseudo_time(version, &claimed, error) ||
	    !code->depot->time(code->depot, commit, &at, error))
		return false;
	if (claimed != at)
		return fail(error, FAILURE_ABSENT, "'%s' does not bear the time of its commit",
			    version);
	return check_follows(code, version, commit, error);
}

/* A plain version is a tag's; other words are a branch, a tag or a commit. */
char *gocode_commit(const GoCode *code, const char *version, GError **error)
{
	g_autofree char *revision = version_pseudo_revision(version);
	g_autofree char *plain = NULL, *tag = NULL, *commit = NULL;
	const char *id;

	if (revision != NULL) {
		commit = find_commit(code, revision, error);
		return commit != NULL && check_pseudo(code, version, revision, commit, error)
			       ? g_steal_pointer(&commit)
			       : NULL;
	}
	if (!version_is_canonical(version)) {
		id = g_tree_lookup((GTree *)code->depot->branches, version);
		if (id == NULL)
			id = g_tree_lookup((GTree *)code->depot->tags, version);
		return id != NULL ? g_strdup(id) : find_commit(code, version, error);
	}
	plain = g_strdup(version);
	if (version_is_incompatible(plain))
		plain[strlen(plain) - strlen(INCOMPATIBLE)] = '\0';
	tag = join(code->folder, plain);
	id = g_tree_lookup((GTree *)code->depot->tags, tag);
	return id != NULL ? g_strdup(id)
			  : fail_null(error, FAILURE_ABSENT, "there is no tag '%s'", tag);
}

/* A tag as the version that it would be. */
typedef struct {
	char *version;
	const char *commit;
} Candidate;

static void candidate_free(void *data)
{
	g_free(((Candidate *)data)->version);
	g_free(data);
}

/* The highest version among tags: of the commit itself, or before it. */
typedef struct {
	const GoCode *code;
	const char *commit;
	const char *major;       /* NULL: any that may be */
	bool takes_incompatible; /* there is no go.mod */
	GPtrArray *candidates;   /* of Candidate */
	char *highest;
} TagSearch;

static bool is_fit(const TagSearch *search, const char *version, char **as)
{
	g_autofree char *major = version_major(version);

	if (search->major != NULL && strcmp(search->major, major) != 0)
		return false;
	if (modpath_check_version(search->code->path, version, NULL))
		*as = g_strdup(version);
	else if (search->takes_incompatible && may_be_incompatible(search->code, version))
		*as = g_strconcat(version, INCOMPATIBLE, NULL);
	else
		return false;
	return true;
}

static gboolean collect_tag(void *tag, void *commit, void *data)
{
	TagSearch *search = data;
	const char *version = version_of_tag(search->code, tag);
	g_autofree char *as = NULL;
	Candidate *candidate;

	if (version == NULL || !is_fit(search, version, &as))
		return FALSE;
	candidate = g_new(Candidate, 1);
	*candidate = (Candidate){ g_steal_pointer(&as), commit };
	g_ptr_array_add(search->candidates, candidate);
	return FALSE;
}

static gint highest_first(gconstpointer a, gconstpointer b)
{
	const Candidate *x = *(Candidate *const *)a, *y = *(Candidate *const *)b;

	return version_compare(y->version, x->version);
}

/* From the highest down, so that few have to be looked for in the history. */
static bool find_tag(TagSearch *search, const char *major, bool is_exact, GError **error)
{
	g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(candidate_free);
	Depot *depot = search->code->depot;
	bool fits = false;

	search->major = major;
	search->candidates = candidates;
	g_tree_foreach((GTree *)depot->tags, collect_tag, search);
	g_ptr_array_sort(candidates, highest_first);
	for (guint i = 0; i < candidates->len && !fits; i++) {
		Candidate *candidate = g_ptr_array_index(candidates, i);

		if (is_exact)
			fits = strcmp(candidate->commit, search->commit) == 0;
		else if (i == MAX_ANCESTORS)
			return fail(error, FAILURE_LIMIT, "more than %d tags are not before '%s'",
				    MAX_ANCESTORS, search->commit);
		else if (!depot->descends(depot, search->commit, candidate->commit, &fits, error))
			return false;
		if (fits)
			search->highest = g_steal_pointer(&candidate->version);
	}
	return true;
}

char *gocode_version(const GoCode *code, const char *commit, int64_t at, GError **error)
{
	g_autoptr(Source) files = code->depot->files(code->depot, commit, error);
	g_autofree char *revision = g_strndup(commit, REVISION_LENGTH), *base = NULL;
	TagSearch search = { .code = code, .commit = commit };

	if (files == NULL)
		return NULL;
	search.takes_incompatible =
		*code->major == '\0' && *code->folder == '\0' && !source_has(files, "go.mod");
	if (!find_tag(&search, NULL, true, error))
		return NULL;
	if (search.highest != NULL)
		return search.highest;
	if (*code->major != '\0' || search.takes_incompatible) {
		if (!find_tag(&search, NULL, false, error))
			return NULL;
	} else if (!find_tag(&search, "v1", false, error) ||
		   (search.highest == NULL && !find_tag(&search, "v0", false, error))) {
		return NULL;
	}
	base = search.highest;
	return version_pseudo_new(*code->number != '\0' ? code->number : "v0", base, at, revision);
}
