/* SPDX-License-Identifier: MIT */
#include "git/diff.h"

#include "git/cleanup.h"
#include "git/library.h"

static const void *bytes_of(GBytes *bytes, size_t *length)
{
	*length = 0;
	return bytes != NULL ? g_bytes_get_data(bytes, length) : NULL;
}

char *diff_of(const FileChange *change)
{
	git_diff_options options;
	g_autoptr(git_patch) patch = NULL;
	g_auto(git_buf) text = { 0 };
	size_t before_length, after_length;
	const void *before = bytes_of(change->before, &before_length);
	const void *after = bytes_of(change->after, &after_length);

	/* Texts in memory: what can go wrong is libgit2 itself. */
	if (!library_start(NULL))
		return g_strdup("");
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	if (git_patch_from_buffers(&patch, before, before_length,
				   before != NULL ? change->path : NULL, after, after_length,
				   after != NULL ? change->path : NULL, &options) != 0 ||
	    git_patch_to_buf(&text, patch) != 0)
		return g_strdup("");
	return g_strndup(text.ptr, text.size);
}

char *diff_of_all(const GPtrArray *changes)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < changes->len; i++) {
		g_autofree char *diff = diff_of(g_ptr_array_index(changes, i));

		g_string_append(text, diff);
	}
	return g_string_free(text, FALSE);
}
