/* SPDX-License-Identifier: MIT */
/* What is known of modules and packages while one go.mod is resolved.
 *
 * Paths and module versions are kept once, so that they are compared by address
 * and found by number. What is not known yet is asked of a Supplier, as much as
 * possible at once: call facts_need_…() with everything that a step will look
 * at, then look. The rules of the main go.mod that change facts (replace,
 * exclude, the ceiling for Go versions) are applied here and nowhere else.
 * Source: gomod.md e.1, f.1, f.4.
 */
#pragma once

#include "ecosystems/gomod/filelist.h"
#include "ecosystems/gomod/gobound.h"
#include "ecosystems/gomod/gosum.h"
#include "ecosystems/gomod/index.h"
#include "ecosystems/gomod/modfile.h"
#include "ecosystems/gomod/workspace.h"
#include "upkeepd/source.h"

/* An import path or module path. */
typedef struct Path Path;
struct Path {
	const char *text;
	Path *parent;    /* without the last element; NULL: this is the first element */
	uint32_t number; /* from 0, without gaps */
	/* Of the standard library; what else has no dot may be of a replaced module. */
	bool is_standard;
};

typedef enum { UNKNOWN, KNOWN, FAILED } Knowledge;

/* One version of a module. `go` and `toolchain` are modules too; the main module
 * is the version "" of its path. */
typedef struct Module Module;
struct Module {
	Path *path;
	const char *version;

	/* Where it really comes from, by the main go.mod's `replace`. */
	const char *actual_path, *actual_version; /* version NULL: `directory` */
	const char *directory; /* from the root of the source; NULL: a module proxy serves it */
	const char *sibling;   /* the folder it has in our workspace; taken where no proxy has it */
	bool is_replaced;

	/* Of its go.mod, once needed. */
	Knowledge requirements_state;
	GError *requirements_error; /* FAILED */
	Module **requirements;      /* `go` among them where it counts */
	uint32_t n_requirements;
	const char *go; /* its go line; NULL: none */
	bool is_pruned;
	char *gomod_sum; /* h1 of its go.mod; NULL for directories */

	/* Of its contents, once needed. */
	Knowledge packages_state;
	GError *packages_error; /* FAILED */
	PackageIndex *index;    /* NULL for directories */
	FileList *listing;      /* of its files, for vendoring; NULL: not needed yet */

	unsigned mark;                 /* for walks: when it was last met (facts_next_mark) */
	bool is_met_gomod, is_met_zip; /* in facts_met_gomods(), in facts_met_zips() */

	Path **words;         /* of index: the paths that its words are, NULL until met */
	GHashTable *packages; /* Path to PackageFacts, as far as they were asked for */
};

/* What a package imports. */
typedef struct {
	Path **imports, **tests;
	uint32_t n_imports, n_tests;
	bool has_source; /* a file that counts; to import one without is an error */
	char *failure;   /* why its folder could not be read; NULL: it could */
} PackageFacts;

typedef struct Facts Facts;
typedef struct Supplier Supplier; /* supplier.h */

/* The main module. All is borrowed. */
typedef struct {
	const ModFile *file;       /* its go.mod */
	Source *source;            /* where it lies */
	const char *directory;     /* in which folder of the source; "" for the root */
	const GPtrArray *siblings; /* of Member: the other modules of its workspace; NULL: none */
	const GoSum *sums;         /* its go.sum, for suppliers */
	const GoBound *bound;      /* the newest Go that a dependency may ask for; NULL: any */
} MainModule;

Facts *facts_new(const MainModule *main, Supplier *supplier);
void facts_free(Facts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Facts, facts_free)

const ModFile *facts_main_file(const Facts *facts);
Module *facts_main(const Facts *facts);
const GoSum *facts_sums(const Facts *facts);
const GoTree *facts_tree(const Facts *facts);
Supplier *facts_supplier(const Facts *facts);

/* Whether a module was refused because of the bound on the go line. */
bool facts_is_bounded(const Facts *facts);

/* The path with this text. Paths are numbered from 0 to facts_path_count(). */
Path *facts_path(Facts *facts, const char *text);
uint32_t facts_path_count(const Facts *facts);

Module *facts_module(Facts *facts, Path *path, const char *version);

bool path_is_go(const Path *path);        /* the pseudo-module `go` */
bool path_is_toolchain(const Path *path); /* and `toolchain` */
bool module_is_main(const Facts *facts, const Module *module);

/* The order of two versions of one path: negative, zero, positive. */
int module_compare(const Module *a, const Module *b);

/* By path, then version: the order of requirement lists. */
int module_order(const void *a, const void *b); /* of Module *const * */

/* "PATH@VERSION"; the caller's. */
char *module_text(const Module *module);

/* A number that no module is marked with yet. */
unsigned facts_next_mark(Facts *facts);

/* The modules whose go.mod, or whose zip, was needed since facts_forget_met(): the Go
 * command writes their checksums down while it works. Of Module, each once; borrowed. */
const GPtrArray *facts_met_gomods(const Facts *facts);
const GPtrArray *facts_met_zips(const Facts *facts);
void facts_forget_met(Facts *facts);

/* Makes the go.mod of all `modules` known, FAILED included.
 * Errors: those of the whole round (STOPPED, LIMIT). */
bool facts_need_requirements(Facts *facts, const GPtrArray *modules, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The same, and one that cannot be had is an error that names it. */
bool facts_must_have_requirements(Facts *facts, const GPtrArray *modules, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Makes known where the packages of all `modules` lie, FAILED included.
 * Errors: of the network, the disk and the limits of both, which say nothing of
 * the modules. */
bool facts_need_packages(Facts *facts, const GPtrArray *modules, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Whether `module` has Go files in the folder of `path`, which lies within it.
 * Its packages are KNOWN. */
bool facts_has_package(Facts *facts, Module *module, const Path *path);

/* The module path of another module of the workspace that has the package of `path`;
 * NULL if none has. Where no requirement names it, it is left to its own go.mod
 * (gomod.md f.14). */
const Path *facts_sibling_of(const Facts *facts, const Path *path);

/* What a package imports that facts_has_package(); borrowed. */
const PackageFacts *facts_package(Facts *facts, Module *module, Path *path);

/* The packages of the main module's tree that count as its own (gomod.md f.2).
 * The caller's; of Path, borrowed. Errors: IO, NET of the source. */
GPtrArray *facts_main_packages(Facts *facts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For suppliers. `record` as modrecord_new() makes it; `index` is taken, `error`
 * is copied. */
void facts_take_gomod(Facts *facts, Module *module, GBytes *record);
void facts_fail_gomod(Module *module, const GError *error);
void facts_take_index(Module *module, PackageIndex *index);
void facts_fail_index(Module *module, const GError *error);
