/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/fetch.h"

#include "ecosystems/gomod/dirhash.h"
#include "ecosystems/gomod/goproxy.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modcache.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/modquery.h"
#include "ecosystems/gomod/modrecord.h"
#include "ecosystems/gomod/modzip.h"
#include "ecosystems/gomod/newest.h"
#include "ecosystems/gomod/sumdb.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

/* Zips on the disk, and go.mod files in memory, at one time. */
#define ZIPS_AT_ONCE   32
#define GOMODS_AT_ONCE 500

/* A Go that every proxy has which has toolchains at all: the first that was one. */
#define ANY_TOOLCHAIN "1.21.0"

typedef struct {
	Supplier supplier;
	GoEnv *env;
	GoProxy *proxy;
	SumDb *sums;
	ModCache *cache;
} Fetch;

/* What the checksum database has to say about some modules, before they are
 * believed: one ask for each that go.sum does not vouch for, NULL for others. */
static GPtrArray *ask_sums(Fetch *fetch, Facts *facts, const GPtrArray *modules, bool is_gomod)
{
	GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)sumask_free);
	g_autoptr(GPtrArray) asks = g_ptr_array_new();

	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i];
		SumAsk *ask = NULL;

		if (!gosum_has(facts_sums(facts), module->actual_path, module->actual_version,
			       is_gomod) &&
		    sumdb_covers(fetch->sums, module->actual_path)) {
			ask = sumask_new(module->actual_path, module->actual_version);
			g_ptr_array_add(asks, ask);
		}
		g_ptr_array_add(list, ask);
	}
	if (asks->len > 0)
		sumdb_ask_all(fetch->sums, asks);
	return list;
}

/* Whether `sum` is what the database says; ask NULL: it was not asked. */
static bool check_sum(const SumAsk *ask, bool is_gomod, const char *sum, GError **error)
{
	const char *expected;

	if (ask == NULL)
		return true;
	if (ask->error != NULL) {
		g_propagate_error(error, g_error_copy(ask->error));
		return false;
	}
	expected = is_gomod ? ask->gomod_sum : ask->zip_sum;
	if (g_strcmp0(expected, sum) == 0)
		return true;
	return fail(error, FAILURE_INPUT,
		    "checksum mismatch: '%s@%s%s' is %s, but the checksum database has %s",
		    ask->path, ask->version, is_gomod ? "/go.mod" : "", sum,
		    expected != NULL ? expected : "none");
}

/* What a round learns of one module, by the way from the cache or a proxy. */
typedef struct {
	Module *module;
	GBytes *record;      /* need_gomods(): NULL if there is none */
	PackageIndex *index; /* need_indexes(): the same */
	FileList *listing;   /* along with a new index, if it is wanted */
	GError *error;       /* why there is none */
	bool is_new;         /* not from the cache */
} Learnt;

static void learnt_free(void *data)
{
	Learnt *learnt = data;

	g_clear_pointer(&learnt->record, g_bytes_unref);
	index_free(learnt->index);
	filelist_free(learnt->listing);
	g_clear_error(&learnt->error);
	g_free(learnt);
}

static GBytes *find_kept(const Fetch *fetch, const Module *module, const char *kind)
{
	return modcache_find(fetch->cache, module->actual_path, module->actual_version, kind);
}

static void keep(const Fetch *fetch, const Module *module, const char *kind, GBytes *bytes)
{
	modcache_keep(fetch->cache, module->actual_path, module->actual_version, kind, bytes);
}

/* The go.mod of a version from a proxy as a block; NULL with `*error`. */
static GBytes *record_of(const GoAsk *ask, GError **error)
{
	g_autofree char *name = g_strconcat(ask->path, "@", ask->version, "/go.mod", NULL);
	g_autofree char *sum = NULL;
	g_autoptr(ModFile) file = NULL;

	if (ask->gomod == NULL) {
		g_propagate_error(error, goask_error(ask));
		return NULL;
	}
	file = modfile_parse(name, ask->gomod, MODFILE_DEPENDENCY, error);
	if (file == NULL) {
		g_prefix_error(error, "'%s': ", name);
		return NULL;
	}
	sum = dirhash_of_gomod(ask->gomod);
	return modrecord_new(file, sum);
}

/* A go.mod that is not believed is not to be had from the cache again. */
static void forget_gomod(const Fetch *fetch, const Module *module)
{
	g_autoptr(GoAsk) ask = goask_new(GOASK_GOMOD, module->actual_path, module->actual_version);

	goproxy_forget(fetch->proxy, ask);
}

/* What one pass over a zip makes of it. */
typedef struct {
	IndexBuilder *index;
	FileListBuilder *listing; /* NULL: none is wanted */
} Scan;

/* modzip_scan()'s visit. */
static void add_file(void *data, const char *name, const uint8_t digest[static 32],
		     const char *text, size_t length)
{
	const Scan *scan = data;
	const char *slash = strrchr(name, '/');
	g_autofree char *folder =
		slash != NULL ? g_strndup(name, (size_t)(slash - name)) : g_strdup("");

	if (text != NULL)
		index_builder_add(scan->index, folder, slash != NULL ? slash + 1 : name, text,
				  length);
	if (scan->listing != NULL)
		filelist_builder_add(scan->listing, name, digest, text, length);
}

static Modzip *zip_of(GoAsk *ask, GError **error)
{
	if (ask->zip < 0) {
		g_propagate_error(error, goask_error(ask));
		return NULL;
	}
	return modzip_open(goask_take_zip(ask), ask->path, ask->version, error);
}

static void scan_zip(const Fetch *fetch, Learnt *learnt, GoAsk *ask)
{
	g_autoptr(IndexBuilder) index = index_builder_new();
	g_autoptr(FileListBuilder) listing =
		fetch->supplier.makes_listings ? filelist_builder_new() : NULL;
	Scan scan = { index, listing };
	g_autoptr(Modzip) zip = zip_of(ask, &learnt->error);
	g_autofree char *sum = NULL;

	if (zip == NULL || !modzip_scan(zip, add_file, &scan, &sum, &learnt->error))
		return;
	learnt->index = index_builder_finish(index, sum);
	if (listing != NULL)
		learnt->listing = filelist_builder_finish(listing);
}

/* Asks proxies for what `wanted` (of Learnt, borrowed) lack. */
static void ask_proxies(Fetch *fetch, const GPtrArray *wanted, GoAskKind kind)
{
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);

	for (guint i = 0; i < wanted->len; i++) {
		const Module *module = ((Learnt *)wanted->pdata[i])->module;

		g_ptr_array_add(asks, goask_new(kind, module->actual_path, module->actual_version));
	}
	goproxy_ask_all(fetch->proxy, asks);
	for (guint i = 0; i < wanted->len; i++) {
		Learnt *learnt = wanted->pdata[i];

		learnt->is_new = true;
		if (kind == GOASK_GOMOD)
			learnt->record = record_of(asks->pdata[i], &learnt->error);
		else
			scan_zip(fetch, learnt, asks->pdata[i]);
	}
}

/* The same, so many at a time. */
static void ask_in_portions(Fetch *fetch, const GPtrArray *wanted, GoAskKind kind, guint size)
{
	for (guint i = 0; i < wanted->len; i += size) {
		g_autoptr(GPtrArray) portion = g_ptr_array_new();

		for (guint j = i; j < MIN(wanted->len, i + size); j++)
			g_ptr_array_add(portion, wanted->pdata[j]);
		ask_proxies(fetch, portion, kind);
	}
}

static bool need_gomods(Supplier *supplier, Facts *facts, const GPtrArray *modules,
			GError **error G_GNUC_UNUSED)
{
	Fetch *fetch = (Fetch *)supplier;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(learnt_free);
	g_autoptr(GPtrArray) wanted = g_ptr_array_new(), sums = NULL;

	for (guint i = 0; i < modules->len; i++) {
		Learnt *learnt = g_new0(Learnt, 1);
		ModRecord unused;

		learnt->module = modules->pdata[i];
		learnt->record = find_kept(fetch, learnt->module, "gomod");
		if (learnt->record != NULL && !modrecord_open(learnt->record, &unused))
			g_clear_pointer(&learnt->record, g_bytes_unref);
		g_ptr_array_add(all, learnt);
		if (learnt->record == NULL)
			g_ptr_array_add(wanted, learnt);
	}
	ask_in_portions(fetch, wanted, GOASK_GOMOD, GOMODS_AT_ONCE);
	sums = ask_sums(fetch, facts, modules, true);
	for (guint i = 0; i < all->len; i++) {
		Learnt *learnt = all->pdata[i];
		ModRecord record;

		if (learnt->record == NULL || !modrecord_open(learnt->record, &record) ||
		    !check_sum(sums->pdata[i], true, record.sum, &learnt->error)) {
			forget_gomod(fetch, learnt->module);
			facts_fail_gomod(learnt->module, learnt->error);
			continue;
		}
		if (learnt->is_new)
			keep(fetch, learnt->module, "gomod", learnt->record);
		facts_take_gomod(facts, learnt->module, learnt->record);
	}
	return true;
}

static bool need_indexes(Supplier *supplier, Facts *facts, const GPtrArray *modules,
			 GError **error G_GNUC_UNUSED)
{
	Fetch *fetch = (Fetch *)supplier;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(learnt_free);
	g_autoptr(GPtrArray) wanted = g_ptr_array_new(), sums = NULL;

	for (guint i = 0; i < modules->len; i++) {
		Learnt *learnt = g_new0(Learnt, 1);
		g_autoptr(GBytes) bytes = NULL;

		learnt->module = modules->pdata[i];
		bytes = find_kept(fetch, learnt->module, "index");
		if (bytes != NULL)
			learnt->index = index_of_bytes(bytes);
		g_ptr_array_add(all, learnt);
		if (learnt->index == NULL)
			g_ptr_array_add(wanted, learnt);
	}
	ask_in_portions(fetch, wanted, GOASK_ZIP, ZIPS_AT_ONCE);
	sums = ask_sums(fetch, facts, modules, false);
	for (guint i = 0; i < all->len; i++) {
		Learnt *learnt = all->pdata[i];

		if (learnt->index == NULL ||
		    !check_sum(sums->pdata[i], false, index_sum(learnt->index), &learnt->error)) {
			facts_fail_index(learnt->module, learnt->error);
			continue;
		}
		if (learnt->is_new)
			keep(fetch, learnt->module, "index", index_bytes(learnt->index));
		if (learnt->listing != NULL)
			keep(fetch, learnt->module, "files", learnt->listing->bytes);
		facts_take_index(learnt->module, g_steal_pointer(&learnt->index));
	}
	return true;
}

/* A zip that was looked into before must still be the same. */
static bool take_listing(const Fetch *fetch, Learnt *learnt, GError **error)
{
	Module *module = learnt->module;

	if (learnt->listing == NULL) {
		g_propagate_error(error, g_steal_pointer(&learnt->error));
		return false;
	}
	if (module->index != NULL &&
	    strcmp(index_sum(module->index), index_sum(learnt->index)) != 0)
		return fail(error, FAILURE_INPUT,
			    "checksum mismatch: '%s@%s' is %s now, and was %s", module->actual_path,
			    module->actual_version, index_sum(learnt->index),
			    index_sum(module->index));
	keep(fetch, module, "files", learnt->listing->bytes);
	module->listing = g_steal_pointer(&learnt->listing);
	return true;
}

static bool need_listings(Supplier *supplier, const GPtrArray *modules, GError **error)
{
	Fetch *fetch = (Fetch *)supplier;
	g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func(learnt_free);

	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];
		g_autoptr(GBytes) bytes = find_kept(fetch, module, "files");
		Learnt *learnt;

		if (bytes != NULL)
			module->listing = filelist_of_bytes(bytes);
		if (module->listing != NULL)
			continue;
		learnt = g_new0(Learnt, 1);
		learnt->module = module;
		g_ptr_array_add(wanted, learnt);
	}
	ask_in_portions(fetch, wanted, GOASK_ZIP, ZIPS_AT_ONCE);
	for (guint i = 0; i < wanted->len; i++)
		if (!take_listing(fetch, wanted->pdata[i], error))
			return false;
	return true;
}

static int by_module(const void *a, const void *b)
{
	const WantedFile *x = *(const WantedFile *const *)a, *y = *(const WantedFile *const *)b;

	return module_order(&x->module, &y->module);
}

/* A file must be the one that was listed; the zip as a whole was summed then. */
static bool read_file(Modzip *zip, WantedFile *wanted, GError **error)
{
	const ListedFile *listed = filelist_find(wanted->module->listing, wanted->name);
	uint8_t digest[32];
	gsize length;
	const void *text;

	wanted->bytes = modzip_read(zip, wanted->name, error);
	if (wanted->bytes == NULL)
		return false;
	text = g_bytes_get_data(wanted->bytes, &length);
	sha256(text, length, digest);
	return memcmp(digest, listed->digest, sizeof digest) == 0 ||
	       fail(error, FAILURE_INPUT, "checksum mismatch: '%s' of '%s@%s' is not what it was",
		    wanted->name, wanted->module->actual_path, wanted->module->actual_version);
}

/* Reads `files`, sorted by module, out of the zips of some of these modules. */
static bool read_portion(Fetch *fetch, WantedFile **files, guint count, GError **error)
{
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);

	for (guint i = 0; i < count; i++)
		if (i == 0 || files[i]->module != files[i - 1]->module)
			g_ptr_array_add(asks, goask_new(GOASK_ZIP, files[i]->module->actual_path,
							files[i]->module->actual_version));
	goproxy_ask_all(fetch->proxy, asks);
	for (guint i = 0, at = 0; i < asks->len; i++) {
		g_autoptr(Modzip) zip = zip_of(asks->pdata[i], error);
		const Module *module = files[at]->module;

		if (zip == NULL)
			return false;
		for (; at < count && files[at]->module == module; at++)
			if (!read_file(zip, files[at], error))
				return false;
	}
	return true;
}

static bool read_files(Supplier *supplier, GPtrArray *files, GError **error)
{
	guint modules = 0, from = 0;

	g_ptr_array_sort(files, by_module);
	for (guint i = 0; i < files->len; i++) {
		const WantedFile *next = i + 1 < files->len ? files->pdata[i + 1] : NULL;

		if (next != NULL && next->module == ((WantedFile *)files->pdata[i])->module)
			continue;
		if (++modules < ZIPS_AT_ONCE && next != NULL)
			continue;
		if (!read_portion((Fetch *)supplier, (WantedFile **)files->pdata + from,
				  i + 1 - from, error))
			return false;
		modules = 0;
		from = i + 1;
	}
	return true;
}

static bool find_latest(Supplier *supplier, Facts *facts, GPtrArray *queries,
			GError **error G_GNUC_UNUSED)
{
	newest_find(((Fetch *)supplier)->proxy, facts_main_file(facts), queries);
	return true;
}

static void latest_query_free(void *data)
{
	LatestQuery *latest = data;

	g_free(latest->version);
	g_clear_error(&latest->error);
	g_free(latest);
}

/* Those that a list answers. */
static void find_in_lists(const Fetch *fetch, Facts *facts, const GPtrArray *queries)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(latest_query_free);

	for (guint i = 0; i < queries->len; i++) {
		const VersionQuery *query = queries->pdata[i];
		LatestQuery *latest = g_new0(LatestQuery, 1);

		latest->path = facts_path(facts, query->path);
		latest->text = query->text;
		latest->current = query->current;
		g_ptr_array_add(list, latest);
	}
	newest_find(fetch->proxy, facts_main_file(facts), list);
	for (guint i = 0; i < queries->len; i++) {
		VersionQuery *query = queries->pdata[i];
		LatestQuery *latest = list->pdata[i];

		query->version = g_steal_pointer(&latest->version);
		query->error = g_steal_pointer(&latest->error);
		if (query->version == NULL && query->error == NULL)
			fail(&query->error, FAILURE_ABSENT, "no version of '%s' is '%s'",
			     query->path, query->text);
	}
}

/* The proxy knows branches and commits, and gives their versions. */
static void find_by_name(const Fetch *fetch, const GPtrArray *queries)
{
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);

	for (guint i = 0; i < queries->len; i++) {
		const VersionQuery *query = queries->pdata[i];

		g_ptr_array_add(asks, goask_new(GOASK_INFO, query->path, query->text));
	}
	goproxy_ask_all(fetch->proxy, asks);
	for (guint i = 0; i < queries->len; i++) {
		VersionQuery *query = queries->pdata[i];
		const GoAsk *ask = asks->pdata[i];

		if (ask->info_version != NULL)
			query->version = g_strdup(ask->info_version);
		else
			query->error = goask_error(ask);
	}
}

static bool find_versions(Supplier *supplier, Facts *facts, GPtrArray *queries,
			  GError **error G_GNUC_UNUSED)
{
	g_autoptr(GPtrArray) listed = g_ptr_array_new(), named = g_ptr_array_new();

	for (guint i = 0; i < queries->len; i++) {
		VersionQuery *query = queries->pdata[i];
		ModQueryKind kind = modquery_kind(query->text);
		bool needs_current = kind == MODQUERY_UPGRADE || kind == MODQUERY_PATCH;

		if (kind == MODQUERY_NONE && version_is_valid(query->text) &&
		    modpath_check_version(query->path, query->text, NULL))
			query->version = version_canonical(query->text);
		else if (kind == MODQUERY_NONE || (needs_current && query->current == NULL))
			g_ptr_array_add(named, query);
		else
			g_ptr_array_add(listed, query);
	}
	find_in_lists((Fetch *)supplier, facts, listed);
	find_by_name((Fetch *)supplier, named);
	return true;
}

/* Whether proxies have a toolchain; `*error` only if they could not say. */
static bool has_toolchain(const Fetch *fetch, const char *go, GError **error)
{
	g_autofree char *version = g_strdup_printf("v0.0.1-go%s.linux-amd64", go);
	g_autoptr(GoAsk) ask = goask_new(GOASK_INFO, GOPROXY_TOOLCHAIN, version);

	goproxy_ask(fetch->proxy, ask);
	if (ask->error != NULL)
		g_propagate_error(error, g_error_copy(ask->error));
	return ask->info_version != NULL;
}

/* Go's toolchains are versions of a module. A proxy that has none of them cannot tell;
 * nor can one that may not be asked. */
static bool find_go(Supplier *supplier, const char *go, bool *is_released, GError **error)
{
	const Fetch *fetch = (Fetch *)supplier;
	g_autofree char *first = goversion_first_release(go);
	g_autoptr(GError) local = NULL;
	FailureKind kind;

	*is_released = fetch->env->world->is_offline || has_toolchain(fetch, first, &local) ||
		       local != NULL || !has_toolchain(fetch, ANY_TOOLCHAIN, &local);
	if (local == NULL)
		return true;
	kind = failure_kind(local);
	if (kind != FAILURE_NET && kind != FAILURE_BUSY)
		return true;
	g_propagate_error(error, g_steal_pointer(&local));
	return false;
}

static bool packs(Supplier *supplier, const char *path)
{
	const Fetch *fetch = (Fetch *)supplier;

	return goproxy_may_be_direct(fetch->proxy, path) && !sumdb_covers(fetch->sums, path);
}

Supplier *fetch_new(const World *world, GError **error)
{
	Fetch *fetch = g_new0(Fetch, 1);

	fetch->supplier.need_gomods = need_gomods;
	fetch->supplier.need_indexes = need_indexes;
	fetch->supplier.find_latest = find_latest;
	fetch->supplier.find_versions = find_versions;
	fetch->supplier.find_go = find_go;
	fetch->supplier.packs = packs;
	fetch->supplier.need_listings = need_listings;
	fetch->supplier.read_files = read_files;
	fetch->cache = modcache_open(world->cache_directory, world->circle);
	fetch->env = goenv_new(world, error);
	if (fetch->env != NULL)
		fetch->sums = sumdb_new(fetch->env, error);
	if (fetch->sums == NULL) {
		fetch_free(&fetch->supplier);
		return NULL;
	}
	fetch->proxy = goproxy_new(fetch->env);
	return &fetch->supplier;
}

void fetch_free(Supplier *supplier)
{
	Fetch *fetch = (Fetch *)supplier;

	if (fetch == NULL)
		return;
	goproxy_free(fetch->proxy);
	sumdb_free(fetch->sums);
	goenv_free(fetch->env);
	modcache_free(fetch->cache);
	g_free(fetch);
}
