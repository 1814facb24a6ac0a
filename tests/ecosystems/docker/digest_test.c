/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/platform.h"
#include "ecosystems/docker/scene.h"
#include "tables.h"

static GPtrArray *kept_words; /* of char **: the facts of all scenes */

/* A scene for golang:TAG@WORD; "A amd64" is the manifest of one platform. */
static Scene *written(const char *tag, const char *word)
{
	g_autofree char *digest = scene_digest(word);
	Scene *scene = scene_new("docker.io/library/golang", tag, digest);

	if (strchr(word, ' ') == NULL)
		scene_index(scene, word);
	return scene;
}

static void is_taken(Scene *scene, const char *tag, const char *word, Step step)
{
	g_autoptr(Selection) selection = scene_choose(scene, false);
	g_autofree char *digest = scene_digest(word);

	g_test_message("%s (%s)", selection_word(selection), selection->text);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, tag);
	g_assert_cmpstr(selection->update->to_digest, ==, digest);
	g_assert_cmpint(selection->update->step, ==, step);
}

static void stays(Scene *scene, Reason reason)
{
	g_autoptr(Selection) selection = scene_choose(scene, false);

	g_assert_null(selection->update);
	g_assert_cmpstr(selection_word(selection), ==, reason_word(reason));
}

static void saw(Scene *scene, const char *tag, const char *word, int64_t age)
{
	g_autofree char *digest = scene_digest(word);

	listed_add_seen(listing_find(scene->truth, tag), digest, SCENE_NOW - age, SCENE_NOW - age);
	scene_index(scene, word);
}

static void forget(Scene *scene, const char *word)
{
	g_autofree char *digest = scene_digest(word);
	Content *content = content_need(scene->truth, digest);

	content->is_gone = true;
	g_ptr_array_set_size(content->platforms, 0);
}

/* Makes the platform of `word` the manifest that another word has. */
static void share(Scene *scene, const char *word, const char *platform, const char *other)
{
	Platform *mine = (Platform *)content_platform(scene_index(scene, word), platform);
	const Platform *theirs = content_platform(scene_index(scene, other), platform);

	g_free(mine->digest);
	mine->digest = g_strdup(theirs->digest);
}

static int64_t age_of(const char *text)
{
	guint64 number = 0;
	g_autofree char *digits = g_strndup(text, strlen(text) - 1);

	g_assert_true(g_ascii_string_to_unsigned(digits, 10, 0, 10000, &number, NULL));
	return (int64_t)number * (g_str_has_suffix(text, "h") ? SCENE_HOUR : SCENE_DAY);
}

/* The platforms "OS/ARCHITECTURE" instead of the usual ones; WORD+OS are their digests. */
static void set_platforms(Content *content, const char *word, char **platforms)
{
	g_ptr_array_set_size(content->platforms, 0);
	for (; *platforms != NULL; platforms++) {
		g_auto(GStrv) parts = g_strsplit(*platforms, "/", 2);
		g_autofree char *name = g_strconcat(word, " ", parts[0], NULL);
		g_autofree char *digest = scene_digest(name);

		content_add_platform(content, parts[0], parts[1], NULL, NULL, digest);
	}
}

/* One fact of the table, as words. */
static void apply(Scene *scene, char **words)
{
	if (strcmp(words[0], "saw") == 0)
		saw(scene, words[1], words[2], age_of(words[3]));
	else if (strcmp(words[0], "share") == 0)
		for (char **platform = words + 3; *platform != NULL; platform++)
			share(scene, words[1], *platform, words[2]);
	else if (strcmp(words[0], "only") == 0)
		set_platforms(scene_index(scene, words[1]), words[1], words + 2);
	else if (strcmp(words[0], "also") == 0)
		scene_platform_of(scene_index(scene, words[1]), words[1], "linux", words[2] + 6,
				  NULL);
	else if (strcmp(words[0], "single") == 0)
		scene_manifest(scene, words[1], "linux", words[2] + strlen("linux/"));
	else if (strcmp(words[0], "found") == 0)
		scene_index(scene, words[1])->tag = g_strdup(words[2]);
	else if (strcmp(words[0], "gone") == 0)
		forget(scene, words[1]);
	else if (strcmp(words[0], "platform") == 0)
		scene_platform = words[1];
	else if (strcmp(words[0], "cooldown") == 0)
		scene_cooldown(scene, strcmp(words[1], "14") == 0 ? 14 : 0);
	else if (strcmp(words[0], "pin") == 0)
		scene->rules->pins_digest = true;
	else
		g_assert_not_reached();
}

/* "1.21@A+amd64": the digest of a manifest is that of the words "A amd64". */
static void read_written(const char *cell, char **tag, char **word)
{
	g_auto(GStrv) parts = g_strsplit(cell, "@", 2);

	*tag = *parts[0] != '\0' ? g_strdup(parts[0]) : NULL;
	*word = g_strdup(parts[1]);
	if (*word != NULL)
		g_strdelimit(*word, "+", ' ');
}

static void add_tags(Scene *scene, const char *cell)
{
	g_auto(GStrv) tags = g_strsplit(cell, " ", -1);

	for (char **tag = tags; *tag != NULL; tag++) {
		g_auto(GStrv) parts = g_strsplit_set(*tag, "=/", 3);

		scene_tag(scene, parts[0], parts[1], age_of(parts[2]));
	}
}

static Scene *scene_of(char **row)
{
	g_autofree char *tag = NULL, *word = NULL, *digest = NULL;
	g_auto(GStrv) facts = g_strsplit(row[3], "; ", -1);
	Scene *scene;

	read_written(row[1], &tag, &word);
	if (g_strcmp0(word, "sha512") == 0)
		digest = g_strdup("sha512:abcd");
	else if (word != NULL)
		digest = scene_digest(word);
	scene = scene_new("docker.io/library/golang", tag, digest);
	if (digest != NULL && strchr(word, ' ') == NULL)
		scene_index(scene, word);
	if (digest != NULL && strchr(word, ' ') != NULL)
		scene_index(scene, (char[]){ word[0], '\0' });
	add_tags(scene, row[2]);
	for (char **fact = facts; *fact != NULL && **fact != '\0'; fact++) {
		/* The row's, for one of them is kept by the scene. */
		char **words = g_strsplit(*fact, " ", -1);

		apply(scene, words);
		g_ptr_array_add(kept_words, words);
	}
	return scene;
}

static void digests_are_chosen(gconstpointer data)
{
	char **row = (char **)data;
	g_autoptr(Scene) scene = scene_of(row);
	g_autoptr(Selection) selection = scene_choose(scene, false);
	g_auto(GStrv) wanted = g_strsplit(row[4], " ", 2);
	g_autofree char *tag = NULL, *word = NULL, *digest = NULL;

	g_test_message("%s (%s)", selection_word(selection), selection->text);
	if (strcmp(wanted[0], "stay") == 0) {
		g_assert_null(selection->update);
		g_assert_cmpstr(selection_word(selection), ==, wanted[1]);
		return;
	}
	read_written(wanted[0], &tag, &word);
	digest = scene_digest(word);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, tag);
	g_assert_cmpstr(selection->update->to_digest, ==, digest);
	g_assert_cmpint(selection->update->step, ==,
			strcmp(wanted[1], "minor") == 0 ? STEP_MINOR : STEP_DIGEST);
}

static void a_digest_that_moved_today_is_waited_for(void)
{
	g_autoptr(Scene) scene = written("1.21.6", "A");
	g_autoptr(Selection) selection = NULL;

	scene_tag(scene, "1.21.6", "B", 5 * SCENE_HOUR);
	selection = scene_choose(scene, false);
	g_assert_null(selection->update);
	g_assert_cmpint(selection->reason, ==, REASON_SETTLING);
	g_assert_cmpint(selection->held_until, ==, SCENE_NOW + 19 * SCENE_HOUR);
}

static void beside_a_digest_that_nobody_saw_only_the_present_one_counts(void)
{
	g_autoptr(Scene) scene = written("alpine", "A");

	scene_tag(scene, "alpine", "C", 6 * SCENE_DAY);
	saw(scene, "alpine", "B", 20 * SCENE_DAY);
	scene_cooldown(scene, 14);
	stays(scene, REASON_COOLDOWN);
	scene_cooldown(scene, 5);
	is_taken(scene, "alpine", "C", STEP_DIGEST);
}

/* Each with the same age as when a file with A was first read. */
static void what_was_seen_after_a_file_was_read_is_newer(void)
{
	g_autoptr(Scene) scene = written("alpine", "A");
	g_autofree char *digest = scene_digest("A");
	Release *release = scene_tag(scene, "alpine", "D", 6 * SCENE_DAY);

	saw(scene, "alpine", "D", 6 * SCENE_DAY);
	saw(scene, "alpine", "B", 40 * SCENE_DAY);
	listed_add_seen(release, digest, SCENE_NOW - 20 * SCENE_DAY, SCENE_NOW - 20 * SCENE_DAY)
		->is_only_written = true;
	scene_cooldown(scene, 14);
	stays(scene, REASON_COOLDOWN);
	saw(scene, "alpine", "C", 15 * SCENE_DAY);
	is_taken(scene, "alpine", "C", STEP_DIGEST);
}

/* It was read in a file, and no registry ever gave it. */
static void what_is_only_written_is_never_taken(void)
{
	g_autoptr(Scene) scene = written("alpine", "A");
	g_autofree char *digest = scene_digest("planted");
	Release *release = scene_tag(scene, "alpine", "B", SCENE_DAY);

	saw(scene, "alpine", "A", 30 * SCENE_DAY);
	scene_index(scene, "planted");
	listed_add_seen(release, digest, SCENE_NOW - 20 * SCENE_DAY, SCENE_NOW - 20 * SCENE_DAY)
		->is_only_written = true;
	scene_cooldown(scene, 14);
	stays(scene, REASON_COOLDOWN);
}

/* What is unknown only for now is not let through. */
static void what_could_not_be_learnt_is_not_taken(void)
{
	g_autoptr(Scene) scene = written("1", "A");

	scene_tag(scene, "1", "A", 30 * SCENE_DAY);
	scene_tag(scene, "2", "B", 30 * SCENE_DAY);
	scene_index(scene, "B")->trouble = g_strdup("the network is down");
	g_ptr_array_set_size(scene_index(scene, "B")->platforms, 0);
	stays(scene, REASON_UNRESOLVED);
	scene_tag(scene, "1", "B", 30 * SCENE_DAY);
	stays(scene, REASON_UNRESOLVED);
}

static void a_digest_alone_follows_the_tag_it_was_found_under(void)
{
	g_autoptr(Scene) scene = written(NULL, "A");
	g_autoptr(Selection) selection = NULL;
	g_autofree char *digest = scene_digest("B");

	scene_tag(scene, "1.21.6-alpine", "C", 60 * SCENE_DAY);
	scene_tag(scene, "1.22.0-alpine", "B", 30 * SCENE_DAY);
	scene_tag(scene, "1.22.0", "D", 30 * SCENE_DAY);
	scene_index(scene, "A")->tag = g_strdup("1.21.6-alpine");
	selection = scene_choose(scene, false);
	g_assert_nonnull(selection->update);
	g_assert_null(selection->update->to);
	g_assert_cmpstr(selection->update->to_digest, ==, digest);
}

static void a_digest_that_is_no_longer_served_is_replaced_at_once(void)
{
	g_autoptr(Scene) scene = written("1.21", "A");

	forget(scene, "A");
	scene_tag(scene, "1.21", "B", SCENE_HOUR);
	scene_cooldown(scene, 14);
	is_taken(scene, "1.21", "B", STEP_DIGEST);
}

static void a_digest_asked_for_by_name_is_not_waited_for(void)
{
	g_autoptr(Scene) scene = written("1.21", "A");
	g_autoptr(Selection) selection = NULL;

	scene_tag(scene, "1.21", "B", SCENE_HOUR);
	scene_cooldown(scene, 14);
	selection = scene_choose(scene, true);
	g_assert_nonnull(selection->update);
}

static void a_move_of_the_system_is_noted(void)
{
	g_autoptr(Scene) scene = scene_new("docker.io/library/golang", "1.21.6-alpine3.19", NULL);
	g_autoptr(Selection) selection = NULL;

	scene_tag(scene, "1.21.6-alpine3.19", "A", 60 * SCENE_DAY);
	scene_tag(scene, "1.21.7-alpine3.23", "B", 30 * SCENE_DAY);
	selection = scene_choose(scene, false);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->note, ==, "moves to Alpine 3.23");
	g_assert_cmpint(selection->update->step, ==, STEP_MINOR);
}

static void a_windows_tag_keeps_to_its_host(void)
{
	g_autoptr(Scene) scene = scene_new("docker.io/library/golang", "1.21-nanoserver", NULL);
	static const char *const hosts[] = { "10.0.17763.5000", "10.0.20348.1", "10.0.17763.6000" };
	static const char *const tags[] = { "1.21-nanoserver", "1.23-nanoserver",
					    "1.22-nanoserver" };

	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		Content *content = scene_index(scene, tags[i]);

		g_ptr_array_set_size(content->platforms, 0);
		scene_platform_of(content, tags[i], "windows", "amd64", hosts[i]);
		scene_tag(scene, tags[i], tags[i], 30 * SCENE_DAY);
	}
	{
		g_autoptr(Selection) selection = scene_choose(scene, false);

		g_assert_nonnull(selection->update);
		g_assert_cmpstr(selection->update->to, ==, "1.22-nanoserver");
	}
}

static void what_the_listing_tells_is_not_asked_for(void)
{
	g_autoptr(Scene) scene = written("1.21", "A");

	scene_tag(scene, "1.21", "A", 30 * SCENE_DAY);
	scene_tag(scene, "1.22", "B", 30 * SCENE_DAY);
	scene_tag(scene, "latest", "B", 30 * SCENE_DAY);
	scene->is_told = true;
	is_taken(scene, "1.22", "B", STEP_MINOR);
	g_assert_cmpint(scene->asked, ==, 0);
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) rows = NULL;
	int status;

	g_test_init(&argc, &argv, NULL);
	rows = table_rows("digests.tsv", 5);
	kept_words = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *path = g_strconcat("/docker/digest/row ", row[0], NULL);

		g_test_add_data_func(path, row, digests_are_chosen);
	}
#define ADD(name) g_test_add_func("/docker/digest/" #name, name)
	ADD(a_digest_that_moved_today_is_waited_for);
	ADD(beside_a_digest_that_nobody_saw_only_the_present_one_counts);
	ADD(what_was_seen_after_a_file_was_read_is_newer);
	ADD(what_is_only_written_is_never_taken);
	ADD(what_could_not_be_learnt_is_not_taken);
	ADD(a_digest_alone_follows_the_tag_it_was_found_under);
	ADD(a_digest_that_is_no_longer_served_is_replaced_at_once);
	ADD(a_digest_asked_for_by_name_is_not_waited_for);
	ADD(a_move_of_the_system_is_noted);
	ADD(a_windows_tag_keeps_to_its_host);
	ADD(what_the_listing_tells_is_not_asked_for);
	status = g_test_run();
	g_ptr_array_unref(kept_words);
	return status;
}
