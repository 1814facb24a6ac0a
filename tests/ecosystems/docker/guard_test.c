/* SPDX-License-Identifier: MIT */
/* The guard of `latest` on made-up lists in which everything is told. */
#include "ecosystems/docker/guard.h"
#include "ecosystems/docker/scene.h"

/* "1.22=b@400": the tag 1.22 points to b and was pushed 400 days ago; without "=" to a
 * digest of its own, without "@" 30 days ago. Candidates are all tags in order but
 * `latest` and the present one, best first. */
static const struct {
	const char *name, *tags, *present;
	bool is_off;      /* the rules switch it off */
	const char *kept; /* what of the candidates is left */
} rows[] = {
	{ "without_latest_all_may_come", "3 2", "1", false, "3 2" },
	{ "above_latest_is_dropped", "3 2=l latest=l", "1", false, "2" },
	{ "up_to_latest_may_come", "3=l 2 latest=l", "1", false, "3 2" },
	{ "nothing_is_left_of_what_is_all_above", "3 1=l latest=l", "1", false, "" },
	{ "the_rules_may_switch_it_off", "3 2=l latest=l", "1", true, "3 2" },
	{ "the_most_precise_tag_of_its_digest_counts", "2.1.0 2.0.5=l 2.0=l 2=l latest=l", "1.0.0",
	  false, "2.0.5 2.0 2" },
	{ "only_numbers_that_both_have_count", "2.1-alpine 2.1.3=l latest=l", "2.0-alpine", false,
	  "2.1-alpine 2.1.3" },
	{ "a_suffix_goes_by_its_version", "4-alpine 3-alpine 3=l latest=l", "2-alpine", false,
	  "3-alpine 3" },
	{ "of_an_unknown_latest_nothing_is_concluded", "3 2 latest=other", "1", false, "3 2" },
	{ "whoever_is_above_already_may_go_on", "4 3 2=l latest=l", "3", false, "4 2" },
	{ "a_latest_left_behind_counts_for_nothing", "3@1 2=l@200 latest=l@200", "1", false,
	  "3 2" },
	{ "half_a_year_is_the_limit", "3@1 2=l@182 latest=l@182", "1", false, "3 2" },
	{ "which_is_exact", "3@1 2=l@181 latest=l@181", "1", false, "2" },
	{ "a_prerelease_does_not_tell_what_latest_is", "3 2-rc1=l latest=l", "1", false,
	  "3 2-rc1" },
};

static void add_tag(Offer *offer, const char *word)
{
	g_auto(GStrv) dated = g_strsplit(word, "@", 2);
	g_auto(GStrv) parts = g_strsplit(dated[0], "=", 2);
	Release *release = listing_add(offer, parts[0]);
	guint64 days = 30;

	g_assert_nonnull(release);
	if (dated[1] != NULL)
		g_assert_true(g_ascii_string_to_unsigned(dated[1], 10, 0, 9999, &days, NULL));
	release->digest = scene_digest(parts[1] != NULL ? parts[1] : parts[0]);
	release->published_at = SCENE_NOW - (int64_t)days * SCENE_DAY;
	release->is_described = true;
}

static void keeps_what_it_should(gconstpointer data)
{
	size_t row = GPOINTER_TO_SIZE(data);
	g_auto(GStrv) tags = g_strsplit(rows[row].tags, " ", -1);
	g_autoptr(Offer) offer = listing_new("docker.io/library/x", NULL);
	g_autoptr(Dependency) dependency = dependency_new();
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(Tag) present = tag_parse(rows[row].present, NULL, false);
	g_autoptr(GArray) candidates = g_array_new(false, false, sizeof(guint));
	g_autoptr(GPtrArray) wishes = g_ptr_array_new_with_free_func((GDestroyNotify)wish_free);
	g_autoptr(GString) kept = g_string_new(NULL);
	Question q = {
		.dependency = dependency, .rules = rules, .now = SCENE_NOW, .wishes = wishes
	};

	for (char **word = tags; *word != NULL; word++)
		add_tag(offer, *word);
	dependency->offer = offer;
	rules->has_latest_guard = !rows[row].is_off;
	for (guint i = 0; i < offer->releases->len; i++) {
		const char *name = ((Release *)offer->releases->pdata[i])->version;

		if (strcmp(name, "latest") != 0 && strcmp(name, rows[row].present) != 0)
			g_array_append_val(candidates, i);
	}
	q.verdicts = g_new0(Verdict, offer->releases->len);
	guard_apply(&q, present, candidates);
	g_assert_cmpuint(wishes->len, ==, 0);
	for (guint i = 0; i < candidates->len; i++) {
		guint index = g_array_index(candidates, guint, i);

		g_string_append_printf(kept, "%s%s", i > 0 ? " " : "",
				       ((Release *)offer->releases->pdata[index])->version);
		g_assert_cmpint(q.verdicts[index].reason, ==, REASON_NONE);
	}
	g_assert_cmpstr(kept->str, ==, rows[row].kept);
	for (guint i = 0; i < offer->releases->len; i++)
		g_free(q.verdicts[i].text);
	g_free(q.verdicts);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/guard/", rows[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), keeps_what_it_should);
	}
	return g_test_run();
}
