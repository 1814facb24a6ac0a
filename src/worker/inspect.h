/* SPDX-License-Identifier: MIT */
/* `inspect KIND FILE`: what a parser saw, as JSON (cli.md 2). */
#pragma once

#include "base/json.h"
#include "upkeepd/rules.h"
#include "worker/worker.h"

/* Makes the document of one file, the caller's. `path` is for the document and
 * for messages. `*end` is END_DONE beforehand and may be set otherwise where a
 * document is shown in spite of mistakes. For a kind that takes texts instead
 * of a file `text` holds them, a line each. */
typedef Json *(*Inspector)(const Invocation *invocation, const char *path, GBytes *text, End *end,
			   GError **error);

/* One function a kind, each in its own inspect_KIND.c. */
Json *inspect_tag(const Invocation *invocation, const char *text, GBytes *bytes, End *end,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_gomod(const Invocation *invocation, const char *path, GBytes *text, End *end,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_gowork(const Invocation *invocation, const char *path, GBytes *text, End *end,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_gosum(const Invocation *invocation, const char *path, GBytes *text, End *end,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_goversion(const Invocation *invocation, const char *text, GBytes *lines, End *end,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_dockerfile(const Invocation *invocation, const char *path, GBytes *text, End *end,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_compose(const Invocation *invocation, const char *path, GBytes *text, End *end,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_kubernetes(const Invocation *invocation, const char *path, GBytes *text, End *end,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_reference(const Invocation *invocation, const char *path, GBytes *text, End *end,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_message(const Invocation *invocation, const char *path, GBytes *text, End *end,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *inspect_dependabot(const Invocation *invocation, const char *path, GBytes *text, End *end,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What an entry asks for, every default filled in; without its place in the file
 * and its schedule, which change nothing about that. */
Json *inspect_rules(const Rules *rules);
