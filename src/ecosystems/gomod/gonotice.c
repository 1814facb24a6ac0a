/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gonotice.h"

#include "base/text.h"
#include "ecosystems/gomod/golookup.h"

#include <string.h>

static const Release *release_of(const Offer *offer, const char *version)
{
	for (guint i = 0; version != NULL && i < offer->releases->len; i++) {
		const Release *release = g_ptr_array_index(offer->releases, i);

		if (strcmp(release->version, version) == 0)
			return release;
	}
	return NULL;
}

static void add(GPtrArray *notices, const char *quote, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void add(GPtrArray *notices, const char *quote, const char *format, ...)
{
	va_list words;

	va_start(words, format);
	g_ptr_array_add(notices, notice_new(g_strdup_vprintf(format, words), g_strdup(quote)));
	va_end(words);
}

/* Not which version of it is the newest: that would change what is said every week. */
static void add_next(GPtrArray *notices, const Dependency *dependency, const char *name)
{
	const ModuleOffer *offer = dependency->offer->detail;
	g_autofree char *next = NULL;

	if (offer->next_version == NULL || !dependency->is_direct ||
	    golookup_is_next_itself(dependency))
		return;
	next = text_code(offer->next_path);
	add(notices, offer->next_deprecated, "%s has a next major version, %s%s", name, next,
	    offer->next_deprecated != NULL ? ", which is deprecated" : "");
}

GPtrArray *gonotice_all(const Update *update)
{
	const Dependency *dependency = update->dependency;
	GPtrArray *notices = notices_new();
	const ModuleOffer *offer = dependency->offer != NULL ? dependency->offer->detail : NULL;
	g_autofree char *name = text_code(dependency->name), *renamed = NULL;
	const Release *present;

	/* What it leaves need not be warned of. */
	if (offer == NULL || update->to_name != NULL)
		return notices;
	if (offer->deprecated != NULL)
		add(notices, offer->deprecated, "%s is deprecated", name);
	present = release_of(dependency->offer, update->from);
	if (present != NULL && present->retracted != NULL)
		add(notices, present->retracted, "%s %s, the present version, was retracted", name,
		    present->version);
	if (offer->renamed == NULL) {
		add_next(notices, dependency, name);
		return notices;
	}
	renamed = text_code(offer->renamed);
	add(notices, NULL, "%s calls itself %s now", name, renamed);
	return notices;
}
