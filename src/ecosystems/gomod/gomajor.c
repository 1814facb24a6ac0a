/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gomajor.h"

#include "ecosystems/gomod/modfile.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/version.h"
#include "store/cache.h"
#include "upkeepd/limits.h"

#include <string.h>

enum {
	/* Few modules have a next major version; those that have many have all of them. */
	WIDEST = 8,
	HIGHEST_MAJOR = 1000,
	ABSENT_FOR = 24 * 60 * 60,    /* seconds */
	MOST_BYTES = 8 * 1024 * 1024, /* of the cache */
};

/* One major version that is listed. */
typedef struct {
	char *path;
	GPtrArray *versions; /* of GoListed */
	const char *newest;  /* of them */
} Major;

static void major_free(void *data)
{
	Major *major = data;

	g_free(major->path);
	g_ptr_array_unref(major->versions);
	g_free(major);
}

/* The number in "/v2" or ".v2"; 1 for "". */
static guint major_of(const char *suffix)
{
	guint64 number = 1;

	if (*suffix != '\0' &&
	    !g_ascii_string_to_unsigned(suffix + 2, 10, 0, HIGHEST_MAJOR, &number, NULL))
		return HIGHEST_MAJOR;
	return (guint)number;
}

MajorAsk *majorask_new(const char *path, guint above)
{
	MajorAsk *ask = g_new0(MajorAsk, 1);
	size_t prefix;

	ask->path = g_strdup(path);
	ask->above = above;
	ask->found = g_ptr_array_new_with_free_func(major_free);
	ask->width = 1;
	if (!modpath_split(path, &prefix)) {
		ask->is_at_end = true;
		return ask;
	}
	/* "-unstable" leads nowhere: the number is none then. */
	ask->first = MAX(major_of(path + prefix), above) + 1;
	ask->last = MIN(ask->first + LIMIT_MAJORS - 1, HIGHEST_MAJOR);
	ask->is_at_end = ask->first > ask->last;
	return ask;
}

void majorask_free(MajorAsk *ask)
{
	if (ask == NULL)
		return;
	g_free(ask->path);
	g_free(ask->next);
	g_clear_pointer(&ask->versions, g_ptr_array_unref);
	g_clear_pointer(&ask->gomod, g_bytes_unref);
	g_ptr_array_unref(ask->found);
	g_free(ask);
}

static char *key_of(const World *w, const char *path)
{
	g_autofree char *subject = g_strconcat("gomod no major ", path, NULL);

	return goenv_key(w, subject);
}

/* Whether it was not there a short while ago. */
static bool is_known_absent(const World *w, const char *path)
{
	g_autofree char *key = key_of(w, path);
	g_autoptr(CachedAnswer) answer = NULL;
	g_autoptr(GError) error = NULL;

	return cache_find(w->store, key, &answer, &error) && answer != NULL &&
	       w->now - answer->stored_at < ABSENT_FOR;
}

static void remember_absent(const World *w, const char *path)
{
	g_autofree char *key = key_of(w, path);
	g_autoptr(CachedAnswer) answer = cached_answer_new();
	g_autoptr(GError) error = NULL;

	answer->body = g_bytes_new_static("", 0);
	answer->stored_at = w->now;
	if (!cache_keep(w->store, key, answer, MOST_BYTES, w->now, &error))
		g_debug("that a module is not there cannot be kept: %s", error->message);
}

/* Releases are newer than pre-releases. */
static bool is_newer(const char *version, const char *than)
{
	bool is_prerelease = version_is_prerelease(version);

	if (than == NULL || is_prerelease != version_is_prerelease(than))
		return than == NULL || !is_prerelease;
	return version_compare(version, than) > 0;
}

/* What of a list is of that major version; NULL: nothing. */
static Major *major_new(const GoAsk *ask)
{
	Major *major = g_new0(Major, 1);

	major->path = g_strdup(ask->path);
	major->versions = goask_list_new();
	for (guint i = 0; i < ask->list->len; i++) {
		const GoListed *listed = ask->list->pdata[i];

		if (!version_is_canonical(listed->version) || version_is_pseudo(listed->version) ||
		    !modpath_check_version(ask->path, listed->version, NULL))
			continue;
		goask_list_add(major->versions, listed->version, listed->at);
		if (is_newer(listed->version, major->newest))
			major->newest =
				((GoListed *)major->versions->pdata[major->versions->len - 1])
					->version;
	}
	if (major->newest != NULL)
		return major;
	major_free(major);
	return NULL;
}

/* Lists may be long, and only those of the highest are of use. */
static void add_found(MajorAsk *ask, Major *major)
{
	g_ptr_array_add(ask->found, major);
	if (ask->found->len > LIMIT_TOP_MAJORS)
		g_ptr_array_remove_index(ask->found, 0);
}

/* The questions of a round; `askers` (of MajorAsk) are those who ask them. */
static void add_lists(const World *w, GPtrArray *asks, GPtrArray *lists, GPtrArray *askers)
{
	for (guint i = 0; i < asks->len; i++) {
		MajorAsk *ask = asks->pdata[i];

		for (guint n = 0; n < ask->width && !ask->is_at_end; n++) {
			g_autofree char *path = modpath_at(ask->path, ask->first++);

			ask->is_at_end = ask->first > ask->last || is_known_absent(w, path);
			if (is_known_absent(w, path))
				break;
			g_ptr_array_add(lists, goask_new(GOASK_LIST, path, NULL));
			g_ptr_array_add(askers, ask);
		}
		ask->width = MIN(ask->width * 2, WIDEST);
	}
}

/* Asks for major versions one after the other, until one is not there. */
static void find_majors(const World *w, GoProxy *proxy, GPtrArray *asks)
{
	for (;;) {
		g_autoptr(GPtrArray) lists =
			g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);
		g_autoptr(GPtrArray) askers = g_ptr_array_new();
		g_autoptr(GHashTable) ended = g_hash_table_new(NULL, NULL); /* set of MajorAsk */

		add_lists(w, asks, lists, askers);
		if (lists->len == 0)
			return;
		goproxy_ask_all(proxy, lists);
		for (guint i = 0; i < lists->len; i++) {
			const GoAsk *list = lists->pdata[i];
			MajorAsk *ask = askers->pdata[i];
			Major *major = list->list != NULL ? major_new(list) : NULL;

			if (list->is_absent)
				remember_absent(w, list->path);
			/* What lies behind a gap does not count. */
			if (g_hash_table_contains(ended, ask))
				g_clear_pointer(&major, major_free);
			else if (major != NULL)
				add_found(ask, major);
			else
				g_hash_table_add(ended, ask);
			ask->is_at_end |= g_hash_table_contains(ended, ask) != FALSE;
		}
	}
}

/* What of a major version its newest go.mod does not take back. */
static MajorWorth worth_of(const Major *major, GBytes *gomod)
{
	g_autoptr(ModFile) file = modfile_read("go.mod", gomod, MODFILE_DEPENDENCY, NULL);
	MajorWorth worth = MAJOR_NOTHING;

	if (file == NULL || g_strcmp0(file->module, major->path) != 0)
		return MAJOR_NOTHING;
	for (guint i = 0; i < major->versions->len && worth < MAJOR_RELEASE; i++) {
		const GoListed *listed = major->versions->pdata[i];

		if (modfile_retraction(file, listed->version) == NULL)
			worth = MAX(worth, version_is_prerelease(listed->version) ? MAJOR_PRERELEASE
										  : MAJOR_RELEASE);
	}
	return worth;
}

/* The highest of those that are worth most. */
static void settle(MajorAsk *ask, const GoAsk *gomod)
{
	Major *major = ask->found->pdata[ask->found->len - 1];
	MajorWorth worth = gomod->gomod != NULL ? worth_of(major, gomod->gomod) : MAJOR_NOTHING;

	if (worth > ask->worth) {
		ask->worth = worth;
		g_free(ask->next);
		ask->next = g_strdup(major->path);
		g_clear_pointer(&ask->versions, g_ptr_array_unref);
		ask->versions = g_ptr_array_ref(major->versions);
		g_clear_pointer(&ask->gomod, g_bytes_unref);
		ask->gomod = g_bytes_ref(gomod->gomod);
	}
	g_ptr_array_set_size(ask->found, (gint)ask->found->len - 1);
}

static void verify(GoProxy *proxy, GPtrArray *asks)
{
	for (;;) {
		g_autoptr(GPtrArray) gomods =
			g_ptr_array_new_with_free_func((GDestroyNotify)goask_free);
		g_autoptr(GPtrArray) askers = g_ptr_array_new();

		for (guint i = 0; i < asks->len; i++) {
			MajorAsk *ask = asks->pdata[i];
			const Major *top = ask->worth < MAJOR_RELEASE && ask->found->len > 0
						   ? ask->found->pdata[ask->found->len - 1]
						   : NULL;

			if (top == NULL)
				continue;
			g_ptr_array_add(gomods, goask_new(GOASK_GOMOD, top->path, top->newest));
			g_ptr_array_add(askers, ask);
		}
		if (gomods->len == 0)
			return;
		goproxy_ask_all(proxy, gomods);
		for (guint i = 0; i < gomods->len; i++)
			settle(askers->pdata[i], gomods->pdata[i]);
	}
}

void gomajor_ask_all(const World *w, GoProxy *proxy, GPtrArray *asks)
{
	find_majors(w, proxy, asks);
	verify(proxy, asks);
}
