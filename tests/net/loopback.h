/* SPDX-License-Identifier: MIT */
/* A web server inside a test: one page a path, each a list of answers.
 *
 * An answer is written as a person would: "200\nETag: \"x\"\n\nbody". The server adds
 * Content-Length and line ends; the last answer of a page repeats. Words after
 * the status make it misbehave (see misbehave()). In headers "@SELF" and
 * "@OTHER" become the origins of this server and of the one in `other`.
 */
#pragma once

#include <glib.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
	const char *path;
	const char *answers[6];
} Page;

typedef struct Loopback Loopback;
struct Loopback {
	const Page *pages; /* ends with a NULL path */
	const Loopback *other;
	int listener;
	char origin[32];
	GThread *acceptor;
	GMutex lock;
	GCond changed;
	bool is_stopping;
	GPtrArray *requests; /* of char *: whole heads with their bodies, in order */
	GPtrArray *threads;  /* of GThread */
	GArray *sockets;     /* of int */
	unsigned gathered;   /* requests that wait for each other */
};

typedef struct {
	Loopback *server;
	int socket;
} LoopbackConnection;

#define LOOPBACK_GATHERING 4

static inline void loopback_send(int to, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(to, bytes, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		length -= (size_t)sent;
	}
}

static inline bool loopback_send_forever(int to, const char *piece)
{
	while (send(to, piece, strlen(piece), MSG_NOSIGNAL) > 0)
		;
	return false;
}

/* For servers that just do not go on. */
static inline void loopback_wait_for_stop(Loopback *server)
{
	g_mutex_lock(&server->lock);
	while (!server->is_stopping)
		g_cond_wait(&server->changed, &server->lock);
	g_mutex_unlock(&server->lock);
}

/* Answers once LOOPBACK_GATHERING requests are here at the same time. */
static inline void loopback_gather(Loopback *server)
{
	gint64 deadline = g_get_monotonic_time() + 5 * G_TIME_SPAN_SECOND;

	g_mutex_lock(&server->lock);
	server->gathered++;
	g_cond_broadcast(&server->changed);
	while (server->gathered < LOOPBACK_GATHERING && !server->is_stopping)
		if (!g_cond_wait_until(&server->changed, &server->lock, deadline))
			break;
	g_mutex_unlock(&server->lock);
}

static inline const char *loopback_answer(Loopback *server, const char *path)
{
	unsigned asked = 0;
	g_autofree char *line = g_strconcat(" ", path, " ", NULL);

	for (guint i = 0; i < server->requests->len; i++) {
		const char *request = g_ptr_array_index(server->requests, i);

		asked += g_strstr_len(request, (gssize)strcspn(request, "\r"), line) != NULL;
	}
	for (const Page *page = server->pages; page->path != NULL; page++) {
		unsigned last = 0;

		if (strcmp(page->path, path) != 0)
			continue;
		while (last + 1 < G_N_ELEMENTS(page->answers) && page->answers[last + 1] != NULL)
			last++;
		return page->answers[MIN(asked - 1, last)];
	}
	return "404\n\nno such page";
}

/* A run of zeros as deflate's fixed codes have it: 13 bits for 258 bytes. */
static inline GByteArray *loopback_bomb(void)
{
	static const guint8 start[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	static const char first[] = "110"
				    "00110000"; /* last block, fixed codes; a zero */
	static const char again[] = "11000101"
				    "00000"; /* the last byte 258 times more */
	GByteArray *bomb = g_byte_array_new();
	unsigned byte = 0, filled = 0;

	g_byte_array_append(bomb, start, sizeof(start));
	for (unsigned i = 0; i < 40000; i++) {
		for (const char *bit = i == 0 ? first : again; *bit != '\0'; bit++) {
			byte |= (unsigned)(*bit - '0') << filled;
			if (++filled < 8)
				continue;
			g_byte_array_append(bomb, (const guint8[]){ (guint8)byte }, 1);
			byte = filled = 0;
		}
	}
	return bomb;
}

static inline void loopback_send_gzip(int to, const void *bytes, size_t length)
{
	g_autofree char *head = g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
						"Content-Length: %zu\r\n\r\n",
						length);

	loopback_send(to, head, strlen(head));
	loopback_send(to, bytes, length);
}

/* "200 hex\n\nBODY": the bytes that the hex digits of the body stand for. */
static inline bool loopback_send_hex(int to, const char *answer)
{
	const char *digits = strstr(answer, "\n\n") + 2;
	size_t length = strlen(digits) / 2;
	g_autofree char *head =
		g_strdup_printf("HTTP/1.1 200 Fine\r\nContent-Length: %zu\r\n\r\n", length);
	g_autofree char *bytes = g_malloc(length + 1);

	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(g_ascii_xdigit_value(digits[2 * i]) * 16 +
				  g_ascii_xdigit_value(digits[2 * i + 1]));
	loopback_send(to, head, strlen(head));
	loopback_send(to, bytes, length);
	return true;
}

/* "200 word": what the word does instead of, or before, a plain answer. False
 * ends the connection. */
static inline bool loopback_misbehave(Loopback *server, int to, const char *word)
{
	if (strcmp(word, "reset") == 0) {
		struct linger linger = { .l_onoff = 1, .l_linger = 0 };

		setsockopt(to, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
		return false;
	}
	if (strcmp(word, "silence") == 0) {
		loopback_wait_for_stop(server);
		return false;
	}
	if (strcmp(word, "endless-headers") == 0) {
		loopback_send(to, "HTTP/1.1 200 OK\r\n", 17);
		return loopback_send_forever(to, "X-More: and more and more\r\n");
	}
	if (strcmp(word, "endless-body") == 0) {
		loopback_send(to, "HTTP/1.1 200 OK\r\n\r\n", 19);
		return loopback_send_forever(to, "more and more and more and more and more ");
	}
	if (strcmp(word, "truncated") == 0) {
		static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";

		loopback_send(to, half, strlen(half));
		return false;
	}
	if (strcmp(word, "stall") == 0) {
		static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";

		loopback_send(to, half, strlen(half));
		loopback_wait_for_stop(server);
		return false;
	}
	if (strcmp(word, "gzip") == 0) {
		static const guint8 hello[] = { 0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00,
						0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9,
						0xc9, 0x07, 0x00, 0x86, 0xa6, 0x10, 0x36,
						0x05, 0x00, 0x00, 0x00 };

		loopback_send_gzip(to, hello, sizeof(hello));
		return false;
	}
	if (strcmp(word, "bomb") == 0) {
		g_autoptr(GByteArray) bomb = loopback_bomb();

		loopback_send_gzip(to, bomb->data, bomb->len);
		return false;
	}
	if (strcmp(word, "gathering") == 0)
		loopback_gather(server);
	return true;
}

static inline void loopback_reply(Loopback *server, int to, const char *answer, bool is_head)
{
	const char *gap = strstr(answer, "\n\n");
	g_autofree char *head =
		gap == NULL ? g_strdup(answer) : g_strndup(answer, (gsize)(gap - answer));
	const char *body = gap == NULL ? "" : gap + 2;
	g_auto(GStrv) lines = g_strsplit(head, "\n", -1);
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, "HTTP/1.1 %.3s Fine\r\n", lines[0]);
	for (char **line = lines + 1; *line != NULL; line++)
		g_string_append_printf(text, "%s\r\n", *line);
	g_string_replace(text, "@SELF", server->origin, 0);
	if (server->other != NULL)
		g_string_replace(text, "@OTHER", server->other->origin, 0);
	if (strncmp(answer, "304", 3) != 0 && strstr(head, "Transfer-Encoding") == NULL)
		g_string_append_printf(text, "Content-Length: %zu\r\n", strlen(body));
	g_string_append(text, "\r\n");
	if (!is_head)
		g_string_append(text, body);
	loopback_send(to, text->str, text->len);
}

/* Reads one request, its body included; NULL at the end. */
static inline char *loopback_read(int from, GString *pending)
{
	char bytes[4096];
	const char *end, *length_line;
	size_t whole;

	for (;;) {
		ssize_t count;

		end = strstr(pending->str, "\r\n\r\n");
		if (end != NULL) {
			length_line = strstr(pending->str, "Content-Length: ");
			whole = (size_t)(end + 4 - pending->str);
			if (length_line != NULL && length_line < end)
				whole += (size_t)g_ascii_strtoull(length_line + 16, NULL, 10);
			if (pending->len >= whole)
				break;
		}
		count = recv(from, bytes, sizeof(bytes), 0);
		if (count <= 0)
			return NULL;
		g_string_append_len(pending, bytes, count);
	}
	{
		char *request = g_strndup(pending->str, whole);

		g_string_erase(pending, 0, (gssize)whole);
		return request;
	}
}

static inline void *loopback_serve(void *data)
{
	g_autofree LoopbackConnection *connection = data;
	Loopback *server = connection->server;
	g_autoptr(GString) pending = g_string_new(NULL);
	char *request;

	while ((request = loopback_read(connection->socket, pending)) != NULL) {
		g_auto(GStrv) words = g_strsplit_set(request, " \r", 3);
		const char *answer;
		g_autofree char *word = NULL;

		g_mutex_lock(&server->lock);
		g_ptr_array_add(server->requests, request);
		answer = loopback_answer(server, words[1]);
		g_mutex_unlock(&server->lock);
		word = g_strndup(answer, strcspn(answer, "\n"));
		if (strcmp(word, "200 hex") == 0 && loopback_send_hex(connection->socket, answer))
			continue;
		if (strlen(word) > 4 && !loopback_misbehave(server, connection->socket, word + 4))
			break;
		loopback_reply(server, connection->socket, answer, strcmp(words[0], "HEAD") == 0);
	}
	shutdown(connection->socket, SHUT_WR);
	g_mutex_lock(&server->lock);
	for (guint i = 0; i < server->sockets->len; i++)
		if (g_array_index(server->sockets, int, i) == connection->socket)
			g_array_remove_index_fast(server->sockets, i--);
	close(connection->socket);
	g_mutex_unlock(&server->lock);
	return NULL;
}

static inline void *loopback_accept(void *data)
{
	Loopback *server = data;
	int accepted;

	while ((accepted = accept(server->listener, NULL, NULL)) >= 0) {
		LoopbackConnection *connection = g_new0(LoopbackConnection, 1);

		connection->server = server;
		connection->socket = accepted;
		g_mutex_lock(&server->lock);
		g_array_append_val(server->sockets, accepted);
		g_ptr_array_add(server->threads, g_thread_new("serve", loopback_serve, connection));
		g_mutex_unlock(&server->lock);
	}
	return NULL;
}

static inline Loopback *loopback_new(const Page *pages)
{
	Loopback *server = g_new0(Loopback, 1);
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof(address);

	server->pages = pages;
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(server->listener, (struct sockaddr *)&address, length), ==, 0);
	g_assert_cmpint(listen(server->listener, 64), ==, 0);
	getsockname(server->listener, (struct sockaddr *)&address, &length);
	g_snprintf(server->origin, sizeof(server->origin), "http://127.0.0.1:%d",
		   ntohs(address.sin_port));
	g_mutex_init(&server->lock);
	g_cond_init(&server->changed);
	server->requests = g_ptr_array_new_with_free_func(g_free);
	server->threads = g_ptr_array_new();
	server->sockets = g_array_new(FALSE, FALSE, sizeof(int));
	server->acceptor = g_thread_new("accept", loopback_accept, server);
	return server;
}

static inline void loopback_free(Loopback *server)
{
	shutdown(server->listener, SHUT_RDWR);
	g_thread_join(server->acceptor);
	g_mutex_lock(&server->lock);
	server->is_stopping = true;
	g_cond_broadcast(&server->changed);
	for (guint i = 0; i < server->sockets->len; i++)
		shutdown(g_array_index(server->sockets, int, i), SHUT_RDWR);
	g_mutex_unlock(&server->lock);
	for (guint i = 0; i < server->threads->len; i++)
		g_thread_join(g_ptr_array_index(server->threads, i));
	close(server->listener);
	g_ptr_array_unref(server->requests);
	g_ptr_array_unref(server->threads);
	g_array_unref(server->sockets);
	g_mutex_clear(&server->lock);
	g_cond_clear(&server->changed);
	g_free(server);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Loopback, loopback_free)

static inline char *loopback_url(const Loopback *server, const char *path)
{
	return g_strconcat(server->origin, path, NULL);
}

/* The head of the request number `i`, from 0. */
static inline const char *loopback_request(const Loopback *server, guint i)
{
	g_assert_cmpuint(i, <, server->requests->len);
	return g_ptr_array_index(server->requests, i);
}
