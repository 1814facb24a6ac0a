/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/fetch.h"

#include "ecosystems/gomod/dirhash.h"
#include "ecosystems/gomod/goproxy.h"
#include "ecosystems/gomod/modcache.h"
#include "ecosystems/gomod/modrecord.h"
#include "ecosystems/gomod/modzip.h"
#include "ecosystems/gomod/newest.h"

#include <string.h>

/* Zips on the disk at one time. */
#define ZIPS_AT_ONCE 32

typedef struct {
	Supplier supplier;
	GoEnv *env;
	GoProxy *proxy;
	ModCache *cache;
} Fetch;

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

static bool need_gomods(Supplier *supplier, Facts *facts, const GPtrArray *modules,
			GError **error G_GNUC_UNUSED)
{
	Fetch *fetch = (Fetch *)supplier;
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);
	g_autoptr(GPtrArray) asked = g_ptr_array_new();

	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];
		g_autoptr(GBytes) record = modcache_find(fetch->cache, module->actual_path,
							 module->actual_version, "gomod");
		ModRecord unused;

		if (record != NULL && modrecord_open(record, &unused)) {
			facts_take_gomod(facts, module, record);
			continue;
		}
		g_ptr_array_add(asked, module);
		g_ptr_array_add(
			asks, goask_new(GOASK_GOMOD, module->actual_path, module->actual_version));
	}
	goproxy_ask_all(fetch->proxy, asks);
	for (guint i = 0; i < asks->len; i++) {
		Module *module = asked->pdata[i];
		g_autoptr(GError) local = NULL;
		g_autoptr(GBytes) record = record_of(asks->pdata[i], &local);

		if (record == NULL) {
			facts_fail_gomod(module, local);
			continue;
		}
		modcache_keep(fetch->cache, module->actual_path, module->actual_version, "gomod",
			      record);
		facts_take_gomod(facts, module, record);
	}
	return true;
}

/* modzip_scan()'s visit. */
static void add_file(void *builder, const char *name, const uint8_t digest[static 32] G_GNUC_UNUSED,
		     const char *text, size_t length)
{
	const char *slash = strrchr(name, '/');
	g_autofree char *folder =
		slash != NULL ? g_strndup(name, (size_t)(slash - name)) : g_strdup("");

	if (text != NULL)
		index_builder_add(builder, folder, slash != NULL ? slash + 1 : name, text, length);
}

static PackageIndex *index_of_zip(GoAsk *ask, GError **error)
{
	g_autoptr(Modzip) zip = NULL;
	g_autoptr(IndexBuilder) builder = index_builder_new();
	g_autofree char *sum = NULL;

	if (ask->zip < 0) {
		g_propagate_error(error, goask_error(ask));
		return NULL;
	}
	zip = modzip_open(goask_take_zip(ask), ask->path, ask->version, error);
	if (zip == NULL || !modzip_scan(zip, add_file, builder, &sum, error))
		return NULL;
	return index_builder_finish(builder, sum);
}

static PackageIndex *kept_index(const Fetch *fetch, const Module *module)
{
	g_autoptr(GBytes) bytes =
		modcache_find(fetch->cache, module->actual_path, module->actual_version, "index");

	return bytes != NULL ? index_of_bytes(bytes) : NULL;
}

/* Fetches the zips of some modules and looks into them. */
static void fetch_indexes(Fetch *fetch, Module *const *modules, size_t count)
{
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);

	for (size_t i = 0; i < count; i++)
		g_ptr_array_add(asks, goask_new(GOASK_ZIP, modules[i]->actual_path,
						modules[i]->actual_version));
	goproxy_ask_all(fetch->proxy, asks);
	for (size_t i = 0; i < count; i++) {
		g_autoptr(GError) local = NULL;
		PackageIndex *index = index_of_zip(asks->pdata[i], &local);

		if (index == NULL) {
			facts_fail_index(modules[i], local);
			continue;
		}
		modcache_keep(fetch->cache, modules[i]->actual_path, modules[i]->actual_version,
			      "index", index_bytes(index));
		facts_take_index(modules[i], index);
	}
}

static bool need_indexes(Supplier *supplier, Facts *facts G_GNUC_UNUSED, const GPtrArray *modules,
			 GError **error G_GNUC_UNUSED)
{
	Fetch *fetch = (Fetch *)supplier;
	g_autoptr(GPtrArray) asked = g_ptr_array_new();

	for (guint i = 0; i < modules->len; i++) {
		Module *module = modules->pdata[i];
		PackageIndex *index = kept_index(fetch, module);

		if (index != NULL)
			facts_take_index(module, index);
		else
			g_ptr_array_add(asked, module);
	}
	for (guint i = 0; i < asked->len; i += ZIPS_AT_ONCE)
		fetch_indexes(fetch, (Module *const *)(asked->pdata + i),
			      MIN(asked->len - i, ZIPS_AT_ONCE));
	return true;
}

static bool find_latest(Supplier *supplier, Facts *facts, GPtrArray *queries,
			GError **error G_GNUC_UNUSED)
{
	newest_find(((Fetch *)supplier)->proxy, facts_main_file(facts), queries);
	return true;
}

Supplier *fetch_new(const World *world, GError **error)
{
	GoEnv *env = goenv_new(world, error);
	Fetch *fetch;

	if (env == NULL)
		return NULL;
	fetch = g_new0(Fetch, 1);
	fetch->supplier.need_gomods = need_gomods;
	fetch->supplier.need_indexes = need_indexes;
	fetch->supplier.find_latest = find_latest;
	fetch->env = env;
	fetch->proxy = goproxy_new(env);
	fetch->cache = modcache_open(world->cache_directory);
	return &fetch->supplier;
}

void fetch_free(Supplier *supplier)
{
	Fetch *fetch = (Fetch *)supplier;

	if (fetch == NULL)
		return;
	goproxy_free(fetch->proxy);
	goenv_free(fetch->env);
	modcache_free(fetch->cache);
	g_free(fetch);
}
