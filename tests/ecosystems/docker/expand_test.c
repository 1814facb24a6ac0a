/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/expand.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Letters of `text` that stand from `at` on. */
static GArray *letters_at(const char *text, uint32_t at)
{
	GArray *letters = letters_new();

	for (uint32_t i = 0; text[i] != '\0'; i++) {
		Letter letter = { at + i, text[i], false };

		g_array_append_val(letters, letter);
	}
	return letters;
}

static void set(Scope *scope, const char *name, const char *value, uint32_t at)
{
	Expansion expansion = { letters_at(value, at), false, false };

	scope_set(scope, name, &expansion);
}

/* V and S have values, E an empty one, D is declared, L only further down. */
static Scope *scope_of(VariableSyntax syntax)
{
	Scope *scope = scope_new(syntax);

	scope_announce(scope, "L");
	if (syntax == SYNTAX_COMPOSE)
		return scope;
	set(scope, "V", "v1.21.6", 1000);
	set(scope, "S", "a/b/c", 2000);
	set(scope, "E", "", 3000);
	scope_declare(scope, "D");
	return scope;
}

static const struct DockerfileWord {
	const char *word, *wanted; /* ! before it: unresolved; NULL: refused */
} dockerfile_words[] = {
	{ "golang:1.21", "golang:1.21" },
	{ "a'$V'b", "a$Vb" },
	{ "'a", NULL },
	{ "\"a$V\"", "av1.21.6" },
	{ "\"a\\\"\\$\\\\\\x\"", "a\"$\\\\x" },
	{ "\"a", NULL },
	{ "a\\$V\\", "a$V" },
	{ "$V-x", "v1.21.6-x" },
	{ "$Vx", "!" },
	{ "${V}x", "v1.21.6x" },
	{ "$", "$" },
	{ "$.", "$." },
	{ "$12x", "!x" },
	{ "$?", "!" },
	{ "$D", "!" },
	{ "a${L}b", "ab" },
	{ "$NOPE", "!" },
	{ "${V", NULL },
	{ "${", NULL },
	{ "${}", NULL },
	{ "${:-x}", NULL },
	{ "${{V}}", NULL },
	{ "${V^}", NULL },
	{ "${V:#v}", NULL },
	{ "${V:-x}", "v1.21.6" },
	{ "${V:-$D}", "v1.21.6" },
	{ "${V:-'}", NULL },
	{ "${D-x}", "x" },
	{ "${D:-$V}", "v1.21.6" },
	{ "${D:-${NOPE:-x}}", "x" },
	{ "${D:-$NOPE}", "!" },
	{ "${E-x}", "" },
	{ "${E:-x}", "x" },
	{ "${L-x}", "x" },
	{ "${L+x}", "" },
	{ "${V:+-}", "-" },
	{ "${E+x}", "x" },
	{ "${E:+x}", "" },
	{ "${D:+x}", "!" },
	{ "${V:?x}", "v1.21.6" },
	{ "${D?x}", "!" },
	{ "${E?x}", "" },
	{ "${E:?x}", NULL },
	{ "${L?x}", NULL },
	{ "${V#v}", "1.21.6" },
	{ "${V#x}", "v1.21.6" },
	{ "${V#*.}", "21.6" },
	{ "${V##*.}", "6" },
	{ "${V%.*}", "v1.21" },
	{ "${V%%.*}", "v1" },
	{ "${V%?}", "v1.21." },
	{ "${V##*}", "" },
	{ "${S#*/}", "b/c" },
	{ "${S%\\/*}", "a/b" },
	{ "${V%\\x}", NULL },
	{ "${S/\\//-}", "a-b/c" },
	{ "${S//\\//-}", "a-b-c" },
	{ "${S/b*/x}", "a/x" },
	{ "${S/x*y/z}", "a/b/c" },
	{ "${S/b}", NULL },
	{ "${D#v}", "!" },
	{ "${L%v}", "" },
	{ "$TARGETARCH", "!amd64" },
	{ "${TARGETPLATFORM#*/}", "!amd64" },
	{ "${TARGETVARIANT:-x}", "!x" },
	{ "${TARGETARCH:+x}", "!x" },
};

static const struct ComposeWord {
	const char *word, *wanted;
} compose_words[] = {
	{ "redis:${TAG:-7.0}", "redis:7.0" },
	{ "redis:${TAG-7.0}", "redis:7.0" },
	{ "${A:-${B:-redis}}:7", "redis:7" },
	{ "a$$b${TAG}", "!a$b" },
	{ "$TAG", "!" },
	{ "${TAG:?wanted}", "!" },
	{ "it's\\", "it's\\" },
	{ "${TAG#x}", NULL },
	{ "$1", "$1" },
	{ "$TARGETARCH", "!" },
};

static void check(VariableSyntax syntax, const char *word, const char *wanted)
{
	g_autoptr(Scope) scope = scope_of(syntax);
	g_autoptr(GArray) letters = letters_at(word, 0);
	g_auto(Expansion) expansion = { 0 };
	g_autoptr(GError) error = NULL;
	bool is_done = scope_expand(scope, letters_all(letters), '\\', &expansion, &error);
	g_autofree char *text = letters_text(letters_all(expansion.letters));

	if (wanted == NULL) {
		g_assert_false(is_done);
		g_assert_error(error, FAILURE, FAILURE_INPUT);
		return;
	}
	g_assert_no_error(error);
	g_assert_cmpint(expansion.is_unresolved, ==, *wanted == '!');
	g_assert_cmpstr(text, ==, *wanted == '!' ? wanted + 1 : wanted);
}

static void a_word_of_a_dockerfile_is_expanded(gconstpointer data)
{
	const struct DockerfileWord *row = data;

	check(SYNTAX_DOCKERFILE, row->word, row->wanted);
}

static void a_word_of_a_compose_file_is_expanded(gconstpointer data)
{
	const struct ComposeWord *row = data;

	check(SYNTAX_COMPOSE, row->word, row->wanted);
}

/* Where each byte of the result stands: V's value from 1000 on. */
static const struct Place {
	const char *word;
	uint32_t places[8];
} places[] = {
	{ "a'b'", { 0, 2 } },
	{ "x$V", { 0, 1000, 1001, 1002, 1003, 1004, 1005, 1006 } },
	{ "${V#v}", { 1001, 1002, 1003, 1004, 1005, 1006 } },
	{ "${V%.*}", { PLACE_NONE, PLACE_NONE, PLACE_NONE, PLACE_NONE, PLACE_NONE } },
	{ "${D:-xy}", { 5, 6 } },
	{ "${S/b*/x}", { 2000, 2001, 7 } },
	{ "$TARGETOS",
	  { PLACE_BUILDER, PLACE_BUILDER, PLACE_BUILDER, PLACE_BUILDER, PLACE_BUILDER } },
};

static void each_byte_keeps_its_place(gconstpointer data)
{
	const struct Place *row = data;
	g_autoptr(Scope) scope = scope_of(SYNTAX_DOCKERFILE);
	g_autoptr(GArray) letters = letters_at(row->word, 0);
	g_auto(Expansion) expansion = { 0 };
	g_autoptr(GError) error = NULL;

	g_assert_true(scope_expand(scope, letters_all(letters), '\\', &expansion, &error));
	for (guint i = 0; i < expansion.letters->len; i++)
		g_assert_cmpuint(g_array_index(expansion.letters, Letter, i).at, ==,
				 row->places[i]);
}

static void ceilings_hold(void)
{
	g_autoptr(Scope) scope = scope_of(SYNTAX_DOCKERFILE);
	g_autoptr(GString) word = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < LIMIT_DOCKER_WORD + 1; i++)
		g_string_append_c(word, 'a');
	{
		g_autoptr(GArray) letters = letters_at(word->str, 0);
		g_auto(Expansion) expansion = { 0 };

		g_assert_false(scope_expand(scope, letters_all(letters), '\\', &expansion, &error));
		g_assert_error(error, FAILURE, FAILURE_LIMIT);
		g_clear_error(&error);
	}
	g_string_truncate(word, 0);
	for (int i = 0; i < LIMIT_DOCKER_DEPTH + 1; i++)
		g_string_append(word, "${D:-");
	{
		g_autoptr(GArray) letters = letters_at(word->str, 0);
		g_auto(Expansion) expansion = { 0 };

		g_assert_false(scope_expand(scope, letters_all(letters), '\\', &expansion, &error));
		g_assert_error(error, FAILURE, FAILURE_LIMIT);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(dockerfile_words); i++) {
		g_autofree char *path = g_strdup_printf("/expand/dockerfile/%zu", i);

		g_test_add_data_func(path, &dockerfile_words[i],
				     a_word_of_a_dockerfile_is_expanded);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(compose_words); i++) {
		g_autofree char *path = g_strdup_printf("/expand/compose/%zu", i);

		g_test_add_data_func(path, &compose_words[i], a_word_of_a_compose_file_is_expanded);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_strdup_printf("/expand/each_byte_keeps_its_place/%zu", i);

		g_test_add_data_func(path, &places[i], each_byte_keeps_its_place);
	}
	g_test_add_func("/expand/ceilings_hold", ceilings_hold);
	return g_test_run();
}
