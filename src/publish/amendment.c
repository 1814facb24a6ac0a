/* SPDX-License-Identifier: MIT */
#include "publish/amendment.h"

#include "base/crypto.h"
#include "base/text.h"
#include "publish/identity.h"

#include <string.h>

#define DIGITS 8

static const char footer[] =
	"\n---\n\n"
	"upkeepd rebuilds this branch as long as nobody else pushes to it, and closes it when the "
	"rules say so or the order is taken back. Closing it without merging means: not in the "
	"rules; what is ignored stays so.\n";

char *amendment_versions(const char *range)
{
	static const char numbers[] = "0123456789.";
	const char *start = range + strspn(range, ">= ");
	size_t length = strspn(start, numbers);
	g_autofree char *hex = NULL;

	if (*range == '\0')
		return g_strdup("all");
	if (g_str_has_prefix(range, "= ") && length > 0 && start[length] == '\0')
		return g_strdup(start);
	if (g_str_has_prefix(range, ">= ") && length > 0 &&
	    g_str_has_prefix(start + length, "a, <"))
		return g_strdup_printf("%.*sx", (int)length, start);
	hex = sha256_hex(range, strlen(range));
	return g_strndup(hex, DIGITS);
}

Topic *amendment_topic(const Plan *plan, bool is_like_dependabot)
{
	const Amendment *amendment = plan->amendment;
	const Ecosystem *ecosystem = ecosystem_by_name(amendment->ecosystem);
	g_autofree char *name = g_strconcat("ignore-", amendment->name, NULL);
	g_autofree char *versions = amendment_versions(amendment->range);
	g_auto(GStrv) places = g_strsplit(amendment->places, "\n", 3);
	Versions to = { .to = versions };
	Topic *topic = topic_new(ecosystem, plan->rules, NULL, is_like_dependabot);

	topic_add(topic, ecosystem, places[0] != NULL && places[1] != NULL ? places[1] : "/", name,
		  "direct:production", &to, STEP_NONE);
	return topic;
}

static char *title_of(const Amendment *amendment, const Topic *topic, const Style *style)
{
	g_autofree char *versions = amendment_versions(amendment->range);
	g_autofree char *name = text_one_line(amendment->name);
	const char *directory = g_ptr_array_index(topic->directories, 0);
	bool is_root = strcmp(directory, "/") == 0;
	g_autofree char *title = g_strdup_printf(
		"%s%s %s%s%s%s%s", style->prefix, style->is_capital ? "Ignore" : "ignore", name,
		*amendment->range != '\0' ? " " : "", *amendment->range != '\0' ? versions : "",
		is_root ? "" : " in ", is_root ? "" : directory);

	return text_short_line(title, TEXT_TITLE_LENGTH);
}

/* "Versions `= 1.22.4` of `golang` are left alone", by whose word; `path` is the file. */
static char *intro(const Amendment *amendment, const char *path)
{
	g_autofree char *name = text_code(amendment->name), *range = text_code(amendment->range);
	g_autofree char *who = text_code(amendment->author != NULL ? amendment->author : "");
	g_autofree char *file = text_code(path);
	g_autoptr(GString) text = g_string_new("Writes into ");

	g_string_append_printf(text, "%s what ", file);
	if (amendment->author != NULL)
		g_string_append_printf(text, "%s ordered", who);
	else
		g_string_append(text, "was ordered");
	if (amendment->said_on != NULL)
		g_string_append_printf(text, " on %s", amendment->said_on);
	if (*amendment->range != '\0')
		g_string_append_printf(text, ": to leave versions %s of %s alone.\n", range, name);
	else
		g_string_append_printf(text, ": to leave %s alone.\n", name);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *message_of(const Plan *plan, const char *words, const Wording *wording)
{
	g_autofree char *subject = text_subject(plan->title), *id = identity_trailer(plan);
	g_autofree char *signer = text_signer(wording);

	return g_strdup_printf("%s\n\n%s\n" IDENTITY_TRAILER ": %s\n%s%s%s", subject, words, id,
			       signer != NULL ? "Signed-off-by: " : "",
			       signer != NULL ? signer : "", signer != NULL ? "\n" : "");
}

static char *body_of(const Plan *plan, const char *words, const Wording *wording)
{
	g_autofree char *name = text_one_line(plan->amendment->name);
	g_autofree char *order = g_strconcat("@upkeepd unignore ", name, NULL);
	g_autofree char *code = text_code(order);
	g_autofree char *marker =
		identity_marker(plan, wording->repository == NULL ? "" : wording->repository,
				wording->names_branch);

	return g_strdup_printf("%s\nUntil it is merged that is so by the order alone; %s takes it "
			       "back, and closes this.\n%s%s\n",
			       words, code, footer, marker);
}

void amendment_word(Plan *plan, const Topic *topic, const Style *style, const Wording *wording)
{
	const FileChange *change = g_ptr_array_index(plan->changes, 0);
	g_autofree char *words = intro(plan->amendment, change->path);

	g_free(plan->title);
	plan->title = title_of(plan->amendment, topic, style);
	g_free(plan->message);
	plan->message = message_of(plan, words, wording);
	g_free(plan->body);
	plan->body = body_of(plan, words, wording);
}
