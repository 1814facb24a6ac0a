/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/sumdb.h"

#include "ecosystems/gomod/goproxy.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/sumtree.h"
#include "net/url.h"

#include <string.h>

#define KNOWN_NAME "sum.golang.org"
#define KNOWN_KEY  KNOWN_NAME "+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
#define ALIAS_NAME "sum.golang.google.cn" /* the same database under another address */
#define MAX_LOOKUP (1024 * 1024)

struct SumDb {
	const GoEnv *env;
	NoteKey *key; /* NULL: GOSUMDB=off, as the next */
	SumTree *tree;
	SumServer server;
};

SumAsk *sumask_new(const char *path, const char *version)
{
	SumAsk *ask = g_new0(SumAsk, 1);

	ask->path = g_strdup(path);
	ask->version = g_strdup(version);
	return ask;
}

void sumask_free(SumAsk *ask)
{
	if (ask == NULL)
		return;
	g_free(ask->path);
	g_free(ask->version);
	g_free(ask->zip_sum);
	g_free(ask->gomod_sum);
	g_clear_error(&ask->error);
	g_free(ask);
}

void sumdb_free(SumDb *db)
{
	if (db == NULL)
		return;
	sumtree_free(db->tree);
	notekey_free(db->key);
	sumserver_clear(&db->server);
	g_free(db);
}

/* A name that "https://NAME" makes the address of. */
static bool is_address(const char *name)
{
	g_autofree char *text = g_strconcat("https://", name, NULL);
	g_autoptr(Url) url = url_parse(text);

	return url != NULL && strpbrk(name, "?#") == NULL && !g_str_has_suffix(name, "/");
}

/* "NAME", "NAME+HASH+KEY", each perhaps with an address behind it. */
static bool configure(SumDb *db, const char *text, GError **error)
{
	g_auto(GStrv) all = g_strsplit_set(text, " \t", -1);
	const char *words[2] = { "", NULL };
	size_t n = 0;

	for (char **word = all; *word != NULL; word++) {
		if (**word == '\0')
			continue;
		if (n == G_N_ELEMENTS(words))
			return fail(error, FAILURE_CONFIG, "GOSUMDB '%s' has too many words", text);
		words[n++] = *word;
	}
	if (n == 1 && strcmp(words[0], ALIAS_NAME) == 0) {
		words[0] = KNOWN_NAME;
		words[1] = "https://" ALIAS_NAME;
	}
	db->key = notekey_parse(strcmp(words[0], KNOWN_NAME) == 0 ? KNOWN_KEY : words[0], error);
	if (db->key == NULL) {
		g_prefix_error(error, "GOSUMDB: ");
		return false;
	}
	if (!is_address(db->key->name))
		return fail(error, FAILURE_CONFIG, "GOSUMDB names '%s', which is no host",
			    db->key->name);
	if (words[1] != NULL) {
		g_autoptr(Url) url = url_parse(words[1]);

		if (url == NULL)
			return fail(error, FAILURE_CONFIG, "GOSUMDB has '%s', which is no address",
				    words[1]);
		db->server.base = g_strdup(words[1]);
	}
	return true;
}

SumDb *sumdb_new(const GoEnv *env, GError **error)
{
	g_autoptr(SumDb) db = g_new0(SumDb, 1);

	db->env = db->server.env = env;
	if (strcmp(env->sumdb, "off") == 0)
		return g_steal_pointer(&db);
	if (!configure(db, env->sumdb, error))
		return NULL;
	db->tree = sumtree_new(env->world, db->key);
	return g_steal_pointer(&db);
}

bool sumdb_covers(const SumDb *db, const char *path)
{
	if (strcmp(path, GOPROXY_TOOLCHAIN) == 0)
		return true;
	return db->key != NULL && !modpath_matches(db->env->no_sumdb, path);
}

/* One look-up on its way. */
typedef struct {
	SumAsk *ask;
	HttpRequest *request;
	char *record; /* its lines */
	char *note;   /* the signed head */
	SumClaim claim;
} Lookup;

static void lookup_free(Lookup *lookup)
{
	http_request_free(lookup->request);
	g_free(lookup->record);
	g_free(lookup->note);
	g_free(lookup);
}

static Lookup *lookup_new(const SumDb *db, SumAsk *ask)
{
	g_autofree char *path = modpath_escape(ask->path, &ask->error);
	g_autofree char *version =
		path != NULL ? modpath_escape_version(ask->version, &ask->error) : NULL;
	g_autofree char *encoded = version != NULL ? http_escape(version) : NULL;
	g_autofree char *place = NULL;
	Lookup *lookup;

	if (encoded == NULL)
		return NULL;
	place = g_strconcat("lookup/", path, "@", encoded, NULL);
	lookup = g_new0(Lookup, 1);
	lookup->ask = ask;
	lookup->request = sumserver_request(&db->server, place, MAX_LOOKUP);
	return lookup;
}

/* Cuts an answer into the record's number, its lines, and the signed head. */
static bool cut_answer(Lookup *lookup)
{
	const GByteArray *answer = lookup->request->answer;
	g_autofree char *text = g_strndup((const char *)answer->data, answer->len);
	char *record = strchr(text, '\n');
	char *gap = record != NULL ? strstr(record + 1, "\n\n") : NULL;
	guint64 id;

	if (gap == NULL)
		return false;
	*record++ = '\0';
	if (!g_ascii_string_to_unsigned(text, 10, 0, MERKLE_MAX_SIZE, &id, NULL))
		return false;
	lookup->claim.id = (int64_t)id;
	lookup->record = g_strndup(record, (size_t)(gap + 1 - record));
	lookup->note = g_strdup(gap + 2);
	return true;
}

static bool read_answer(const SumDb *db, Lookup *lookup, GError **error)
{
	SumClaim *claim = &lookup->claim;

	if (!cut_answer(lookup))
		return fail(error, FAILURE_NET, "no record with a signed head");
	if (!sumtree_read_head(db->key, lookup->note, &claim->head, error))
		return false;
	if (claim->id >= claim->head.size)
		return fail(error, FAILURE_NET,
			    "record %" G_GINT64_FORMAT " is not in the signed tree of "
			    "%" G_GINT64_FORMAT " records",
			    claim->id, claim->head.size);
	claim->note = lookup->note;
	claim->leaf = merkle_leaf(lookup->record, strlen(lookup->record));
	return true;
}

static void take_answer(const SumDb *db, Lookup *lookup)
{
	SumAsk *ask = lookup->ask;

	if (sumserver_is_absent(lookup->request))
		fail(&ask->error, FAILURE_ABSENT,
		     "the checksum database '%s' does not know '%s@%s'", db->key->name, ask->path,
		     ask->version);
	else if (lookup->request->error != NULL || lookup->request->status != 200)
		ask->error = sumserver_failure(lookup->request);
	else if (!read_answer(db, lookup, &ask->error))
		g_prefix_error(&ask->error, "the checksum for '%s@%s' from %s: ", ask->path,
			       ask->version, db->server.base);
}

/* Asks for all, and leaves in `lookups` those that have an answer to prove. */
static void ask_lookups(const SumDb *db, GPtrArray *asks, GPtrArray *lookups)
{
	g_autoptr(GPtrArray) requests = g_ptr_array_new();
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	for (guint i = 0; i < asks->len; i++) {
		Lookup *lookup = lookup_new(db, g_ptr_array_index(asks, i));

		if (lookup == NULL)
			continue;
		g_ptr_array_add(all, lookup);
		g_ptr_array_add(requests, lookup->request);
	}
	http_get_all(db->env->world->http, requests, HTTP_NO_CACHE);
	for (guint i = 0; i < all->len; i++) {
		Lookup *lookup = g_ptr_array_index(all, i);

		take_answer(db, lookup);
		if (lookup->ask->error == NULL)
			g_ptr_array_add(lookups, lookup);
		else
			lookup_free(lookup);
	}
}

/* The sum on the line of `record` that begins with "PATH VERSION "; NULL. */
static char *sum_in(const char *record, const char *path, const char *version)
{
	g_autofree char *start = g_strdup_printf("%s %s h1:", path, version);
	g_auto(GStrv) lines = g_strsplit(record, "\n", -1);

	for (char **line = lines; *line != NULL; line++)
		if (g_str_has_prefix(*line, start))
			return g_strdup(*line + strlen(start) - strlen("h1:"));
	return NULL;
}

static bool read_sums(SumAsk *ask, const char *record)
{
	g_autofree char *gomod = g_strconcat(ask->version, "/go.mod", NULL);

	ask->gomod_sum = sum_in(record, ask->path, gomod);
	if (ask->gomod_sum != NULL)
		ask->zip_sum = sum_in(record, ask->path, ask->version);
	return ask->gomod_sum != NULL;
}

/* Where the record of `ask` is kept once it is proven, with others under the same
 * key; NULL: nowhere. */
static char *record_file(const SumDb *db, const SumAsk *ask)
{
	const char *cache = db->env->world->cache_directory;
	g_autofree char *path = modpath_escape(ask->path, NULL);
	g_autofree char *version = modpath_escape_version(ask->version, NULL);

	if (cache == NULL || db->key == NULL || path == NULL || version == NULL)
		return NULL;
	return g_strdup_printf("%s/modules/sumdb/%s+%08x/lookup/%s@%s", cache, db->key->name,
			       db->key->hash, path, version);
}

/* A record that was proven in an earlier run, or in this one: it cannot change. */
static bool find_sums(const SumDb *db, SumAsk *ask)
{
	g_autofree char *file = record_file(db, ask);
	g_autofree char *record = NULL;

	return file != NULL && g_file_get_contents(file, &record, NULL, NULL) &&
	       read_sums(ask, record);
}

/* What cannot be written is asked for again another time. */
static void keep_record(const SumDb *db, const SumAsk *ask, const char *record)
{
	g_autofree char *file = record_file(db, ask);
	g_autofree char *folder = file != NULL ? g_path_get_dirname(file) : NULL;

	if (file != NULL && g_mkdir_with_parents(folder, 0700) == 0)
		g_file_set_contents_full(file, record, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
					 NULL);
}

static void take_sums(const SumDb *db, const Lookup *lookup)
{
	SumAsk *ask = lookup->ask;

	if (!lookup->claim.is_proven) {
		fail(&ask->error, FAILURE_NET,
		     "%s answers for '%s@%s' with a record that is not in the tree signed by '%s'",
		     db->server.base, ask->path, ask->version, db->key->name);
		return;
	}
	if (read_sums(ask, lookup->record))
		keep_record(db, ask, lookup->record);
	else
		fail(&ask->error, FAILURE_NET,
		     "%s answers for '%s@%s' with the record of another module", db->server.base,
		     ask->path, ask->version);
}

static bool ask_and_prove(SumDb *db, GPtrArray *asks, GError **error)
{
	g_autoptr(GPtrArray) lookups = g_ptr_array_new_with_free_func((GDestroyNotify)lookup_free);
	g_autoptr(GPtrArray) claims = g_ptr_array_new();

	if (db->key == NULL)
		return fail(error, FAILURE_CONFIG, "GOSUMDB is off");
	if (db->server.base == NULL && !sumserver_find(&db->server, db->key->name, error))
		return false;
	ask_lookups(db, asks, lookups);
	for (guint i = 0; i < lookups->len; i++)
		g_ptr_array_add(claims, &((Lookup *)g_ptr_array_index(lookups, i))->claim);
	if (claims->len > 0 && !sumtree_prove(db->tree, &db->server, claims, error))
		return false;
	for (guint i = 0; i < lookups->len; i++)
		take_sums(db, g_ptr_array_index(lookups, i));
	return true;
}

void sumdb_ask_all(SumDb *db, GPtrArray *asks)
{
	g_autoptr(GPtrArray) unknown = g_ptr_array_new();
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < asks->len; i++)
		if (!find_sums(db, g_ptr_array_index(asks, i)))
			g_ptr_array_add(unknown, g_ptr_array_index(asks, i));
	if (unknown->len == 0 || ask_and_prove(db, unknown, &error))
		return;
	for (guint i = 0; i < unknown->len; i++) {
		SumAsk *ask = g_ptr_array_index(unknown, i);

		if (ask->error == NULL)
			ask->error = g_error_copy(error);
	}
}
