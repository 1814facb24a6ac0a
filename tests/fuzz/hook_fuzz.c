/* SPDX-License-Identifier: MIT */
/* A hook's body under each event that is read: a name or nothing. */
#include "listen/hook.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "Header: value". */
static const char *header_of(const void *data, const char *name)
{
	size_t length = strlen(name);

	return strncmp(data, name, length) == 0 ? (const char *)data + length + 2 : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const events[] = {
		"X-GitHub-Event: push",       "X-GitHub-Event: issue_comment",
		"X-GitHub-Event: issues",     "X-Gitea-Event: pull_request",
		"X-Gitlab-Event: Push Hook",  "X-Gitlab-Event: Note Hook",
		"X-Gitlab-Event: Issue Hook",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
		HookRequest request = { header_of, events[i], (const char *)data, size };
		g_autofree char *path = NULL;

		g_assert_true((hook_read(&request, &path) == HOOK_WAKE) == (path != NULL));
	}
	return 0;
}
