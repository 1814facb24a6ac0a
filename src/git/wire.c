/* SPDX-License-Identifier: MIT */
/* 1. What a server offers is remembered for a day. If it then answers as if it did
 *    not know the question, it is asked anew, once: it may have changed.
 * 2. Objects of an earlier tip are not sent again: `shallow` and `have` name the
 *    commits whose folders are here as a whole, and a thin pack may build on them.
 *    Should the server lose its way over that, the question is put without.
 * 3. Any object may be wanted by its id (upload-pack.c, parse_want), files too.
 */
#include "git/wire.h"

#include "git/answers.h"
#include "git/pack.h"
#include "git/send.h"
#include "upkeepd/limits.h"

#include <string.h>

typedef struct {
	Transport transport; /* first: the two are cast into each other */
	Endpoint *endpoint;  /* borrowed */
} Wire;

bool wire_suffices(unsigned offers)
{
	const unsigned needed = OFFERS_V2 | OFFERS_LS_REFS | OFFERS_SHALLOW;

	return (offers & needed) == needed;
}

static void wire_free(Transport *transport)
{
	objects_free(transport->objects);
	g_free(transport);
}

/* The beginning of every command. */
static GByteArray *command_new(const char *name, unsigned offers)
{
	GByteArray *body = g_byte_array_new();

	pkt_append(body, "command=%s\n", name);
	if (offers & OFFERS_FORMAT)
		pkt_append(body, "object-format=sha1\n");
	pkt_append_delim(body);
	return body;
}

/* Refs. */

static gboolean append_branch(void *branch, void *unused, void *body)
{
	(void)unused;
	pkt_append(body, "ref-prefix refs/heads/%s\n", (const char *)branch);
	return FALSE;
}

/* Of "upkeepd/" also "upkeepd" is wanted, which would stand in the way. */
static gboolean append_prefix(void *prefix, void *unused, void *body)
{
	g_autofree char *folder = g_strdup(prefix);
	size_t length = strlen(folder);

	(void)unused;
	if (folder[length - 1] == '/')
		folder[length - 1] = '\0';
	pkt_append(body, "ref-prefix refs/heads/%s\n", folder);
	return FALSE;
}

static void append_tags(GByteArray *body)
{
	pkt_append(body, "peel\n"); /* with what each leads to */
	pkt_append(body, "ref-prefix refs/tags/\n");
}

static bool take_refs(void *data, const void *bytes, size_t length, GError **error)
{
	return ref_reader_feed(data, bytes, length, error);
}

static bool list_refs(Wire *wire, unsigned offers, const RefQuery *query, Refs *refs,
		      GError **error)
{
	g_autoptr(GByteArray) body = command_new("ls-refs", offers);
	g_autoptr(RefReader) reader = ref_reader_new(query, refs);

	pkt_append(body, "symrefs\n");
	if (query->wants_tags)
		append_tags(body);
	pkt_append(body, "ref-prefix HEAD\n");
	g_tree_foreach(query->branches, append_branch, body);
	g_tree_foreach(query->own, append_branch, body);
	g_tree_foreach(query->prefixes, append_prefix, body);
	if (query->is_everything)
		pkt_append(body, "ref-prefix refs/heads/\n");
	pkt_append_flush(body);
	if (!endpoint_post(wire->endpoint, SERVICE_READ, body, LIMIT_ANSWER, take_refs, reader,
			   error))
		return false;
	return (reader->is_done || fail(error, FAILURE_NET, "the list of branches is cut off")) &&
	       pkt_reader_end(reader->packets, error);
}

static bool wire_learn(Transport *transport, const RefQuery *query, Refs *refs, GError **error)
{
	Wire *wire = (Wire *)transport;
	g_autoptr(GError) first = NULL;
	unsigned offers;

	if (!endpoint_offers(wire->endpoint, SERVICE_READ, &offers, error))
		return false;
	if (list_refs(wire, offers, query, refs, &first))
		return true;
	/* rule 1 */
	if (failure_kind(first) == FAILURE_BUSY || failure_kind(first) == FAILURE_LIMIT ||
	    !endpoint_doubt(wire->endpoint, SERVICE_READ)) {
		g_propagate_error(error, g_steal_pointer(&first));
		return false;
	}
	return endpoint_offers(wire->endpoint, SERVICE_READ, &offers, error) &&
	       list_refs(wire, offers, query, refs, error);
}

/* Objects. */

static bool take_pack(void *data, const void *bytes, size_t length, GError **error)
{
	return pack_receive_piece(data, bytes, length, error);
}

static bool take_fetched(void *data, const void *bytes, size_t length, GError **error)
{
	return fetch_reader_feed(data, bytes, length, error);
}

/* rule 2: a commit may be named as here in full if its folders are, and its files
 * are either here too (tier B) or not wanted. */
static void append_haves(const Wire *wire, GByteArray *body)
{
	const GPtrArray *whole = wire->endpoint->state->whole;

	for (unsigned i = 0; i < whole->len; i++)
		pkt_append(body, "shallow %s\n", (const char *)g_ptr_array_index(whole, i));
	for (unsigned i = 0; i < whole->len; i++)
		pkt_append(body, "have %s\n", (const char *)g_ptr_array_index(whole, i));
	pkt_append(body, "thin-pack\n");
}

static GByteArray *question(const Wire *wire, unsigned offers, const Fetch *fetch, bool has_haves)
{
	GByteArray *body = command_new("fetch", offers);

	pkt_append(body, "ofs-delta\n");
	pkt_append(body, "no-progress\n");
	if (has_haves)
		append_haves(wire, body);
	if (fetch->kind != FETCH_FILES && fetch->depth > 0)
		pkt_append(body, "deepen %u\n", fetch->depth);
	if (fetch->kind == FETCH_TREES && (offers & OFFERS_FILTER))
		pkt_append(body, "filter blob:none\n");
	if (fetch->kind == FETCH_COMMITS && (offers & OFFERS_FILTER))
		pkt_append(body, "filter tree:0\n");
	for (unsigned i = 0; i < fetch->ids->len; i++)
		pkt_append(body, "want %s\n", (const char *)g_ptr_array_index(fetch->ids, i));
	pkt_append(body, "done\n");
	pkt_append_flush(body);
	return body;
}

static bool fetch_once(Wire *wire, const Fetch *fetch, unsigned offers, bool has_haves,
		       GError **error)
{
	g_autoptr(GByteArray) body = question(wire, offers, fetch, has_haves);
	g_autoptr(PackReceiver) receiver = pack_receive(wire->transport.objects, error);
	g_autoptr(FetchReader) reader = NULL;
	size_t max_bytes = LIMIT_PACK;

	if (receiver == NULL)
		return false;
	if (fetch->kind == FETCH_COMMITS && (offers & OFFERS_FILTER) && fetch->depth > 0)
		max_bytes = LIMIT_HISTORY_BYTES;
	reader = fetch_reader_new(take_pack, receiver);
	if (!endpoint_post(wire->endpoint, SERVICE_READ, body, max_bytes, take_fetched, reader,
			   error))
		return false;
	if (reader->state != FETCH_DONE)
		return fail(error, FAILURE_NET, "the pack is cut off");
	return pkt_reader_end(reader->packets, error) && pack_receive_end(receiver, error);
}

static bool wire_fetch(Transport *transport, const Fetch *fetch, GError **error)
{
	Wire *wire = (Wire *)transport;
	State *state = wire->endpoint->state;
	g_autoptr(GError) first = NULL;
	unsigned offers;
	bool has_haves;

	if (!endpoint_offers(wire->endpoint, SERVICE_READ, &offers, error))
		return false;
	/* Commits without folders build on nothing. */
	has_haves = state->whole->len > 0 && !fetch->is_alone &&
		    (fetch->kind == FETCH_TREES ||
		     (fetch->kind == FETCH_COMMITS && !(offers & OFFERS_FILTER)));
	if (fetch_once(wire, fetch, offers, has_haves, &first))
		return true;
	if (has_haves && failure_kind(first) == FAILURE_NET &&
	    fetch_once(wire, fetch, offers, false, NULL)) {
		g_ptr_array_set_size(state->whole, 0);
		return true;
	}
	g_propagate_error(error, g_steal_pointer(&first));
	return false;
}

static void wire_note_whole(Transport *transport, const char *commit)
{
	state_note_whole(((Wire *)transport)->endpoint->state, commit);
}

static bool wire_push(Transport *transport, GPtrArray *updates, bool is_atomic, GError **error)
{
	Wire *wire = (Wire *)transport;

	return send_push(wire->endpoint, transport->objects, updates, is_atomic, error);
}

Transport *wire_open(Endpoint *endpoint, const char *directory, GError **error)
{
	Objects *objects = objects_open(directory, error);
	Wire *wire;

	if (objects == NULL)
		return NULL;
	wire = g_new0(Wire, 1);
	wire->endpoint = endpoint;
	wire->transport.objects = objects;
	wire->transport.learn = wire_learn;
	wire->transport.fetch = wire_fetch;
	wire->transport.note_whole = wire_note_whole;
	wire->transport.push = wire_push;
	wire->transport.free = wire_free;
	return &wire->transport;
}
