/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "sandbox"

#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Address space: the largest repositories take a fifth of it. */
#define LIMIT_MEMORY (1024UL * 1024 * 1024)
/* One file: a module's archive, the database, a pack. */
#define LIMIT_FILE   (1024UL * 1024 * 1024)
#define LIMIT_FILES  512

/* The sanitizers reserve terabytes of addresses. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ROOM 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ROOM 0
#endif
#endif
#ifndef HAS_ROOM
#define HAS_ROOM 1
#endif

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static void limit(int resource, rlim_t most)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)resource, &now) != 0 || now.rlim_max < most)
		return;
	now.rlim_cur = now.rlim_max = most;
	(void)setrlimit((__rlimit_resource_t)resource, &now);
}

#ifdef OWN_ARCHITECTURE
#define DENY(call)                                              \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 1), \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

/* A list of what is refused, not of what is allowed: the next libc would break the
 * latter. ptrace is left to the sanitizers, which look for leaks with it. */
static void deny_calls(void)
{
	static struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef __X32_SYSCALL_BIT
		/* The same calls under other numbers. */
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, __X32_SYSCALL_BIT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
#endif
		DENY(execve),
		DENY(execveat),
#if HAS_ROOM
		DENY(ptrace),
#endif
		DENY(process_vm_readv),
		DENY(process_vm_writev),
		DENY(mount),
		DENY(umount2),
		DENY(pivot_root),
		DENY(chroot),
		DENY(unshare),
		DENY(setns),
		DENY(bpf),
		DENY(perf_event_open),
		DENY(keyctl),
		DENY(add_key),
		DENY(request_key),
		DENY(init_module),
		DENY(finit_module),
		DENY(delete_module),
		DENY(kexec_load),
		DENY(reboot),
		DENY(userfaultfd),
		DENY(io_uring_setup),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { G_N_ELEMENTS(filter), filter };

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0)
		g_debug("no system call filter: %s", g_strerror(errno));
}
#else
static void deny_calls(void)
{
	g_debug("no system call filter for this architecture");
}
#endif

void sandbox_enter(void)
{
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, LIMIT_FILES);
	limit(RLIMIT_FSIZE, LIMIT_FILE);
	if (HAS_ROOM)
		limit(RLIMIT_AS, LIMIT_MEMORY);
	deny_calls();
}

/* Of the second version of the kernel's interface: the first forbids moving a file
 * from one folder to another altogether, which git must. What later versions add
 * stays as it was. */
#define LANDLOCK_VERSION 2
#define READ_ACCESS      (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_ACCESS                                                                   \
	(READ_ACCESS | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |                \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REFER)
/* Programs are never started, devices and links never made: handled, given to nobody. */
#define ALL_ACCESS                                                                  \
	(WRITE_ACCESS | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |             \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)
/* What a rule on a single file may give. */
#define FILE_ACCESS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)

static bool allow(int rules, const char *path, uint64_t access, GError **error)
{
	struct landlock_path_beneath_attr beneath = { .allowed_access = access };
	struct stat status;
	int result;

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return true;
	if (fstat(beneath.parent_fd, &status) == 0 && !S_ISDIR(status.st_mode))
		beneath.allowed_access &= FILE_ACCESS;
	result =
		(int)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(beneath.parent_fd);
	return result == 0 || fail(error, FAILURE_IO, "'%s' cannot be left to the worker: %s", path,
				   g_strerror(errno));
}

static bool allow_all(int rules, const GPtrArray *readable, const GPtrArray *writable,
		      GError **error)
{
	/* Libraries, host names, authorities, time zones, and our own memory's size. */
	static const char *const system[] = {
		"/usr",         "/lib",      "/lib64", "/etc", "/run/systemd/resolve",
		"/dev/urandom", "/proc/self"
	};

	for (size_t i = 0; i < G_N_ELEMENTS(system); i++)
		if (!allow(rules, system[i], READ_ACCESS, error))
			return false;
	if (!allow(rules, "/dev/null", FILE_ACCESS, error))
		return false;
	for (guint i = 0; i < readable->len; i++)
		if (!allow(rules, g_ptr_array_index(readable, i), READ_ACCESS, error))
			return false;
	for (guint i = 0; i < writable->len; i++)
		if (!allow(rules, g_ptr_array_index(writable, i), WRITE_ACCESS, error))
			return false;
	return true;
}

bool sandbox_confine(const GPtrArray *readable, const GPtrArray *writable, GError **error)
{
	struct landlock_ruleset_attr handled = { .handled_access_fs = ALL_ACCESS };
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	bool is_good;
	int rules;

	if (version < LANDLOCK_VERSION) {
		g_debug("this kernel's Landlock is of version %ld, %d is needed", MAX(version, 0),
			LANDLOCK_VERSION);
		return true;
	}
	rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
	if (rules < 0)
		return fail(error, FAILURE_IO, "the worker cannot be confined: %s",
			    g_strerror(errno));
	is_good = allow_all(rules, readable, writable, error);
	if (is_good && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		is_good = fail(error, FAILURE_IO, "the worker cannot be confined: %s",
			       g_strerror(errno));
	close(rules);
	return is_good;
}
