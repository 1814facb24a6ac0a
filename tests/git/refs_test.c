/* SPDX-License-Identifier: MIT */
#include "git/fixture.h"
#include "git/refs.h"
#include "upkeepd/limits.h"

#define ONE "1111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222"

/* main is the default branch, release is watched, upkeepd/ and deps- are ours. */
static RefQuery *example_query(void)
{
	RefQuery *query = ref_query_new();

	g_assert_true(ref_query_add_branch(query, "release", NULL));
	g_assert_true(ref_query_add_prefix(query, "upkeepd/", NULL));
	g_assert_true(ref_query_add_prefix(query, "deps-", NULL));
	return query;
}

static Refs *example_refs(const RefQuery *query)
{
	Refs *refs = refs_new();

	g_assert_true(refs_note(refs, query, "HEAD", ONE, "refs/heads/main", NULL));
	return refs;
}

static void head_names_the_default_branch(void)
{
	g_autoptr(RefQuery) query = example_query();
	g_autoptr(Refs) refs = example_refs(query);
	g_autoptr(Refs) detached = refs_new();

	g_assert_cmpstr(refs->default_branch, ==, "main");
	g_assert_cmpstr(refs->head, ==, ONE);
	g_assert_cmpstr(g_tree_lookup(refs->tips, "main"), ==, ONE);
	g_assert_true(refs_note(detached, query, "HEAD", ONE, NULL, NULL));
	g_assert_null(detached->default_branch);
	g_assert_cmpstr(detached->head, ==, ONE);
}

static const struct {
	const char *name;
	const char *branch; /* NULL: not noted */
} notes[] = {
	{ "refs/heads/release", "release" },
	{ "refs/heads/upkeepd/docker/x", "upkeepd/docker/x" },
	{ "refs/heads/deps-x", "deps-x" },
	{ "refs/heads/upkeepd", "upkeepd" }, /* stands in the way of upkeepd/… */
	{ "refs/heads/deps", NULL },         /* does not stand in the way of deps-… */
	{ "refs/heads/release-2", NULL },
	{ "refs/heads/upkeepdx", NULL },
	{ "refs/heads/other", NULL },
	{ "refs/tags/release", NULL },
	{ "refs/heads/", NULL },
	{ "refs/heads/upkeepd/", NULL },
	{ "refs/heads/upkeepd/a..b", NULL },
	{ "refs/heads/upkeepd/a b", NULL },
	{ "refs/heads/upkeepd/\xff", NULL },
	{ "release", NULL },
};

static void notes_only_what_was_asked_for(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(notes); i++) {
		g_autoptr(RefQuery) query = example_query();
		g_autoptr(Refs) refs = refs_new();

		g_assert_true(refs_note(refs, query, notes[i].name, TWO, NULL, NULL));
		g_assert_cmpint(g_tree_nnodes(refs->tips), ==, notes[i].branch != NULL);
		if (notes[i].branch != NULL)
			g_assert_cmpstr(g_tree_lookup(refs->tips, notes[i].branch), ==, TWO);
	}
}

static void branches_are_bounded(void)
{
	g_autoptr(RefQuery) query = example_query();
	g_autoptr(Refs) refs = refs_new();
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < LIMIT_REFS; i++) {
		g_autofree char *name = g_strdup_printf("refs/heads/deps-%d", i);

		g_assert_true(refs_note(refs, query, name, ONE, NULL, NULL));
	}
	g_assert_false(refs_note(refs, query, "refs/heads/deps-x", ONE, NULL, &error));
	assert_failure(error, FAILURE_LIMIT);
}

static const struct {
	const char *branch;
	bool is_ours;
} guarded[] = {
	{ "upkeepd/docker/golang-1.22", true },
	{ "deps-golang", true },
	{ "main", false },    /* the default branch */
	{ "release", false }, /* a base */
	{ "upkeepd", false },
	{ "upkeepd/", false },
	{ "upkeepd/../main", false },
	{ "upkeepd/x.lock", false },
	{ "other", false },
	{ "", false },
	{ "-x", false },
};

static void writes_to_branches_of_ours_only(void)
{
	g_autoptr(RefQuery) query = example_query();
	g_autoptr(Refs) refs = example_refs(query);

	for (size_t i = 0; i < G_N_ELEMENTS(guarded); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_cmpint(refs_check_ours(refs, query, guarded[i].branch, &error), ==,
				guarded[i].is_ours);
		if (!guarded[i].is_ours)
			assert_failure(error, FAILURE_CONFIG);
	}
}

/* Whatever the prefix is: bases stay out of reach. */
static void bases_with_our_prefix_are_not_ours(void)
{
	g_autoptr(RefQuery) query = example_query();
	g_autoptr(Refs) refs = refs_new();

	g_assert_true(refs_note(refs, query, "HEAD", ONE, "refs/heads/deps-main", NULL));
	g_assert_true(ref_query_add_branch(query, "upkeepd/next", NULL));
	g_assert_false(refs_check_ours(refs, query, "deps-main", NULL));
	g_assert_false(refs_check_ours(refs, query, "upkeepd/next", NULL));
	g_assert_true(refs_check_ours(refs, query, "upkeepd/nexz", NULL));
}

static void a_branch_may_be_ours_by_its_whole_name(void)
{
	g_autoptr(RefQuery) query = ref_query_new();
	g_autoptr(Refs) refs = example_refs(query);

	g_assert_true(ref_query_add_own(query, "redis-8", NULL));
	g_assert_true(ref_query_add_own(query, "main", NULL));
	g_assert_true(refs_note(refs, query, "refs/heads/redis-8", ONE, NULL, NULL));
	g_assert_nonnull(g_tree_lookup(refs->tips, "redis-8"));
	g_assert_true(refs_is_ours(refs, query, "redis-8"));
	g_assert_false(refs_is_ours(refs, query, "redis-8.1"));
	g_assert_false(refs_check_ours(refs, query, "main", NULL));
}

static void tags_are_noted_where_they_are_wanted(void)
{
	g_autoptr(RefQuery) query = example_query();
	g_autoptr(Refs) refs = example_refs(query);

	query->wants_tags = true;
	g_assert_true(refs_note(refs, query, "refs/tags/v1.0.0", ONE, NULL, NULL));
	g_assert_true(refs_note(refs, query, "refs/tags/v1.0.0^{}", TWO, NULL, NULL));
	g_assert_true(refs_note(refs, query, "refs/tags/sub/v1.0.0", ONE, NULL, NULL));
	g_assert_true(refs_note(refs, query, "refs/tags/-x", ONE, NULL, NULL));
	g_assert_true(refs_note(refs, query, "refs/tags/", ONE, NULL, NULL));
	g_assert_cmpstr(g_tree_lookup(refs->tags, "v1.0.0"), ==, TWO);
	g_assert_cmpstr(g_tree_lookup(refs->tags, "sub/v1.0.0"), ==, ONE);
	g_assert_cmpint(g_tree_nnodes(refs->tags), ==, 2);
	g_assert_null(g_tree_lookup(refs->tips, "v1.0.0"));
}

static void a_survey_notes_all_and_claims_none(void)
{
	g_autoptr(RefQuery) query = example_query();
	g_autoptr(Refs) refs = example_refs(query);

	query->is_everything = true;
	g_assert_true(refs_note(refs, query, "refs/heads/anything", ONE, NULL, NULL));
	g_assert_true(refs_note(refs, query, "refs/tags/v1", ONE, NULL, NULL));
	g_assert_nonnull(g_tree_lookup(refs->tips, "anything"));
	g_assert_null(g_tree_lookup(refs->tips, "v1"));
	g_assert_false(refs_check_ours(refs, query, "anything", NULL));
	g_assert_true(refs_is_base(refs, query, "main"));
	g_assert_false(refs_is_base(refs, query, "anything"));
}

static void a_prefix_must_be_one(void)
{
	static const char *const unfit[] = {
		"", "/", "-", "a", "up keep/", "upkeepd", "..-", "-a-"
	};
	g_autoptr(RefQuery) query = ref_query_new();

	for (size_t i = 0; i < G_N_ELEMENTS(unfit); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(ref_query_add_prefix(query, unfit[i], &error));
		assert_failure(error, FAILURE_CONFIG);
	}
	g_assert_false(ref_query_add_branch(query, "a b", NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(library_start(NULL));
	g_test_add_func("/git/refs/head_names_the_default_branch", head_names_the_default_branch);
	g_test_add_func("/git/refs/notes_only_what_was_asked_for", notes_only_what_was_asked_for);
	g_test_add_func("/git/refs/branches_are_bounded", branches_are_bounded);
	g_test_add_func("/git/refs/writes_to_branches_of_ours_only",
			writes_to_branches_of_ours_only);
	g_test_add_func("/git/refs/bases_with_our_prefix_are_not_ours",
			bases_with_our_prefix_are_not_ours);
	g_test_add_func("/git/refs/a_branch_may_be_ours_by_its_whole_name",
			a_branch_may_be_ours_by_its_whole_name);
	g_test_add_func("/git/refs/tags_are_noted_where_they_are_wanted",
			tags_are_noted_where_they_are_wanted);
	g_test_add_func("/git/refs/a_survey_notes_all_and_claims_none",
			a_survey_notes_all_and_claims_none);
	g_test_add_func("/git/refs/a_prefix_must_be_one", a_prefix_must_be_one);
	return g_test_run();
}
