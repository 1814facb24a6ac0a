/* SPDX-License-Identifier: MIT */
/* Repositories made by hand, down to trees that git would refuse. */
#pragma once

#include "git/cleanup.h"
#include "git/library.h"
#include "git/objects.h"

#include <glib/gstdio.h>

#include <string.h>

typedef struct {
	char *directory;
	git_repository *repository;
} Fixture;

static inline void remove_all(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);
		remove_all(inner);
	}
	g_remove(path);
}

/* A repository in a folder of its own, gone with fixture_free(). */
static inline Fixture *fixture_new(bool is_bare)
{
	Fixture *fixture = g_new0(Fixture, 1);
	g_autoptr(GError) error = NULL;

	fixture->directory = g_dir_make_tmp(NULL, NULL);
	g_assert_true(library_start(&error));
	g_assert_cmpint(git_repository_init(&fixture->repository, fixture->directory, is_bare), ==,
			0);
	g_assert_cmpint(git_repository_set_head(fixture->repository, "refs/heads/main"), ==, 0);
	return fixture;
}

static inline void fixture_free(Fixture *fixture)
{
	git_repository_free(fixture->repository);
	remove_all(fixture->directory);
	g_free(fixture->directory);
	g_free(fixture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

static inline char *put(Fixture *fixture, git_object_t type, const void *bytes, size_t length)
{
	g_autoptr(git_odb) database = NULL;
	git_oid id;

	g_assert_cmpint(git_repository_odb(&database, fixture->repository), ==, 0);
	g_assert_cmpint(git_odb_write(&id, database, bytes, length, type), ==, 0);
	return g_strdup(git_oid_tostr_s(&id));
}

static inline char *put_file(Fixture *fixture, const char *text)
{
	return put(fixture, GIT_OBJECT_BLOB, text, strlen(text));
}

/* A tree of `rows`, each "MODE NAME ID" in the order given, ended by NULL. */
static inline char *put_tree(Fixture *fixture, const char *const *rows)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();

	for (; *rows != NULL; rows++) {
		const char *space = strrchr(*rows, ' ');
		git_oid id;

		g_assert_cmpint(git_oid_fromstr(&id, space + 1), ==, 0);
		g_byte_array_append(bytes, (const guint8 *)*rows, (guint)(space - *rows));
		g_byte_array_append(bytes, (const guint8 *)"", 1);
		g_byte_array_append(bytes, id.id, GIT_OID_RAWSZ);
	}
	return put(fixture, GIT_OBJECT_TREE, bytes->data, bytes->len);
}

static inline char *row(const char *mode, const char *name, const char *id)
{
	return g_strdup_printf("%s %s %s", mode, name, id);
}

/* A commit of `tree` made at `at`; `parents` are ids with blanks between. */
static inline char *put_commit(Fixture *fixture, const char *tree, const char *parents, int at)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(GStrv) ids = g_strsplit(parents, " ", -1);

	g_string_append_printf(text, "tree %s\n", tree);
	for (char **id = ids; *id != NULL && **id != '\0'; id++)
		g_string_append_printf(text, "parent %s\n", *id);
	g_string_append_printf(text,
			       "author A <a@example.org> %d +0100\n"
			       "committer C <c@example.org> %d +0000\n\nno. %d\n",
			       at, at, at);
	return put(fixture, GIT_OBJECT_COMMIT, text->str, text->len);
}

static inline void set_branch(Fixture *fixture, const char *branch, const char *id)
{
	g_autofree char *name = g_strconcat("refs/heads/", branch, NULL);
	g_autoptr(git_reference) reference = NULL;
	git_oid oid;

	g_assert_cmpint(git_oid_fromstr(&oid, id), ==, 0);
	g_assert_cmpint(git_reference_create(&reference, fixture->repository, name, &oid, 1, NULL),
			==, 0);
}

/* What a branch is at; NULL if it is not there. */
static inline char *get_branch(Fixture *fixture, const char *branch)
{
	g_autofree char *name = g_strconcat("refs/heads/", branch, NULL);
	git_oid oid;

	if (git_reference_name_to_id(&oid, fixture->repository, name) != 0)
		return NULL;
	return g_strdup(git_oid_tostr_s(&oid));
}

/* Dockerfile, bin/run (executable), docs/link (a symlink), lib (a submodule),
 * src/a/go.mod, as the tree of one commit on main. */
static inline char *put_example(Fixture *fixture)
{
	g_autofree char *file = put_file(fixture, "FROM golang:1.21\n");
	g_autofree char *module = put_file(fixture, "module a\n");
	g_autofree char *bin_row = row("100755", "run", file);
	g_autofree char *link_row = row("120000", "link", file);
	g_autofree char *module_row = row("100644", "go.mod", module);
	g_autofree char *bin = put_tree(fixture, (const char *[]){ bin_row, NULL });
	g_autofree char *docs = put_tree(fixture, (const char *[]){ link_row, NULL });
	g_autofree char *a = put_tree(fixture, (const char *[]){ module_row, NULL });
	g_autofree char *a_row = row("40000", "a", a);
	g_autofree char *src = put_tree(fixture, (const char *[]){ a_row, NULL });
	g_autofree char *r1 = row("100644", "Dockerfile", file);
	g_autofree char *r2 = row("40000", "bin", bin);
	g_autofree char *r3 = row("40000", "docs", docs);
	g_autofree char *r4 = row("160000", "lib", "1234567890123456789012345678901234567890");
	g_autofree char *r5 = row("40000", "src", src);
	g_autofree char *root = put_tree(fixture, (const char *[]){ r1, r2, r3, r4, r5, NULL });
	char *commit = put_commit(fixture, root, "", 1000);

	set_branch(fixture, "main", commit);
	return commit;
}

/* "path path* " of TreeFile, a star for what is executable. */
static inline char *paths_of(const GPtrArray *files)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < files->len; i++) {
		const TreeFile *file = g_ptr_array_index(files, i);

		g_string_append_printf(text, "%s%s ", file->path, file->is_executable ? "*" : "");
	}
	return g_string_free(text, FALSE);
}

#define assert_failure(error, kind)                                                         \
	do {                                                                                \
		g_assert_nonnull(error);                                                    \
		g_assert_cmpstr(failure_word(failure_kind(error)), ==, failure_word(kind)); \
		g_clear_error(&(error));                                                    \
	} while (0)
