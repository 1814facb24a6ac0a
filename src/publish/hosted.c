/* SPDX-License-Identifier: MIT */
#include "publish/hosted.h"

Hosted *hosted_new(World *w, const Repository *repository, char *base)
{
	Hosted *hosted = g_new0(Hosted, 1);

	hosted->repository = repository;
	api_init(&hosted->api, w, repository, base);
	return hosted;
}

Hosted *hosted_begin(World *w, const Repository *repository, GError **error G_GNUC_UNUSED)
{
	return hosted_new(w, repository, NULL);
}

void hosted_free(Hosted *hosted)
{
	if (hosted == NULL)
		return;
	api_clear(&hosted->api);
	g_free(hosted->owner);
	g_free(hosted->full_name);
	g_free(hosted->web);
	g_free(hosted->login);
	g_clear_pointer(&hosted->labels, g_tree_unref);
	g_free(hosted);
}

void hosted_name(Hosted *hosted, const ForgeAddress *address, const char *root)
{
	g_autofree char *owner = http_escape(address->owner), *name = NULL;

	hosted->owner = g_strdup(address->owner);
	if (address->name == NULL) {
		hosted->web = g_strdup_printf("%s/%s", root, owner);
		return;
	}
	name = http_escape(address->name);
	hosted->web = g_strdup_printf("%s/%s/%s", root, owner, name);
	hosted->full_name = g_strdup_printf("%s/%s", address->owner, address->name);
	hosted->api.repository = g_strdup_printf("/repos/%s/%s", owner, name);
}

const char *hosted_login(Hosted *hosted, GError **error)
{
	static const char doing[] = "asking whose the token is, by which its own work is known";
	g_auto(ApiAnswer) user = { 0 };

	if (hosted->login != NULL)
		return hosted->login;
	if (!api_do(&hosted->api, HTTP_GET, "/user", NULL, doing, &user, error))
		return NULL;
	hosted->login = g_strdup(json_string(user.json, "login"));
	return hosted->login != NULL
		       ? hosted->login
		       : fail_null(error, FAILURE_NET, "%s: the answer has no name", doing);
}
