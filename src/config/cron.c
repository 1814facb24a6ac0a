/* SPDX-License-Identifier: MIT */
#include "config/cron.h"

#include <string.h>

/* Sixty minutes written one by one have 169 characters. */
#define LONGEST 500

typedef struct {
	const char *name;
	unsigned low, high;
	const char *const *names; /* of the values from `low` on; NULL: numbers only */
} FieldKind;

static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul",
					   "aug", "sep", "oct", "nov", "dec", NULL };
static const char *const weekday_names[] = {
	"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL
};

enum { MINUTE, HOUR, DAY, MONTH, WEEKDAY, N_FIELDS };

static const FieldKind kinds[N_FIELDS] = {
	[MINUTE] = { "minute", 0, 59, NULL },           [HOUR] = { "hour", 0, 23, NULL },
	[DAY] = { "day of month", 1, 31, NULL },        [MONTH] = { "month", 1, 12, month_names },
	[WEEKDAY] = { "weekday", 0, 7, weekday_names },
};

/* The value of one word; false with the error set if it has none. */
static bool read_value(const char *word, const FieldKind *kind, unsigned *value, GError **error)
{
	guint64 number;

	for (unsigned i = 0; kind->names != NULL && kind->names[i] != NULL; i++)
		if (g_ascii_strcasecmp(word, kind->names[i]) == 0) {
			*value = kind->low + i;
			return true;
		}
	if (!g_ascii_isdigit(*word) ||
	    !g_ascii_string_to_unsigned(word, 10, 0, UINT_MAX, &number, NULL))
		return fail(error, FAILURE_CONFIG, "'%s' is no %s", word, kind->name);
	if (number < kind->low || number > kind->high)
		return fail(error, FAILURE_CONFIG, "'%s' is no %s; it goes from %u to %u", word,
			    kind->name, kind->low, kind->high);
	*value = (unsigned)number;
	return true;
}

/* From `from` to `to`: one item without its step. */
static bool read_range(const char *range, const FieldKind *kind, bool has_step, unsigned *from,
		       unsigned *to, GError **error)
{
	const char *dash = strchr(range, '-');
	g_autofree char *first = NULL;
	/* Sunday is 7 only where it is written so. */
	unsigned last = kind->names == weekday_names ? 6 : kind->high;

	if (strcmp(range, "*") == 0) {
		*from = kind->low;
		*to = last;
		return true;
	}
	first = dash == NULL ? g_strdup(range) : g_strndup(range, (gsize)(dash - range));
	if (!read_value(first, kind, from, error))
		return false;
	*to = has_step ? last : *from;
	if (dash != NULL && !read_value(dash + 1, kind, to, error))
		return false;
	/* Friday to Sunday. */
	if (dash != NULL && kind->names == weekday_names && *to == 0 && *from > 0)
		*to = 7;
	if (*from > *to)
		return fail(error, FAILURE_CONFIG, "the range '%s' runs backwards", range);
	return true;
}

static bool read_item(const char *item, const FieldKind *kind, uint64_t *set, GError **error)
{
	const char *slash = strchr(item, '/');
	g_autofree char *range =
		slash == NULL ? g_strdup(item) : g_strndup(item, (gsize)(slash - item));
	unsigned from, to;
	guint64 step = 1;

	if (*range == '\0')
		return fail(error, FAILURE_CONFIG, "the %s has an empty item", kind->name);
	if (slash != NULL && (!g_ascii_isdigit(slash[1]) ||
			      !g_ascii_string_to_unsigned(slash + 1, 10, 1, UINT_MAX, &step, NULL)))
		return fail(error, FAILURE_CONFIG, "'%s' is no step; it must be at least 1",
			    slash + 1);
	if (!read_range(range, kind, slash != NULL, &from, &to, error))
		return false;
	for (guint64 value = from; value <= to; value += step)
		*set |= UINT64_C(1) << (kind->names == weekday_names ? value % 7 : value);
	return true;
}

static bool read_field(const char *field, const FieldKind *kind, uint64_t *set, GError **error)
{
	g_auto(GStrv) items = g_strsplit(field, ",", -1);

	*set = 0;
	for (char **item = items; *item != NULL; item++)
		if (!read_item(*item, kind, set, error))
			return false;
	return true;
}

/* Whether some month of `months` has some day of `days`. */
static bool has_a_date(uint32_t days, uint32_t months)
{
	/* A leap year. */
	for (unsigned month = 1; month <= 12; month++)
		for (unsigned day = 1; day <= g_date_get_days_in_month((GDateMonth)month, 2000);
		     day++)
			if ((months & 1u << month) != 0 && (days & 1u << day) != 0)
				return true;
	return false;
}

/* "5pm", "17:30", "5:30am", "noon", "midnight" as minutes of the day. */
static bool read_clock(const char *word, unsigned *minute)
{
	unsigned hours = 0, minutes = 0, digits = 0;
	const char *p = word;

	if (strcmp(word, "noon") == 0 || strcmp(word, "midnight") == 0) {
		*minute = *word == 'n' ? 12 * 60 : 0;
		return true;
	}
	for (; g_ascii_isdigit(*p) && digits < 2; digits++)
		hours = hours * 10 + (unsigned)(*p++ - '0');
	if (digits == 0)
		return false;
	if (*p == ':' && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2])) {
		minutes = (unsigned)(p[1] - '0') * 10 + (unsigned)(p[2] - '0');
		p += 3;
	}
	if (strcmp(p, "am") == 0 || strcmp(p, "pm") == 0) {
		if (hours < 1 || hours > 12)
			return false;
		hours = hours % 12 + (*p == 'p' ? 12 : 0);
		p += 2;
	}
	*minute = hours * 60 + minutes;
	return *p == '\0' && hours < 24 && minutes < 60;
}

/* The days of "every DAYS": the last three fields; NULL if they are not known. */
static char *days_of(const char *word)
{
	static const struct {
		const char *word, *fields;
	} known[] = {
		{ "day", "* * *" },       { "weekday", "* * 1-5" }, { "week", "* * 1" },
		{ "month", "1 * *" },     { "quarter", "1 */3 *" }, { "year", "1 1 *" },
		{ "weekend", "* * 0,6" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (strcmp(word, known[i].word) == 0)
			return g_strdup(known[i].fields);
	for (int i = 0; weekday_names[i] != NULL; i++)
		if (strncmp(word, weekday_names[i], 3) == 0 && strlen(word) >= 6 &&
		    g_str_has_suffix(word, "day"))
			return g_strdup_printf("* * %d", i);
	return NULL;
}

/* The line for a phrase such as "every monday at 5pm" or "@daily"; NULL if it
 * is none that can be taken in one way only. The caller's. */
static char *line_for(char **words)
{
	static const struct {
		const char *word, *line;
	} names[] = {
		{ "@hourly", "0 * * * *" },   { "@daily", "0 0 * * *" },
		{ "@midnight", "0 0 * * *" }, { "@weekly", "0 0 * * 0" },
		{ "@monthly", "0 0 1 * *" },  { "@yearly", "0 0 1 1 *" },
		{ "@annually", "0 0 1 1 *" },
	};
	guint count = g_strv_length(words);
	g_autofree char *days = NULL;
	unsigned minute = 0;

	for (size_t i = 0; count == 1 && i < G_N_ELEMENTS(names); i++)
		if (strcmp(words[0], names[i].word) == 0)
			return g_strdup(names[i].line);
	if ((count != 2 && count != 4) || strcmp(words[0], "every") != 0)
		return NULL;
	if (count == 2 && strcmp(words[1], "hour") == 0)
		return g_strdup("0 * * * *");
	if (count == 4 && (strcmp(words[2], "at") != 0 || !read_clock(words[3], &minute)))
		return NULL;
	days = days_of(words[1]);
	return days == NULL ? NULL : g_strdup_printf("%u %u %s", minute % 60, minute / 60, days);
}

/* Says what is wrong with something that has not five fields. */
static bool refuse(const char *text, char **fields, GError **error)
{
	g_autofree char *lower = g_ascii_strdown(text, -1), *line = NULL;
	g_auto(GStrv) words = g_strsplit_set(lower, " \t", -1);
	guint count = g_strv_length(fields);

	line = line_for(words);
	if (line != NULL)
		return fail(error, FAILURE_CONFIG, "'%s' is no line of cron; write '%s'", text,
			    line);
	if (strchr(text, '=') != NULL || (count == 6 && strchr(fields[5], '/') != NULL))
		return fail(error, FAILURE_CONFIG,
			    "'%s' has a zone in it, which goes into 'timezone'", text);
	return fail(error, FAILURE_CONFIG,
		    "'%s' has %u fields; a line of cron has five: minute, hour, day of month, "
		    "month, weekday",
		    text, count);
}

bool cron_parse(const char *text, Cron *cron, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
	g_autoptr(GPtrArray) fields = g_ptr_array_new();
	uint64_t sets[N_FIELDS];
	bool is_any_day, is_any_weekday;

	if (strlen(text) > LONGEST)
		return fail(error, FAILURE_CONFIG, "no line of cron is longer than %d characters",
			    LONGEST);
	for (char **word = words; *word != NULL; word++)
		if (**word != '\0')
			g_ptr_array_add(fields, *word);
	g_ptr_array_add(fields, NULL);
	if (fields->len != N_FIELDS + 1)
		return refuse(text, (char **)fields->pdata, error);
	for (int i = 0; i < N_FIELDS; i++)
		if (!read_field(fields->pdata[i], &kinds[i], &sets[i], error))
			return false;
	is_any_day = *(char *)fields->pdata[DAY] == '*';
	is_any_weekday = *(char *)fields->pdata[WEEKDAY] == '*';
	cron->minutes = sets[MINUTE];
	cron->hours = (uint32_t)sets[HOUR];
	cron->days = (uint32_t)sets[DAY];
	cron->months = (uint32_t)sets[MONTH];
	cron->weekdays = (uint32_t)sets[WEEKDAY];
	cron->is_either = !is_any_day && !is_any_weekday;
	if (!cron->is_either && !has_a_date(cron->days, cron->months))
		return fail(error, FAILURE_CONFIG, "no day of any year is the one of '%s'", text);
	return true;
}
