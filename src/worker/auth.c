/* SPDX-License-Identifier: MIT */
/* `auth check [HOST]`: for each repository, registry and module host of the settings
 * whether its credential works, what it may do, what is missing and how to grant that
 * (cli.md 1). Nothing is changed, and no secret is ever shown. */
#include "base/json.h"
#include "config/credentials.h"
#include "ecosystems/docker/trial.h"
#include "publish/app.h"
#include "worker/watched.h"

#include <stdio.h>
#include <string.h>

/* One credential, or the lack of one, in one place. */
typedef struct {
	char *name, *host;
	const char *kind; /* "gitea", "registry", "host" */
	bool is_anonymous;
	Standing *standing;
	GError *error; /* why it could not be found out; NULL */
} Subject;

typedef struct {
	Session *session;
	const char *host; /* NULL: all */
	GPtrArray *subjects;
} Inquiry;

static void subject_free(void *data)
{
	Subject *subject = data;

	g_free(subject->name);
	g_free(subject->host);
	standing_free(subject->standing);
	g_clear_error(&subject->error);
	g_free(subject);
}

static bool is_asked_about(const Inquiry *inquiry, const char *host)
{
	return inquiry->host == NULL || g_ascii_strcasecmp(inquiry->host, host) == 0;
}

static Subject *add_subject(Inquiry *inquiry, const char *name, const char *host, const char *kind)
{
	Subject *subject = g_new0(Subject, 1);

	subject->name = g_strdup(name);
	subject->host = g_strdup(host);
	subject->kind = kind;
	subject->standing = standing_new();
	g_ptr_array_add(inquiry->subjects, subject);
	return subject;
}

/* What git itself is let do. False: the server cannot be asked, or not like this. Who is
 * turned away is told by the forge what it takes. */
static bool try_git(Session *session, const Repository *repository, const Forge *forge,
		    Subject *subject)
{
	RemoteOptions options = watched_options(session, forge);
	g_autoptr(GError) error = NULL, refusal = NULL;
	g_autoptr(Remote) remote = remote_open(repository, &options, &error);
	bool is_known;

	if (remote == NULL || !remote_learn(remote, &error)) {
		standing_add(subject->standing, "fetch", error->message);
		return failure_kind(error) == FAILURE_DENIED ||
		       failure_kind(error) == FAILURE_ABSENT;
	}
	standing_add(subject->standing, "fetch", NULL);
	if (!remote_try_push(remote, &is_known, &refusal))
		standing_add(subject->standing, "push branches", refusal->message);
	else if (is_known)
		standing_add(subject->standing, "push branches", NULL);
	return true;
}

static void try_owner(const Forge *forge, Hosted *hosted, Subject *subject)
{
	g_autoptr(GPtrArray) urls = NULL;
	g_autoptr(GError) error = NULL;

	if (forge->discover != NULL)
		urls = forge->discover(hosted, &error);
	standing_add(subject->standing, "list repositories",
		     urls != NULL    ? NULL
		     : error != NULL ? error->message
				     : "this forge has no list");
	if (urls != NULL)
		g_ptr_array_add(
			subject->standing->remarks,
			g_strdup_printf("%u repositories there can be pushed to", urls->len));
}

static void ask_forge(Session *session, const Repository *repository, const Forge *forge,
		      Subject *subject)
{
	g_autoptr(Hosted) hosted = forge->begin(&session->world, repository, &subject->error);

	if (repository->discover && hosted != NULL)
		try_owner(forge, hosted, subject);
	if (!repository->discover && !try_git(session, repository, forge, subject))
		return;
	if (hosted == NULL ||
	    (forge->check != NULL && !forge->check(hosted, subject->standing, &subject->error)))
		g_prefix_error(&subject->error, "asking the forge: ");
}

static void try_repository(Inquiry *inquiry, const RepositorySettings *settings)
{
	Session *session = inquiry->session;
	const char *name = settings->url != NULL ? settings->url : settings->path;
	g_autofree char *host = settings->url != NULL ? credentials_host_of(settings->url) : NULL;
	g_autoptr(Repository) repository = NULL;
	const Forge *forge = NULL;
	Subject *subject;

	if (host == NULL || !settings->is_usable || !is_asked_about(inquiry, host))
		return;
	subject = add_subject(inquiry, name, host, "repository");
	repository = watched_repository(session, settings, NULL, &forge, &subject->error);
	if (repository == NULL)
		return;
	subject->kind = forge->name;
	subject->is_anonymous = repository->credential == NULL;
	ask_forge(session, repository, forge, subject);
	app_sign_out(&session->world, repository);
}

/* The URL at which a host shows whether it lets us in: of a module proxy its own, else
 * the root. */
static char *url_at(const Session *session, const char *host)
{
	const char *proxies = session->world.goproxy;
	g_auto(GStrv) each = g_strsplit_set(proxies != NULL ? proxies : "", ",|", -1);

	for (char **proxy = each; *proxy != NULL; proxy++) {
		g_autofree char *of = credentials_host_of(*proxy);

		if (strstr(*proxy, "://") != NULL && strcmp(of, host) == 0)
			return g_strdup(*proxy);
	}
	return g_strdup_printf("https://%s/", host);
}

/* A host that is no registry: all that can be seen is whether it turns us away. */
static void try_host(Inquiry *inquiry, const Credential *credential, Subject *subject)
{
	g_autofree char *url = url_at(inquiry->session, credential->host), *why = NULL;
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

	subject->kind = "host";
	request->username = g_strdup(credential->username);
	request->secret = credential->secret;
	request->keeps_redirect = true;
	http_get(inquiry->session->http, request, HTTP_NO_CACHE);
	if (request->error != NULL) {
		subject->error = g_steal_pointer(&request->error);
		return;
	}
	if (request->status == 401 || request->status == 403)
		why = g_strdup_printf("it answers %d", request->status);
	standing_add(subject->standing, "be let in", why);
	if (why == NULL)
		g_ptr_array_add(subject->standing->remarks,
				g_strdup("whether it looks at the credential at all cannot be "
					 "seen from here"));
}

static void try_credential(Inquiry *inquiry, const Credential *credential)
{
	static const char signing_in[] = "sign in to the registry";
	Subject *subject;
	Trial trial = TRIAL_NO_REGISTRY;

	if (!is_asked_about(inquiry, credential->host) ||
	    (credential->helper != NULL && inquiry->host == NULL))
		return; /* what nobody can use is said where it is asked for */
	subject = add_subject(inquiry, credential->host, credential->host, "registry");
	subject->standing->account = g_strdup(credential->username);
	if (!trial_make(&inquiry->session->world, credential->host,
			credential->path != NULL ? credential->path : "", &trial, &subject->error))
		return;
	switch (trial) {
	case TRIAL_ACCEPTED:
		standing_add(subject->standing, signing_in, NULL);
		break;
	case TRIAL_NOT_NEEDED:
		standing_add(subject->standing, signing_in, NULL);
		g_ptr_array_add(subject->standing->remarks,
				g_strdup("the registry asks nobody who they are"));
		break;
	case TRIAL_REFUSED:
		standing_add(subject->standing, signing_in, "the registry does not know it");
		break;
	case TRIAL_NO_REGISTRY:
		try_host(inquiry, credential, subject);
		break;
	}
}

static bool is_good(const Subject *subject)
{
	if (subject->error != NULL)
		return false;
	for (guint i = 0; i < subject->standing->rights->len; i++)
		if (!((const Right *)subject->standing->rights->pdata[i])->is_granted)
			return false;
	return true;
}

static void print_subject(const Subject *subject)
{
	const Standing *standing = subject->standing;

	printf("%s (%s)%s%s\n", subject->name, subject->kind,
	       standing->account != NULL ? " as "
	       : subject->is_anonymous   ? " without a credential"
					 : "",
	       standing->account != NULL ? standing->account : "");
	for (guint i = 0; i < standing->rights->len; i++) {
		const Right *right = g_ptr_array_index(standing->rights, i);

		printf("  %-4s %s%s%s\n", right->is_granted ? "yes" : "no", right->what,
		       right->why != NULL ? ": " : "", right->why != NULL ? right->why : "");
	}
	if (subject->error != NULL)
		printf("  error: %s\n", subject->error->message);
	for (guint i = 0; i < standing->remarks->len; i++)
		printf("  note: %s\n", (const char *)g_ptr_array_index(standing->remarks, i));
	if (!is_good(subject) && standing->advice != NULL)
		printf("  hint: %s\n", standing->advice);
}

static Json *subject_json(const Subject *subject)
{
	const Standing *standing = subject->standing;
	Json *json = json_new_object(), *rights = json_new_array(), *remarks = json_new_array();

	json_set_string(json, "name", subject->name);
	json_set_string(json, "host", subject->host);
	json_set_string(json, "kind", subject->kind);
	json_set_string(json, "account", standing->account);
	json_set_bool(json, "works", is_good(subject));
	for (guint i = 0; i < standing->rights->len; i++) {
		const Right *right = g_ptr_array_index(standing->rights, i);
		Json *one = json_new_object();

		json_set_string(one, "right", right->what);
		json_set_bool(one, "granted", right->is_granted);
		json_set_string(one, "why", right->why);
		json_append(rights, one);
	}
	json_set(json, "rights", rights);
	for (guint i = 0; i < standing->remarks->len; i++)
		json_append_string(remarks, g_ptr_array_index(standing->remarks, i));
	json_set(json, "notes", remarks);
	json_set_string(json, "error", subject->error != NULL ? subject->error->message : NULL);
	json_set_string(json, "hint", is_good(subject) ? NULL : standing->advice);
	return json;
}

static void print_all(const Inquiry *inquiry, bool is_json)
{
	g_autoptr(Json) json = json_new_object();
	g_autofree char *text = NULL;
	Json *list = json_new_array();

	json_set(json, "credentials", list);
	for (guint i = 0; i < inquiry->subjects->len; i++) {
		if (is_json)
			json_append(list, subject_json(inquiry->subjects->pdata[i]));
		else
			print_subject(inquiry->subjects->pdata[i]);
	}
	text = json_print(json);
	if (is_json)
		puts(text);
}

static End inquire(Inquiry *inquiry, const Invocation *invocation)
{
	const Session *session = inquiry->session;
	End end = END_DONE;

	for (guint i = 0; i < session->settings->repositories->len; i++)
		try_repository(inquiry, session->settings->repositories->pdata[i]);
	for (guint i = 0; i < session->credentials->len; i++)
		try_credential(inquiry, session->credentials->pdata[i]);
	if (inquiry->subjects->len == 0 && inquiry->host != NULL) {
		fprintf(stderr, "upkeepd: nothing is configured for '%s'\n", inquiry->host);
		return END_MISUSED;
	}
	print_all(inquiry, invocation->json);
	for (guint i = 0; i < inquiry->subjects->len; i++)
		if (!is_good(inquiry->subjects->pdata[i]))
			end = END_FAILED;
	return end;
}

End auth_command(const Invocation *invocation)
{
	char **words = invocation->arguments;
	guint count = g_strv_length(words);
	g_autoptr(Session) session = NULL;
	g_autoptr(GPtrArray) subjects = g_ptr_array_new_with_free_func(subject_free);
	g_autoptr(GError) error = NULL;
	Inquiry inquiry = { .subjects = subjects };

	if (count < 1 || count > 2 || strcmp(words[0], "check") != 0) {
		fputs("upkeepd: auth takes 'check' and, if not all are meant, a host\n", stderr);
		return END_MISUSED;
	}
	session = session_open(invocation, NULL, &error);
	if (session == NULL)
		return complain(error);
	inquiry.session = session;
	inquiry.host = words[1];
	return inquire(&inquiry, invocation);
}
