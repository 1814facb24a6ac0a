/* SPDX-License-Identifier: MIT */
#include "git/pktline.h"

#include <string.h>

#define HEADER  4
#define LONGEST 65520 /* LARGE_PACKET_MAX of git's pkt-line.h, with the header */

void pkt_append_bytes(GByteArray *out, const void *bytes, size_t length)
{
	char header[HEADER + 1];

	g_return_if_fail(length <= LONGEST - HEADER);
	g_snprintf(header, sizeof(header), "%04x", (unsigned)length + HEADER);
	g_byte_array_append(out, (const uint8_t *)header, HEADER);
	g_byte_array_append(out, bytes, (guint)length);
}

void pkt_append(GByteArray *out, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	pkt_append_bytes(out, text, strlen(text));
}

void pkt_append_flush(GByteArray *out)
{
	g_byte_array_append(out, (const uint8_t *)"0000", HEADER);
}

void pkt_append_delim(GByteArray *out)
{
	g_byte_array_append(out, (const uint8_t *)"0001", HEADER);
}

PktReader *pkt_reader_new(PktFunc take, void *data)
{
	PktReader *reader = g_new0(PktReader, 1);

	reader->take = take;
	reader->data = data;
	reader->rest = g_byte_array_new();
	return reader;
}

void pkt_reader_free(PktReader *reader)
{
	if (reader == NULL)
		return;
	g_byte_array_unref(reader->rest);
	g_free(reader);
}

/* How long the packet is that begins here, header included. */
static bool read_length(const uint8_t *header, size_t *length, GError **error)
{
	*length = 0;
	for (int i = 0; i < HEADER; i++) {
		int digit = g_ascii_xdigit_value((char)header[i]);

		if (digit < 0)
			return fail(error, FAILURE_NET, "the answer is not in git's protocol");
		*length = *length * 16 + (size_t)digit;
	}
	if (*length == 3 || *length > LONGEST)
		return fail(error, FAILURE_NET, "a packet claims %zu bytes", *length);
	return true;
}

/* Hands on the packet at `bytes`, which is whole. */
static bool hand_on(PktReader *reader, const uint8_t *bytes, size_t length, GError **error)
{
	static const PktKind special[] = { PKT_FLUSH, PKT_DELIM, PKT_END };

	if (length < G_N_ELEMENTS(special))
		return reader->take(reader->data, special[length], "", 0, error);
	return reader->take(reader->data, PKT_LINE, (const char *)bytes + HEADER, length - HEADER,
			    error);
}

bool pkt_reader_feed(PktReader *reader, const void *bytes, size_t length, GError **error)
{
	const uint8_t *p = bytes, *end = p + length;

	while (p < end) {
		GByteArray *rest = reader->rest;
		size_t missing = rest->len < HEADER ? HEADER - rest->len : 0, whole;

		/* First the header, then what it announces. */
		missing = MIN(missing, (size_t)(end - p));
		g_byte_array_append(rest, p, (guint)missing);
		p += missing;
		if (rest->len < HEADER)
			return true;
		if (!read_length(rest->data, &whole, error))
			return false;
		if (rest->len == HEADER && whole > HEADER && (size_t)(end - p) >= whole - HEADER) {
			/* The usual case, without copying. */
			if (!reader->take(reader->data, PKT_LINE, (const char *)p, whole - HEADER,
					  error))
				return false;
			p += whole - HEADER;
			g_byte_array_set_size(rest, 0);
			continue;
		}
		if (whole > rest->len) {
			missing = MIN(whole - rest->len, (size_t)(end - p));
			g_byte_array_append(rest, p, (guint)missing);
			p += missing;
		}
		if (rest->len < whole)
			return true;
		if (!hand_on(reader, rest->data, whole, error))
			return false;
		g_byte_array_set_size(rest, 0);
	}
	return true;
}

bool pkt_reader_end(const PktReader *reader, GError **error)
{
	if (reader->rest->len > 0)
		return fail(error, FAILURE_NET, "the answer ends within a packet");
	return true;
}
