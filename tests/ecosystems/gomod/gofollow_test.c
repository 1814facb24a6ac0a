/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gofollow.h"
#include "ecosystems/gomod/goversion.h"

/* "1.22.4" in full, "1.22." for the newest of a line; of the folder's own images. */
static const struct {
	const char *name, *go, *toolchain, *built_with, *expected; /* NULL: it stays */
} cases[] = {
	{ "a patch release", "1.21", "go1.22.3", "1.22.4", "go1.22.4" },
	{ "a minor release", "1.21", "go1.22.3", "1.23.0", "go1.23.0" },
	{ "the oldest of several", "1.21", "go1.22.3", "1.23.1 1.22.5 1.24.0", "go1.22.5" },
	{ "one beside its own line", "1.21", "go1.22.3", "1.22.5 1.22.", "go1.22.5" },
	{ "one beside a higher line", "1.21", "go1.22.3", "1.22.5 1.23.", "go1.22.5" },
	{ "a release candidate before", "1.21", "go1.23rc1", "1.23.0", "go1.23.0" },
	{ "what cannot build it does not count", "1.22.0", "go1.22.3", "1.20.1 1.22.5",
	  "go1.22.5" },
	{ "one above a lower line stays", "1.21", "go1.22.3", "1.23.5 1.22.", NULL },
	{ "a line alone stays", "1.21", "go1.22.3", "1.23.", NULL },
	{ "never down", "1.21", "go1.22.3", "1.22.2", NULL },
	{ "the same", "1.21", "go1.22.3", "1.22.3", NULL },
	{ "not above the go line", "1.22.4", "go1.22.4", "1.22.4", NULL },
	{ "a custom one stays", "1.21", "go1.22.3-custom", "1.22.4", NULL },
	{ "the default stays", "1.21", "default", "1.22.4", NULL },
	{ "none stays none", "1.21", NULL, "1.22.4", NULL },
	{ "nothing builds it", "1.21", "go1.22.3", "", NULL },
};

static GPtrArray *builders_of(const char *text, const char *path)
{
	GPtrArray *builders = builders_new();
	g_auto(GStrv) words = g_strsplit(text, " ", -1);

	for (char **word = words; *word != NULL; word++) {
		bool is_line = g_str_has_suffix(*word, ".");

		if (is_line)
			(*word)[strlen(*word) - 1] = '\0';
		if (**word != '\0')
			g_ptr_array_add(builders, builder_new(GOVERSION_PATH, *word, is_line, path,
							      1, "golang"));
	}
	return builders;
}

static void the_line_becomes(const void *data)
{
	size_t i = (size_t)((const char *)data - (const char *)cases) / sizeof *cases;
	g_autoptr(GPtrArray) builders = builders_of(cases[i].built_with, "sub/Dockerfile");
	g_autofree char *line =
		cases[i].toolchain != NULL
			? g_strdup_printf("toolchain  %s // why\n", cases[i].toolchain)
			: g_strdup("");
	g_autofree char *gomod = g_strdup_printf("module a.b/c\r\ngo %s\n%s", cases[i].go, line);
	g_autoptr(GBytes) text = g_bytes_new(gomod, strlen(gomod)), after = NULL;
	g_autofree char *expected = NULL;
	g_auto(Deed) deed = { 0 };
	Shift *shift = NULL;

	after = gofollow("sub/go.mod", text, builders, &shift);
	if (cases[i].expected == NULL) {
		g_assert_null(after);
		g_assert_null(shift);
		return;
	}
	deed_begin(&deed);
	g_ptr_array_add(deed.shifts, shift);
	expected = g_strdup_printf("module a.b/c\r\ngo %s\ntoolchain  %s // why\n", cases[i].go,
				   cases[i].expected);
	g_assert_cmpmem(g_bytes_get_data(after, NULL), g_bytes_get_size(after), expected,
			strlen(expected));
	g_assert_cmpstr(shift->path, ==, "sub/go.mod");
	g_assert_cmpstr(shift->from, ==, cases[i].toolchain);
	g_assert_cmpstr(shift->to, ==, cases[i].expected);
}

static void what_builds_something_else_does_not_count(void)
{
	static const char gomod[] = "module a\ngo 1.21\ntoolchain go1.22.3\n";
	g_autoptr(GPtrArray) builders = builders_of("1.22.4", "sub/Dockerfile");
	g_autoptr(GBytes) text = g_bytes_new_static(gomod, strlen(gomod)), after = NULL;
	g_auto(Deed) deed = { 0 };
	Shift *shift = NULL;

	((Builder *)builders->pdata[0])->home = g_strdup("sub");
	g_assert_null(gofollow("go.mod", text, builders, &shift));
	g_assert_null(gofollow("other/go.mod", text, builders, &shift));
	after = gofollow("sub/go.mod", text, builders, &shift);
	g_assert_nonnull(after);
	deed_begin(&deed);
	g_ptr_array_add(deed.shifts, shift);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/gomod/gofollow/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], the_line_becomes);
	}
	g_test_add_func("/gomod/gofollow/what_builds_something_else_does_not_count",
			what_builds_something_else_does_not_count);
	return g_test_run();
}
