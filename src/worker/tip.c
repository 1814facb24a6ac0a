/* SPDX-License-Identifier: MIT */
#include "worker/tip.h"

typedef struct {
	Remote *remote;   /* borrowed */
	GPtrArray *files; /* of TreeFile, in the order of the source's paths */
} Tip;

static void tip_free(void *detail)
{
	Tip *tip = detail;

	g_ptr_array_unref(tip->files);
	g_free(tip);
}

static const char *id_of(const Source *source, const char *path)
{
	const Tip *tip = source->detail;
	bool is_there;
	guint at = source_find(source, path, &is_there);

	return is_there ? ((TreeFile *)g_ptr_array_index(tip->files, at))->id : NULL;
}

static bool want(Source *source, const GPtrArray *paths, GError **error)
{
	Tip *tip = source->detail;
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	for (guint i = 0; i < paths->len; i++) {
		const char *id = id_of(source, g_ptr_array_index(paths, i));

		if (id != NULL)
			g_ptr_array_add(ids, (void *)id);
	}
	return ids->len == 0 || remote_fetch(tip->remote, ids, error);
}

static GBytes *read_file(Source *source, const char *path, size_t max_bytes, GError **error)
{
	Tip *tip = source->detail;
	const char *id = id_of(source, path);
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	if (id == NULL)
		return fail_null(error, FAILURE_ABSENT, "there is no file '%s'", path);
	g_ptr_array_add(ids, (void *)id);
	if (!remote_fetch(tip->remote, ids, error))
		return NULL;
	return remote_read(tip->remote, id, max_bytes, error);
}

Source *tip_open(Remote *remote, const char *name, const char *commit, GError **error)
{
	g_autoptr(GPtrArray) files = remote_files(remote, commit, NULL, NULL, error);
	Source *source;
	Tip *tip;

	if (files == NULL)
		return NULL;
	source = g_new0(Source, 1);
	source->name = g_strdup(name);
	source->commit = g_strdup(commit);
	source->paths = g_ptr_array_new_full(files->len, g_free);
	for (guint i = 0; i < files->len; i++)
		g_ptr_array_add(source->paths,
				g_strdup(((TreeFile *)g_ptr_array_index(files, i))->path));
	source->want = want;
	source->read = read_file;
	tip = g_new0(Tip, 1);
	tip->remote = remote;
	tip->files = g_steal_pointer(&files);
	source->detail = tip;
	source->free_detail = tip_free;
	return source;
}
