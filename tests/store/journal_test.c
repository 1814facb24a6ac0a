/* SPDX-License-Identifier: MIT */
#include "store/directory.h"
#include "store/journal.h"

#include <sqlite3.h>

#include <string.h>
#include <unistd.h>

#define REPOSITORY "https://git.test/a.git"

static Ticket *take(Store *store)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GPtrArray) owners = g_ptr_array_new();
	QueueAnswer answer = QUEUE_BUSY;
	Ticket *ticket = NULL;
	int64_t run = 0;

	g_ptr_array_add(names, (gpointer)REPOSITORY);
	GOOD(queue_watch(store, names, owners, &error));
	GOOD(queue_start_run(store, false, getpid(), NOW, &run, &error));
	GOOD(queue_add(store, run, REPOSITORY, false, NOW, &answer, &error));
	g_assert_cmpint(answer, ==, QUEUE_ADDED);
	GOOD(queue_take(store, run, getpid(), NOW, &ticket, &error));
	g_assert_nonnull(ticket);
	return ticket;
}

static PlanRecord *record_of(const char *update_key, const char *branch, const char *expected_old,
			     const char *new_oid)
{
	PlanRecord *record = plan_record_new();

	record->repository = g_strdup(REPOSITORY);
	record->base = g_strdup("main");
	record->update_key = g_strdup(update_key);
	record->entry = g_strdup("docker /");
	record->branch = g_strdup(branch);
	record->title = g_strdup("Bump golang");
	record->base_oid = g_strdup("0000");
	record->expected_old = g_strdup(expected_old);
	record->new_oid = g_strdup(new_oid);
	record->set_key = g_strdup(branch);
	record->commit_time = NOW;
	plan_record_add(record, "docker", "golang", "/", "1.21", "1.22");
	return record;
}

static bool plan(Store *store, const Ticket *ticket, PlanRecord *record)
{
	bool is_held = false;

	GOOD(journal_plan(store, ticket, record, NOW, NOW, &is_held, &error));
	return is_held;
}

static bool move(Store *store, const Ticket *ticket, PlanRecord *record, PlanState state)
{
	bool is_held = false;

	GOOD(journal_move(store, ticket, record, state, NOW, NOW, &is_held, &error));
	return is_held;
}

static PlanRecord *find(Store *store, const char *branch)
{
	PlanRecord *found = NULL;

	GOOD(journal_find(store, REPOSITORY, branch, &found, &error));
	return found;
}

static bool is_ours(Store *store, const char *oid)
{
	bool is_known = false;

	if (oid != NULL)
		GOOD(journal_is_ours(store, REPOSITORY, oid, &is_known, &error));
	return is_known;
}

static void assert_state(Store *store, const char *branch, PlanState state)
{
	g_autoptr(PlanRecord) found = find(store, branch);

	g_assert_nonnull(found);
	g_assert_cmpstr(plan_state_word(found->state), ==, plan_state_word(state));
}

static void a_plan_comes_back_as_it_was_written(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) ticket = take(store);
	g_autoptr(PlanRecord) record = record_of("golang", "b-1", NULL, "c1");
	g_autoptr(PlanRecord) found = NULL;
	const PlanMember *member = NULL;

	(void)data;
	plan_record_add(record, "gomod", "alpine", "/cmd", NULL, "3.20@sha256:aa");
	g_assert_true(plan(store, ticket, record));
	record->number = 12;
	record->url = g_strdup("https://git.test/a/pulls/12");
	record->merging = MERGING_CANCELLED;
	record->allowed = g_strdup("an order of ann");
	g_assert_true(move(store, ticket, record, PLAN_OPEN));

	found = find(store, "b-1");
	g_assert_cmpint(found->id, ==, record->id);
	g_assert_cmpint(found->merging, ==, MERGING_CANCELLED);
	g_assert_cmpstr(found->allowed, ==, "an order of ann");
	g_assert_cmpint(found->generation, ==, record->generation);
	g_assert_cmpstr(found->base, ==, "main");
	g_assert_cmpstr(found->update_key, ==, "golang");
	g_assert_cmpstr(found->entry, ==, "docker /");
	g_assert_cmpstr(found->title, ==, "Bump golang");
	g_assert_cmpstr(found->base_oid, ==, "0000");
	g_assert_null(found->expected_old);
	g_assert_cmpstr(found->new_oid, ==, "c1");
	g_assert_cmpint(found->commit_time, ==, NOW);
	g_assert_cmpint(found->state, ==, PLAN_OPEN);
	g_assert_cmpint(found->number, ==, 12);
	g_assert_cmpstr(found->url, ==, "https://git.test/a/pulls/12");
	g_assert_cmpint(found->opened_at, ==, NOW);
	g_assert_cmpuint(found->members->len, ==, 2);
	member = found->members->pdata[1];
	g_assert_cmpstr(member->ecosystem, ==, "gomod");
	g_assert_cmpstr(member->name, ==, "alpine");
	g_assert_null(member->from);
	g_assert_true(is_ours(store, "c1"));
	g_assert_false(is_ours(store, "c2"));
}

static void planning_again_on_the_branch_keeps_its_proposal(Directory *directory,
							    gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) ticket = take(store);
	g_autoptr(PlanRecord) first = record_of("golang", "b-1", NULL, "c1");
	g_autoptr(PlanRecord) again = record_of("golang", "b-1", "c1", "c2");
	g_autoptr(PlanRecord) found = NULL;

	(void)data;
	g_assert_true(plan(store, ticket, first));
	first->number = 12;
	g_assert_true(move(store, ticket, first, PLAN_OPEN));
	g_assert_true(plan(store, ticket, again));
	g_assert_false(move(store, ticket, first, PLAN_DONE)); /* knows an older one */
	found = find(store, "b-1");
	g_assert_cmpint(found->id, ==, first->id);
	g_assert_cmpint(found->number, ==, 12);
	g_assert_cmpint(found->state, ==, PLAN_PLANNED);
	g_assert_cmpuint(found->members->len, ==, 1);
	g_assert_true(is_ours(store, "c1"));
	g_assert_true(is_ours(store, "c2"));
}

static void a_new_branch_supersedes_the_old_one(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) ticket = take(store);
	g_autoptr(PlanRecord) first = record_of("golang", "b-1", NULL, "c1");
	g_autoptr(PlanRecord) second = record_of("golang", "b-2", NULL, "c2");
	g_autoptr(PlanRecord) back = record_of("golang", "b-1", "c1", "c3");
	g_autoptr(GPtrArray) plans = NULL;

	(void)data;
	g_assert_true(plan(store, ticket, first));
	g_assert_true(plan(store, ticket, second));
	assert_state(store, "b-1", PLAN_SUPERSEDED);
	assert_state(store, "b-2", PLAN_PLANNED);
	g_assert_true(plan(store, ticket, back));
	assert_state(store, "b-1", PLAN_PLANNED);
	assert_state(store, "b-2", PLAN_SUPERSEDED);
	g_assert_false(move(store, ticket, second, PLAN_PUSHED));
	plans = journal_plans(store, REPOSITORY, NULL);
	g_assert_cmpuint(plans->len, ==, 2);
}

static void a_past_plan_is_not_listed_and_its_branch_may_return(Directory *directory,
								gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) ticket = take(store);
	g_autoptr(PlanRecord) first = record_of("golang", "b-1", NULL, "c1");
	g_autoptr(PlanRecord) again = record_of("golang", "b-1", NULL, "c2");
	g_autoptr(GPtrArray) plans = NULL;

	(void)data;
	g_assert_true(plan(store, ticket, first));
	first->reason = g_strdup("up_to_date");
	g_assert_true(move(store, ticket, first, PLAN_CLOSED));
	plans = journal_plans(store, NULL, NULL);
	g_assert_cmpuint(plans->len, ==, 0);
	g_assert_true(plan(store, ticket, again));
	g_assert_cmpint(again->id, !=, first->id);
	GOOD(journal_forget(store, NOW + 190 * 86400, &error));
	assert_state(store, "b-1", PLAN_PLANNED);
}

static void who_lost_the_ticket_writes_nothing(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) ticket = take(store);
	g_autoptr(PlanRecord) record = record_of("golang", "b-1", NULL, "c1");
	g_autoptr(PlanRecord) other = record_of("alpine", "b-9", NULL, "c9");
	g_autofree char *repository = NULL;
	bool is_quarantined = false, is_held = true;

	(void)data;
	g_assert_true(plan(store, ticket, record));
	GOOD(queue_release(store, getpid(), "killed", true, NOW, &repository, &is_quarantined,
			   &error));
	g_assert_false(move(store, ticket, record, PLAN_PUSHED));
	g_assert_false(plan(store, ticket, other));
	g_assert_null(find(store, "b-9"));
	assert_state(store, "b-1", PLAN_PLANNED);
	GOOD(journal_hold(store, ticket, record, NOW, &is_held, &error));
	g_assert_false(is_held);
}

static void what_a_person_refused_is_remembered(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	bool is_refused = true;

	(void)data;
	GOOD(journal_is_refused(store, REPOSITORY, "main", "set", &is_refused, &error));
	g_assert_false(is_refused);
	GOOD(journal_refuse(store, REPOSITORY, "main", "set", NOW, &error));
	GOOD(journal_refuse(store, REPOSITORY, "main", "set", NOW + 1, &error));
	GOOD(journal_is_refused(store, REPOSITORY, "main", "set", &is_refused, &error));
	g_assert_true(is_refused);
	GOOD(journal_is_refused(store, REPOSITORY, "next", "set", &is_refused, &error));
	g_assert_false(is_refused);
	GOOD(journal_forgive(store, REPOSITORY, "main", "set", &error));
	GOOD(journal_is_refused(store, REPOSITORY, "main", "set", &is_refused, &error));
	g_assert_false(is_refused);
}

static const struct {
	const char *name;
	PlanState state;
	const char *expected_old, *remote;
	bool is_ours;
	HeadState head;
} judgements[] = {
	{ "a_new_branch_is_absent", PLAN_PLANNED, NULL, NULL, false, HEAD_READY },
	{ "the_push_was_made", PLAN_PLANNED, NULL, "new", true, HEAD_PUSHED },
	{ "the_push_was_made_over_the_old", PLAN_PLANNED, "old", "new", true, HEAD_PUSHED },
	{ "the_push_was_not_made", PLAN_PLANNED, "old", "old", true, HEAD_READY },
	{ "an_earlier_push_came_late", PLAN_PLANNED, "old", "between", true, HEAD_BEHIND },
	{ "a_person_pushed_before_us", PLAN_PLANNED, NULL, "theirs", false, HEAD_FOREIGN },
	{ "a_person_deleted_before_the_push", PLAN_PLANNED, "old", NULL, false, HEAD_DELETED },
	{ "it_still_stands", PLAN_DONE, NULL, "new", true, HEAD_PUSHED },
	{ "a_person_pushed_onto_it", PLAN_DONE, NULL, "theirs", false, HEAD_FOREIGN },
	{ "a_person_went_back", PLAN_DONE, "old", "old", true, HEAD_BEHIND },
	{ "a_person_deleted_it", PLAN_DONE, NULL, NULL, false, HEAD_DELETED },
	{ "a_person_deleted_what_was_pushed", PLAN_PUSHED, NULL, NULL, false, HEAD_DELETED },
};

static void judged(gconstpointer data)
{
	size_t row = GPOINTER_TO_SIZE(data);
	g_autoptr(PlanRecord) record =
		record_of("golang", "b-1", judgements[row].expected_old, "new");

	record->state = judgements[row].state;
	g_assert_cmpint(journal_judge(record, judgements[row].remote, judgements[row].is_ours), ==,
			judgements[row].head);
}

/* The simulation of operations.md 8: runs that die between any two effects, on a
 * forge that allows a second proposal for one head, with persons pushing to and
 * deleting branches, and a newer version coming up in between. */
typedef struct {
	Store *store;
	GTree *branches;      /* of char *, by name: the remote's heads */
	GPtrArray *proposals; /* of char *: heads of those that are open */
	int version;          /* what is to be proposed now */
	int n_human;
	double crash; /* probability at each point */
} Sim;

static int compare_names(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return strcmp(a, b);
}

static bool crashes(const Sim *sim)
{
	return g_test_rand_double() < sim->crash;
}

static void sim_push(Sim *sim, const char *branch, const char *expected, const char *new_oid)
{
	const char *head = g_tree_lookup(sim->branches, branch);

	if (g_strcmp0(head, expected) != 0)
		return; /* the server compares and refuses */
	g_assert_true(head == NULL || !g_str_has_prefix(head, "human"));
	g_tree_insert(sim->branches, g_strdup(branch), g_strdup(new_oid));
}

static bool sim_is_open(const Sim *sim, const char *branch)
{
	return g_ptr_array_find_with_equal_func(sim->proposals, branch, g_str_equal, NULL);
}

static void sim_open(Sim *sim, const char *branch)
{
	g_assert_false(sim_is_open(sim, branch));
	g_ptr_array_add(sim->proposals, g_strdup(branch));
}

static void sim_close(Sim *sim, const char *branch)
{
	guint index = 0;

	if (g_ptr_array_find_with_equal_func(sim->proposals, branch, g_str_equal, &index))
		g_ptr_array_remove_index(sim->proposals, index);
	g_tree_remove(sim->branches, branch);
}

static void sim_person(Sim *sim)
{
	g_autofree char *branch = g_strdup_printf("b-%d", g_test_rand_int_range(1, 3));
	g_autofree char *oid = g_strdup_printf("human%d", sim->n_human++);

	if (g_tree_lookup(sim->branches, branch) != NULL && g_test_rand_bit())
		g_tree_insert(sim->branches, g_strdup(branch), g_strdup(oid));
	else
		sim_close(sim, branch);
}

/* From whatever state on. False: it died here. */
static bool sim_finish(Sim *sim, const Ticket *ticket, PlanRecord *record)
{
	if (record->state == PLAN_PLANNED) {
		if (crashes(sim))
			return false;
		sim_push(sim, record->branch, record->expected_old, record->new_oid);
		if (crashes(sim))
			return false;
		if (g_strcmp0(g_tree_lookup(sim->branches, record->branch), record->new_oid) != 0)
			return true; /* refused: the next run judges */
		g_assert_true(move(sim->store, ticket, record, PLAN_PUSHED));
	}
	if (record->state == PLAN_PUSHED) {
		if (crashes(sim))
			return false;
		if (!sim_is_open(sim, record->branch))
			sim_open(sim, record->branch);
		if (crashes(sim))
			return false;
		record->number = 1;
		g_assert_true(move(sim->store, ticket, record, PLAN_OPEN));
	}
	if (crashes(sim))
		return false;
	return record->state != PLAN_OPEN || move(sim->store, ticket, record, PLAN_DONE);
}

static bool sim_close_superseded(Sim *sim, const Ticket *ticket)
{
	g_autoptr(GPtrArray) plans = journal_plans(sim->store, REPOSITORY, NULL);

	for (guint i = 0; i < plans->len; i++) {
		PlanRecord *record = plans->pdata[i];
		const char *head = g_tree_lookup(sim->branches, record->branch);

		if (record->state != PLAN_SUPERSEDED)
			continue;
		if (head == NULL || is_ours(sim->store, head))
			sim_close(sim, record->branch);
		if (crashes(sim))
			return false;
		g_assert_true(move(sim->store, ticket, record, PLAN_CLOSED));
	}
	return true;
}

/* One run's work for the version of the day. */
static bool sim_work(Sim *sim, const Ticket *ticket)
{
	g_autofree char *branch = g_strdup_printf("b-%d", sim->version);
	g_autofree char *oid = g_strdup_printf("c-%d", sim->version);
	const char *head = g_tree_lookup(sim->branches, branch);
	g_autoptr(PlanRecord) record = find(sim->store, branch);

	if (record != NULL && record->state > PLAN_SUPERSEDED)
		return true; /* refused, or closed when it was superseded */
	if (record != NULL && record->state == PLAN_EDITED)
		return sim_close_superseded(sim, ticket);
	if (record == NULL) {
		record = record_of("golang", branch, head, oid);
		if (head != NULL && !is_ours(sim->store, head))
			return true;
		g_assert_true(plan(sim->store, ticket, record));
	}
	switch (journal_judge(record, head, is_ours(sim->store, head))) {
	case HEAD_FOREIGN:
		return move(sim->store, ticket, record, PLAN_EDITED);
	case HEAD_DELETED:
		return move(sim->store, ticket, record, PLAN_REFUSED);
	case HEAD_PUSHED:
		if (record->state == PLAN_PLANNED)
			g_assert_true(move(sim->store, ticket, record, PLAN_PUSHED));
		break;
	case HEAD_READY:
	case HEAD_BEHIND:
		break;
	}
	return sim_finish(sim, ticket, record) && sim_close_superseded(sim, ticket);
}

static void sim_run(Sim *sim)
{
	g_autoptr(Ticket) ticket = take(sim->store);
	const JobEnd end = { .next_at = NOW };
	g_autofree char *repository = NULL;
	bool is_quarantined = false;

	if (sim_work(sim, ticket))
		GOOD(queue_done(sim->store, ticket, &end, NOW, &error));
	else
		GOOD(queue_release(sim->store, getpid(), "crash", false, NOW, &repository,
				   &is_quarantined, &error));
}

static void forget_everything(const Directory *directory)
{
	static const char sql[] = "DELETE FROM member; DELETE FROM plan; DELETE FROM own_commit";
	g_autofree char *path = directory_file(directory, "upkeepd.db");
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
}

static void crashing_runs_never_duplicate_nor_overwrite(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	int n_worlds = g_test_slow() ? 3000 : 20, n_done = 0;

	(void)data;
	for (int world = 0; world < n_worlds; world++) {
		Sim sim = { .store = store, .version = 1, .crash = 0.15 };
		g_autoptr(PlanRecord) last = NULL;

		sim.branches = g_tree_new_full(compare_names, NULL, g_free, g_free);
		sim.proposals = g_ptr_array_new_with_free_func(g_free);
		for (int run = 0; run < 10; run++) {
			if (run == 4)
				sim.version = 2;
			if (g_test_rand_int_range(0, 8) == 0)
				sim_person(&sim);
			sim_run(&sim);
		}
		sim.crash = 0;
		sim_run(&sim);
		sim_run(&sim);
		last = find(store, "b-2");
		g_assert_true(last == NULL || last->state == PLAN_DONE ||
			      last->state >= PLAN_EDITED);
		if (last != NULL && last->state == PLAN_DONE) {
			g_assert_true(sim_is_open(&sim, "b-2"));
			g_assert_cmpstr(g_tree_lookup(sim.branches, "b-2"), ==, "c-2");
			n_done++;
		}
		g_tree_unref(sim.branches);
		g_ptr_array_unref(sim.proposals);
		forget_everything(directory);
	}
	g_test_message("%d of %d worlds ended with their proposal open", n_done, n_worlds);
	/* About every third world sees a person push; of twenty half may do so. */
	g_assert_cmpint(n_done, >, n_worlds / 4);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/journal/a_plan_comes_back_as_it_was_written",
		   a_plan_comes_back_as_it_was_written);
	store_test("/journal/planning_again_on_the_branch_keeps_its_proposal",
		   planning_again_on_the_branch_keeps_its_proposal);
	store_test("/journal/a_new_branch_supersedes_the_old_one",
		   a_new_branch_supersedes_the_old_one);
	store_test("/journal/a_past_plan_is_not_listed_and_its_branch_may_return",
		   a_past_plan_is_not_listed_and_its_branch_may_return);
	store_test("/journal/who_lost_the_ticket_writes_nothing",
		   who_lost_the_ticket_writes_nothing);
	store_test("/journal/what_a_person_refused_is_remembered",
		   what_a_person_refused_is_remembered);
	for (size_t i = 0; i < G_N_ELEMENTS(judgements); i++) {
		g_autofree char *path = g_strdup_printf("/journal/judge/%s", judgements[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), judged);
	}
	store_test("/journal/crashing_runs_never_duplicate_nor_overwrite",
		   crashing_runs_never_duplicate_nor_overwrite);
	return g_test_run();
}
