/* SPDX-License-Identifier: MIT */
#include "git/pack.h"

#include "git/cleanup.h"
#include "git/library.h"
#include "upkeepd/limits.h"

/* As git's receive.unpackLimit: fewer objects than this are not worth a pack. */
#define UNPACK_LIMIT 100

/* What is new. */

typedef struct {
	git_repository *repository;
	GArray *ids; /* of git_oid */
} Collection;

static void collect(Collection *collection, const git_oid *id)
{
	g_array_append_vals(collection->ids, id, 1);
}

static bool collect_tree(Collection *collection, const git_oid *id, const git_tree *old,
			 unsigned depth, GError **error);

/* An entry that stands in the old tree under the same name is there already. */
static bool collect_entry(Collection *collection, const git_tree_entry *entry, const git_tree *old,
			  unsigned depth, GError **error)
{
	const git_oid *id = git_tree_entry_id(entry);
	const git_tree_entry *before = NULL;
	g_autoptr(git_tree) folder = NULL;

	if (old != NULL)
		before = git_tree_entry_byname(old, git_tree_entry_name(entry));
	if (git_tree_entry_type(entry) == GIT_OBJECT_COMMIT ||
	    (before != NULL && git_oid_equal(git_tree_entry_id(before), id)))
		return true;
	if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB) {
		collect(collection, id);
		return true;
	}
	if (before != NULL && git_tree_entry_type(before) == GIT_OBJECT_TREE) {
		int code =
			git_tree_lookup(&folder, collection->repository, git_tree_entry_id(before));
		if (code < 0)
			return library_fail(error, FAILURE_IO, code, "reading a folder");
	}
	return collect_tree(collection, id, folder, depth + 1, error);
}

static bool collect_tree(Collection *collection, const git_oid *id, const git_tree *old,
			 unsigned depth, GError **error)
{
	g_autoptr(git_tree) tree = NULL;
	int code;

	if (depth > LIMIT_TREE_DEPTH)
		return fail(error, FAILURE_LIMIT, "folders are nested more than %d deep",
			    LIMIT_TREE_DEPTH);
	code = git_tree_lookup(&tree, collection->repository, id);
	if (code < 0)
		return library_fail(error, FAILURE_IO, code, "reading a folder");
	collect(collection, id);
	for (size_t i = 0; i < git_tree_entrycount(tree); i++)
		if (!collect_entry(collection, git_tree_entry_byindex(tree, i), old, depth, error))
			return false;
	return true;
}

static bool collect_commit(Collection *collection, const char *text, GError **error)
{
	g_autoptr(git_commit) commit = NULL;
	g_autoptr(git_commit) parent = NULL;
	g_autoptr(git_tree) old = NULL;
	git_oid id;
	int code;

	if (!objects_is_id(text) || git_oid_fromstr(&id, text) != 0)
		return fail(error, FAILURE_INPUT, "'%s' is not an object id", text);
	code = git_commit_lookup(&commit, collection->repository, &id);
	if (code == 0 && git_commit_parentcount(commit) > 0 &&
	    (code = git_commit_parent(&parent, commit, 0)) == 0)
		code = git_commit_tree(&old, parent);
	if (code < 0)
		return library_fail(error, FAILURE_IO, code, "reading commit '%s'", text);
	collect(collection, &id);
	if (old != NULL && git_oid_equal(git_tree_id(old), git_commit_tree_id(commit)))
		return true;
	return collect_tree(collection, git_commit_tree_id(commit), old, 0, error);
}

static GArray *collect_all(const Objects *objects, const GPtrArray *commits, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(git_oid));
	Collection collection = { objects_repository(objects), ids };

	for (unsigned i = 0; i < commits->len; i++)
		if (!collect_commit(&collection, g_ptr_array_index(commits, i), error))
			return NULL;
	return g_steal_pointer(&ids);
}

static GBytes *pack_of(const Objects *objects, const GArray *ids, GError **error)
{
	g_autoptr(git_packbuilder) builder = NULL;
	g_auto(git_buf) buffer = { 0 };
	int code = git_packbuilder_new(&builder, objects_repository(objects));

	if (code == 0)
		git_packbuilder_set_threads(builder, 1);
	for (unsigned i = 0; i < ids->len && code == 0; i++)
		code = git_packbuilder_insert(builder, &g_array_index(ids, git_oid, i), NULL);
	if (code == 0)
		code = git_packbuilder_write_buf(&buffer, builder);
	if (code < 0)
		return library_fail_null(error, FAILURE_IO, code, "making a pack");
	return g_bytes_new(buffer.ptr, buffer.size);
}

GBytes *pack_new(const Objects *objects, const GPtrArray *commits, unsigned *count, GError **error)
{
	g_autoptr(GArray) ids = collect_all(objects, commits, error); /* of git_oid */

	if (ids == NULL)
		return NULL;
	if (count != NULL)
		*count = ids->len;
	return pack_of(objects, ids, error);
}

static bool keep_loose(const Objects *objects, const GArray *ids, GError **error)
{
	g_autoptr(git_odb) memory = NULL;
	g_autoptr(git_odb) disk = NULL;
	int code = git_repository_odb(&memory, objects_repository(objects));

	if (code == 0)
		code = git_odb_open(&disk, objects_directory(objects));
	for (unsigned i = 0; i < ids->len && code == 0; i++) {
		g_autoptr(git_odb_object) object = NULL;
		git_oid id;

		code = git_odb_read(&object, memory, &g_array_index(ids, git_oid, i));
		if (code == 0)
			code = git_odb_write(&id, disk, git_odb_object_data(object),
					     git_odb_object_size(object),
					     git_odb_object_type(object));
	}
	return code == 0 || library_fail(error, FAILURE_IO, code, "writing objects to '%s'",
					 objects_directory(objects));
}

bool pack_keep(Objects *objects, const GPtrArray *commits, GError **error)
{
	g_autoptr(GArray) ids = collect_all(objects, commits, error); /* of git_oid */
	g_autoptr(PackReceiver) receiver = NULL;
	g_autoptr(GBytes) pack = NULL;

	if (ids == NULL)
		return false;
	if (ids->len <= UNPACK_LIMIT)
		return keep_loose(objects, ids, error);
	return (pack = pack_of(objects, ids, error)) != NULL &&
	       (receiver = pack_receive(objects, error)) != NULL &&
	       pack_receive_piece(receiver, g_bytes_get_data(pack, NULL), g_bytes_get_size(pack),
				  error) &&
	       pack_receive_end(receiver, error);
}

/* What comes in. */

struct PackReceiver {
	git_odb *database;
	git_odb_writepack *pack;
	git_indexer_progress progress;
	size_t bytes;
};

void pack_receiver_free(PackReceiver *receiver)
{
	if (receiver == NULL)
		return;
	writepack_free(receiver->pack);
	git_odb_free(receiver->database);
	g_free(receiver);
}

PackReceiver *pack_receive(Objects *objects, GError **error)
{
	g_autoptr(PackReceiver) receiver = g_new0(PackReceiver, 1);
	int code = git_repository_odb(&receiver->database, objects_repository(objects));

	if (code == 0)
		code = git_odb_write_pack(&receiver->pack, receiver->database, NULL, NULL);
	if (code < 0)
		return library_fail_null(error, FAILURE_IO, code, "receiving a pack");
	return g_steal_pointer(&receiver);
}

bool pack_receive_piece(PackReceiver *receiver, const void *bytes, size_t length, GError **error)
{
	int code;

	receiver->bytes += length;
	if (receiver->bytes > LIMIT_PACK)
		return fail(error, FAILURE_LIMIT, "the pack has more than %d bytes", LIMIT_PACK);
	code = receiver->pack->append(receiver->pack, bytes, length, &receiver->progress);
	return code >= 0 || library_fail(error, FAILURE_NET, code, "receiving a pack");
}

bool pack_receive_end(PackReceiver *receiver, GError **error)
{
	int code = receiver->pack->commit(receiver->pack, &receiver->progress);

	if (code < 0)
		/* Not ABSENT, which would mean one of our own objects. */
		return library_fail(error, FAILURE_NET, code == GIT_ENOTFOUND ? GIT_ERROR : code,
				    "receiving a pack");
	code = git_odb_refresh(receiver->database);
	return code == 0 || library_fail(error, FAILURE_IO, code, "receiving a pack");
}
