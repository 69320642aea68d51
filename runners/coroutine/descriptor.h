// SPDX-License-Identifier: MIT
//
// descriptor.h - who waits for which descriptor. A table with one entry per possible
// descriptor number; it costs memory only where it has been touched.
//
// Each descriptor is registered with the kernel once. A wait that is over leaves the
// registration as it is, because the same coroutine will most likely wait again soon,
// and telling the kernel twice per wait would cost as much as the I/O. The other side of
// this: readiness that nobody waits for is reported as well, poll after poll (epoll is
// level-triggered). The first such report withdraws the registration.
#ifndef QUARTET_RUNNERS_COROUTINE_DESCRIPTOR_H
#define QUARTET_RUNNERS_COROUTINE_DESCRIPTOR_H

#include "runners/coroutine/scheduler.h"

#include <stdbool.h>

struct descriptor {
    ev_io watcher;                  // first: a pointer to it is one to the descriptor
    struct coroutine_queue readers; // who waits until it is readable
    struct coroutine_queue writers; // who waits until it is writable
    bool asked;                     // we have written last, so the next bytes are a reply
                                    // that cannot be here yet
};

// Maps the table, with room for all that RLIMIT_NOFILE allows. 0, or -ENOMEM with the
// reason.
int descriptors_open(struct scheduler *scheduler, struct reason *reason);
void descriptors_close(struct scheduler *scheduler);

// The entry of an open descriptor. NULL: the number is beyond the limit that was in
// force when the table was made.
struct descriptor *descriptor_at(struct scheduler *scheduler, int fd);

// The number now means a new file, or is about to: forgets what was known about the old
// one. Nobody may wait for it.
void descriptor_forget(struct scheduler *scheduler, int fd);

// Suspends the calling coroutine until the descriptor is readable (EV_READ) or writable
// (EV_WRITE), or has failed: the next system call says which. 0, or -ECANCELED.
int descriptor_wait(struct scheduler *scheduler, struct descriptor *descriptor, int fd,
                    int event);

#endif
