// SPDX-License-Identifier: MIT
//
// descriptor.h - waiting until a descriptor is readable or writable.
//
// Each descriptor is registered with the kernel once. A wait that is over leaves the
// registration as it is, because the same coroutine will most likely wait again soon,
// and telling the kernel twice per wait would cost as much as the I/O. The other side of
// this: readiness that nobody waits for is reported as well, poll after poll (epoll is
// level-triggered). The first such report withdraws the registration.
#ifndef QUARTET_RUNNERS_COROUTINE_DESCRIPTOR_H
#define QUARTET_RUNNERS_COROUTINE_DESCRIPTOR_H

#include "runners/coroutine/scheduler.h"

// The number now means a new file, or is about to: forgets what was known about the old
// one. Nobody may wait for it.
void descriptor_forget(struct scheduler *scheduler, int fd);

// Suspends the calling coroutine until the descriptor is readable (EV_READ) or writable
// (EV_WRITE), or has failed: the next system call says which. 0, or -ECANCELED.
int descriptor_wait(struct scheduler *scheduler, struct descriptor *descriptor, int fd,
                    int event);

#endif
