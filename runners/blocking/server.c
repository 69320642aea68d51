// SPDX-License-Identifier: MIT
//
// The verbs of server.h by blocking system calls, for sequential, multiprocess and
// multithread. Many workers may wait in accept() for the same listener: the kernel wakes
// one of them per connection. Many who wait for one door (accept_from.h) are all woken, and
// the others find nobody. The time limit is the kernel's, too.
//
// Read next: ../coroutine/server.c for the same without blocking the thread.
#define _GNU_SOURCE // SOCK_CLOEXEC
#include "runners/server.h"

#include "runners/blocking/worker_lock.h"
#include "runners/common/accept_error.h"
#include "runners/common/accept_from.h"

#include <errno.h>
#include <poll.h>
#include <sys/time.h>
#include <time.h>

static void pause_for(uint64_t duration_ns)
{
    struct timespec duration = clock_timespec(duration_ns);
    nanosleep(&duration, NULL);
}

// Waits until it makes sense to try again; false: nobody will come any more.
static bool wait_after(int error, int listener)
{
    struct pollfd watched = {.fd = listener, .events = POLLIN};
    switch (accept_error(error)) {
    case ACCEPT_NONE: // of a door; a listener blocks by itself
        poll(&watched, 1, -1);
        return true;
    case ACCEPT_NEXT:
        return true;
    case ACCEPT_SHORT:
        pause_for(ACCEPT_PAUSE_NS);
        return true;
    case ACCEPT_OVER:
        return false;
    }
    return false;
}

int direct_accept(int listener)
{
    int fd;
    worker_blocks();
    do
        fd = accept_from(listener, SOCK_CLOEXEC);
    while (fd < 0 && wait_after(-fd, listener));
    worker_resumes();
    return fd;
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
