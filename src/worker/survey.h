/* SPDX-License-Identifier: MIT */
/* What there is to say about one repository, without changing it: the part of a
 * run that `check` and `explain` share. */
#pragma once

#include "git/remote.h"
#include "worker/decide.h"
#include "worker/registries.h"
#include "worker/session.h"

typedef struct {
	Session *session;
	Repository *repository; /* of `remote` */
	Remote *remote;         /* NULL: a checkout */
	Source *source;
	char *below; /* the folder that is meant, from the root; "" for all */
	RulesFile *rules;
	GPtrArray *manifests;   /* of Manifest, each file once */
	Registries *registries; /* of the rules; they borrow the session's world */
	GPtrArray *problems;    /* of Problem, of rules and files, in the order found */
	Decision decision;
} Survey;

void survey_clear(Survey *survey);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Survey, survey_clear)

/* Whether an argument is a URL, and not a path. */
bool survey_is_url(const char *text);

/* Opens `place`, a checkout, a folder of one, a bare repository or a URL, and reads
 * its rules (else: every ecosystem in every folder) and its manifests.
 * Errors: any; nothing can be said. */
bool survey_open(Survey *survey, const Invocation *invocation, const char *place, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Looks up and chooses for the dependencies that `wants` (NULL: all). */
bool survey_decide(Survey *survey, bool (*wants)(const Dependency *dependency, void *data),
		   void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Prints the problems on standard error. */
void survey_say_problems(const Survey *survey);
