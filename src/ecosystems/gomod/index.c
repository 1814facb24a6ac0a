/* SPDX-License-Identifier: MIT */
/* The block, all numbers of 32 bits in the machine's order (the cache is not
 * carried from machine to machine):
 *
 *     Header
 *     Folder[n_folders]	sorted by name
 *     word[n_references]	the imports of one folder after the other
 *     offset[n_words]		into the text; sorted by what stands there
 *     text			NUL-terminated words; the last byte is a NUL
 *
 * The header holds the SHA-256 of all that follows it. Even so every number is
 * checked once when a block is opened, so that reading needs no checks.
 */
#include "ecosystems/gomod/index.h"

#include "base/crypto.h"
#include "base/text.h"
#include "ecosystems/gomod/imports.h"

#include <string.h>

/* Change the digit with the layout, or with what the reader of imports makes of
 * the same file. */
#define MAGIC "upkeepd index 3\n"

/* "h1:", 44 digits of Base64, and the NUL. */
#define SUM_SIZE 48

typedef struct {
	char magic[16];
	uint8_t digest[32];
	char sum[SUM_SIZE];
	uint32_t n_folders, n_references, n_words, text_length;
} Header;

typedef struct {
	uint32_t name;  /* number of a word */
	uint32_t first; /* of its imports; those of tests follow */
	uint32_t n_imports, n_tests;
	uint32_t has_source; /* 0 or 1 */
} Folder;

struct PackageIndex {
	GBytes *bytes;
	const Header *header;
	const Folder *folders;
	const uint32_t *references, *offsets;
	const char *text;
};

/* What is being gathered of one folder. */
typedef struct {
	GTree *imports, *tests; /* sets of char * */
	bool has_source;
} Draft;

struct IndexBuilder {
	GTree *folders; /* char * to Draft */
};

static GTree *set_new(void)
{
	return g_tree_new_full(text_compare, NULL, g_free, NULL);
}

static void draft_free(void *data)
{
	Draft *draft = data;

	g_tree_unref(draft->imports);
	g_tree_unref(draft->tests);
	g_free(draft);
}

IndexBuilder *index_builder_new(void)
{
	IndexBuilder *builder = g_new0(IndexBuilder, 1);

	builder->folders = g_tree_new_full(text_compare, NULL, g_free, draft_free);
	return builder;
}

void index_builder_free(IndexBuilder *builder)
{
	if (builder == NULL)
		return;
	g_tree_unref(builder->folders);
	g_free(builder);
}

void index_builder_add(IndexBuilder *builder, const char *folder, const char *name,
		       const char *text, size_t length)
{
	Draft *draft = g_tree_lookup(builder->folders, folder);
	g_autoptr(Imports) imports = NULL;
	GTree *set;

	if (draft == NULL) {
		draft = g_new0(Draft, 1);
		draft->imports = set_new();
		draft->tests = set_new();
		g_tree_insert(builder->folders, g_strdup(folder), draft);
	}
	if (!imports_is_read(name))
		return;
	imports = imports_read(text, length, false);
	if (imports->is_source)
		draft->has_source = true;
	set = imports_is_test(name) ? draft->tests : draft->imports;
	for (guint i = 0; i < imports->imports->len; i++)
		g_tree_insert(set, g_strdup(imports->imports->pdata[i]), NULL);
}

/* The block on its way. */
typedef struct {
	GTree *set;       /* every word, borrowed */
	GPtrArray *words; /* the same, numbered */
	GArray *folders, *references, *offsets;
	GByteArray *text;
} Layout;

static gboolean gather_word(void *word, void *unused G_GNUC_UNUSED, void *layout)
{
	g_tree_insert(((Layout *)layout)->set, word, NULL);
	return FALSE;
}

static gboolean gather_words(void *name, void *draft, void *layout)
{
	gather_word(name, NULL, layout);
	g_tree_foreach(((Draft *)draft)->imports, gather_word, layout);
	g_tree_foreach(((Draft *)draft)->tests, gather_word, layout);
	return FALSE;
}

static gboolean append_word(void *word, void *unused G_GNUC_UNUSED, void *data)
{
	Layout *layout = data;
	uint32_t at = layout->text->len;

	g_ptr_array_add(layout->words, word);
	g_array_append_val(layout->offsets, at);
	g_byte_array_append(layout->text, word, (guint)strlen(word) + 1);
	return FALSE;
}

static gboolean append_reference(void *word, void *unused G_GNUC_UNUSED, void *data)
{
	Layout *layout = data;
	uint32_t number = text_position(layout->words, word);

	g_array_append_val(layout->references, number);
	return FALSE;
}

static gboolean append_folder(void *name, void *data, void *user)
{
	Layout *layout = user;
	Draft *draft = data;
	Folder folder = {
		.name = text_position(layout->words, name),
		.first = layout->references->len,
		.n_imports = (uint32_t)g_tree_nnodes(draft->imports),
		.n_tests = (uint32_t)g_tree_nnodes(draft->tests),
		.has_source = draft->has_source ? 1 : 0,
	};

	g_tree_foreach(draft->imports, append_reference, layout);
	g_tree_foreach(draft->tests, append_reference, layout);
	g_array_append_val(layout->folders, folder);
	return FALSE;
}

static void append_array(GByteArray *block, const GArray *array)
{
	g_byte_array_append(block, (const guint8 *)array->data,
			    array->len * g_array_get_element_size((GArray *)array));
}

static GBytes *block_of(const Layout *layout, const char *sum)
{
	GByteArray *block = g_byte_array_new();
	Header header = {
		.magic = MAGIC,
		.n_folders = layout->folders->len,
		.n_references = layout->references->len,
		.n_words = layout->offsets->len,
		.text_length = layout->text->len,
	};
	uint8_t *digest;

	g_strlcpy(header.sum, sum, sizeof header.sum);
	g_byte_array_append(block, (const guint8 *)&header, sizeof header);
	append_array(block, layout->folders);
	append_array(block, layout->references);
	append_array(block, layout->offsets);
	g_byte_array_append(block, layout->text->data, layout->text->len);
	digest = block->data + offsetof(Header, digest);
	sha256(digest + 32, block->len - offsetof(Header, sum), digest);
	return g_byte_array_free_to_bytes(block);
}

PackageIndex *index_builder_finish(IndexBuilder *builder, const char *sum)
{
	Layout layout = {
		.set = g_tree_new_full(text_compare, NULL, NULL, NULL),
		.words = g_ptr_array_new(),
		.folders = g_array_new(FALSE, FALSE, sizeof(Folder)),
		.references = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
		.offsets = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
		.text = g_byte_array_new(),
	};
	g_autoptr(GBytes) block = NULL;

	g_tree_foreach(builder->folders, gather_words, &layout);
	g_tree_foreach(layout.set, append_word, &layout);
	g_tree_foreach(builder->folders, append_folder, &layout);
	block = block_of(&layout, sum);
	g_tree_unref(layout.set);
	g_ptr_array_unref(layout.words);
	g_array_unref(layout.folders);
	g_array_unref(layout.references);
	g_array_unref(layout.offsets);
	g_byte_array_unref(layout.text);
	return index_of_bytes(block);
}

/* Whether every number leads to where it should. */
static bool is_sound(const PackageIndex *index)
{
	const Header *header = index->header;

	if (header->sum[SUM_SIZE - 1] != '\0' ||
	    (header->text_length > 0 && index->text[header->text_length - 1] != '\0'))
		return false;
	for (uint32_t i = 0; i < header->n_words; i++)
		if (index->offsets[i] >= header->text_length)
			return false;
	for (uint32_t i = 0; i < header->n_references; i++)
		if (index->references[i] >= header->n_words)
			return false;
	for (uint32_t i = 0; i < header->n_folders; i++) {
		const Folder *folder = &index->folders[i];

		if (folder->name >= header->n_words ||
		    (uint64_t)folder->first + folder->n_imports + folder->n_tests >
			    header->n_references)
			return false;
	}
	return true;
}

PackageIndex *index_of_bytes(GBytes *bytes)
{
	gsize length;
	const uint8_t *block = g_bytes_get_data(bytes, &length);
	const Header *header = (const void *)block;
	g_autoptr(PackageIndex) index = NULL;
	uint8_t digest[32];
	uint64_t expected;

	if (length < sizeof(Header) || memcmp(header->magic, MAGIC, sizeof header->magic) != 0)
		return NULL;
	expected = sizeof(Header) + (uint64_t)header->n_folders * sizeof(Folder) +
		   ((uint64_t)header->n_references + header->n_words) * sizeof(uint32_t) +
		   header->text_length;
	if (length != expected)
		return NULL;
	sha256(block + offsetof(Header, sum), length - offsetof(Header, sum), digest);
	if (memcmp(digest, header->digest, sizeof digest) != 0)
		return NULL;
	index = g_new0(PackageIndex, 1);
	index->bytes = g_bytes_ref(bytes);
	index->header = header;
	index->folders = (const void *)(block + sizeof(Header));
	index->references = (const void *)(index->folders + header->n_folders);
	index->offsets = index->references + header->n_references;
	index->text = (const void *)(index->offsets + header->n_words);
	return is_sound(index) ? g_steal_pointer(&index) : NULL;
}

void index_free(PackageIndex *index)
{
	if (index == NULL)
		return;
	g_bytes_unref(index->bytes);
	g_free(index);
}

GBytes *index_bytes(const PackageIndex *index)
{
	return index->bytes;
}

const char *index_sum(const PackageIndex *index)
{
	return index->header->sum;
}

bool index_find(const PackageIndex *index, const char *folder, IndexEntry *entry)
{
	uint32_t low = 0, high = index->header->n_folders;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const Folder *found = &index->folders[middle];
		int order = strcmp(folder, index_word(index, found->name));

		if (order == 0 && entry != NULL)
			*entry = (IndexEntry){
				.imports = index->references + found->first,
				.tests = index->references + found->first + found->n_imports,
				.n_imports = found->n_imports,
				.n_tests = found->n_tests,
				.has_source = found->has_source != 0,
			};
		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

uint32_t index_count(const PackageIndex *index)
{
	return index->header->n_folders;
}

const char *index_folder(const PackageIndex *index, uint32_t i)
{
	g_assert(i < index->header->n_folders);
	return index_word(index, index->folders[i].name);
}

uint32_t index_word_count(const PackageIndex *index)
{
	return index->header->n_words;
}

const char *index_word(const PackageIndex *index, uint32_t number)
{
	g_assert(number < index->header->n_words);
	return index->text + index->offsets[number];
}
