/* SPDX-License-Identifier: MIT */
#include "git/fixture.h"
#include "git/pktline.h"

/* Packets as text: lines in brackets, "F", "D", "E" for the others. */
static bool note(void *data, PktKind kind, const char *bytes, size_t length, GError **error)
{
	GString *text = data;

	(void)error;
	if (kind == PKT_LINE)
		g_string_append_printf(text, "[%.*s]", (int)length, bytes);
	else
		g_string_append_c(text, " FDE"[kind]);
	return true;
}

static const struct {
	const char *name, *stream;
	const char *packets; /* NULL: refused */
} streams[] = {
	{ "lines", "0006a\n0007bc\n0000", "[a\n][bc\n]F" },
	{ "upper_case_digits", "000Aabcdef0000", "[abcdef]F" },
	{ "sections", "0005a00010005b0002", "[a]D[b]E" },
	{ "an_empty_line", "00040000", "[]F" },
	{ "nothing", "", "" },
	{ "a_length_that_is_none", "000g", NULL },
	{ "html", "<html>", NULL },
	{ "a_length_below_its_own", "0003", NULL },
	{ "a_length_beyond_all", "fff1x", NULL },
	{ "an_end_within_a_packet", "0006a", NULL },
	{ "an_end_within_a_length", "00", NULL },
	{ "a_sign", "+005a", NULL },
};

static void reads(const void *data)
{
	const size_t i = GPOINTER_TO_SIZE(data);
	size_t length = strlen(streams[i].stream);

	/* Whole, and in pieces of every size. */
	for (size_t piece = 1; piece <= length + 1; piece++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(PktReader) reader = pkt_reader_new(note, text);
		g_autoptr(GError) error = NULL;
		bool is_good = true;

		for (size_t at = 0; at < length && is_good; at += piece)
			is_good = pkt_reader_feed(reader, streams[i].stream + at,
						  MIN(piece, length - at), &error);
		is_good = is_good && pkt_reader_end(reader, &error);
		g_assert_cmpint(is_good, ==, streams[i].packets != NULL);
		if (is_good)
			g_assert_cmpstr(text->str, ==, streams[i].packets);
		else
			assert_failure(error, FAILURE_NET);
	}
}

static void the_longest_packet_is_taken(void)
{
	g_autofree char *body = g_strnfill(65516, 'x');
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(PktReader) reader = pkt_reader_new(note, text);

	pkt_append_bytes(out, body, 65516);
	g_assert_cmpmem(out->data, 4, "fff0", 4);
	g_assert_true(pkt_reader_feed(reader, out->data, out->len, NULL));
	g_assert_cmpuint(text->len, ==, 65518);
}

static void writes(void)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	pkt_append(out, "want %s\n", "x");
	pkt_append_delim(out);
	pkt_append_flush(out);
	g_assert_cmpmem(out->data, out->len, "000bwant x\n00010000", 19);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(streams); i++) {
		g_autofree char *path = g_strdup_printf("/git/pktline/reads/%s", streams[i].name);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), reads);
	}
	g_test_add_func("/git/pktline/the_longest_packet_is_taken", the_longest_packet_is_taken);
	g_test_add_func("/git/pktline/writes", writes);
	return g_test_run();
}
