/* SPDX-License-Identifier: MIT */
#include "git/send.h"

#include "git/answers.h"
#include "git/pack.h"
#include "git/pktline.h"
#include "upkeepd/limits.h"

#define NOTHING "0000000000000000000000000000000000000000"

/* Only what is offered may be asked for. */
static char *wishes(unsigned offers, bool is_atomic)
{
	return g_strconcat(" report-status", offers & OFFERS_SIDE_BAND ? " side-band-64k" : "",
			   is_atomic ? " atomic" : "",
			   offers & OFFERS_FORMAT ? " object-format=sha1" : "",
			   " agent=upkeepd/" UPKEEPD_VERSION, NULL);
}

/* "OLD NEW NAME", the first with the wishes behind a NUL. */
static void append_command(GByteArray *body, const PushUpdate *update, const char *wished)
{
	g_autofree char *line = g_strdup_printf(
		"%s %s refs/heads/%s", update->expected != NULL ? update->expected : NOTHING,
		update->wanted != NULL ? update->wanted : NOTHING, update->branch);
	g_autoptr(GByteArray) whole = g_byte_array_new();

	g_byte_array_append(whole, (const uint8_t *)line, (guint)strlen(line));
	if (wished != NULL) {
		g_byte_array_append(whole, (const uint8_t *)"", 1);
		g_byte_array_append(whole, (const uint8_t *)wished, (guint)strlen(wished));
	}
	pkt_append_bytes(body, whole->data, whole->len);
}

static GByteArray *body_of(const Objects *objects, const GPtrArray *updates, const char *wished,
			   GError **error)
{
	g_autoptr(GByteArray) body = g_byte_array_new();
	g_autoptr(GPtrArray) commits = g_ptr_array_new(); /* of char *, borrowed */
	g_autoptr(GBytes) pack = NULL;

	for (unsigned i = 0; i < updates->len; i++) {
		const PushUpdate *update = g_ptr_array_index(updates, i);

		append_command(body, update, i == 0 ? wished : NULL);
		if (update->wanted != NULL)
			g_ptr_array_add(commits, update->wanted);
	}
	pkt_append_flush(body);
	if (commits->len == 0) /* nothing but deletions: then no pack may follow */
		return g_steal_pointer(&body);
	pack = pack_new(objects, commits, NULL, error);
	if (pack == NULL)
		return NULL;
	g_byte_array_append(body, g_bytes_get_data(pack, NULL), (guint)g_bytes_get_size(pack));
	return g_steal_pointer(&body);
}

/* Those that the server will not even look at are refused here, in its stead. */
static GPtrArray *possible(GPtrArray *updates, unsigned offers)
{
	GPtrArray *rest = g_ptr_array_new(); /* of PushUpdate, borrowed */

	for (unsigned i = 0; i < updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(updates, i);

		if (update->wanted != NULL || (offers & OFFERS_DELETE))
			g_ptr_array_add(rest, update);
		else
			update->reason = g_strdup("the server does not let branches be deleted");
	}
	return rest;
}

static bool take_report(void *data, const void *bytes, size_t length, GError **error)
{
	return report_reader_feed(data, bytes, length, error);
}

bool send_push(Endpoint *endpoint, const Objects *objects, GPtrArray *updates, bool is_atomic,
	       GError **error)
{
	g_autoptr(ReportReader) reader = NULL;
	g_autoptr(GByteArray) body = NULL;
	g_autoptr(GPtrArray) rest = NULL;
	g_autofree char *wished = NULL;
	unsigned offers;

	if (!endpoint_offers(endpoint, SERVICE_WRITE, &offers, error))
		return false;
	if (!(offers & OFFERS_REPORT) || (is_atomic && !(offers & OFFERS_ATOMIC)))
		return fail(error, FAILURE_CONFIG,
			    "the server cannot report on pushes, or not do all at once");
	rest = possible(updates, offers);
	if (rest->len == 0 || (is_atomic && rest->len < updates->len))
		return true;
	wished = wishes(offers, is_atomic);
	body = body_of(objects, rest, wished, error);
	if (body == NULL)
		return false;
	reader = report_reader_new(rest, offers & OFFERS_SIDE_BAND);
	if (endpoint_post(endpoint, SERVICE_WRITE, body, LIMIT_ANSWER, take_report, reader,
			  error) &&
	    report_reader_end(reader, error))
		return true;
	endpoint_doubt(endpoint, SERVICE_WRITE);
	return false;
}
