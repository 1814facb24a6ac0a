/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "worker"

#include "worker/orders.h"

#include "base/text.h"
#include "base/time.h"
#include "publish/hosted.h"
#include "store/cache.h"
#include "worker/obey.h"

#include <string.h>

enum { DAY = 24 * 60 * 60 };

/* That one look answers. */
enum { MOST_REFUSALS = 5 };

/* Seconds for which a large forge may not list yet what was said; what is listed twice is
 * heard once. */
enum { LATE = 120 };

static void heard_free(void *data)
{
	Heard *heard = data;

	g_ptr_array_unref(heard->orders);
	g_ptr_array_unref(heard->answers);
	g_free(heard);
}

void orders_free(Orders *orders)
{
	if (orders == NULL)
		return;
	g_clear_pointer(&orders->heard, g_ptr_array_unref);
	g_clear_pointer(&orders->records, g_ptr_array_unref);
	g_clear_pointer(&orders->comments, g_ptr_array_unref);
	g_clear_pointer(&orders->written, g_ptr_array_unref);
	g_clear_pointer(&orders->amended, g_ptr_array_unref);
	g_clear_pointer(&orders->ignored, g_ptr_array_unref);
	g_clear_pointer(&orders->weighed, g_tree_unref);
	g_clear_pointer(&orders->answered, g_tree_unref);
	g_clear_pointer(&orders->people, g_tree_unref);
	g_free(orders->mark);
	proposal_free(orders->proposal);
	g_free(orders);
}

static bool has_comments(const Job *job)
{
	return (job->forge->can & CAN_COMMENT) != 0;
}

/* Where the last look at the comments ended, and what it weighed of those that are listed
 * again: "SECONDS ID ID ...". */
static char *mark_name(const Job *job)
{
	return g_strdup_printf("comments %s", job_repository(job));
}

static bool read_mark(Job *job, GError **error)
{
	Orders *orders = job->orders;
	g_autofree char *name = mark_name(job);
	g_auto(GStrv) words = NULL;

	if (!cache_value(job->turn->store, name, &orders->mark, error))
		return false;
	words = g_strsplit(orders->mark != NULL ? orders->mark : "", " ", -1);
	if (words[0] == NULL ||
	    !g_ascii_string_to_signed(words[0], 10, 0, INT64_MAX, &orders->since, NULL))
		return true;
	for (char **word = words + 1; *word != NULL; word++)
		text_add(orders->weighed, g_strdup(*word));
	return true;
}

/* What can be an order at all, whoever said it. */
static bool may_be_order(const Comment *comment)
{
	g_autoptr(GPtrArray) found = NULL;

	if (comment->is_bot || comment->is_edited)
		return false;
	found = order_read(comment->body, NULL, NULL);
	return found->len > 0;
}

/* Where the next look may begin: at the last that was said to anybody at all, lest all of
 * a busy repository is read ever again. The forge's clock counts; ours only where it has
 * told none yet, and then with a day to spare. */
static bool write_mark(const Job *job, GError **error)
{
	const Orders *orders = job->orders;
	int64_t at = orders->since != 0 ? orders->since : time_now() - DAY;
	g_autofree char *name = mark_name(job);
	g_autoptr(GString) mark = g_string_new(NULL);

	at = MAX(at, orders->last_at - LATE);
	g_string_append_printf(mark, "%" G_GINT64_FORMAT, at);
	for (guint i = 0; i < orders->comments->len; i++) {
		const Comment *comment = g_ptr_array_index(orders->comments, i);

		if (comment->said_at >= at && may_be_order(comment))
			g_string_append_printf(mark, " %" G_GINT64_FORMAT, comment->id);
	}
	return g_strcmp0(mark->str, orders->mark) == 0 ||
	       cache_set_value(job->turn->store, name, mark->str, error);
}

static bool hear_of(Job *job, const GPtrArray *proposals, int64_t *last_at, GError **error)
{
	g_autoptr(GPtrArray) said =
		job->forge->hear(job->hosted, proposals, job->orders->since, last_at, error);

	while (said != NULL && said->len > 0)
		g_ptr_array_add(job->orders->comments, g_ptr_array_steal_index(said, 0));
	return said != NULL;
}

static Proposal *proposal_of(const PlanRecord *record)
{
	Proposal *proposal = proposal_new(record->branch, record->base);

	proposal->number = record->number;
	return proposal;
}

/* One by one: where more was said in the repository than can be read, and the first time
 * of all. What is closed may have been closed by an order that nobody answered yet. When
 * the last of many lists is read, the first is old: they do not tell how far we have heard. */
static bool hear_each(Job *job, GError **error)
{
	const Orders *orders = job->orders;

	for (guint i = 0; i < orders->records->len; i++) {
		const PlanRecord *record = g_ptr_array_index(orders->records, i);
		g_autoptr(GPtrArray) one = proposals_new();
		g_autoptr(GError) local = NULL;

		g_ptr_array_add(one, proposal_of(record));
		if (hear_of(job, one, NULL, &local))
			continue;
		if (failure_kind(local) != FAILURE_LIMIT) {
			g_propagate_error(error, g_steal_pointer(&local));
			return false;
		}
		/* Who floods one proposal silences that one. */
		turn_error(job->turn, (Place){ 0 }, local);
	}
	return true;
}

static bool hear(Job *job, GError **error)
{
	Orders *orders = job->orders;
	g_autoptr(GPtrArray) proposals = proposals_new();
	g_autoptr(GError) local = NULL;

	if (orders->since == 0)
		return hear_each(job, error);
	for (guint i = 0; i < orders->records->len; i++)
		g_ptr_array_add(proposals, proposal_of(g_ptr_array_index(orders->records, i)));
	if (proposals->len == 0 || hear_of(job, proposals, &orders->last_at, &local))
		return true;
	if (failure_kind(local) == FAILURE_LIMIT)
		return hear_each(job, error);
	g_propagate_error(error, g_steal_pointer(&local));
	return false;
}

static PlanRecord *record_of(const Orders *orders, int64_t number)
{
	for (guint i = 0; i < orders->records->len; i++) {
		PlanRecord *record = g_ptr_array_index(orders->records, i);

		if (record->number == number)
			return record;
	}
	return NULL;
}

static char *answer_key(int64_t id, const char *account)
{
	return g_strdup_printf("%" G_GINT64_FORMAT " %s", id, account);
}

/* Notes which comments are answered, and by whom. */
static void note_answers(Orders *orders)
{
	for (guint i = 0; i < orders->comments->len; i++) {
		const Comment *comment = g_ptr_array_index(orders->comments, i);
		int64_t id = order_answered(comment->body);

		if (id != 0)
			text_add(orders->answered, answer_key(id, comment->author));
	}
}

/* Whether `account` has answered the comment already. */
static bool is_answered(const Orders *orders, int64_t id, const char *account)
{
	g_autofree char *key = answer_key(id, account);

	return g_tree_lookup(orders->answered, key) != NULL;
}

/* Whether an earlier run has dealt with it: ids tell nothing of when a forge lists what. */
static bool is_weighed(const Orders *orders, const Comment *comment)
{
	char id[24];

	g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT, comment->id);
	return g_tree_lookup(orders->weighed, id) != NULL;
}

/* Finds the proposal that a comment stands on; NULL: it is gone. */
static bool look(Job *job, const Comment *comment, GError **error)
{
	Orders *orders = job->orders;

	if (orders->proposal != NULL && orders->proposal->number == comment->number)
		return true;
	g_clear_pointer(&orders->proposal, proposal_free);
	return job->forge->look(job->hosted, comment->number, &orders->proposal, error);
}

/* What the forge does not let us do: it would not the next time either. */
static bool is_refusal(const GError *error)
{
	FailureKind kind = failure_kind(error);

	return kind == FAILURE_DENIED || kind == FAILURE_INPUT || kind == FAILURE_ABSENT;
}

/* Obeys one order. One that the forge refuses is answered with its words, lest all that
 * is said later waits behind it. */
static bool obey_one(Job *job, Heard *heard, guint index, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (obey(job, heard, g_ptr_array_index(heard->orders, index), &local))
		return true;
	if (!is_refusal(local)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	g_ptr_array_set_size(heard->answers, (int)index);
	obey_refused(heard, local->message);
	return true;
}

/* Obeys what one comment orders, in order. What was done twice was done once. */
static bool obey_all(Job *job, const Comment *comment, GPtrArray *found, GError **error)
{
	Orders *orders = job->orders;
	Heard *heard = g_new0(Heard, 1);

	heard->comment = comment;
	heard->record = record_of(orders, comment->number);
	heard->is_open = orders->proposal->state == PROPOSAL_OPEN;
	heard->orders = g_ptr_array_ref(found);
	heard->answers = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(orders->heard, heard);
	for (guint i = 0; i < found->len; i++)
		if (!obey_one(job, heard, i, error)) {
			/* Without an answer all of it is heard again. */
			g_ptr_array_remove_index(orders->heard, orders->heard->len - 1);
			return false;
		}
	/* The next comment finds it as this one left it. */
	if (!heard->is_open)
		g_clear_pointer(&orders->proposal, proposal_free);
	return true;
}

/* Whether who said this may push; of each the forge is asked once. */
static bool may_push(Job *job, const Comment *comment, bool *may, GError **error)
{
	GTree *people = job->orders->people;
	void *known = NULL;

	*may = false;
	if (g_tree_lookup_extended(people, comment->author, NULL, &known)) {
		*may = GPOINTER_TO_INT(known) != 0;
		return true;
	}
	if (!job->forge->may_push(job->hosted, comment, may, error))
		return false;
	g_tree_insert(people, g_strdup(comment->author), GINT_TO_POINTER(*may));
	return true;
}

/* Whether something is ordered that there is, and not just said to us. */
static bool is_any_known(const GPtrArray *found)
{
	for (guint i = 0; i < found->len; i++)
		if (((const Order *)g_ptr_array_index(found, i))->verb != ORDER_UNKNOWN)
			return true;
	return false;
}

/* Who may not order is told so, of each look once a proposal: an answer for each word of
 * theirs would have us flood it. */
static void refuse(Job *job, const Comment *comment)
{
	Orders *orders = job->orders;
	Heard *heard;
	guint refused = 0;

	for (guint i = 0; i < orders->heard->len; i++) {
		const Heard *other = g_ptr_array_index(orders->heard, i);

		if (other->orders->len > 0)
			continue;
		if (++refused == MOST_REFUSALS ||
		    (other->comment->number == comment->number &&
		     strcmp(other->comment->author, comment->author) == 0))
			return;
	}
	heard = g_new0(Heard, 1);
	heard->comment = comment;
	heard->record = record_of(orders, comment->number);
	heard->orders = g_ptr_array_new();
	heard->answers = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(heard->answers,
			g_strdup("Only who may push to this repository can order something here."));
	g_ptr_array_add(orders->heard, heard);
}

/* After the answer, for a thumb may count as a change of the comment. One that the forge
 * will not have is none; what keeps it from us now is heard again, answer and all. */
static void nod(Job *job, const Comment *comment)
{
	g_autoptr(GError) local = NULL;

	if (job->forge->nod(job->hosted, comment, &local))
		return;
	g_debug("no thumb: %s", local->message);
	if (!is_refusal(local))
		job->orders->is_deaf = true;
}

static bool weigh(Job *job, const Comment *comment, GError **error)
{
	Orders *orders = job->orders;
	g_autoptr(GPtrArray) found = NULL;
	const char *account;
	bool may = false;

	if (is_weighed(orders, comment) || !may_be_order(comment))
		return true;
	if (!look(job, comment, error))
		return false;
	account = orders->proposal != NULL ? orders->proposal->author : NULL;
	if (account == NULL || strcmp(comment->author, account) == 0)
		return true;
	found = order_read(comment->body, account, job->settings->mention);
	if (found->len == 0)
		return true;
	if (!may_push(job, comment, &may, error))
		return false;
	if (is_answered(orders, comment->id, account)) {
		if (may)
			nod(job, comment); /* a run that died after the answer has not */
		return true;
	}
	if (may)
		return obey_all(job, comment, found, error);
	if (is_any_known(found))
		refuse(job, comment);
	return true;
}

static bool weigh_all(Job *job, GError **error)
{
	Orders *orders = job->orders;

	note_answers(orders);
	for (guint i = 0; i < orders->comments->len; i++)
		if (!weigh(job, g_ptr_array_index(orders->comments, i), error))
			return false;
	return true;
}

/* What ends the job, whatever it was about. */
static bool is_end(const GError *error)
{
	return failure_kind(error) == FAILURE_STOPPED || failure_kind(error) == FAILURE_IO;
}

/* What was not heard or not obeyed is heard again next time. */
static bool give_up(Job *job, GError *local, GError **error)
{
	if (is_end(local)) {
		g_propagate_error(error, g_error_copy(local));
		return false;
	}
	job->orders->is_deaf = true;
	return true;
}

/* A token that may not read comments takes no orders; `auth check` says what it lacks.
 * Where few requests are left they are not for comments, which wait. */
static bool listen_if_possible(Job *job, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (read_mark(job, &local) && api_spare(&job->hosted->api, "reading comments", &local) &&
	    hear(job, &local))
		return true;
	if (!give_up(job, local, error))
		return false;
	if (failure_kind(local) == FAILURE_DENIED || failure_kind(local) == FAILURE_BUSY)
		g_debug("no orders: %s", local->message);
	else
		turn_error(job->turn, (Place){ 0 }, local);
	return true;
}

static bool obey_if_possible(Job *job, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (job->orders->is_deaf || weigh_all(job, &local))
		return true;
	if (!give_up(job, local, error))
		return false;
	turn_error(job->turn, (Place){ 0 }, local);
	return true;
}

/* One more element of `ignore`, whose place is the proposal it was said on. */
static void ignore(Rules *rules, const Ignored *ignored)
{
	Filter *filter = g_new0(Filter, 1);

	filter->name = g_strdup(ignored->name);
	filter->place.path = ignored->author;
	if (*ignored->range != '\0') {
		filter->versions = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(filter->versions, g_strdup(ignored->range));
	}
	g_ptr_array_add(rules->ignore, filter);
}

static bool ignore_all(Job *job, GError **error)
{
	Orders *orders = job->orders;

	orders->ignored =
		ignored_list(job->turn->store, job_repository(job), job->world.now, error);
	for (guint i = 0; orders->ignored != NULL && i < orders->ignored->len; i++) {
		const Ignored *ignored = g_ptr_array_index(orders->ignored, i);

		for (guint k = 0; k < job->rules->entries->len; k++) {
			Rules *rules = g_ptr_array_index(job->rules->entries, k);

			if (rules->is_usable &&
			    (*ignored->ecosystem == '\0' ||
			     strcmp(ignored->ecosystem, rules->ecosystem_name) == 0))
				ignore(rules, ignored);
		}
	}
	return orders->ignored != NULL;
}

bool orders_hear(Job *job, GError **error)
{
	Orders *orders;

	if (job->orders != NULL)
		return true;
	orders = job->orders = g_new0(Orders, 1);
	orders->comments = comments_new();
	orders->weighed = g_tree_new_full(text_compare, NULL, g_free, NULL);
	orders->answered = g_tree_new_full(text_compare, NULL, g_free, NULL);
	orders->people = g_tree_new_full(text_compare, NULL, g_free, NULL);
	orders->heard = g_ptr_array_new_with_free_func(heard_free);
	orders->amended = g_ptr_array_new_with_free_func((GDestroyNotify)ignored_free);
	orders->written = g_ptr_array_new();
	orders->records = journal_conversations(job->turn->store, job_repository(job), error);
	if (orders->records == NULL)
		return false;
	return !has_comments(job) || job->turn->is_dry || orders->records->len == 0 ||
	       listen_if_possible(job, error);
}

bool orders_are_given(const Job *job)
{
	const Orders *orders = job->orders;

	for (guint i = 0; i < orders->comments->len; i++) {
		const Comment *comment = g_ptr_array_index(orders->comments, i);

		if (!is_weighed(orders, comment) && may_be_order(comment))
			return true;
	}
	return false;
}

bool orders_obey(Job *job, GError **error)
{
	return obey_if_possible(job, error) && ignore_all(job, error);
}

/* What one order asks of its entry. */
static Due due_for(const Order *order)
{
	switch (order->verb) {
	case ORDER_REBASE:
	case ORDER_RECREATE:
	case ORDER_EXPLAIN:
		return DUE_TENDED;
	case ORDER_REOPEN:
	case ORDER_IGNORE:
	case ORDER_HOLD:
	case ORDER_UNIGNORE:
		return DUE_RUN;
	default:
		return DUE_NOT;
	}
}

Due orders_due(const Job *job, const char *entry)
{
	Due due = DUE_NOT;

	for (guint i = 0; i < job->orders->heard->len; i++) {
		const Heard *heard = g_ptr_array_index(job->orders->heard, i);

		for (guint k = 0; k < heard->orders->len; k++)
			if (strcmp(heard->record->entry, entry) == 0)
				due = MAX(due, due_for(g_ptr_array_index(heard->orders, k)));
	}
	return due;
}

/* A branch is current if nobody else pushed to it and it stands on the base's tip. */
static bool is_current(const Job *job, const GPtrArray *branches, const PlanRecord *record)
{
	for (guint i = 0; i < branches->len; i++) {
		const OwnBranch *branch = g_ptr_array_index(branches, i);

		if (strcmp(branch->name, record->branch) == 0)
			return branch->is_ours &&
			       g_strcmp0(branch->parent, remote_tip(job->remote, record->base)) ==
				       0;
	}
	return true;
}

void orders_fill(const Job *job, const GPtrArray *branches, Findings *findings)
{
	for (guint i = 0; i < job->orders->heard->len; i++) {
		const Heard *heard = g_ptr_array_index(job->orders->heard, i);

		for (guint k = 0; heard->is_open && k < heard->orders->len; k++) {
			OrderVerb verb = ((const Order *)g_ptr_array_index(heard->orders, k))->verb;
			const char *name = heard->record->branch;

			if ((verb != ORDER_REBASE && verb != ORDER_RECREATE) ||
			    is_current(job, branches, heard->record))
				continue;
			text_add(findings->rebuilt, g_strdup(name));
			if (verb == ORDER_RECREATE)
				text_add(findings->recreated, g_strdup(name));
		}
	}
}

/* Where the conversation is locked an order stays without answer; so does for now what
 * failed in a way that passes. */
bool orders_answer(Job *job, GError **error)
{
	Orders *orders = job->orders;

	for (guint i = 0; i < orders->heard->len; i++) {
		const Heard *heard = g_ptr_array_index(orders->heard, i);
		g_autofree char *text = obey_answer(job, heard);
		g_autoptr(GError) local = NULL;

		if (text == NULL) {
			orders->is_deaf = true;
			continue;
		}
		if (job->forge->say(job->hosted, heard->comment->number, text, &local)) {
			if (heard->orders->len > 0)
				nod(job, heard->comment);
			continue;
		}
		if (failure_kind(local) == FAILURE_INPUT)
			continue;
		if (is_end(local)) {
			g_propagate_error(error, g_steal_pointer(&local));
			return false;
		}
		turn_error(job->turn, (Place){ 0 }, local);
		return true;
	}
	return !has_comments(job) || orders->is_deaf || job->turn->is_dry ||
	       orders->records->len == 0 || write_mark(job, error);
}

bool orders_are_likely(const Job *job, bool *is_likely, GError **error)
{
	g_autoptr(GPtrArray) records = journal_plans(job->turn->store, job_repository(job), error);

	*is_likely = false;
	for (guint i = 0; records != NULL && has_comments(job) && i < records->len; i++)
		*is_likely = *is_likely ||
			     ((const PlanRecord *)g_ptr_array_index(records, i))->number != 0;
	return records != NULL;
}
