/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gosum.h"

#include "base/text.h"
#include "ecosystems/gomod/dirhash.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

#define GOMOD_SUFFIX "/go.mod"

/* One key, and the checksums that the file has for it. */
typedef struct {
	char *path, *version;
	bool is_gomod;
	GTree *sums; /* set of char *: "h1:…", and of other kinds */
	bool is_needed;
} Key;

struct GoSum {
	GBytes *text;     /* NULL: there is no file */
	GTree *keys;      /* of Key, in the order of the file when written anew */
	bool is_complete; /* no checksum had to be added */
};

/* By path, then version as a version, then the zip before the go.mod. */
static int by_key(const void *a, const void *b, void *unused G_GNUC_UNUSED)
{
	const Key *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order == 0)
		order = version_compare(x->version, y->version);
	if (order == 0)
		order = strcmp(x->version, y->version);
	return order != 0 ? order : (int)x->is_gomod - (int)y->is_gomod;
}

static void key_free(void *data)
{
	Key *key = data;

	g_free(key->path);
	g_free(key->version);
	g_tree_unref(key->sums);
	g_free(key);
}

static Key *key_of(GoSum *sums, const char *path, const char *version, bool is_gomod)
{
	const Key wanted = { .path = (char *)path,
			     .version = (char *)version,
			     .is_gomod = is_gomod };
	Key *key = g_tree_lookup(sums->keys, &wanted);

	if (key == NULL) {
		key = g_new0(Key, 1);
		key->path = g_strdup(path);
		key->version = g_strdup(version);
		key->is_gomod = is_gomod;
		key->sums = g_tree_new_full(text_compare, NULL, g_free, NULL);
		g_tree_insert(sums->keys, key, key);
	}
	return key;
}

/* One line; those that have not three fields say nothing. */
static void read_line(GoSum *sums, char *line)
{
	char *fields[4] = { NULL }, *version;
	bool is_gomod;
	size_t count = 0;

	for (char *p = line; count < G_N_ELEMENTS(fields);) {
		p += strspn(p, " \t\r\v\f");
		if (*p == '\0')
			break;
		fields[count++] = p;
		p += strcspn(p, " \t\r\v\f");
		if (*p != '\0')
			*p++ = '\0';
	}
	if (count != 3 || strcmp(fields[2], DIRHASH_EMPTY_GOMOD) == 0)
		return;
	version = fields[1];
	is_gomod = g_str_has_suffix(version, GOMOD_SUFFIX);
	if (is_gomod)
		version[strlen(version) - strlen(GOMOD_SUFFIX)] = '\0';
	g_tree_insert(key_of(sums, fields[0], version, is_gomod)->sums, g_strdup(fields[2]), NULL);
}

GoSum *gosum_read(GBytes *text)
{
	GoSum *sums = g_new0(GoSum, 1);
	gsize length = 0;
	const char *p = text != NULL ? g_bytes_get_data(text, &length) : NULL, *end = NULL;

	sums->keys = g_tree_new_full(by_key, NULL, NULL, key_free);
	sums->text = text != NULL ? g_bytes_ref(text) : NULL;
	sums->is_complete = true;
	if (length > 0)
		end = p + length;
	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		size_t size = (size_t)((newline != NULL ? newline : end) - p);
		g_autofree char *line = g_strndup(p, size); /* a NUL ends it */

		read_line(sums, line);
		p += size + (newline != NULL ? 1 : 0);
	}
	return sums;
}

void gosum_free(GoSum *sums)
{
	if (sums == NULL)
		return;
	g_tree_unref(sums->keys);
	g_clear_pointer(&sums->text, g_bytes_unref);
	g_free(sums);
}

/* Looks for an h1 of a key other than `sum`. */
typedef struct {
	const char *sum;
	const char *other; /* the first found; borrowed */
	bool has_same;
} Comparison;

static gboolean compare_sum(void *element, void *unused G_GNUC_UNUSED, void *data)
{
	Comparison *comparison = data;
	const char *text = element;

	if (!g_str_has_prefix(text, "h1:"))
		return FALSE;
	if (comparison->sum != NULL && strcmp(text, comparison->sum) == 0)
		comparison->has_same = true;
	else
		comparison->other = text;
	return FALSE;
}

/* Fills `comparison`, whose sum is set. */
static void compare_with(const GoSum *sums, const char *path, const char *version, bool is_gomod,
			 Comparison *comparison)
{
	const Key wanted = { .path = (char *)path,
			     .version = (char *)version,
			     .is_gomod = is_gomod };
	const Key *key = g_tree_lookup(sums->keys, &wanted);

	if (key != NULL)
		g_tree_foreach(key->sums, compare_sum, comparison);
}

bool gosum_has(const GoSum *sums, const char *path, const char *version, bool is_gomod)
{
	Comparison comparison = { 0 };

	compare_with(sums, path, version, is_gomod, &comparison);
	return comparison.other != NULL;
}

bool gosum_agrees(const GoSum *sums, const char *path, const char *version, bool is_gomod,
		  const char *sum)
{
	Comparison comparison = { .sum = sum };

	compare_with(sums, path, version, is_gomod, &comparison);
	return comparison.has_same && comparison.other == NULL;
}

/* What each_key() hands on. */
typedef struct {
	GoSumEach each;
	void *data;
} Visit;

static gboolean each_key(void *data, void *unused G_GNUC_UNUSED, void *user)
{
	const Key *key = data;
	const Visit *visit = user;
	Comparison comparison = { 0 };

	g_tree_foreach(key->sums, compare_sum, &comparison);
	if (comparison.other != NULL)
		visit->each(visit->data, key->path, key->version, key->is_gomod);
	return FALSE;
}

void gosum_foreach(const GoSum *sums, GoSumEach each, void *data)
{
	Visit visit = { each, data };

	g_tree_foreach(sums->keys, each_key, &visit);
}

bool gosum_need(GoSum *sums, const char *path, const char *version, bool is_gomod, const char *sum,
		GError **error)
{
	Key *key = key_of(sums, path, version, is_gomod);
	Comparison comparison = { .sum = sum };

	g_tree_foreach(key->sums, compare_sum, &comparison);
	if (comparison.other != NULL)
		return fail(error, FAILURE_INPUT,
			    "checksum mismatch: '%s@%s%s' is %s, but go.sum has %s", path, version,
			    is_gomod ? GOMOD_SUFFIX : "", sum, comparison.other);
	if (!comparison.has_same) {
		g_tree_insert(key->sums, g_strdup(sum), NULL);
		sums->is_complete = false;
	}
	key->is_needed = true;
	return true;
}

static gboolean find_unneeded(void *key, void *unused G_GNUC_UNUSED, void *found)
{
	if (!((Key *)key)->is_needed)
		*(bool *)found = true;
	return FALSE;
}

/* What append_sum() appends to, and for which key. */
typedef struct {
	GString *text;
	const Key *key;
} Line;

static gboolean append_sum(void *sum, void *unused G_GNUC_UNUSED, void *data)
{
	const Line *line = data;

	g_string_append_printf(line->text, "%s %s%s %s\n", line->key->path, line->key->version,
			       line->key->is_gomod ? GOMOD_SUFFIX : "", (const char *)sum);
	return FALSE;
}

static gboolean append_key(void *key, void *unused G_GNUC_UNUSED, void *text)
{
	Line line = { text, key };

	if (line.key->is_needed)
		g_tree_foreach(line.key->sums, append_sum, &line);
	return FALSE;
}

void gosum_meet(GoSum *sums, const char *path, const char *version, bool is_gomod)
{
	key_of(sums, path, version, is_gomod);
}

GBytes *gosum_write(GoSum *sums)
{
	bool has_unneeded = false;
	GString *text;

	g_tree_foreach(sums->keys, find_unneeded, &has_unneeded);
	if (sums->is_complete && !has_unneeded)
		return sums->text != NULL ? g_bytes_ref(sums->text) : NULL;
	text = g_string_new(NULL);
	g_tree_foreach(sums->keys, append_key, text);
	return g_string_free_to_bytes(text);
}
