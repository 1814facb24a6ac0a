/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modpick.h"

#include "base/text.h"
#include "ecosystems/gomod/goversion.h"

#include <string.h>

/* Files in folders of a folder `vendor`. Up to Go 1.23 the rule was off by some bytes
 * where that is not at the top, and sums depend on it. */
static bool is_vendored(const char *name, bool is_modern)
{
	const char *rest = NULL, *at;

	if (is_modern && strcmp(name, "vendor/modules.txt") == 0)
		return true;
	if (g_str_has_prefix(name, "vendor/"))
		rest = name + strlen("vendor/");
	else if ((at = strstr(name, "/vendor/")) != NULL)
		rest = is_modern ? at + strlen("/vendor/") : name + strlen("/vendor/");
	return rest != NULL && strchr(rest, '/') != NULL;
}

/* The name below `folder`; NULL if it is not there. */
static const char *below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	if (length == 0)
		return path;
	return strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

/* The folders, but the root, that have a go.mod. */
static GTree *nested_modules(const GPtrArray *paths, const char *folder)
{
	GTree *nested = g_tree_new_full(text_compare, NULL, g_free, NULL);

	for (guint i = 0; i < paths->len; i++) {
		const char *name = below(paths->pdata[i], folder);
		const char *slash = name != NULL ? strrchr(name, '/') : NULL;

		if (slash != NULL && g_ascii_strcasecmp(slash + 1, "go.mod") == 0)
			text_add(nested, g_strndup(name, (size_t)(slash - name)));
	}
	return nested;
}

static bool is_in_nested(GTree *nested, const char *name)
{
	g_autofree char *folder = g_strdup(name);
	char *slash;

	while (g_tree_nnodes(nested) > 0 && (slash = strrchr(folder, '/')) != NULL) {
		*slash = '\0';
		if (g_tree_lookup(nested, folder) != NULL)
			return true;
	}
	return false;
}

GArray *modpick_files(const GPtrArray *paths, const char *folder, const char *go)
{
	GArray *files = g_array_new(FALSE, FALSE, sizeof(PickedFile));
	g_autoptr(GTree) nested = nested_modules(paths, folder);
	bool is_modern = go != NULL && goversion_compare(go, "1.24") >= 0;
	const char *license = NULL;
	bool has_license = false;

	for (guint i = 0; i < paths->len; i++) {
		const char *path = paths->pdata[i], *name = below(path, folder);
		PickedFile file = { path, name };

		if (strcmp(path, "LICENSE") == 0)
			license = path;
		if (name == NULL)
			continue;
		has_license |= strcmp(name, "LICENSE") == 0;
		if (strcmp(name, ".hg_archival.txt") != 0 && !is_vendored(name, is_modern) &&
		    !is_in_nested(nested, name))
			g_array_append_val(files, file);
	}
	if (!has_license && license != NULL) {
		PickedFile file = { license, license };

		g_array_append_val(files, file);
	}
	return files;
}

bool modpick_changes_files(const char *attributes, size_t length)
{
	static const char *const prefixes[] = { "eol=crlf", "working-tree-encoding=", "filter=" };
	g_autofree char *text = g_strndup(attributes, length);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		g_auto(GStrv) words = g_strsplit_set(g_strstrip(*line), " \t", -1);

		/* The first word is a pattern, "#" begins a comment. */
		for (char **word = words; **line != '#' && *word != NULL; word++) {
			if (word > words && strcmp(*word, "ident") == 0)
				return true;
			for (size_t i = 0; word > words && i < G_N_ELEMENTS(prefixes); i++)
				if (g_str_has_prefix(*word, prefixes[i]))
					return true;
		}
	}
	return false;
}
