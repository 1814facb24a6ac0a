/* SPDX-License-Identifier: MIT */
/* git's pkt-lines: four hex digits that count themselves and what follows.
 *
 * Pure: bytes in, packets out. Source: git's gitprotocol-common(5) and
 * gitprotocol-v2(5).
 */
#pragma once

#include "upkeepd/fail.h"

typedef enum {
	PKT_LINE,
	PKT_FLUSH, /* 0000: the end of a message */
	PKT_DELIM, /* 0001: between its sections */
	PKT_END,   /* 0002: the end of an answer */
} PktKind;

/* Appends one packet. A line has at most 65,516 bytes and carries its own "\n". */
void pkt_append(GByteArray *out, const char *format, ...) G_GNUC_PRINTF(2, 3);
void pkt_append_bytes(GByteArray *out, const void *bytes, size_t length);
void pkt_append_flush(GByteArray *out);
void pkt_append_delim(GByteArray *out);

/* Takes one packet; `bytes` are valid for the call and not NUL-terminated. */
typedef bool (*PktFunc)(void *data, PktKind kind, const char *bytes, size_t length, GError **error);

/* Cuts a stream that comes in pieces of any size into packets. */
typedef struct {
	PktFunc take;
	void *data;
	GByteArray *rest; /* the beginning of a packet; never more than one */
} PktReader;

PktReader *pkt_reader_new(PktFunc take, void *data);
void pkt_reader_free(PktReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PktReader, pkt_reader_free)

/* Errors: NET for what is no packet; what `take` fails with. */
bool pkt_reader_feed(PktReader *reader, const void *bytes, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* After the last piece. Errors: NET if the stream ended within a packet. */
bool pkt_reader_end(const PktReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;
