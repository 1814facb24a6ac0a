/* SPDX-License-Identifier: MIT */
/* `tidy [PATH]`: what `go mod tidy` would leave in go.mod, go.sum and vendor/. */
#include "ecosystems/gomod/tidy.h"

#include "ecosystems/gomod/fetch.h"
#include "git/diff.h"
#include "worker/checkout.h"
#include "worker/session.h"

#include <stdio.h>

static TidyResult *ask(Session *session, Source *source, const char *directory, GError **error)
{
	Supplier *supplier = fetch_new(&session->world, error);
	TidyOrder order = { .source = source, .directory = directory };
	TidyResult *result;

	if (supplier == NULL)
		return NULL;
	result = tidy(&order, supplier, error);
	fetch_free(supplier);
	return result;
}

/* Says or writes what would change; `*is_tidy`: nothing would. */
static bool run(const Invocation *invocation, bool *is_tidy, GError **error)
{
	const char *path = invocation->arguments[0] != NULL ? invocation->arguments[0] : ".";
	g_autoptr(Session) session = session_open(invocation, NULL, error);
	g_autoptr(Source) source = NULL;
	g_autoptr(TidyResult) result = NULL;
	g_autofree char *below = NULL;

	if (session == NULL)
		return false;
	source = checkout_open(path, &below, error);
	if (source == NULL)
		return false;
	result = ask(session, source, below, error);
	if (result == NULL)
		return false;
	*is_tidy = result->changes->len == 0;
	for (guint i = 0; i < result->notes->len && !invocation->quiet; i++)
		fprintf(stderr, "upkeepd: %s\n", (char *)g_ptr_array_index(result->notes, i));
	if (invocation->diff) {
		g_autofree char *diff = diff_of_all(result->changes);

		fputs(diff, stdout);
	}
	if (invocation->diff || invocation->check)
		return true;
	return checkout_write(source, result->changes, error);
}

End tidy_command(const Invocation *invocation)
{
	g_autoptr(GError) error = NULL;
	bool is_tidy = true;

	if (!run(invocation, &is_tidy, &error))
		return complain(error);
	if (!invocation->check || is_tidy)
		return END_DONE;
	if (!invocation->quiet && !invocation->diff)
		fputs("upkeepd: go.mod or go.sum is not tidy; `upkeepd tidy` changes that\n",
		      stderr);
	return END_FAILED;
}
