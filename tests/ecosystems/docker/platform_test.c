/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/platform.h"

#include <string.h>

static const struct {
	const char *os, *architecture, *variant, *os_version;
} present[] = {
	{ "windows", "amd64", NULL, "10.0.17763.5000" },
	{ "linux", "amd64", NULL, NULL },
	{ "linux", "arm", "v7", NULL },
	{ "linux", "arm64", "v8", NULL },
};

static Content *content_of(Offer *offer, const char *digest, size_t from, size_t to)
{
	Content *content = content_need(offer, digest);

	for (size_t i = from; i < to; i++) {
		g_autofree char *own = g_strdup_printf("%s %zu", digest, i);

		content_add_platform(content, present[i].os, present[i].architecture,
				     present[i].variant, present[i].os_version, own);
	}
	return content;
}

static const struct {
	const char *name;
	int index; /* -1: there is none */
} names[] = {
	{ "linux/amd64", 1 },   { "linux/x86_64", 1 }, { "amd64", 1 },     { "Linux/AMD64", 1 },
	{ "linux", 1 },         { "windows", 0 },      { "linux/arm", 2 }, { "linux/arm/v7", 2 },
	{ "linux/arm/v6", -1 }, { "linux/arm64", 3 },  { "arm64", 3 },     { "linux/arm64/v8", 3 },
	{ "linux/aarch64", 3 }, { "linux/386", -1 },   { "", -1 },
};

static void a_platform_is_found_by_its_name(void)
{
	g_autoptr(Offer) offer = listing_new("docker.io/library/golang", NULL);
	const Content *content = content_of(offer, "a", 0, G_N_ELEMENTS(present));

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const Platform *platform = content_platform(content, names[i].name);

		g_test_message("%s", names[i].name);
		g_assert_true(
			platform ==
			(names[i].index < 0 ? NULL : content->platforms->pdata[names[i].index]));
	}
}

static char *needs(const char *literal, const char *listed, const Content *content)
{
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(GPtrArray) needed = NULL;

	if (listed != NULL) {
		rules->platforms = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(rules->platforms, g_strdup(listed));
	}
	needed = platforms_needed(rules, literal, content);
	g_ptr_array_add(needed, NULL);
	return g_strjoinv(" ", (char **)needed->pdata);
}

static void the_flag_comes_before_the_rules_and_these_before_the_image(void)
{
	g_autoptr(Offer) offer = listing_new("docker.io/library/golang", NULL);
	const Content *content = content_of(offer, "a", 0, G_N_ELEMENTS(present));
	const Content *one = content_of(offer, "b", 0, 2);
	g_autofree char *flag = needs("linux/s390x", "linux/386", content);
	g_autofree char *rules = needs(NULL, "linux/386", content);
	g_autofree char *usual = needs(NULL, NULL, content), *fewer = needs(NULL, NULL, one);
	g_autofree char *unknown = needs(NULL, NULL, NULL);

	g_assert_cmpstr(flag, ==, "linux/s390x");
	g_assert_cmpstr(rules, ==, "linux/386");
	g_assert_cmpstr(usual, ==, "linux/amd64 linux/arm64");
	g_assert_cmpstr(fewer, ==, "linux/amd64");
	g_assert_cmpstr(unknown, ==, "");
}

static void the_family_of_a_windows_host_counts(void)
{
	g_autoptr(Offer) offer = listing_new("docker.io/library/golang", NULL);
	const Content *content = content_of(offer, "a", 0, 1);
	Content *later = content_need(offer, "b"), *other = content_need(offer, "c");

	content_add_platform(later, "windows", "amd64", NULL, "10.0.17763.9999", "x");
	content_add_platform(other, "windows", "amd64", NULL, "10.0.20348.1", "x");
	g_assert_true(content_keeps_windows(later, content));
	g_assert_false(content_keeps_windows(other, content));
	g_assert_true(content_keeps_windows(content_need(offer, "unknown"), content));
}

static void a_platform_is_written_for_people(void)
{
	g_autoptr(Offer) offer = listing_new("docker.io/library/golang", NULL);
	const Content *content = content_of(offer, "a", 0, G_N_ELEMENTS(present));
	g_autofree char *windows = platform_text(content->platforms->pdata[0]);
	g_autofree char *arm = platform_text(content->platforms->pdata[2]);

	g_assert_cmpstr(windows, ==, "windows/amd64 (10.0.17763.5000)");
	g_assert_cmpstr(arm, ==, "linux/arm/v7");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/docker/platform/" #name, name)
	ADD(a_platform_is_found_by_its_name);
	ADD(the_flag_comes_before_the_rules_and_these_before_the_image);
	ADD(the_family_of_a_windows_host_counts);
	ADD(a_platform_is_written_for_people);
	return g_test_run();
}
