/* SPDX-License-Identifier: MIT */
#include "git/send.h"

#include "git/answers.h"
#include "git/pack.h"
#include "git/pktline.h"
#include "upkeepd/limits.h"

#define NOTHING "0000000000000000000000000000000000000000"

/* Only what is offered may be asked for. */
static char *wishes(unsigned offers, bool is_atomic, bool has_options)
{
	return g_strconcat(" report-status", offers & OFFERS_SIDE_BAND ? " side-band-64k" : "",
			   is_atomic ? " atomic" : "", has_options ? " push-options" : "",
			   offers & OFFERS_FORMAT ? " object-format=sha1" : "",
			   " agent=upkeepd/" UPKEEPD_VERSION, NULL);
}

/* "OLD NEW NAME", the first with the wishes behind a NUL. */
static void append_command(GByteArray *body, const PushUpdate *update, const char *wished)
{
	g_autofree char *ref = push_update_ref(update);
	g_autofree char *line =
		g_strdup_printf("%s %s %s", update->expected != NULL ? update->expected : NOTHING,
				update->wanted != NULL ? update->wanted : NOTHING, ref);
	g_autoptr(GByteArray) whole = g_byte_array_new();

	g_byte_array_append(whole, (const uint8_t *)line, (guint)strlen(line));
	if (wished != NULL) {
		g_byte_array_append(whole, (const uint8_t *)"", 1);
		g_byte_array_append(whole, (const uint8_t *)wished, (guint)strlen(wished));
	}
	pkt_append_bytes(body, whole->data, whole->len);
}

/* Options are the whole push's, so that an update with some comes alone. */
static const GPtrArray *options_of(const GPtrArray *updates)
{
	const PushUpdate *first = g_ptr_array_index(updates, 0);

	return first->are_options_lost ? NULL : first->options;
}

static void append_options(GByteArray *body, const GPtrArray *options)
{
	for (unsigned i = 0; i < options->len; i++) {
		const char *option = g_ptr_array_index(options, i);

		pkt_append_bytes(body, (const uint8_t *)option, strlen(option));
	}
	pkt_append_flush(body);
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
	if (options_of(updates) != NULL)
		append_options(body, options_of(updates));
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

		if (update->wanted == NULL && !(offers & OFFERS_DELETE))
			update->reason = g_strdup("the server does not let branches be deleted");
		else if (update->ref != NULL && !(offers & OFFERS_OPTIONS))
			update->reason = g_strdup("the server takes no push options");
		else
			g_ptr_array_add(rest, update);
	}
	return rest;
}

static bool take_report(void *data, const void *bytes, size_t length, GError **error)
{
	return report_reader_feed(data, bytes, length, error);
}

/* One request. */
static bool send(Endpoint *endpoint, const Objects *objects, GPtrArray *updates, unsigned offers,
		 bool is_atomic, GError **error)
{
	g_autofree char *wished = wishes(offers, is_atomic, options_of(updates) != NULL);
	g_autoptr(GByteArray) body = body_of(objects, updates, wished, error);
	g_autoptr(ReportReader) reader = NULL;

	if (body == NULL)
		return false;
	reader = report_reader_new(updates, offers & OFFERS_SIDE_BAND);
	if (endpoint_post(endpoint, SERVICE_WRITE, body, LIMIT_ANSWER, take_report, reader,
			  error) &&
	    report_reader_end(reader, error))
		return true;
	endpoint_doubt(endpoint, SERVICE_WRITE);
	return false;
}

/* Sends those with options one by one and takes them out of `updates`, whose rest is
 * theirs to follow: a branch goes only when what takes its place has come. */
static bool send_with_options(Endpoint *endpoint, const Objects *objects, GPtrArray *updates,
			      unsigned offers, GError **error)
{
	for (unsigned i = 0; i < updates->len;) {
		PushUpdate *update = g_ptr_array_index(updates, i);
		g_autoptr(GPtrArray) one = NULL;

		if (update->options == NULL) {
			i++;
			continue;
		}
		update->are_options_lost = (offers & OFFERS_OPTIONS) == 0;
		one = g_ptr_array_new();
		g_ptr_array_add(one, g_ptr_array_remove_index(updates, i));
		if (!send(endpoint, objects, one, offers, false, error))
			return false;
	}
	return true;
}

static bool has_options(const GPtrArray *updates)
{
	for (unsigned i = 0; i < updates->len; i++)
		if (((const PushUpdate *)g_ptr_array_index(updates, i))->options != NULL)
			return true;
	return false;
}

bool send_push(Endpoint *endpoint, const Objects *objects, GPtrArray *updates, bool is_atomic,
	       GError **error)
{
	g_autoptr(GPtrArray) rest = NULL;
	unsigned offers;

	if (!endpoint_offers(endpoint, SERVICE_WRITE, &offers, error))
		return false;
	/* What is remembered may be of before an administrator allowed them. */
	if (has_options(updates) && !(offers & OFFERS_OPTIONS) &&
	    endpoint_doubt(endpoint, SERVICE_WRITE) &&
	    !endpoint_offers(endpoint, SERVICE_WRITE, &offers, error))
		return false;
	if (!(offers & OFFERS_REPORT) || (is_atomic && !(offers & OFFERS_ATOMIC)))
		return fail(error, FAILURE_CONFIG,
			    "the server cannot report on pushes, or not do all at once");
	rest = possible(updates, offers);
	if (rest->len == 0 || (is_atomic && rest->len < updates->len))
		return true;
	if (!is_atomic && !send_with_options(endpoint, objects, rest, offers, error))
		return false;
	return rest->len == 0 || send(endpoint, objects, rest, offers, is_atomic, error);
}
