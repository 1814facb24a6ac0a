/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/ecr.h"

#include "base/crypto.h"
#include "base/json.h"

#include <string.h>

/* An answer with one token has some KiB. */
enum { LIMIT_PASSWORD = 64 * 1024 };

enum { ACCOUNT_DIGITS = 12 };

#define SERVICE "AmazonEC2ContainerRegistry_V20150921."
#define TYPE    "application/x-amz-json-1.1"
#define SIGNED  "content-type;host;x-amz-date;x-amz-target"

/* Between ".dkr.ecr." or its like and the domain stands the region. */
static const struct {
	const char *infix, *domain, *endpoint; /* the last with the region in it */
} kinds[] = {
	{ ".dkr.ecr.", ".amazonaws.com", "https://api.ecr.%s.amazonaws.com" },
	{ ".dkr.ecr.", ".amazonaws.com.cn", "https://api.ecr.%s.amazonaws.com.cn" },
	{ ".dkr.ecr-fips.", ".amazonaws.com", "https://ecr-fips.%s.amazonaws.com" },
};

static bool is_region(const char *text)
{
	return *text != '\0' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

char *ecr_endpoint(const char *host, char **region)
{
	const char *rest = host + strspn(host, "0123456789");

	*region = NULL;
	for (size_t i = 0; rest - host == ACCOUNT_DIGITS && i < G_N_ELEMENTS(kinds); i++) {
		size_t infix = strlen(kinds[i].infix);
		g_autofree char *name = NULL;
		g_auto(GStrv) parts = NULL;

		if (!g_str_has_prefix(rest, kinds[i].infix) ||
		    !g_str_has_suffix(rest + infix, kinds[i].domain))
			continue;
		name = g_strndup(rest + infix, strlen(rest + infix) - strlen(kinds[i].domain));
		if (!is_region(name))
			continue;
		*region = g_steal_pointer(&name);
		parts = g_strsplit(kinds[i].endpoint, "%s", 2);
		return g_strconcat(parts[0], *region, parts[1], NULL);
	}
	return NULL;
}

/* "20150830T123600Z" */
static char *time_of(int64_t now)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(now);

	return g_date_time_format(time, "%Y%m%dT%H%M%SZ");
}

/* What is signed: the request in one form, and what it is for. */
static char *text_to_sign(const char *host, const char *time, const char *scope, const char *action,
			  const char *body)
{
	g_autofree char *hash = sha256_hex(body, strlen(body)), *sum = NULL;
	g_autofree char *canonical = g_strdup_printf("POST\n/\n\n"
						     "content-type:" TYPE "\n"
						     "host:%s\n"
						     "x-amz-date:%s\n"
						     "x-amz-target:" SERVICE "%s\n\n" SIGNED "\n%s",
						     host, time, action, hash);

	sum = sha256_hex(canonical, strlen(canonical));
	return g_strdup_printf("AWS4-HMAC-SHA256\n%s\n%s\n%s", time, scope, sum);
}

/* `body` is taken. */
static HttpRequest *signed_request(const Credential *key, const char *endpoint, const char *region,
				   int64_t now, const char *action, char *body)
{
	g_autofree char *url = g_strconcat(endpoint, "/", NULL), *time = time_of(now);
	g_autofree char *day = g_strndup(time, strlen("20150830"));
	g_autofree char *scope = g_strconcat(day, "/", region, "/ecr/aws4_request", NULL);
	g_autofree char *target = g_strconcat(SERVICE, action, NULL);
	const char *host = strstr(endpoint, "://") + strlen("://");
	g_autofree char *text = text_to_sign(host, time, scope, action, body);
	g_autofree char *signature = aws4_signature(key->secret, scope, text);
	g_autofree char *shown = g_strdup_printf(
		"AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=" SIGNED ", Signature=%s",
		key->username, scope, signature);
	HttpRequest *request = http_request_new(HTTP_POST, url);

	request->body = g_bytes_new_take(body, strlen(body));
	request->is_repeatable = true;
	http_request_header(request, "Content-Type", TYPE);
	http_request_header(request, "X-Amz-Date", time);
	http_request_header(request, "X-Amz-Target", target);
	http_request_header(request, "Authorization", shown);
	return request;
}

HttpRequest *ecr_request(const Credential *key, const char *endpoint, const char *region,
			 int64_t now)
{
	HttpRequest *request =
		signed_request(key, endpoint, region, now, "GetAuthorizationToken", g_strdup("{}"));

	request->max_bytes = LIMIT_PASSWORD;
	return request;
}

HttpRequest *ecr_images_request(const Credential *key, const char *endpoint, const char *region,
				const char *host, const char *path, const GPtrArray *digests,
				int64_t now)
{
	g_autoptr(Json) json = json_new_object();
	g_autofree char *account = g_strndup(host, ACCOUNT_DIGITS);
	Json *ids = json_new_array();

	for (guint i = 0; i < digests->len && i < ECR_IMAGES; i++) {
		Json *id = json_new_object();

		json_set_string(id, "imageDigest", g_ptr_array_index(digests, i));
		json_append(ids, id);
	}
	json_set_string(json, "registryId", account);
	json_set_string(json, "repositoryName", path);
	json_set(json, "imageIds", ids);
	return signed_request(key, endpoint, region, now, "DescribeImages", json_print(json));
}

Secret *ecr_password(const HttpRequest *request)
{
	g_autoptr(Json) json = NULL;
	g_autoptr(GError) error = NULL;
	const char *encoded, *colon;
	uint8_t *bytes = NULL;
	size_t length = 0;
	Secret *password = NULL;

	if (request->error != NULL || request->status != 200)
		return NULL;
	json = json_parse((const char *)request->answer->data, request->answer->len, "ECR", &error);
	encoded = json != NULL ? json_string(json_first(json_array(json, "authorizationData")),
					     "authorizationToken")
			       : NULL;
	if (encoded == NULL || !base64_decode(encoded, &bytes, &length))
		return NULL;
	colon = memchr(bytes, ':', length);
	if (colon != NULL)
		password =
			secret_new(colon + 1, length - (size_t)(colon + 1 - (const char *)bytes));
	explicit_bzero(bytes, length);
	g_free(bytes);
	return password;
}
