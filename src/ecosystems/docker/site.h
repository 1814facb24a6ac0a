/* SPDX-License-Identifier: MIT */
/* One place of a file that names an image, and how it can be changed there. */
#pragma once

#include "ecosystems/docker/expand.h"
#include "ecosystems/docker/reference.h"

typedef enum {
	SITE_FROM,
	SITE_COPY,    /* COPY --from= */
	SITE_MOUNT,   /* RUN --mount=from= */
	SITE_SYNTAX,  /* # syntax= */
	SITE_ONBUILD, /* COPY or RUN behind ONBUILD */
	SITE_IMAGE,   /* `image` in YAML */
} SiteKind;

/* "from", "copy", … */
const char *site_kind_word(SiteKind kind);

typedef struct {
	SiteKind kind;
	Span word;            /* what stands for it in the file, quotes and `$` included */
	int line, column;     /* of the word */
	char *text;           /* as `inspect` shows it: expanded, but for compose */
	char *expanded;       /* the reference with all values put in */
	GArray *letters;      /* of Letter: `expanded` and where it stands */
	Reference *reference; /* NULL if `expanded` is none */
	const char *why_not;  /* why upkeepd cannot change it; static; NULL: it can */
	int stage;            /* index of the build stage it stands in; -1: none */
	char *platform;       /* FROM: what --platform= says, as written; NULL */
	char *service, *path; /* where in YAML; NULL elsewhere */
	char *remark;         /* what else its tag is used for; NULL: nothing that is known */
} Site;

/* Takes what `expansion` holds. `text` NULL: the expanded reference. */
Site *site_new(SiteKind kind, Span word, const char *text, Expansion *expansion);
void site_free(Site *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Site, site_free)

/* Fills line and column of each Site whose word is not empty. */
void sites_locate(const GPtrArray *sites, GBytes *file);

/* The expanded reference with another tag and digest; NULL keeps what there
 * is. A digest is added where none is written, a tag never. The caller's. */
char *site_with(const Site *site, const char *tag, const char *digest);

/* Adds the edits that make the site read site_with(tag, digest), as few bytes
 * as can be: parts of a tag that do not change keep their places, so that
 * `${GO}-alpine${ALPINE}` has each value changed in its own ARG.
 *
 * Errors: INPUT if what changes is not one piece of the file. */
bool site_edit(const Site *site, const char *tag, const char *digest, GPtrArray *edits,
	       GError **error) G_GNUC_WARN_UNUSED_RESULT;
