/* SPDX-License-Identifier: MIT */
#include "worker/show.h"

#include "base/time.h"

#include <string.h>
#include <unistd.h>

enum { DIGITS_SHOWN = 12 };

static const Release *release_of(const Selection *selection, const Update *update)
{
	const Offer *offer = selection->dependency->offer;

	for (guint i = 0; update != NULL && offer != NULL && i < selection->verdict_count; i++) {
		const Release *release = g_ptr_array_index(offer->releases, i);

		if (g_strcmp0(release->version, update->to) == 0)
			return release;
	}
	return NULL;
}

const Release *show_chosen(const Selection *selection)
{
	return release_of(selection, selection->update);
}

/* The verdict on the latest candidate: why it is not what was chosen. */
static const Verdict *verdict_on_latest(const Selection *selection)
{
	const Offer *offer = selection->dependency->offer;

	for (guint i = 0; selection->latest != NULL && i < selection->verdict_count; i++)
		if (g_ptr_array_index(offer->releases, i) == selection->latest)
			return &selection->question.verdicts[i];
	return NULL;
}

static const char *reason_of(const Selection *selection, const Update *update)
{
	const Verdict *verdict = verdict_on_latest(selection);

	if (update == NULL)
		return selection_word(selection);
	return verdict != NULL && verdict->reason != REASON_NONE ? reason_word(verdict->reason)
								 : NULL;
}

static void set_rule(Json *json, const Place *rule)
{
	g_autofree char *text = place_text(rule);

	json_set_string(json, "rule", text);
}

/* What comes with an update beside the version; NULL: nothing. */
static const char *note_of(const Selection *selection, const Update *update)
{
	return update->note != NULL ? update->note : selection->dependency->remark;
}

Json *show_update(const Selection *selection, const Update *update)
{
	const Dependency *dependency = selection->dependency;
	const Release *chosen = release_of(selection, update), *latest = selection->latest;
	Json *json = json_new_object();

	json_set_string(json, "ecosystem", selection->manifest->ecosystem->name);
	json_set_string(json, "directory", selection->manifest->directory);
	json_set_string(json, "file", selection->manifest->path);
	json_set_integer(json, "line", dependency->line);
	json_set_string(json, "name", dependency->name);
	json_set_string(json, "current", dependency->version);
	json_set_string(json, "current_digest", dependency->digest);
	json_set_string(json, "latest", latest != NULL ? latest->version : NULL);
	json_set_string(json, "chosen", update != NULL ? update->to : NULL);
	json_set_string(json, "chosen_digest", update != NULL ? update->to_digest : NULL);
	json_set_string(json, "kind", step_word(update != NULL ? update->step : STEP_NONE));
	json_set_time(json, "published_at", chosen != NULL ? chosen->published_at : 0);
	json_set_time(json, "held", selection->held_until);
	json_set_bool(json, "direct", dependency->is_direct);
	json_set_string(json, "reason", reason_of(selection, update));
	json_set_string(json, "text",
			update != NULL ? note_of(selection, update) : selection->text);
	set_rule(json, selection->rule);
	return json;
}

Json *show_selection(const Selection *selection)
{
	return show_update(selection, selection->update);
}

char *show_version(const char *version, const char *digest)
{
	const char *digits = digest != NULL ? strchr(digest, ':') : NULL;

	if (version != NULL)
		return g_strdup(version);
	return digits != NULL ? g_strdup_printf("@%.*s", DIGITS_SHOWN, digits + 1) : g_strdup("-");
}

char *show_why(const Selection *selection)
{
	const Verdict *verdict = verdict_on_latest(selection);
	const char *word = reason_of(selection, selection->update);
	const char *text = selection->update == NULL ? selection->text
			   : verdict != NULL         ? verdict->text
						     : NULL;
	char until[32] = "";

	if (word == NULL) {
		const char *note = note_of(selection, selection->update);

		return g_strdup(note != NULL ? note : "");
	}
	if (selection->held_until > 0)
		time_text(selection->held_until, until, sizeof until);
	/* What moves, but not to the latest, names what is not taken. */
	return g_strdup_printf(
		"%s%s%s%s%s%s%s", selection->update != NULL ? selection->latest->version : "",
		selection->update != NULL ? ": " : "", word, *until != '\0' ? " until " : "", until,
		text != NULL ? ": " : "", text != NULL ? text : "");
}

bool show_has_colors(const char *color)
{
	const char *none = g_getenv("NO_COLOR");

	if (g_strcmp0(color, "always") == 0)
		return true;
	if (g_strcmp0(color, "never") == 0 || (none != NULL && *none != '\0'))
		return false;
	return isatty(STDOUT_FILENO) == 1;
}

const char *show_color(Step step)
{
	static const char *const colors[] = {
		[STEP_NONE] = "\033[0m",   [STEP_DIGEST] = "\033[36m", [STEP_PATCH] = "\033[32m",
		[STEP_MINOR] = "\033[33m", [STEP_MAJOR] = "\033[31m",
	};

	return colors[step];
}

/* What stands in another line is not considered, unless something is said of it. */
static bool is_considered(const Verdict *verdict)
{
	return verdict->reason != REASON_OTHER_LINE || verdict->text != NULL;
}

static int newest_first(const void *a, const void *b, void *data)
{
	const Selection *selection = data;
	const GPtrArray *releases = selection->dependency->offer->releases;

	return selection->manifest->ecosystem->order(selection->dependency,
						     releases->pdata[*(const guint *)b],
						     releases->pdata[*(const guint *)a]);
}

GArray *show_considered(Selection *selection)
{
	GArray *indexes = g_array_new(false, false, sizeof(guint));

	for (guint i = 0; i < selection->verdict_count; i++)
		if (is_considered(&selection->question.verdicts[i]))
			g_array_append_val(indexes, i);
	g_array_sort_with_data(indexes, newest_first, selection);
	return indexes;
}

const char *show_verdict(const Selection *selection, guint index)
{
	const Verdict *verdict = &selection->question.verdicts[index];
	const Release *chosen = show_chosen(selection);

	if (verdict->reason == REASON_NONE)
		return chosen == selection->dependency->offer->releases->pdata[index] ? "chosen"
										      : "candidate";
	return reason_word(verdict->reason);
}
