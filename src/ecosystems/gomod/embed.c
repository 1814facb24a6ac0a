/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/embed.h"

#include "ecosystems/gomod/modpath.h"

#include <string.h>

/* Hidden files are embedded only if the pattern asks for them. */
#define ALL "all:"

/* The end of the first `count` elements of `path`; NULL if it has fewer. */
static const char *end_of_elements(const char *path, size_t count)
{
	for (const char *p = path;; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		if (--count == 0)
			return p;
		if (*p == '\0')
			return NULL;
	}
}

static size_t element_count(const char *path)
{
	size_t count = 1;

	for (; *path != '\0'; path++)
		count += *path == '/' ? 1 : 0;
	return count;
}

static bool has_hidden_element(const char *path)
{
	while (path != NULL && *path != '\0') {
		if (*path == '.' || *path == '_')
			return true;
		path = strchr(path, '/');
		path = path != NULL ? path + 1 : NULL;
	}
	return false;
}

/* Whether `name`, from the package's folder, is meant by `pattern` or lies in a
 * folder that is. */
static bool is_meant(const char *pattern, const char *name)
{
	bool means_all = g_str_has_prefix(pattern, ALL);
	const char *glob = means_all ? pattern + strlen(ALL) : pattern;
	const char *end;
	g_autofree char *start = NULL;

	if (strcmp(glob, ".") == 0)
		return means_all || !has_hidden_element(name);
	end = end_of_elements(name, element_count(glob));
	if (end == NULL)
		return false;
	start = g_strndup(name, (size_t)(end - name));
	return modpath_glob(glob, start) &&
	       (*end == '\0' || means_all || !has_hidden_element(end + 1));
}

static bool add_meant(const FileList *listing, const char *folder, const char *pattern,
		      GPtrArray *files, GError **error)
{
	g_autofree char *prefix = *folder != '\0' ? g_strconcat(folder, "/", NULL) : g_strdup("");
	bool is_found = false;

	for (guint i = filelist_first(listing, folder); i < listing->files->len; i++) {
		ListedFile *file = &g_array_index(listing->files, ListedFile, i);

		if (!g_str_has_prefix(file->name, prefix))
			break;
		if (!is_meant(pattern, file->name + strlen(prefix)))
			continue;
		is_found = true;
		if (!g_ptr_array_find(files, file, NULL))
			g_ptr_array_add(files, file);
	}
	return is_found ||
	       fail(error, FAILURE_INPUT, "pattern '%s': no matching files found", pattern);
}

GPtrArray *embed_files(const FileList *listing, const char *folder, bool with_tests, GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new();

	for (guint i = 0; i < listing->embeds->len; i++) {
		const ListedEmbed *embed = &g_array_index(listing->embeds, ListedEmbed, i);

		if (strcmp(embed->folder, folder) == 0 && (!embed->is_test || with_tests) &&
		    !add_meant(listing, folder, embed->pattern, files, error))
			return NULL;
	}
	return g_steal_pointer(&files);
}
