/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "worker"

#include "worker/checkout.h"

#include "base/text.h"
#include "upkeepd/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Deeper folders are no work of people. */
#define LIMIT_DEPTH 64

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DIR, closedir)

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of a name that is not plain none of the tools of people makes a manifest. */
static bool is_passed_over(const char *name)
{
	static const char *const names[] = { ".", "..", ".git", "node_modules" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return !text_is_plain(name);
}

/* The folder of a database or a build that ran as another user is none of ours; the
 * checkout itself has to be readable. */
static bool may_be_unreadable(const char *prefix, int reason)
{
	if (*prefix == '\0' || (reason != EACCES && reason != EPERM))
		return false;
	g_message("folder '%s' is passed over: %s", prefix, g_strerror(reason));
	return true;
}

static bool list(int parent, const char *name, const char *prefix, int depth, GPtrArray *paths,
		 GError **error)
{
	int handle = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	g_autoptr(DIR) folder = handle >= 0 ? fdopendir(handle) : NULL;
	const struct dirent *entry;

	if (folder == NULL && may_be_unreadable(prefix, errno))
		return true;
	if (folder == NULL)
		return fail(error, FAILURE_IO, "folder '%s' cannot be read: %s",
			    *prefix != '\0' ? prefix : name, g_strerror(errno));
	if (depth > LIMIT_DEPTH)
		return fail(error, FAILURE_LIMIT, "folder '%s' lies too deep", prefix);
	while ((entry = readdir(folder)) != NULL) {
		g_autofree char *path = NULL;
		struct stat status;

		if (is_passed_over(entry->d_name) ||
		    fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		path = g_strconcat(prefix, *prefix != '\0' ? "/" : "", entry->d_name, NULL);
		if (S_ISDIR(status.st_mode)) {
			if (!list(dirfd(folder), entry->d_name, path, depth + 1, paths, error))
				return false;
		} else if (S_ISREG(status.st_mode)) {
			if (paths->len >= LIMIT_TREE_FILES)
				return fail(error, FAILURE_LIMIT, "more than %d files",
					    LIMIT_TREE_FILES);
			g_ptr_array_add(paths, g_steal_pointer(&path));
		}
	}
	return true;
}

static bool nothing_to_fetch(Source *source G_GNUC_UNUSED, const GPtrArray *paths G_GNUC_UNUSED,
			     GError **error G_GNUC_UNUSED)
{
	return true;
}

static GBytes *read_from_disk(Source *source, const char *path, size_t max_bytes, GError **error)
{
	g_autofree char *full = g_build_filename(source->detail, path, NULL);
	g_autofree char *bytes = NULL;
	g_autoptr(GError) local = NULL;
	struct stat status;
	gsize length;

	if (lstat(full, &status) != 0 || !S_ISREG(status.st_mode))
		return fail_null(error, FAILURE_ABSENT, "there is no file '%s'", path);
	if ((uintmax_t)status.st_size > max_bytes)
		return fail_null(error, FAILURE_LIMIT, "'%s' has more than %zu bytes", path,
				 max_bytes);
	if (!g_file_get_contents(full, &bytes, &length, &local))
		return fail_null(error, FAILURE_IO, "%s", local->message);
	return g_bytes_new_take(g_steal_pointer(&bytes), length);
}

static bool is_root(const char *path)
{
	g_autofree char *git = g_build_filename(path, ".git", NULL);

	return g_file_test(git, G_FILE_TEST_EXISTS);
}

/* The checkout that `path` lies in; `path` itself where it lies in none. */
static char *root_of(const char *path)
{
	g_autofree char *at = g_strdup(path);

	while (!is_root(at)) {
		g_autofree char *parent = g_path_get_dirname(at);

		if (strcmp(parent, at) == 0)
			return g_strdup(path);
		g_free(at);
		at = g_steal_pointer(&parent);
	}
	return g_steal_pointer(&at);
}

Source *checkout_open(const char *path, char **below, GError **error)
{
	g_autoptr(Source) source = g_new0(Source, 1);
	/* Without links, also where the working directory was reached through one. */
	g_autofree char *full = realpath(path, NULL);
	size_t length;

	if (full == NULL || !g_file_test(full, G_FILE_TEST_IS_DIR))
		return fail_null(error, FAILURE_ABSENT, "there is no folder '%s'", path);
	source->name = g_strdup(path);
	source->detail = root_of(full);
	source->free_detail = g_free;
	source->want = nothing_to_fetch;
	source->read = read_from_disk;
	source->paths = g_ptr_array_new_with_free_func(g_free);
	if (!list(AT_FDCWD, source->detail, "", 0, source->paths, error))
		return NULL;
	g_ptr_array_sort(source->paths, by_bytes);
	length = strlen(source->detail);
	*below = g_strdup(full + length + (full[length] == '/' ? 1 : 0));
	return g_steal_pointer(&source);
}

const char *checkout_root(const Source *source)
{
	return source->detail;
}

/* Whether every folder of `path` is a real one: nothing is written through a link. */
static bool is_inside(const char *root, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);
	g_autoptr(GString) at = g_string_new(root);
	guint count = g_strv_length(parts);

	for (guint i = 0; i < count; i++) {
		struct stat status;

		if (*parts[i] == '\0' || strcmp(parts[i], "..") == 0)
			return false;
		g_string_append_printf(at, "/%s", parts[i]);
		if (lstat(at->str, &status) != 0)
			return errno == ENOENT;
		if (i + 1 < count ? !S_ISDIR(status.st_mode) : !S_ISREG(status.st_mode))
			return false;
	}
	return true;
}

static bool remove_file(const char *root, const char *path, GError **error)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	g_autofree char *folder = g_path_get_dirname(full);

	if (unlink(full) != 0 && errno != ENOENT)
		return fail(error, FAILURE_IO, "'%s' cannot be removed: %s", path,
			    g_strerror(errno));
	while (strlen(folder) > strlen(root) && rmdir(folder) == 0) {
		char *parent = g_path_get_dirname(folder);

		g_free(folder);
		folder = parent;
	}
	return true;
}

static bool write_file(const char *root, const FileChange *change, GError **error)
{
	g_autofree char *full = g_build_filename(root, change->path, NULL);
	g_autofree char *folder = g_path_get_dirname(full);
	g_autoptr(GError) local = NULL;
	struct stat status;
	gsize length;
	const char *bytes = g_bytes_get_data(change->after, &length);
	int mode = stat(full, &status) == 0 ? (int)(status.st_mode & 07777) : 0644;

	if (g_mkdir_with_parents(folder, 0755) != 0)
		return fail(error, FAILURE_IO, "folder '%s' cannot be made: %s", folder,
			    g_strerror(errno));
	if (!g_file_set_contents_full(full, bytes != NULL ? bytes : "", (gssize)length,
				      G_FILE_SET_CONTENTS_CONSISTENT, mode, &local))
		return fail(error, FAILURE_IO, "'%s' cannot be written: %s", change->path,
			    local->message);
	return true;
}

bool checkout_write(const Source *source, const GPtrArray *changes, GError **error)
{
	const char *root = source->detail;

	for (guint i = 0; i < changes->len; i++) {
		const FileChange *change = g_ptr_array_index(changes, i);

		if (!is_inside(root, change->path))
			return fail(error, FAILURE_INPUT,
				    "'%s' is not written: it leads through a link", change->path);
	}
	for (guint i = 0; i < changes->len; i++) {
		const FileChange *change = g_ptr_array_index(changes, i);

		if (change->after == NULL ? !remove_file(root, change->path, error)
					  : !write_file(root, change, error))
			return false;
	}
	return true;
}
