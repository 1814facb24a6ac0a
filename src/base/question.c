/* SPDX-License-Identifier: MIT */
#include "upkeepd/question.h"

static Wish *find(const Question *q, const Release *release, const char *digest)
{
	for (guint i = 0; i < q->wishes->len; i++) {
		Wish *wish = g_ptr_array_index(q->wishes, i);

		if (wish->release == release && g_strcmp0(wish->digest, digest) == 0)
			return wish;
	}
	return NULL;
}

static Wish *add(Question *q, Release *release, const char *digest)
{
	Wish *wish = find(q, release, digest);

	if (wish == NULL) {
		wish = g_new0(Wish, 1);
		wish->release = release;
		wish->digest = g_strdup(digest);
		g_ptr_array_add(q->wishes, wish);
	}
	return wish;
}

void wish_free(Wish *wish)
{
	if (wish == NULL)
		return;
	g_free(wish->digest);
	g_free(wish);
}

void question_wish(Question *q, Release *release)
{
	if (!release->is_described)
		add(q, release, NULL);
}

void question_wish_more(Question *q, Release *release)
{
	add(q, release, NULL);
}

void question_wish_digest(Question *q, const char *digest, bool is_whole)
{
	add(q, NULL, digest)->is_whole |= is_whole;
}

void question_reject(Question *q, guint index, Reason reason, const char *format, ...)
{
	Verdict *verdict = &q->verdicts[index];

	verdict->reason = reason;
	g_clear_pointer(&verdict->text, g_free);
	if (format != NULL) {
		va_list arguments;

		va_start(arguments, format);
		verdict->text = g_strdup_vprintf(format, arguments);
		va_end(arguments);
	}
}
