/* SPDX-License-Identifier: MIT */
/* Messages of commits, as they are read for their style and for our trailer. */
#include "publish/identity.h"
#include "publish/style.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *message = g_strndup((const char *)data, size);
	g_autofree char *key = NULL, *content = NULL, *prefix = NULL, *branch = NULL;
	g_autoptr(PastCommit) commit = past_commit_read("dependabot", "a@b", message, NULL);
	g_autoptr(PastCommit) other = past_commit_read("Ann", "a@b", message, NULL);
	g_autoptr(GPtrArray) history = g_ptr_array_new();

	g_assert_true(identity_read(message, &key, &content) == (key != NULL && content != NULL));
	identity_is_marked(message, "1", "x");
	branch = identity_branch(message);
	g_ptr_array_add(history, size % 2 == 0 ? commit : other);
	prefix = style_find(NULL, history).prefix;
	g_assert_nonnull(prefix);
	return 0;
}
