/* SPDX-License-Identifier: MIT */
/* The module proxy protocol: lists, times, go.mod files and zips of modules.
 *
 * Questions are asked many at once; each goes down the list of GOPROXY by its rules
 * until an entry answers; `direct`, and a module of GONOPROXY, means its repository
 * (godirect.h). That something does not exist is an answer, not an
 * error. What a proxy sends is bounded in size and not trusted: zips and go.mod
 * files are for the caller to check against go.sum or the checksum database.
 * go.mod, zip and time of a version never change and are asked for once;
 * lists and `latest` are asked for again each run.
 * Source: gomod.md c.1, c.2; golang/go cmd/go/internal/modfetch/proxy.go.
 */
#pragma once

#include "ecosystems/gomod/goenv.h"
#include "upkeepd/fail.h"
#include "upkeepd/world.h"

/* The module whose versions are Go itself, v0.0.1-go1.22.3.linux-amd64 among them. Served
 * by proxies alone, whatever GONOPROXY says. */
#define GOPROXY_TOOLCHAIN "golang.org/toolchain"

typedef struct GoProxy GoProxy;

/* For all of one run. `env` and its world are borrowed. */
GoProxy *goproxy_new(const GoEnv *env);
void goproxy_free(GoProxy *proxy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoProxy, goproxy_free)

typedef enum {
	GOASK_LIST,   /* the versions of a module */
	GOASK_INFO,   /* the version that `version` (also a branch or commit) means, and its time */
	GOASK_GOMOD,  /* the go.mod file of a canonical version */
	GOASK_ZIP,    /* the zip of a canonical version */
	GOASK_LATEST, /* what the proxy takes for the newest; only where the list is of no use */
} GoAskKind;

/* One version of a list. */
typedef struct {
	char *version;
	int64_t at; /* Unix seconds; 0: not said */
} GoListed;

/* One question and its answer: exactly one of error, is_absent and the fields of
 * its kind is set afterwards. */
typedef struct {
	/* Asked. */
	GoAskKind kind;
	char *path, *version; /* version NULL for LIST and LATEST */

	/* Answered. */
	GError *error;  /* DENIED, BUSY, NET, LIMIT, CONFIG, IO, or INPUT if no such thing can be */
	bool is_absent; /* all entries that were to be asked say that it does not exist */
	char *reason;   /* is_absent: who said so last, and in which words, one line; may be "" */
	GPtrArray *list; /* LIST: of GoListed, lines that are no version left out; may be empty */
	char *info_version; /* INFO, LATEST: canonical */
	int64_t info_at;    /* INFO, LATEST: Unix seconds; 0: not said */
	/* INFO: where the proxy has it from, as it claims; NULL: not said. */
	char *origin_url, *origin_subdirectory, *origin_ref;
	GBytes *gomod; /* GOMOD */
	int zip;       /* ZIP: a file without name at its start, the asker's to close; -1 */

	/* The proxy's own. */
	guint source, tries;
	bool is_direct; /* from version control, after which nothing is asked */
	GError *worst;
} GoAsk;

GoAsk *goask_new(GoAskKind kind, const char *path, const char *version);
void goask_free(GoAsk *ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoAsk, goask_free)

/* An empty list of GoListed; adds one (version is copied). */
GPtrArray *goask_list_new(void);
void goask_list_add(GPtrArray *list, const char *version, int64_t at);

/* Hands over a ZIP's file. */
int goask_take_zip(GoAsk *ask);

/* Whether a module may be read from its repository, if only after proxies that lack it. */
bool goproxy_may_be_direct(const GoProxy *proxy, const char *path);

/* Answers all of `asks` (of GoAsk), concurrently. */
void goproxy_ask_all(GoProxy *proxy, GPtrArray *asks);

/* The same for one. */
void goproxy_ask(GoProxy *proxy, GoAsk *ask);

/* An answer to `ask` was not what it should have been, by its checksum or else: no
 * proxy's is kept, and the next time they are asked. */
void goproxy_forget(GoProxy *proxy, GoAsk *ask);

/* The answer as a failure, for those to whom absence is one: "'PATH@VERSION' does
 * not exist: REASON" of ABSENT, or a copy of ask->error. The caller's. */
GError *goask_error(const GoAsk *ask);
