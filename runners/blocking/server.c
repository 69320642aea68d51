// SPDX-License-Identifier: MIT
//
// The verbs of server.h by blocking system calls, for sequential, multiprocess and
// multithread. Many workers may wait in accept() for the same listener: the kernel wakes
// one of them per connection. The time limit is the kernel's, too.
//
// Read next: ../coroutine/server.c for the same without blocking the thread.
#define _GNU_SOURCE // accept4()
#include "runners/server.h"

#include "runners/blocking/worker_lock.h"
#include "runners/common/accept_error.h"

#include <errno.h>
#include <sys/time.h>
#include <time.h>

static void pause_for(uint64_t duration_ns)
{
    struct timespec duration = clock_timespec(duration_ns);
    nanosleep(&duration, NULL);
}

int direct_accept(int listener)
{
    int result;
    worker_blocks();
    for (;;) {
        result = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (result >= 0)
            break;
        enum accept_error about = accept_error(errno);
        if (about == ACCEPT_SHORT) {
            pause_for(ACCEPT_PAUSE_NS);
        } else if (about != ACCEPT_NEXT) {
            result = -errno;
            break;
        }
    }
    worker_resumes();
    return result;
}

// A time of 0 means "for ever" to the kernel, so the shortest limit is a microsecond.
int direct_limit(int fd, uint64_t timeout_ns)
{
    struct timeval limit = {0};
    if (timeout_ns != DIRECT_FOREVER) {
        uint64_t us = (timeout_ns + 999) / 1000;
        limit = (struct timeval){.tv_sec = (time_t)(us / 1000000),
                                 .tv_usec = (suseconds_t)(us == 0 ? 1 : us % 1000000)};
    }
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0)
        return -errno;
    return 0;
}
