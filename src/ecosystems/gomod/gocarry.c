/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gocarry.h"

#include "base/text.h"
#include "ecosystems/gomod/fetch.h"
#include "ecosystems/gomod/gomod.h"
#include "ecosystems/gomod/gonamed.h"
#include "ecosystems/gomod/together.h"
#include "ecosystems/gomod/version.h"
#include "upkeepd/rules.h"

#include <string.h>

enum {
	MOST_REMARKS = 20, /* of one go.mod; a new minor of a large module moves hundreds */
	/* Each that gives way for itself has its plan carried anew. */
	MOST_BLAMED = 8,
};

/* Who is asked about modules, in each world. */
typedef struct {
	const Worlds *worlds;
	GPtrArray *known;     /* of World, borrowed */
	GPtrArray *suppliers; /* of Supplier, for each of them */
} Suppliers;

static void free_supplier(void *supplier)
{
	fetch_free(supplier);
}

static void suppliers_begin(Suppliers *suppliers, const Worlds *worlds)
{
	*suppliers = (Suppliers){
		.worlds = worlds,
		.known = g_ptr_array_new(),
		.suppliers = g_ptr_array_new_with_free_func(free_supplier),
	};
}

static void suppliers_clear(Suppliers *suppliers)
{
	g_ptr_array_unref(suppliers->known);
	g_ptr_array_unref(suppliers->suppliers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Suppliers, suppliers_clear)

/* NULL with `*error`: the settings of Go cannot be used. */
static Supplier *supplier_for(Suppliers *suppliers, const Manifest *manifest, GError **error)
{
	World *world = suppliers->worlds->of(suppliers->worlds->data, manifest);
	Supplier *supplier;
	guint at;

	if (g_ptr_array_find(suppliers->known, world, &at))
		return g_ptr_array_index(suppliers->suppliers, at);
	supplier = fetch_new(world, error);
	if (supplier == NULL)
		return NULL;
	g_ptr_array_add(suppliers->known, world);
	g_ptr_array_add(suppliers->suppliers, supplier);
	return supplier;
}

static bool is_ours(const Update *update)
{
	return update->manifest->ecosystem == &ecosystem_gomod;
}

static Update *update_at(const Plan *plan, guint i)
{
	return g_ptr_array_index(plan->updates, i);
}

/* Where a manifest lies, from the root; the caller's. */
static char *folder_of(const Manifest *manifest)
{
	const char *slash = strrchr(manifest->path, '/');

	return slash != NULL ? g_strndup(manifest->path, (size_t)(slash - manifest->path))
			     : g_strdup("");
}

static const Move *find_move(const TidyResult *result, const char *path)
{
	for (guint i = 0; i < result->moves->len; i++) {
		const Move *move = g_ptr_array_index(result->moves, i);

		if (strcmp(move->path, path) == 0)
			return move;
	}
	return NULL;
}

static bool is_asked_for(const Plan *plan, const Manifest *manifest, const char *path)
{
	for (guint i = 0; i < plan->updates->len; i++)
		if (update_at(plan, i)->manifest == manifest &&
		    (strcmp(update_at(plan, i)->dependency->name, path) == 0 ||
		     strcmp(update_target(update_at(plan, i)), path) == 0))
			return true;
	return false;
}

/* What a person should know of one requirement that moved unasked; NULL for the many
 * indirect ones. */
static char *remark_of(const Move *move)
{
	if (!move->was_direct && !move->is_direct)
		return NULL;
	if (move->from == NULL)
		return g_strdup_printf("`%s` %s is required", move->path, move->to);
	if (move->to == NULL)
		return g_strdup_printf("`%s` %s is no longer required", move->path, move->from);
	if (strcmp(move->from, move->to) != 0)
		return g_strdup_printf("`%s` moves from %s to %s", move->path, move->from,
				       move->to);
	return g_strdup_printf("`%s` is now required %s", move->path,
			       move->is_direct ? "directly" : "indirectly");
}

/* In several directories the remark says in which. */
static void add_remark(Plan *plan, const Manifest *manifest, const char *text)
{
	g_autofree char *directory = text_code(manifest->directory);

	if (strcmp(manifest->directory, "/") == 0)
		g_ptr_array_add(plan->remarks, g_strdup(text));
	else
		g_ptr_array_add(plan->remarks, g_strdup_printf("in %s: %s", directory, text));
}

static void remark_moves(Plan *plan, const Manifest *manifest, const TidyResult *result)
{
	guint said = 0, unsaid = 0;
	g_autofree char *rest = NULL;

	for (guint i = 0; i < result->moves->len; i++) {
		const Move *move = g_ptr_array_index(result->moves, i);
		g_autofree char *text = NULL;

		if (is_asked_for(plan, manifest, move->path))
			continue;
		text = remark_of(move);
		if (text == NULL || said == MOST_REMARKS) {
			unsaid++;
			continue;
		}
		add_remark(plan, manifest, text);
		said++;
	}
	if (unsaid == 0)
		return;
	rest = g_strdup_printf("%u %s requirement%s %s", unsaid, said > 0 ? "other" : "indirect",
			       unsaid == 1 ? "" : "s", unsaid == 1 ? "moves" : "move");
	add_remark(plan, manifest, rest);
}

/* A phrase for the title, beside one that is there already. */
static void add_note(Update *update, const char *phrase)
{
	char *note = update->note == NULL ? g_strdup(phrase)
					  : g_strconcat(update->note, " and ", phrase, NULL);

	g_free(update->note);
	update->note = note;
}

/* Raising the go line may cost users of the module their compiler: it is said first.
 * NULL: it stays. The caller's. */
static char *raise_of(const TidyResult *result)
{
	if (result->go_from == NULL || result->go_to == NULL ||
	    strcmp(result->go_from, result->go_to) == 0)
		return NULL;
	return g_strdup_printf("raises the go line from %s to %s", result->go_from, result->go_to);
}

static void note_go_line(Plan *plan, Update *update, const TidyResult *result)
{
	g_autofree char *phrase = raise_of(result);

	if (phrase == NULL)
		return;
	add_note(update, phrase);
	if (plan->note == NULL)
		plan->note = g_strdup(phrase);
}

/* Why an update does not come about, as a sentence about it; NULL if it does. */
static const char *why_not_moved(const Move *move)
{
	if (move != NULL && move->to == NULL)
		return "nothing needs it, and `go mod tidy` would remove it";
	if (move == NULL || g_strcmp0(move->from, move->to) == 0)
		return "another version has no effect here";
	return NULL;
}

static bool is_renaming(const Update *update)
{
	return update->to_name != NULL;
}

/* What the go.mod requires of the module that an update leads to; NULL: nothing. */
static const char *required(const Update *update)
{
	const ModRequire *require =
		modfile_require(gomod_file(update->dependency), update_target(update));

	return require != NULL ? require->version : NULL;
}

/* The version where an update ends; NULL: it does not come about. Another path that it
 * leads to may be required already. */
static const char *end_of(const Update *update, const TidyResult *result, const char **why)
{
	const Move *move = find_move(result, update_target(update));
	const char *end = move != NULL ? move->to : is_renaming(update) ? required(update) : NULL;

	*why = is_renaming(update) && end != NULL ? NULL : why_not_moved(move);
	return *why == NULL ? end : NULL;
}

/* Sets each update of the manifest to what has become of it; those that do not come
 * about go to `dropped`, and why to the problems. */
static void settle_updates(Plan *plan, Manifest *manifest, const TidyResult *result,
			   GPtrArray *dropped)
{
	bool is_first = true;

	for (guint i = 0; i < plan->updates->len; i++) {
		Update *update = update_at(plan, i);
		const Dependency *dependency = update->dependency;
		const char *why, *end;

		if (update->manifest != manifest)
			continue;
		end = end_of(update, result, &why);
		if (end == NULL) {
			g_ptr_array_add(dropped, update);
			g_ptr_array_add(manifest->problems,
					problem_new(manifest->path, dependency->line,
						    dependency->column, WEIGHT_WARNING,
						    "'%s' stays at %s: %s", dependency->name,
						    update->from, why));
			continue;
		}
		if (strcmp(update->to, end) != 0) {
			g_free(update->to);
			update->to = g_strdup(end);
		}
		if (is_first)
			note_go_line(plan, update, result);
		is_first = false;
	}
}

/* Takes the dropped updates out of the plan; without any it is moot, and keeps them to be
 * known by. */
static void drop_updates(Plan *plan, const GPtrArray *dropped)
{
	plan->is_moot = dropped->len > 0 && dropped->len == plan->updates->len;
	if (plan->is_moot)
		g_ptr_array_set_size(plan->changes, 0);
	for (guint i = 0; i < dropped->len && !plan->is_moot; i++)
		g_ptr_array_remove(plan->updates, g_ptr_array_index(dropped, i));
}

/* Of two for one path the higher one; none that would lower what is required. */
static void add_bump(GArray *bumps, const Update *update)
{
	Bump bump = { update_target(update), update->to };
	const char *present = is_renaming(update) ? required(update) : NULL;

	if (present != NULL && version_compare(present, bump.version) >= 0)
		return;
	for (guint i = 0; i < bumps->len; i++) {
		Bump *other = &g_array_index(bumps, Bump, i);

		if (strcmp(other->path, bump.path) != 0)
			continue;
		if (version_compare(other->version, bump.version) < 0)
			*other = bump;
		return;
	}
	g_array_append_val(bumps, bump);
}

static bool carry_manifest(Plan *plan, Manifest *manifest, Together *together, Suppliers *suppliers,
			   GError **error)
{
	g_autoptr(GArray) bumps = g_array_new(FALSE, FALSE, sizeof(Bump));
	g_autoptr(GArray) renames = g_array_new(FALSE, FALSE, sizeof(Rename));
	g_autofree char *folder = folder_of(manifest);
	TidyOrder order = { .directory = folder,
			    .max_go = manifest->rules != NULL ? manifest->rules->max_go : NULL,
			    .builders = plan->builders,
			    .supplier = supplier_for(suppliers, manifest, error),
			    .is_held = &plan->is_held };

	if (order.supplier == NULL)
		return false;

	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = update_at(plan, i);
		Rename rename = { update->dependency->name, update_target(update), update->to };

		if (update->manifest != manifest)
			continue;
		add_bump(bumps, update);
		if (is_renaming(update))
			g_array_append_val(renames, rename);
	}
	order.renames = (const Rename *)(const void *)renames->data;
	order.n_renames = renames->len;
	order.bumps = (const Bump *)(const void *)bumps->data;
	order.n_bumps = bumps->len;
	if (together_tidy(together, &order, error))
		return true;
	g_prefix_error(error, "%s: ", manifest->path);
	return false;
}

/* The manifest of the plan that lies in a folder; NULL if there is none. */
static Manifest *manifest_in(const GPtrArray *manifests, const char *directory)
{
	for (guint i = 0; i < manifests->len; i++) {
		Manifest *manifest = g_ptr_array_index(manifests, i);
		g_autofree char *folder = folder_of(manifest);

		if (strcmp(folder, directory) == 0)
			return manifest;
	}
	return NULL;
}

/* A module that the plan did not mean. */
static void remark_follower(Plan *plan, const TidyResult *result)
{
	g_autofree char *raise = raise_of(result);
	g_autofree char *path = g_strconcat(result->directory,
					    *result->directory != '\0' ? "/" : "", "go.mod", NULL);
	g_autofree char *code = text_code(path);

	if (result->moves->len > 0 || raise != NULL)
		g_ptr_array_add(plan->remarks, g_strdup_printf("%s changes with it%s%s", code,
							       raise != NULL ? ", which " : "",
							       raise != NULL ? raise : ""));
}

/* What has become of one module, whether the plan meant it or it went along. */
static void settle(Plan *plan, const GPtrArray *manifests, const TidyResult *result,
		   GPtrArray *dropped)
{
	Manifest *manifest = manifest_in(manifests, result->directory);

	if (manifest == NULL) {
		remark_follower(plan, result);
		return;
	}
	remark_moves(plan, manifest, result);
	for (guint i = 0; i < result->notes->len; i++)
		add_remark(plan, manifest, g_ptr_array_index(result->notes, i));
	settle_updates(plan, manifest, result, dropped);
}

/* The manifests of the plan, each once. */
static GPtrArray *manifests_of(const Plan *plan)
{
	GPtrArray *manifests = g_ptr_array_new();

	for (guint i = 0; i < plan->updates->len; i++) {
		Manifest *manifest = update_at(plan, i)->manifest;

		if (is_ours(update_at(plan, i)) && !g_ptr_array_find(manifests, manifest, NULL))
			g_ptr_array_add(manifests, manifest);
	}
	return manifests;
}

static bool carry(Plan *plan, Source *source, Suppliers *suppliers, GError **error)
{
	g_autoptr(GPtrArray) manifests = manifests_of(plan), dropped = g_ptr_array_new();
	g_autoptr(Together) together = together_new(source, NULL);
	g_autoptr(GPtrArray) results = NULL;

	for (guint i = 0; i < manifests->len; i++)
		if (!carry_manifest(plan, g_ptr_array_index(manifests, i), together, suppliers,
				    error))
			return false;
	results = together_results(together, plan->changes, error);
	if (results == NULL)
		return false;
	for (guint i = 0; i < results->len; i++)
		settle(plan, manifests, g_ptr_array_index(results, i), dropped);
	drop_updates(plan, dropped);
	return true;
}

/* Whether trying again later would help. */
static bool is_passing(const GError *error)
{
	switch (failure_kind(error)) {
	case FAILURE_BUSY:
	case FAILURE_NET:
	case FAILURE_IO:
	case FAILURE_STOPPED:
		return true;
	default:
		return false;
	}
}

static bool is_of_path(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("-._~/", c) != NULL);
}

/* Whether a text names a module, or something below it. */
static bool names(const char *text, const char *path)
{
	size_t length = strlen(path);

	for (const char *at = strstr(text, path); at != NULL; at = strstr(at + 1, path))
		if ((at == text || !is_of_path(at[-1])) &&
		    (at[length] == '/' || !is_of_path(at[length])))
			return true;
	return false;
}

/* How much of an update's paths the text has. */
static size_t named_length(const char *text, const Update *update)
{
	const char *paths[] = { update_target(update), update->dependency->name };

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
		if (names(text, paths[i]))
			return strlen(paths[i]);
	return 0;
}

static bool may_give_way(const Update *update)
{
	return is_ours(update) && update->otherwise != NULL;
}

/* Of those that may give way the one that the plan's error is about; NULL: it does not say.
 * A path may begin with another one. */
static const Update *find_blamed(const Plan *plan)
{
	const Update *best = NULL;
	size_t length = 0;

	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = update_at(plan, i);
		size_t named =
			may_give_way(update) ? named_length(plan->error->message, update) : 0;

		if (named <= length)
			continue;
		best = update;
		length = named;
	}
	return best;
}

/* Where a plan failed that goes to next major versions, has it do without the one that is
 * the reason, or without any; why is told in `problems` (of Problem; NULL: in those of its
 * manifests). `n_given` counts the times. False: it does not. */
static bool give_way(Plan *plan, guint *n_given, GPtrArray *problems)
{
	const Update *blamed = NULL;
	bool is_other = false;

	if (is_passing(plan->error))
		return false;
	if ((*n_given)++ < MOST_BLAMED)
		blamed = find_blamed(plan);
	for (guint i = 0; i < plan->updates->len; i++) {
		Update *update = update_at(plan, i);
		const Dependency *dependency = update->dependency;
		Manifest *manifest = update->manifest;

		if (!may_give_way(update) || (blamed != NULL && update != blamed))
			continue;
		g_ptr_array_add(problems != NULL ? problems : manifest->problems,
				problem_new(manifest->path, dependency->line, dependency->column,
					    WEIGHT_WARNING, "'%s' does not go to '%s' %s: %s",
					    dependency->name, update_target(update), update->to,
					    plan->error->message));
		update_give_way(update);
		is_other = true;
	}
	if (is_other) {
		g_clear_error(&plan->error);
		plan->is_held = false;
	}
	return is_other;
}

static void carry_as_may_be(Plan *plan, Source *source, Suppliers *suppliers)
{
	guint n_given = 0;

	while (!carry(plan, source, suppliers, &plan->error))
		if (!give_way(plan, &n_given, NULL)) {
			g_ptr_array_set_size(plan->changes, 0);
			return;
		}
}

bool gocarry_resolve(const Worlds *worlds, Source *source, GPtrArray *plans,
		     GError **error G_GNUC_UNUSED)
{
	g_auto(Suppliers) suppliers = { 0 };

	suppliers_begin(&suppliers, worlds);
	for (guint i = 0; i < plans->len; i++) {
		Plan *plan = g_ptr_array_index(plans, i);

		if (plan->error == NULL)
			carry_as_may_be(plan, source, &suppliers);
	}
	return true;
}

/* The moves and notes of one module. */
static void tell(Deed *deed, const TidyResult *result)
{
	g_autofree char *path = g_build_filename(result->directory, "go.mod", NULL);

	for (guint i = 0; i < result->notes->len; i++)
		g_ptr_array_add(deed->notes,
				problem_new(path, 0, 0, WEIGHT_WARNING, "%s",
					    (char *)g_ptr_array_index(result->notes, i)));
	for (guint i = 0; i < result->moves->len; i++) {
		const Move *move = g_ptr_array_index(result->moves, i);

		g_ptr_array_add(deed->shifts, shift_new(path, move->path, move->from, move->to));
	}
}

static bool perform_manifest(Plan *plan, Manifest *manifest, Together *together,
			     Suppliers *suppliers)
{
	if (carry_manifest(plan, manifest, together, suppliers, &plan->error))
		return true;
	for (guint i = 0; i < plan->updates->len; i++)
		if (update_at(plan, i)->dependency->offer == NULL)
			gonamed_complete_error(update_at(plan, i), plan->error);
	return false;
}

static bool perform_plan(Plan *plan, Together *together, Suppliers *suppliers)
{
	g_autoptr(GPtrArray) manifests = manifests_of(plan);

	for (guint i = 0; i < manifests->len; i++)
		if (!perform_manifest(plan, g_ptr_array_index(manifests, i), together, suppliers))
			return false;
	return true;
}

/* What was named outright has not been looked up. */
static void settle_named(Plan *plan)
{
	for (guint i = 0; i < plan->updates->len; i++)
		if (update_at(plan, i)->dependency->offer == NULL)
			gonamed_settle(update_at(plan, i));
}

bool gocarry_perform(const Worlds *worlds, Source *source, GPtrArray *plans, Deed *deed,
		     GError **error)
{
	g_auto(Suppliers) suppliers = { 0 };
	g_autoptr(Together) together = together_new(source, NULL);
	g_autoptr(GPtrArray) results = NULL;

	suppliers_begin(&suppliers, worlds);
	for (guint i = 0; i < plans->len; i++) {
		Plan *plan = g_ptr_array_index(plans, i);
		guint n_given = 0;

		settle_named(plan);
		while (!perform_plan(plan, together, &suppliers) &&
		       give_way(plan, &n_given, deed->notes))
			;
	}
	results = together_results(together, deed->changes, error);
	if (results == NULL)
		return false;
	for (guint i = 0; i < results->len; i++)
		tell(deed, g_ptr_array_index(results, i));
	return true;
}

static const FileChange *find_change(const Plan *plan, const char *path)
{
	for (guint i = 0; i < plan->changes->len; i++) {
		const FileChange *change = g_ptr_array_index(plan->changes, i);

		if (strcmp(change->path, path) == 0)
			return change;
	}
	return NULL;
}

/* Whether the go.mod that comes out requires what the update says. */
static bool check_update(const Plan *plan, const Update *update, GError **error)
{
	const FileChange *change = find_change(plan, update->manifest->path);
	g_autoptr(ModFile) file = NULL;

	if (change == NULL || change->after == NULL)
		return fail(error, FAILURE_INPUT, "%s does not change", update->manifest->path);
	file = modfile_parse(update->manifest->path, change->after, MODFILE_MAIN, error);
	if (file == NULL)
		return false;
	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(file->requires, i);

		if (strcmp(require->path, update_target(update)) == 0 &&
		    strcmp(require->version, update->to) == 0)
			return true;
	}
	return fail(error, FAILURE_INPUT, "%s would not require '%s' %s", update->manifest->path,
		    update->dependency->name, update->to);
}

bool gocarry_rewrite(Plan *plan, GError **error)
{
	for (guint i = 0; i < plan->updates->len; i++)
		if (is_ours(update_at(plan, i)) && !check_update(plan, update_at(plan, i), error))
			return false;
	return true;
}
