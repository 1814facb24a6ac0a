/* SPDX-License-Identifier: MIT */
#include "publish/identity.h"
#include "publish/plans.h"
#include "publish/reconcile.h"

#define US    "us@example.org"
#define ANN   "ann@example.org"
#define GO2   "docker / golang 1 2"
#define GO3   "docker / golang 1 3"
#define NAME2 "upkeepd/docker/golang-2"
#define NAME3 "upkeepd/docker/golang-3"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* A branch of the remote. `content` is of the plan's changes. */
typedef struct {
	const char *name, *key, *content;
	const char *author, *committer; /* NULL: we */
	const char *recorded;           /* NULL: not known; the tip is "1" */
	const char *words;              /* more of the message */
} There;

typedef struct {
	const char *update, *branch, *content; /* "moot": the plan is */
} Wanted;

typedef struct {
	const char *name;
	Wanted wanted[3];
	There there[3];
	const char *moves; /* "ACTION BRANCH [REASON]", joined with "; " */
	int limit;         /* open-pull-requests-limit; 0: 5 */
	bool is_rebase_disabled;
	const char *rebase;                    /* x-upkeepd: rebase */
	int hourly, opened;                    /* x-upkeepd: hourly-limit, and within the hour */
	const char *refused;                   /* a branch that a person closed */
	const char *reason_key, *reason;       /* in Findings.reasons */
	const char *scope;                     /* where was looked; NULL: the run is whole */
	const char *lost;                      /* a scope where not all could be seen */
	const char *members;                   /* of all branches, "name /directory", by commas */
	const char *open, *missed;             /* such a member */
	bool is_impossible;                    /* what fails, fails for good */
	const char *rebuilt, *recreated;       /* a branch that a person ordered so */
	const char *asked;                     /* an update key that a person asked for */
	const char *behind, *merging, *recent; /* a branch that is so */
} Case;

static const Case cases[] = {
	/* A plan without a branch. */
	{ "new", { { GO2, NAME2, "x" } }, { { NULL } }, "created " NAME2 },
	{ "refused",
	  { { GO2, NAME2, "x" } },
	  { { NULL } },
	  "skipped " NAME2 " closed_by_person",
	  .refused = NAME2 },
	{ "another_version_was_refused",
	  { { GO3, NAME3, "x" } },
	  { { NULL } },
	  "created " NAME3,
	  .refused = NAME2 },
	{ "limit",
	  { { GO2, NAME2, "x" }, { "docker / alpine 1 2", "a-2", "y" } },
	  { { NULL } },
	  "created " NAME2 "; skipped a-2 limited",
	  .limit = 1 },
	{ "limit_does_not_count_what_was_closed",
	  { { GO2, NAME2, "x" }, { "docker / alpine 1 2", "a-2", "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "skipped " NAME2 " closed_by_person; created a-2",
	  .limit = 1,
	  .refused = NAME2 },
	{ "limit_counts_what_is_open",
	  { { "docker / alpine 1 2", "a-2", "y" }, { GO2, NAME2, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "skipped a-2 limited; unchanged " NAME2,
	  .limit = 1 },
	{ "limit_lets_newer_replace_older",
	  { { GO3, NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "created " NAME3 "; superseded " NAME2,
	  .limit = 1 },

	{ "limit_counts_what_no_plan_wants_and_what_stays",
	  { { "docker / alpine 1 2", "a-2", "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "skipped a-2 limited",
	  .limit = 1,
	  .scope = "docker|/||",
	  .reason_key = "docker|/||golang",
	  .reason = "" },
	{ "limit_counts_what_was_not_looked_at",
	  { { "docker /b alpine 1 2", "a-2", "y" } },
	  { { NAME2, "docker|/a||golang", "x" } },
	  "skipped a-2 limited",
	  .limit = 1,
	  .lost = "docker|/a||" },
	{ "limit_counts_nothing_that_goes",
	  { { "docker / alpine 1 2", "a-2", "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "created a-2; closed " NAME2 " up_to_date",
	  .limit = 1,
	  .scope = "docker|/||",
	  .reason_key = "docker|/||golang",
	  .reason = "up_to_date" },
	{ "limit_counts_nothing_that_a_person_closed",
	  { { GO2, NAME2, "x" }, { "docker / alpine 1 2", "a-2", "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "skipped " NAME2 " closed_by_person; created a-2",
	  .limit = 1,
	  .refused = NAME2 },
	{ "limit_counts_other_entries_not",
	  { { "docker / alpine 1 2", "a-2", "y" } },
	  { { NAME2, "docker|/a||golang", "x" } },
	  "created a-2",
	  .limit = 1,
	  .scope = "docker|/||" },

	{ "hourly_limit",
	  { { GO2, NAME2, "x" }, { "docker / alpine 1 2", "a-2", "y" } },
	  { { NULL } },
	  "created " NAME2 "; skipped a-2 limited_this_hour",
	  .hourly = 3,
	  .opened = 2 },
	{ "hourly_limit_lets_newer_replace_older_and_counts_it",
	  { { GO3, NAME3, "x" }, { "docker / alpine 1 2", "a-2", "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "created " NAME3 "; superseded " NAME2 "; skipped a-2 limited_this_hour",
	  .hourly = 1 },
	{ "asked_for_beyond_the_hourly_limit",
	  { { GO2, NAME2, "x" } },
	  { { NULL } },
	  "created " NAME2,
	  .hourly = 1,
	  .opened = 1,
	  .asked = "docker|/||golang" },

	/* What people ask for. */
	{ "asked_for_beyond_the_limit",
	  { { "docker / alpine 1 2", "a-2", "y" }, { GO2, NAME2, "x" } },
	  { { NULL } },
	  "created a-2; created " NAME2,
	  .limit = 1,
	  .asked = "docker|/||golang" },
	{ "asked_for_though_it_was_closed",
	  { { GO2, NAME2, "x" } },
	  { { NULL } },
	  "created " NAME2,
	  .refused = NAME2,
	  .asked = "docker|/||golang" },

	/* What people order. */
	{ "rebuilt_by_order",
	  { { GO2, NAME2, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "updated " NAME2,
	  .rebuilt = NAME2 },
	{ "rebuilt_by_order_whatever_the_rules",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "updated " NAME2,
	  .is_rebase_disabled = true,
	  .rebuilt = NAME2 },
	{ "rebuilt_by_order_is_not_what_a_person_pushed_to",
	  { { GO2, NAME2, "x" } },
	  { { NAME2, "docker|/||golang", "x", .author = ANN } },
	  "skipped " NAME2 " edited",
	  .rebuilt = NAME2 },
	{ "recreated_by_order_whoever_pushed",
	  { { GO2, NAME2, "x" } },
	  { { NAME2, "docker|/||golang", "x", .author = ANN } },
	  "updated " NAME2,
	  .rebuilt = NAME2,
	  .recreated = NAME2 },
	{ "recreated_by_order_for_a_newer_one",
	  { { GO3, NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x", .author = ANN } },
	  "created " NAME3 "; superseded " NAME2,
	  .rebuilt = NAME2,
	  .recreated = NAME2 },
	{ "a_moot_plan_needs_no_slot",
	  { { GO2, NAME2, "moot" }, { "docker / alpine 1 2", "a-2", "y" } },
	  { { NULL } },
	  "skipped " NAME2 " no_effect; created a-2",
	  .limit = 1 },

	/* A plan with its branch. */
	{ "moot",
	  { { GO3, NAME3, "moot" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "skipped " NAME3 " no_effect; closed " NAME2 " update_no_longer_possible" },
	{ "moot_but_a_person_has_pushed",
	  { { GO2, NAME2, "moot" } },
	  { { NAME2, "docker|/||golang", "x", "someone@example.org" } },
	  "skipped " NAME2 " no_effect" },
	{ "same",
	  { { GO2, NAME2, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "unchanged " NAME2 },
	{ "the_file_moved_on",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "updated " NAME2 },
	{ "rebasing_is_disabled",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "unchanged " NAME2 " rebase_disabled",
	  .is_rebase_disabled = true },
	{ "merged_it_comes_to_what_is_wanted",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "unchanged " NAME2,
	  .behind = NAME2,
	  .merging = NAME2 },
	{ "merged_it_would_but_behind_it_may_not_be",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "updated " NAME2,
	  .rebase = "behind",
	  .behind = NAME2,
	  .merging = NAME2 },
	{ "behind_with_the_same_files",
	  { { GO2, NAME2, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "updated " NAME2,
	  .rebase = "behind",
	  .behind = NAME2 },
	{ "behind_where_only_conflicts_count",
	  { { GO2, NAME2, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "unchanged " NAME2,
	  .rebase = "auto",
	  .behind = NAME2 },
	{ "never",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "unchanged " NAME2 " rebase_disabled",
	  .rebase = "never" },
	{ "rebuilt_within_the_hour",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "unchanged " NAME2 " rebuilt_lately",
	  .recent = NAME2 },
	{ "rebuilt_within_the_hour_and_ordered",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "updated " NAME2,
	  .rebuilt = NAME2,
	  .recent = NAME2 },
	{ "recorded",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x", .recorded = "1" } },
	  "updated " NAME2 },
	{ "refused_but_still_there",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "skipped " NAME2 " closed_by_person",
	  .refused = NAME2 },

	/* People. */
	{ "a_commit_of_a_person",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, NULL, NULL, ANN, ANN } },
	  "skipped " NAME2 " edited" },
	{ "our_commit_amended",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x", NULL, ANN } },
	  "skipped " NAME2 " edited" },
	{ "our_words_copied",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x", ANN, ANN } },
	  "skipped " NAME2 " edited" },
	{ "not_the_recorded_commit",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, "docker|/||golang", "x", .recorded = "0" } },
	  "skipped " NAME2 " edited" },
	{ "ours_without_a_trailer",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, NULL, NULL } },
	  "skipped " NAME2 " edited" },
	{ "given_up",
	  { { GO2, NAME2, "y" } },
	  { { NAME2, NULL, NULL, ANN, ANN, .words = "[Dependabot skip]" } },
	  "updated " NAME2 },
	{ "an_edited_branch_is_not_replaced",
	  { { GO3, NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x", NULL, ANN } },
	  "created " NAME3 "; skipped " NAME2 " edited" },

	/* Newer versions, other sets. */
	{ "newer",
	  { { GO3, NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "created " NAME3 "; superseded " NAME2 },
	{ "two_older_ones",
	  { { GO3, NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x" }, { "older", "docker|/||golang", "w" } },
	  "created " NAME3 "; superseded " NAME2 "; superseded older" },
	{ "an_older_one_was_left_behind",
	  { { GO3, NAME3, "x" } },
	  { { NAME3, "docker|/||golang", "x" }, { NAME2, "docker|/||golang", "x" } },
	  "unchanged " NAME3 "; superseded " NAME2 },
	{ "the_newer_was_refused",
	  { { GO3, NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "skipped " NAME3 " closed_by_person",
	  .refused = NAME3 },
	{ "a_plan_that_failed",
	  { { GO2, NULL, NULL } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "failed" },

	{ "a_plan_that_can_never_be_made",
	  { { GO2, NULL, NULL } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "failed; closed " NAME2 " update_no_longer_possible",
	  .is_impossible = true },
	{ "a_set_that_lacks_what_could_not_be_asked_for",
	  { { GO3, NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "skipped " NAME3 " look_up_failed",
	  .members = "golang /,alpine /",
	  .missed = "alpine /" },
	{ "a_set_that_lacks_what_stands_where_a_file_could_not_be_read",
	  { { GO3, NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "skipped " NAME3 " look_up_failed",
	  .members = "golang /,alpine /b",
	  .missed = " /b" },
	{ "a_set_that_never_had_it",
	  { { GO3, NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "created " NAME3 "; superseded " NAME2 " dependencies_changed",
	  .members = "golang /,alpine /",
	  .missed = "redis /" },
	{ "the_same_set_at_newer_versions",
	  { { "docker / golang 1 3; docker /b golang 1 3", NAME3, "x" } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "created " NAME3 "; superseded " NAME2,
	  .members = "golang /" },

	/* Branches that nobody wants. */
	{ "gone",
	  { { NULL } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "closed " NAME2 " dependency_removed" },
	{ "up_to_date",
	  { { NULL } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "closed " NAME2 " up_to_date",
	  .reason_key = "docker|/||golang",
	  .reason = "up_to_date" },
	{ "left_alone",
	  { { NULL } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "",
	  .reason_key = "docker|/||golang",
	  .reason = "" },
	{ "gone_but_edited",
	  { { NULL } },
	  { { NAME2, "docker|/||golang", "x", NULL, ANN } },
	  "skipped " NAME2 " edited" },
	{ "within_the_run",
	  { { NULL } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "closed " NAME2 " dependency_removed",
	  .scope = "docker|/||" },
	{ "beyond_the_run",
	  { { NULL } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "",
	  .scope = "docker|/a||" },
	{ "in_a_place_that_could_not_be_seen",
	  { { NULL } },
	  { { NAME2, "docker|/||golang", "x" } },
	  "",
	  .lost = "docker|/||" },
	{ "of_no_entry_any_more",
	  { { NULL } },
	  { { NAME2, "docker|/b||golang", "x" } },
	  "closed " NAME2 " dependency_removed",
	  .lost = "docker|/||" },
	{ "a_group_that_is_gone",
	  { { NULL } },
	  { { "g-1", "docker|/||group:g", "x" } },
	  "closed g-1 dependency_group_empty" },
	{ "a_group_over_ecosystems",
	  { { NULL } },
	  { { "g-1", "*|*||group:g", "x" }, { "h-1", "*|*||group:h", "x" } },
	  "closed g-1 up_to_date; closed h-1 dependency_group_empty",
	  .reason_key = "*|*||group:g",
	  .reason = "up_to_date" },
	{ "a_group_over_ecosystems_whose_turn_it_is_not",
	  { { NULL } },
	  { { "g-1", "*|*||group:g", "x" }, { "h-1", "*|*||group:h", "x" } },
	  "closed h-1 dependency_group_empty",
	  .lost = "*|*||group:g" },
	{ "a_member_may_come_back",
	  { { NULL } },
	  { { "g-1", "docker|/||group:g", "x" } },
	  "",
	  .reason_key = "docker|/||group:g",
	  .reason = "up_to_date",
	  .members = "golang /,alpine /",
	  .open = "alpine /" },
	{ "another_member_may_come_back",
	  { { NULL } },
	  { { "g-1", "docker|/||group:g", "x" } },
	  "closed g-1 up_to_date",
	  .reason_key = "docker|/||group:g",
	  .reason = "up_to_date",
	  .members = "golang /,alpine /",
	  .open = "redis /" },
	{ "several_names_that_move_together",
	  { { NULL } },
	  { { NAME2, "docker|/||alpine,golang", "x" } },
	  "closed " NAME2 " up_to_date",
	  .reason_key = "docker|/||golang",
	  .reason = "up_to_date" },
	{ "of_somebody_else", { { NULL } }, { { "upkeepd/mine", NULL, NULL, ANN, ANN } }, "" },
};

static char *trailer_of(const Plan *plan, const char *content)
{
	g_autoptr(GBytes) bytes = g_bytes_new(content, strlen(content));
	g_autoptr(Plan) copy = plan_new(NULL);

	copy->update_key = g_strdup(plan->update_key);
	g_ptr_array_add(copy->changes, file_change_new("f", NULL, bytes));
	return identity_trailer(copy);
}

/* "name /directory" as the code under test has it. */
static char *member_of(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", 2);

	return reconcile_member(words[0], words[1]);
}

static GPtrArray *members_of(const char *list)
{
	GPtrArray *members = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) texts = g_strsplit(list, ",", -1);

	for (char **text = texts; *text != NULL; text++)
		g_ptr_array_add(members, member_of(*text));
	return members;
}

static OwnBranch *branch_of(const There *there)
{
	g_autoptr(Plan) plan = plan_new(NULL);
	g_autofree char *id = NULL, *message = NULL;
	Tip tip = { .commit = "1",
		    .author_email = there->author == NULL ? US : there->author,
		    .committer_email = there->committer == NULL ? US : there->committer };

	if (there->key != NULL) {
		plan->update_key = g_strdup(there->key);
		id = trailer_of(plan, there->content);
	}
	message = g_strdup_printf("Bump %s\n\n%s%s\n", there->words == NULL ? "" : there->words,
				  id == NULL ? "" : "Upkeepd-Update-Id: ", id == NULL ? "" : id);
	tip.message = message;
	return own_branch_new(there->name, &tip, US, there->recorded);
}

static TestPlan *plan_of(const Rules *rules, const Wanted *wanted, bool is_impossible)
{
	TestPlan *test = test_plan(rules, NULL, false, wanted->update);
	Plan *plan = test->plan;

	plan->update_key = identity_key(plan);
	plan->branch = g_strdup(wanted->branch);
	if (wanted->branch == NULL) {
		fail(&plan->error, is_impossible ? FAILURE_INPUT : FAILURE_NET,
		     "cannot be resolved");
	} else {
		g_autoptr(GBytes) bytes = g_bytes_new(wanted->content, strlen(wanted->content));

		plan->is_moot = strcmp(wanted->content, "moot") == 0;
		g_ptr_array_add(plan->changes, file_change_new("f", NULL, bytes));
	}
	return test;
}

static char *moves_text(const GPtrArray *moves)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < moves->len; i++) {
		const Move *move = g_ptr_array_index(moves, i);
		const char *name = move->branch != NULL ? move->branch->name
				   : move->plan != NULL ? move->plan->branch
							: NULL;

		g_string_append_printf(text, "%s%s%s%s", i == 0 ? "" : "; ",
				       action_word(move->action), name == NULL ? "" : " ",
				       name == NULL ? "" : name);
		if (move->reason != NULL)
			g_string_append_printf(text, " %s", move->reason);
	}
	return g_string_free(text, FALSE);
}

static void add_scope(Findings *findings, const char *key, const Rules *rules, bool is_known)
{
	Scope *scope = g_new(Scope, 1);

	*scope = (Scope){ rules, is_known };
	g_tree_insert(findings->scopes, g_strdup(key), scope);
}

static void add(GTree *names, const char *name)
{
	if (name != NULL)
		g_tree_insert(names, g_strdup(name), NULL);
}

static void moves_as_the_table_says(const void *data)
{
	const Case *c = data;
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(GPtrArray) tests = g_ptr_array_new_with_free_func((GDestroyNotify)test_plan_free);
	g_autoptr(GPtrArray) plans = g_ptr_array_new(), moves = NULL;
	g_autoptr(GPtrArray) branches =
		g_ptr_array_new_with_free_func((GDestroyNotify)own_branch_free);
	g_auto(Findings) findings = { 0 };
	g_autofree char *text = NULL;

	findings_begin(&findings);
	findings.is_whole = c->scope == NULL;
	rules->open_pull_requests_limit = c->limit == 0 ? 5 : c->limit;
	rules->is_rebase_disabled = c->is_rebase_disabled;
	for (size_t i = 0; i < 3 && c->wanted[i].update != NULL; i++) {
		g_ptr_array_add(tests, plan_of(rules, &c->wanted[i], c->is_impossible));
		g_ptr_array_add(plans, ((TestPlan *)g_ptr_array_index(tests, i))->plan);
	}
	for (size_t i = 0; i < 3 && c->there[i].name != NULL; i++) {
		OwnBranch *branch = branch_of(&c->there[i]);

		g_ptr_array_add(branches, branch);
		if (c->members != NULL)
			branch->members = members_of(c->members);
	}
	if (c->scope != NULL)
		add_scope(&findings, c->scope, rules, true);
	if (c->lost != NULL)
		add_scope(&findings, c->lost, rules, false);
	if (c->refused != NULL)
		g_tree_insert(findings.refused, g_strdup(c->refused), NULL);
	if (c->reason != NULL)
		g_tree_insert(findings.reasons, g_strdup(c->reason_key), (char *)c->reason);
	if (c->open != NULL)
		g_tree_insert(findings.open, member_of(c->open), NULL);
	if (c->missed != NULL)
		g_tree_insert(findings.missed, member_of(c->missed), NULL);
	if (c->rebuilt != NULL)
		g_tree_insert(findings.rebuilt, g_strdup(c->rebuilt), NULL);
	if (c->asked != NULL)
		g_tree_insert(findings.asked, g_strdup(c->asked), NULL);
	rules->rebase = g_strdup(c->rebase);
	rules->hourly_limit = c->hourly;
	g_tree_insert(findings.opened, rules, GUINT_TO_POINTER((guint)c->opened));
	add(findings.behind, c->behind);
	add(findings.merging, c->merging);
	add(findings.recent, c->recent);
	if (c->recreated != NULL)
		g_tree_insert(findings.recreated, g_strdup(c->recreated), NULL);
	moves = reconcile(plans, branches, &findings);
	text = moves_text(moves);
	g_assert_cmpstr(text, ==, c->moves);
}

static void plans_with_one_key_do_not_replace_each_other(void)
{
	static const Wanted both[] = { { GO2, NAME2, "x" }, { GO3, NAME3, "y" } };
	static const There there[] = { { NAME2, "docker|/||golang", "x" },
				       { NAME3, "docker|/||golang", "y" } };
	g_autoptr(TestPlan) first = plan_of(NULL, &both[0], false);
	g_autoptr(TestPlan) second = plan_of(NULL, &both[1], false);
	g_autoptr(OwnBranch) one = branch_of(&there[0]), two = branch_of(&there[1]);
	g_autoptr(GPtrArray) plans = g_ptr_array_new(), branches = g_ptr_array_new();
	g_autoptr(GPtrArray) moves = NULL;
	Findings findings = { .is_whole = true };
	g_autofree char *text = NULL;

	g_ptr_array_add(plans, first->plan);
	g_ptr_array_add(plans, second->plan);
	g_ptr_array_add(branches, one);
	g_ptr_array_add(branches, two);
	moves = reconcile(plans, branches, &findings);
	text = moves_text(moves);
	g_assert_cmpstr(text, ==, "unchanged " NAME2 "; unchanged " NAME3);
}

static void every_reason_has_its_farewell(void)
{
	static const char *const reasons[] = { "superseded",
					       "duplicate",
					       "up_to_date",
					       "dependency_removed",
					       "dependencies_changed",
					       "update_no_longer_possible",
					       "dependency_group_empty" };
	g_autofree char *replaced = reconcile_farewell("superseded", "#7"),
			*unknown = reconcile_farewell("x", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
		g_autofree char *text = reconcile_farewell(reasons[i], NULL);

		g_assert_cmpuint(strcspn(text, "\n"), >, 40);
		g_assert_true(identity_is_farewell(text));
		g_assert_nonnull(strstr(text, "back")); /* what does that */
	}
	g_assert_cmpstr(replaced, ==,
			"Superseded by #7.\n\nThis one comes back where the rules ignore what is "
			"newer.\n\n<!-- upkeepd:closed reason=superseded -->");
	g_assert_cmpstr(unknown, ==,
			"This proposal is closed.\n\n<!-- upkeepd:closed reason=x -->");
	g_assert_false(identity_is_farewell("Superseded by #7."));
}

static const struct {
	const char *message;
	bool is_given_up;
} given_up[] = {
	{ "Fix it [dependabot skip]", true }, { "[skip dependabot] x", true },
	{ "x\n\n[DEPENDABOT-SKIP]", true },   { "x [Skip-Dependabot]", true },
	{ "x [upkeepd skip]", true },         { "[skip upkeepd]", true },
	{ "dependabot skip", false },         { "[dependabot  skip]", false },
	{ "skip this [dependabot]", false },
};

static void a_commit_may_be_given_up_by_its_message(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(given_up); i++) {
		Tip tip = { "c1", "ann@x", "ann@x", given_up[i].message };
		g_autoptr(OwnBranch) branch = own_branch_new("a-1", &tip, US, NULL);

		g_assert_false(branch->is_ours);
		g_assert_true(branch->is_given_up == given_up[i].is_given_up);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/reconcile/moves/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], moves_as_the_table_says);
	}
	g_test_add_func("/reconcile/plans_with_one_key_do_not_replace_each_other",
			plans_with_one_key_do_not_replace_each_other);
	g_test_add_func("/reconcile/every_reason_has_its_farewell", every_reason_has_its_farewell);
	g_test_add_func("/reconcile/a_commit_may_be_given_up_by_its_message",
			a_commit_may_be_given_up_by_its_message);
	return g_test_run();
}
