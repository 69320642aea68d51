// SPDX-License-Identifier: MIT
//
// limits.h - what this machine allows. Soft limits are raised to the hard ones;
// nothing is ever clamped silently: a run that cannot reach its concurrency is
// refused with the limit, its value, and how to raise it.
#ifndef QUARTET_LIB_LIMITS_H
#define QUARTET_LIB_LIMITS_H

#include "lib/error.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#define LIMIT_UNKNOWN UINT64_MAX

// Raises the soft limits of open files and of processes to the hard ones.
void limits_raise(void);

// 0 if `wanted` more descriptors fit beside those of a quiet process, else -EMFILE
// with the reason.
int limits_check_descriptors(uint64_t wanted, struct reason *reason);

// 0 if `wanted` more processes or threads fit under RLIMIT_NPROC (where it binds),
// pid_max, threads-max and the cgroup's pids.max, else -EAGAIN with the reason.
int limits_check_tasks(uint64_t wanted, const char *what, struct reason *reason);

// 0 if `wanted` more memory mappings fit under vm.max_map_count, else -ENOMEM.
int limits_check_maps(uint64_t wanted, struct reason *reason);

// 0 if `wanted` more bytes of addresses fit under RLIMIT_AS, else -ENOMEM with the reason.
int limits_check_addresses(uint64_t wanted, struct reason *reason);

// 0 if files may have `wanted` bytes by RLIMIT_FSIZE, else -EFBIG with the reason.
int limits_check_file_size(uint64_t wanted, struct reason *reason);

// Says why the machine has refused something: "cannot fork: Operation not permitted; a filter of
// system calls (seccomp) forbids it: ...", with the limit that is behind the error, its value,
// and how to raise it. `error` is the -errno of the call that the format names, and is returned.
int limits_refuse(int error, struct reason *reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Is this -errno a refusal of the machine (DNF), and no fault of a program?
bool limits_is_refusal(int error);

// The number in a file of /proc or /sys, or LIMIT_UNKNOWN. "max" is LIMIT_UNKNOWN.
uint64_t limits_read_number(const char *path);

// Does this -errno say that a disk, a quota or a file may hold no more?
static inline bool limits_is_disk(int error)
{
    return error == -ENOSPC || error == -EDQUOT || error == -EFBIG;
}

// Is there room for this much memory now? The kernel would promise more than it has, and
// kill somebody when the promise is called in. 0, or -ENOMEM with the reason.
int limits_check_memory(uint64_t wanted, struct reason *reason);

// ---- control groups ------------------------------------------------------------------

// Looks at a file of a control group; true: that is enough.
typedef bool limits_group_visit(void *context, const char *path);

// Calls `visit` with the path of `file` in our control group and in each one above it, the
// nearest first, as each of them binds: in version 2, and in the hierarchy of version 1 that
// has `controller` ("cpu"). A path need not exist. True if a visit said so.
bool limits_each_group(const char *controller, const char *file,
                       limits_group_visit *visit, void *context);

// The same with other places, for tests.
struct limits_groups {
    const char *list; // "/proc/self/cgroup"
    const char *root; // "/sys/fs/cgroup"
};
bool limits_each_group_of(const struct limits_groups *groups, const char *controller,
                          const char *file, limits_group_visit *visit, void *context);

// The least number in this file of all these groups; LIMIT_UNKNOWN: none has one.
uint64_t limits_least_of_groups(const char *controller, const char *file);

#endif
