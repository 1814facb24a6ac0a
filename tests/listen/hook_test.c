/* SPDX-License-Identifier: MIT */
/* Source: forge-vectors.md F. */
#include "listen/hook.h"

#include <string.h>

#define WHSEC     "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define STANDARD  "v1,AIylkZ2q2HFo/X9t0cVYiSAHPlKgjrq7/Cxz/oaLcMM="
#define NOTE      "{\"object_kind\":\"note\"}"
#define NOTE_HOOK "X-Gitlab-Event: Note Hook\n"
#define STANDARD_HEADERS(signature)                                    \
	NOTE_HOOK "webhook-id: 0b1e4f6c-5a1d-4d5e-9a55-2f1f3f0a7c11\n" \
		  "webhook-timestamp: 1767225600\nwebhook-signature: " signature
#define GITHUB     "X-GitHub-Event: push\nX-Hub-Signature-256: "
#define GITHUB_HEX "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1"
#define GITHUB_KEY "It's a Secret to Everybody"
#define GITEA      "X-GitHub-Event: push\nX-Gitea-Event: push\nX-Gitea-Signature: " GITEA_HEX
#define GITEA_HEX  "232a5e067b6a5aa567ed5a1d21a0dffaf6ef0eeecb6bd9bcf43b3d5ef3fc4f43"
#define GITEA_BODY "{\"ref\":\"refs/heads/main\"}"

/* "Name: value" lines; a value is good until the eighth after it is asked for. */
static const char *header_of(const void *data, const char *name)
{
	static char values[8][512];
	static unsigned next;
	g_auto(GStrv) lines = g_strsplit(data, "\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		size_t length = strlen(name);

		if (g_ascii_strncasecmp(*line, name, length) == 0 && (*line)[length] == ':') {
			char *value = values[next++ % G_N_ELEMENTS(values)];

			g_strlcpy(value, *line + length + 2, sizeof values[0]);
			return value;
		}
	}
	return NULL;
}

typedef struct {
	const char *name, *headers, *secrets, *body;
	int64_t now;
	bool is_genuine;
} Signed;

static const Signed signatures[] = {
	{ "F01", GITHUB "sha256=" GITHUB_HEX "7", GITHUB_KEY, "Hello, World!", 0, true },
	{ "F02_changed", GITHUB "sha256=" GITHUB_HEX "8", GITHUB_KEY, "Hello, World!", 0, false },
	{ "F02_upper_case",
	  GITHUB "sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17",
	  GITHUB_KEY, "Hello, World!", 0, true },
	{ "F02_no_prefix", GITHUB GITHUB_HEX "7", GITHUB_KEY, "Hello, World!", 0, false },
	{ "F02_empty", GITHUB, GITHUB_KEY, "Hello, World!", 0, false },
	{ "F02_missing", "X-GitHub-Event: push", GITHUB_KEY, "Hello, World!", 0, false },
	{ "F03", GITEA, "s3cret", GITEA_BODY, 0, true },
	{ "F03_of_another_body", GITEA, "s3cret", "{}", 0, false },
	{ "the_new_secret_beside_the_old", GITEA, "old\ns3cret", GITEA_BODY, 0, true },
	{ "F04", STANDARD_HEADERS(STANDARD), WHSEC, NOTE, 1767225700, true },
	{ "F05", STANDARD_HEADERS(STANDARD), WHSEC, NOTE, 1767226000, false },
	{ "F05_from_the_future", STANDARD_HEADERS(STANDARD), WHSEC, NOTE, 1767225200, false },
	{ "F06", STANDARD_HEADERS("v1,AAAA " STANDARD), WHSEC, NOTE, 1767225700, true },
	{ "F07", NOTE_HOOK "X-Gitlab-Token: secret\nwebhook-id: 1", "secret", "{}", 0, true },
	{ "F07_wrong", NOTE_HOOK "X-Gitlab-Token: secres", "secret", "{}", 0, false },
	{ "a_token_beside_a_wrong_signature",
	  STANDARD_HEADERS("v1,AAAA") "\nX-Gitlab-Token: secret", "secret", NOTE, 1767225700,
	  false },
	{ "nobody", "X-Gitlab-Token: secret", "secret", "{}", 0, false },
	{ "no_secret_is_empty", NOTE_HOOK "X-Gitlab-Token: ", "\n\n", "{}", 0, false },
};

static HookRequest request_of(const char *headers, const char *body)
{
	return (HookRequest){ header_of, headers, body, strlen(body) };
}

static void only_what_is_signed_is_genuine(gconstpointer data)
{
	const Signed *row = data;
	HookRequest request = request_of(row->headers, row->body);
	g_autoptr(Secret) secrets = secret_new(row->secrets, strlen(row->secrets));

	g_assert_true(hook_is_genuine(&request, secrets, row->now) == row->is_genuine);
}

#define REPOSITORY "\"repository\":{\"full_name\":\"acme/shop\",\"default_branch\":\"main\"}"
#define PROJECT \
	"\"project\":{\"path_with_namespace\":\"acme/sub/shop\",\"default_branch\":\"main\"}"
#define PUSH(what)   "{\"ref\":\"refs/heads/main\"," what "," REPOSITORY "}"
#define FILES(path)  "\"commits\":[{\"added\":[],\"modified\":[\"" path "\"],\"removed\":[]}]"
#define GITLAB(what) "{\"object_attributes\":{" what "}," PROJECT "}"
#define PULL         "\"issue\":{\"pull_request\":{}},"

static const struct {
	const char *name, *event, *body, *path; /* path: NULL nothing, "" broken */
} hooks[] = {
	{ "F09", "X-GitHub-Event: push", "{\"ref\":\"refs/heads/x\"," REPOSITORY "}", NULL },
	{ "a_tag", "X-GitHub-Event: push", "{\"ref\":\"refs/tags/main\"," REPOSITORY "}", NULL },
	{ "F10", "X-GitHub-Event: push", PUSH(FILES("README.md")), NULL },
	{ "F11_rules", "X-GitHub-Event: push", PUSH(FILES(".github/dependabot.yml")), "acme/shop" },
	{ "F11_deleted", "X-GitHub-Event: push", PUSH("\"deleted\":true"), NULL },
	{ "F11_truncated", "X-Gitlab-Event: Push Hook",
	  "{\"ref\":\"refs/heads/main\"," FILES("README.md") ",\"total_commits_count\":45," PROJECT
							     "}",
	  "acme/sub/shop" },
	{ "gitea_truncated", "X-Gitea-Event: push", PUSH(FILES("README.md") ",\"total_commits\":2"),
	  "acme/shop" },
	{ "a_module", "X-Gitea-Event: push", PUSH(FILES("cmd/go.mod")), "acme/shop" },
	{ "an_image", "X-Gitea-Event: push", PUSH(FILES("build/prod.Dockerfile")), "acme/shop" },
	{ "F12", "X-GitHub-Event: pull_request", "{\"action\":\"closed\"," REPOSITORY "}",
	  "acme/shop" },
	{ "labelled", "X-GitHub-Event: pull_request", "{\"action\":\"labeled\"," REPOSITORY "}",
	  NULL },
	{ "F13", "X-GitHub-Event: issue_comment", "{\"action\":\"edited\"," PULL REPOSITORY "}",
	  NULL },
	{ "a_comment", "X-GitHub-Event: issue_comment",
	  "{\"action\":\"created\"," PULL REPOSITORY "}", "acme/shop" },
	{ "a_comment_on_an_issue", "X-GitHub-Event: issue_comment",
	  "{\"action\":\"created\",\"issue\":{}," REPOSITORY "}", NULL },
	{ "a_comment_on_gitea", "X-Gitea-Event: issue_comment",
	  "{\"action\":\"created\",\"is_pull\":true,\"issue\":{}," REPOSITORY "}", "acme/shop" },
	{ "a_note", "X-Gitlab-Event: Note Hook",
	  GITLAB("\"noteable_type\":\"MergeRequest\",\"action\":\"create\""), "acme/sub/shop" },
	{ "a_note_on_a_commit", "X-Gitlab-Event: Note Hook", GITLAB("\"noteable_type\":\"Commit\""),
	  NULL },
	{ "a_box_of_an_issue", "X-Gitlab-Event: Issue Hook", GITLAB("\"action\":\"update\""),
	  "acme/sub/shop" },
	{ "something_else", "X-GitHub-Event: star", "{\"action\":\"created\"," REPOSITORY "}",
	  NULL },
	{ "F15", "X-GitHub-Event: push", "{\"ref\":", "" },
	{ "no_name", "X-GitHub-Event: push", "{\"ref\":\"refs/heads/main\"}", "" },
	{ "no_object", "X-GitHub-Event: push", "[]", NULL },
};

static void what_matters_wakes_its_repository(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hooks); i++) {
		HookRequest request = request_of(hooks[i].event, hooks[i].body);
		g_autofree char *path = NULL;
		HookVerdict verdict = hook_read(&request, &path);
		HookVerdict expected = hooks[i].path == NULL      ? HOOK_NOTHING
				       : hooks[i].path[0] == '\0' ? HOOK_BROKEN
								  : HOOK_WAKE;

		g_test_message("%s", hooks[i].name);
		g_assert_cmpint(verdict, ==, expected);
		g_assert_cmpstr(path, ==, expected == HOOK_WAKE ? hooks[i].path : NULL);
	}
}

static void a_delivery_has_its_number(void)
{
	HookRequest github = request_of("X-GitHub-Delivery: a-1", ""), none = request_of("", "");
	HookRequest gitea = request_of("X-GitHub-Delivery: a-1\nX-Gitea-Delivery: b-2", "");

	g_assert_cmpstr(hook_delivery(&github), ==, "a-1");
	g_assert_cmpstr(hook_delivery(&gitea), ==, "b-2");
	g_assert_null(hook_delivery(&none));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(signatures); i++) {
		g_autofree char *path = g_strdup_printf("/hook/only_what_is_signed_is_genuine/%s",
							signatures[i].name);

		g_test_add_data_func(path, &signatures[i], only_what_is_signed_is_genuine);
	}
	g_test_add_func("/hook/what_matters_wakes_its_repository",
			what_matters_wakes_its_repository);
	g_test_add_func("/hook/a_delivery_has_its_number", a_delivery_has_its_number);
	return g_test_run();
}
