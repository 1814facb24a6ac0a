/* SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "ecosystems/docker/docker.h"
#include "ecosystems/docker/reference.h"
#include "ecosystems/docker/rewrite.h"
#include "tables.h"

#define DIGEST "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER  "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* The text of a table's cell: C escapes, <digest>, <other>. */
static char *plain(const char *cell)
{
	g_autoptr(GString) text = g_string_new(cell);

	g_string_replace(text, "<digest>", DIGEST, 0);
	g_string_replace(text, "<other>", OTHER, 0);
	return g_strcompress(text->str);
}

static Manifest *manifest_of(const char *path, const char *text)
{
	const Ecosystem *ecosystem =
		strstr(path, "compose") != NULL ? &ecosystem_docker_compose : &ecosystem_docker;
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	Manifest *manifest = manifest_new(ecosystem, path, "/", bytes);
	g_autoptr(GError) error = NULL;

	g_assert_true(ecosystem->claims(path));
	g_assert_true(ecosystem->parse(manifest, &error));
	g_assert_no_error(error);
	return manifest;
}

/* "INDEX=TAG@DIGEST" */
static void add_update(Plan *plan, Manifest *manifest, const char *change)
{
	g_auto(GStrv) sides = g_strsplit(change, "=", 2);
	g_auto(GStrv) parts = g_strsplit(sides[1], "@", 2);
	guint64 index = 0;
	Update *update;

	g_assert_true(g_ascii_string_to_unsigned(sides[0], 10, 0, 100, &index, NULL));
	g_assert_cmpuint((guint)index, <, manifest->dependencies->len);
	update = update_new(manifest, g_ptr_array_index(manifest->dependencies, (guint)index));
	update->to = *parts[0] != '\0' ? g_strdup(parts[0]) : NULL;
	update->to_digest = g_strdup(parts[1]);
	g_ptr_array_add(plan->updates, update);
}

static char *problem_lines(const Manifest *manifest)
{
	GString *list = g_string_new(NULL);

	for (guint i = 0; i < manifest->problems->len; i++) {
		const Problem *problem = g_ptr_array_index(manifest->problems, i);

		g_string_append_printf(list, "%s%d", i > 0 ? " " : "", problem->line);
	}
	return g_string_free(list, FALSE);
}

static void references_are_changed(gconstpointer data)
{
	char **row = (char **)data;
	g_autofree char *before = plain(row[2]), *changes = plain(row[3]), *wanted = plain(row[4]),
			*problems = NULL;
	g_auto(GStrv) list = g_strsplit(changes, " ", -1);
	g_autoptr(Manifest) manifest = manifest_of(row[1], before);
	g_autoptr(Plan) plan = plan_new(NULL);
	g_autoptr(GError) error = NULL;
	bool is_done;

	for (char **change = list; *change != NULL; change++)
		add_update(plan, manifest, *change);
	is_done = manifest->ecosystem->rewrite(plan, &error);
	problems = problem_lines(manifest);
	g_assert_cmpstr(problems, ==, row[5]);
	if (strcmp(wanted, "error") == 0) {
		g_assert_false(is_done);
		g_assert_error(error, FAILURE, FAILURE_INPUT);
		g_assert_cmpuint(plan->changes->len, ==, 0);
		g_assert_cmpuint(plan->updates->len, ==, g_strv_length(list));
	} else if (strcmp(wanted, "=") == 0) {
		g_assert_no_error(error);
		g_assert_cmpuint(plan->changes->len, ==, 0);
	} else {
		const FileChange *change = g_ptr_array_index(plan->changes, 0);
		g_autofree char *after = g_strndup(g_bytes_get_data(change->after, NULL),
						   g_bytes_get_size(change->after));

		g_assert_no_error(error);
		g_assert_cmpstr(after, ==, wanted);
		g_assert_cmpstr(change->path, ==, row[1]);
	}
}

static void a_merge_left_to_a_person_is_one_mistake(void)
{
	static const struct {
		const char *text, *error; /* NULL: none */
	} files[] = {
		{ "<<<<<<< HEAD\nFROM a:1\n=======\nFROM a:2\n>>>>>>> b\n", "1:1" },
		{ "FROM a:1\nRUN x \\\n<<<<<<< HEAD\n y\n=======\n z\n>>>>>>> b\n", "5:1" },
		{ "FROM a:1\nRUN <<E\n<<<<<<< HEAD\n=======\n>>>>>>> b\nE\n", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GBytes) bytes = g_bytes_new(files[i].text, strlen(files[i].text));
		g_autoptr(Manifest) manifest =
			manifest_new(&ecosystem_docker, "Dockerfile", "/", bytes);
		g_autoptr(GError) error = NULL;
		g_autofree char *wanted =
			g_strdup_printf("%s: the file holds a merge conflict", files[i].error);

		g_assert_true(ecosystem_docker.parse(manifest, &error) == (files[i].error == NULL));
		g_assert_cmpstr(error != NULL ? error->message : NULL, ==,
				files[i].error != NULL ? wanted : NULL);
	}
}

static const struct Name {
	const char *path;
	bool is_docker, is_compose;
} names[] = {
	{ "Dockerfile", true, false },
	{ "a/b/Dockerfile.dev", true, false },
	{ "dev.Dockerfile", true, false },
	{ "my-dockerfile-x", true, false },
	{ "Containerfile.rhel", true, false },
	{ "parse_dockerfile.py", true, false },
	{ "Dockerfile.dockerignore", false, false },
	{ "Containerfile.containerignore", false, false },
	{ "dockerfiles/readme.md", false, false },
	{ "values.yaml", true, false },
	{ "deploy.YML", true, false },
	{ ".hidden.yaml", false, false },
	{ "compose.yaml", true, true },
	{ "docker-compose-dev.yml", true, true },
	{ "docker-compose.prod.yml", true, true },
	{ "mycompose.yml", true, true },
	{ "Docker-Compose.YML", true, true },
	{ "docker-compose-a.b.yml", true, true },
	{ "compose-compose.yml", true, true },
	{ "docker-compose_dev.yml", true, false },
	{ "compose.a.b.yml", true, false },
	{ "compose.yml.j2", false, false },
	{ "compose/x.yml", true, false },
	{ "go.mod", false, false },
};

static void files_are_claimed_by_name(gconstpointer data)
{
	const struct Name *row = data;

	g_assert_cmpint(ecosystem_docker.claims(row->path), ==, row->is_docker);
	g_assert_cmpint(ecosystem_docker_compose.claims(row->path), ==, row->is_compose);
}

/* How many images a file has; -1: it cannot be read. */
static const struct File {
	const char *path, *text;
	int images, problems;
} files[] = {
	{ "Dockerfile", "FROM a:1\nFROM b\nFROM C:1\n", 3, 0 },
	{ "Dockerfile", "FROM a:1 # why\n", 0, 1 },
	{ "Dockerfile", "RUN <<E\n", 0, 0 },
	{ "Dockerfile", "FROM a:1\nRUN <<E\n", -1, 0 },
	{ "Dockerfile.j2", "{% if x %}\nFROM a:1\nRUN x\nRUN y\n{% endif %}\n", 1, 2 },
	{ "parse_dockerfile.py", "import os\nfrom x import y\ndef f():\n  return 1\n", 0, 0 },
	{ "dockerfile_test.go", "package x\nconst t = `\nFROM a:1\nRUN x\n`\nfunc f() {\n}\n", 0,
	  0 },
	{ "dockerfiles.txt", "no such thing\n", 0, 0 },
	{ "pod.yaml", "apiVersion: v1\nkind: Pod\nimage: a:1\n", 1, 0 },
	{ "other.yaml", "kind: Pod\nimage: a:1\n", 0, 0 },
	{ "other-values.yml", "image: a:1\n", 1, 0 },
	{ "values.yaml", "a: [\n", -1, 0 },
	{ "chart.yaml", "a: [\n", 0, 0 },
	{ "compose.yaml", "services: {a: {image: a:1}}\n", 1, 0 },
	{ "compose.yaml", "a: [\n", -1, 0 },
};

static void a_file_is_what_it_says(gconstpointer data)
{
	const struct File *row = data;
	const Ecosystem *ecosystem = strstr(row->path, "compose") != NULL
					     ? &ecosystem_docker_compose
					     : &ecosystem_docker;
	g_autoptr(GBytes) bytes = g_bytes_new(row->text, strlen(row->text));
	g_autoptr(Manifest) manifest = manifest_new(ecosystem, row->path, "/", bytes);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(ecosystem->parse(manifest, &error), ==, row->images >= 0);
	g_assert_cmpint(error != NULL, ==, row->images < 0);
	g_assert_cmpint((int)manifest->dependencies->len, ==, MAX(row->images, 0));
	g_assert_cmpint((int)manifest->problems->len, ==, row->problems);
}

static void a_dependency_has_the_parts_of_its_reference(void)
{
	g_autoptr(Manifest) manifest = manifest_of(
		"Dockerfile", "ARG T=1.21\nFROM index.docker.io/golang:$T@" DIGEST "\nFROM B:1\n");
	const Dependency *image = g_ptr_array_index(manifest->dependencies, 0);
	const Dependency *other = g_ptr_array_index(manifest->dependencies, 1);
	g_auto(GStrv) aliases = NULL;

	g_assert_cmpstr(image->name, ==, "golang");
	g_assert_cmpstr(image->key, ==, "docker.io/library/golang");
	g_assert_cmpstr(image->version, ==, "1.21");
	g_assert_cmpstr(image->digest, ==, DIGEST);
	g_assert_cmpint(image->line, ==, 2);
	g_assert_cmpint(image->column, ==, 6);
	g_assert_cmpuint(image->span.from, ==, 16);
	g_assert_null(image->why_not);
	aliases = ecosystem_docker.aliases(image);
	g_assert_true(g_strv_contains((const char *const *)aliases, "docker.io/golang"));
	g_assert_true(g_strv_contains((const char *const *)aliases, "index.docker.io/golang"));
	g_assert_cmpstr(other->name, ==, "B:1");
	g_assert_null(other->version);
	g_assert_cmpstr(other->why_not, ==, "invalid");
}

static void one_change_entails_those_of_the_same_place(void)
{
	g_autoptr(Manifest) manifest =
		manifest_of("Dockerfile", "ARG G=1.21.6\nFROM a:1\nFROM golang:$G-alpine\n"
					  "FROM golang:${G%.*}\nFROM x:$G\n");
	Dependency *last = g_ptr_array_index(manifest->dependencies, 3);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) updates = rewrite_entailed(manifest, last, "1.22.0", &error);
	static const char *const wanted[] = { "1.22.0", "1.22.0-alpine", "1.22" };

	g_assert_no_error(error);
	g_assert_cmpuint(updates->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < updates->len; i++)
		g_assert_cmpstr(((Update *)g_ptr_array_index(updates, i))->to, ==, wanted[i]);
	g_assert_true(((Update *)g_ptr_array_index(updates, 0))->dependency == last);
}

/* What cannot be read cannot be said to move. */
static void what_cannot_be_read_moves_with_nothing(void)
{
	g_autoptr(Manifest) manifest = manifest_of("Dockerfile", "ARG G=1.21.6\nFROM x:1:$G\n"
								 "FROM a:$G\nFROM b:$G\n");
	g_autoptr(GError) error = NULL;

	g_assert_null(rewrite_entailed(manifest, g_ptr_array_index(manifest->dependencies, 2),
				       "1.22.0", &error));
	g_assert_error(error, FAILURE, FAILURE_INPUT);
	g_assert_cmpstr(error->message, ==,
			"'x:1:1.21.6' on line 2 would become 'x:1:1.22.0' with it");
}

static void what_an_operator_would_cut_is_no_change(void)
{
	g_autoptr(Manifest) manifest =
		manifest_of("Dockerfile", "ARG G=16.F\nFROM golang:${G}-x\nFROM golang:${G%%.*}\n");
	g_autoptr(GError) error = NULL;

	g_assert_null(rewrite_entailed(manifest, g_ptr_array_index(manifest->dependencies, 1),
				       "9.9-y", &error));
	g_assert_error(error, FAILURE, FAILURE_INPUT);
}

/* 6.4 row 14: the ARG is changed, and whoever merges is told where else it counts. */
static void what_else_an_argument_is_for_is_told_once(void)
{
	g_autoptr(Manifest) manifest =
		manifest_of("Dockerfile", "ARG G=1.21.6\nFROM golang:$G\nFROM golang:$G-alpine\n"
					  "ARG G\nRUN curl go$G\nFROM a:1\n");
	g_autoptr(Plan) plan = plan_new(NULL);
	g_autoptr(GError) error = NULL;

	add_update(plan, manifest, "0=1.22.0");
	add_update(plan, manifest, "1=1.22.0-alpine");
	add_update(plan, manifest, "2=2");
	g_assert_true(ecosystem_docker.rewrite(plan, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(plan->remarks->len, ==, 1);
	g_assert_cmpstr(plan->remarks->pdata[0], ==,
			"`Dockerfile`: 'G' is used in a stage too, from line 4 on");
}

/* A folder may be called so by whoever wants to have people mentioned. */
static void a_path_in_a_remark_is_code_whatever_its_name(void)
{
	g_autoptr(Manifest) manifest = manifest_of("x`@org/team `/Dockerfile",
						   "ARG G=1\nFROM golang:$G\nARG G\nRUN go$G\n");
	g_autoptr(Plan) plan = plan_new(NULL);
	g_autoptr(GError) error = NULL;

	add_update(plan, manifest, "0=2");
	g_assert_true(ecosystem_docker.rewrite(plan, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(plan->remarks->len, ==, 1);
	g_assert_cmpstr(plan->remarks->pdata[0], ==,
			"`x'@org/team '/Dockerfile`: 'G' is used in a stage too, from line 3 on");
}

static void plans_keep_to_their_ecosystem(void)
{
	g_autoptr(Manifest) file = manifest_of("Dockerfile", "FROM a:1\n");
	g_autoptr(Manifest) compose = manifest_of("compose.yml", "services: {a: {image: a:1}}\n");
	g_autoptr(Plan) plan = plan_new(NULL);
	g_autoptr(GError) error = NULL;

	add_update(plan, file, "0=2");
	add_update(plan, compose, "0=2");
	g_assert_true(ecosystem_docker.rewrite(plan, &error));
	g_assert_cmpuint(plan->changes->len, ==, 1);
	g_assert_true(ecosystem_docker_compose.rewrite(plan, &error));
	g_assert_cmpuint(plan->changes->len, ==, 2);
}

/* Moves one reference of a file, which the file must survive: what was aimed at
 * reads as wanted, all others as before. Returns whether it could be moved. */
static bool move_one(Manifest *manifest, guint index, const char *tag)
{
	g_autoptr(Plan) plan = plan_new(NULL);
	g_autofree char *change = g_strdup_printf("%u=%s", index, tag);
	const Dependency *aim = g_ptr_array_index(manifest->dependencies, index);
	g_autoptr(Manifest) again = NULL;
	const FileChange *file;

	add_update(plan, manifest, change);
	if (!manifest->ecosystem->rewrite(plan, NULL))
		return false;
	if (strcmp(tag, aim->version) == 0) {
		g_assert_cmpuint(plan->changes->len, ==, 0);
		return true;
	}
	file = g_ptr_array_index(plan->changes, 0);
	again = manifest_new(manifest->ecosystem, manifest->path, "/", file->after);
	g_assert_true(manifest->ecosystem->parse(again, NULL));
	g_assert_cmpuint(again->dependencies->len, ==, manifest->dependencies->len);
	for (guint i = 0; i < again->dependencies->len; i++) {
		const Dependency *old = g_ptr_array_index(manifest->dependencies, i);
		const Dependency *now = g_ptr_array_index(again->dependencies, i);
		bool is_aim = old->span.from == aim->span.from;

		g_assert_cmpstr(now->key, ==, old->key);
		g_assert_cmpstr(now->digest, ==, old->digest);
		g_assert_cmpstr(now->version, ==, is_aim ? tag : old->version);
	}
	return true;
}

/* Swaps, drops and repeats pieces of a text, to taste. */
static char *mutate(const char *text, gsize *length)
{
	static const char *const pieces[] = { "\\\n", "\"",   "'",     "${X:-",     "}",
					      "$",    "<<E",  "\nE\n", "ARG V=1\n", "FROM a:1\n",
					      "# ",   "\r\n", "`" };
	GString *mutant = g_string_new_len(text, (gssize)*length);

	for (int i = g_test_rand_int_range(1, 4); i > 0 && mutant->len > 0; i--) {
		gssize at = g_test_rand_int_range(0, (gint32)mutant->len);
		int piece = g_test_rand_int_range(0, 2 * G_N_ELEMENTS(pieces));

		if (piece < (int)G_N_ELEMENTS(pieces))
			g_string_insert(mutant, at, pieces[piece]);
		else
			g_string_erase(mutant, at, MIN(piece, (gssize)mutant->len - at));
	}
	*length = mutant->len;
	return g_string_free(mutant, FALSE);
}

static void move_all_of(const char *path, const char *text, gsize length, guint *moved, guint *kept)
{
	const Ecosystem *ecosystem =
		strstr(path, "compose") != NULL ? &ecosystem_docker_compose : &ecosystem_docker;
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, length);
	g_autoptr(Manifest) manifest = manifest_new(ecosystem, path, "/", bytes);

	if (!ecosystem->parse(manifest, NULL))
		return;
	for (guint i = 0; i < manifest->dependencies->len; i++) {
		const Dependency *dependency = g_ptr_array_index(manifest->dependencies, i);

		if (dependency->why_not != NULL || dependency->version == NULL)
			continue;
		g_assert_true(move_one(manifest, i, dependency->version));
		if (move_one(manifest, i, "77.7-x"))
			(*moved)++;
		else
			(*kept)++;
	}
}

/* Real files, then each a little broken; a quarter of them, unless slowly. */
static void real_files_change_where_they_are_meant_to(gconstpointer folder)
{
	const char *shared = g_getenv("UPKEEPD_SHARED");
	g_autofree char *path =
		g_build_filename(shared != NULL ? shared : "../shared", "corpus", folder, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint moved = 0, kept = 0, ignored = 0;
	const char *name;

	if (dir == NULL) {
		g_test_skip("no corpus of real files here");
		return;
	}
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL), *text = NULL,
				*mutant = NULL;
		gsize length = 0;

		if (!g_test_slow() && g_test_rand_int_range(0, 4) > 0)
			continue;
		g_assert_true(g_file_get_contents(file, &text, &length, NULL));
		move_all_of(folder, text, length, &moved, &kept);
		mutant = mutate(text, &length);
		move_all_of(folder, mutant, length, &ignored, &ignored);
	}
	g_test_message("%u references moved, %u not", moved, kept);
	g_assert_cmpuint(moved, >, 5 * kept);
}

static bool is_reference(const Dependency *dependency, const Reference *reference)
{
	g_autofree char *key = reference_key(reference);

	return strcmp(dependency->key, key) == 0 &&
	       g_strcmp0(dependency->version, reference->tag) == 0 &&
	       g_strcmp0(dependency->digest, reference->digest) == 0;
}

/* Makes those changes of a commit that are in `manifest`. */
static void plan_commit(Plan *plan, Manifest *manifest, const Json *changes)
{
	for (const Json *c = json_first(changes); c != NULL; c = json_next(c)) {
		g_autoptr(Reference) from = reference_parse(json_string(c, "from"), NULL);
		g_autoptr(Reference) to = reference_parse(json_string(c, "to"), NULL);

		for (guint i = 0; i < manifest->dependencies->len; i++) {
			Dependency *dependency = g_ptr_array_index(manifest->dependencies, i);
			Update *update;

			if (strcmp(json_string(c, "file"), manifest->path) != 0 ||
			    dependency->line != json_integer(c, "line", 0) ||
			    !is_reference(dependency, from))
				continue;
			update = update_new(manifest, dependency);
			update->to = g_strdup(to->tag);
			update->to_digest = g_strdup(to->digest);
			g_ptr_array_add(plan->updates, update);
		}
	}
}

/* Repeats one commit of Dependabot; false if the outcome is another. */
static bool is_repeated(const char *folder)
{
	g_autofree char *case_path = g_build_filename(folder, "case.json", NULL), *text = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Json) json = NULL;
	const Json *changed;
	bool is_same = true;
	gsize length;

	g_assert_true(g_file_get_contents(case_path, &text, &length, &error));
	json = json_parse(text, length, "case.json", &error);
	g_assert_no_error(error);
	changed = json_array(json, "files");
	for (const Json *f = json_first(changed); f != NULL; f = json_next(f)) {
		const char *path = json_string(f, "path");
		g_autofree char *before_path = g_build_filename(folder, "before", path, NULL),
				*after_path = g_build_filename(folder, "after", path, NULL),
				*before = NULL, *after = NULL;
		gsize before_length, after_length;
		g_autoptr(GBytes) bytes = NULL;
		g_autoptr(GBytes) wanted = NULL;
		g_autoptr(Manifest) manifest = NULL;
		g_autoptr(Plan) plan = plan_new(NULL);
		const Ecosystem *ecosystem = ecosystem_by_name(json_string(json, "ecosystem"));

		g_assert_true(g_file_get_contents(before_path, &before, &before_length, NULL));
		g_assert_true(g_file_get_contents(after_path, &after, &after_length, NULL));
		bytes = g_bytes_new_static(before, before_length);
		wanted = g_bytes_new_static(after, after_length);
		manifest = manifest_new(ecosystem, path, "/", bytes);
		if (!ecosystem->claims(path) || !ecosystem->parse(manifest, NULL))
			return false;
		plan_commit(plan, manifest, json_array(json, "changes"));
		is_same = is_same && ecosystem->rewrite(plan, NULL) && plan->changes->len == 1 &&
			  g_bytes_equal(((FileChange *)plan->changes->pdata[0])->after, wanted);
	}
	return is_same;
}

static void commits_of_dependabot_are_repeated(void)
{
	const char *shared = g_getenv("UPKEEPD_SHARED");
	g_autofree char *path = g_build_filename(shared != NULL ? shared : "../shared", "truth",
						 "docker", "cases", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint done = 0, failed = 0;
	const char *name;

	if (dir == NULL) {
		g_test_skip("no commits of Dependabot here");
		return;
	}
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *folder = g_build_filename(path, name, NULL);

		done++;
		if (is_repeated(folder))
			continue;
		failed++;
		g_test_message("not as in %s", name);
	}
	g_test_message("%u of %u commits repeated", done - failed, done);
	g_assert_cmpuint(failed, ==, 0);
}

static void both_are_found_by_name(void)
{
	g_assert_true(ecosystem_by_name("docker") == &ecosystem_docker);
	g_assert_true(ecosystem_by_name("docker-compose") == &ecosystem_docker_compose);
	g_assert_null(ecosystem_by_name("npm"));
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) rows = NULL;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	rows = table_rows("rewrites.tsv", 6);
	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *path =
			g_strdup_printf("/docker/references_are_changed/%s", row[0]);

		g_test_add_data_func(path, row, references_are_changed);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_strdup_printf("/docker/files_are_claimed_by_name/%zu", i);

		g_test_add_data_func(path, &names[i], files_are_claimed_by_name);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_strdup_printf("/docker/a_file_is_what_it_says/%zu", i);

		g_test_add_data_func(path, &files[i], a_file_is_what_it_says);
	}
	g_test_add_func("/docker/a_dependency_has_the_parts_of_its_reference",
			a_dependency_has_the_parts_of_its_reference);
	g_test_add_func("/docker/one_change_entails_those_of_the_same_place",
			one_change_entails_those_of_the_same_place);
	g_test_add_func("/docker/what_cannot_be_read_moves_with_nothing",
			what_cannot_be_read_moves_with_nothing);
	g_test_add_func("/docker/what_an_operator_would_cut_is_no_change",
			what_an_operator_would_cut_is_no_change);
	g_test_add_func("/docker/what_else_an_argument_is_for_is_told_once",
			what_else_an_argument_is_for_is_told_once);
	g_test_add_func("/docker/a_path_in_a_remark_is_code_whatever_its_name",
			a_path_in_a_remark_is_code_whatever_its_name);
	g_test_add_func("/docker/plans_keep_to_their_ecosystem", plans_keep_to_their_ecosystem);
	g_test_add_data_func("/docker/real_files_change_where_they_are_meant_to/dockerfile",
			     "dockerfile", real_files_change_where_they_are_meant_to);
	g_test_add_data_func("/docker/real_files_change_where_they_are_meant_to/compose", "compose",
			     real_files_change_where_they_are_meant_to);
	g_test_add_func("/docker/commits_of_dependabot_are_repeated",
			commits_of_dependabot_are_repeated);
	g_test_add_func("/docker/a_merge_left_to_a_person_is_one_mistake",
			a_merge_left_to_a_person_is_one_mistake);
	g_test_add_func("/docker/both_are_found_by_name", both_are_found_by_name);
	return g_test_run();
}
