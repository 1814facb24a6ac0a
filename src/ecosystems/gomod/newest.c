/* SPDX-License-Identifier: MIT */
/* The rounds, each for all modules at once:
 *
 * 1. lists;
 * 2. @latest where a list names no usable version, and the go.mod that decides
 *    whether +incompatible versions count;
 * 3. the go.mod of the newest version of all, for its retractions;
 * 4. the go.mod that decides about +incompatible now that some are left out;
 * 5. @latest where all are;
 * 6. the time of the choice, where a commit is required now: never back in time.
 *
 * Another query than "latest" chooses among fewer versions in rounds 4 to 6; whose
 * retractions hold does not depend on it.
 */
#include "ecosystems/gomod/newest.h"

#include "ecosystems/gomod/latest.h"
#include "ecosystems/gomod/modquery.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

/* One module being asked about. */
typedef struct {
	const ModFile *main;
	LatestQuery *query;
	const char *path;
	const char *text;                            /* the query */
	GoAsk *list, *latest, *decider, *top, *info; /* what has been asked; NULL */
	GPtrArray *extra;                            /* of char *, borrowed: replaced versions */
	GPtrArray *versions;                         /* of char *, borrowed; NULL: no such module */
	ModFile *top_file;                           /* whose retractions hold; NULL: none do */
	bool is_done;
} Newest;

static void newest_free(void *data)
{
	Newest *newest = data;

	g_clear_pointer(&newest->list, goask_free);
	g_clear_pointer(&newest->latest, goask_free);
	g_clear_pointer(&newest->decider, goask_free);
	g_clear_pointer(&newest->top, goask_free);
	g_clear_pointer(&newest->info, goask_free);
	g_clear_pointer(&newest->extra, g_ptr_array_unref);
	g_clear_pointer(&newest->versions, g_ptr_array_unref);
	modfile_free(newest->top_file);
	g_free(newest);
}

static Newest *newest_new(const ModFile *main, LatestQuery *query)
{
	Newest *newest = g_new0(Newest, 1);

	newest->main = main;
	newest->query = query;
	newest->path = query->path->text;
	newest->text = query->text != NULL ? query->text : "latest";
	newest->extra = g_ptr_array_new();
	for (guint i = 0; i < main->replaces->len; i++) {
		const ModReplace *replace = main->replaces->pdata[i];

		if (replace->old_version != NULL && strcmp(replace->old_path, newest->path) == 0)
			g_ptr_array_add(newest->extra, replace->old_version);
	}
	return newest;
}

static void give_up(Newest *newest, const GError *error)
{
	newest->query->error = g_error_copy(error);
	newest->is_done = true;
}

/* An answer that is neither what was asked for nor its absence. */
static bool has_failed(Newest *newest, const GoAsk *ask)
{
	if (ask != NULL && ask->error != NULL && !newest->is_done)
		give_up(newest, ask->error);
	return newest->is_done;
}

/* Where the go.mod of a version is asked for: at what replaces it; NULL if that
 * is a directory. */
static GoAsk *ask_gomod(const Newest *newest, const char *version)
{
	const ModReplace *replace = modfile_replacement(newest->main, newest->path, version);

	if (replace == NULL)
		return goask_new(GOASK_GOMOD, newest->path, version);
	if (replace->new_version == NULL)
		return NULL;
	return goask_new(GOASK_GOMOD, replace->new_path, replace->new_version);
}

static bool allows_all(void *data G_GNUC_UNUSED, const char *version G_GNUC_UNUSED)
{
	return true;
}

static bool allows(void *data, const char *version)
{
	const Newest *newest = data;

	return modquery_admits(newest->text, newest->query->current, version) &&
	       !modfile_excludes(newest->main, newest->path, version) &&
	       (newest->top_file == NULL || modfile_retraction(newest->top_file, version) == NULL);
}

/* Versions without a go.mod are served with one line. A directory that replaces a
 * module has one. */
static bool has_gomod(void *data, const char *version G_GNUC_UNUSED)
{
	const Newest *newest = data;
	g_autofree char *line = g_strdup_printf("module %s\n", newest->path);
	gsize length;
	const char *text;

	if (newest->decider == NULL || newest->decider->gomod == NULL)
		return true;
	text = g_bytes_get_data(newest->decider->gomod, &length);
	return length != strlen(line) || memcmp(text, line, length) != 0;
}

static LatestRules rules_of(Newest *newest, bool allows_everything)
{
	return (LatestRules){
		.allows = allows_everything ? allows_all : allows,
		.has_gomod = has_gomod,
		.data = newest,
		.wants_lowest = !allows_everything && modquery_kind(newest->text) == MODQUERY_ABOVE,
		.takes_incompatible = !allows_everything &&
				      modquery_wants_incompatible(newest->text, newest->path,
								  newest->query->current),
	};
}

static void ask_lists(GPtrArray *list, GPtrArray *asks)
{
	for (guint i = 0; i < list->len; i++) {
		Newest *newest = list->pdata[i];

		newest->list = goask_new(GOASK_LIST, newest->path, NULL);
		g_ptr_array_add(asks, newest->list);
	}
}

static void read_lists(GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++) {
		Newest *newest = list->pdata[i];

		if (has_failed(newest, newest->list))
			continue;
		if (newest->list->is_absent && newest->extra->len == 0) {
			newest->is_done = true; /* there is no such module */
			continue;
		}
		newest->versions = latest_versions(newest->list->list, newest->extra);
		newest->query->exists = true;
	}
}

static void ask_latest(Newest *newest, GPtrArray *asks)
{
	if (newest->latest != NULL)
		return;
	newest->latest = goask_new(GOASK_LATEST, newest->path, NULL);
	g_ptr_array_add(asks, newest->latest);
}

static void ask_decider(Newest *newest, bool allows_everything, GPtrArray *asks)
{
	LatestRules rules = rules_of(newest, allows_everything);
	const char *decider = latest_decider(newest->versions, &rules);

	g_clear_pointer(&newest->decider, goask_free);
	newest->decider = decider != NULL ? ask_gomod(newest, decider) : NULL;
	if (newest->decider != NULL)
		g_ptr_array_add(asks, newest->decider);
}

/* What stands in for tagged versions: the proxy's @latest, else the newest
 * untagged version of its list; NULL: nothing. */
static const char *untagged(const Newest *newest)
{
	if (newest->latest != NULL && newest->latest->info_version != NULL)
		return newest->latest->info_version;
	return newest->list->list != NULL ? latest_untagged(newest->list->list) : NULL;
}

static bool takes_untagged(const Newest *newest)
{
	return modquery_takes_untagged(newest->text, newest->query->current);
}

static const char *choose(Newest *newest, bool allows_everything)
{
	LatestRules rules = rules_of(newest, allows_everything);
	const char *version = latest_choose(newest->versions, &rules);

	if (version == NULL && (allows_everything || takes_untagged(newest)))
		version = untagged(newest);
	return version == NULL || rules.allows(newest, version) ? version : NULL;
}

static void ask_top(Newest *newest, GPtrArray *asks)
{
	const ModReplace *replace = modfile_replacement(newest->main, newest->path, "");
	const char *version = choose(newest, true);

	if (version == NULL) {
		newest->query->exists = newest->versions->len > 0;
		newest->is_done = true;
		return;
	}
	/* Where all versions are replaced, nobody's retractions hold. */
	if (replace != NULL && replace->old_version == NULL)
		return;
	newest->top = ask_gomod(newest, version);
	if (newest->top != NULL)
		g_ptr_array_add(asks, newest->top);
}

/* Retractions that cannot be had are none. */
static void read_top(Newest *newest)
{
	if (newest->top != NULL && newest->top->gomod != NULL)
		newest->top_file =
			modfile_read(newest->path, newest->top->gomod, MODFILE_DEPENDENCY, NULL);
}

typedef void (*Step)(Newest *newest, GPtrArray *asks);

static void step_first_choice(Newest *newest, GPtrArray *asks)
{
	if (newest->versions->len == 0)
		ask_latest(newest, asks);
	ask_decider(newest, true, asks);
}

static void step_retractions(Newest *newest, GPtrArray *asks)
{
	if (!has_failed(newest, newest->latest) && !has_failed(newest, newest->decider))
		ask_top(newest, asks);
}

static void step_second_choice(Newest *newest, GPtrArray *asks)
{
	read_top(newest);
	ask_decider(newest, false, asks);
}

static void step_last_resort(Newest *newest, GPtrArray *asks)
{
	LatestRules rules = rules_of(newest, false);

	if (!has_failed(newest, newest->decider) && takes_untagged(newest) &&
	    latest_choose(newest->versions, &rules) == NULL)
		ask_latest(newest, asks);
}

/* From a commit nobody moves to what was there before it. */
static void step_time(Newest *newest, GPtrArray *asks)
{
	const char *version = has_failed(newest, newest->latest) ? NULL : choose(newest, false);
	const char *current = newest->query->current;

	if (version == NULL || current == NULL || !version_is_pseudo(current))
		return;
	newest->info = goask_new(GOASK_INFO, newest->path, version);
	g_ptr_array_add(asks, newest->info);
}

static bool is_before(const GoAsk *info, const char *current)
{
	int64_t at;

	return info != NULL && info->info_at > 0 && version_pseudo_time(current, &at, NULL) &&
	       info->info_at < at;
}

/* Nothing goes down that was not asked to; upgrades may stay where they are. */
static const char *settle(Newest *newest)
{
	const char *version = choose(newest, false), *current = newest->query->current;
	ModQueryKind kind = modquery_kind(newest->text);
	bool is_upgrade = kind == MODQUERY_UPGRADE || kind == MODQUERY_PATCH;

	if (current == NULL || (kind != MODQUERY_LATEST && !is_upgrade))
		return version;
	if (version == NULL)
		return is_upgrade ? current : NULL;
	return version_compare(version, current) < 0 || is_before(newest->info, current) ? current
											 : version;
}

void newest_find(GoProxy *proxy, const ModFile *main, GPtrArray *queries)
{
	static const Step steps[] = { step_first_choice, step_retractions, step_second_choice,
				      step_last_resort, step_time };
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(newest_free);
	g_autoptr(GPtrArray) asks = g_ptr_array_new(); /* borrowed */

	for (guint i = 0; i < queries->len; i++)
		g_ptr_array_add(list, newest_new(main, queries->pdata[i]));
	ask_lists(list, asks);
	goproxy_ask_all(proxy, asks);
	read_lists(list);
	for (size_t s = 0; s < G_N_ELEMENTS(steps); s++) {
		g_ptr_array_set_size(asks, 0);
		for (guint i = 0; i < list->len; i++)
			if (!((Newest *)list->pdata[i])->is_done)
				steps[s](list->pdata[i], asks);
		if (asks->len > 0)
			goproxy_ask_all(proxy, asks);
	}
	for (guint i = 0; i < list->len; i++) {
		Newest *newest = list->pdata[i];

		if (!has_failed(newest, newest->latest))
			newest->query->version = g_strdup(settle(newest));
	}
}
