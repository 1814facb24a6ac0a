/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/golookup.h"

#include "base/text.h"
#include "ecosystems/gomod/gochoice.h"
#include "ecosystems/gomod/gomajor.h"
#include "ecosystems/gomod/gomod.h"
#include "ecosystems/gomod/goproxy.h"
#include "ecosystems/gomod/goseen.h"
#include "ecosystems/gomod/latest.h"
#include "ecosystems/gomod/modfile.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

#define MAX_MESSAGE 500 /* bytes of an author's message that are shown */

/* One module on its way. Versions are borrowed from the offer's releases. */
typedef struct {
	Offer *offer;
	GTree *releases;          /* version to Release, both of the offer */
	const char *untagged;     /* the highest untagged version that a dependency has; NULL */
	const char *incompatible; /* the highest version without go.mod that one has; NULL */
	bool is_direct;           /* required so by one at least */
	GPtrArray *versions;      /* of char *, ascending */
	char *listed;             /* the newest untagged version of the list; NULL */
	const char *decider; /* whose go.mod decides about +incompatible; NULL: nothing to decide */
	const char *newest;  /* whose go.mod speaks of retractions; NULL: there is none */
	GTree *gomods;       /* version to GBytes; what could not be had is missing */
} Module;

static void offer_detail_free(void *data)
{
	ModuleOffer *detail = data;

	g_free(detail->deprecated);
	g_free(detail->renamed);
	g_free(detail->next_path);
	g_free(detail->next_version);
	g_free(detail->next_deprecated);
	g_free(detail);
}

static Module *module_new(const char *path)
{
	Module *module = g_new0(Module, 1);

	module->offer = offer_new(path);
	module->offer->detail = g_new0(ModuleOffer, 1);
	module->offer->free_detail = offer_detail_free;
	module->releases = g_tree_new_full(text_compare, NULL, NULL, NULL);
	module->versions = g_ptr_array_new();
	module->gomods = g_tree_new_full(text_compare, NULL, g_free, (GDestroyNotify)g_bytes_unref);
	return module;
}

static void module_free(Module *module)
{
	g_tree_unref(module->releases);
	g_ptr_array_unref(module->versions);
	g_tree_unref(module->gomods);
	g_free(module->listed);
	g_free(module);
}

/* Adds a version unless it is there. The order of `versions` is left to the caller. */
static void add_release(Module *module, const char *version, int64_t at)
{
	Release *release;

	if (!version_is_canonical(version) || g_tree_lookup(module->releases, version) != NULL)
		return;
	release = release_new(version);
	/* An untagged version bears its commit's time in its name. */
	if (at == 0 && !version_pseudo_time(version, &at, NULL))
		at = 0;
	release->published_at = at;
	release->is_described = at > 0;
	g_ptr_array_add(module->offer->releases, release);
	g_ptr_array_add(module->versions, release->version);
	g_tree_insert(module->releases, release->version, release);
}

static gint compare_versions(gconstpointer x, gconstpointer y)
{
	return version_compare(*(const char *const *)x, *(const char *const *)y);
}

/* The tagged versions of a list, and the newest of the others. */
static void take_list(Module *module, const GoAsk *ask)
{
	for (guint i = 0; i < ask->list->len; i++) {
		const GoListed *listed = g_ptr_array_index(ask->list, i);

		if (!version_is_pseudo(listed->version))
			add_release(module, listed->version, listed->at);
	}
	g_ptr_array_sort(module->versions, compare_versions);
	module->listed = g_strdup(latest_untagged(ask->list));
}

static const char *highest(const Module *module)
{
	return module->versions->len > 0 ? module->versions->pdata[module->versions->len - 1]
					 : NULL;
}

static const char *wants_list(const Module *module)
{
	(void)module;
	return "";
}

/* Whether the proxy must be asked what it takes for the newest: where no tag is above
 * what is required. */
static const char *wants_latest(const Module *module)
{
	const char *top = highest(module);

	if (top == NULL)
		return "";
	return module->untagged != NULL && version_compare(top, module->untagged) <= 0 ? "" : NULL;
}

static void take_latest(Module *module, const GoAsk *ask)
{
	if (ask->info_version != NULL)
		add_release(module, ask->info_version, ask->info_at);
	else if (ask->is_absent && module->listed != NULL)
		add_release(module, module->listed, 0);
	g_ptr_array_sort(module->versions, compare_versions);
}

static bool is_known(const Module *module, const char *version)
{
	return g_tree_lookup(module->gomods, version) != NULL;
}

static const char *wants_decider(const Module *module)
{
	return module->decider != NULL && !is_known(module, module->decider) ? module->decider
									     : NULL;
}

static const char *wants_newest(const Module *module)
{
	return module->newest != NULL && !is_known(module, module->newest) ? module->newest : NULL;
}

static void take_gomod(Module *module, const GoAsk *ask)
{
	if (ask->gomod != NULL)
		g_tree_replace(module->gomods, g_strdup(ask->version), g_bytes_ref(ask->gomod));
}

/* For a version without go.mod a proxy makes up "module PATH". One that cannot be had
 * counts as real. */
static bool has_gomod(void *data, const char *version)
{
	const Module *module = data;
	g_autofree char *made_up = g_strdup_printf("module %s\n", module->offer->key);
	GBytes *gomod = g_tree_lookup(module->gomods, version);

	return gomod == NULL || g_bytes_get_size(gomod) != strlen(made_up) ||
	       memcmp(g_bytes_get_data(gomod, NULL), made_up, strlen(made_up)) != 0;
}

static bool allows_all(void *data, const char *version)
{
	(void)data;
	(void)version;
	return true;
}

static bool allows_unretracted(void *data, const char *version)
{
	const Module *module = data;
	const Release *release = g_tree_lookup(module->releases, version);

	return release->retracted == NULL;
}

/* Until the newest go.mod has been read nothing is known to be retracted. */
static void find_decider(Module *module)
{
	const LatestRules rules = { .allows = allows_unretracted,
				    .has_gomod = has_gomod,
				    .data = module };

	module->decider = latest_decider(module->versions, &rules);
}

static void decide_incompatible(Module *module)
{
	ModuleOffer *detail = module->offer->detail;

	detail->takes_incompatible = module->decider == NULL || !has_gomod(module, module->decider);
}

static void find_newest(Module *module)
{
	const LatestRules rules = { .allows = allows_all, .has_gomod = has_gomod, .data = module };

	module->newest = latest_choose(module->versions, &rules);
}

/* One line of an author's message that a person can read; "" if nothing is left. */
static char *message_line(const char *text)
{
	g_autofree char *line = g_strndup(text, strcspn(text, "\r\n"));
	char *valid = text_one_line(line);

	if (strlen(valid) > MAX_MESSAGE)
		*g_utf8_find_prev_char(valid, valid + MAX_MESSAGE) = '\0';
	return g_strstrip(valid);
}

/* What the newest go.mod says of the module. Errors there retract nothing. */
static void read_newest(Module *module)
{
	ModuleOffer *detail = module->offer->detail;
	GBytes *gomod =
		module->newest != NULL ? g_tree_lookup(module->gomods, module->newest) : NULL;
	g_autoptr(ModFile) file =
		gomod != NULL ? modfile_read("go.mod", gomod, MODFILE_DEPENDENCY, NULL) : NULL;

	if (file == NULL)
		return;
	if (file->deprecated != NULL)
		detail->deprecated = message_line(file->deprecated);
	if (file->module != NULL && strcmp(file->module, module->offer->key) != 0 &&
	    modpath_check(file->module, NULL))
		detail->renamed = g_strdup(file->module);
	for (guint i = 0; i < module->offer->releases->len; i++) {
		Release *release = g_ptr_array_index(module->offer->releases, i);
		const ModRetract *retract = modfile_retraction(file, release->version);

		if (retract != NULL)
			release->retracted = message_line(retract->rationale);
	}
}

/* One round: asks for what each module wants ("" where there is no version to name;
 * NULL: nothing). */
static void ask_round(GoProxy *proxy, GPtrArray *modules, GoAskKind kind,
		      const char *(*wants)(const Module *module),
		      void (*take)(Module *module, const GoAsk *ask))
{
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);
	g_autoptr(GPtrArray) asking = g_ptr_array_new();

	for (guint i = 0; i < modules->len; i++) {
		Module *module = g_ptr_array_index(modules, i);
		const char *version = module->offer->error == NULL ? wants(module) : NULL;

		if (version == NULL)
			continue;
		g_ptr_array_add(asking, module);
		g_ptr_array_add(asks, goask_new(kind, module->offer->key,
						*version != '\0' ? version : NULL));
	}
	goproxy_ask_all(proxy, asks);
	for (guint i = 0; i < asks->len; i++) {
		Module *module = g_ptr_array_index(asking, i);
		const GoAsk *ask = g_ptr_array_index(asks, i);

		/* Without its list a module is not there; all else may be missing. */
		if (kind == GOASK_LIST && ask->list == NULL)
			module->offer->error = goask_error(ask);
		else
			take(module, ask);
	}
}

static void for_all(GPtrArray *modules, void (*step)(Module *module))
{
	for (guint i = 0; i < modules->len; i++)
		step(g_ptr_array_index(modules, i));
}

static void release_detail_free(void *data)
{
	ModuleRelease *detail = data;

	g_free(detail->path);
	g_free(detail->declares);
	g_free(detail->go);
	g_free(detail);
}

ModuleRelease *golookup_detail(Release *release)
{
	if (release->detail == NULL) {
		release->detail = g_new0(ModuleRelease, 1);
		release->free_detail = release_detail_free;
	}
	return release->detail;
}

const char *golookup_path(const Offer *offer, const Release *release)
{
	const ModuleRelease *detail = release->detail;

	return detail != NULL && detail->path != NULL ? detail->path : offer->key;
}

bool golookup_is_next_itself(const Dependency *dependency)
{
	const ModuleOffer *detail = dependency->offer->detail;

	return detail->next_path != NULL &&
	       g_strcmp0(detail->next_path, gomod_file(dependency)->module) == 0;
}

/* What its go.mod says of a release of the module `path`; `gomod` NULL: it could not be
 * had. */
static void take_go_line(Release *release, const char *path, GBytes *gomod)
{
	ModuleRelease *detail = golookup_detail(release);
	g_autoptr(ModFile) file =
		gomod != NULL ? modfile_read("go.mod", gomod, MODFILE_DEPENDENCY, NULL) : NULL;

	detail->knows_go = true;
	g_free(detail->go);
	detail->go = file != NULL ? g_strdup(file->go) : NULL;
	g_clear_pointer(&detail->declares, g_free);
	if (file != NULL && file->module != NULL && strcmp(file->module, path) != 0)
		detail->declares = text_one_line(file->module);
}

static gboolean take_known_go_line(void *version, void *gomod, void *data)
{
	const Module *module = data;
	Release *release = g_tree_lookup(module->releases, version);

	if (release != NULL)
		take_go_line(release, module->offer->key, gomod);
	return FALSE;
}

static void take_known_go_lines(Module *module)
{
	g_tree_foreach(module->gomods, take_known_go_line, module);
}

static void look_up(GoProxy *proxy, GPtrArray *modules)
{
	ask_round(proxy, modules, GOASK_LIST, wants_list, take_list);
	ask_round(proxy, modules, GOASK_LATEST, wants_latest, take_latest);
	for_all(modules, find_decider);
	ask_round(proxy, modules, GOASK_GOMOD, wants_decider, take_gomod);
	for_all(modules, find_newest);
	ask_round(proxy, modules, GOASK_GOMOD, wants_newest, take_gomod);
	for_all(modules, read_newest);
	/* What is retracted decides nothing. */
	for_all(modules, find_decider);
	ask_round(proxy, modules, GOASK_GOMOD, wants_decider, take_gomod);
	for_all(modules, decide_incompatible);
	for_all(modules, take_known_go_lines);
}

/* The releases of the next major version join those of the module, without deciding
 * anything among them. */
static void take_next(Module *module, const MajorAsk *ask)
{
	ModuleOffer *detail = module->offer->detail;
	g_autoptr(ModFile) file = modfile_read("go.mod", ask->gomod, MODFILE_DEPENDENCY, NULL);
	const char *newest = NULL;

	for (guint i = 0; i < ask->versions->len; i++) {
		const GoListed *listed = ask->versions->pdata[i];
		const ModRetract *retract =
			file != NULL ? modfile_retraction(file, listed->version) : NULL;
		Release *release;

		if (g_tree_lookup(module->releases, listed->version) != NULL)
			continue;
		add_release(module, listed->version, listed->at);
		release = g_tree_lookup(module->releases, listed->version);
		if (release == NULL)
			continue;
		golookup_detail(release)->path = g_strdup(ask->next);
		if (retract != NULL)
			release->retracted = message_line(retract->rationale);
		else if (!version_is_prerelease(release->version) &&
			 (newest == NULL || version_compare(release->version, newest) > 0))
			newest = release->version;
	}
	detail->next_path = g_strdup(ask->next);
	detail->next_version = g_strdup(newest);
	if (file != NULL && file->deprecated != NULL)
		detail->next_deprecated = message_line(file->deprecated);
}

/* The major version of what is required without go.mod, above which to look, and which
 * may have got its go.mod since; 0: that of the path. */
static guint major_below(const Module *module)
{
	char *numbers[3];
	guint64 major = 0;

	if (module->incompatible == NULL || !version_numbers(module->incompatible, numbers))
		return 0;
	if (!g_ascii_string_to_unsigned(numbers[0], 10, 1, G_MAXINT32, &major, NULL))
		major = G_MAXINT32;
	for (int i = 0; i < 3; i++)
		g_free(numbers[i]);
	return (guint)major - 1;
}

static void find_next(const World *w, GoProxy *proxy, GPtrArray *modules)
{
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)majorask_free);
	g_autoptr(GPtrArray) asking = g_ptr_array_new();

	for (guint i = 0; i < modules->len; i++) {
		Module *module = g_ptr_array_index(modules, i);

		if (!module->is_direct || module->offer->error != NULL)
			continue;
		g_ptr_array_add(asking, module);
		g_ptr_array_add(asks, majorask_new(module->offer->key, major_below(module)));
	}
	gomajor_ask_all(w, proxy, asks);
	for (guint i = 0; i < asks->len; i++) {
		const MajorAsk *ask = g_ptr_array_index(asks, i);

		if (ask->next != NULL)
			take_next(g_ptr_array_index(asking, i), ask);
	}
}

static gint compare_releases(gconstpointer x, gconstpointer y)
{
	const Release *a = *(const Release *const *)x, *b = *(const Release *const *)y;

	return version_compare(a->version, b->version);
}

/* Notes what `dependency` has to do with its module. */
static void join(Module *module, const Dependency *dependency)
{
	if (dependency->version != NULL && version_is_pseudo(dependency->version) &&
	    (module->untagged == NULL ||
	     version_compare(dependency->version, module->untagged) > 0))
		module->untagged = dependency->version;
	if (dependency->version != NULL && version_is_incompatible(dependency->version) &&
	    (module->incompatible == NULL ||
	     version_compare(dependency->version, module->incompatible) > 0))
		module->incompatible = dependency->version;
	module->is_direct |= dependency->is_direct;
}

/* Whether the module is given up, or goes on under another path. */
static void remark(Dependency *dependency)
{
	const ModuleOffer *detail = dependency->offer->detail;
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);

	if (detail->deprecated != NULL)
		g_ptr_array_add(
			parts, g_strdup_printf("the module is deprecated: %s", detail->deprecated));
	if (detail->renamed != NULL)
		g_ptr_array_add(parts, g_strdup_printf("the module calls itself '%s' now",
						       detail->renamed));
	else if (detail->next_version != NULL && dependency->is_direct &&
		 !golookup_is_next_itself(dependency))
		g_ptr_array_add(
			parts,
			g_strdup_printf(
				"%s is '%s'%s%s", detail->next_version, detail->next_path,
				detail->next_deprecated != NULL ? ", which is deprecated: " : "",
				detail->next_deprecated != NULL ? detail->next_deprecated : ""));
	g_clear_pointer(&dependency->remark, g_free);
	if (parts->len == 0)
		return;
	g_ptr_array_add(parts, NULL);
	dependency->remark = g_strjoinv("; ", (char **)parts->pdata);
}

bool golookup_offers(World *w, GPtrArray *dependencies, GTree *offers, GError **error)
{
	g_autoptr(GPtrArray) modules = g_ptr_array_new_with_free_func((GDestroyNotify)module_free);
	g_autoptr(GPtrArray) looked_up = g_ptr_array_new();
	g_autoptr(GTree) by_path = g_tree_new_full(text_compare, NULL, NULL, NULL);
	g_autoptr(GError) local = NULL;
	g_autoptr(GoEnv) env = goenv_new(w, &local);
	g_autoptr(GoProxy) proxy = env != NULL ? goproxy_new(env) : NULL;

	for (guint i = 0; i < dependencies->len; i++) {
		Dependency *dependency = g_ptr_array_index(dependencies, i);
		Module *module = g_tree_lookup(by_path, dependency->key);

		if (module == NULL) {
			module = module_new(dependency->key);
			g_ptr_array_add(modules, module);
			g_tree_insert(by_path, module->offer->key, module);
			g_tree_replace(offers, g_strdup(dependency->key), module->offer);
			if (local != NULL)
				module->offer->error = g_error_copy(local);
		}
		join(module, dependency);
		dependency->offer = module->offer;
	}
	if (proxy == NULL)
		return true;
	look_up(proxy, modules);
	find_next(w, proxy, modules);
	for (guint i = 0; i < dependencies->len; i++)
		remark(g_ptr_array_index(dependencies, i));
	for (guint i = 0; i < modules->len; i++) {
		Offer *offer = ((Module *)g_ptr_array_index(modules, i))->offer;

		g_ptr_array_sort(offer->releases, compare_releases);
		g_ptr_array_add(looked_up, offer);
	}
	return goseen_note(w, looked_up, error);
}

static void take_info(Release *release, const GoAsk *ask)
{
	release->published_at = ask->info_at;
	golookup_detail(release)->is_absent = ask->is_absent;
}

static void take_answer(Release *release, const GoAsk *ask)
{
	if (ask->kind == GOASK_INFO)
		take_info(release, ask);
	else
		take_go_line(release, ask->path, ask->gomod);
}

/* What is asked for is marked as known, so that it is asked for once. */
static void ask_wishes(const Question *q, GPtrArray *asks, GPtrArray *releases)
{
	for (guint i = 0; i < q->wishes->len; i++) {
		Release *release = ((Wish *)g_ptr_array_index(q->wishes, i))->release;
		const char *path;
		ModuleRelease *detail;

		if (release == NULL)
			continue;
		path = golookup_path(q->dependency->offer, release);
		detail = golookup_detail(release);
		if (!release->is_described) {
			g_ptr_array_add(releases, release);
			g_ptr_array_add(asks, goask_new(GOASK_INFO, path, release->version));
		}
		if (!detail->knows_go && gochoice_reads_gomods(q)) {
			g_ptr_array_add(releases, release);
			g_ptr_array_add(asks, goask_new(GOASK_GOMOD, path, release->version));
			detail->knows_go = true;
		}
		release->is_described = true;
	}
	g_ptr_array_set_size(q->wishes, 0);
}

bool golookup_describe(World *w, GPtrArray *questions, GError **error)
{
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);
	g_autoptr(GPtrArray) releases = g_ptr_array_new();
	g_autoptr(GoEnv) env = goenv_new(w, error);
	g_autoptr(GoProxy) proxy = env != NULL ? goproxy_new(env) : NULL;

	if (proxy == NULL)
		return false;
	for (guint i = 0; i < questions->len; i++)
		ask_wishes(g_ptr_array_index(questions, i), asks, releases);
	goproxy_ask_all(proxy, asks);
	for (guint i = 0; i < asks->len; i++)
		take_answer(g_ptr_array_index(releases, i), g_ptr_array_index(asks, i));
	return true;
}
