/* SPDX-License-Identifier: MIT */
/* YAML documents as read-only trees with byte positions, over libyaml.
 *
 * Bounded in size, depth, events and aliases (limits.h); aliases are followed,
 * never copied; a key that stands twice in a mapping is a problem that names
 * both lines. Spans count bytes of the text given (a BOM included). What a walk
 * meets, aliases followed, is bounded by LIMIT_YAML_EVENTS, so that consumers may
 * simply walk. Only base/ includes libyaml. Source: operations.md 5.
 */
#pragma once

#include "upkeepd/edit.h"

typedef enum { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING } YamlKind;
typedef enum { YAML_PLAIN, YAML_SINGLE, YAML_DOUBLE, YAML_LITERAL, YAML_FOLDED } YamlStyle;

typedef struct YamlNode YamlNode;
struct YamlNode {
	YamlKind kind;
	YamlStyle style;                    /* of a scalar */
	const char *value;                  /* of a scalar, as YAML reads it; NUL-terminated */
	size_t length;                      /* of value */
	Span span;                          /* of a scalar: quotes included */
	int line, column;                   /* from 1, the column in bytes: where it starts */
	bool has_tag, has_anchor, is_alias; /* is_alias: reached through `*name` */
	int alias_line, alias_column;       /* is_alias: where the alias stands */
	/* of a sequence: the elements; of a mapping: key, value, key, value … */
	const YamlNode *const *children;
	size_t n_children;
};

typedef struct YamlFile YamlFile; /* owns all its nodes */

/* Reads every document of `text`.
 *
 * Errors: INPUT "LINE:COLUMN: what is wrong" for what is no YAML, LIMIT when a
 * ceiling is passed. Duplicate keys are not errors here: yaml_duplicates(). */
YamlFile *yaml_read(GBytes *text, size_t max_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Not yaml_free: libyaml has a function of that name and would call ours. */
void yaml_file_free(YamlFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(YamlFile, yaml_file_free)

size_t yaml_count(const YamlFile *file);
const YamlNode *yaml_root(const YamlFile *file, size_t document); /* NULL: empty document */

/* Keys that stand twice: for each the second key's node and the first's line. */
typedef struct {
	const YamlNode *key;
	int first_line;
} YamlDuplicate;
const GArray *yaml_duplicates(const YamlFile *file); /* of YamlDuplicate */

/* The value of `key` in a mapping: its own, else through `<<` merge keys; NULL
 * if absent or `node` is no mapping. */
const YamlNode *yaml_get(const YamlNode *node, const char *key);
const YamlNode *yaml_get_key(const YamlNode *node, const char *key); /* the key's node; own only */

/* What a plain scalar is by YAML 1.2's core schema (with YAML 1.1's yes/no/on/off
 * told apart, so that a person can be warned). Quoted ones are strings. */
typedef enum { YAML_IS_STRING, YAML_IS_NULL, YAML_IS_BOOL, YAML_IS_INT, YAML_IS_FLOAT } YamlType;
YamlType yaml_type(const YamlNode *scalar);
bool yaml_is_true(const YamlNode *scalar);                  /* of YAML_IS_BOOL */
bool yaml_integer(const YamlNode *scalar, int64_t *number); /* false: none, or too large */
