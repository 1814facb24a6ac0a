/* SPDX-License-Identifier: MIT */
#include "publish/topic.h"

#include "base/text.h"
#include "publish/address.h"
#include "publish/pages.h"

#include <string.h>

static void item_free(void *data)
{
	Item *item = data;

	g_free(item->name);
	g_free(item->from);
	g_free(item->to);
	g_free(item->branch_part);
	g_free(item->version);
	g_free(item->type);
	g_free(item->note);
	g_free(item->home);
	g_free(item->changes);
	g_clear_pointer(&item->notices, g_ptr_array_unref);
	g_free(item);
}

static bool is_group_by_name(const Rules *rules, const char *name)
{
	const Group *group = name != NULL ? rules_group(rules, name) : NULL;

	return group != NULL && group->is_by_name;
}

Topic *topic_new(const Ecosystem *ecosystem, const Rules *rules, const char *group,
		 bool is_like_dependabot)
{
	Topic *topic = g_new0(Topic, 1);

	topic->ecosystem = ecosystem;
	topic->group = group;
	topic->is_like_dependabot = is_like_dependabot;
	topic->directories = g_ptr_array_new_with_free_func(g_free);
	topic->items = g_ptr_array_new_with_free_func(item_free);
	if (rules == NULL)
		return topic;
	topic->target_branch = rules->target_branch;
	topic->is_by_name = is_group_by_name(rules, group);
	topic->commit_message = &rules->commit_message;
	topic->branch_name = &rules->branch_name;
	return topic;
}

void topic_free(Topic *topic)
{
	if (topic == NULL)
		return;
	g_ptr_array_unref(topic->directories);
	g_ptr_array_unref(topic->items);
	g_free(topic);
}

/* Up to three numbers joined by dots at the start of a version. */
typedef struct {
	size_t count;      /* of numbers, at most 3 */
	guint64 number[3]; /* missing ones are 0 */
	bool is_plain;     /* as Dependabot reads them: nothing before, no leading zeros */
} Numbers;

static bool read_number(const char **p, guint64 *number, bool *has_leading_zero)
{
	size_t length = strspn(*p, "0123456789");
	g_autofree char *digits = g_strndup(*p, length);

	if (!g_ascii_string_to_unsigned(digits, 10, 0, G_MAXUINT64, number, NULL))
		return false;
	*has_leading_zero |= length > 1 && digits[0] == '0';
	*p += length;
	return true;
}

static Numbers read_numbers(const char *version)
{
	Numbers n = { .is_plain = true };
	bool has_leading_zero = false;
	const char *p = version;

	if (*p == 'v') {
		n.is_plain = false;
		p++;
	}
	while (n.count < 3 && read_number(&p, &n.number[n.count], &has_leading_zero)) {
		n.count++;
		if (*p != '.' || !g_ascii_isdigit(p[1]) || n.count == 3)
			break;
		p++;
	}
	/* Anything may follow a third number, nothing a first or second. */
	n.is_plain &= n.count > 0 && !has_leading_zero && (n.count == 3 || *p == '\0');
	return n;
}

/* By the first number that differs: `is_strict` where Dependabot tells one, else
 * also where there are just as many numbers on both sides. */
static Step step_of(const char *from, const char *to, bool is_strict)
{
	static const Step steps[] = { STEP_MAJOR, STEP_MINOR, STEP_PATCH };
	Numbers a, b;

	if (from == NULL || to == NULL)
		return STEP_NONE;
	a = read_numbers(from);
	b = read_numbers(to);
	if (a.count == 0 || b.count == 0)
		return STEP_NONE;
	if (!(a.is_plain && b.is_plain) && (is_strict || a.count != b.count))
		return STEP_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		if (a.number[i] != b.number[i])
			return steps[i];
	return STEP_PATCH;
}

static const char *update_type_of(Step step)
{
	static const char *const words[] = {
		[STEP_DIGEST] = "version-update:semver-patch",
		[STEP_PATCH] = "version-update:semver-patch",
		[STEP_MINOR] = "version-update:semver-minor",
		[STEP_MAJOR] = "version-update:semver-major",
	};

	return (size_t)step < G_N_ELEMENTS(words) ? words[step] : NULL;
}

static char *short_digest(const char *digest)
{
	return digest == NULL ? NULL : g_strdup_printf("`%.7s`", digest);
}

static const char *shown(const Ecosystem *ecosystem, const char *version)
{
	return ecosystem->hides_v && version != NULL && version[0] == 'v' &&
			       g_ascii_isdigit(version[1])
		       ? version + 1
		       : version;
}

/* A digest that moved under the tag it had, or without any tag. */
static void set_digest(Item *item, const Versions *v, bool is_by_tag)
{
	item->from = short_digest(v->from_digest);
	item->to = short_digest(v->to_digest);
	item->version = g_strdup(v->to == NULL ? v->to_digest : v->to);
	if (v->to == NULL)
		item->branch_part = g_strdup(v->to_digest);
	else
		item->branch_part = is_by_tag ? g_strdup(v->to) : g_strndup(v->to_digest, 7);
}

static const char *keep_directory(Topic *topic, const char *directory)
{
	/* Items come by directory: it is most often the last. */
	for (guint i = topic->directories->len; i > 0; i--)
		if (strcmp(g_ptr_array_index(topic->directories, i - 1), directory) == 0)
			return g_ptr_array_index(topic->directories, i - 1);
	g_ptr_array_add(topic->directories, g_strdup(directory));
	return g_ptr_array_index(topic->directories, topic->directories->len - 1);
}

Item *topic_add(Topic *topic, const Ecosystem *ecosystem, const char *directory, const char *name,
		const char *type, const Versions *v, Step step)
{
	Item *item = g_new0(Item, 1);
	bool is_digest_alone = v->to_digest != NULL && g_strcmp0(v->from, v->to) == 0 &&
			       g_strcmp0(v->from_digest, v->to_digest) != 0;
	Step told;

	g_ptr_array_add(topic->items, item);
	item->name = g_strdup(name);
	item->directory = keep_directory(topic, directory);
	item->type = g_strdup(type);
	if (is_digest_alone || v->to == NULL) {
		set_digest(item, v, topic->is_like_dependabot && ecosystem->names_branch_by_tag);
		item->update_type = update_type_of(STEP_DIGEST);
		return item;
	}
	item->from = g_strdup(shown(ecosystem, v->from));
	item->to = g_strdup(shown(ecosystem, v->to));
	item->branch_part = g_strdup(item->to);
	item->version = g_strdup(item->to);
	told = step_of(item->from, item->to, true);
	if (told == STEP_NONE)
		told = step;
	if (told == STEP_NONE)
		told = step_of(item->from, item->to, false);
	item->update_type = update_type_of(told);
	return item;
}

/* The hex digits of "sha256:…". */
static const char *hex_of(const char *digest)
{
	const char *colon = digest == NULL ? NULL : strchr(digest, ':');

	return colon == NULL ? digest : colon + 1;
}

static const char *type_of(const Dependency *dependency)
{
	if (!dependency->is_direct)
		return "indirect";
	return dependency->is_production ? "direct:production" : "direct:development";
}

static const Ecosystem *only_ecosystem(const Plan *plan)
{
	const Ecosystem *only = NULL;

	/* Of what happens to be of one, nothing may depend on that. */
	if (plan->is_multi)
		return NULL;
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);

		if (only != NULL && only != update->manifest->ecosystem)
			return NULL;
		only = update->manifest->ecosystem;
	}
	return only;
}

/* Notes `text` (taken); whether it was new. */
static bool add_once(GTree *seen, char *text)
{
	bool is_new = g_tree_lookup(seen, text) == NULL;

	g_tree_insert(seen, text, text);
	return is_new;
}

/* What names alone tell of the source, where nobody has found out more. */
static void set_links(Item *item, const Update *update)
{
	const Ecosystem *ecosystem = update->manifest->ecosystem;
	g_autoptr(Home) guess =
		update->home == NULL && ecosystem->home != NULL ? ecosystem->home(update) : NULL;
	const Home *home = update->home != NULL ? update->home : guess;

	if (home == NULL)
		return;
	item->home = g_strdup(home->page);
	item->changes = page_compare(forge_guess(home->page), home->page, home->from, home->to);
}

/* What there is to tell is told once of each name. */
static bool is_told(const Topic *topic, const Item *item)
{
	for (guint i = 0; i < topic->items->len; i++) {
		const Item *other = g_ptr_array_index(topic->items, i);

		if (other != item && other->sections != NULL &&
		    strcmp(other->name, item->name) == 0 && g_strcmp0(other->to, item->to) == 0)
			return true;
	}
	return false;
}

Topic *topic_of(const Plan *plan, bool is_like_dependabot)
{
	Topic *topic =
		topic_new(only_ecosystem(plan), plan->rules, plan->group, is_like_dependabot);
	g_autoptr(GTree) seen = g_tree_new_full(text_compare, NULL, g_free, NULL);

	topic->is_across = plan->is_across;
	topic->note = plan->note;
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);
		Versions versions = {
			.from = update->from,
			.to = update->to,
			.from_digest = hex_of(update->from_digest),
			.to_digest = hex_of(update->to_digest),
		};
		Item *item;

		/* The same dependency in several files of one directory is one item. */
		if (!add_once(seen, g_strconcat(update->manifest->directory, "\n",
						update->dependency->name, NULL)))
			continue;
		item = topic_add(topic, update->manifest->ecosystem, update->manifest->directory,
				 update->dependency->name, type_of(update->dependency), &versions,
				 update->step);
		item->note = g_strdup(update->note);
		set_links(item, update);
		if (update->manifest->ecosystem->notices != NULL)
			item->notices = update->manifest->ecosystem->notices(update);
		if (update->sections->len > 0 && !is_told(topic, item))
			item->sections = update->sections;
	}
	return topic;
}

const Section *item_section(const Item *item, SectionKind kind)
{
	for (guint i = 0; item->sections != NULL && i < item->sections->len; i++) {
		const Section *section = g_ptr_array_index(item->sections, i);

		if (section->kind == kind)
			return section;
	}
	return NULL;
}

GPtrArray *topic_firsts(const Topic *topic, const char *directory)
{
	GPtrArray *firsts = g_ptr_array_new();
	g_autoptr(GTree) seen = g_tree_new_full(text_compare, NULL, g_free, NULL);

	for (guint i = 0; i < topic->items->len; i++) {
		Item *item = g_ptr_array_index(topic->items, i);

		if ((directory == NULL || strcmp(item->directory, directory) == 0) &&
		    add_once(seen, g_strdup(item->name)))
			g_ptr_array_add(firsts, item);
	}
	return firsts;
}
