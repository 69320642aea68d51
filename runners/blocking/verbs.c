// SPDX-License-Identifier: MIT
//
// The I/O verbs of direct.h by blocking system calls: what sequential, multiprocess
// and multithread share. The kernel suspends the worker, and another one runs.
//
// Read next: coroutine/ for the same verbs without blocking the thread.
#define _GNU_SOURCE // SOCK_CLOEXEC and MSG_NOSIGNAL in older C libraries
#include "lib/clock.h"
#include "runners/blocking/worker_lock.h"
#include "runners/direct.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

const struct worker_lock *worker_lock;

// The kernel preempts workers, so there is nothing to do, unless there is a global lock.
void direct_yield(void)
{
    if (worker_lock != NULL)
        worker_lock->check();
}

// Sleeps until an instant rather than for a time: a signal in between (EINTR) then
// neither shortens nor lengthens it.
int direct_sleep(uint64_t duration_ns)
{
    struct timespec until = clock_timespec(clock_now_ns() + duration_ns);
    int error;
    worker_blocks();
    do {
        error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    } while (error == EINTR);
    worker_resumes();
    return -error;
}

int direct_socket(int domain, int type, int protocol)
{
    int fd = socket(domain, type | SOCK_CLOEXEC, protocol);
    return fd < 0 ? -errno : fd;
}

// A connect() that a signal has interrupted goes on in the kernel: calling it again
// would be an error, so wait for its end and ask how it went. See connect(2), EINTR.
static int await_connection(int fd)
{
    struct pollfd waiting = {.fd = fd, .events = POLLOUT};
    while (poll(&waiting, 1, -1) < 0) {
        if (errno != EINTR)
            return -errno;
    }
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return -errno;
    return -error;
}

int direct_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    worker_blocks();
    int error = connect(fd, address, length) == 0 ? 0 : -errno;
    if (error == -EINTR)
        error = await_connection(fd);
    worker_resumes();
    return error;
}

// A blocking socket says EAGAIN when the limit of direct_limit() is over: see socket(7).
static int socket_error(int error)
{
    return error == EAGAIN ? -ETIMEDOUT : -error;
}

//DOC: blocking-read
ssize_t direct_read(int fd, void *buffer, size_t length)
{
    size_t done = 0;
    int error = 0;
    worker_blocks();
    while (done < length && error == 0) {
        ssize_t count = recv(fd, (char *)buffer + done, length - done, 0);
        if (count == 0)
            break;
        if (count > 0)
            done += (size_t)count;
        else if (errno != EINTR)
            error = socket_error(errno);
    }
    worker_resumes();
    return error != 0 ? error : (ssize_t)done;
}

ssize_t direct_receive(int fd, void *buffer, size_t length)
{
    ssize_t count;
    worker_blocks();
    do {
        count = recv(fd, buffer, length, 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        count = socket_error(errno);
    worker_resumes();
    return count;
}

ssize_t direct_write(int fd, const void *buffer, size_t length)
{
    size_t done = 0;
    int error = 0;
    worker_blocks();
    while (done < length && error == 0) {
        ssize_t count =
            send(fd, (const char *)buffer + done, length - done, MSG_NOSIGNAL);
        if (count >= 0)
            done += (size_t)count;
        else if (errno != EINTR)
            error = socket_error(errno);
    }
    worker_resumes();
    return error != 0 ? error : (ssize_t)done;
}

// Linux has closed the descriptor even when close() says EINTR: never call it again.
int direct_close(int fd)
{
    return close(fd) == 0 || errno == EINTR ? 0 : -errno;
}
