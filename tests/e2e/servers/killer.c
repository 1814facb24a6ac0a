/* SPDX-License-Identifier: MIT */
/* Preloaded into a worker: counts the calls by which it changes the world (a commit
 * of the database, a renamed file, bytes sent) and dies just before the KILL_AT-th.
 * It does so once: KILL_MARK is a file that tells later workers to live. Without
 * KILL_AT it only counts, and at the end adds the number to KILL_COUNT. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static long count;

static int is_worker(void)
{
	return strcmp(program_invocation_short_name, "upkeepd-worker") == 0;
}

static void step(void)
{
	const char *at = getenv("KILL_AT");
	const char *mark = getenv("KILL_MARK");

	if (!is_worker())
		return;
	count++;
	if (at == NULL || mark == NULL || atol(at) != count)
		return;
	if (open(mark, O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0)
		kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void tell(void)
{
	const char *path = getenv("KILL_COUNT");
	FILE *file = path != NULL && is_worker() ? fopen(path, "a") : NULL;

	if (file == NULL)
		return;
	fprintf(file, "%ld\n", count);
	fclose(file);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fdatasync(int file)
{
	step();
	return NEXT(fdatasync)(file);
}

int fsync(int file)
{
	step();
	return NEXT(fsync)(file);
}

int rename(const char *from, const char *to)
{
	step();
	return NEXT(rename)(from, to);
}

int link(const char *from, const char *to)
{
	step();
	return NEXT(link)(from, to);
}

ssize_t send(int sock, const void *bytes, size_t length, int flags)
{
	step();
	return NEXT(send)(sock, bytes, length, flags);
}
