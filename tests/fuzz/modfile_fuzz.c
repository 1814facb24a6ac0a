/* SPDX-License-Identifier: MIT */
/* Any bytes as go.mod and go.work: what is read prints to what reads the same; what
 * was edited can be read. The first byte chooses the kind. */
#include "ecosystems/gomod/modedit.h"
#include "ecosystems/gomod/modrequires.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Printed text is read again and must, unless an edit has joined the comments of
 * two lines, print the same. */
static void check_print(const ModFile *file, bool is_edited)
{
	g_autoptr(GBytes) once = modsyntax_print(file->syntax);
	g_autoptr(GError) error = NULL;
	g_autoptr(ModSyntax) again = modsyntax_parse(once, &error);
	g_autoptr(GBytes) twice = NULL;

	g_assert_no_error(error);
	twice = modsyntax_print(again);
	g_assert_true(is_edited || g_bytes_equal(once, twice));
}

static void change(ModFile *file)
{
	static const ModWanted wanted[] = { { "example.com/a", "v1.2.3", false },
					    { "example.com/b", "v1.2.3", true } };

	modedit_require(file, "example.com/a", "v1.0.0");
	modedit_replace(file, "example.com/a", NULL, "../a", NULL);
	modedit_set_toolchain(file, "go1.22.3");
	modedit_finish(file);
	check_print(file, true);
	modrequires_set(file, wanted, G_N_ELEMENTS(wanted));
	check_print(file, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = size > 0 ? g_bytes_new(data + 1, size - 1) : g_bytes_new(NULL, 0);
	ModFileKind kind = size > 0 ? (ModFileKind)(data[0] % 3) : MODFILE_MAIN;
	g_autoptr(ModFile) file = modfile_read("go.mod", text, kind, NULL);

	if (file == NULL)
		return 0;
	check_print(file, false);
	if (kind == MODFILE_MAIN && file->problems->len == 0)
		change(file);
	return 0;
}
