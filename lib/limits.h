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

#endif
