/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <string.h>

static const struct {
	const char *text;
	const char *message; /* NULL: accepted */
} documents[] = {
	{ "{\"a\": [1, true, null, \"x\"]}", NULL },
	{ "[]", NULL },
	{ "{\"a\": 1} x", "w: the answer is not JSON" },
	{ "{\"a\": 1, \"a\": 2}", "w: the JSON has the key 'a' twice" },
	{ "[{\"A\": 1, \"a\": 2}]", NULL },
	{ "[{\"b\": {\"c\": 1, \"c\": 2}}]", "w: the JSON has the key 'c' twice" },
	{ "\"a\\u0000b\"", "w: a text in the JSON holds a NUL" },
	{ "\"a\\\\u0000b\"", NULL },
	{ "\"\xff\"", "w: the JSON is not valid UTF-8" },
	{ "{\"a\": ", "w: the answer is not JSON" },
	{ "<html>", "w: the answer is not JSON" },
	{ "", "w: the answer is not JSON" },
};

static void only_strict_json_is_taken(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(documents); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Json) json =
			json_parse(documents[i].text, strlen(documents[i].text), "w", &error);

		g_assert_cmpstr(error != NULL ? error->message : NULL, ==, documents[i].message);
		g_assert_true((json == NULL) == (error != NULL));
	}
}

static void depth_is_bounded(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_malloc(100001);

	memset(text, '[', 100000);
	text[100000] = '\0';
	g_assert_null(json_parse(text, 100000, "w", &error));
	g_assert_error(error, FAILURE, FAILURE_LIMIT);
	g_assert_cmpstr(error->message, ==, "w: the JSON is nested more than 200 deep");
}

static void values_without_number_are_refused(void)
{
	enum { VALUES = 1000001 };
	g_autofree char *text = g_malloc(2 * VALUES + 2);
	g_autoptr(GError) error = NULL;

	text[0] = '[';
	for (size_t i = 0; i < VALUES; i++)
		memcpy(text + 1 + 2 * i, "0,", 2);
	text[2 * VALUES] = ']';
	g_assert_null(json_parse(text, 2 * VALUES + 1, "w", &error));
	g_assert_error(error, FAILURE, FAILURE_LIMIT);
	g_assert_cmpstr(error->message, ==, "w: the JSON has more than 1000000 values");
}

static void getters_mind_types_and_case(void)
{
	static const char text[] = "{\"Name\":\"x\",\"n\":9007199254740993,\"k\":12,\"b\":true}";
	g_autoptr(Json) json = json_parse(text, strlen(text), "w", NULL);

	g_assert_null(json_string(json, "name"));
	g_assert_cmpstr(json_string(json, "Name"), ==, "x");
	g_assert_null(json_string(json, "k"));
	g_assert_cmpint(json_integer(json, "k", -1), ==, 12);
	g_assert_cmpint(json_integer(json, "Name", -1), ==, -1);
	g_assert_true(json_bool(json, "b", false));
	g_assert_true(json_bool(json, "k", true));
}

static void what_is_built_prints_on_one_line(void)
{
	g_autoptr(Json) json = json_new_object();
	g_autofree char *text = NULL;

	json_set_string(json, "a", "x\xff\n");
	json_set_string(json, "none", NULL);
	json_set_time(json, "at", 1764999999);
	json_set_integer(json, "n", 1234567890123);
	text = json_print(json);
	g_assert_cmpstr(text, ==,
			"{\"a\":\"x\xef\xbf\xbd\\n\",\"none\":null,"
			"\"at\":\"2025-12-06T05:46:39Z\",\"n\":1234567890123}");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/json/only_strict_json_is_taken", only_strict_json_is_taken);
	g_test_add_func("/base/json/depth_is_bounded", depth_is_bounded);
	g_test_add_func("/base/json/values_without_number_are_refused",
			values_without_number_are_refused);
	g_test_add_func("/base/json/getters_mind_types_and_case", getters_mind_types_and_case);
	g_test_add_func("/base/json/what_is_built_prints_on_one_line",
			what_is_built_prints_on_one_line);
	return g_test_run();
}
