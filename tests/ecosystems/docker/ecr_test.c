/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "ecosystems/docker/ecr.h"

#include <string.h>

static const struct {
	const char *host, *endpoint, *region; /* NULL: none of ECR's */
} hosts[] = {
	{ "123456789012.dkr.ecr.eu-west-1.amazonaws.com", "https://api.ecr.eu-west-1.amazonaws.com",
	  "eu-west-1" },
	{ "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
	  "https://api.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1" },
	{ "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
	  "https://ecr-fips.us-east-1.amazonaws.com", "us-east-1" },
	{ "public.ecr.aws", NULL, NULL },
	{ "12345678901.dkr.ecr.eu-west-1.amazonaws.com", NULL, NULL },
	{ "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example", NULL, NULL },
	{ "123456789012.dkr.ecr.evil.example/x.amazonaws.com", NULL, NULL },
	{ "123456789012.dkr.ecr..amazonaws.com", NULL, NULL },
	{ "123456789012.dkr.ecr.a.b.amazonaws.com", NULL, NULL },
	{ "x123456789012.dkr.ecr.eu-west-1.amazonaws.com", NULL, NULL },
	{ "123456789012.dkr.ecr.", NULL, NULL },
};

static void the_host_tells_the_endpoint(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
		g_autofree char *region = NULL;
		g_autofree char *endpoint = ecr_endpoint(hosts[i].host, &region);

		g_test_message("%s", hosts[i].host);
		g_assert_cmpstr(endpoint, ==, hosts[i].endpoint);
		g_assert_cmpstr(region, ==, hosts[i].region);
	}
}

static bool has(const HttpRequest *request, const char *header)
{
	return g_ptr_array_find_with_equal_func(request->headers, header, g_str_equal, NULL);
}

/* The signature was made by another program (Python's hmac) from AWS's description. */
static void the_request_is_signed_and_holds_no_secret(void)
{
	static const char key[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
	g_autoptr(Secret) secret = secret_new(key, strlen(key));
	Credential credential = { .username = (char[]){ "AKIDEXAMPLE" }, .secret = secret };
	g_autoptr(HttpRequest) request = ecr_request(
		&credential, "https://api.ecr.us-east-1.amazonaws.com", "us-east-1", 1440938160);

	g_assert_cmpint(request->method, ==, HTTP_POST);
	g_assert_cmpstr(request->url, ==, "https://api.ecr.us-east-1.amazonaws.com/");
	g_assert_null(request->secret);
	g_assert_true(has(request, "X-Amz-Date: 20150830T123600Z"));
	g_assert_true(
		has(request,
		    "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/"
		    "ecr/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
		    "Signature=527a2155e9afc2426cb4c659023df9c031e8103458f349819615ff25111f5de0"));
}

static const struct {
	const char *answer, *password; /* NULL: none */
	int status;
} answers[] = {
	{ "{\"authorizationData\":[{\"authorizationToken\":\"QVdTOnBhOnNz\"}]}", "pa:ss", 200 },
	{ "{\"authorizationData\":[{\"authorizationToken\":\"QVdT\"}]}", NULL, 200 },
	{ "{\"authorizationData\":[{\"authorizationToken\":\"!\"}]}", NULL, 200 },
	{ "{\"authorizationData\":[]}", NULL, 200 },
	{ "{\"authorizationData\":[{\"authorizationToken\":\"QVdTOnBhOnNz\"}]}", NULL, 400 },
	{ "<html>", NULL, 200 },
};

static void the_password_is_in_the_answer(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autoptr(HttpRequest) request = http_request_new(HTTP_POST, "https://x.test/");
		g_autoptr(Secret) password = NULL;

		request->status = answers[i].status;
		g_byte_array_append(request->answer, (const guint8 *)answers[i].answer,
				    (guint)strlen(answers[i].answer));
		password = ecr_password(request);
		g_test_message("%s", answers[i].answer);
		g_assert_cmpstr(password != NULL ? secret_reveal(password) : NULL, ==,
				answers[i].password);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/docker/ecr/the_host_tells_the_endpoint", the_host_tells_the_endpoint);
	g_test_add_func("/docker/ecr/the_request_is_signed_and_holds_no_secret",
			the_request_is_signed_and_holds_no_secret);
	g_test_add_func("/docker/ecr/the_password_is_in_the_answer", the_password_is_in_the_answer);
	return g_test_run();
}
