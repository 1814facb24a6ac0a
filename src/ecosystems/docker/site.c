/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/site.h"

#include <string.h>

const char *site_kind_word(SiteKind kind)
{
	static const char *const words[] = {
		"from", "copy", "mount", "syntax", "onbuild", "image"
	};

	return words[kind];
}

/* Whether some program writes into the text before anybody builds from it. */
static bool is_template(const char *text)
{
	const char *word = text;

	if (strstr(text, "{{") != NULL || strstr(text, "<%") != NULL || strstr(text, "%%") != NULL)
		return true;
	while ((word = strstr(word, "__")) != NULL) {
		const char *end;

		word += strspn(word, "_");
		end = word;
		while (g_ascii_isupper(*end) || g_ascii_isdigit(*end) ||
		       (*end == '_' && end[1] != '_'))
			end++;
		if (end > word && g_str_has_prefix(end, "__"))
			return true;
	}
	return false;
}

/* Whether a part of the reference has no one place: a continuation runs through
 * it, or an operator left of a value what nobody can put back. */
static bool is_split(const Site *site, Span span)
{
	for (uint32_t i = span.from; i < span.to; i++) {
		const Letter *letter = &g_array_index(site->letters, Letter, i);

		if (letter->at >= PLACE_BUILDER || (letter->is_after_cut && i > span.from))
			return true;
	}
	return false;
}

static const char *find_why_not(const Site *site, bool is_unresolved)
{
	if (is_template(site->text))
		return "template";
	if (is_unresolved)
		return "unresolved";
	if (site->reference == NULL)
		return "invalid";
	if (site->reference->tag == NULL && site->reference->digest == NULL)
		return "no-tag";
	if (is_split(site, site->reference->tag_span) ||
	    is_split(site, site->reference->digest_span))
		return "split";
	return NULL;
}

Site *site_new(SiteKind kind, Span word, const char *text, Expansion *expansion)
{
	Site *site = g_new0(Site, 1);

	site->kind = kind;
	site->word = word;
	site->stage = -1;
	site->letters = letters_new();
	for (guint i = 0; i < expansion->letters->len; i++) {
		const Letter *letter = &g_array_index(expansion->letters, Letter, i);

		if (letter->byte != '\0')
			g_array_append_val(site->letters, *letter);
	}
	site->expanded = letters_text(letters_all(site->letters));
	site->text = g_strdup(text != NULL ? text : site->expanded);
	site->reference = reference_parse(site->expanded, NULL);
	site->why_not = find_why_not(site, expansion->is_unresolved);
	expansion_clear(expansion);
	return site;
}

void site_free(Site *site)
{
	if (site == NULL)
		return;
	g_free(site->text);
	g_free(site->expanded);
	g_array_unref(site->letters);
	reference_free(site->reference);
	g_free(site->platform);
	g_free(site->remark);
	g_free(site->service);
	g_free(site->path);
	g_free(site);
}

void sites_locate(const GPtrArray *sites, GBytes *file)
{
	gsize length;
	const char *text = g_bytes_get_data(file, &length);
	uint32_t at = 0, line_start = 0;
	int line = 1;

	for (guint i = 0; i < sites->len; i++) {
		Site *site = g_ptr_array_index(sites, i);

		if (span_length(site->word) == 0)
			continue;
		/* Nearly always in the order of the file: one pass for all. */
		if (site->word.from < at) {
			at = line_start = 0;
			line = 1;
		}
		for (; at < site->word.from && at < length; at++)
			if (text[at] == '\n') {
				line++;
				line_start = at + 1;
			}
		site->line = line;
		site->column = (int)(site->word.from - line_start) + 1;
	}
}

char *site_with(const Site *site, const char *tag, const char *digest)
{
	const Reference *reference = site->reference;
	GString *text = g_string_new_len(site->expanded, reference->name_end);

	if (tag == NULL || reference->tag == NULL)
		tag = reference->tag;
	if (digest == NULL)
		digest = reference->digest;
	if (tag != NULL)
		g_string_append_printf(text, ":%s", tag);
	if (digest != NULL)
		g_string_append_printf(text, "@%s", digest);
	return g_string_free(text, FALSE);
}

/* The segment at the beginning of `text`: a run of digits, a run of letters,
 * or one other byte. */
static size_t segment_length(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && g_ascii_isdigit(text[i]))
		i++;
	if (i > 0)
		return i;
	while (i < length && g_ascii_isalpha(text[i]))
		i++;
	return i > 0 ? i : MIN(length, 1);
}

/* Where the segments of `text` begin, its end last. Of size_t. */
static GArray *segments_of(const char *text, size_t length, bool is_whole)
{
	GArray *starts = g_array_new(FALSE, FALSE, sizeof(size_t));
	size_t i = 0;

	while (i < length) {
		g_array_append_val(starts, i);
		i += is_whole ? length : segment_length(text + i, length - i);
	}
	g_array_append_val(starts, length);
	return starts;
}

typedef struct {
	const char *text;
	GArray *starts; /* of size_t */
} Segments;

static size_t start_of(const Segments *segments, guint i)
{
	return g_array_index(segments->starts, size_t, i);
}

static bool is_same_segment(const Segments *x, guint i, const Segments *y, guint j)
{
	size_t length = start_of(x, i + 1) - start_of(x, i);

	return length == start_of(y, j + 1) - start_of(y, j) &&
	       memcmp(x->text + start_of(x, i), y->text + start_of(y, j), length) == 0;
}

/* One part of a tag, or a digest's hexadecimal digits: what segments of the
 * old text differ from the new ones must be one piece of the file. */
static bool edit_part(Letters letters, const char *old_text, const char *new_text,
		      size_t new_length, bool is_whole, GPtrArray *edits, GError **error)
{
	g_autoptr(GArray) old_starts = segments_of(old_text, letters.length, is_whole);
	g_autoptr(GArray) new_starts = segments_of(new_text, new_length, is_whole);
	const Segments before = { old_text, old_starts }, after = { new_text, new_starts };
	guint old_to = old_starts->len - 1, new_to = new_starts->len - 1, from = 0;
	g_autofree char *text = NULL;
	size_t first, length;
	Span span;

	while (from < old_to && from < new_to && is_same_segment(&before, from, &after, from))
		from++;
	while (old_to > from && new_to > from &&
	       is_same_segment(&before, old_to - 1, &after, new_to - 1)) {
		old_to--;
		new_to--;
	}
	if (from == old_to && from == new_to)
		return true;
	if (letters.length == 0)
		return fail(error, FAILURE_INPUT, "'%s' has no place in the file", new_text);
	/* Something is only added: it goes with a neighbour, which has a place. */
	if (from == old_to && from > 0) {
		from--;
	} else if (from == old_to) {
		old_to++;
		new_to++;
	}
	first = start_of(&before, from);
	length = start_of(&before, old_to) - first;
	if (!letters_span(letters_until(letters_from(letters, first), length), &span))
		return fail(error, FAILURE_INPUT, "'%.*s' does not stand in one place of the file",
			    (int)length, old_text + first);
	text = g_strndup(new_text + start_of(&after, from),
			 start_of(&after, new_to) - start_of(&after, from));
	edits_add(edits, span, text);
	return true;
}

static guint count_parts(const char *text)
{
	guint count = 1;

	for (; *text != '\0'; text++)
		count += *text == '-';
	return count;
}

/* Part by part where both tags have as many, else as one. */
static bool edit_tag(Letters letters, const char *old_tag, const char *new_tag, GPtrArray *edits,
		     GError **error)
{
	bool has_parts = count_parts(old_tag) == count_parts(new_tag);

	for (;;) {
		size_t old_length = has_parts ? strcspn(old_tag, "-") : strlen(old_tag);
		size_t new_length = has_parts ? strcspn(new_tag, "-") : strlen(new_tag);

		if (!edit_part(letters_until(letters, old_length), old_tag, new_tag, new_length,
			       false, edits, error))
			return false;
		if (old_tag[old_length] == '\0')
			return true;
		letters = letters_from(letters, old_length + 1);
		old_tag += old_length + 1;
		new_tag += new_length + 1;
	}
}

/* Only the digits where the algorithm stays: the rest may be literal text. */
static bool edit_digest(Letters letters, const char *old_digest, const char *new_digest,
			GPtrArray *edits, GError **error)
{
	size_t old_algorithm = strcspn(old_digest, ":") + 1;
	size_t new_algorithm = strcspn(new_digest, ":") + 1;

	if (old_algorithm == new_algorithm && memcmp(old_digest, new_digest, old_algorithm) == 0) {
		letters = letters_from(letters, old_algorithm);
		old_digest += old_algorithm;
		new_digest += new_algorithm;
	}
	return edit_part(letters, old_digest, new_digest, strlen(new_digest), true, edits, error);
}

/* Behind the last byte of the reference, wherever that stands. */
static bool add_digest(const Site *site, const char *digest, GPtrArray *edits, GError **error)
{
	const Letter *last = &g_array_index(site->letters, Letter, site->letters->len - 1);
	g_autofree char *text = g_strconcat("@", digest, NULL);

	if (last->at >= PLACE_BUILDER)
		return fail(error, FAILURE_INPUT, "there is no place for a digest");
	edits_add(edits, (Span){ last->at + 1, last->at + 1 }, text);
	return true;
}

bool site_edit(const Site *site, const char *tag, const char *digest, GPtrArray *edits,
	       GError **error)
{
	const Reference *reference = site->reference;
	Letters letters = letters_all(site->letters);
	Span span = reference->tag_span;

	if (tag != NULL && reference->tag != NULL &&
	    !edit_tag(letters_until(letters_from(letters, span.from), span_length(span)),
		      reference->tag, tag, edits, error))
		return false;
	if (digest == NULL)
		return true;
	if (reference->digest == NULL)
		return add_digest(site, digest, edits, error);
	return edit_digest(letters_from(letters, reference->digest_span.from), reference->digest,
			   digest, edits, error);
}
