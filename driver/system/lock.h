// SPDX-License-Identifier: MIT
//
// lock.h - one measuring session at a time on a machine: two would measure each other.
// The lock is a flock() on a file that all users of the machine share; the kernel
// releases it when the last process that holds it has ended, however it ended.
#ifndef QUARTET_DRIVER_SYSTEM_LOCK_H
#define QUARTET_DRIVER_SYSTEM_LOCK_H

#include "lib/error.h"

#include <stdint.h>

// Takes the lock: $QUARTET_LOCK, else quartet.lock in /run/lock where everybody may
// write there, else in /tmp. When somebody has it, waits at most `wait_ns`. Returns a
// descriptor to keep open; -EBUSY, naming the holder; -EINTR; or another -errno.
int lock_take(uint64_t wait_ns, struct reason *reason);

#endif
