/* SPDX-License-Identifier: MIT */
/* A registry on this machine in the place of one, and what is looked up there. */
#pragma once

#include "base/crypto.h"
#include "ecosystems/docker/lookup.h"
#include "ecosystems/docker/registry.h"
#include "net/loopback.h"
#include "policy/select.h"
#include "store/directory.h"

#include <string.h>

#define A          "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B          "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define INDEX_TYPE "Content-Type: application/vnd.oci.image.index.v1+json\n"

typedef struct {
	Loopback *server;
	Upstream upstream;
	GPtrArray *upstreams, *credentials;
	World world;
	GTree *offers;
	GPtrArray *dependencies; /* of Dependency */
} Stand;

static inline int by_text(const void *a, const void *b, void *data)
{
	(void)data;
	return strcmp(a, b);
}

static inline void forget_offers(Stand *s)
{
	g_clear_pointer(&s->offers, g_tree_unref);
	s->offers = g_tree_new_full(by_text, NULL, g_free, (GDestroyNotify)offer_free);
}

/* `host` is asked at the loopback; its tag records too, if it is Docker Hub. */
static inline Stand *stand_new(const char *host, const Page *pages, Store *store)
{
	Stand *s = g_new0(Stand, 1);

	s->server = loopback_new(pages);
	s->upstream.host = g_strdup(host);
	s->upstream.registry = g_strdup(s->server->origin);
	if (strcmp(host, "docker.io") == 0)
		s->upstream.tags = g_strdup(s->server->origin);
	s->upstreams = g_ptr_array_new();
	g_ptr_array_add(s->upstreams, &s->upstream);
	s->credentials = g_ptr_array_new_with_free_func((GDestroyNotify)credential_free);
	s->world.store = store;
	s->world.http = http_new(&(HttpOptions){ .backoff_ms = 1 }, store, NOW);
	s->world.now = NOW;
	s->world.upstreams = s->upstreams;
	s->world.credentials = s->credentials;
	s->dependencies = g_ptr_array_new_with_free_func((GDestroyNotify)dependency_free);
	forget_offers(s);
	return s;
}

static inline void stand_free(Stand *s)
{
	g_ptr_array_unref(s->dependencies);
	g_tree_unref(s->offers);
	http_free(s->world.http);
	g_ptr_array_unref(s->credentials);
	g_ptr_array_unref(s->upstreams);
	loopback_free(s->server);
	g_free(s->upstream.host);
	g_free(s->upstream.registry);
	g_free(s->upstream.tags);
	g_free(s);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stand, stand_free)

static inline Dependency *wants(Stand *s, const char *key, const char *tag, const char *digest)
{
	Dependency *dependency = dependency_new();

	dependency->name = g_strdup(key);
	dependency->key = g_strdup(key);
	dependency->version = g_strdup(tag);
	dependency->digest = g_strdup(digest);
	g_ptr_array_add(s->dependencies, dependency);
	return dependency;
}

static inline Offer *look_up(Stand *s)
{
	g_autoptr(GError) error = NULL;

	forget_offers(s);
	g_assert_true(registry_look_up(&s->world, s->dependencies, s->offers, &error));
	g_assert_no_error(error);
	return ((Dependency *)s->dependencies->pdata[0])->offer;
}

static inline char *names_of(const Offer *offer)
{
	GString *names = g_string_new(NULL);

	for (guint i = 0; i < offer->releases->len; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? " " : "",
				       ((Release *)offer->releases->pdata[i])->version);
	return g_string_free(names, FALSE);
}

static inline void has_names(const Offer *offer, const char *wanted)
{
	g_autofree char *names = names_of(offer);

	g_assert_no_error(offer->error);
	g_assert_cmpstr(names, ==, wanted);
}

static inline bool was_sent(const Stand *s, guint request, const char *text)
{
	return strstr(loopback_request(s->server, request), text) != NULL;
}

static inline void add_credential(Stand *s, const char *username, const char *password)
{
	Credential *credential = g_new0(Credential, 1);

	credential->host = g_strdup(s->server->origin + strlen("http://"));
	credential->username = g_strdup(username);
	credential->secret = secret_new(password, strlen(password));
	g_ptr_array_add(s->credentials, credential);
}

/* Has one wish described, as a choice would. */
static inline void describe(Stand *s, Release *release, const char *digest, bool is_whole)
{
	Question question = { .dependency = s->dependencies->pdata[0],
			      .wishes = g_ptr_array_new_with_free_func((GDestroyNotify)wish_free) };
	g_autoptr(GPtrArray) questions = g_ptr_array_new();
	g_autoptr(GError) error = NULL;

	if (release != NULL)
		question_wish(&question, release);
	else
		question_wish_digest(&question, digest, is_whole);
	g_ptr_array_add(questions, &question);
	g_assert_true(registry_describe(&s->world, questions, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(question.wishes->len, ==, 0);
	g_ptr_array_unref(question.wishes);
}

/* The first page of the tags of registry.test/a/b, and who may see it. */
#define LIST "/v2/a/b/tags/list?n=1000"
#define CHALLENGE                                                                 \
	"401\nWWW-Authenticate: Basic realm=\"x\", Bearer realm=\"@SELF/token\"," \
	"service=\"reg\",scope=\"repository:a/b:pull\"\n\n{}"
#define TOKEN "/token?scope=repository%3Aa%2Fb%3Apull&service=reg"
