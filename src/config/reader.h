/* SPDX-License-Identifier: MIT */
/* Reads mappings of YAML into structs, as tables say.
 *
 * A Block describes a mapping: its keys, each with its type, bounds and the
 * member of the struct that takes the value. reader_block() checks a node
 * against it and notes every mistake, with its place and what was probably
 * meant, among the problems; it never stops at the first. What is wrong leaves
 * the struct's member as it was. Both dependabot.yml and upkeepd.yml are tables.
 */
#pragma once

#include "base/yaml.h"
#include "upkeepd/manifest.h"

typedef struct Reader Reader;
typedef struct Block Block;

/* What a key's value is, and the type of the member that takes it. */
typedef enum {
	FIELD_TEXT,    /* char *: a string of `low` to `high` characters */
	FIELD_WRITTEN, /* char *: any scalar, as written (1.20 stays "1.20") */
	FIELD_TEXTS,   /* GPtrArray *, of char *: `low` to `high` distinct, non-empty strings */
	FIELD_ONE_OR_TEXTS, /* the same, or one string by itself */
	FIELD_FLAG,         /* bool */
	FIELD_NUMBER,       /* int: `low` to `high` */
	FIELD_WORD,         /* int: `low` + which one of `words` */
	FIELD_CLAIM,        /* bool: whether it is the last one of `words` */
	FIELD_CHOICE,       /* char *: one of `words` */
	FIELD_CHARACTER,    /* char: one of `words`, each of one character */
	FIELD_BITS,         /* unsigned: a list of `words`, bit n for the nth */
	FIELD_BLOCK,        /* the struct of `block` itself */
	FIELD_BLOCKS,       /* GPtrArray *, of the struct of `block`: a list of mappings */
	FIELD_NAMED,        /* the same: a mapping from names to mappings */
	FIELD_CUSTOM,       /* read() does all, with the struct as `target` */
} FieldKind;

typedef struct {
	const char *key;
	FieldKind kind;
	size_t offset;            /* of the member; NO_OFFSET: checked, not kept */
	int64_t low, high;        /* bounds; high 0: none */
	const char *const *words; /* NULL-terminated */
	const Block *block;
	void (*read)(Reader *reader, const YamlNode *node, void *target);
	bool is_required;
	const char *remark; /* a warning wherever the key stands; NULL: none */
} Field;

#define NO_OFFSET SIZE_MAX

struct Block {
	const char *where; /* in sentences: "in 'schedule'", "at the top level" */
	const Field *fields;
	size_t n_fields;
	void *(*create)(void); /* BLOCKS, NAMED: a struct with its defaults */
	size_t place_offset;   /* of its `Place place`; NO_OFFSET: it has none */
	size_t name_offset;    /* NAMED: of its `char *name` */
	/* After they have been read: what no single field can tell. `errors` is
	 * the number of errors among them. May be NULL. */
	void (*check)(Reader *reader, const YamlNode *node, void *target, int errors);
	Weight unknown;        /* the weight of a key that is not known */
	bool may_be_empty;     /* a value that is not there stands for an empty mapping */
	bool needs_a_key;      /* a mapping without any is a mistake */
	bool stands_apart;     /* BLOCKS: what is wrong in one element concerns it alone */
	const char *shorthand; /* the key that a text by itself stands for; NULL: none */
	const char *no_text;   /* what to say of a text instead of a mapping; NULL: the usual */
	const Field *others;   /* NAMED: takes the keys that are not known; NULL: none does */
};

struct Reader {
	const char *path;    /* for problems and places; outlives what is read */
	GPtrArray *problems; /* of Problem */
	const Block *root;   /* the whole grammar: where misplaced keys belong */
	int errors;          /* so far */
	int errors_apart;    /* of these, in elements that stand apart */
	bool is_cut;         /* there are more problems than are kept */
	void *data;          /* of who reads */
};

/* Notes a mistake at `at`; NULL: the file as a whole. */
void reader_error(Reader *reader, const YamlNode *at, const char *format, ...) G_GNUC_PRINTF(3, 4);
void reader_warn(Reader *reader, const YamlNode *at, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Reads `node` into `target`, a struct as `block` describes; `key` is what holds
 * it, for messages; NULL: nothing does. */
void reader_block(Reader *reader, const YamlNode *node, const char *key, const Block *block,
		  void *target);

/* Reads the one document of `text`: NULL with a problem noted if there is none.
 * The nodes live as long as *file. */
const YamlNode *reader_document(Reader *reader, GBytes *text, YamlFile **file);

/* Sorts the problems by their places and drops those said twice. */
void reader_finish(Reader *reader);

/* The value of a node that must be a string; NULL, with the mistake noted, if
 * it is none. Borrowed. */
const char *reader_text(Reader *reader, const YamlNode *node, const char *key);

/* What a node is, in words: "a list", "a number", "nothing". */
const char *reader_kind(const YamlNode *node);

/* The place of a node, and a node that stands for a place in messages. */
Place reader_place(const Reader *reader, const YamlNode *node);
YamlNode reader_at(const Place *place);

/* Reads a list of distinct, non-empty strings, within the bounds of `field`. */
void reader_texts(Reader *reader, const YamlNode *node, const Field *field, GPtrArray **list);

/* "…; did you mean 'x'?" for a word that none of `words` equals, or "": the
 * caller's. */
char *reader_hint(const char *word, const char *const *words);
