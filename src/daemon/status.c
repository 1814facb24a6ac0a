/* SPDX-License-Identifier: MIT */
/* `status`: what the state database knows, without asking anyone. */
#include "base/json.h"
#include "base/time.h"
#include "config/paths.h"
#include "daemon/daemon.h"
#include "daemon/report.h"
#include "store/overview.h"

#include <stdio.h>
#include <string.h>

/* Absent means unknown. */
static void set_known_time(Json *object, const char *name, int64_t at)
{
	if (at != 0)
		json_set_time(object, name, at);
}

static void set_known_string(Json *object, const char *name, const char *text)
{
	if (text != NULL)
		json_set_string(object, name, text);
}

static Json *repository_json(const Watched *watched)
{
	Json *object = json_new_object();

	json_set_string(object, "repository", watched->name);
	set_known_string(object, "owner", watched->owner);
	json_set_bool(object, "is_owner", watched->is_owner);
	json_set_string(object, "state", overview_state(watched));
	set_known_time(object, "next_due", watched->next_due_at);
	set_known_time(object, "next_look", watched->next_at);
	set_known_time(object, "looked_at", watched->looked_at);
	set_known_time(object, "succeeded_at", watched->succeeded_at);
	set_known_string(object, "commit", watched->tip);
	if (watched->token_expires_at != INT64_MAX)
		set_known_time(object, "token_expires_at", watched->token_expires_at);
	if (watched->failure != NULL) {
		json_set_time(object, "failed_at", watched->failed_at);
		json_set_string(object, "failure", watched->failure);
		json_set_string(object, "error", watched->error);
		json_set_integer(object, "failures", watched->failures);
	}
	return object;
}

static Json *proposal_json(const PlanRecord *plan)
{
	Json *object = json_new_object(), *members = json_new_array();

	json_set_string(object, "repository", plan->repository);
	json_set_string(object, "branch", plan->branch);
	json_set_string(object, "base", plan->base);
	json_set_string(object, "title", plan->title);
	json_set_string(object, "state", plan_state_word(plan->state));
	json_set_string(object, "commit", plan->new_oid);
	set_known_string(object, "proposal_url", plan->url);
	set_known_string(object, "reason", plan->reason);
	if (plan->allowed != NULL && *plan->allowed != '\0')
		json_set_string(object, "merge_allowed_by", plan->allowed);
	set_known_time(object, "opened_at", plan->opened_at);
	json_set_time(object, "changed_at", plan->changed_at);
	for (guint i = 0; i < plan->members->len; i++) {
		const PlanMember *member = plan->members->pdata[i];
		Json *one = json_new_object();

		json_set_string(one, "name", member->name);
		json_set_string(one, "directory", member->directory);
		json_set_string(one, "from", member->from);
		json_set_string(one, "to", member->to);
		json_append(members, one);
	}
	json_set(object, "updates", members);
	return object;
}

static Json *waiting_json(const Waiting *waiting)
{
	Json *object = json_new_object();

	json_set_string(object, "repository", waiting->repository);
	json_set_string(object, "state", waiting_word(waiting->kind));
	json_set_string(object, "title", waiting->title);
	set_known_string(object, "reason", waiting->reason);
	set_known_time(object, "until", waiting->until);
	return object;
}

static void print_json(const Overview *status, const char *directory)
{
	g_autoptr(Json) document = json_new_object();
	g_autofree char *text = NULL;
	Json *repositories = json_new_array(), *proposals = json_new_array();
	Json *waiting = json_new_array(), *pauses = json_new_array();

	for (guint i = 0; i < status->watched->len; i++)
		json_append(repositories, repository_json(status->watched->pdata[i]));
	for (guint i = 0; i < status->plans->len; i++)
		json_append(proposals, proposal_json(status->plans->pdata[i]));
	for (guint i = 0; i < status->backlog->len; i++)
		json_append(waiting, waiting_json(status->backlog->pdata[i]));
	for (guint i = 0; i < status->pauses->len; i++) {
		const HostPause *pause = status->pauses->pdata[i];
		Json *object = json_new_object();

		json_set_string(object, "host", pause->host);
		json_set_time(object, "until", pause->until);
		json_append(pauses, object);
	}
	json_set_string(document, "state_directory", directory);
	json_set_time(document, "at", status->now);
	json_set(document, "repositories", repositories);
	json_set(document, "proposals", proposals);
	json_set(document, "waiting", waiting);
	json_set(document, "pauses", pauses);
	if (status->last != NULL) {
		Json *last = json_new_object();

		json_set_time(last, "started_at", status->last->started_at);
		report_fill(last, status->last);
		json_set_number(last, "cpu_seconds", (double)status->last->cpu_ms / 1000);
		json_set(document, "last_run", last);
	}
	text = json_print(document);
	puts(text);
}

static void print_repository(const Watched *watched, int64_t now)
{
	char time[32] = "at once";

	if (watched->next_due_at != 0)
		time_text(watched->next_due_at, time, sizeof time);
	else if (watched->next_at != 0)
		time_text(watched->next_at, time, sizeof time);
	printf("%s\n", watched->name);
	if (watched->is_running)
		printf("  at work now\n");
	else
		printf("  next %s: %s\n", watched->next_due_at != 0 ? "due" : "look", time);
	if (overview_is_ending(watched->token_expires_at, now)) {
		time_text(watched->token_expires_at, time, sizeof time);
		printf("  its token ends on %.10s\n", time);
	}
	if (watched->failure == NULL)
		return;
	time_text(watched->failed_at, time, sizeof time);
	printf("  %s at %s: %s\n",
	       watched->is_quarantined ? "left alone since it failed" : "failed", time,
	       watched->error);
}

static void print_plans(const Overview *status, const char *repository)
{
	for (guint i = overview_first_plan(status, repository); i < status->plans->len; i++) {
		const PlanRecord *plan = status->plans->pdata[i];

		if (strcmp(plan->repository, repository) != 0)
			break;
		printf("  %s: %s (%s)%s%s\n", plan_state_word(plan->state), plan->title,
		       plan->url != NULL ? plan->url : plan->branch,
		       plan->reason != NULL ? ": " : "", plan->reason != NULL ? plan->reason : "");
		if (plan->allowed != NULL && *plan->allowed != '\0')
			printf("    the forge merges it: %s\n", plan->allowed);
	}
}

static void print_backlog(const Overview *status, const char *repository)
{
	char time[32];

	for (guint i = overview_first_waiting(status, repository); i < status->backlog->len; i++) {
		const Waiting *waiting = status->backlog->pdata[i];

		if (strcmp(waiting->repository, repository) != 0)
			break;
		printf("  %s: %s", waiting_word(waiting->kind), waiting->title);
		if (waiting->until != 0) {
			time_text(waiting->until, time, sizeof time);
			printf(" (until %s)", time);
		}
		if (waiting->reason != NULL)
			printf(" (%s)", waiting->reason);
		printf("\n");
	}
}

static void print_text(const Overview *status)
{
	char time[32];

	for (guint i = 0; i < status->watched->len; i++) {
		const Watched *watched = status->watched->pdata[i];

		print_repository(watched, status->now);
		print_plans(status, watched->name);
		print_backlog(status, watched->name);
	}
	for (guint i = 0; i < status->pauses->len; i++) {
		const HostPause *pause = status->pauses->pdata[i];

		time_text(pause->until, time, sizeof time);
		printf("%s asked not to be asked before %s\n", pause->host, time);
	}
	if (status->watched->len == 0)
		printf("no repositories are watched\n");
}

char *status_summary(Store *store, int64_t now, GError **error)
{
	g_auto(Overview) status = { 0 };
	guint n_failed = 0, n_quarantined = 0, n_running = 0;

	if (!overview_read(store, now, &status, error))
		return NULL;
	for (guint i = 0; i < status.watched->len; i++) {
		const Watched *watched = status.watched->pdata[i];

		n_failed += watched->failure != NULL;
		n_quarantined += watched->is_quarantined;
		n_running += watched->is_running;
	}
	return g_strdup_printf("%u repositories, %u at work, %u failed, %u left alone; "
			       "%u proposals; %u hosts pause",
			       status.watched->len, n_running, n_failed, n_quarantined,
			       status.plans->len, status.pauses->len);
}

End status_command(const Call *call)
{
	g_auto(Overview) status = { 0 };
	g_autofree char *directory = paths_state(call->state);
	g_autoptr(Store) store = NULL;
	g_autoptr(GError) error = NULL;

	store = store_open_readonly(directory, &error);
	if (store == NULL || !overview_read(store, call_now(call), &status, &error))
		return complain(error);
	if (call->json)
		print_json(&status, directory);
	else
		print_text(&status);
	return END_DONE;
}
