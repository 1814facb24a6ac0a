/* SPDX-License-Identifier: MIT */
/* A made-up registry and the choice for one reference of it, without a network.
 *
 * `truth` is a listing in which all is known; the choice sees another one that
 * has only the names, and is told from the truth what it wishes for. Every tag
 * has a digest of its own, both usual platforms, and is 30 days old.
 */
#pragma once

#include "base/crypto.h"
#include "ecosystems/docker/choice.h"
#include "policy/select.h"

#include <string.h>

#define SCENE_NOW INT64_C(1790000000)
enum { SCENE_HOUR = 3600, SCENE_DAY = 24 * SCENE_HOUR };

typedef struct {
	Offer *truth, *offer;
	Rules *rules;
	Manifest *manifest;
	Dependency *dependency;
	bool is_told; /* the listing itself tells dates, digests and platforms */
	int asked;    /* wishes that were fulfilled */
} Scene;

static const char *scene_platform; /* literal of --platform */

static inline void scene_examine(Question *q, guint index, Age *age)
{
	choice_examine(q, index, age, scene_platform);
}

static inline Verdict scene_complete(Question *q, const Release *chosen, Update *update)
{
	return choice_complete(q, chosen, update, scene_platform);
}

static const Ecosystem scene_ecosystem = {
	.name = "docker",
	.aliases = choice_aliases,
	.order = choice_order,
	.judge = choice_judge,
	.rank = choice_rank,
	.examine = scene_examine,
	.complete = scene_complete,
	.counterpart = choice_counterpart,
	.step = choice_step,
	.in_range = choice_in_range,
};

static inline void scene_cooldown(Scene *scene, int days)
{
	Cooldown *cooldown = &scene->rules->cooldown;

	cooldown->default_days = cooldown->major_days = days;
	cooldown->minor_days = cooldown->patch_days = days;
}

static inline Scene *scene_new(const char *key, const char *tag, const char *digest)
{
	Scene *scene = g_new0(Scene, 1);
	g_autoptr(GBytes) nothing = g_bytes_new("", 0);

	scene_platform = NULL;
	scene->truth = listing_new(key, NULL);
	scene->rules = rules_new();
	scene_cooldown(scene, 0);
	scene->manifest = manifest_new(&scene_ecosystem, "Dockerfile", "/", nothing);
	scene->dependency = dependency_new();
	scene->dependency->name = g_path_get_basename(key);
	scene->dependency->key = g_strdup(key);
	scene->dependency->version = g_strdup(tag);
	scene->dependency->digest = g_strdup(digest);
	g_ptr_array_add(scene->manifest->dependencies, scene->dependency);
	return scene;
}

static inline void scene_free(Scene *scene)
{
	manifest_free(scene->manifest);
	rules_free(scene->rules);
	offer_free(scene->truth);
	offer_free(scene->offer);
	g_free(scene);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scene, scene_free)

/* The digest that stands for a word. */
static inline char *scene_digest(const char *word)
{
	g_autofree char *hex = sha256_hex(word, strlen(word));

	return g_strconcat("sha256:", hex, NULL);
}

static inline void scene_platform_of(Content *content, const char *word, const char *os,
				     const char *architecture, const char *os_version)
{
	g_autofree char *name = g_strconcat(word, " ", architecture, NULL);
	g_autofree char *digest = scene_digest(name);

	content_add_platform(content, os, architecture, NULL, os_version, digest);
}

/* An index of the usual platforms; that of amd64 is the digest of "WORD amd64". */
static inline Content *scene_index(Scene *scene, const char *word)
{
	g_autofree char *digest = scene_digest(word);
	Content *content = content_need(scene->truth, digest);

	content->is_known = content->is_whole = content->is_index = true;
	if (content->platforms->len == 0) {
		scene_platform_of(content, word, "linux", "amd64", NULL);
		scene_platform_of(content, word, "linux", "arm64", NULL);
	}
	return content;
}

/* The manifest of one platform of the index of `word`. */
static inline Content *scene_manifest(Scene *scene, const char *word, const char *os,
				      const char *architecture)
{
	g_autofree char *name = g_strconcat(word, " ", architecture, NULL);
	g_autofree char *digest = scene_digest(name);
	Content *content = content_need(scene->truth, digest);

	content->is_known = content->is_whole = true;
	content_add_platform(content, os, architecture, NULL, NULL, digest);
	return content;
}

/* A tag that points to the index of `word`. */
static inline Release *scene_tag(Scene *scene, const char *tag, const char *word, int64_t age)
{
	Release *release = listing_add(scene->truth, tag);

	if (release == NULL)
		release = listing_find(scene->truth, tag);
	g_free(release->digest);
	release->digest = scene_digest(word);
	release->published_at = SCENE_NOW - age;
	scene_index(scene, word);
	return release;
}

static inline void scene_tell_digest(Scene *scene, const char *digest)
{
	const Content *truth = content_find(scene->truth, digest);
	Content *content = content_need(scene->offer, digest);

	if (content->is_whole)
		return;
	content->is_known = content->is_whole = true;
	content->is_gone = truth == NULL || truth->is_gone;
	content->is_index = truth != NULL && truth->is_index;
	content->tag = truth != NULL ? g_strdup(truth->tag) : NULL;
	content->trouble = truth != NULL ? g_strdup(truth->trouble) : NULL;
	for (guint i = 0; truth != NULL && i < truth->platforms->len; i++) {
		const Platform *p = g_ptr_array_index(truth->platforms, i);

		content_add_platform(content, p->os, p->architecture, p->variant, p->os_version,
				     p->digest);
	}
}

static inline void scene_tell(Scene *scene, Release *release)
{
	const Release *truth = listing_find(scene->truth, release->version);
	const GPtrArray *seen = listed_of(truth)->seen;

	release->is_described = true;
	release->published_at = truth->published_at;
	g_free(release->digest);
	release->digest = g_strdup(truth->digest);
	listed_of(release)->is_absent = listed_of(truth)->is_absent;
	listed_of(release)->first_seen_at = listed_of(truth)->first_seen_at;
	for (guint i = 0; seen != NULL && i < seen->len; i++) {
		const SeenDigest *old = g_ptr_array_index(seen, i);

		listed_add_seen(release, old->digest, old->seen_at, old->since)->is_only_written =
			old->is_only_written;
	}
}

static inline void scene_describe(Scene *scene, Question *q)
{
	for (guint i = 0; i < q->wishes->len; i++) {
		const Wish *wish = g_ptr_array_index(q->wishes, i);

		scene->asked++;
		if (wish->release != NULL)
			scene_tell(scene, wish->release);
		else
			scene_tell_digest(scene, wish->digest);
	}
	g_ptr_array_set_size(q->wishes, 0);
}

/* Asks until it is chosen; the caller's. */
static inline Selection *scene_choose(Scene *scene, bool is_named)
{
	Selection *selection;

	offer_free(scene->offer);
	scene->offer = listing_new(scene->truth->key, NULL);
	scene->dependency->offer = scene->offer;
	for (guint i = 0; i < scene->truth->releases->len; i++) {
		const Release *truth = g_ptr_array_index(scene->truth->releases, i);
		Release *release = listing_add(scene->offer, truth->version);

		if (!scene->is_told)
			continue;
		scene_tell(scene, release);
		if (truth->digest != NULL)
			scene_tell_digest(scene, truth->digest);
	}
	selection = selection_new(scene->manifest, scene->dependency, scene->rules, SCENE_NOW,
				  is_named);
	while (!selection_make(selection)) {
		g_assert_cmpint(selection->question.wishes->len, >, 0);
		scene_describe(scene, &selection->question);
	}
	return selection;
}
