/* SPDX-License-Identifier: MIT */
/* What git servers answer over HTTP, read piece by piece.
 *
 * Pure: nothing here knows about HTTP or objects. Every reader takes pieces of
 * any size; what a server says of itself in an ERR packet becomes an error.
 * Errors of all: NET for what is not the protocol, LIMIT.
 * Source: git's gitprotocol-v2(5), gitprotocol-pack(5), gitprotocol-http(5).
 */
#pragma once

#include "git/pktline.h"
#include "git/push.h"
#include "git/refs.h"

/* What a server offers, as bits. */
enum {
	OFFERS_V2 = 1 << 0,      /* of reading: protocol version 2 */
	OFFERS_LS_REFS = 1 << 1, /* v2 */
	OFFERS_SHALLOW = 1 << 2, /* v2 fetch: deepen */
	OFFERS_FILTER = 1 << 3,  /* v2 fetch: filter */
	OFFERS_REPORT = 1 << 4,  /* of writing: report-status */
	OFFERS_ATOMIC = 1 << 5,
	OFFERS_DELETE = 1 << 6,
	OFFERS_SIDE_BAND = 1 << 7,
	OFFERS_FORMAT = 1 << 8,   /* says which kind of object names it has */
	OFFERS_SHA256 = 1 << 9,   /* and it is SHA-256 */
	OFFERS_OPTIONS = 1 << 10, /* push-options */
};

/* The answer to GET …/info/refs?service=git-upload-pack or git-receive-pack. Of a
 * server without version 2 only the first ref is read: it may list thousands. */
typedef struct {
	PktReader *packets;
	unsigned offers;
	bool is_done; /* all that matters has been read */
	bool is_after_service;
} OfferReader;

OfferReader *offer_reader_new(void);
void offer_reader_free(OfferReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfferReader, offer_reader_free)
bool offer_reader_feed(OfferReader *reader, const void *bytes, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The answer to ls-refs. `query` and `refs` are borrowed. */
typedef struct {
	PktReader *packets;
	const RefQuery *query;
	Refs *refs;
	bool is_done;
} RefReader;

RefReader *ref_reader_new(const RefQuery *query, Refs *refs);
void ref_reader_free(RefReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RefReader, ref_reader_free)
bool ref_reader_feed(RefReader *reader, const void *bytes, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The answer to fetch. `take_pack` gets the pack in pieces. */
typedef bool (*PackFunc)(void *data, const void *bytes, size_t length, GError **error);
typedef struct {
	PktReader *packets;
	PackFunc take_pack;
	void *data;
	enum { FETCH_BEGIN, FETCH_OTHER_SECTION, FETCH_PACK, FETCH_DONE } state;
} FetchReader;

FetchReader *fetch_reader_new(PackFunc take_pack, void *data);
void fetch_reader_free(FetchReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FetchReader, fetch_reader_free)
bool fetch_reader_feed(FetchReader *reader, const void *bytes, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The answer to a push. Sets the results of `updates` (of PushUpdate, borrowed):
 * OK, or UNKNOWN with the server's reason, to which is added what its hooks said; to
 * an update with options they say it in any case. */
typedef struct {
	PktReader *packets, *inner; /* inner: what comes in band 1 */
	GPtrArray *updates;
	GString *words; /* of hooks, from band 2; the last few KiB */
	bool has_side_band, is_unpacked, is_done;
} ReportReader;

ReportReader *report_reader_new(GPtrArray *updates, bool has_side_band);
void report_reader_free(ReportReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportReader, report_reader_free)
bool report_reader_feed(ReportReader *reader, const void *bytes, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
/* After the last piece. */
bool report_reader_end(ReportReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;
