/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gobound.h"

#include "ecosystems/gomod/goversion.h"

#include <string.h>

#define GO_UNKNOWN "1.16" /* what a go.mod without a go line is read as */
#define GO_RAISES  "1.21" /* from here on the go line of a dependency counts */

void gobound_free(GoBound *bound)
{
	if (bound == NULL)
		return;
	g_free(bound->version);
	g_free(bound->by);
	g_free(bound);
}

static GoBound *make(const char *version, bool is_line, char *by)
{
	GoBound *bound = g_new0(GoBound, 1);

	bound->version = g_strdup(version);
	bound->is_line = is_line;
	bound->by = by;
	return bound;
}

/* Whether a Go of this version builds a module that says `go`. */
static bool builds(const char *version, bool is_line, const char *go)
{
	g_autofree char *language = is_line ? goversion_lax_line(go) : NULL;

	return goversion_compare(language != NULL ? language : go, version) <= 0;
}

bool gobound_admits(const GoBound *bound, const char *go)
{
	return bound == NULL || goversion_compare(go, GO_RAISES) < 0 ||
	       builds(bound->version, bound->is_line, go);
}

/* Whether `a` takes less in than `b`. */
static bool is_lower(const GoBound *a, const GoBound *b)
{
	if (a->is_line == b->is_line)
		return goversion_compare(a->version, b->version) < 0;
	return a->is_line ? !builds(a->version, true, b->version)
			  : builds(b->version, true, a->version);
}

static GoBound *lower_of(GoBound *a, GoBound *b)
{
	if (a == NULL || (b != NULL && is_lower(b, a))) {
		gobound_free(a);
		return b;
	}
	gobound_free(b);
	return a;
}

static GoBound *of_rules(const char *max_go, const char *go)
{
	if (max_go == NULL)
		return NULL;
	if (strcmp(max_go, "keep") == 0)
		return make(go, false, g_strdup("max-go keeps the go line"));
	/* A dependency may ask for the Go version that is ours already. */
	return make(goversion_compare(max_go, go) < 0 ? go : max_go, false,
		    g_strdup_printf("max-go is %s", max_go));
}

GoBound *gobound_new(const char *max_go, const GPtrArray *builders, const char *folder,
		     const char *go)
{
	const char *present = go != NULL ? go : GO_UNKNOWN;
	GoBound *bound = of_rules(max_go, present);

	for (guint i = 0; builders != NULL && i < builders->len; i++) {
		const Builder *builder = g_ptr_array_index(builders, i);

		if (strcmp(builder->tool, GOVERSION_PATH) == 0 &&
		    (folder == NULL || builder_concerns(builder, folder)) &&
		    builds(builder->version, builder->is_line, present))
			bound = lower_of(bound, make(builder->version, builder->is_line,
						     builder_words(builder)));
	}
	return bound;
}
