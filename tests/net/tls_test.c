/* SPDX-License-Identifier: MIT */
/* Against a real server with TLS and HTTP/2: nginx, with a certificate of its own. */
#include "net/http.h"

#include <glib.h>
#include <glib/gstdio.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORTS 2 /* with TLS, plain */

typedef struct {
	char *directory;
	int ports[PORTS];
	GPid pid;
} Nginx;

static const char configuration[] =
	"daemon off; master_process off; pid DIR/pid; error_log DIR/error;\n"
	"events {}\n"
	"http {\n"
	"	log_format one '$connection $server_protocol $uri'; access_log DIR/access one;\n"
	"	client_body_temp_path DIR/t1; proxy_temp_path DIR/t2; fastcgi_temp_path DIR/t3;\n"
	"	uwsgi_temp_path DIR/t4; scgi_temp_path DIR/t5;\n"
	"	server {\n"
	"		listen 127.0.0.1:PORT0 ssl http2;\n"
	"		ssl_certificate DIR/cert; ssl_certificate_key DIR/key;\n"
	"		ssl_client_certificate DIR/cert; ssl_verify_client optional;\n"
	"		location /n/ { return 200 hello; }\n"
	"		location /who { return 200 $ssl_client_verify; }\n"
	"		location /down { return 302 http://127.0.0.1:PORT1/; }\n"
	"	}\n"
	"	server {\n"
	"		listen 127.0.0.1:PORT1;\n"
	"		location / { return 200 plain; }\n"
	"		location /up { return 302 https://127.0.0.1:PORT0/who; }\n"
	"	}\n"
	"}\n";

static int free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof(address);
	int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(bind(one, (struct sockaddr *)&address, length), ==, 0);
	getsockname(one, (struct sockaddr *)&address, &length);
	close(one);
	return ntohs(address.sin_port);
}

static bool run(const char *const *arguments)
{
	int status;

	return g_spawn_sync(NULL, (char **)arguments, NULL,
			    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
				    G_SPAWN_STDERR_TO_DEV_NULL,
			    NULL, NULL, NULL, NULL, &status, NULL) &&
	       g_spawn_check_wait_status(status, NULL);
}

static bool is_up(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected = connect(one, (struct sockaddr *)&address, sizeof(address)) == 0;

	close(one);
	return connected;
}

static char *in(const Nginx *nginx, const char *name)
{
	return g_build_filename(nginx->directory, name, NULL);
}

static void nginx_stop(Nginx *nginx)
{
	const char *const remove[] = { "rm", "-rf", nginx->directory, NULL };

	if (nginx->pid != 0) {
		kill(nginx->pid, SIGKILL);
		g_spawn_close_pid(nginx->pid);
	}
	(void)run(remove);
	g_free(nginx->directory);
	g_free(nginx);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Nginx, nginx_stop)

/* A test that fails leaves no server behind. */
static void end_with_the_test(void *data G_GNUC_UNUSED)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* NULL where there is no nginx or openssl: the test is skipped. */
static Nginx *nginx_start(void)
{
	g_autofree char *path = g_find_program_in_path("nginx");
	g_autofree char *openssl = g_find_program_in_path("openssl");
	g_autoptr(Nginx) nginx = NULL;
	g_autofree char *certificate = NULL, *key = NULL, *file = NULL;
	g_autoptr(GString) text = g_string_new(configuration);

	if (path == NULL || openssl == NULL) {
		g_test_skip("nginx and openssl are needed");
		return NULL;
	}
	nginx = g_new0(Nginx, 1);
	nginx->directory = g_dir_make_tmp(NULL, NULL);
	certificate = in(nginx, "cert");
	key = in(nginx, "key");
	file = in(nginx, "conf");
	const char *const make[] = { openssl,
				     "req",
				     "-x509",
				     "-newkey",
				     "ec",
				     "-pkeyopt",
				     "ec_paramgen_curve:P-256",
				     "-nodes",
				     "-subj",
				     "/CN=test",
				     "-addext",
				     "subjectAltName=IP:127.0.0.1",
				     "-out",
				     certificate,
				     "-keyout",
				     key,
				     NULL };
	const char *const start[] = { path, "-c", file, "-e", "stderr", NULL };

	g_assert_true(run(make));
	g_string_replace(text, "DIR", nginx->directory, 0);
	for (int i = 0; i < PORTS; i++) {
		g_autofree char *word = g_strdup_printf("PORT%d", i);
		g_autofree char *number = NULL;

		nginx->ports[i] = free_port();
		number = g_strdup_printf("%d", nginx->ports[i]);
		g_string_replace(text, word, number, 0);
	}
	g_assert_true(g_file_set_contents(file, text->str, -1, NULL));
	g_assert_true(g_spawn_async(NULL, (char **)start, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
				    end_with_the_test, NULL, &nginx->pid, NULL));
	for (int i = 0; i < 500 && !is_up(nginx->ports[0]); i++)
		g_usleep(10000);
	return g_steal_pointer(&nginx);
}

static Http *client(const Nginx *nginx)
{
	HttpOptions options = { .backoff_ms = 1 };
	g_autofree char *certificate = in(nginx, "cert");

	g_setenv("SSL_CERT_FILE", certificate, TRUE);
	return http_new(&options, NULL, 0);
}

static HttpRequest *ask(const Nginx *nginx, const char *path)
{
	g_autofree char *url = g_strdup_printf("https://127.0.0.1:%d%s", nginx->ports[0], path);

	return http_request_new(HTTP_GET, url);
}

static void two_hundred_requests_share_one_connection(void)
{
	g_autoptr(Nginx) nginx = nginx_start();
	g_autoptr(Http) http = NULL;
	g_autoptr(GPtrArray) requests =
		g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);
	g_autofree char *log = NULL, *text = NULL, *connection = NULL;
	g_auto(GStrv) lines = NULL;

	if (nginx == NULL)
		return;
	http = client(nginx);
	for (int i = 0; i < 200; i++) {
		g_autofree char *path = g_strdup_printf("/n/%d", i);

		g_ptr_array_add(requests, ask(nginx, path));
	}
	http_get_all(http, requests, HTTP_NO_CACHE);
	for (guint i = 0; i < requests->len; i++) {
		const HttpRequest *request = g_ptr_array_index(requests, i);

		g_assert_no_error(request->error);
		g_assert_cmpstr((const char *)request->answer->data, ==, "hello");
	}
	log = in(nginx, "access");
	g_assert_true(g_file_get_contents(log, &text, NULL, NULL));
	lines = g_strsplit(g_strchomp(text), "\n", -1);
	g_assert_cmpuint(g_strv_length(lines), ==, 200);
	connection = g_strndup(lines[0], strcspn(lines[0], " ") + 1);
	for (char **line = lines; *line != NULL; line++) {
		g_assert_true(g_str_has_prefix(*line, connection));
		g_assert_nonnull(strstr(*line, " HTTP/2.0 "));
	}
}

static void https_does_not_lead_to_plain_http(void)
{
	g_autoptr(Nginx) nginx = nginx_start();
	g_autoptr(HttpRequest) request = NULL;
	g_autoptr(Http) http = NULL;

	if (nginx == NULL)
		return;
	http = client(nginx);
	request = ask(nginx, "/down");
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_error(request->error, FAILURE, FAILURE_DENIED);
	g_assert_cmpint(((HttpHost *)g_ptr_array_index(http_hosts(http), 0))->requests, ==, 1);
}

static void an_unknown_authority_is_refused_at_once(void)
{
	g_autoptr(Nginx) nginx = nginx_start();
	g_autoptr(HttpRequest) request = NULL;
	HttpOptions options = { 0 };
	g_autoptr(Http) http = NULL;

	if (nginx == NULL)
		return;
	g_unsetenv("SSL_CERT_FILE");
	http = http_new(&options, NULL, 0);
	request = ask(nginx, "/n/1");
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_error(request->error, FAILURE, FAILURE_NET);
	g_assert_nonnull(strstr(request->error->message, "certificate"));
	g_assert_cmpint(((HttpHost *)g_ptr_array_index(http_hosts(http), 0))->requests, ==, 1);
}

/* A copy of the server's certificate or key as what its host has in certs.d. */
static void put(const Nginx *nginx, const char *name, const char *as)
{
	g_autofree char *host = g_strdup_printf("127.0.0.1:%d", nginx->ports[0]);
	g_autofree char *folder = g_build_filename(nginx->directory, "certs.d", host, NULL);
	g_autofree char *from = in(nginx, name), *to = g_build_filename(folder, as, NULL);
	g_autofree char *text = NULL;
	gsize length;

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_get_contents(from, &text, &length, NULL));
	g_assert_true(g_file_set_contents(to, text, (gssize)length, NULL));
}

static void hide(const Nginx *nginx, const char *name)
{
	g_autofree char *host = g_strdup_printf("127.0.0.1:%d", nginx->ports[0]);
	g_autofree char *path = g_build_filename(nginx->directory, "certs.d", host, name, NULL);

	g_assert_cmpint(g_chmod(path, 0), ==, 0);
}

static void is_seen_as(const Nginx *nginx, const char *url, const char *verdict)
{
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);
	g_autofree char *directory = in(nginx, "certs.d");
	HttpOptions options = { .certificates = directory };
	g_autoptr(Http) http = http_new(&options, NULL, 0);

	http_get(http, request, HTTP_NO_CACHE);
	g_assert_no_error(request->error);
	g_assert_cmpstr((const char *)request->answer->data, ==, verdict);
}

static void a_host_has_certificates_of_its_own(void)
{
	g_autoptr(Nginx) nginx = nginx_start();
	g_autofree char *who = NULL, *up = NULL;

	if (nginx == NULL)
		return;
	g_unsetenv("SSL_CERT_FILE");
	who = g_strdup_printf("https://127.0.0.1:%d/who", nginx->ports[0]);
	up = g_strdup_printf("http://127.0.0.1:%d/up", nginx->ports[1]);
	put(nginx, "cert", "ca.crt");
	is_seen_as(nginx, who, "NONE");
	put(nginx, "cert", "client.cert");
	is_seen_as(nginx, who, "NONE"); /* without its key */
	put(nginx, "key", "client.key");
	is_seen_as(nginx, who, "SUCCESS");
	is_seen_as(nginx, up, "NONE"); /* another host sent us there */
	hide(nginx, "client.key");
	if (geteuid() != 0) /* who may read every file */
		is_seen_as(nginx, who, "NONE");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tls/two_hundred_requests_share_one_connection",
			two_hundred_requests_share_one_connection);
	g_test_add_func("/tls/https_does_not_lead_to_plain_http",
			https_does_not_lead_to_plain_http);
	g_test_add_func("/tls/an_unknown_authority_is_refused_at_once",
			an_unknown_authority_is_refused_at_once);
	g_test_add_func("/tls/a_host_has_certificates_of_its_own",
			a_host_has_certificates_of_its_own);
	return g_test_run();
}
