/* SPDX-License-Identifier: MIT */
/* Whatever a git server answers: the first byte chooses the reader and the size of
 * the pieces. What is read in pieces must be what is read at once. */
#include "git/answers.h"
#include "git/library.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef bool (*Feed)(void *reader, const void *bytes, size_t length, GError **error);

static bool ignore_pack(void *data, const void *bytes, size_t length, GError **error)
{
	(void)bytes;
	(void)error;
	*(size_t *)data += length;
	return true;
}

static bool feed_all(Feed feed, void *reader, const uint8_t *data, size_t size, size_t piece)
{
	for (size_t at = 0; at < size; at += piece)
		if (!feed(reader, data + at, MIN(piece, size - at), NULL))
			return false;
	return true;
}

static unsigned read_offers(const uint8_t *data, size_t size, size_t piece)
{
	g_autoptr(OfferReader) reader = offer_reader_new();
	bool is_good = feed_all((Feed)offer_reader_feed, reader, data, size, piece);

	return is_good ? reader->offers : ~0u;
}

static unsigned read_refs(const uint8_t *data, size_t size, size_t piece)
{
	g_autoptr(RefQuery) query = ref_query_new();
	g_autoptr(Refs) refs = refs_new();
	g_autoptr(RefReader) reader = ref_reader_new(query, refs);
	bool is_good;

	if (!ref_query_add_prefix(query, "a/", NULL))
		abort();
	is_good = feed_all((Feed)ref_reader_feed, reader, data, size, piece);
	return is_good ? (unsigned)g_tree_nnodes(refs->tips) : ~0u;
}

static unsigned read_pack(const uint8_t *data, size_t size, size_t piece)
{
	size_t received = 0;
	g_autoptr(FetchReader) reader = fetch_reader_new(ignore_pack, &received);
	bool is_good = feed_all((Feed)fetch_reader_feed, reader, data, size, piece);

	return is_good ? (unsigned)received : ~0u;
}

static unsigned read_report(const uint8_t *data, size_t size, size_t piece, bool has_side_band)
{
	g_autoptr(GPtrArray) updates = push_updates_new();
	g_autoptr(ReportReader) reader = NULL;
	PushUpdate *update = push_update_new("a", NULL, NULL);
	bool is_good;

	g_ptr_array_add(updates, update);
	reader = report_reader_new(updates, has_side_band);
	is_good = feed_all((Feed)report_reader_feed, reader, data, size, piece) &&
		  report_reader_end(reader, NULL);
	if (update->reason != NULL)
		push_update_judge(update, NULL, update->reason);
	return is_good ? (unsigned)update->result : ~0u;
}

static unsigned read_one(unsigned kind, const uint8_t *data, size_t size, size_t piece)
{
	switch (kind) {
	case 0:
		return read_offers(data, size, piece);
	case 1:
		return read_refs(data, size, piece);
	case 2:
		return read_pack(data, size, piece);
	default:
		return read_report(data, size, piece, kind == 4);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!library_start(NULL))
		abort();
	if (size < 2)
		return 0;
	if (read_one(data[0] % 5, data + 1, size - 1, size) !=
	    read_one(data[0] % 5, data + 1, size - 1, 1 + data[0] / 5))
		abort();
	return 0;
}
