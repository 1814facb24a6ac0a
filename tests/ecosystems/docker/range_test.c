/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/choice.h"

static const struct {
	const char *range, *tag;
	bool is_in;
} ranges[] = {
	{ "1.22", "1.22-alpine", true },
	{ "1.22", "1.22.0", true },
	{ "1.22", "1.22.1", false },
	{ "= 1.22", "1.22", true },
	{ "1.22.x", "1.22.1", false },
	{ "1.22.x", "1.22", false },
	{ "~> 1.22", "1.22", true },
	{ "~> 1.22", "1.99.3-alpine", true },
	{ "~> 1.22", "2", false },
	{ "~> 1.22.0", "1.22.9", true },
	{ "~> 1.22.0", "1.23", false },
	{ "~>1", "1.99", true },
	{ "~> 1", "2.0", false },
	{ ">= 1.22, < 1.24", "1.23.9", true },
	{ ">= 1.22, < 1.24", "1.24", false },
	{ ">=1.22,<1.24,", "1.22", true },
	{ "!= 1.5", "1.5", false },
	{ "!= 1.5", "1.6", true },
	{ "> 1.21.6", "1.21.6", false },
	{ "<= 1.21.6", "1.21.6", true },
	{ ">= 2.a", "2.0.0", true },
	{ ">= 2.a", "1.99", false },
	{ "< 1.22.rc1", "1.22", false },
	{ "1.22-alpine", "1.22-alpine", false },
	{ ">= 1.22-alpine", "1.22-alpine", true },
	{ "v1.22", "v1.22", true },
	{ ">= 99999999999999999999", "100000000000000000000", true },
	{ ">= 20240101", "noble-20260601", true },
	{ "~> 2024.1", "2024.01.15", true },
};

static void a_range_takes_in_what_bundler_would(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		g_autoptr(Offer) offer = listing_new("docker.io/library/golang", NULL);
		const Release *release = listing_add(offer, ranges[i].tag);
		g_autoptr(GError) error = NULL;
		bool is_in = !ranges[i].is_in;

		g_test_message("%s: %s", ranges[i].range, ranges[i].tag);
		g_assert_true(choice_in_range(ranges[i].range, NULL, release, &is_in, &error));
		g_assert_no_error(error);
		g_assert_cmpint(is_in, ==, ranges[i].is_in);
	}
}

static const char *const malformed[] = {
	"^1.22",  "1.*",        "[1.22,)", "1.21 || 1.22", "",     ",",
	"latest", "1.22,,1.23", "1abc",    ">= ",          "1..2",
};

static void what_bundler_refuses_is_a_mistake(void)
{
	g_autoptr(Offer) offer = listing_new("docker.io/library/golang", NULL);
	const Release *release = listing_add(offer, "1.22");

	for (size_t i = 0; i < G_N_ELEMENTS(malformed); i++) {
		g_autoptr(GError) error = NULL;
		bool is_in;

		g_test_message("%s", malformed[i]);
		g_assert_false(choice_in_range(malformed[i], NULL, release, &is_in, &error));
		g_assert_error(error, FAILURE, FAILURE_CONFIG);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/docker/range/a_range_takes_in_what_bundler_would",
			a_range_takes_in_what_bundler_would);
	g_test_add_func("/docker/range/what_bundler_refuses_is_a_mistake",
			what_bundler_refuses_is_a_mistake);
	return g_test_run();
}
