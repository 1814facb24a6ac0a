/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "daemon"

#include "base/time.h"
#include "config/paths.h"
#include "daemon/daemon.h"
#include "store/cache.h"
#include "store/ignored.h"
#include "store/journal.h"
#include "store/visit.h"

#include <sys/resource.h>
#include <unistd.h>

int64_t call_now(const Call *call)
{
	return call->now_text != NULL ? call->now : time_now();
}

int64_t cpu_used_ms(void)
{
	static const int whose[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	int64_t used_ms = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(whose); i++) {
		struct rusage usage = { 0 };

		(void)getrusage(whose[i], &usage);
		used_ms += (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
			   (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
	}
	return used_ms;
}

bool clean_up(Store *store, int64_t now, GError **error)
{
	if (!journal_forget(store, now, error) || !visit_forget(store, now, error) ||
	    !cache_forget(store, now, error) || !ignored_forget(store, now, error))
		return false;
	store_tidy(store);
	return true;
}

Store *open_store(const Call *call, GError **error)
{
	g_autofree char *directory = paths_state(call->state);
	Store *store = store_open(directory, call_now(call), error);

	if (store != NULL && store_set_aside(store) != NULL)
		g_warning("the state database was damaged and is now '%s'; what was known is read "
			  "again from the repositories and their forges",
			  store_set_aside(store));
	return store;
}

char *program_path(const char *name)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *directory =
		self != NULL ? g_path_get_dirname(self) : g_strdup(UPKEEPD_BINDIR);
	g_autofree char *installed = g_build_filename(UPKEEPD_LIBEXEC, name, NULL);
	g_autofree char *beside = g_build_filename(directory, name, NULL);

	if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
		return g_steal_pointer(&beside);
	return g_canonicalize_filename(installed, directory);
}
