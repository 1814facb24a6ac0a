/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/codename.h"

#include "upkeepd/world.h"

#include <string.h>

static const struct {
	const char *name, *os, *release;
} codenames[] = {
	{ "wheezy", "debian", "7" },       { "jessie", "debian", "8" },
	{ "stretch", "debian", "9" },      { "buster", "debian", "10" },
	{ "bullseye", "debian", "11" },    { "bookworm", "debian", "12" },
	{ "trixie", "debian", "13" },      { "forky", "debian", "14" },
	{ "duke", "debian", "15" },        { "precise", "ubuntu", "12.04" },
	{ "trusty", "ubuntu", "14.04" },   { "xenial", "ubuntu", "16.04" },
	{ "zesty", "ubuntu", "17.04" },    { "artful", "ubuntu", "17.10" },
	{ "bionic", "ubuntu", "18.04" },   { "cosmic", "ubuntu", "18.10" },
	{ "disco", "ubuntu", "19.04" },    { "eoan", "ubuntu", "19.10" },
	{ "focal", "ubuntu", "20.04" },    { "groovy", "ubuntu", "20.10" },
	{ "hirsute", "ubuntu", "21.04" },  { "impish", "ubuntu", "21.10" },
	{ "jammy", "ubuntu", "22.04" },    { "kinetic", "ubuntu", "22.10" },
	{ "lunar", "ubuntu", "23.04" },    { "mantic", "ubuntu", "23.10" },
	{ "noble", "ubuntu", "24.04" },    { "oracular", "ubuntu", "24.10" },
	{ "plucky", "ubuntu", "25.04" },   { "questing", "ubuntu", "25.10" },
	{ "resolute", "ubuntu", "26.04" }, { "stonking", "ubuntu", "26.10" },
};

static bool is_name(const char *name, const char *from, const char *to)
{
	size_t length = (size_t)(to - from);

	return strlen(name) == length && g_ascii_strncasecmp(name, from, length) == 0;
}

static const char *take(const char *os, const char *written, Numbers *release)
{
	*release = numbers_from(written, written + strlen(written));
	return os;
}

const char *codename_find(const GPtrArray *more, const char *from, const char *to, Numbers *release)
{
	for (guint i = 0; more != NULL && i < more->len; i++) {
		const Codename *own = g_ptr_array_index(more, i);

		if (is_name(own->name, from, to))
			return own->debian != NULL ? take("debian", own->debian, release)
						   : take("ubuntu", own->ubuntu, release);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(codenames); i++)
		if (is_name(codenames[i].name, from, to))
			return take(codenames[i].os, codenames[i].release, release);
	return NULL;
}
