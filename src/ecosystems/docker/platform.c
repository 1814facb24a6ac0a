/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/platform.h"

#include <string.h>

/* How many numbers of a Windows version name its family. */
enum { FAMILY = 3 };

static const struct {
	const char *written, *name;
} architectures[] = {
	{ "x86_64", "amd64" }, { "x86-64", "amd64" }, { "aarch64", "arm64" }, { "i386", "386" }
};

static const char *architecture_name(const char *written)
{
	for (size_t i = 0; i < G_N_ELEMENTS(architectures); i++)
		if (strcmp(written, architectures[i].written) == 0)
			return architectures[i].name;
	return written;
}

/* For arm64 v8 is the only variant, and may be left out. */
static bool is_variant(const Platform *platform, const char *variant)
{
	if (g_strcmp0(platform->variant, variant) == 0)
		return true;
	return strcmp(platform->architecture, "arm64") == 0 &&
	       (variant == NULL || strcmp(variant, "v8") == 0) &&
	       (platform->variant == NULL || strcmp(platform->variant, "v8") == 0);
}

static bool is_family(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return numbers_compare(numbers_from(a, a + strlen(a)), numbers_from(b, b + strlen(b)),
			       FAMILY) == 0;
}

char *platform_text(const Platform *platform)
{
	return g_strdup_printf("%s/%s%s%s%s%s%s", platform->os, platform->architecture,
			       platform->variant != NULL ? "/" : "",
			       platform->variant != NULL ? platform->variant : "",
			       platform->os_version != NULL ? " (" : "",
			       platform->os_version != NULL ? platform->os_version : "",
			       platform->os_version != NULL ? ")" : "");
}

/* "arm64" alone is an architecture, as it is for --platform; "linux" alone an OS. */
static bool is_named(const Platform *platform, char **parts)
{
	guint count = g_strv_length(parts);
	const char *os = parts[0], *architecture = count > 1 ? parts[1] : NULL;

	if (count == 1 && strcmp(os, "linux") != 0 && strcmp(os, "windows") != 0) {
		architecture = os;
		os = "linux";
	}
	return strcmp(platform->os, os) == 0 &&
	       (architecture == NULL ||
		strcmp(platform->architecture, architecture_name(architecture)) == 0) &&
	       (count < 3 || is_variant(platform, parts[2]));
}

const Platform *content_platform(const Content *content, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	g_auto(GStrv) parts = g_strsplit(lower, "/", 3);

	for (guint i = 0; i < content->platforms->len && parts[0] != NULL; i++) {
		const Platform *platform = g_ptr_array_index(content->platforms, i);

		if (is_named(platform, parts))
			return platform;
	}
	return NULL;
}

const Platform *content_counterpart(const Content *content, const Platform *present)
{
	for (guint i = 0; i < content->platforms->len; i++) {
		const Platform *platform = g_ptr_array_index(content->platforms, i);

		if (strcmp(platform->os, present->os) == 0 &&
		    strcmp(platform->architecture, present->architecture) == 0 &&
		    is_variant(platform, present->variant) &&
		    is_family(platform->os_version, present->os_version))
			return platform;
	}
	return NULL;
}

GPtrArray *platforms_needed(const Rules *rules, const char *literal, const Content *present)
{
	static const char *const usual[] = { "linux/amd64", "linux/arm64" };
	GPtrArray *needed = g_ptr_array_new_with_free_func(g_free);

	if (literal != NULL) {
		g_ptr_array_add(needed, g_strdup(literal));
	} else if (rules->platforms != NULL) {
		for (guint i = 0; i < rules->platforms->len; i++)
			g_ptr_array_add(needed, g_strdup(g_ptr_array_index(rules->platforms, i)));
	} else if (present != NULL) {
		for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
			if (content_platform(present, usual[i]) != NULL)
				g_ptr_array_add(needed, g_strdup(usual[i]));
	}
	return needed;
}

const char *content_missing(const Content *content, const GPtrArray *needed)
{
	for (guint i = 0; i < needed->len && content->platforms->len > 0; i++)
		if (content_platform(content, g_ptr_array_index(needed, i)) == NULL)
			return g_ptr_array_index(needed, i);
	return NULL;
}

bool content_keeps_windows(const Content *content, const Content *present)
{
	bool is_windows = false;

	for (guint i = 0; i < present->platforms->len; i++) {
		const Platform *platform = g_ptr_array_index(present->platforms, i);

		if (strcmp(platform->os, "windows") != 0)
			continue;
		if (content_counterpart(content, platform) != NULL)
			return true;
		is_windows = true;
	}
	return !is_windows || content->platforms->len == 0;
}

bool content_is_same(const Content *a, const Content *b, const GPtrArray *needed)
{
	for (guint i = 0; i < needed->len; i++) {
		const char *name = g_ptr_array_index(needed, i);
		const Platform *x = content_platform(a, name), *y = content_platform(b, name);

		if (x == NULL || y == NULL || x->digest == NULL ||
		    g_strcmp0(x->digest, y->digest) != 0)
			return false;
	}
	return needed->len > 0;
}
