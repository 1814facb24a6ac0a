/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/platform.h"
#include "ecosystems/docker/scene.h"

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

static void tag_and_digest_move_together(void)
{
	g_autoptr(Scene) scene = written("1.21.6", "A");

	scene_tag(scene, "1.21.6", "A", 90 * SCENE_DAY);
	scene_tag(scene, "1.22.0", "B", 30 * SCENE_DAY);
	is_taken(scene, "1.22.0", "B", STEP_MINOR);
}

static void a_digest_that_has_settled_is_refreshed(void)
{
	g_autoptr(Scene) scene = written("1.21.6", "A");

	scene_tag(scene, "1.21.6", "B", 3 * SCENE_DAY);
	is_taken(scene, "1.21.6", "B", STEP_DIGEST);
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

static void a_digest_that_came_back_is_up_to_date(void)
{
	g_autoptr(Scene) scene = written("1.21.6", "A");

	scene_tag(scene, "1.21.6", "A", SCENE_HOUR);
	stays(scene, REASON_UP_TO_DATE);
}

static void a_digest_waits_for_its_cooldown(void)
{
	g_autoptr(Scene) scene = written("alpine", "A");

	scene_tag(scene, "alpine", "B", 5 * SCENE_DAY);
	scene_cooldown(scene, 14);
	stays(scene, REASON_COOLDOWN);
}

static void the_newest_digest_that_matured_is_taken(void)
{
	g_autoptr(Scene) scene = written("alpine", "A");

	scene_tag(scene, "alpine", "C", 6 * SCENE_DAY);
	saw(scene, "alpine", "C", 6 * SCENE_DAY);
	saw(scene, "alpine", "B", 20 * SCENE_DAY);
	saw(scene, "alpine", "A", 30 * SCENE_DAY);
	scene_cooldown(scene, 14);
	is_taken(scene, "alpine", "B", STEP_DIGEST);
}

static void a_digest_that_is_no_longer_served_has_not_matured(void)
{
	g_autoptr(Scene) scene = written("alpine", "A");

	scene_tag(scene, "alpine", "C", 6 * SCENE_DAY);
	saw(scene, "alpine", "B", 20 * SCENE_DAY);
	saw(scene, "alpine", "A", 30 * SCENE_DAY);
	forget(scene, "B");
	scene_cooldown(scene, 14);
	stays(scene, REASON_COOLDOWN);
}

static void a_digest_older_than_the_one_written_is_no_update(void)
{
	g_autoptr(Scene) scene = written("alpine", "B");

	scene_tag(scene, "alpine", "C", 6 * SCENE_DAY);
	saw(scene, "alpine", "B", 20 * SCENE_DAY);
	saw(scene, "alpine", "A", 30 * SCENE_DAY);
	scene_cooldown(scene, 14);
	stays(scene, REASON_COOLDOWN);
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

static void only_the_platform_of_the_flag_counts(void)
{
	g_autoptr(Scene) scene = written("1.21", "A");

	scene_tag(scene, "1.21", "B", 30 * SCENE_DAY);
	share(scene, "B", "linux/amd64", "A");
	scene_platform = "linux/amd64";
	stays(scene, REASON_SAME_CONTENT);
	scene_platform = "linux/arm64";
	is_taken(scene, "1.21", "B", STEP_DIGEST);
}

static void a_platform_that_does_not_matter_does_not_count(void)
{
	g_autoptr(Scene) scene = written("1.21", "A");

	scene_tag(scene, "1.21", "B", 30 * SCENE_DAY);
	share(scene, "B", "linux/amd64", "A");
	share(scene, "B", "linux/arm64", "A");
	scene_platform_of(scene_index(scene, "B"), "B", "linux", "riscv64", NULL);
	stays(scene, REASON_SAME_CONTENT);
}

static void the_digest_of_one_platform_stays_one(void)
{
	g_autoptr(Scene) scene = written("1.21", "A amd64");

	scene_index(scene, "A");
	scene_manifest(scene, "A", "linux", "amd64");
	scene_tag(scene, "1.21", "C", 60 * SCENE_DAY);
	scene_tag(scene, "1.22", "B", 30 * SCENE_DAY);
	is_taken(scene, "1.22", "B amd64", STEP_MINOR);
}

static void another_system_of_the_same_architecture_is_another_platform(void)
{
	g_autoptr(Scene) scene = written("1", "A amd64");
	Content *content = scene_index(scene, "B");

	scene_manifest(scene, "A", "linux", "amd64");
	g_ptr_array_set_size(content->platforms, 0);
	scene_platform_of(content, "windows", "windows", "amd64", "10.0.17763.1");
	scene_platform_of(content, "B", "linux", "amd64", NULL);
	scene_tag(scene, "1", "B", 30 * SCENE_DAY);
	is_taken(scene, "1", "B amd64", STEP_DIGEST);
}

static void a_platform_that_is_gone_is_said(void)
{
	g_autoptr(Scene) scene = written("1", "A arm64");
	Content *content = scene_index(scene, "B");

	scene_manifest(scene, "A", "linux", "arm64");
	g_ptr_array_remove_index(content->platforms, 1);
	scene_tag(scene, "1", "B", 30 * SCENE_DAY);
	stays(scene, REASON_PLATFORM);
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

static void a_digest_alone_that_nobody_knows_is_said(void)
{
	g_autoptr(Scene) scene = written(NULL, "A");

	scene_tag(scene, "latest", "B", 30 * SCENE_DAY);
	stays(scene, REASON_UNRESOLVED);
}

static void a_digest_of_another_kind_is_said(void)
{
	g_autofree char *digest = g_strconcat("sha512:", "abcd", NULL);
	g_autoptr(Scene) scene = scene_new("docker.io/library/golang", "1.21", digest);

	scene_tag(scene, "1.21", "B", 30 * SCENE_DAY);
	scene_tag(scene, "1.22", "C", 30 * SCENE_DAY);
	stays(scene, REASON_UNRESOLVED);
}

static void a_tag_is_pinned_where_asked(void)
{
	g_autoptr(Scene) scene = scene_new("docker.io/library/golang", "1.21", NULL);

	scene_tag(scene, "1.21", "A", SCENE_HOUR);
	stays(scene, REASON_UP_TO_DATE);
	scene->rules->pins_digest = true;
	is_taken(scene, "1.21", "A", STEP_DIGEST);
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
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/docker/digest/" #name, name)
	ADD(tag_and_digest_move_together);
	ADD(a_digest_that_has_settled_is_refreshed);
	ADD(a_digest_that_moved_today_is_waited_for);
	ADD(a_digest_that_came_back_is_up_to_date);
	ADD(a_digest_waits_for_its_cooldown);
	ADD(the_newest_digest_that_matured_is_taken);
	ADD(a_digest_that_is_no_longer_served_has_not_matured);
	ADD(a_digest_older_than_the_one_written_is_no_update);
	ADD(beside_a_digest_that_nobody_saw_only_the_present_one_counts);
	ADD(what_was_seen_after_a_file_was_read_is_newer);
	ADD(what_is_only_written_is_never_taken);
	ADD(only_the_platform_of_the_flag_counts);
	ADD(a_platform_that_does_not_matter_does_not_count);
	ADD(the_digest_of_one_platform_stays_one);
	ADD(another_system_of_the_same_architecture_is_another_platform);
	ADD(a_platform_that_is_gone_is_said);
	ADD(what_could_not_be_learnt_is_not_taken);
	ADD(a_digest_alone_follows_the_tag_it_was_found_under);
	ADD(a_digest_alone_that_nobody_knows_is_said);
	ADD(a_digest_of_another_kind_is_said);
	ADD(a_tag_is_pinned_where_asked);
	ADD(a_digest_that_is_no_longer_served_is_replaced_at_once);
	ADD(a_digest_asked_for_by_name_is_not_waited_for);
	ADD(a_move_of_the_system_is_noted);
	ADD(a_windows_tag_keeps_to_its_host);
	ADD(what_the_listing_tells_is_not_asked_for);
	return g_test_run();
}
