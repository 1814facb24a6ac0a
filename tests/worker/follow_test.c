/* SPDX-License-Identifier: MIT */
#include "upkeepd/ecosystem.h"
#include "upkeepd/rules.h"
#include "worker/follow.h"

#include <string.h>

#define GOMOD "module example.org/a\n\ngo 1.22\n\ntoolchain go1.22.4\n"

/* A repository of two folders: an image for both, and a go.mod in each. */
typedef struct {
	GPtrArray *paths;
	FailureKind failure; /* what reading the large one comes to */
	Source source;
	guint looks; /* at the image's file */
	Builders *builders;
	Rules *rules;
	Manifest *image;
	Update *update;
	GPtrArray *updates, *changes;
	Deed deed;
} Fixture;

static bool nothing_to_fetch(Source *source G_GNUC_UNUSED, const GPtrArray *paths G_GNUC_UNUSED,
			     GError **error G_GNUC_UNUSED)
{
	return true;
}

static GBytes *read_file(Source *source, const char *path, size_t max_bytes G_GNUC_UNUSED,
			 GError **error)
{
	Fixture *f = source->detail;

	if (strcmp(path, "large/go.mod") == 0)
		return fail_null(error, f->failure, "no");
	if (strcmp(path, "Dockerfile") == 0) {
		f->looks++;
		return g_bytes_ref(f->image->text);
	}
	return g_bytes_new_static(GOMOD, strlen(GOMOD));
}

static void set_up(Fixture *f, const void *failure)
{
	static const char from[] = "FROM golang:1.22.4\n", to[] = "FROM golang:1.22.9\n";
	static const char *const paths[] = { "Dockerfile", "large/go.mod", "small/go.mod" };
	g_autoptr(GBytes) before = g_bytes_new_static(from, strlen(from));
	g_autoptr(GBytes) after = g_bytes_new_static(to, strlen(to));

	f->failure = (FailureKind)GPOINTER_TO_INT(failure);
	f->paths = g_ptr_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
		g_ptr_array_add(f->paths, (char *)paths[i]);
	f->source = (Source){
		.paths = f->paths, .want = nothing_to_fetch, .read = read_file, .detail = f
	};
	f->rules = rules_new();
	f->rules->carries_toolchain = true;
	f->image = manifest_new(ecosystem_by_name("docker"), "Dockerfile", "/", before);
	f->image->rules = f->rules;
	g_assert_true(f->image->ecosystem->parse(f->image, NULL));
	f->update = update_new(f->image, f->image->dependencies->pdata[0]);
	f->updates = g_ptr_array_new();
	g_ptr_array_add(f->updates, f->update);
	f->changes = file_changes_new();
	g_ptr_array_add(f->changes, file_change_new("Dockerfile", before, after));
	deed_begin(&f->deed);
}

static void tear_down(Fixture *f, const void *failure G_GNUC_UNUSED)
{
	deed_clear(&f->deed);
	builders_drop(f->builders);
	g_ptr_array_unref(f->changes);
	g_ptr_array_unref(f->updates);
	update_free(f->update);
	manifest_free(f->image);
	rules_free(f->rules);
	g_ptr_array_unref(f->paths);
}

static bool follow(Fixture *f, GError **error)
{
	return follow_builders(&f->source, &f->builders, f->updates, f->changes, f->deed.shifts,
			       error);
}

static void what_is_too_large_stays_and_the_others_follow(Fixture *f,
							  const void *failure G_GNUC_UNUSED)
{
	const Shift *shift;

	g_assert_true(follow(f, NULL));
	g_assert_cmpuint(f->deed.shifts->len, ==, 1);
	shift = f->deed.shifts->pdata[0];
	g_assert_cmpstr(shift->path, ==, "small/go.mod");
	g_assert_cmpstr(shift->to, ==, "go1.22.9");
	g_assert_cmpuint(f->changes->len, ==, 2);
}

static void what_builds_is_looked_at_once_for_all_plans(Fixture *f,
							const void *failure G_GNUC_UNUSED)
{
	g_assert_true(follow(f, NULL));
	g_ptr_array_set_size(f->changes, 1);
	g_assert_true(follow(f, NULL));
	g_assert_cmpuint(f->deed.shifts->len, ==, 2);
	g_assert_cmpuint(f->changes->len, ==, 2);
	g_assert_cmpuint(f->looks, ==, 1);
}

static void a_source_that_fails_is_no_silence(Fixture *f, const void *failure G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(follow(f, &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_NET);
}

#define ADD(name, failure)                                                                   \
	g_test_add("/worker/follow/" #name, Fixture, GINT_TO_POINTER(failure), set_up, name, \
		   tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(what_is_too_large_stays_and_the_others_follow, FAILURE_LIMIT);
	ADD(what_builds_is_looked_at_once_for_all_plans, FAILURE_LIMIT);
	ADD(a_source_that_fails_is_no_silence, FAILURE_NET);
	return g_test_run();
}
