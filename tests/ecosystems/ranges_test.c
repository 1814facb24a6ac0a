/* SPDX-License-Identifier: MIT */
/* `ignore: versions:`, as `validate` holds it against the ecosystem's own reading. */
#include "upkeepd/ecosystem.h"

#include <string.h>

static const struct {
	const char *ecosystem, *range;
	bool is_good;
	const char *says; /* a part of the remark; NULL: nothing to say */
} cases[] = {
	{ "gomod", "1.5.2", true, "'= 1.5.2'" },
	{ "gomod", "v1.5.2", true, "'= v1.5.2'" },
	{ "gomod", "1.5", true, "next major" },
	{ "gomod", "= 1.5.2", true, NULL },
	{ "gomod", "=1.5.2", true, NULL },
	{ "gomod", "^0.3.1", true, NULL },
	{ "gomod", "~1.5", true, NULL },
	{ "gomod", "~> 1.5", true, NULL },
	{ "gomod", "1.x", true, NULL },
	{ "gomod", "1.5.x", true, "'1.5.x' ignores every version up to the next major" },
	{ "gomod", "1.*", true, NULL },
	{ "gomod", ">= 2.0.0, < 3", true, NULL },
	{ "gomod", ">=0.300.0-beta.0", true, NULL },
	{ "gomod", "1.0.0 - 2.0.0", true, NULL },
	{ "gomod", "< 1.0 || > 2.0", true, NULL },
	{ "gomod", "*", true, NULL },
	{ "gomod", "x", true, NULL },
	{ "gomod", "!= 1.5.0+incompatible", true, NULL },
	{ "gomod", "[1.1,)", false, "a range for gomod" },
	{ "gomod", "*-*", false, "a range for gomod" },
	{ "gomod", "", false, "a range for gomod" },
	{ "gomod", "a ||", false, "a range for gomod" },
	{ "gomod", "1.5 ||", false, "a range for gomod" },
	{ "gomod", ">= ", false, "a range for gomod" },
	{ "gomod", "1..5", false, "a range for gomod" },
	{ "gomod", "latest", false, "a range for gomod" },
	{ "gomod", "vx", false, "a range for gomod" },
	{ "gomod", "x-rc", false, "a range for gomod" },
	{ "gomod", "1.x-rc", true, "next major" },
	{ "gomod", "* - 2", false, "a range for gomod" },
	{ "gomod", "1.*2", false, "a range for gomod" },
	{ "docker", "1.22", true, NULL },
	{ "docker", "~> 1.22.0", true, NULL },
	{ "docker", ">= 1.22, < 1.24", true, NULL },
	{ "docker", "!= 1.5", true, NULL },
	{ "docker", ">3.13", true, NULL },
	{ "docker", "1.22.x", true, "matches nothing" },
	{ "docker", "< 1.22.x", true, "is not what it seems" },
	{ "docker", ">= 2, < 1", true, "no number is all of that" },
	{ "docker", "> 1.22, < 1.22.0", true, "no number is all of that" },
	{ "docker", "1.22, 1.23", true, "no number is all of that" },
	{ "docker", "~> 1.23, < 1.9", true, "no number is all of that" },
	{ "docker", ">= 1.9, >= 2, < 1.10", true, "no number is all of that" },
	{ "docker", ">= 1.22, <= 1.22", true, NULL },
	{ "docker", ">= 1.9, < 1.10", true, NULL },
	{ "docker", "1.22, 1.22.0", true, NULL },
	{ "docker", "> 1, != 1.5", true, NULL },
	{ "docker", ">= 1.a, < 1", true, "matches nothing" },
	{ "docker", "^1.22", false, "a range for docker" },
	{ "docker", "~1.22", false, "a range for docker" },
	{ "docker", "1.*", false, "a range for docker" },
	{ "docker", "[1.22,)", false, "a range for docker" },
	{ "docker", "1 || 2", false, "a range for docker" },
	{ "docker", "1.22,", true, NULL },
	{ "docker", "", false, "a range for docker" },
	{ "docker", ",", false, "a range for docker" },
	{ "docker", "1.22-alpine", true, "matches nothing" },
	{ "docker", "x", false, "a range for docker" },
	{ "docker", "1rc", false, "a range for docker" },
	{ "docker", "1.22+1", false, "a range for docker" },
	{ "docker-compose", "^1.22", false, "a range for docker" },
};

static void is_checked_by_its_ecosystem(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autofree char *remark = NULL;
	g_autoptr(GError) error = NULL;
	const char *said;

	g_test_message("%s %s", cases[i].ecosystem, cases[i].range);
	g_assert_cmpint(
		ecosystem_by_name(cases[i].ecosystem)->check_range(cases[i].range, &remark, &error),
		==, cases[i].is_good);
	said = error != NULL ? error->message : remark;
	if (cases[i].says == NULL)
		g_assert_null(said);
	else
		g_assert_true(said != NULL && strstr(said, cases[i].says) != NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/ecosystems/ranges/%zu", i);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), is_checked_by_its_ecosystem);
	}
	return g_test_run();
}
