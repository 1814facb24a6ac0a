/* SPDX-License-Identifier: MIT */
#include "git/answers.h"
#include "git/fixture.h"

#define ONE "1111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222"

/* A script of packets: one a row, "0000" and "0001" as they are. Escaped by C, so
 * rows may hold anything but NUL; "\x1f" stands for it. */
static GByteArray *script(const char *rows)
{
	GByteArray *out = g_byte_array_new();
	g_auto(GStrv) lines = g_strsplit(rows, "\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		size_t length = strlen(*line);

		if (strcmp(*line, "0000") == 0) {
			pkt_append_flush(out);
		} else if (strcmp(*line, "0001") == 0) {
			pkt_append_delim(out);
		} else {
			g_strdelimit(*line, "\x1f", '\0');
			pkt_append_bytes(out, *line, length);
		}
	}
	return out;
}

static const struct {
	const char *name, *rows;
	unsigned offers; /* 0: refused */
	bool is_done;
} offered[] = {
	{ "version_2",
	  "# service=git-upload-pack\n0000\nversion 2\nagent=git/2.39\nls-refs=unborn\n"
	  "fetch=shallow wait-for-done filter\nserver-option\nobject-format=sha1\n0000",
	  OFFERS_V2 | OFFERS_LS_REFS | OFFERS_SHALLOW | OFFERS_FILTER | OFFERS_FORMAT, true },
	{ "version_2_without_a_service_line", "version 2\nls-refs\nfetch=shallow\n0000",
	  OFFERS_V2 | OFFERS_LS_REFS | OFFERS_SHALLOW, true },
	{ "words_that_only_begin_alike", "version 2\nls-refs-too\nfetch=shallower filters\n0000",
	  OFFERS_V2, true },
	{ "sha256", "version 2\nls-refs\nobject-format=sha256\n0000",
	  OFFERS_V2 | OFFERS_LS_REFS | OFFERS_FORMAT | OFFERS_SHA256, true },
	{ "version_2_cut_off", "version 2\nls-refs", OFFERS_V2 | OFFERS_LS_REFS, false },
	{ "pushing",
	  "# service=git-receive-pack\n0000\n" ONE " refs/heads/main\x1freport-status "
	  "report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta "
	  "push-options object-format=sha1\n" TWO " refs/heads/x",
	  OFFERS_REPORT | OFFERS_DELETE | OFFERS_SIDE_BAND | OFFERS_ATOMIC | OFFERS_FORMAT |
		  OFFERS_OPTIONS,
	  true },
	{ "pushing_to_nothing",
	  "# service=git-receive-pack\n0000\n" ONE " capabilities^{}\x1freport-status",
	  OFFERS_REPORT, true },
	{ "version_1",
	  "# service=git-upload-pack\n0000\nversion 1\n" ONE " HEAD\x1fmulti_ack "
	  "object-format=sha256",
	  OFFERS_FORMAT | OFFERS_SHA256, true },
	{ "an_error", "ERR no such thing", 0, false },
	{ "no_capabilities", "# service=git-upload-pack\n0000\n" ONE " HEAD", 0, false },
	{ "nothing", "# service=git-upload-pack\n0000\n0000", 0, true },
};

static void offers(const void *data)
{
	const size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(GByteArray) stream = script(offered[i].rows);
	g_autoptr(OfferReader) reader = offer_reader_new();
	g_autoptr(GError) error = NULL;
	bool is_good = offer_reader_feed(reader, stream->data, stream->len, &error);

	g_assert_cmpint(is_good, ==, offered[i].offers != 0);
	if (!is_good)
		assert_failure(error, FAILURE_NET);
	else
		g_assert_cmphex(reader->offers, ==, offered[i].offers);
	g_assert_cmpint(reader->is_done, ==, offered[i].is_done);
}

static const struct {
	const char *name, *rows;
	const char *head, *branch, *ours; /* ours: upkeepd/x */
	bool is_good, is_done;
} listed[] = {
	{ "a_head_with_its_branch", ONE " HEAD symref-target:refs/heads/main\n0000", ONE, "main",
	  NULL, true, true },
	{ "attributes_in_any_order",
	  ONE " HEAD peeled:" TWO " symref-target:refs/heads/a/b\n" TWO
	      " refs/heads/upkeepd/x\n0000",
	  ONE, "a/b", TWO, true, true },
	{ "others_are_passed_over", ONE " refs/heads/other\n" ONE " refs/tags/upkeepd/x\n0000",
	  NULL, NULL, NULL, true, true },
	{ "nothing", "0000", NULL, NULL, NULL, true, true },
	{ "a_list_cut_off", ONE " HEAD", ONE, NULL, NULL, true, false },
	{ "an_odd_target", ONE " HEAD symref-target:refs/heads/../x\n0000", ONE, NULL, NULL, true,
	  true },
	{ "no_id", "main HEAD\n0000", NULL, NULL, NULL, false, false },
	{ "a_long_id", ONE ONE " HEAD\n0000", NULL, NULL, NULL, false, false },
	{ "an_unborn_head", "unborn HEAD symref-target:refs/heads/main\n0000", NULL, NULL, NULL,
	  false, false },
	{ "no_name", ONE "\n0000", NULL, NULL, NULL, false, false },
	{ "an_error", "ERR upload-pack: not today", NULL, NULL, NULL, false, false },
	{ "more_after_the_end", "0000\n" ONE " HEAD", NULL, NULL, NULL, false, true },
};

static void lists(const void *data)
{
	const size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(GByteArray) stream = script(listed[i].rows);
	g_autoptr(RefQuery) query = ref_query_new();
	g_autoptr(Refs) refs = refs_new();
	g_autoptr(RefReader) reader = ref_reader_new(query, refs);
	g_autoptr(GError) error = NULL;

	g_assert_true(ref_query_add_prefix(query, "upkeepd/", NULL));
	g_assert_cmpint(ref_reader_feed(reader, stream->data, stream->len, &error), ==,
			listed[i].is_good);
	g_assert_cmpint(reader->is_done, ==, listed[i].is_done);
	if (!listed[i].is_good) {
		assert_failure(error, FAILURE_NET);
		return;
	}
	g_assert_cmpstr(refs->head, ==, listed[i].head);
	g_assert_cmpstr(refs->default_branch, ==, listed[i].branch);
	g_assert_cmpstr(g_tree_lookup(refs->tips, "upkeepd/x"), ==, listed[i].ours);
}

static bool keep(void *data, const void *bytes, size_t length, GError **error)
{
	(void)error;
	g_string_append_len(data, bytes, (gssize)length);
	return true;
}

static const struct {
	const char *name, *rows;
	const char *pack; /* NULL: refused */
	bool is_done;
} fetched[] = {
	{ "a_pack",
	  "packfile\n\x01PA\n\x02"
	  "counting\n\x01"
	  "CK\n0000",
	  "PACK", true },
	{ "behind_other_sections",
	  "shallow-info\nshallow " ONE "\n0001\nwanted-refs\n0001\npackfile\n\x01PACK\n0000",
	  "PACK", true },
	{ "cut_off", "packfile\n\x01PA", "PA", false },
	{ "an_error_at_once", "ERR upload-pack: not our ref", NULL, false },
	{ "an_error_within", "packfile\n\x01PA\n\x03out of memory\n0000", NULL, false },
	{ "no_pack_at_all", "0000", NULL, false },
	{ "a_section_without_end", "shallow-info\nshallow " ONE "\n0000", NULL, false },
	{ "an_unknown_band", "packfile\n\x04PA\n0000", NULL, false },
	{ "a_section_after_the_pack", "packfile\n\x01PA\n0001\npackfile", NULL, false },
	{ "more_after_the_end",
	  "packfile\n\x01PA\n0000\n\x01"
	  "CK",
	  NULL, true },
};

static void fetches(const void *data)
{
	const size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(GByteArray) stream = script(fetched[i].rows);
	g_autoptr(GString) pack = g_string_new(NULL);
	g_autoptr(FetchReader) reader = fetch_reader_new(keep, pack);
	g_autoptr(GError) error = NULL;
	bool is_good = fetch_reader_feed(reader, stream->data, stream->len, &error);

	g_assert_cmpint(is_good, ==, fetched[i].pack != NULL);
	g_assert_cmpint(reader->state == FETCH_DONE, ==, fetched[i].is_done);
	if (is_good)
		g_assert_cmpstr(pack->str, ==, fetched[i].pack);
	else
		assert_failure(error, FAILURE_NET);
}

/* Of upkeepd/a and upkeepd/b. */
static const struct {
	const char *name, *rows;
	bool is_good;
	PushResult a, b;
	const char *reason; /* of b */
} reported[] = {
	{ "both", "unpack ok\nok refs/heads/upkeepd/a\nok refs/heads/upkeepd/b\n0000", true,
	  PUSH_OK, PUSH_OK, NULL },
	{ "one", "unpack ok\nng refs/heads/upkeepd/b hook declined\nok refs/heads/upkeepd/a\n0000",
	  true, PUSH_OK, PUSH_UNKNOWN, "hook declined" },
	{ "one_without_a_reason", "unpack ok\nng refs/heads/upkeepd/b\n0000", true, PUSH_UNKNOWN,
	  PUSH_UNKNOWN, "no reason given" },
	{ "silence_on_one", "unpack ok\nok refs/heads/upkeepd/a\n0000", true, PUSH_OK, PUSH_UNKNOWN,
	  NULL },
	{ "options_and_strangers",
	  "unpack ok\nok refs/heads/upkeepd/a\noption refname refs/x\nok refs/heads/main\n"
	  "ng upkeepd/b x\n0000",
	  true, PUSH_OK, PUSH_UNKNOWN, NULL },
	{ "nothing_unpacked", "unpack index-pack failed\nng refs/heads/upkeepd/a x\n0000", false,
	  PUSH_UNKNOWN, PUSH_UNKNOWN, NULL },
	{ "no_word_of_unpacking", "ok refs/heads/upkeepd/a\n0000", false, PUSH_UNKNOWN,
	  PUSH_UNKNOWN, NULL },
	{ "cut_off", "unpack ok\nok refs/heads/upkeepd/a", false, PUSH_OK, PUSH_UNKNOWN, NULL },
	{ "an_error", "ERR no", false, PUSH_UNKNOWN, PUSH_UNKNOWN, NULL },
};

static void check_report(size_t i, bool has_side_band)
{
	g_autoptr(GByteArray) stream = script(reported[i].rows);
	g_autoptr(GPtrArray) updates = push_updates_new();
	g_autoptr(ReportReader) reader = NULL;
	g_autoptr(GError) error = NULL;
	PushUpdate *a = push_update_new("upkeepd/a", NULL, ONE);
	PushUpdate *b = push_update_new("upkeepd/b", NULL, TWO);
	g_autofree char *reason = NULL;
	bool is_good;

	if (has_side_band) {
		/* Cut in the middle of an inner packet, with a hook's words between. */
		g_autoptr(GByteArray) inner = g_steal_pointer(&stream);
		g_autofree char *first = g_strdup_printf("\x01%.*s", 7, (char *)inner->data);
		g_autofree char *last =
			g_strdup_printf("\x01%.*s", (int)inner->len - 7, (char *)inner->data + 7);

		stream = g_byte_array_new();
		pkt_append(stream, "%s", first);
		pkt_append(stream, "\x02no Fridays\n");
		pkt_append(stream, "%s", last);
		pkt_append_flush(stream);
	}
	g_ptr_array_add(updates, a);
	g_ptr_array_add(updates, b);
	reader = report_reader_new(updates, has_side_band);
	is_good = report_reader_feed(reader, stream->data, stream->len, &error) &&
		  report_reader_end(reader, &error);
	g_assert_cmpint(is_good, ==, reported[i].is_good);
	if (!is_good)
		assert_failure(error, FAILURE_NET);
	g_assert_cmpint(a->result, ==, reported[i].a);
	g_assert_cmpint(b->result, ==, reported[i].b);
	if (reported[i].reason != NULL && has_side_band)
		reason = g_strdup_printf("%s: no Fridays\n", reported[i].reason);
	else
		reason = g_strdup(reported[i].reason);
	g_assert_cmpstr(b->reason, ==, reason);
}

static void reports(const void *data)
{
	check_report(GPOINTER_TO_SIZE(data), false);
	check_report(GPOINTER_TO_SIZE(data), true);
}

static void hooks_may_talk_without_end(void)
{
	g_autoptr(GPtrArray) updates = push_updates_new();
	g_autoptr(ReportReader) reader = report_reader_new(updates, true);
	g_autofree char *words = g_strnfill(60000, 'x');
	g_autoptr(GByteArray) stream = g_byte_array_new();

	words[0] = 2;
	pkt_append(stream, "%s", words);
	for (int i = 0; i < 100; i++)
		g_assert_true(report_reader_feed(reader, stream->data, stream->len, NULL));
	g_assert_cmpuint(reader->words->len, <=, 4096);
}

#define ADD_ALL(table, function)                                                         \
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {                               \
		g_autofree char *path =                                                  \
			g_strdup_printf("/git/answers/" #function "/%s", table[i].name); \
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), function);               \
	}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(library_start(NULL));
	ADD_ALL(offered, offers)
	ADD_ALL(listed, lists)
	ADD_ALL(fetched, fetches)
	ADD_ALL(reported, reports)
	g_test_add_func("/git/answers/hooks_may_talk_without_end", hooks_may_talk_without_end);
	return g_test_run();
}
