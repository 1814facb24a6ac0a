/* SPDX-License-Identifier: MIT */
#include "worker/proposals.h"

#include "base/text.h"
#include "publish/body.h"
#include "publish/identity.h"
#include "publish/order.h"
#include "upkeepd/ecosystem.h"

#include <string.h>

enum { DAY = 24 * 60 * 60 };

static bool has_proposals(const Job *job)
{
	return (job->forge->can & CAN_PROPOSE) != 0;
}

/* Where branches of ours have no beginning in common, any may be one. */
static bool has_branches(const Job *job)
{
	for (GTreeNode *node = g_tree_node_first((GTree *)remote_tips(job->remote)); node != NULL;
	     node = g_tree_node_next(node))
		if (!remote_is_base(job->remote, g_tree_node_key(node)))
			return true;
	return false;
}

/* Whether we, who opened the proposal, say there that we close it. */
static bool is_farewell(const Proposal *proposal, const Comment *comment)
{
	return g_strcmp0(comment->author, proposal->author) == 0 &&
	       identity_is_farewell(comment->body);
}

/* Whether nobody has said anything since, but for our own answers to orders. */
static bool is_last_word(const Proposal *proposal, const GPtrArray *comments)
{
	guint last = comments->len;

	while (last > 0) {
		const Comment *comment = g_ptr_array_index(comments, --last);

		if (g_strcmp0(comment->author, proposal->author) != 0 ||
		    order_answered(comment->body) == 0)
			return is_farewell(proposal, comment);
	}
	return false;
}

/* Says why, unless a run that died then has said it: that was the last word. A
 * conversation that is locked is closed without. */
static bool close_because(Job *job, const Proposal *proposal, const char *reason,
			  int64_t replacement, GError **error)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new(), comments = NULL;
	g_autofree char *number = NULL, *farewell = NULL;
	g_autoptr(GError) local = NULL;

	g_ptr_array_add(one, (Proposal *)proposal);
	comments = job->forge->hear(job->hosted, one, 0, NULL, error);
	if (comments == NULL)
		return false;
	if (replacement != 0)
		number = g_strdup_printf("%c%" G_GINT64_FORMAT, job->forge->sign, replacement);
	farewell = reconcile_farewell(reason, number);
	if (!is_last_word(proposal, comments) &&
	    !job->forge->say(job->hosted, proposal->number, farewell, &local) &&
	    failure_kind(local) != FAILURE_INPUT) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	return job->forge->close(job->hosted, proposal, error);
}

static bool is_marked(const Proposal *proposal)
{
	return proposal->body != NULL && identity_has_marker(proposal->body);
}

/* Two upkeepd that open a proposal at the same moment may open one each: then the
 * oldest stays. */
static bool close_doubles(Job *job, GError **error)
{
	for (guint i = 0; i < job->open->len; i++) {
		const Proposal *proposal = g_ptr_array_index(job->open, i);

		for (guint k = 0; k < job->open->len; k++) {
			const Proposal *older = g_ptr_array_index(job->open, k);

			if (older->number >= proposal->number || !is_marked(proposal) ||
			    strcmp(older->head, proposal->head) != 0 ||
			    strcmp(older->base, proposal->base) != 0)
				continue;
			if (!close_because(job, proposal, "duplicate", older->number, error))
				return false;
			g_ptr_array_remove_index(job->open, i--);
			break;
		}
	}
	return true;
}

/* What no branch is called a person may have taken out of the body. */
static void recall_head(Proposal *proposal, const GPtrArray *records)
{
	for (guint i = 0; *proposal->head == '\0' && i < records->len; i++) {
		const PlanRecord *record = g_ptr_array_index(records, i);

		if (record->number != proposal->number)
			continue;
		g_free(proposal->head);
		proposal->head = g_strdup(record->branch);
	}
}

/* Whether it is the proposal of a branch of ours that is there. */
static bool is_of_ours(const Job *job, const Proposal *proposal)
{
	if (!job_has_branches(job))
		return remote_is_ours(job->remote, proposal->head);
	return !remote_is_base(job->remote, proposal->head) &&
	       remote_tip(job->remote, proposal->head) != NULL;
}

bool proposals_learn(Job *job, const GPtrArray *records, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;

	job->open = proposals_new();
	if (!has_proposals(job) ||
	    (records->len == 0 && job_has_branches(job) && !has_branches(job)))
		return true;
	all = job->forge->list(job->hosted, error);
	if (all == NULL)
		return false;
	for (guint i = 0; i < all->len;) {
		Proposal *proposal = g_ptr_array_index(all, i);

		if (!job_has_branches(job))
			recall_head(proposal, records);
		if (is_of_ours(job, proposal))
			g_ptr_array_add(job->open, g_ptr_array_steal_index(all, i));
		else
			i++;
	}
	return job->turn->is_dry || close_doubles(job, error);
}

const Proposal *proposals_open_one(const Job *job, const char *branch)
{
	for (guint i = 0; job->open != NULL && i < job->open->len; i++) {
		const Proposal *proposal = g_ptr_array_index(job->open, i);

		if (strcmp(proposal->head, branch) == 0)
			return proposal;
	}
	return NULL;
}

/* Says once what it means that a person closed `proposal`. It means that unsaid, too:
 * where it cannot be said that is no failure. */
static bool explain_refusal(Job *job, const Proposal *proposal, const GPtrArray *comments,
			    GError **error)
{
	g_autofree char *text = identity_refusal(
		"This is not proposed again; what is newer will be, and so will another set of "
		"updates. To have it after all, reopen this or say `@upkeepd reopen`.");
	g_autoptr(GError) local = NULL;

	for (guint i = 0; i < comments->len; i++) {
		const Comment *comment = g_ptr_array_index(comments, i);

		if (g_strcmp0(comment->author, proposal->author) == 0 &&
		    identity_is_refusal(comment->body))
			return true;
	}
	if (job->forge->say(job->hosted, proposal->number, text, &local))
		return true;
	if (job_is_ended_by(local)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	g_debug("a refusal stays without a word: %s", local->message);
	return true;
}

/* Whether it was people who closed `proposal`: one of us would say so. */
static bool is_closed_by_people(Job *job, Proposal *proposal, bool *is_refused, GError **error)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new(), comments = NULL;

	*is_refused = true;
	g_ptr_array_add(one, proposal);
	comments = job->forge->hear(job->hosted, one, 0, NULL, error);
	if (comments == NULL)
		return false;
	for (guint i = 0; i < comments->len; i++)
		if (is_farewell(proposal, g_ptr_array_index(comments, i)))
			*is_refused = false;
	return !*is_refused || explain_refusal(job, proposal, comments, error);
}

bool proposals_judge(Job *job, PlanRecord *record, PlanState *state, GError **error)
{
	const Proposal *open = proposals_open_one(job, record->branch);
	g_autoptr(Proposal) found = NULL;
	bool is_by_people;

	if (!has_proposals(job) || record->number == 0 ||
	    (open != NULL && open->number == record->number))
		return true;
	if (!job->forge->look(job->hosted, record->number, &found, error))
		return false;
	if (found == NULL) {
		record->number = 0;
		g_clear_pointer(&record->url, g_free);
		return true;
	}
	if (found->state == PROPOSAL_MERGED)
		*state = PLAN_MERGED;
	/* The forge was spoken to in another way then, or by another account. */
	if (found->state == PROPOSAL_OPEN && (!job_has_branches(job) || *found->head == '\0'))
		*state = PLAN_CLOSED;
	if (found->state != PROPOSAL_CLOSED)
		return true;
	if (!is_closed_by_people(job, found, &is_by_people, error))
		return false;
	*state = is_by_people ? PLAN_REFUSED : PLAN_CLOSED;
	return true;
}

bool proposals_recall(Job *job, const char *branch, const char *base, bool *is_refused,
		      GError **error)
{
	g_autoptr(Proposal) found = NULL;

	*is_refused = false;
	if (!has_proposals(job) || proposals_open_one(job, branch) != NULL)
		return true;
	if (!job->forge->find(job->hosted, branch, base, &found, error))
		return false;
	if (found == NULL || found->state != PROPOSAL_CLOSED)
		return true;
	return is_closed_by_people(job, found, is_refused, error);
}

static void add_missing(GPtrArray *list, const char *text)
{
	if (!g_ptr_array_find_with_equal_func(list, text, g_str_equal, NULL))
		g_ptr_array_add(list, g_strdup(text));
}

static void add_all(GPtrArray *list, const GPtrArray *more)
{
	for (guint i = 0; i < more->len; i++)
		add_missing(list, g_ptr_array_index(more, i));
}

/* What the entries of a plan want its proposal dressed with: of a multi-ecosystem
 * group there are several. */
typedef struct {
	GPtrArray *labels, *assignees, *reviewers; /* of char * */
} Wishes;

static void wishes_clear(Wishes *wishes)
{
	g_ptr_array_unref(wishes->labels);
	g_ptr_array_unref(wishes->assignees);
	g_ptr_array_unref(wishes->reviewers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wishes, wishes_clear)

static void add_wishes(Wishes *wishes, const Rules *rules, const Ecosystem *ecosystem)
{
	if (rules->labels == NULL) {
		add_missing(wishes->labels, "dependencies");
		add_missing(wishes->labels, ecosystem->label);
	} else {
		add_all(wishes->labels, rules->labels);
	}
	add_all(wishes->assignees, rules->assignees);
	add_all(wishes->reviewers, rules->reviewers);
}

static Wishes wishes_of(const Plan *plan)
{
	Wishes wishes = { g_ptr_array_new_with_free_func(g_free),
			  g_ptr_array_new_with_free_func(g_free),
			  g_ptr_array_new_with_free_func(g_free) };

	for (guint i = 0; i < plan->updates->len; i++) {
		const Manifest *manifest =
			((Update *)g_ptr_array_index(plan->updates, i))->manifest;

		add_wishes(&wishes, manifest->rules, manifest->ecosystem);
	}
	if (plan->amendment != NULL)
		add_wishes(&wishes, plan->rules, ecosystem_by_name(plan->amendment->ecosystem));
	return wishes;
}

static Dress dress_of(const Plan *plan, const Wishes *wishes)
{
	return (Dress){ .labels = wishes->labels,
			.assignees = wishes->assignees,
			.reviewers = wishes->reviewers,
			.milestone = plan->rules->milestone };
}

static bool names_labels(const Plan *plan)
{
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);
		const GPtrArray *labels = update->manifest->rules->labels;

		if (labels != NULL && labels->len > 0)
			return true;
	}
	return false;
}

/* What the rules ask for though it cannot be had with the least rights. */
static void say_left_out(const Job *job, const Plan *plan, const Wishes *wishes)
{
	const struct {
		unsigned bit;
		bool is_wanted;
		const char *what;
	} all[] = {
		{ CAN_LABEL, names_labels(plan) || wishes->assignees->len > 0,
		  "labels and assignees" },
		{ CAN_REVIEWERS, wishes->reviewers->len > 0, "reviewers" },
		{ CAN_MILESTONE, plan->rules->milestone != 0, "milestone" },
	};
	g_autoptr(GString) left_out = g_string_new(NULL);
	g_autofree char *text = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i].is_wanted && (job->forge->can & all[i].bit) == 0)
			g_string_append_printf(left_out, "%s%s", left_out->len > 0 ? ", " : "",
					       all[i].what);
	if (left_out->len == 0)
		return;
	text = g_strdup_printf("branch '%s': %s of the rules cannot be set by 'forge: %s'",
			       plan->branch, left_out->str, job->forge->name);
	turn_warning(job->turn, (Place){ 0 }, text);
}

/* What the forge will not have (an unknown person) is said and is no failure. */
static bool dress(Job *job, const Plan *plan, const Proposal *proposal, GError **error)
{
	g_auto(Wishes) wishes = wishes_of(plan);
	g_autoptr(GString) trouble = g_string_new(NULL);
	Dress wanted = dress_of(plan, &wishes);

	say_left_out(job, plan, &wishes);
	if ((job->forge->can & CAN_LABEL) == 0)
		return true;
	if (!job->forge->dress(job->hosted, proposal, &wanted, trouble, error))
		return false;
	if (trouble->len > 0)
		turn_warning(job->turn, (Place){ 0 }, g_strchomp(trouble->str));
	return true;
}

/* What the rules say of the merge of `plan`: its group's word, else its entry's. */
typedef struct {
	unsigned steps;
	int age; /* days */
	const Place *place;
} Permit;

static Permit permit_of(const Plan *plan, const Rules *rules)
{
	const Group *group =
		plan->group != NULL && !plan->is_multi ? rules_group(rules, plan->group) : NULL;

	if (group != NULL && group->automerge != 0)
		return (Permit){ group->automerge, group->automerge_age, &group->place };
	return (Permit){ rules->automerge, rules->automerge_age, &rules->place };
}

/* What comes along with another has no age of its own to wait for. */
static bool is_old_enough(const Update *update, int days, int64_t now)
{
	int64_t at = update_published_at(update);

	return days == 0 || (at == 0 && !update->dependency->is_direct) ||
	       (at != 0 && now - at >= (int64_t)days * DAY);
}

static bool is_permitted(const Job *job, const Plan *plan)
{
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);
		Permit permit = permit_of(plan, update->manifest->rules);

		if (update->step < STEP_DIGEST ||
		    (permit.steps >> (update->step - STEP_DIGEST) & 1) == 0 ||
		    !is_old_enough(update, permit.age, job->turn->invocation->now))
			return false;
	}
	return plan->updates->len > 0;
}

/* Whether the merge of all that it moves is left to the forge: by the rules, unless people
 * have said what they want of this one. */
static bool is_left_to_forge(const Job *job, const Plan *plan, PlanMerging merging)
{
	return merging == MERGING_BY_RULES ? is_permitted(job, plan) : merging == MERGING_ORDERED;
}

/* Notes who or what it was that allowed the merge. */
static void note_permit(const Plan *plan, PlanRecord *record, bool is_refused)
{
	const Place *place = permit_of(plan, plan->rules).place;

	if (record->merging == MERGING_ORDERED && record->allowed != NULL)
		return;
	g_free(record->allowed);
	if (is_refused)
		record->allowed = g_strdup("");
	else if (record->merging == MERGING_ORDERED)
		record->allowed = g_strdup("an order in a comment");
	else
		record->allowed = g_strdup_printf("automerge of %s:%d", place->path, place->line);
}

static bool automerge(Job *job, const Plan *plan, const Proposal *proposal, PlanRecord *record,
		      GError **error)
{
	g_autoptr(GString) trouble = g_string_new(NULL);

	if ((job->forge->can & CAN_AUTOMERGE) == 0 || !proposal->is_left_to_forge)
		return true;
	if (!job->forge->automerge(job->hosted, proposal, trouble, error))
		return false;
	note_permit(plan, record, trouble->len > 0);
	if (trouble->len > 0)
		turn_warning(job->turn, (Place){ 0 }, g_strchomp(trouble->str));
	return true;
}

static bool has_age(const Plan *plan)
{
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);

		if (permit_of(plan, update->manifest->rules).age > 0)
			return true;
	}
	return false;
}

/* Whether what was opened too young for it may be left to the forge by now. */
static bool is_of_age(const Job *job, const Plan *plan, const PlanRecord *record)
{
	return (job->forge->can & CAN_AUTOMERGE) != 0 && record->number != 0 &&
	       record->allowed == NULL && record->merging == MERGING_BY_RULES && has_age(plan) &&
	       is_permitted(job, plan);
}

/* What people said of the merge of a proposal that the journal did not know: our answer to
 * that tells. */
static bool recall_merging(Job *job, const Proposal *there, PlanRecord *record, GError **error)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new(), comments = NULL;

	if ((job->forge->can & CAN_AUTOMERGE) == 0 || (job->forge->can & CAN_COMMENT) == 0)
		return true;
	g_ptr_array_add(one, (Proposal *)there);
	comments = job->forge->hear(job->hosted, one, 0, NULL, error);
	for (guint i = 0; comments != NULL && i < comments->len; i++) {
		const Comment *comment = g_ptr_array_index(comments, i);
		OrderVerb verb = order_merging(comment->body);

		if (verb != ORDER_UNKNOWN && g_strcmp0(comment->author, there->author) == 0)
			record->merging = verb == ORDER_MERGE ? MERGING_ORDERED : MERGING_CANCELLED;
	}
	return comments != NULL;
}

static Proposal *wanted_proposal(const Job *job, const Plan *plan, const PlanRecord *record)
{
	Proposal *proposal = proposal_new(record->branch, job_base(job, plan)->branch);

	proposal->number = record->number;
	proposal->head_commit = g_strdup(record->new_oid);
	proposal->title = g_strdup(plan->title);
	proposal->body = g_strdup(plan->body);
	proposal->is_draft = plan->rules->opens_drafts;
	proposal->is_left_to_forge = is_left_to_forge(job, plan, record->merging);
	return proposal;
}

GPtrArray *proposals_push_options(const Job *job, const Plan *plan, const PlanRecord *record,
				  bool is_new)
{
	g_autoptr(Proposal) proposal = wanted_proposal(job, plan, record);
	g_auto(Wishes) wishes = wishes_of(plan);
	Dress wanted = dress_of(plan, &wishes);
	g_autoptr(GPtrArray) options = job->forge->push_options(proposal, &wanted, is_new);

	if (is_new && !has_proposals(job))
		say_left_out(job, plan, &wishes);
	return g_steal_pointer(&options);
}

/* What the server has against the options: a line of its hooks that names them. */
static char *complaint(const char *said)
{
	g_auto(GStrv) lines = g_strsplit_set(said, "\r\n", -1);

	for (char **line = lines; *line != NULL; line++)
		if (strstr(*line, "push option") != NULL)
			return text_one_line(g_strstrip(*line));
	return NULL;
}

bool proposals_is_unproposed(const Job *job, const PlanRecord *record)
{
	return (job->forge->can & (CAN_PROPOSE | CAN_PROPOSE_BY_PUSH)) == CAN_PROPOSE_BY_PUSH &&
	       record->state <= PLAN_PUSHED;
}

void proposals_leave(PlanRecord *record)
{
	g_free(record->reason);
	record->reason = g_strdup_printf("the server takes no push options: what branch '%s' "
					 "proposes has to be opened by hand",
					 record->branch);
}

bool proposals_pushed(const Job *job, PlanRecord *record, const PushUpdate *push)
{
	const char *said = push->said != NULL ? push->said : "";
	g_autofree char *trouble = complaint(said), *url = NULL;

	if (push->options == NULL)
		return true;
	if (push->are_options_lost) {
		proposals_leave(record);
	} else if (trouble != NULL) {
		g_free(record->reason);
		record->reason =
			g_strdup_printf("branch '%s' was pushed, but: %s", push->branch, trouble);
	}
	if (push->are_options_lost || trouble != NULL)
		turn_warning(job->turn, (Place){ 0 }, record->reason);
	if (job->forge->pushed_url != NULL)
		url = job->forge->pushed_url(job->repository, said);
	if (url != NULL) {
		g_free(record->url);
		record->url = g_steal_pointer(&url);
	}
	return !push->are_options_lost;
}

/* As forges keep texts: line ends and blanks at the end are theirs. */
static bool is_same_text(const char *text, const char *other)
{
	g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\r\n", -1);
	g_autofree char *joined = g_strjoinv("\n", lines);
	g_autofree char *expected = g_strdup(other);

	return strcmp(g_strchomp(joined), g_strchomp(expected)) == 0;
}

/* Where a draft is one by its title alone, a person's word for it stays in front. */
static void keep_draft(const Proposal *there, Proposal *wanted)
{
	static const char *const words[] = { "Draft: ", "WIP: ", "[Draft] ", "[WIP] " };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t length = strlen(words[i]);
		g_autofree char *title = g_steal_pointer(&wanted->title);

		if (there->title != NULL &&
		    g_ascii_strncasecmp(there->title, words[i], length) == 0 &&
		    g_ascii_strncasecmp(title, words[i], length) != 0)
			wanted->title = g_strdup_printf("%.*s%s", (int)length, there->title, title);
		else
			wanted->title = g_steal_pointer(&title);
	}
}

/* Notes are looked for where a body says something new: one that says the same may have
 * none, and those that are there stay. */
static void keep_notes(const Proposal *there, Proposal *wanted)
{
	if (!body_is_same(there->body, wanted->body))
		return;
	g_free(wanted->body);
	wanted->body = g_strdup(there->body);
}

static bool is_as_wanted(const Proposal *there, const Proposal *wanted)
{
	return strcmp(there->base, wanted->base) == 0 &&
	       is_same_text(there->title, wanted->title) && body_is_same(there->body, wanted->body);
}

/* Whether somebody else opened one at the same moment: the older stays, and `*there`
 * is what it is. */
static bool yield(Job *job, const Proposal *proposal, Proposal **there, GError **error)
{
	g_autoptr(Proposal) found = NULL;

	if (!job->forge->find(job->hosted, proposal->head, proposal->base, &found, error))
		return false;
	if (found == NULL || found->state != PROPOSAL_OPEN || found->number >= proposal->number ||
	    strcmp(found->base, proposal->base) != 0)
		return true;
	if (!close_because(job, proposal, "duplicate", found->number, error))
		return false;
	*there = g_steal_pointer(&found);
	return true;
}

/* Opens it, or finds it open: then it becomes `*there`. */
static bool ensure(Job *job, const Plan *plan, PlanRecord *record, Proposal **there,
		   Opening *opening, GError **error)
{
	g_autoptr(Proposal) proposal = wanted_proposal(job, plan, record);
	const Proposal *now;

	if (!job_hold(job, record, error) ||
	    !job->forge->open(job->hosted, proposal, opening, error) ||
	    (*opening == OPENED && !yield(job, proposal, there, error)))
		return false;
	if (*opening == OPENED_BEFORE)
		*there = g_steal_pointer(&proposal);
	now = *there != NULL ? *there : proposal;
	record->number = now->number;
	g_free(record->url);
	record->url = g_strdup(now->url);
	return true;
}

/* The words and the dress of one that is there (NULL: it was opened just now). */
static bool furnish(Job *job, const Plan *plan, PlanRecord *record, const Proposal *there,
		    bool is_dressed, GError **error)
{
	g_autoptr(Proposal) wanted = wanted_proposal(job, plan, record);

	if (there != NULL && !is_marked(there))
		return automerge(job, plan, wanted, record, error);
	if (there != NULL) {
		keep_draft(there, wanted);
		keep_notes(there, wanted);
	}
	if (there != NULL && !is_as_wanted(there, wanted) &&
	    !job->forge->update(job->hosted, wanted, error))
		return false;
	return (is_dressed || dress(job, plan, wanted, error)) &&
	       automerge(job, plan, wanted, record, error);
}

bool proposals_lack_notes(const Proposal *there, const Plan *plan)
{
	return there != NULL && there->body != NULL && is_marked(there) &&
	       body_is_waiting(there->body) && !plan->is_waiting_for_notes;
}

DressState proposals_dress_state(const PlanRecord *record)
{
	if (record->number == 0)
		return DRESS_UNKNOWN;
	switch (record->state) {
	case PLAN_OPEN:
		return DRESS_DUE;
	case PLAN_DONE:
	case PLAN_EDITED:
		return DRESS_DONE;
	default:
		return DRESS_UNKNOWN;
	}
}

bool proposals_tend(Job *job, const Move *move, PlanRecord *record, DressState dressed,
		    Action *action, const char **reason, GError **error)
{
	const Proposal *there = proposals_open_one(job, record->branch);
	g_autoptr(Proposal) adopted = NULL;
	g_autoptr(GError) local = NULL;
	Opening opening = OPENED_BEFORE;

	if (record->state == PLAN_DONE && !proposals_lack_notes(there, move->plan) &&
	    !is_of_age(job, move->plan, record))
		return true;
	if (!has_proposals(job))
		return job_move(job, record, PLAN_DONE, error);
	if (there == NULL) {
		if (!ensure(job, move->plan, record, &adopted, &opening, error))
			return false;
		there = adopted;
	} else if (record->number != there->number) {
		if (!recall_merging(job, there, record, error))
			return false;
		record->number = there->number;
		g_free(record->url);
		record->url = g_strdup(there->url);
	}
	if (opening == OPENED_NOT) {
		*action = ACTION_CLOSED;
		*reason = "up_to_date";
		return job_move(job, record, PLAN_CLOSED, error);
	}
	if (record->state == PLAN_PUSHED && !job_move(job, record, PLAN_OPEN, error))
		return false;
	if (dressed == DRESS_UNKNOWN && there != NULL && there->labels->len > 0)
		dressed = DRESS_DONE;
	/* A proposal without its labels is a proposal: the next run dresses it. */
	if (!furnish(job, move->plan, record, there, dressed == DRESS_DONE, &local)) {
		turn_error(job->turn, (Place){ 0 }, local);
		return true;
	}
	return job_move(job, record, PLAN_DONE, error);
}

bool proposals_close(Job *job, const Move *move, const PlanRecord *replacement, GError **error)
{
	const Proposal *proposal = proposals_open_one(job, move->branch->name);

	return proposal == NULL ||
	       close_because(job, proposal, move->reason != NULL ? move->reason : "superseded",
			     replacement != NULL ? replacement->number : 0, error);
}

bool proposals_let_go(Job *job, PlanRecord *record, GError **error)
{
	static const char text[] =
		"Somebody else has pushed to this branch: from now on upkeepd leaves it alone. To "
		"have it rebuilt, say `@upkeepd recreate` on a line of its own, take these commits "
		"off it, or put `[upkeepd skip]` into the message of the last one.";

	return job->forge->say(job->hosted, record->number, text, error) &&
	       job_move(job, record, PLAN_EDITED, error);
}
