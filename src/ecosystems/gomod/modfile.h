/* SPDX-License-Identifier: MIT */
/* What go.mod and go.work say.
 *
 * A ModFile is the syntax of a file and the facts its directives state, in the
 * order of the file. Facts are read-only: files are changed by modedit.h, which
 * edits the syntax and reads the facts again. Mistakes of directives are noted as
 * Problems, all of them; a directive that Go does not know yet is a warning and
 * survives every rewrite. Nothing here touches the network or other files.
 * Source: gomod.md a.4, b.6; golang/mod modfile/rule.go, work.go.
 */
#pragma once

#include "ecosystems/gomod/modsyntax.h"
#include "upkeepd/manifest.h"

typedef enum {
	MODFILE_MAIN,       /* a go.mod we keep current: everything counts */
	MODFILE_DEPENDENCY, /* a go.mod from a proxy: what only counts in a main module, and what
			     * is unknown, is skipped without a word; versions are made canonical */
	MODFILE_WORK,       /* a go.work */
} ModFileKind;

/* `require` and `exclude`. */
typedef struct {
	char *path;
	char *version;    /* as written; canonical unless is_query */
	bool is_indirect; /* marked `// indirect` */
	bool is_query;    /* MODFILE_MAIN: a branch, hash or short version that Go would look up */
	ModNode *node;    /* its line; borrowed from the syntax */
} ModRequire;

typedef struct {
	char *old_path, *old_version; /* old_version NULL: every version */
	char *new_path, *new_version; /* new_version NULL: new_path is a directory */
	ModNode *node;
} ModReplace;

/* A closed interval; low and high are equal for a single version. */
typedef struct {
	char *low, *high;
	char *rationale; /* lines joined by LF; "" if none is given */
	ModNode *node;
} ModRetract;

/* `tool`, `ignore` and, in go.work, `use`. */
typedef struct {
	char *path;
	ModNode *node;
} ModPath;

typedef struct {
	char *key, *value;
	ModNode *node;
} ModGodebug;

typedef struct {
	ModFileKind kind;
	char *path; /* of the file, for problems */
	ModSyntax *syntax;
	char *module;     /* NULL if there is no such line, as the next two */
	char *deprecated; /* the text behind `Deprecated:` above `module`; NULL if not deprecated */
	char *go, *toolchain;
	ModNode *module_node, *go_node, *toolchain_node; /* borrowed; NULL */
	GPtrArray *requires;                             /* of ModRequire */
	GPtrArray *excludes;                             /* of ModRequire */
	GPtrArray *replaces;                             /* of ModReplace */
	GPtrArray *retracts;                             /* of ModRetract */
	GPtrArray *tools, *ignores, *uses;               /* of ModPath */
	GPtrArray *godebugs;                             /* of ModGodebug */
	GPtrArray *problems;                             /* of Problem; the first hundred */
	GTree *replaced, *excluded;                      /* indexes for the functions below */
} ModFile;

/* Reads a file; mistakes of its directives are in `problems`. `path` is for
 * messages and copied.
 * Errors: as modsyntax_parse(): "line:column: what is wrong". */
ModFile *modfile_read(const char *path, GBytes *text, ModFileKind kind, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The same, and the first mistake is an error: INPUT "line:column: …". */
ModFile *modfile_parse(const char *path, GBytes *text, ModFileKind kind, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

void modfile_free(ModFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ModFile, modfile_free)

/* Reads the facts anew from the syntax, which an edit has changed; for modedit.c.
 * All pointers to facts become invalid. */
void modfile_reread(ModFile *file);

/* The first `require` of `path`; NULL if none. */
const ModRequire *modfile_require(const ModFile *file, const char *path);

/* The `replace` that holds for a module version: one for just this version, else
 * one for all; NULL if none. As `go mod edit` does, the last one written wins. */
const ModReplace *modfile_replacement(const ModFile *file, const char *path, const char *version);

/* Errors: INPUT "line:column: …" if two `replace` lines of one module differ,
 * which every command that resolves refuses. */
bool modfile_check_replaces(const ModFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether an `exclude` names this version. */
bool modfile_excludes(const ModFile *file, const char *path, const char *version);

/* The `retract` that covers `version`; NULL if none. */
const ModRetract *modfile_retraction(const ModFile *file, const char *version);

/* Whether `path`, in a `replace`, is a directory and not a module path. */
bool modfile_is_directory(const char *path);

/* Whether a require line bears the mark `// indirect`. */
bool modfile_is_marked_indirect(const ModNode *line);
