/* SPDX-License-Identifier: MIT */
#include "publish/history.h"

#include <string.h>

static void announcement_free(void *data)
{
	Announcement *announcement = data;

	g_free(announcement->tag);
	g_free(announcement->name);
	g_free(announcement->text);
	g_free(announcement);
}

History *history_new(const char *forge, const char *page)
{
	History *history = g_new0(History, 1);

	history->forge = g_strdup(forge);
	history->page = g_strdup(page);
	history->announcements = g_ptr_array_new_with_free_func(announcement_free);
	return history;
}

static void file_clear(HistoryFile *file)
{
	g_free(file->path);
	g_free(file->text);
}

void history_free(History *history)
{
	if (history == NULL)
		return;
	g_free(history->forge);
	g_free(history->page);
	g_free(history->branch);
	g_ptr_array_unref(history->announcements);
	file_clear(&history->changelog);
	file_clear(&history->guide);
	g_free(history);
}

static char *text_or_empty(const char *text)
{
	return g_strdup(text != NULL ? text : "");
}

void history_announce(History *history, const char *tag, const char *name, const char *text)
{
	Announcement *announcement = g_new0(Announcement, 1);

	announcement->tag = text_or_empty(tag);
	announcement->name = text_or_empty(name);
	announcement->text = text_or_empty(text);
	g_ptr_array_add(history->announcements, announcement);
}

static void set_file(Json *json, const char *name, const HistoryFile *file)
{
	Json *object;

	if (file->path == NULL)
		return;
	object = json_new_object();
	json_set_string(object, "path", file->path);
	json_set_string(object, "text", file->text);
	json_set(json, name, object);
}

Json *history_json(const History *history)
{
	Json *json = json_new_object(), *list = json_new_array();

	json_set_string(json, "forge", history->forge);
	json_set_string(json, "page", history->page);
	json_set_string(json, "branch", history->branch);
	for (guint i = 0; i < history->announcements->len; i++) {
		const Announcement *announcement = g_ptr_array_index(history->announcements, i);
		Json *item = json_new_object();

		json_set_string(item, "tag", announcement->tag);
		json_set_string(item, "name", announcement->name);
		json_set_string(item, "text", announcement->text);
		json_append(list, item);
	}
	json_set(json, "releases", list);
	set_file(json, "changelog", &history->changelog);
	set_file(json, "guide", &history->guide);
	return json;
}

static void read_file(const Json *json, const char *name, HistoryFile *file)
{
	const Json *object = json_object(json, name);

	if (json_string(object, "path") == NULL || json_string(object, "text") == NULL)
		return;
	file->path = g_strdup(json_string(object, "path"));
	file->text = g_strdup(json_string(object, "text"));
}

History *history_read(const Json *json, GError **error)
{
	const char *forge = json_string(json, "forge"), *page = json_string(json, "page");
	const Json *list = json_array(json, "releases");
	History *history;

	if (forge == NULL || page == NULL || list == NULL)
		return fail_null(error, FAILURE_NET, "what is kept is no history of a source");
	history = history_new(forge, page);
	history->branch = g_strdup(json_string(json, "branch"));
	for (const Json *item = json_first(list); item != NULL; item = json_next(item))
		history_announce(history, json_string(item, "tag"), json_string(item, "name"),
				 json_string(item, "text"));
	read_file(json, "changelog", &history->changelog);
	read_file(json, "guide", &history->guide);
	return history;
}

/* One run of digits or of letters of a version; what separates them is passed over. */
typedef struct {
	const char *start;
	size_t length; /* 0: there is none any more */
	bool is_number;
} Run;

static Run next_run(const char **p)
{
	Run run = { NULL, 0, false };

	while (**p != '\0' && !g_ascii_isalnum(**p))
		(*p)++;
	run.start = *p;
	run.is_number = g_ascii_isdigit(**p);
	while (run.is_number ? g_ascii_isdigit(**p) : g_ascii_isalpha(**p))
		(*p)++;
	run.length = (size_t)(*p - run.start);
	while (run.is_number && run.length > 0 && *run.start == '0') {
		run.start++;
		run.length--;
	}
	run.length += run.is_number && run.length == 0;
	return run;
}

/* Where a run stands before others: letters, the end, numbers above zero. */
static int rank_of(const Run *run)
{
	if (run->length == 0)
		return 1;
	if (!run->is_number)
		return 0;
	return run->length == 1 && !g_ascii_isdigit(*run->start) ? 1 : 2;
}

static int compare_runs(const Run *a, const Run *b)
{
	int rank = rank_of(a), other = rank_of(b);
	int order;

	if (rank != other)
		return rank < other ? -1 : 1;
	if (rank == 1)
		return 0;
	if (rank == 2 && a->length != b->length)
		return a->length < b->length ? -1 : 1;
	order = strncmp(a->start, b->start, MIN(a->length, b->length));
	if (order != 0)
		return order;
	return (a->length > b->length) - (a->length < b->length);
}

int history_order(const char *a, const char *b)
{
	for (;;) {
		Run x = next_run(&a), y = next_run(&b);
		int order;

		if (x.length == 0 && y.length == 0)
			return 0;
		order = compare_runs(&x, &y);
		if (order != 0)
			return order;
	}
}

/* What stands before exactly this version at the end of `text`: "v", "sub/v"; -1:
 * something else. */
static int lead_of(const char *text, const char *version)
{
	size_t length = strlen(text), tail = strlen(version);
	char before;

	if (tail == 0 || length < tail || strcmp(text + length - tail, version) != 0)
		return -1;
	before = length == tail ? ' ' : text[length - tail - 1];
	return g_ascii_isdigit(before) || before == '.' ? -1 : (int)(length - tail);
}

/* By which the releases of one thing are known in a repository. */
typedef struct {
	const char *lead; /* what stands before the version */
	size_t length;    /* of it */
	bool is_by_name;  /* in the name of a release, not in its tag */
} Kind;

static const char *called(const Announcement *announcement, bool is_by_name)
{
	return is_by_name ? announcement->name : announcement->tag;
}

static bool find_kind_by(const History *history, const char *version, bool is_by_name, Kind *kind)
{
	for (guint i = 0; i < history->announcements->len; i++) {
		const char *text = called(g_ptr_array_index(history->announcements, i), is_by_name);
		int lead = lead_of(text, version);

		if (lead >= 0) {
			*kind = (Kind){ text, (size_t)lead, is_by_name };
			return true;
		}
	}
	return false;
}

/* Of a home whose tags are known it is told by them; else by how the new version is
 * called, or the old one. */
static bool find_kind(const History *history, const Home *home, Kind *kind)
{
	if (home->to_version == NULL)
		return false;
	if (home->to != NULL && lead_of(home->to, home->to_version) >= 0) {
		*kind = (Kind){ home->to, (size_t)lead_of(home->to, home->to_version), false };
		for (guint i = 0; i < history->announcements->len; i++)
			if (strncmp(called(g_ptr_array_index(history->announcements, i), false),
				    kind->lead, kind->length) == 0)
				return true;
	}
	return find_kind_by(history, home->to_version, false, kind) ||
	       find_kind_by(history, home->to_version, true, kind) ||
	       (home->from_version != NULL &&
		find_kind_by(history, home->from_version, false, kind));
}

/* The version of a release of that kind; NULL: it is of another. */
static const char *version_of(const Announcement *announcement, const Kind *kind)
{
	const char *text = called(announcement, kind->is_by_name);

	if (strncmp(text, kind->lead, kind->length) != 0 || !g_ascii_isdigit(text[kind->length]))
		return NULL;
	return text + kind->length;
}

const char *history_tag(const History *history, const Home *home, const char *version)
{
	Kind kind;

	if (version == NULL || !find_kind(history, home, &kind))
		return NULL;
	for (guint i = 0; i < history->announcements->len; i++) {
		const Announcement *announcement = g_ptr_array_index(history->announcements, i);

		if (g_strcmp0(version_of(announcement, &kind), version) == 0)
			return announcement->tag;
	}
	return NULL;
}

typedef struct {
	const Announcement *announcement;
	const char *version;
} Told;

static int newest_first(const void *a, const void *b)
{
	return history_order(((const Told *)b)->version, ((const Told *)a)->version);
}

/* Without an old version the new one alone. */
static bool is_in_range(const char *version, const Home *home)
{
	if (home->from_version == NULL)
		return history_order(version, home->to_version) == 0;
	return history_order(version, home->from_version) > 0 &&
	       history_order(version, home->to_version) <= 0;
}

static GArray *told_in_range(const History *history, const Home *home)
{
	GArray *told = g_array_new(FALSE, FALSE, sizeof(Told));
	Kind kind;

	if (!find_kind(history, home, &kind))
		return told;
	for (guint i = 0; i < history->announcements->len; i++) {
		const Announcement *announcement = g_ptr_array_index(history->announcements, i);
		Told one = { announcement, version_of(announcement, &kind) };

		if (one.version != NULL && is_in_range(one.version, home))
			g_array_append_val(told, one);
	}
	g_array_sort(told, newest_first);
	return told;
}

/* Whether the text begins with `title`, as a heading or not. */
static bool begins_with(const char *text, const char *title)
{
	text += strspn(text, " \t\r\n");
	text += strspn(text, "#");
	text += strspn(text, " \t\r\n");
	return g_str_has_prefix(text, title);
}

static void append_told(GString *notes, const Announcement *announcement)
{
	const char *title = *announcement->name != '\0' ? announcement->name : announcement->tag;
	g_autofree char *text = g_strdup(announcement->text);

	g_strchomp(text);
	if (notes->len > 0)
		g_string_append(notes, "\n\n");
	if (!begins_with(text, title))
		g_string_append_printf(notes, "## %s\n", title);
	g_string_append(notes, *text != '\0' ? text : "No release notes provided.");
}

char *history_notes(const History *history, const Home *home)
{
	g_autoptr(GArray) told = told_in_range(history, home);
	g_autoptr(GString) notes = g_string_new(NULL);
	bool is_any = false;

	for (guint i = 0; i < told->len; i++) {
		const Announcement *announcement = g_array_index(told, Told, i).announcement;

		is_any |= announcement->text[strspn(announcement->text, " \t\r\n")] != '\0';
		append_told(notes, announcement);
	}
	return is_any ? g_strdup(notes->str) : NULL;
}
