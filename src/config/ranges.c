/* SPDX-License-Identifier: MIT */
#include "config/ranges.h"

#include <string.h>

/* What a scan of one version of gomod has seen. */
typedef struct {
	bool has_wildcard; /* a component `*`, `x` or `X` */
	unsigned numbers;  /* components before any suffix */
} Version;

static void skip_blanks(const char **p)
{
	while (**p == ' ' || **p == '\t')
		(*p)++;
}

static bool is_wildcard(const char *component, size_t length)
{
	return length == 1 && strchr("*xX", *component) != NULL;
}

/* A version: components parted by dots, the first a number or wildcard, and a
 * suffix from `-` or `+` on, unless wildcards stand before the last of them. */
static bool scan_version(const char **p, Version *version)
{
	bool takes_suffix = true;

	*version = (Version){ 0 };
	if (**p == 'v' && g_ascii_isdigit((*p)[1]))
		(*p)++;
	do {
		size_t length;

		if (version->numbers > 0)
			(*p)++; /* the dot */
		length = **p == '*' ? 1 : 0;
		while (**p != '*' && g_ascii_isalnum((*p)[length]))
			length++;
		if (length == 0)
			return false;
		takes_suffix = **p != '*' && !version->has_wildcard &&
			       (version->numbers > 0 || g_ascii_isdigit(**p));
		if (is_wildcard(*p, length))
			version->has_wildcard = true;
		else if (version->numbers == 0 && !g_ascii_isdigit(**p))
			return false;
		version->numbers++;
		*p += length;
	} while (**p == '.');
	if (takes_suffix && (**p == '-' || **p == '+'))
		while (g_ascii_isalnum(**p) || (**p != '\0' && strchr(".-+", **p) != NULL))
			(*p)++;
	return true;
}

/* The operator at *p, moved past; 0 if there is none. `first` are operators of one
 * character that stand for themselves. */
static char scan_operator(const char **p, const char *first)
{
	static const char *const two[] = { "~>", ">=", "<=", "!=" };
	char c = **p;

	for (size_t i = 0; i < G_N_ELEMENTS(two); i++)
		if (strncmp(*p, two[i], 2) == 0) {
			*p += 2;
			return two[i][0] == '~' ? 'p' : c;
		}
	if (c == '\0' || strchr(first, c) == NULL)
		return 0;
	(*p)++;
	return c;
}

/* The number that Bundler's versions begin with, and words behind dots: "1.22.x". */
static bool scan_gem_version(const char **p, bool *has_wildcard)
{
	if (**p == 'v' && g_ascii_isdigit((*p)[1]))
		(*p)++;
	if (!g_ascii_isdigit(**p))
		return false;
	while (g_ascii_isdigit(**p))
		(*p)++;
	while (**p == '.' && g_ascii_isalnum((*p)[1])) {
		size_t length = 1;

		while (g_ascii_isalnum((*p)[1 + length]))
			length++;
		*has_wildcard |= is_wildcard(*p + 1, length);
		*p += 1 + length;
	}
	if (**p == '-' && (*p)[1] != '\0')
		while (g_ascii_isalnum(**p) || (**p != '\0' && strchr("-.", **p) != NULL))
			(*p)++;
	return true;
}

/* One condition between commas, in the syntax of Bundler. */
static bool docker_condition(const char *text, char **remark)
{
	bool has_wildcard = false;
	const char *p = text;

	skip_blanks(&p);
	scan_operator(&p, "=<>");
	skip_blanks(&p);
	if (!scan_gem_version(&p, &has_wildcard))
		return false;
	skip_blanks(&p);
	if (has_wildcard && *remark == NULL)
		*remark = g_strdup_printf("'%s' matches nothing: x is no wildcard here; for all "
					  "of 1.22 write '~> 1.22.0'",
					  text);
	return *p == '\0';
}

static bool gomod_condition(const char *text, char **remark)
{
	const char *p = text;
	Version version, end;
	char sign;

	skip_blanks(&p);
	sign = scan_operator(&p, "=<>^~");
	skip_blanks(&p);
	if (!scan_version(&p, &version))
		return false;
	skip_blanks(&p);
	if (sign == 0 && *p == '-' && p[-1] == ' ' && p[1] == ' ') {
		p++;
		skip_blanks(&p);
		if (!scan_version(&p, &end) || version.has_wildcard || end.has_wildcard)
			return false;
		skip_blanks(&p);
	} else if (sign == 0 && *p == '\0' && *remark == NULL && !version.has_wildcard) {
		*remark = g_strdup_printf("'%s' ignores every version from there to the next "
					  "major; for this release alone write '= %s'",
					  text, text);
	} else if (sign == 0 && version.has_wildcard && version.numbers > 2 && *remark == NULL) {
		*remark = g_strdup_printf("'%s' ignores every version up to the next major; for "
					  "one minor write '~1.5'",
					  text);
	}
	return *p == '\0';
}

static bool all_conditions(const char *text, bool (*condition)(const char *, char **),
			   char **remark)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	for (char **part = parts; *part != NULL; part++)
		if (!condition(g_strstrip(*part), remark))
			return false;
	return *parts != NULL;
}

/* Ruby's split() drops what is empty behind the last comma. */
static bool docker_range(const char *range, char **remark)
{
	g_autofree char *text = g_strchomp(g_strdup(range));
	size_t length = strlen(text);

	if (length > 1 && text[length - 1] == ',')
		text[length - 1] = '\0';
	return all_conditions(text, docker_condition, remark);
}

static bool gomod_range(const char *range, char **remark)
{
	g_auto(GStrv) alternatives = g_strsplit(range, "||", -1);

	for (char **one = alternatives; *one != NULL; one++)
		if (!all_conditions(*one, gomod_condition, remark))
			return false;
	return *alternatives != NULL;
}

bool range_check(const char *ecosystem, const char *range, char **remark)
{
	bool is_gomod = strcmp(ecosystem, "gomod") == 0;
	bool is_docker =
		strcmp(ecosystem, "docker") == 0 || strcmp(ecosystem, "docker-compose") == 0;

	*remark = NULL;
	if (is_gomod && !gomod_range(range, remark)) {
		g_free(*remark);
		*remark =
			g_strdup("a range for gomod is one such as '>= 1.5, < 2', '~1.5', '^1.5', "
				 "'= 1.5.2' or '1.x', several parted by '||'");
		return false;
	}
	if (is_docker && !docker_range(range, remark)) {
		g_free(*remark);
		*remark = g_strdup("a range for docker is one such as '1.22', '>= 1.22, < 1.24', "
				   "'~> 1.22.0' or '!= 1.5'");
		return false;
	}
	return true;
}
