/* SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "ecosystems/docker/platform.h"
#include "ecosystems/docker/scene.h"
#include "tables.h"

static int64_t age_of(const char *text)
{
	guint64 number = 0;
	g_autofree char *digits = g_strndup(text, strlen(text) - 1);

	g_assert_true(g_ascii_string_to_unsigned(digits, 10, 0, 10000, &number, NULL));
	return (int64_t)number * (g_str_has_suffix(text, "h") ? SCENE_HOUR : SCENE_DAY);
}

static void add_ignore(Scene *scene, char **words)
{
	Filter *filter = g_new0(Filter, 1);

	for (; *words != NULL; words++)
		filter->update_types |= strcmp(*words, "major") == 0   ? UPDATE_MAJOR
					: strcmp(*words, "minor") == 0 ? UPDATE_MINOR
								       : UPDATE_PATCH;
	g_ptr_array_add(scene->rules->ignore, filter);
}

static void add_range(Scene *scene, char **words)
{
	Filter *filter = g_new0(Filter, 1);

	filter->versions = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(filter->versions, g_strjoinv(" ", words));
	g_ptr_array_add(scene->rules->ignore, filter);
}

static void remove_platform(Scene *scene, const char *tag, const char *platform)
{
	Content *content = scene_index(scene, tag);

	g_ptr_array_remove(content->platforms, (void *)content_platform(content, platform));
}

/* One fact of the table, as words. */
static void apply(Scene *scene, char **words)
{
	Release *release = words[1] != NULL ? listing_find(scene->truth, words[1]) : NULL;

	if (strcmp(words[0], "same") == 0) {
		for (char **tag = words + 2; *tag != NULL; tag++)
			scene_tag(scene, *tag, words[1], 30 * SCENE_DAY);
	} else if (strcmp(words[0], "variant") == 0) {
		g_free(scene->rules->variant);
		scene->rules->variant = g_strdup(words[1]);
	} else if (strcmp(words[0], "ignore") == 0) {
		add_ignore(scene, words + 1);
	} else if (strcmp(words[0], "versions") == 0) {
		add_range(scene, words + 1);
	} else if (strcmp(words[0], "cooldown") == 0) {
		scene_cooldown(scene, words[1][0] - '0');
	} else if (strcmp(words[0], "age") == 0) {
		release->published_at = SCENE_NOW - age_of(words[2]);
	} else if (strcmp(words[0], "undated") == 0) {
		release->published_at = 0;
	} else if (strcmp(words[0], "without") == 0) {
		remove_platform(scene, words[1], words[2]);
	} else if (strcmp(words[0], "digest") == 0) {
		scene->dependency->digest = scene_digest(scene->dependency->version);
	} else if (strcmp(words[0], "told") == 0) {
		scene->is_told = true;
	} else {
		g_assert_true(strcmp(words[0], "image") == 0 || strcmp(words[0], "unlisted") == 0);
	}
}

static Scene *scene_of(char **row)
{
	const char *image = strstr(row[3], "image ");
	g_autofree char *path = image != NULL ? g_strndup(image + 6, strcspn(image + 6, ";"))
					      : g_strdup("library/image");
	g_autofree char *key = g_strconcat("docker.io/", path, NULL);
	Scene *scene = scene_new(key, row[1], NULL);
	g_auto(GStrv) tags = g_strsplit(row[2], " ", -1);
	g_auto(GStrv) facts = g_strsplit(row[3], "; ", -1);

	for (char **tag = tags; *tag != NULL; tag++)
		scene_tag(scene, *tag, *tag, 30 * SCENE_DAY);
	if (strstr(row[3], "unlisted") == NULL)
		scene_tag(scene, row[1], row[1], 30 * SCENE_DAY);
	for (char **fact = facts; *fact != NULL && **fact != '\0'; fact++) {
		g_auto(GStrv) words = g_strsplit(*fact, " ", -1);

		apply(scene, words);
	}
	return scene;
}

static void check_choice(char **row, bool is_told)
{
	g_autoptr(Scene) scene = scene_of(row);
	g_autoptr(Selection) selection = NULL;
	g_auto(GStrv) wanted = g_strsplit(row[4], " ", 2);

	scene->is_told |= is_told;
	selection = scene_choose(scene, false);
	g_test_message("%s: %d wishes", selection_word(selection), scene->asked);
	if (strcmp(wanted[0], "stay") != 0) {
		g_assert_nonnull(selection->update);
		g_assert_cmpstr(selection->update->to, ==, wanted[0]);
		return;
	}
	g_assert_null(selection->update);
	if (wanted[1] != NULL)
		g_assert_cmpstr(selection_word(selection), ==, wanted[1]);
}

static void a_row_is_chosen_as_the_table_says(gconstpointer data)
{
	check_choice((char **)data, true);
	check_choice((char **)data, false);
}

/* The real list of the golang image: docker.md 6.1, rows 92 to 100. */
static const struct {
	const char *current, *variant, *chosen;
} golang[] = {
	{ "1.21.6-alpine", "auto", "1.27.0-alpine" },
	{ "1.21-alpine3.19", "auto", "1.27-alpine3.23" },
	{ "1.21.6-nanoserver-1809", "auto", "1.24.3-nanoserver-1809" },
	{ "1.5.4-wheezy", "auto", "1.27.0-bookworm" },
	{ "1.5.4-wheezy", "exact", "1.7.6-wheezy" },
	{ "1.19.3-alpine3.15", "auto", "1.27.0-alpine3.23" },
	{ "tip-20260101", "auto", "tip-20260815" },
	{ "tip-20260101-alpine3.22", "auto", "tip-20260815-alpine3.23" },
	{ "1.22rc1-alpine", "auto", "1.27.0-alpine" },
	{ "alpine3.19", "auto", NULL },
};

static const Json *real_tags(Json **document)
{
	const char *shared = g_getenv("UPKEEPD_SHARED");
	g_autofree char *path = g_build_filename(shared != NULL ? shared : "../shared", "upstream",
						 "docker", "golang.json", NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	gsize length;

	if (!g_file_get_contents(path, &text, &length, NULL))
		return NULL;
	*document = json_parse(text, length, path, &error);
	g_assert_no_error(error);
	return json_array(*document, "tags");
}

static void the_real_golang_list_is_chosen_from(void)
{
	g_autoptr(Json) document = NULL;
	g_autoptr(Scene) scene = NULL;
	const Json *tags = real_tags(&document);

	if (tags == NULL) {
		g_test_skip("the list of the golang image is not there");
		return;
	}
	scene = scene_new("docker.io/library/golang", NULL, NULL);
	for (const Json *row = json_first(tags); row != NULL; row = json_next(row)) {
		const char *tag = json_text(json_first(row));

		scene_tag(scene, tag, tag, 30 * SCENE_DAY);
	}
	scene->rules->has_latest_guard = false;
	for (size_t i = 0; i < G_N_ELEMENTS(golang); i++) {
		g_autoptr(Selection) selection = NULL;

		g_free(scene->dependency->version);
		scene->dependency->version = g_strdup(golang[i].current);
		g_free(scene->rules->variant);
		scene->rules->variant = g_strdup(golang[i].variant);
		scene->asked = 0;
		selection = scene_choose(scene, false);
		g_assert_cmpint(scene->asked, <=, 6);
		g_assert_cmpstr(selection->update != NULL ? selection->update->to : NULL, ==,
				golang[i].chosen);
	}
}

static const struct {
	const char *present, *asked, *given;
	bool is_alone;
} named[] = {
	{ "1.21-alpine", "1.22-alpine", "1.22-alpine", false },
	{ "1.21-alpine", "1.22.1", "1.22-alpine", false },
	{ "1.21.6-alpine3.19", "1.22.1", "1.22.1-alpine3.19", false },
	{ "1.21", "1.22.1", "1.22", false },
	{ "1.21", "1.22.1", "1.22.1", true },
	{ "1.21.6-windows", "1.22.1", NULL, false },
	{ "1.21.6", "1.20", NULL, false },
	{ "latest", "1.22.1", NULL, false },
	{ NULL, "1.22.1", "1.22.1", false },
	{ "1.21", "1.99", NULL, true },
};

static void a_version_asked_for_means_the_counterpart_of_each_tag(void)
{
	static const char *const tags[] = {
		"1.20", "1.22", "1.22.1", "1.22-alpine", "1.22.1-alpine3.19", "1.22.1-alpine3.20",
		"v1.22"
	};

	for (size_t i = 0; i < G_N_ELEMENTS(named); i++) {
		g_autoptr(Scene) scene =
			scene_new("docker.io/library/golang", named[i].present, NULL);
		const Release *given;

		for (size_t k = 0; k < G_N_ELEMENTS(tags); k++)
			scene_tag(scene, tags[k], tags[k], SCENE_DAY);
		scene->dependency->offer = scene->truth;
		given = choice_counterpart(scene->dependency, named[i].asked, named[i].is_alone);
		g_assert_cmpstr(given != NULL ? given->version : NULL, ==, named[i].given);
	}
}

/* A tag put together at random, of parts that real ones have. */
static char *any_tag(void)
{
	static const char *const prefixes[] = { "", "", "", "v", "jdk-", "release-" };
	static const char *const cores[] = { "1",      "1.2",      "1.2.3",  "1.10",
					     "1.10.0", "2.0.1",    "2.1rc1", "2.1rc2",
					     "3.0b1",  "20260101", "latest" };
	static const char *const suffixes[] = {
		"",    "-alpine", "-alpine3.19", "-alpine3.20", "-bookworm", "-slim-trixie",
		"-r1", "-r2",     "-abcdef1",    "_7",          "-20260203", "-rc"
	};

	return g_strconcat(prefixes[g_test_rand_int_range(0, G_N_ELEMENTS(prefixes))],
			   cores[g_test_rand_int_range(0, G_N_ELEMENTS(cores))],
			   suffixes[g_test_rand_int_range(0, G_N_ELEMENTS(suffixes))], NULL);
}

static void what_is_chosen_is_listed_comparable_and_higher(void)
{
	static const char *const variants[] = { "auto", "exact", "newest" };

	for (int round = 0; round < 150; round++) {
		g_autofree char *current = any_tag();
		g_autoptr(Scene) scene = scene_new("docker.io/library/golang", current, NULL);
		g_autoptr(Selection) selection = NULL;
		g_autoptr(Tag) present = tag_parse(current, NULL, false);
		const Tag *tag;

		for (int i = 0; i < 200; i++) {
			g_autofree char *text = any_tag();

			scene_tag(scene, text, text, g_test_rand_int_range(0, 20) * SCENE_DAY);
		}
		g_free(scene->rules->variant);
		scene->rules->variant = g_strdup(variants[round % 3]);
		scene_cooldown(scene, round % 4);
		scene->is_told = round % 2 == 0;
		selection = scene_choose(scene, false);
		if (selection->update == NULL)
			continue;
		g_test_message("%s -> %s", current, selection->update->to);
		tag = tag_of(listing_find(scene->truth, selection->update->to));
		g_assert_cmpstr(tag->line, ==, present->line);
		g_assert_cmpint(tag_compare(tag, present), >=, 0);
		g_assert_cmpint(tag_compare_os(tag, present), >=, 0);
		g_assert_true(tag_compare(tag, present) > 0 || tag_compare_os(tag, present) > 0);
		g_assert_true(tag->prerelease == PRERELEASE_NONE ||
			      tag_is_numbered_prerelease(present));
	}
}

static void rules_may_name_an_image_with_its_registry(void)
{
	g_autoptr(Scene) scene = scene_new("docker.io/library/golang", "1", NULL);
	g_auto(GStrv) names = choice_aliases(scene->dependency);

	g_assert_true(g_strv_contains((const char *const *)names, "docker.io/golang"));
	g_assert_true(g_strv_contains((const char *const *)names, "docker.io/library/golang"));
}

static void a_forgotten_latest_does_not_hold_back(void)
{
	g_autoptr(Scene) scene = scene_new("docker.io/library/golang", "1.0.0", NULL);
	g_autoptr(Selection) selection = NULL;

	scene_tag(scene, "1.0.0", "A", 400 * SCENE_DAY);
	scene_tag(scene, "latest", "A", 400 * SCENE_DAY);
	scene_tag(scene, "1.1.0", "B", 300 * SCENE_DAY);
	scene_tag(scene, "1.2.0", "C", 200 * SCENE_DAY);
	selection = scene_choose(scene, false);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "1.2.0");
}

static void an_image_of_go_keeps_the_numbers_of_go(void)
{
	g_autoptr(Scene) scene =
		scene_new("registry.access.redhat.com/ubi9/go-toolset", "1.25", NULL);
	g_autoptr(Selection) selection = NULL;

	scene_tag(scene, "1.26", "A", 30 * SCENE_DAY);
	scene_tag(scene, "9.8", "B", 30 * SCENE_DAY);
	selection = scene_choose(scene, false);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "1.26");
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) rows = NULL;

	g_test_init(&argc, &argv, NULL);
	rows = table_rows("choices.tsv", 5);
	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *path = g_strdup_printf("/docker/choice/row/%s/%s", row[0], row[1]);

		g_test_add_data_func(path, row, a_row_is_chosen_as_the_table_says);
	}
	g_test_add_func("/docker/choice/the_real_golang_list_is_chosen_from",
			the_real_golang_list_is_chosen_from);
	g_test_add_func("/docker/choice/a_version_asked_for_means_the_counterpart_of_each_tag",
			a_version_asked_for_means_the_counterpart_of_each_tag);
	g_test_add_func("/docker/choice/what_is_chosen_is_listed_comparable_and_higher",
			what_is_chosen_is_listed_comparable_and_higher);
	g_test_add_func("/docker/choice/rules_may_name_an_image_with_its_registry",
			rules_may_name_an_image_with_its_registry);
	g_test_add_func("/docker/choice/a_forgotten_latest_does_not_hold_back",
			a_forgotten_latest_does_not_hold_back);
	g_test_add_func("/docker/choice/an_image_of_go_keeps_the_numbers_of_go",
			an_image_of_go_keeps_the_numbers_of_go);
	return g_test_run();
}
