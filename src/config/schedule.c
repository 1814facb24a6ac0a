/* SPDX-License-Identifier: MIT */
#include "config/schedule.h"

#include "base/zone.h"
#include "config/cron.h"

#include <string.h>

static const char *const intervals[] = { "daily",        "weekly", "monthly", "quarterly",
					 "semiannually", "yearly", "cron",    NULL };
static const char *const days[] = { "monday", "tuesday",  "wednesday", "thursday",
				    "friday", "saturday", "sunday",    NULL };

/* "9:05" or "16:00" in the way of YAML 1.1's numbers to the base of sixty, which
 * have no leading zero. */
static bool is_sexagesimal(const YamlNode *node)
{
	const char *p = node->value;

	if (node->style != YAML_PLAIN || *p < '1' || *p > '9')
		return false;
	while (g_ascii_isdigit(*p))
		p++;
	return *p == ':' && g_ascii_isdigit(p[1]);
}

static void read_time(Reader *reader, const YamlNode *node, void *target)
{
	Schedule *schedule = target;
	const char *text = reader_text(reader, node, "time");
	int hours, minutes;

	if (text == NULL)
		return;
	if (is_sexagesimal(node)) {
		reader_error(reader, node,
			     "'time' must be a text: write \"%s\" in quotes, without which some "
			     "YAML readers take it for a number to the base of sixty",
			     text);
		return;
	}
	if (strlen(text) != 5 || !g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]) ||
	    text[2] != ':' || !g_ascii_isdigit(text[3]) || !g_ascii_isdigit(text[4])) {
		reader_error(reader, node,
			     "'time' must be hh:mm with both digits, such as 09:05, not '%.20s'",
			     text);
		return;
	}
	hours = (text[0] - '0') * 10 + (text[1] - '0');
	minutes = (text[3] - '0') * 10 + (text[4] - '0');
	if (hours > 23 || minutes > 59)
		reader_error(reader, node, "'time' must be 00:00 to 23:59, not '%s'", text);
	else
		schedule->minute = hours * 60 + minutes;
}

static const Zone *find_zone(Reader *reader, const char *name)
{
	RulesFile *file = reader->data;
	Zone *zone = g_tree_lookup(file->zones, name);

	if (zone == NULL && (zone = zone_open(name)) != NULL)
		g_tree_insert(file->zones, g_strdup(name), zone);
	return zone;
}

static void read_timezone(Reader *reader, const YamlNode *node, void *target)
{
	Schedule *schedule = target;
	const char *name = reader_text(reader, node, "timezone");

	if (name == NULL)
		return;
	schedule->zone = find_zone(reader, name);
	if (schedule->zone == NULL) {
		reader_error(
			reader, node,
			"unknown time zone '%.60s'; it must be a name such as Europe/Berlin%s",
			name,
			strchr(name, '/') == NULL
				? ""
				: " (old names may need the system's package of legacy zones)");
		return;
	}
	g_free(schedule->timezone);
	schedule->timezone = g_strdup(name);
}

static void read_cronjob(Reader *reader, const YamlNode *node, void *target)
{
	g_autoptr(GError) error = NULL;
	Schedule *schedule = target;
	const char *text = reader_text(reader, node, "cronjob");

	if (text == NULL)
		return;
	g_free(schedule->cronjob);
	schedule->cronjob = g_strdup(text);
	if (!cron_parse(text, &schedule->cron, &error))
		reader_error(reader, node, "'cronjob': %s", error->message);
}

static void warn_without_effect(Reader *reader, const YamlNode *node, const char *key,
				const char *why)
{
	const YamlNode *at = yaml_get_key(node, key);

	if (yaml_get(node, key) != NULL)
		reader_warn(reader, at == NULL ? node : at, "'%s' has no effect with %s", key, why);
}

static void check(Reader *reader, const YamlNode *node, void *target, int errors)
{
	Schedule *schedule = target;
	const YamlNode *cronjob = yaml_get_key(node, "cronjob");
	bool is_cron = schedule->interval == INTERVAL_CRON;
	int before = reader->errors;

	if (is_cron && yaml_get(node, "cronjob") == NULL)
		reader_error(reader, node,
			     "'cronjob' is missing in 'schedule': 'interval: cron' needs it");
	if (errors == 0 && !is_cron && yaml_get(node, "cronjob") != NULL)
		reader_error(reader, cronjob == NULL ? node : cronjob,
			     "'cronjob' needs 'interval: cron'");
	if (is_cron) {
		warn_without_effect(reader, node, "time", "'interval: cron'");
		warn_without_effect(reader, node, "day", "'interval: cron'");
	} else if (errors == 0 && schedule->interval != INTERVAL_WEEKLY) {
		warn_without_effect(reader, node, "day", "an 'interval' other than weekly");
	}
	if (schedule->zone == NULL)
		schedule->zone = find_zone(reader, schedule->timezone);
	schedule->is_usable = errors == 0 && reader->errors == before && schedule->zone != NULL;
}

static const Field fields[] = {
	{ .key = "interval",
	  .kind = FIELD_WORD,
	  .offset = offsetof(Schedule, interval),
	  .words = intervals,
	  .is_required = true },
	{ .key = "day",
	  .kind = FIELD_WORD,
	  .offset = offsetof(Schedule, day),
	  .low = 1,
	  .words = days },
	{ .key = "time", .kind = FIELD_CUSTOM, .read = read_time },
	{ .key = "timezone", .kind = FIELD_CUSTOM, .read = read_timezone },
	{ .key = "cronjob", .kind = FIELD_CUSTOM, .read = read_cronjob },
};

/* The published schema leaves `schedule` open, so an unknown key is valid. */
const Block schedule_block = {
	.where = "in 'schedule'",
	.fields = fields,
	.n_fields = G_N_ELEMENTS(fields),
	.place_offset = offsetof(Schedule, place),
	.check = check,
	.unknown = WEIGHT_WARNING,
};
