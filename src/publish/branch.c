/* SPDX-License-Identifier: MIT */
#include "publish/branch.h"

#include "base/crypto.h"

#include <string.h>

#define DIGEST_DIGITS  10
#define HASH_DIGITS    40
#define DEFAULT_LENGTH 100

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *branch_digest(const Topic *topic)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *joined = NULL, *digest = NULL;

	for (guint i = 0; i < topic->items->len; i++) {
		const Item *item = g_ptr_array_index(topic->items, i);

		g_ptr_array_add(parts, g_strconcat(item->name, "-", item->version, NULL));
	}
	g_ptr_array_sort(parts, by_bytes);
	g_ptr_array_add(parts, NULL);
	joined = g_strjoinv(",", (char **)parts->pdata);
	digest = md5_hex(joined, strlen(joined));
	return g_strndup(digest, DIGEST_DIGITS);
}

/* `text` with each byte of `from` replaced by `to`, or left out if `to` is 0. */
static char *replaced(const char *text, const char *from, char to)
{
	g_autoptr(GString) result = g_string_new(NULL);

	for (const char *p = text; *p != '\0'; p++) {
		if (strchr(from, *p) == NULL)
			g_string_append_c(result, *p);
		else if (to != '\0')
			g_string_append_c(result, to);
	}
	return g_strdup(result->str);
}

static char *name_part(const Item *item)
{
	g_autofree char *dashed = replaced(item->name, ":[]", '-');

	return replaced(dashed, "@", '\0');
}

static char *version_part(const Topic *topic, const Item *item)
{
	/* Dependabot drops the plus of "+incompatible" and runs the words together. */
	return topic->is_like_dependabot ? g_strdup(item->branch_part)
					 : replaced(item->branch_part, "+", '-');
}

static char *solo_name(const Topic *topic)
{
	const Item *item = g_ptr_array_index(topic->items, 0);
	g_autofree char *name = name_part(item), *version = version_part(topic, item);

	return g_strconcat(name, "-", version, NULL);
}

/* "GROUP-DIGEST", "GROUP/NAME-DIGEST" by name, "multi-DIGEST" without a group. */
static char *set_name(const Topic *topic, const char *group)
{
	g_autofree char *digest = branch_digest(topic);

	if (topic->group != NULL && topic->is_by_name) {
		g_autofree char *name = name_part(g_ptr_array_index(topic->items, 0));

		return g_strconcat(group, "/", name, "-", digest, NULL);
	}
	return g_strconcat(topic->group == NULL ? "multi" : group, "-", digest, NULL);
}

static bool is_set(const Topic *topic)
{
	g_autoptr(GPtrArray) firsts = topic_firsts(topic, NULL);

	return topic->group != NULL || firsts->len > 1;
}

static void append_segment(GString *name, const char *segment)
{
	if (segment == NULL || *segment == '\0')
		return;
	if (name->len > 0)
		g_string_append_c(name, '/');
	g_string_append(name, segment);
}

static char *directory_part(const Topic *topic)
{
	const char *first = g_ptr_array_index(topic->directories, 0);

	return replaced(first + strspn(first, "/"), " ", '-');
}

static char *plain_name(const Topic *topic, const char *prefix)
{
	g_autoptr(GString) name = g_string_new(prefix);
	g_autofree char *last = NULL;

	if (topic->ecosystem != NULL) {
		g_autofree char *directory = directory_part(topic);

		append_segment(name, topic->ecosystem->id);
		append_segment(name, directory);
	}
	append_segment(name, topic->target_branch);
	if (is_set(topic)) {
		g_autofree char *group =
			topic->group == NULL ? NULL : replaced(topic->group, " ", '\0');

		last = set_name(topic, group);
	} else {
		last = solo_name(topic);
	}
	append_segment(name, last);
	return g_strdup(name->str);
}

static char *joined_names(const Topic *topic)
{
	g_autoptr(GPtrArray) firsts = topic_firsts(topic, NULL);
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < firsts->len; i++) {
		g_autofree char *name = name_part(g_ptr_array_index(firsts, i));

		g_string_append_printf(names, "%s%s", i == 0 ? "" : "-and-", name);
	}
	return g_strdup(names->str);
}

/* The value of a placeholder; NULL: there is none of that name here. */
static char *placeholder(const Topic *topic, const char *prefix, const char *word)
{
	g_autofree char *group = topic->group == NULL ? NULL : replaced(topic->group, " ", '-');
	const Item *first = g_ptr_array_index(topic->items, 0);

	if (strcmp(word, "prefix") == 0)
		return g_strdup(prefix);
	if (strcmp(word, "target_branch") == 0)
		return g_strdup(topic->target_branch == NULL ? "" : topic->target_branch);
	if (strcmp(word, "package_manager") == 0 && topic->ecosystem != NULL)
		return g_strdup(topic->ecosystem->id);
	if (strcmp(word, "directory") == 0 && topic->ecosystem != NULL) {
		g_autofree char *directory = directory_part(topic);

		return g_strdup(*directory == '\0' ? "root" : directory);
	}
	if (topic->group != NULL && (strcmp(word, "group_name") == 0 || strcmp(word, "name") == 0))
		return set_name(topic, group);
	if (topic->group != NULL)
		return NULL;
	if (strcmp(word, "dependency") == 0)
		return joined_names(topic);
	if (strcmp(word, "version") == 0)
		return version_part(topic, first);
	if (strcmp(word, "name") == 0)
		return is_set(topic) ? set_name(topic, NULL) : solo_name(topic);
	return NULL;
}

static char *filled(const Topic *topic, const char *prefix, const char *template, GError **error)
{
	g_autoptr(GString) name = g_string_new(NULL);

	for (const char *p = template; *p != '\0'; p++) {
		const char *close = strchr(p, '}');
		g_autofree char *word = NULL, *value = NULL;

		if (*p != '{') {
			g_string_append_c(name, *p);
			continue;
		}
		if (close == NULL)
			return fail_null(
				error, FAILURE_CONFIG,
				"the branch name's template '%s' has a '{' without its '}'",
				template);
		word = g_strndup(p + 1, (gsize)(close - p - 1));
		value = placeholder(topic, prefix, word);
		if (value == NULL)
			return fail_null(error, FAILURE_CONFIG,
					 "the branch name's template '%s': {%s} has no value here",
					 template, word);
		g_string_append(name, value);
		p = close;
	}
	return g_strdup(name->str);
}

static bool is_allowed(char byte)
{
	return g_ascii_isalnum(byte) || strchr("/-_.(){}", byte) != NULL;
}

/* Only what Dependabot lets into a ref, so that any git server takes it. */
static char *sanitised(const char *name)
{
	g_autoptr(GString) clean = g_string_new(NULL);

	for (const char *p = name; *p != '\0'; p++) {
		char last = clean->len == 0 ? '/' : clean->str[clean->len - 1];

		if (!is_allowed(*p) || (*p == '/' && last == '/') || (*p == '.' && last == '.'))
			continue;
		if (*p == '.' && last == '/')
			g_string_append(clean, "dot-");
		else
			g_string_append_c(clean, *p);
	}
	while (clean->len > 0 && strchr("./", clean->str[clean->len - 1]) != NULL)
		g_string_truncate(clean, clean->len - 1);
	return g_strdup(clean->str);
}

/* Separator, word separator and case; the last two spare the prefix. */
static void shape(char *name, const char *prefix, const BranchName *wish)
{
	size_t spared = g_str_has_prefix(name, prefix) ? strlen(prefix) : 0;

	for (char *p = name; *p != '\0'; p++) {
		if (*p == '/' && wish->separator != '\0')
			*p = wish->separator;
		if ((size_t)(p - name) < spared)
			continue;
		if (*p == '_' && wish->word_separator != '\0')
			*p = wish->word_separator;
		if (wish->letter_case == CASE_LOWER)
			*p = g_ascii_tolower(*p);
		else if (wish->letter_case == CASE_UPPER)
			*p = g_ascii_toupper(*p);
	}
}

/* How many digits replace the end of a name that is too long. Where Dependabot would leave
 * nothing but digits GitLab takes the name for a commit, and refuses it (forges.md 8.3). */
static size_t hash_digits(size_t longest, bool is_like_dependabot)
{
	return longest > HASH_DIGITS ? HASH_DIGITS : is_like_dependabot ? longest : DIGEST_DIGITS;
}

/* How much of its beginning it keeps; a dash stands behind that before few digits. */
static size_t kept_length(size_t longest, size_t digits)
{
	return longest - digits - (digits == DIGEST_DIGITS ? 1 : 0);
}

/* A name that is too long keeps its beginning; a hash of the whole replaces the rest. */
static char *shortened(const char *name, size_t longest, bool is_like_dependabot)
{
	size_t digits = hash_digits(longest, is_like_dependabot);
	g_autofree char *hash = NULL;

	if (longest == 0 || strlen(name) <= longest)
		return g_strdup(name);
	hash = sha1_hex(name, strlen(name));
	return g_strdup_printf("%.*s%s%.*s", (int)kept_length(longest, digits), name,
			       digits == DIGEST_DIGITS ? "-" : "", (int)digits, hash);
}

static bool is_ref(const char *name)
{
	return *name != '\0' && *name != '-' && *name != '/' && !g_str_has_suffix(name, ".lock") &&
	       strstr(name, ".lock/") == NULL && strcmp(name, "HEAD") != 0;
}

static const BranchName no_wish = { .separator = '/' };

char *branch_name(const Topic *topic, const char *prefix, GError **error)
{
	const BranchName *wish = topic->branch_name == NULL ? &no_wish : topic->branch_name;
	const char *own_prefix = wish->prefix == NULL ? prefix : wish->prefix;
	size_t longest = wish->max_length > 0 ? (size_t)wish->max_length : 0;
	g_autofree char *raw = NULL, *name = NULL;

	/* Dependabot's names have no bound of their own. */
	if (longest == 0 && !topic->is_like_dependabot)
		longest = DEFAULT_LENGTH;
	raw = wish->template_ == NULL ? plain_name(topic, own_prefix)
				      : filled(topic, own_prefix, wish->template_, error);
	if (raw == NULL)
		return NULL;
	name = sanitised(raw);
	shape(name, own_prefix, wish);
	if (!is_ref(name))
		return fail_null(error, FAILURE_CONFIG, "git takes no branch called '%s'", name);
	return shortened(name, longest, topic->is_like_dependabot);
}

/* What stands in a name before its first placeholder with a value of its own. */
static char *constant_part(const BranchName *wish, const char *prefix)
{
	const char *template = wish->template_ == NULL ? "{prefix}/{name}" : wish->template_;
	g_autoptr(GString) text = g_string_new(NULL);

	for (const char *p = template; *p != '\0'; p++) {
		if (g_str_has_prefix(p, "{prefix}")) {
			g_string_append(text, prefix);
			p += strlen("{prefix}") - 1;
		} else if (*p == '{') {
			break;
		} else {
			g_string_append_c(text, *p);
		}
	}
	return g_strdup(text->str);
}

char *branch_beginning(const Rules *rules, const char *prefix)
{
	const BranchName *wish = rules == NULL ? &no_wish : &rules->branch_name;
	const char *own_prefix = wish->prefix == NULL ? prefix : wish->prefix;
	size_t longest = wish->max_length > 0 ? (size_t)wish->max_length : DEFAULT_LENGTH;
	size_t digits = hash_digits(longest, strcmp(prefix, "dependabot") == 0);
	g_autofree char *constant = constant_part(wish, own_prefix), *example = NULL, *name = NULL;
	size_t end;

	/* A last slash is cut off of a whole name, not of a beginning. */
	example = g_strconcat(constant, "x", NULL);
	name = sanitised(example);
	shape(name, own_prefix, wish);
	end = MIN(strlen(name) - 1, kept_length(longest, digits));
	while (end > 0 && strchr("/-_", name[end - 1]) == NULL)
		end--;
	return end < 2 ? g_strdup("") : g_strndup(name, end);
}
