/* SPDX-License-Identifier: MIT */
/* Any bytes as a signed note: only what the key has signed opens, and to its text. */
#include "ecosystems/gomod/sumtree.h"

#include <string.h>

#define KEY "sumdb.example+d9d3f5df+AVwQM6fMwz5hawYfbHTtkwPepq5PK2uCpdJXpzyVwrtm"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(NoteKey) key = notekey_parse(KEY, NULL);
	g_autofree char *bytes = g_strndup((const char *)data, size);
	g_autofree char *text = note_open((const char *)data, size, key, NULL);
	g_autoptr(NoteKey) other = notekey_parse(bytes, NULL);
	Tree tree;

	if (other != NULL)
		g_assert_true(strlen(other->name) < strlen(bytes));
	if (text != NULL)
		g_assert_true(strlen(text) < size && g_str_has_suffix(text, "\n"));
	if (sumtree_read_head(key, bytes, &tree, NULL))
		g_assert_true(tree.size >= 0 && tree.size <= MERKLE_MAX_SIZE);
	return 0;
}
