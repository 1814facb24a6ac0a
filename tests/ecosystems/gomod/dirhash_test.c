/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/dirhash.h"

#include <string.h>

/* The sums were made by Go's own library. */
static void a_go_mod_is_a_list_of_one(void)
{
	static const char text[] = "module example.com/a\n\ngo 1.21\n";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
	g_autofree char *sum = dirhash_of_gomod(bytes), *empty_sum = dirhash_of_gomod(empty);

	g_assert_cmpstr(sum, ==, "h1:DhNAN5ESgofBjUyC9S2g6VCJUhcIDhtNzG+3JuOOhyg=");
	g_assert_cmpstr(empty_sum, ==, DIRHASH_EMPTY_GOMOD);
}

static void a_list_is_summed_in_the_order_of_bytes(void)
{
	static const struct {
		const char *name, *text;
	} files[] = {
		{ "LICENSE", "l" },
		{ "a-b/q.go", "package p\n" },
		{ "go.mod", "module example.com/a\n\ngo 1.21\n" },
		{ "sub/Z.txt", "z\n" },
		{ "x.go", "package p\n" },
	};
	Sha256 *list = sha256_new();
	g_autofree char *sum = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *name = g_strconcat("example.com/a@v1.0.0/", files[i].name, NULL);
		uint8_t digest[32];

		sha256(files[i].text, strlen(files[i].text), digest);
		dirhash_add(list, name, digest);
	}
	sum = dirhash_finish(list);
	g_assert_cmpstr(sum, ==, "h1:qWJSIjhBGLPHO6MBPpPM2aenJ9HaZiTSa16Zn0yyO3M=");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/dirhash/a_go_mod_is_a_list_of_one", a_go_mod_is_a_list_of_one);
	g_test_add_func("/gomod/dirhash/a_list_is_summed_in_the_order_of_bytes",
			a_list_is_summed_in_the_order_of_bytes);
	return g_test_run();
}
