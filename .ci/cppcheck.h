/* SPDX-License-Identifier: MIT */
/* What cppcheck must know of GLib's macros: it is run without GLib's headers, and leaves out
 * every file in which it meets a macro that it cannot guess. Cleanup attributes are left away,
 * so that it sees plain pointers; leaks are the sanitizers' business. */
#pragma once

#define g_autofree
#define g_auto(type) type
#define g_autoptr(type) type *
#define G_DEFINE_AUTOPTR_CLEANUP_FUNC(type, function)
#define G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(type, function)
#define G_DEFINE_EXTENDED_ERROR(type, name)
#define G_GNUC_PRINTF(format, arguments)
#define G_GNUC_WARN_UNUSED_RESULT
#define G_GNUC_UNUSED
#define G_GINT64_FORMAT "ld"
#define G_GUINT64_FORMAT "lu"
#define G_N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))
#define cJSON_ArrayForEach(item, array) for ((item) = (array)->child; (item); (item) = (item)->next)
#define g_assert(claim) do { if (!(claim)) abort(); } while (0)
#define g_assert_cmpint(a, compare, b) g_assert((a) compare (b))
#define g_assert_not_reached() abort()
#define g_return_if_fail(claim) do { if (!(claim)) return; } while (0)
#define g_return_val_if_fail(claim, value) do { if (!(claim)) return (value); } while (0)
