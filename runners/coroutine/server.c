// SPDX-License-Identifier: MIT
//
// The verbs of server.h for coroutines: the same system calls as in ../blocking/server.c, but
// none of them may block the thread.
//
// Read next: descriptor.c, where they wait.
#define _GNU_SOURCE // SOCK_NONBLOCK, SOCK_CLOEXEC
#include "runners/server.h"

#include "runners/common/accept_error.h"
#include "runners/common/accept_from.h"
#include "runners/coroutine/descriptor.h"
#include "runners/coroutine/scheduler.h"
#include "runners/coroutine/wait.h"

#include <errno.h>
#include <fcntl.h>

// The listener was made by somebody who does not know how this model waits.
static int listener_prepare(int listener)
{
    int flags = fcntl(listener, F_GETFL);
    if (flags < 0 || fcntl(listener, F_SETFL, flags | O_NONBLOCK) != 0)
        return -errno;
    return 0;
}

// The connection, or -errno; it is the caller's turn.
static int accept_next(struct scheduler *scheduler, struct descriptor *descriptor,
                       int listener)
{
    int error = ev_is_active(&descriptor->watcher) ? 0 : listener_prepare(listener);
    while (error == 0) {
        int fd = accept_from(listener, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            return fd;
        switch (accept_error(-fd)) {
        case ACCEPT_NONE:
            error = descriptor_wait(scheduler, descriptor, listener, EV_READ);
            break;
        case ACCEPT_NEXT:
            break;
        case ACCEPT_SHORT:
            error = wait_sleep(ACCEPT_PAUSE_NS);
            break;
        case ACCEPT_OVER:
            error = fd;
            break;
        }
    }
    return error;
}

int direct_accept(int listener)
{
    struct scheduler *scheduler = scheduler_here;
    struct descriptor *descriptor = descriptor_at(&scheduler->descriptors, listener);
    if (descriptor == NULL)
        return -EBADF;
    int error = descriptor_await_turn(scheduler, descriptor);
    if (error != 0)
        return error;
    int fd = accept_next(scheduler, descriptor, listener);
    descriptor_next_turn(scheduler, descriptor);
    if (fd >= 0)
        descriptor_forget(scheduler, fd);
    return fd;
}

int direct_limit(int fd, uint64_t timeout_ns)
{
    struct scheduler *scheduler = scheduler_here;
    struct descriptor *descriptor = descriptor_at(&scheduler->descriptors, fd);
    if (descriptor == NULL)
        return -EBADF;
    descriptor_limit(scheduler, descriptor, timeout_ns);
    return 0;
}
