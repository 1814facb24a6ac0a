/* SPDX-License-Identifier: MIT */
#include "git/answers.h"

#include "git/objects.h"

#include <string.h>

/* What hooks say is for people: more of it than this is not read by any. */
#define LIMIT_WORDS 4096

/* The packet as a line, without its "\n"; what stands behind a NUL is lost. */
static char *line_of(const char *bytes, size_t length)
{
	if (length > 0 && bytes[length - 1] == '\n')
		length--;
	return g_strndup(bytes, length);
}

/* Whether the line says what went wrong; then the error is set. */
static bool is_error(const char *line, GError **error)
{
	if (!g_str_has_prefix(line, "ERR "))
		return false;
	fail(error, FAILURE_NET, "the server says: %.500s", line + strlen("ERR "));
	return true;
}

static bool is_unexpected(GError **error)
{
	return fail(error, FAILURE_NET, "the answer is not in git's protocol");
}

/* Offers. */

static const struct {
	const char *word;
	unsigned bit;
} write_words[] = {
	{ "report-status", OFFERS_REPORT }, { "atomic", OFFERS_ATOMIC },
	{ "delete-refs", OFFERS_DELETE },   { "side-band-64k", OFFERS_SIDE_BAND },
	{ "push-options", OFFERS_OPTIONS },
};

static unsigned offers_of_format(const char *value)
{
	return OFFERS_FORMAT | (strcmp(value, "sha256") == 0 ? OFFERS_SHA256 : 0);
}

/* Words with blanks between, behind the first ref of versions 0 and 1. */
static unsigned offers_of_words(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	unsigned offers = 0;

	for (char **word = words; *word != NULL; word++) {
		for (size_t i = 0; i < G_N_ELEMENTS(write_words); i++)
			if (strcmp(*word, write_words[i].word) == 0)
				offers |= write_words[i].bit;
		if (g_str_has_prefix(*word, "object-format="))
			offers |= offers_of_format(strchr(*word, '=') + 1);
	}
	return offers;
}

/* One line of version 2: "name" or "name=values". */
static unsigned offers_of_line(const char *line)
{
	const char *values = strchr(line, '=');

	if (g_str_has_prefix(line, "object-format=") && values != NULL)
		return offers_of_format(values + 1);
	if (strcmp(line, "ls-refs") == 0 || g_str_has_prefix(line, "ls-refs="))
		return OFFERS_LS_REFS;
	if (g_str_has_prefix(line, "fetch=") && values != NULL) {
		g_auto(GStrv) words = g_strsplit(values + 1, " ", -1);

		return (g_strv_contains((const char *const *)words, "shallow") ? OFFERS_SHALLOW
									       : 0) |
		       (g_strv_contains((const char *const *)words, "filter") ? OFFERS_FILTER : 0);
	}
	return 0;
}

static bool take_offer(void *data, PktKind kind, const char *bytes, size_t length, GError **error)
{
	OfferReader *reader = data;
	g_autofree char *line = line_of(bytes, length);
	const char *words = length > 0 ? memchr(bytes, '\0', length) : NULL;

	if (reader->is_done)
		return true;
	if (kind == PKT_FLUSH && !reader->is_after_service) {
		reader->is_after_service = true;
		return true;
	}
	if (kind != PKT_LINE) {
		reader->is_done = true;
		return (reader->offers & OFFERS_V2) || is_unexpected(error);
	}
	if (is_error(line, error))
		return false;
	if (g_str_has_prefix(line, "# service=") || strcmp(line, "version 1") == 0)
		return true;
	reader->is_after_service = true;
	if (strcmp(line, "version 2") == 0) {
		reader->offers |= OFFERS_V2;
	} else if (reader->offers & OFFERS_V2) {
		reader->offers |= offers_of_line(line);
	} else if (words != NULL) {
		g_autofree char *text = line_of(words + 1, length - (size_t)(words + 1 - bytes));

		reader->offers |= offers_of_words(text);
		reader->is_done = true;
	} else {
		return is_unexpected(error);
	}
	return true;
}

OfferReader *offer_reader_new(void)
{
	OfferReader *reader = g_new0(OfferReader, 1);

	reader->packets = pkt_reader_new(take_offer, reader);
	return reader;
}

void offer_reader_free(OfferReader *reader)
{
	if (reader == NULL)
		return;
	pkt_reader_free(reader->packets);
	g_free(reader);
}

bool offer_reader_feed(OfferReader *reader, const void *bytes, size_t length, GError **error)
{
	return pkt_reader_feed(reader->packets, bytes, length, error);
}

/* Refs. */

/* "ID NAME symref-target:NAME peeled:ID". */
static bool take_ref(void *data, PktKind kind, const char *bytes, size_t length, GError **error)
{
	RefReader *reader = data;
	g_autofree char *line = line_of(bytes, length);
	g_auto(GStrv) words = NULL;
	const char *target = NULL, *id;

	if (reader->is_done)
		return kind != PKT_LINE || is_unexpected(error);
	if (kind != PKT_LINE) {
		reader->is_done = true;
		return kind == PKT_FLUSH || is_unexpected(error);
	}
	if (is_error(line, error))
		return false;
	words = g_strsplit(line, " ", 8);
	if (words[0] == NULL || words[1] == NULL || !objects_is_id(words[0]))
		return is_unexpected(error);
	id = words[0];
	for (char **word = words + 2; *word != NULL; word++) {
		if (g_str_has_prefix(*word, "symref-target:"))
			target = *word + strlen("symref-target:");
		else if (g_str_has_prefix(*word, "peeled:") &&
			 g_str_has_prefix(words[1], "refs/tags/"))
			id = *word + strlen("peeled:");
	}
	return objects_is_id(id)
		       ? refs_note(reader->refs, reader->query, words[1], id, target, error)
		       : is_unexpected(error);
}

RefReader *ref_reader_new(const RefQuery *query, Refs *refs)
{
	RefReader *reader = g_new0(RefReader, 1);

	reader->packets = pkt_reader_new(take_ref, reader);
	reader->query = query;
	reader->refs = refs;
	return reader;
}

void ref_reader_free(RefReader *reader)
{
	if (reader == NULL)
		return;
	pkt_reader_free(reader->packets);
	g_free(reader);
}

bool ref_reader_feed(RefReader *reader, const void *bytes, size_t length, GError **error)
{
	return pkt_reader_feed(reader->packets, bytes, length, error);
}

/* Fetches. */

/* A side band's packet: its first byte says what the rest is. */
static bool take_band(FetchReader *reader, const char *bytes, size_t length, GError **error)
{
	g_autofree char *text = NULL;

	if (length == 0)
		return is_unexpected(error);
	switch (bytes[0]) {
	case 1:
		return reader->take_pack(reader->data, bytes + 1, length - 1, error);
	case 2: /* progress, though it was not wanted */
		return true;
	case 3:
		text = line_of(bytes + 1, length - 1);
		return fail(error, FAILURE_NET, "the server says: %.500s", text);
	default:
		return is_unexpected(error);
	}
}

static bool take_fetched(void *data, PktKind kind, const char *bytes, size_t length, GError **error)
{
	FetchReader *reader = data;
	g_autofree char *line = NULL;

	switch (reader->state) {
	case FETCH_BEGIN:
		line = line_of(bytes, length);
		if (kind != PKT_LINE)
			return fail(error, FAILURE_NET, "the server sends no pack");
		if (is_error(line, error))
			return false;
		reader->state = strcmp(line, "packfile") == 0 ? FETCH_PACK : FETCH_OTHER_SECTION;
		return true;
	case FETCH_OTHER_SECTION: /* shallow-info: what we asked for ends where it does */
		if (kind == PKT_DELIM)
			reader->state = FETCH_BEGIN;
		return kind == PKT_LINE || kind == PKT_DELIM || is_unexpected(error);
	case FETCH_PACK:
		if (kind == PKT_FLUSH)
			reader->state = FETCH_DONE;
		else if (kind == PKT_LINE)
			return take_band(reader, bytes, length, error);
		return kind == PKT_FLUSH || is_unexpected(error);
	case FETCH_DONE:
	default:
		return kind == PKT_END || is_unexpected(error);
	}
}

FetchReader *fetch_reader_new(PackFunc take_pack, void *data)
{
	FetchReader *reader = g_new0(FetchReader, 1);

	reader->packets = pkt_reader_new(take_fetched, reader);
	reader->take_pack = take_pack;
	reader->data = data;
	return reader;
}

void fetch_reader_free(FetchReader *reader)
{
	if (reader == NULL)
		return;
	pkt_reader_free(reader->packets);
	g_free(reader);
}

bool fetch_reader_feed(FetchReader *reader, const void *bytes, size_t length, GError **error)
{
	return pkt_reader_feed(reader->packets, bytes, length, error);
}

/* Reports. */

static PushUpdate *find_update(const ReportReader *reader, const char *ref)
{
	for (unsigned i = 0; i < reader->updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(reader->updates, i);

		if (push_update_is_to(update, ref))
			return update;
	}
	return NULL;
}

/* "unpack ok", "ok NAME", "ng NAME REASON". */
static bool take_report(void *data, PktKind kind, const char *bytes, size_t length, GError **error)
{
	ReportReader *reader = data;
	g_autofree char *line = line_of(bytes, length);
	g_auto(GStrv) words = g_strsplit(line, " ", 3);
	PushUpdate *update;

	if (kind != PKT_LINE) {
		reader->is_done = kind == PKT_FLUSH;
		return reader->is_done || is_unexpected(error);
	}
	if (is_error(line, error))
		return false;
	if (g_str_has_prefix(line, "unpack ")) {
		reader->is_unpacked = true;
		return strcmp(line, "unpack ok") == 0 ||
		       fail(error, FAILURE_NET, "the server could not unpack: %.500s", words[1]);
	}
	if (!reader->is_unpacked || words[0] == NULL || words[1] == NULL)
		return is_unexpected(error);
	update = find_update(reader, words[1]);
	if (update != NULL && strcmp(words[0], "ok") == 0) {
		update->result = PUSH_OK;
	} else if (update != NULL && strcmp(words[0], "ng") == 0) {
		g_free(update->reason);
		update->reason = g_strdup(words[2] != NULL ? words[2] : "no reason given");
	}
	return true; /* "option" lines and others' refs mean nothing to us */
}

static bool take_report_band(void *data, PktKind kind, const char *bytes, size_t length,
			     GError **error)
{
	ReportReader *reader = data;
	g_autofree char *text = NULL;

	if (kind == PKT_FLUSH)
		return true;
	if (kind != PKT_LINE || length == 0)
		return is_unexpected(error);
	text = line_of(bytes, length);
	if (is_error(text, error))
		return false;
	if (bytes[0] == 1)
		return pkt_reader_feed(reader->inner, bytes + 1, length - 1, error);
	if (bytes[0] == 3)
		return fail(error, FAILURE_NET, "the server says: %.500s", text + 1);
	if (bytes[0] != 2)
		return is_unexpected(error);
	g_string_append_len(reader->words, bytes + 1, (gssize)(length - 1));
	if (reader->words->len > LIMIT_WORDS)
		g_string_erase(reader->words, 0, (gssize)(reader->words->len - LIMIT_WORDS));
	return true;
}

ReportReader *report_reader_new(GPtrArray *updates, bool has_side_band)
{
	ReportReader *reader = g_new0(ReportReader, 1);

	reader->inner = pkt_reader_new(take_report, reader);
	reader->packets = pkt_reader_new(has_side_band ? take_report_band : take_report, reader);
	reader->updates = updates;
	reader->words = g_string_new(NULL);
	reader->has_side_band = has_side_band;
	return reader;
}

void report_reader_free(ReportReader *reader)
{
	if (reader == NULL)
		return;
	pkt_reader_free(reader->packets);
	pkt_reader_free(reader->inner);
	g_string_free(reader->words, TRUE);
	g_free(reader);
}

bool report_reader_feed(ReportReader *reader, const void *bytes, size_t length, GError **error)
{
	return pkt_reader_feed(reader->packets, bytes, length, error);
}

bool report_reader_end(ReportReader *reader, GError **error)
{
	if (!reader->is_done)
		return fail(error, FAILURE_NET, "the server does not say what became of the push");
	for (unsigned i = 0; i < reader->updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(reader->updates, i);
		g_autofree char *reason = g_steal_pointer(&update->reason);

		if (reason != NULL && reader->words->len > 0)
			update->reason = g_strdup_printf("%s: %s", reason, reader->words->str);
		else
			update->reason = g_steal_pointer(&reason);
		if (update->result == PUSH_OK && update->options != NULL &&
		    reader->words->len > 0) {
			g_free(update->said);
			update->said = g_strdup(reader->words->str);
		}
	}
	return true;
}
