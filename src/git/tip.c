/* SPDX-License-Identifier: MIT */
#include "git/tip.h"

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

/* The id of the file at `path`; NULL if there is none. */
static char *id_of(const Source *source, const char *path)
{
	const Tip *tip = source->detail;
	bool is_there;
	guint i = source_find(source, path, &is_there);

	return is_there ? ((TreeFile *)g_ptr_array_index(tip->files, i))->id : NULL;
}

static bool tip_want(Source *source, const GPtrArray *paths, GError **error)
{
	const Tip *tip = source->detail;
	g_autoptr(GPtrArray) ids = g_ptr_array_new(); /* of char *, borrowed */

	for (guint i = 0; i < paths->len; i++) {
		char *id = id_of(source, g_ptr_array_index(paths, i));

		if (id != NULL)
			g_ptr_array_add(ids, id);
	}
	return remote_fetch(tip->remote, ids, error);
}

static GBytes *tip_read(Source *source, const char *path, size_t max_bytes, GError **error)
{
	const Tip *tip = source->detail;
	const char *id = id_of(source, path);
	g_autoptr(GPtrArray) paths = g_ptr_array_new();
	GBytes *bytes;

	if (id == NULL)
		return fail_null(error, FAILURE_ABSENT, "there is no '%s'", path);
	g_ptr_array_add(paths, (char *)path);
	if (!tip_want(source, paths, error))
		return NULL;
	bytes = remote_read(tip->remote, id, max_bytes, error);
	if (bytes == NULL)
		g_prefix_error(error, "'%s': ", path);
	return bytes;
}

Source *tip_open(Remote *remote, const char *commit, GError **error)
{
	GPtrArray *files = remote_files(remote, commit, NULL, NULL, error);
	Source *source;
	Tip *tip;

	if (files == NULL)
		return NULL;
	tip = g_new0(Tip, 1);
	tip->remote = remote;
	tip->files = files;
	source = g_new0(Source, 1);
	source->name = g_strdup(remote_name(remote));
	source->commit = g_strdup(commit);
	source->paths = g_ptr_array_new();
	for (guint i = 0; i < files->len; i++)
		g_ptr_array_add(source->paths, ((TreeFile *)g_ptr_array_index(files, i))->path);
	source->want = tip_want;
	source->read = tip_read;
	source->detail = tip;
	source->free_detail = tip_free;
	return source;
}
