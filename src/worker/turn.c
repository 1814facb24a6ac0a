/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "worker"

#include "worker/turn.h"

#include "git/diff.h"

#include <stdio.h>

/* journalctl MESSAGE_ID=… finds every outcome (operations.md 13). */
#define OUTCOME_MESSAGE_ID "0c9f9a3a7a3f4c6e9d3e3b6a1f5f7d21"

Turn *turn_new(const Invocation *invocation, Store *store, const Ticket *ticket, TurnForm form,
	       bool is_dry)
{
	Turn *turn = g_new0(Turn, 1);

	turn->invocation = invocation;
	turn->store = store;
	turn->ticket = ticket;
	turn->form = form;
	turn->is_dry = is_dry;
	turn->outcomes = g_ptr_array_new_with_free_func((GDestroyNotify)outcome_free);
	turn->report = g_string_new(NULL);
	return turn;
}

void turn_free(Turn *turn)
{
	if (turn == NULL)
		return;
	g_ptr_array_unref(turn->outcomes);
	g_string_free(turn->report, TRUE);
	g_free(turn->tip);
	g_clear_error(&turn->trouble);
	g_free(turn);
}

static Json *event_of(const Turn *turn, const char *name)
{
	Json *event = json_new_object();

	json_set_string(event, "event", name);
	json_set_string(event, "repository", turn->ticket->repository);
	return event;
}

/* One line, at once: who reads the stream may be waiting for it. */
static void print_event(Json *event)
{
	g_autofree char *line = json_print(event);

	printf("%s\n", line);
	fflush(stdout);
	json_free(event);
}

static Json *files_of(const Plan *plan)
{
	Json *files = json_new_array();

	for (guint i = 0; i < plan->changes->len; i++) {
		const FileChange *change = plan->changes->pdata[i];
		g_autofree char *diff = diff_of(change);
		Json *file = json_new_object();

		json_set_string(file, "path", change->path);
		json_set_string(file, "diff", diff);
		json_append(files, file);
	}
	return files;
}

void turn_plan(Turn *turn, const Plan *plan, Json *updates)
{
	g_autoptr(Json) mine = updates;

	if (turn->form == TURN_JSON) {
		Json *event = event_of(turn, "plan");

		json_set_string(event, "branch", plan->branch);
		json_set_string(event, "title", plan->title);
		json_set(event, "updates",
			 mine != NULL ? g_steal_pointer(&mine) : json_new_array());
		json_set(event, "files", files_of(plan));
		print_event(event);
		return;
	}
	if (turn->form == TURN_LOG || !turn->is_dry)
		return; /* the outcome follows, and says enough */
	g_string_append_printf(turn->report, "  %s\n  (%s)\n", plan->title, plan->branch);
	for (guint i = 0; i < plan->changes->len; i++) {
		g_autofree char *diff = diff_of(plan->changes->pdata[i]);

		g_string_append(turn->report, diff);
	}
}

static void print_outcome(const Turn *turn, const Outcome *outcome)
{
	Json *event = event_of(turn, "outcome");

	json_set_string(event, "branch", outcome->branch);
	json_set_string(event, "commit", outcome->commit);
	json_set_string(event, "action", action_word(outcome->action));
	json_set_string(event, "proposal_url", outcome->proposal_url);
	json_set_string(event, "error", outcome->reason);
	print_event(event);
}

/* "created upkeepd/docker/golang-1.22.4: Bump golang (https://…)" */
static char *outcome_text(const Outcome *outcome, const char *title)
{
	const char *more = outcome->reason != NULL ? outcome->reason : title;

	return g_strdup_printf("%s %s%s%s%s%s%s", action_word(outcome->action), outcome->branch,
			       more != NULL ? ": " : "", more != NULL ? more : "",
			       outcome->proposal_url != NULL ? " (" : "",
			       outcome->proposal_url != NULL ? outcome->proposal_url : "",
			       outcome->proposal_url != NULL ? ")" : "");
}

static void log_outcome(const Outcome *outcome, const char *text)
{
	g_log_structured(G_LOG_DOMAIN,
			 outcome->action == ACTION_FAILED ? G_LOG_LEVEL_WARNING
							  : G_LOG_LEVEL_MESSAGE,
			 "MESSAGE_ID", OUTCOME_MESSAGE_ID, "UPKEEPD_ACTION",
			 action_word(outcome->action), "MESSAGE", "%s", text);
}

void turn_outcome(Turn *turn, Outcome *outcome, const char *title)
{
	g_autofree char *text = outcome_text(outcome, title);

	g_ptr_array_add(turn->outcomes, outcome);
	if (turn->form == TURN_JSON)
		print_outcome(turn, outcome);
	else if (turn->form == TURN_REPORT)
		g_string_append_printf(turn->report, "  %s\n", text);
	else if (outcome->action != ACTION_UNCHANGED)
		log_outcome(outcome, text);
}

const Outcome *turn_outcome_of(const Turn *turn, const char *branch)
{
	for (guint i = turn->outcomes->len; branch != NULL && i-- > 0;) {
		const Outcome *outcome = g_ptr_array_index(turn->outcomes, i);

		if (g_strcmp0(outcome->branch, branch) == 0)
			return outcome;
	}
	return NULL;
}

/* "Dockerfile:3:6: ", or nothing; the caller's. */
static char *prefix_of(Place place)
{
	g_autofree char *text = place_text(&place);

	return text == NULL ? g_strdup("") : g_strconcat(text, ": ", NULL);
}

static void print_error(const Turn *turn, Place place, const char *text)
{
	Json *event = event_of(turn, "error");

	if (place.path != NULL)
		json_set_string(event, "file", place.path);
	if (place.path != NULL && place.line != 0) {
		json_set_integer(event, "line", place.line);
		json_set_integer(event, "column", MAX(place.column, 1));
	}
	json_set_string(event, "text", text);
	print_event(event);
}

bool turn_is_passing(const GError *error)
{
	return error != NULL &&
	       (failure_kind(error) == FAILURE_NET || failure_kind(error) == FAILURE_BUSY);
}

void turn_note(Turn *turn, const GError *error)
{
	if (turn->trouble != NULL && (turn_is_passing(turn->trouble) || !turn_is_passing(error)))
		return;
	g_clear_error(&turn->trouble);
	turn->trouble = g_error_copy(error);
}

void turn_error(Turn *turn, Place place, const GError *error)
{
	g_autofree char *where = prefix_of(place);
	g_autoptr(GError) placed = g_error_copy(error);

	g_prefix_error(&placed, "%s", where);
	turn_note(turn, placed);
	if (turn->form == TURN_JSON)
		print_error(turn, place, error->message);
	else if (turn->form == TURN_REPORT)
		g_string_append_printf(turn->report, "  %serror: %s\n", where, error->message);
	else if (g_strcmp0(placed->message, turn->ticket->error) == 0)
		g_debug("still: %s", placed->message); /* the journal has it */
	else
		g_warning("%s", placed->message);
}

void turn_warning(Turn *turn, Place place, const char *text)
{
	g_autofree char *where = prefix_of(place);

	if (turn->form == TURN_REPORT && !turn->invocation->quiet)
		g_string_append_printf(turn->report, "  %swarning: %s\n", where, text);
	else if (turn->form != TURN_REPORT)
		g_message("%s%s", where, text);
}

void turn_begin(Turn *turn)
{
	if (turn->form == TURN_JSON)
		print_event(event_of(turn, "repository-start"));
	else if (turn->form == TURN_REPORT)
		g_string_append_printf(turn->report, "%s\n", turn->ticket->repository);
	else
		g_debug("begins");
}

static void print_end(const Turn *turn, const GError *failure, int64_t duration_ms)
{
	Json *event = event_of(turn, "repository-end");

	json_set_string(event, "commit", turn->tip);
	json_set_string(event, "status", failure == NULL ? "done" : "failed");
	json_set_integer(event, "plans", turn->outcomes->len);
	json_set_number(event, "seconds", (double)duration_ms / 1000);
	print_event(event);
}

void turn_end(Turn *turn, const GError *failure, int64_t duration_ms)
{
	if (failure != NULL)
		turn_error(turn, (Place){ 0 }, failure);
	if (turn->form == TURN_JSON) {
		print_end(turn, failure, duration_ms);
		return;
	}
	if (turn->form == TURN_LOG) {
		if (turn->ticket->error != NULL && turn->trouble == NULL && !turn->is_idle)
			g_message("well again");
		g_debug("ends after %" G_GINT64_FORMAT " ms", duration_ms);
		return;
	}
	if (turn->is_idle)
		g_string_truncate(turn->report, 0);
	else if (turn->trouble == NULL && turn->outcomes->len == 0)
		g_string_append(turn->report, "  nothing to do\n");
	/* The NUL tells the daemon that the report is complete (jobs.h). */
	fwrite(turn->report->str, 1, turn->report->len + 1, stdout);
	fflush(stdout);
}
