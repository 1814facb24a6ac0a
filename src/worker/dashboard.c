/* SPDX-License-Identifier: MIT */
#include "worker/dashboard.h"

#include "base/text.h"
#include "base/time.h"
#include "policy/group.h"
#include "publish/board.h"
#include "publish/identity.h"
#include "store/cache.h"
#include "worker/due.h"
#include "worker/show.h"

#include <string.h>

static bool is_wanted(const Job *job)
{
	return job->repository->has_dashboard && (job->forge->can & CAN_DASHBOARD) != 0 &&
	       !job->turn->is_dry;
}

static char *number_name(const Job *job)
{
	return g_strdup_printf("dashboard %s", job_repository(job));
}

static bool read_number(Job *job, GError **error)
{
	g_autofree char *name = number_name(job), *value = NULL;

	if (!cache_value(job->turn->store, name, &value, error))
		return false;
	if (value == NULL ||
	    !g_ascii_string_to_signed(value, 10, 1, INT64_MAX, &job->board.number, NULL))
		job->board.number = 0;
	return true;
}

static bool write_number(const Job *job, GError **error)
{
	g_autofree char *name = number_name(job);
	g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, job->board.number);

	return cache_set_value(job->turn->store, name, value, error);
}

static bool no_matter(Job *job, GError *local, GError **error)
{
	if (job_is_ended_by(local)) {
		g_propagate_error(error, local);
		return false;
	}
	turn_error(job->turn, (Place){ 0 }, local);
	g_error_free(local);
	return true;
}

bool dashboard_hear(Job *job, GError **error)
{
	GError *local = NULL;

	if (job->asked != NULL)
		return true;
	job->asked = g_tree_new_full(text_compare, NULL, g_free, NULL);
	if (!is_wanted(job))
		return true;
	if (!read_number(job, error))
		return false;
	if (!job->forge->read_board(job->hosted, &job->board, &local))
		return no_matter(job, local, error);
	job->has_board = job->board.number == 0 || job->board.is_open;
	if (job->has_board && job->board.body != NULL) {
		g_tree_unref(job->asked);
		job->asked = board_checked(job->board.body);
	}
	return true;
}

bool dashboard_is_open(const Job *job)
{
	return job->has_board && job->board.number != 0;
}

static bool is_asked(const Job *job, const Selection *selection)
{
	g_autoptr(GPtrArray) homes = group_homes(selection);

	for (guint i = 0; i < homes->len; i++) {
		g_autofree char *key = identity_key(g_ptr_array_index(homes, i));

		if (g_tree_lookup(job->asked, key) != NULL)
			return true;
	}
	return false;
}

void dashboard_hurry(const Job *job, const GPtrArray *selections)
{
	for (guint i = 0; g_tree_nnodes(job->asked) > 0 && i < selections->len; i++) {
		Selection *selection = g_ptr_array_index(selections, i);

		if (is_asked(job, selection))
			selection_hurry(selection);
	}
}

static gboolean copy_key(gpointer key, gpointer value, gpointer tree)
{
	g_tree_insert(tree, g_strdup(key), value);
	return FALSE;
}

void dashboard_fill(const Job *job, Findings *findings)
{
	g_tree_foreach(job->asked, copy_key, findings->asked);
}

/* What is not run is not known: then the dashboard stays as it is. */
static bool is_whole_run(const Job *job)
{
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (rules->is_usable && rules->is_handled && due_of(job, rules) != DUE_RUN)
			return false;
	}
	return true;
}

/* Whether an update that was asked for failed for now: its box stays as it is checked. */
static bool has_to_wait(const Job *job, const GPtrArray *moves)
{
	for (guint i = 0; i < moves->len; i++) {
		const Plan *plan = ((const Move *)g_ptr_array_index(moves, i))->plan;
		const Outcome *outcome =
			plan != NULL ? turn_outcome_of(job->turn, plan->branch) : NULL;

		if (outcome != NULL && outcome->is_passing && plan->update_key != NULL &&
		    g_tree_lookup(job->asked, plan->update_key) != NULL)
			return true;
	}
	return false;
}

/* Words in one line of Markdown, in which nothing is a mention, a link or HTML. */
static char *tame(const char *text)
{
	char *line = text_one_line(text);

	return g_strdelimit(g_strdelimit(line, "[", '('), "]<", ')');
}

static void add_plan(const Job *job, const Plan *plan, BoardText *text)
{
	const Outcome *outcome = turn_outcome_of(job->turn, plan->branch);
	const char *why = plan->error != NULL ? plan->error->message
			  : outcome != NULL   ? outcome->reason
					      : NULL;
	Action action = outcome != NULL ? outcome->action : ACTION_FAILED;
	g_autofree char *title = tame(plan->title != NULL        ? plan->title
				      : plan->update_key != NULL ? plan->update_key
								 : "");
	g_autofree char *reason = tame(why != NULL ? why : ""), *line = NULL;
	bool is_edited = g_strcmp0(why, RECONCILE_EDITED) == 0;

	g_strdelimit(reason, "`", '\'');
	if (action == ACTION_CREATED || action == ACTION_UPDATED || action == ACTION_UNCHANGED ||
	    is_edited) {
		line = outcome->proposal_url != NULL
			       ? g_strdup_printf("[%s](%s)", title, outcome->proposal_url)
			       : g_strdup(title);
		board_text_add(text, BOARD_OPEN, NULL, line);
	} else if (plan->update_key != NULL) {
		line = g_strdup_printf("%s: `%s`", title, reason);
		board_text_add(text, action == ACTION_SKIPPED ? BOARD_LIMITED : BOARD_FAILED,
			       plan->update_key, line);
	}
}

static void add_held(const Selection *selection, BoardText *text)
{
	g_autoptr(GPtrArray) homes = NULL;
	g_autofree char *key = NULL, *line = NULL, *name = NULL, *version = NULL;
	g_autofree char *directory = tame(selection->manifest->directory);
	char until[32];

	if (!selection_is_held(selection))
		return;
	homes = group_homes(selection);
	if (homes->len == 0)
		return;
	key = identity_key(g_ptr_array_index(homes, 0));
	name = tame(selection->dependency->name);
	version = tame(selection->latest->version);
	time_text(selection->held_until, until, sizeof until);
	line = g_strdup_printf("%s %s in %s, until %.10s", name, version, directory, until);
	board_text_add(text, BOARD_HELD, key, line);
}

static char *compose(const Job *job, const GPtrArray *moves)
{
	g_auto(BoardText) text = { 0 };

	board_text_begin(&text);
	for (guint i = 0; i < moves->len; i++) {
		const Move *move = g_ptr_array_index(moves, i);

		if (move->plan != NULL && move->action != ACTION_SUPERSEDED)
			add_plan(job, move->plan, &text);
	}
	for (guint i = 0; i < job->bases->len; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);

		for (guint k = 0; k < base->decision.selections->len; k++)
			add_held(g_ptr_array_index(base->decision.selections, k), &text);
	}
	return board_print(&text, job->forge->max_body);
}

/* Forges keep line ends their own way. */
static bool is_same(const char *there, const char *wanted)
{
	g_auto(GStrv) lines = g_strsplit(there != NULL ? there : "", "\r\n", -1);
	g_autofree char *joined = g_strjoinv("\n", lines);

	return strcmp(joined, wanted) == 0;
}

bool dashboard_write(Job *job, const GPtrArray *moves, GError **error)
{
	g_autofree char *body = NULL;
	GError *local = NULL;

	if (!job->has_board || !is_whole_run(job) || has_to_wait(job, moves))
		return true;
	body = compose(job, moves);
	if (!is_same(job->board.body, body) &&
	    !job->forge->write_board(job->hosted, &job->board, body, &local))
		return no_matter(job, local, error);
	return job->board.number == 0 || write_number(job, error);
}
