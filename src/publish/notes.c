/* SPDX-License-Identifier: MIT */
#include "publish/notes.h"

#include "base/text.h"
#include "net/http.h"
#include "publish/changelog.h"
#include "publish/pages.h"
#include "publish/quote.h"
#include "publish/recount.h"
#include "store/cache.h"

#include <string.h>

/* Nobody reads on behind so many lines (pull-requests.md 5.3). */
enum { LINES = 50 };

/* How long what is kept is believed, in seconds: of a source that tells of the version
 * in question, and of one that does not yet. */
enum { KNOWN_FOR = 30 * 24 * 60 * 60, UNKNOWN_FOR = 60 * 60 };

/* The share of the answer cache is the settings' business; this only bounds one. */
#define MOST_BYTES (INT64_C(1) << 30)

/* What one source told, now or when it was kept. */
typedef struct {
	History *history; /* NULL: nothing is known */
	Visibility visibility;
	int64_t told_at;
	bool is_for_all; /* anybody would be told the same */
	bool is_asked;   /* in this run, whatever came of it */
	bool is_owed;    /* what came of it may pass */
} Told;

struct Notes {
	World *world; /* of what is told just now */
	const Repository *target;
	const GArray *known; /* of KnownForge */
	int64_t ends_at_us;
	GTree *told;         /* of Told, by the asker's key_of() */
	bool knows_audience; /* it was asked for */
	bool owes_audience;  /* what came of that may pass */
	Visibility audience; /* who sees what is told */
	bool is_short;       /* something could not be asked now */
};

static void told_free(void *data)
{
	Told *told = data;

	history_free(told->history);
	g_free(told);
}

Notes *notes_new(const Repository *target, const GArray *known, int64_t patience_ms)
{
	Notes *notes = g_new0(Notes, 1);

	notes->target = target;
	notes->known = known;
	notes->ends_at_us = g_get_monotonic_time() + patience_ms * 1000;
	notes->told = g_tree_new_full(text_compare, NULL, g_free, told_free);
	return notes;
}

void notes_free(Notes *notes)
{
	if (notes == NULL)
		return;
	g_tree_unref(notes->told);
	g_free(notes);
}

/* "host[:port]" of a URL; the caller's. */
static char *authority_of(const char *url)
{
	g_autofree char *origin = http_origin(url);
	const char *host = origin != NULL ? strstr(origin, "://") : NULL;

	return host != NULL ? g_strdup(host + 3) : NULL;
}

/* A token that may be shown to this host. */
static const Credential *credential_for(const Notes *notes, const char *authority)
{
	const Repository *target = notes->target;
	g_autofree char *own = target->url != NULL ? authority_of(target->url) : NULL;
	const GPtrArray *others = notes->world->credentials;

	if (g_strcmp0(own, authority) == 0)
		return target->credential;
	for (guint i = 0; others != NULL && i < others->len; i++) {
		const Credential *credential = g_ptr_array_index(others, i);

		if (credential->username == NULL &&
		    g_ascii_strcasecmp(credential->host, authority) == 0)
			return credential;
	}
	return NULL;
}

/* Who is asked, as a repository; its credential is borrowed. */
static Repository *teller_at(const Notes *notes, const char *url, const char *forge,
			     const char *authority)
{
	Repository *source = g_new0(Repository, 1);
	const Credential *credential = credential_for(notes, authority);

	source->url = g_strdup(url);
	source->forge_name = g_strdup(forge);
	source->credential = (Credential *)credential;
	return source;
}

static void teller_free(Repository *source)
{
	if (source == NULL)
		return;
	source->credential = NULL;
	repository_free(source);
}

/* The repository of a page, if its host is known for a forge; NULL: it is not. */
static Repository *teller_of(const Notes *notes, const char *page)
{
	static const KnownForge public_ones[] = {
		{ "https://github.com", "github" },
		{ "https://gitlab.com", "gitlab" },
		{ "https://codeberg.org", "forgejo" },
		{ "https://gitea.com", "gitea" },
	};
	g_autofree char *authority = authority_of(page);
	const char *path = authority != NULL ? page + strlen("https://") + strlen(authority) : NULL;

	for (guint i = 0; authority != NULL && i < notes->known->len; i++) {
		const KnownForge *known = &g_array_index(notes->known, KnownForge, i);
		g_autofree char *host = authority_of(known->url), *origin = NULL, *url = NULL;

		if (g_strcmp0(host, authority) != 0)
			continue;
		origin = http_origin(known->url);
		url = g_strconcat(origin, path, NULL);
		return teller_at(notes, url, known->name, authority);
	}
	for (size_t i = 0; authority != NULL && i < G_N_ELEMENTS(public_ones); i++)
		if (strcmp(public_ones[i].url + strlen("https://"), authority) == 0)
			return teller_at(notes, page, public_ones[i].name, authority);
	return NULL;
}

/* Under which name it is kept what was told: to all, or to the one whose credential it
 * is. Others may not see what it sees, or may see what it does not. The caller's. */
static char *key_for(const Credential *credential, const char *what)
{
	g_autofree char *account = http_account_of(credential);

	return g_strdup_printf("notes %s%s%s", what, *account != '\0' ? " to " : "", account);
}

static char *key_of(const Home *home, const Credential *credential)
{
	g_autofree char *what = g_strdup_printf("of %s %s", home->page, home->directory);

	return key_for(credential, what);
}

/* What is kept under `key`; NULL: nothing. The caller's. */
static Json *kept(const Notes *notes, const char *key, int64_t *stored_at)
{
	g_autoptr(CachedAnswer) answer = NULL;
	g_autoptr(GError) error = NULL;
	const char *text;
	gsize length;

	if (!cache_find(notes->world->store, key, &answer, &error))
		g_debug("what is kept cannot be read: %s", error->message);
	if (answer == NULL || answer->body == NULL)
		return NULL;
	*stored_at = answer->stored_at;
	text = g_bytes_get_data(answer->body, &length);
	return json_parse(text, length, "what is kept", NULL);
}

static void keep(const Notes *notes, const char *key, const Json *json)
{
	g_autoptr(CachedAnswer) answer = cached_answer_new();
	g_autofree char *text = json_print(json);
	g_autoptr(GError) error = NULL;

	answer->body = g_bytes_new(text, strlen(text));
	answer->stored_at = notes->world->now;
	if (!cache_keep(notes->world->store, key, answer, MOST_BYTES, notes->world->now, &error))
		g_debug("release notes cannot be kept: %s", error->message);
}

/* `key` is the asker's; what all are told will do, too. */
static Told *recall(Notes *notes, const Home *home, const char *key)
{
	g_autofree char *of_all = key_of(home, NULL);
	Told *told = g_tree_lookup(notes->told, key);
	g_autoptr(Json) json = NULL;
	int64_t visibility;

	if (told != NULL)
		return told;
	told = g_new0(Told, 1);
	g_tree_insert(notes->told, g_strdup(key), told);
	json = kept(notes, key, &told->told_at);
	told->is_for_all = json == NULL;
	if (json == NULL)
		json = kept(notes, of_all, &told->told_at);
	visibility = json_integer(json, "visibility", -1);
	if (visibility < SEEN_BY_ALL || visibility > SEEN_BY_MEMBERS)
		return told;
	told->visibility = (Visibility)visibility;
	told->history = history_read(json_object(json, "history"), NULL);
	return told;
}

/* Whether a failure may be another one's the next time. */
static bool is_passing(const GError *error)
{
	return failure_kind(error) == FAILURE_NET || failure_kind(error) == FAILURE_BUSY;
}

static void note_failure(Notes *notes, const Home *home, const GError *error)
{
	g_debug("%s: %s", home->page, error->message);
	notes->is_short |= is_passing(error);
}

/* Asks the source itself. One that has nothing to tell, or tells it nobody, is not asked
 * again for a while either. */
static void ask(Notes *notes, const Home *home, Repository *source, Told *told)
{
	g_autofree char *key = NULL;
	g_auto(Recount) recount = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(History) history = NULL;
	g_autoptr(Json) json = json_new_object();
	Visibility visibility = SEEN_BY_ALL;

	told->is_asked = true;
	told->is_for_all = true;
	if (recount_init(&recount, notes->world, source, home->page, notes->ends_at_us, &error) &&
	    (source->credential == NULL || recount_visibility(&recount, &visibility, &error)))
		history = recount_history(&recount, home->directory, &error);
	if (history == NULL) {
		note_failure(notes, home, error);
		told->is_owed = is_passing(error);
		if (told->is_owed)
			return;
		history = history_new(source->forge_name, home->page);
		told->is_for_all = source->credential == NULL;
	}
	history_free(told->history);
	told->history = g_steal_pointer(&history);
	told->visibility = visibility;
	told->told_at = notes->world->now;
	json_set_integer(json, "visibility", visibility);
	json_set(json, "history", history_json(told->history));
	told->is_for_all = told->is_for_all && visibility == SEEN_BY_ALL;
	key = key_of(home, told->is_for_all ? NULL : source->credential);
	keep(notes, key, json);
}

/* Whether there is something about the new version, or never will be. */
static bool knows(const History *history, const Home *home)
{
	g_autofree char *log = NULL;

	if (home->to_version == NULL || history_tag(history, home, home->to_version) != NULL)
		return true;
	if (history->changelog.text != NULL)
		log = changelog_cut(history->changelog.text, NULL, home->to_version);
	return log != NULL;
}

static bool is_fresh(const Notes *notes, const Told *told, const Home *home)
{
	int64_t age = notes->world->now - told->told_at;

	if (told->history == NULL)
		return false;
	return age < (knows(told->history, home) ? KNOWN_FOR : UNKNOWN_FOR);
}

/* Who sees the repository whose proposals are written. Who does not tell has to be
 * taken for open to all. */
static Visibility audience(Notes *notes)
{
	g_auto(Recount) recount = { 0 };
	g_autoptr(GError) error = NULL;

	if (notes->knows_audience) {
		notes->is_short |= notes->owes_audience;
		return notes->audience;
	}
	notes->knows_audience = true;
	notes->audience = SEEN_BY_ALL;
	if (notes->target->url == NULL || notes->target->credential == NULL)
		return notes->audience;
	if (!recount_init(&recount, notes->world, notes->target, "", notes->ends_at_us, &error) ||
	    !recount_visibility(&recount, &notes->audience, &error)) {
		g_debug("who sees the proposals is not known: %s", error->message);
		notes->owes_audience = is_passing(error);
		notes->is_short |= notes->owes_audience;
		notes->audience = SEEN_BY_ALL;
	}
	return notes->audience;
}

static void add(Update *update, SectionKind kind, char *url, char *text)
{
	if (text != NULL && *text != '\0' && url != NULL) {
		g_ptr_array_add(update->sections, section_new(kind, url, text));
		return;
	}
	g_free(url);
	g_free(text);
}

static void add_releases(Update *update, const History *history)
{
	g_autofree char *text = history_notes(history, update->home);

	if (text != NULL)
		add(update, SECTION_RELEASES, page_releases(history->forge, history->page),
		    quote_text(text, LINES));
}

static const char *branch_of(const History *history)
{
	return history->branch != NULL ? history->branch : "HEAD";
}

/* The log of the default branch, if it tells of the new version; else as it was at that
 * version; else the former after all. */
static void add_changelog(Notes *notes, Update *update, Recount *recount, const History *history)
{
	const HistoryFile *log = &history->changelog;
	const Home *home = update->home;
	g_autofree char *now = NULL, *then = NULL, *text = NULL, *new_part = NULL;
	g_autoptr(GError) error = NULL;

	if (log->text == NULL || home->to_version == NULL)
		return;
	new_part = changelog_cut(log->text, NULL, home->to_version);
	now = changelog_cut(log->text, home->from_version, home->to_version);
	if (new_part == NULL && recount != NULL && home->to != NULL &&
	    !recount_file(recount, log->path, home->to, &then, &error))
		note_failure(notes, home, error);
	if (then != NULL && (new_part = changelog_cut(then, NULL, home->to_version)) != NULL)
		text = changelog_cut(then, home->from_version, home->to_version);
	if (text == NULL)
		text = g_steal_pointer(&now);
	if (text != NULL)
		add(update, SECTION_CHANGELOG,
		    page_file(history->forge, history->page, branch_of(history), log->path),
		    quote_text(text, LINES));
}

static void add_guide(Update *update, const History *history)
{
	const HistoryFile *guide = &history->guide;

	if (guide->text != NULL && update->step == STEP_MAJOR)
		add(update, SECTION_GUIDE,
		    page_file(history->forge, history->page, branch_of(history), guide->path),
		    quote_text(guide->text, LINES));
}

/* Who knows no revisions of a version takes the tags of its releases. */
static void name_revisions(const History *history, Home *home)
{
	if (home->from == NULL)
		home->from = g_strdup(history_tag(history, home, home->from_version));
	if (home->to == NULL)
		home->to = g_strdup(history_tag(history, home, home->to_version));
}

/* What lies between two revisions never changes. */
static void add_commits(Notes *notes, Update *update, Recount *recount, const Told *told,
			const Credential *credential)
{
	const History *history = told->history;
	const Home *home = update->home;
	g_autofree char *key = NULL, *what = NULL, *text = NULL, *url = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Json) json = NULL;
	int64_t stored_at = 0;

	url = page_compare(history->forge, history->page, home->from, home->to);
	if (url == NULL)
		return;
	what = g_strdup_printf("commits %s", url);
	key = key_for(told->is_for_all ? NULL : credential, what);
	json = kept(notes, key, &stored_at);
	text = g_strdup(json_text(json));
	if (text == NULL && recount != NULL) {
		if (!recount_commits(recount, home->from, home->to, &text, &error))
			note_failure(notes, home, error);
		json_free(json);
		json = text != NULL ? json_new_string(text) : NULL;
		if (json != NULL)
			keep(notes, key, json);
	}
	if (text != NULL)
		add(update, SECTION_COMMITS, g_steal_pointer(&url), g_steal_pointer(&text));
}

static void tell(Notes *notes, Update *update, bool may_ask)
{
	const Home *home = update->home;
	Repository *source = teller_of(notes, home->page);
	g_autofree char *key = NULL;
	g_auto(Recount) recount = { 0 };
	Told *told;
	bool can_ask;

	if (source == NULL)
		return;
	key = key_of(home, source->credential);
	told = recall(notes, home, key);
	if (may_ask && !told->is_asked && !is_fresh(notes, told, home))
		ask(notes, home, source, told);
	notes->is_short |= may_ask && told->is_owed;
	can_ask = may_ask &&
		  recount_init(&recount, notes->world, source, home->page, notes->ends_at_us, NULL);
	if (told->history != NULL &&
	    (told->visibility == SEEN_BY_ALL || (may_ask && told->visibility <= audience(notes)))) {
		add_releases(update, told->history);
		name_revisions(told->history, update->home);
		add_changelog(notes, update, can_ask ? &recount : NULL, told->history);
		add_guide(update, told->history);
		add_commits(notes, update, can_ask ? &recount : NULL, told, source->credential);
	}
	teller_free(source);
}

static void find_homes(Notes *notes, const Plan *plan)
{
	g_autoptr(GPtrArray) homeless = g_ptr_array_new();

	for (guint i = 0; i < plan->updates->len; i++) {
		Update *update = g_ptr_array_index(plan->updates, i);
		const Ecosystem *ecosystem = update->manifest->ecosystem;

		if (update->home == NULL && ecosystem->home != NULL)
			update->home = ecosystem->home(update);
		if (update->home == NULL)
			g_ptr_array_add(homeless, update);
	}
	while (homeless->len > 0) {
		g_autoptr(GPtrArray) alike = g_ptr_array_new();
		const Ecosystem *ecosystem =
			((Update *)g_ptr_array_index(homeless, 0))->manifest->ecosystem;

		for (guint i = homeless->len; i-- > 0;) {
			Update *update = g_ptr_array_index(homeless, i);

			if (update->manifest->ecosystem == ecosystem)
				g_ptr_array_add(alike, g_ptr_array_steal_index(homeless, i));
		}
		if (ecosystem->find_homes != NULL)
			ecosystem->find_homes(notes->world, alike);
	}
}

void notes_tell(Notes *notes, World *w, Plan *plan, bool may_ask)
{
	notes->world = w;
	notes->is_short = false;
	for (guint i = 0; i < plan->updates->len; i++)
		g_ptr_array_set_size(((Update *)g_ptr_array_index(plan->updates, i))->sections, 0);
	find_homes(notes, plan);
	for (guint i = 0; i < plan->updates->len; i++) {
		Update *update = g_ptr_array_index(plan->updates, i);

		if (update->home != NULL)
			tell(notes, update, may_ask);
	}
	plan->is_waiting_for_notes = notes->is_short;
}
