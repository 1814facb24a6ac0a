/* SPDX-License-Identifier: MIT */
#include "worker/obey.h"

#include "base/text.h"
#include "base/time.h"
#include "publish/identity.h"
#include "publish/quote.h"
#include "worker/amend.h"
#include "worker/show.h"

#include <string.h>

enum {
	DAY = 24 * 60 * 60,
	EXPLAINED = 15, /* releases of one dependency */
	FAILURE_LINES = 10,
};

static const char help[] =
	"I do not understand that. I know `rebase`, `recreate`, `close`, `reopen`, "
	"`ignore this dependency`, `ignore this major version` (`minor`, `patch`), `ignore NAME`, "
	"`ignore NAME major version`, each also with `--commit` to have the rules say so, `hold "
	"14d`, `unignore NAME`, `unignore *`, "
	"`show NAME ignore conditions`, `explain`, `merge when green` and `cancel merge`, each on "
	"a line of its own.";
static const char is_closed[] = "This proposal is closed; `reopen` has it offered again.";

static void answer(Heard *heard, char *text)
{
	g_ptr_array_add(heard->answers, text);
}

void obey_refused(Heard *heard, const char *why)
{
	g_autofree char *words = text_code(why);

	answer(heard, g_strdup_printf("The forge does not take that: %s", words));
}

/* Closes the proposal; the journal comes to `state`, before that: what is found closed is
 * what people closed, for a run that died in between. */
static bool close_proposal(Job *job, Heard *heard, PlanState state, const char *reason,
			   GError **error)
{
	PlanRecord *record = heard->record;
	g_autoptr(Proposal) proposal = proposal_new(record->branch, record->base);

	proposal->number = record->number;
	if (record->state <= PLAN_SUPERSEDED) {
		g_free(record->reason);
		record->reason = g_strdup(reason);
		if (!job_move(job, record, state, error))
			return false;
	}
	if (heard->is_open && !job->forge->close(job->hosted, proposal, error))
		return false;
	heard->is_open = false;
	return true;
}

static bool forgive(Job *job, const Heard *heard, GError **error)
{
	return journal_forgive(job->turn->store, job_repository(job), heard->record->base,
			       heard->record->set_key, error);
}

static bool close_by_order(Job *job, Heard *heard, GError **error)
{
	const PlanRecord *record = heard->record;

	if (!heard->is_open) {
		answer(heard, g_strdup("This proposal is closed already."));
		return true;
	}
	answer(heard, g_strdup("Closed: this version is not offered again, a newer one will be. "
			       "`reopen` takes that back."));
	return journal_refuse(job->turn->store, job_repository(job), record->base, record->set_key,
			      job->turn->invocation->now, error) &&
	       close_proposal(job, heard, PLAN_REFUSED, "closed_by_person", error);
}

/* How many different dependencies a proposal moves. */
static guint count_names(const PlanRecord *record)
{
	guint count = 0;

	for (guint i = 0; i < record->members->len; i++) {
		const PlanMember *member = g_ptr_array_index(record->members, i);
		bool is_new = true;

		for (guint k = 0; is_new && k < i; k++) {
			const PlanMember *before = g_ptr_array_index(record->members, k);

			is_new = strcmp(before->name, member->name) != 0;
		}
		count += is_new;
	}
	return count;
}

/* The first member called `name`; NULL: the only name there is. */
static const PlanMember *member_of(const PlanRecord *record, const char *name)
{
	if (name == NULL)
		return count_names(record) == 1 ? g_ptr_array_index(record->members, 0) : NULL;
	for (guint i = 0; i < record->members->len; i++) {
		const PlanMember *member = g_ptr_array_index(record->members, i);

		if (g_ascii_strcasecmp(member->name, name) == 0)
			return member;
	}
	return NULL;
}

/* What an update key begins with; "" for what goes over ecosystems. */
static char *ecosystem_of(const PlanRecord *record)
{
	g_autofree char *name = g_strndup(record->update_key, strcspn(record->update_key, "|"));

	return g_strdup(ecosystem_by_name(name) != NULL ? name : "");
}

/* Of which ecosystem a member is. */
static char *member_ecosystem(const PlanRecord *record, const PlanMember *member)
{
	return *member->ecosystem != '\0' ? g_strdup(member->ecosystem) : ecosystem_of(record);
}

/* The range that an order means; false: the version has no such number. */
static bool find_range(const Order *order, const PlanMember *member, char **range)
{
	*range = order->reach == REACH_ALL
			 ? g_strdup("")
			 : order_range(member->to != NULL ? member->to : "", order->reach);
	return *range != NULL;
}

static char *say_ignored(const Ignored *ignored)
{
	g_autofree char *name = text_code(ignored->name), *range = text_code(ignored->range);
	char time[32];

	if (ignored->expires_at != INT64_MAX) {
		time_text(ignored->expires_at, time, sizeof time);
		return g_strdup_printf("%s is left alone until %.10s.", name, time);
	}
	if (*ignored->range != '\0')
		return g_strdup_printf("Versions %s of %s are left alone from now on.", range,
				       name);
	return g_strdup_printf("%s is left alone from now on.", name);
}

/* Answers that it is ignored, and keeps that; where the rules are to say so too, the run
 * tells what becomes of that. */
static bool answer_ignored(Job *job, Heard *heard, const Order *order, Ignored *ignored,
			   GError **error)
{
	g_autofree char *words = say_ignored(ignored), *why_not = NULL, *places = NULL;
	bool is_good;

	if (order->is_to_commit) {
		if (!amend_find(job, heard->record, ignored, &why_not, error))
			return false;
		places = ignored->places;
	}
	is_good = ignored_add(job->turn->store, job_repository(job), ignored, error);
	if (places != NULL)
		g_ptr_array_add(job->orders->amended, ignored_copy(ignored));
	answer(heard, why_not != NULL ? g_strdup_printf("%s %s", words, why_not) : g_strdup(words));
	ignored->places = NULL;
	return is_good;
}

/* A proposal that writes into the rules what somebody had ignored. */
static bool is_amendment(const PlanRecord *record)
{
	g_autoptr(Amendment) amendment = identity_read_amendment(record->update_key);

	return amendment != NULL;
}

/* What an order to ignore asks for that cannot be; NULL: nothing. */
static const char *ignores_wrongly(const Heard *heard, const Order *order)
{
	if (is_amendment(heard->record))
		return "This proposal moves no dependency: it writes into the rules what somebody "
		       "had ignored. `unignore NAME` takes that back.";
	if (order->is_to_commit && order->days != 0)
		return "What is held is left alone for some days, which the rules cannot say: "
		       "`hold` goes without `--commit`, and `ignore this dependency --commit` is "
		       "for ever.";
	if (member_of(heard->record, order->name) != NULL)
		return NULL;
	return order->name != NULL ? "There is no such dependency in this proposal."
				   : "This proposal moves several dependencies: name one, as in "
				     "`ignore NAME`.";
}

/* What of a proposal is left when one of several is ignored is proposed anew, which
 * closes this one; with its only dependency it goes at once. It is not refused: once it
 * is no longer ignored it is offered again. */
static bool ignore(Job *job, Heard *heard, const Order *order, GError **error)
{
	const PlanMember *member = member_of(heard->record, order->name);
	g_autofree char *range = NULL, *ecosystem = NULL;
	int64_t now = job->turn->invocation->now;
	Ignored ignored = { .author = heard->comment->author,
			    .number = heard->record->number,
			    .ignored_at = now,
			    .expires_at = order->days == 0 ? INT64_MAX
							   : now + (int64_t)order->days * DAY };

	if (ignores_wrongly(heard, order) != NULL) {
		answer(heard, g_strdup(ignores_wrongly(heard, order)));
		return true;
	}
	if (!find_range(order, member, &range)) {
		g_autofree char *version = text_code(member->to != NULL ? member->to : "");

		answer(heard, g_strdup_printf("%s has no such number.", version));
		return true;
	}
	ecosystem = member_ecosystem(heard->record, member);
	ignored.ecosystem = ecosystem;
	ignored.name = member->name;
	ignored.range = range;
	if (!answer_ignored(job, heard, order, &ignored, error))
		return false;
	return count_names(heard->record) > 1 ||
	       (forgive(job, heard, error) &&
		close_proposal(job, heard, PLAN_CLOSED, "ignored", error));
}

/* "`.github/dependabot.yml` says so of `golang` in line 7"; NULL: it does not. */
static char *rules_say(const Job *job, const char *ecosystem, const char *name,
		       const char *condition)
{
	g_autofree char *lines = amend_said_at(job, ecosystem, name, condition);
	g_autofree char *file = text_code(job->rules->path), *code = text_code(name);

	return lines != NULL ? g_strdup_printf("%s says so of %s in %s", file, code, lines) : NULL;
}

/* Takes back what is ignored of one name, and says where the rules say the same. */
static bool unignore_one(Job *job, const Heard *heard, const char *ecosystem, const char *name,
			 const char *condition, int64_t *removed, GString *said, GError **error)
{
	g_autofree char *lines = rules_say(job, ecosystem, name, condition);
	int64_t count = 0;

	if (!ignored_remove(job->turn->store, job_repository(job), name, condition, &count, error))
		return false;
	*removed += count;
	if (lines != NULL)
		g_string_append_printf(said, " %s: that is to be taken out there.", lines);
	return count == 0 || forgive(job, heard, error);
}

/* What an amendment is about is the one thing that is ignored. */
static bool unignore_amendment(Job *job, const Heard *heard, const Order *order, int64_t *removed,
			       GString *said, GError **error)
{
	g_autoptr(Amendment) amendment = identity_read_amendment(heard->record->update_key);

	if (order->name != NULL && strcmp(order->name, "*") != 0)
		return unignore_one(job, heard, "", order->name, order->condition, removed, said,
				    error);
	return unignore_one(job, heard, amendment->ecosystem, amendment->name, amendment->range,
			    removed, said, error);
}

/* Of all names of the proposal, each once. */
static bool unignore_all(Job *job, const Heard *heard, int64_t *removed, GString *said,
			 GError **error)
{
	g_autoptr(GTree) names = g_tree_new_full(text_compare, NULL, NULL, NULL);

	for (guint i = 0; i < heard->record->members->len; i++) {
		const PlanMember *member = g_ptr_array_index(heard->record->members, i);
		g_autofree char *ecosystem = member_ecosystem(heard->record, member);

		if (g_tree_lookup(names, member->name) != NULL)
			continue;
		g_tree_insert(names, member->name, member->name);
		if (!unignore_one(job, heard, ecosystem, member->name, NULL, removed, said, error))
			return false;
	}
	return true;
}

/* Of all names of the proposal, of the one it is about, or of one that is named, which
 * may have left the proposal since. */
static bool unignore(Job *job, Heard *heard, const Order *order, GError **error)
{
	const PlanMember *only = order->name == NULL ? member_of(heard->record, NULL) : NULL;
	const char *name = order->name != NULL ? order->name : only != NULL ? only->name : NULL;
	g_autofree char *ecosystem = ecosystem_of(heard->record);
	g_autoptr(GString) said = g_string_new(NULL);
	int64_t removed = 0;
	bool is_good;

	if (is_amendment(heard->record)) {
		is_good = unignore_amendment(job, heard, order, &removed, said, error);
	} else if (name == NULL) {
		answer(heard,
		       g_strdup("This proposal moves several dependencies: name one, or `*`."));
		return true;
	} else if (strcmp(name, "*") == 0) {
		is_good = unignore_all(job, heard, &removed, said, error);
	} else {
		is_good = unignore_one(job, heard, ecosystem, name, order->condition, &removed,
				       said, error);
	}
	if (!is_good)
		return false;
	answer(heard, removed == 0 ? g_strdup_printf("Nothing of the kind was ignored%s.%s",
						     said->len > 0 ? " by order" : "", said->str)
				   : g_strdup_printf("Taken back: %" G_GINT64_FORMAT
						     " of what was ignored.%s",
						     removed, said->str));
	return true;
}

static bool is_shown(const Heard *heard, const char *name, const Ignored *ignored)
{
	return name != NULL ? g_ascii_strcasecmp(ignored->name, name) == 0
			    : member_of(heard->record, ignored->name) != NULL;
}

static bool show(Job *job, Heard *heard, const Order *order, GError **error)
{
	g_autoptr(GPtrArray) all = ignored_list(job->turn->store, job_repository(job),
						job->turn->invocation->now, error);
	g_autoptr(GString) table = g_string_new("| dependency | versions | by | on | until |\n"
						"|---|---|---|---|---|\n");
	const PlanMember *only = order->name == NULL ? member_of(heard->record, NULL) : NULL;
	const char *one = order->name != NULL ? order->name : only != NULL ? only->name : NULL;
	g_autofree char *lines = one != NULL ? rules_say(job, "", one, NULL) : NULL;
	guint count = 0;

	for (guint i = 0; all != NULL && i < all->len; i++) {
		const Ignored *ignored = g_ptr_array_index(all, i);
		g_autofree char *name = text_code(ignored->name), *by = text_code(ignored->author);
		g_autofree char *range =
			text_code(*ignored->range != '\0' ? ignored->range : "all");
		char until[32] = "for ever";

		if (!is_shown(heard, order->name, ignored))
			continue;
		if (ignored->expires_at != INT64_MAX)
			time_text(ignored->expires_at, until, sizeof until);
		g_string_append_printf(table, "| %s | %s | %s | %c%" G_GINT64_FORMAT " | %s |\n",
				       name, range, by, job->forge->sign, ignored->number, until);
		count++;
	}
	answer(heard, g_strdup_printf("%s%s%s%s",
				      count > 0 ? g_strchomp(table->str)
						: "Nothing is ignored but what the rules say.",
				      lines != NULL ? "\n\n" : "", lines != NULL ? lines : "",
				      lines != NULL ? "." : ""));
	return all != NULL;
}

static bool reopen(Job *job, Heard *heard, GError **error)
{
	answer(heard, heard->is_open ? g_strdup("This proposal is open.") : NULL);
	return heard->is_open || forgive(job, heard, error);
}

/* Keeps who is to merge it: it is rebuilt as long as it is open. */
static bool leave_merge(Job *job, const Heard *heard, PlanMerging merging, GError **error)
{
	g_free(heard->record->allowed);
	heard->record->allowed = merging == MERGING_ORDERED
					 ? g_strdup_printf("an order of %s", heard->comment->author)
					 : NULL;
	heard->record->merging = merging;
	return job_move(job, heard->record, heard->record->state, error);
}

/* What we proposed is merged, or nothing: not what somebody pushed on top of it. */
static bool merge(Job *job, Heard *heard, GError **error)
{
	const PlanRecord *record = heard->record;
	g_autoptr(Proposal) proposal = proposal_new(record->branch, record->base);
	g_autoptr(GString) trouble = g_string_new(NULL);
	const char *head = job->orders->proposal->head_commit;

	if (!heard->is_open || (job->forge->can & CAN_AUTOMERGE) == 0) {
		answer(heard, g_strdup(heard->is_open ? "This forge merges nothing by itself."
						      : is_closed));
		return true;
	}
	if (head != NULL && strcmp(head, record->new_oid) != 0) {
		answer(heard, g_strdup("Somebody else has pushed to this branch: that is for "
				       "people to merge. `recreate` rebuilds it without their "
				       "commits."));
		return true;
	}
	proposal->number = record->number;
	proposal->head_commit = g_strdup(record->new_oid);
	if (!job->forge->automerge(job->hosted, proposal, trouble, error))
		return false;
	if (trouble->len > 0) {
		obey_refused(heard, trouble->str);
		return true;
	}
	answer(heard, g_strdup("The forge merges it as soon as everything passes that its "
			       "base requires. " ORDER_MARK_MERGE));
	return leave_merge(job, heard, MERGING_ORDERED, error);
}

/* Noted first: a run that dies in between must not have it asked for again. */
static bool cancel_merge(Job *job, Heard *heard, GError **error)
{
	g_autoptr(GString) trouble = g_string_new(NULL);

	if (!heard->is_open || (job->forge->can & CAN_AUTOMERGE) == 0) {
		answer(heard, g_strdup(heard->is_open ? "This forge merges nothing by itself."
						      : is_closed));
		return true;
	}
	if (!leave_merge(job, heard, MERGING_CANCELLED, error) ||
	    !job->forge->cancel_automerge(job->hosted, heard->record->number, trouble, error))
		return false;
	if (trouble->len > 0)
		obey_refused(heard, trouble->str);
	else
		answer(heard, g_strdup("The forge does not merge it by itself, whatever the rules "
				       "say; `merge when green` has it do so. " ORDER_MARK_CANCEL));
	return true;
}

bool obey(Job *job, Heard *heard, const Order *order, GError **error)
{
	switch (order->verb) {
	case ORDER_REBASE:
	case ORDER_RECREATE:
		answer(heard, heard->is_open ? NULL : g_strdup(is_closed));
		return true;
	case ORDER_EXPLAIN:
		answer(heard, NULL);
		return true;
	case ORDER_CLOSE:
		return close_by_order(job, heard, error);
	case ORDER_REOPEN:
		return reopen(job, heard, error);
	case ORDER_IGNORE:
	case ORDER_HOLD:
		return ignore(job, heard, order, error);
	case ORDER_UNIGNORE:
		return unignore(job, heard, order, error);
	case ORDER_SHOW:
		return show(job, heard, order, error);
	case ORDER_MERGE:
		return merge(job, heard, error);
	case ORDER_CANCEL:
		return cancel_merge(job, heard, error);
	case ORDER_UNKNOWN:
		answer(heard, g_strdup(help));
		return true;
	}
	g_assert_not_reached();
}

static char *say_outcome(const Outcome *outcome, OrderVerb verb)
{
	g_autofree char *reason = NULL;
	bool is_offered = outcome != NULL && outcome->proposal_url != NULL &&
			  (outcome->action == ACTION_CREATED || outcome->action == ACTION_UPDATED ||
			   outcome->action == ACTION_UNCHANGED);

	if (outcome == NULL)
		return g_strdup("Nothing was to be done: this update is not the newest, or not "
				"wanted; the schedule of the rules decides what comes next.");
	if (verb == ORDER_REOPEN && is_offered)
		return g_strdup_printf("Offered again: %s", outcome->proposal_url);
	switch (outcome->action) {
	case ACTION_UPDATED:
		return g_strdup("Done: the branch is rebuilt on what it is to be merged into.");
	case ACTION_UNCHANGED:
		return g_strdup("The branch is current: nothing was to be done.");
	case ACTION_SUPERSEDED:
		return g_strdup("A newer update takes the place of this one.");
	default:
		break;
	}
	if (g_strcmp0(outcome->reason, RECONCILE_EDITED) == 0)
		return g_strdup("Somebody else has pushed to this branch. `recreate` rebuilds it "
				"without their commits.");
	reason = quote_text(outcome->reason != NULL ? outcome->reason : "", FAILURE_LINES);
	return g_strdup_printf("It is %s:\n\n%s", action_word(outcome->action), reason);
}

static void explain_release(const Selection *selection, guint index, GString *text)
{
	const Release *release = selection->dependency->offer->releases->pdata[index];
	const Verdict *verdict = &selection->question.verdicts[index];
	g_autofree char *version = text_code(release->version);
	g_autofree char *why = text_code(verdict->text != NULL ? verdict->text : "-");

	g_string_append_printf(text, "| %s | %s | %s |\n", version, show_verdict(selection, index),
			       why);
}

/* The newest releases that were considered, with what was thought of each. */
static void explain_selection(Selection *selection, GString *text)
{
	g_autoptr(GArray) indexes = show_considered(selection);
	g_autofree char *name = text_code(selection->dependency->name), *said = show_why(selection);
	g_autofree char *why = *said != '\0' ? text_code(said) : g_strdup("");

	g_string_append_printf(text, "%s%s%s\n\n| release | verdict | why |\n|---|---|---|\n", name,
			       *why != '\0' ? ": " : "", why);
	for (guint i = 0; i < MIN(indexes->len, EXPLAINED); i++)
		explain_release(selection, g_array_index(indexes, guint, i), text);
	if (indexes->len > EXPLAINED)
		g_string_append_printf(text, "\nand %u older ones\n", indexes->len - EXPLAINED);
}

static char *explain(const Job *job, const PlanRecord *record)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < job->bases->len; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);
		const GPtrArray *selections = base->decision.selections;

		for (guint k = 0; strcmp(base->branch, record->base) == 0 && selections != NULL &&
				  k < selections->len;
		     k++) {
			Selection *selection = g_ptr_array_index(selections, k);

			if (selection->types == 0 &&
			    member_of(record, selection->dependency->name) != NULL)
				explain_selection(selection, text);
		}
	}
	return text->len > 0 ? g_strchomp(g_strdup(text->str))
			     : g_strdup("The dependency is no longer there.");
}

/* What became of the wish that the rules say so. */
static char *say_amended(const Job *job, const Heard *heard, const Order *order, const char *known)
{
	const PlanMember *member = member_of(heard->record, order->name);
	const Outcome *outcome = NULL;
	const Plan *plan = NULL;
	g_autofree char *reason = NULL;

	for (guint i = 0; member != NULL && i < job->orders->amended->len; i++) {
		const Ignored *ignored = g_ptr_array_index(job->orders->amended, i);
		g_autofree char *range = NULL;

		if (strcmp(ignored->name, member->name) == 0 && find_range(order, member, &range) &&
		    strcmp(ignored->range, range) == 0)
			plan = amend_plan_of(job, ignored);
	}
	if (plan == NULL)
		return g_strdup(known);
	outcome = turn_outcome_of(job->turn, plan->branch);
	if (outcome != NULL && outcome->proposal_url != NULL)
		return g_strdup_printf("%s That the rules say so is proposed: %s", known,
				       outcome->proposal_url);
	reason = text_code(outcome != NULL && outcome->reason != NULL ? outcome->reason
			   : plan->error != NULL                      ? plan->error->message
								      : "-");
	return g_strdup_printf("%s That the rules say so could not be proposed: %s", known, reason);
}

static char *final_answer(const Job *job, const Heard *heard, guint index)
{
	const char *known = g_ptr_array_index(heard->answers, index);
	const Order *order = g_ptr_array_index(heard->orders, index);

	if (known != NULL && order->is_to_commit)
		return say_amended(job, heard, order, known);
	if (known != NULL)
		return g_strdup(known);
	if (order->verb == ORDER_EXPLAIN)
		return explain(job, heard->record);
	return say_outcome(turn_outcome_of(job->turn, heard->record->branch), order->verb);
}

/* Whether what it orders was tried and failed for now. */
static bool has_to_wait(const Job *job, const Heard *heard, guint index)
{
	const Outcome *outcome = turn_outcome_of(job->turn, heard->record->branch);

	return g_ptr_array_index(heard->answers, index) == NULL && outcome != NULL &&
	       outcome->is_passing;
}

char *obey_answer(const Job *job, const Heard *heard)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *mark = order_mark(heard->comment->id);

	if (heard->orders->len == 0)
		return g_strdup_printf("%s\n\n%s", (char *)g_ptr_array_index(heard->answers, 0),
				       mark);
	for (guint i = 0; i < heard->answers->len; i++) {
		const Order *order = g_ptr_array_index(heard->orders, i);
		g_autofree char *what = text_code(order->text);
		g_autofree char *words = NULL;

		if (has_to_wait(job, heard, i))
			return NULL;
		words = final_answer(job, heard, i);
		if (heard->orders->len > 1)
			g_string_append_printf(text, "%s: ", what);
		g_string_append_printf(text, "%s\n\n", words);
	}
	return g_strconcat(text->str, mark, NULL);
}
