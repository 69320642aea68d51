// SPDX-License-Identifier: MIT
//
// The verbs of direct.h for coroutines: the same system calls as in ../blocking/verbs.c,
// but none of them may block the thread. Where one would (EAGAIN), the coroutine waits
// for the descriptor and others run. Compare the two files line by line.
#define _GNU_SOURCE // SOCK_NONBLOCK, SOCK_CLOEXEC and MSG_NOSIGNAL in older C libraries
#include "runners/direct.h"

#include "runners/coroutine/descriptor.h"
#include "runners/coroutine/scheduler.h"
#include "runners/coroutine/wait.h"

#include <errno.h>
#include <unistd.h>

// ---- control --------------------------------------------------------------------------

static void child_life(void *argument)
{
    struct child *child = argument;
    child->result = child->code(child->argument);
    child->handle = 0; // ended: the coroutine's address means nothing from now on
}

int direct_spawn(struct child *child, child_code *code, const void *argument)
{
    child->code = code;
    child->argument = argument;
    struct coroutine *coroutine = scheduler_create(scheduler_here, child_life, child);
    if (coroutine == NULL)
        return -errno;
    child->handle = (uint64_t)(uintptr_t)coroutine;
    return 0;
}

// A child writes into its parent's frame, so the parent stays until it has ended. Whoever is
// cancelled meanwhile cancels it, too: then that does not take long.
int direct_join(struct child *child, uint64_t *result)
{
    int error = 0;
    while (child->handle != 0) {
        struct coroutine *coroutine = (struct coroutine *)(uintptr_t)child->handle;
        int cancelled = wait_join(coroutine);
        if (cancelled == 0)
            break;
        error = cancelled;
        if (child->handle != 0)
            wait_cancel(coroutine);
    }
    *result = child->result;
    return error;
}

void direct_yield(void)
{
    scheduler_yield(scheduler_here);
}

int direct_sleep(uint64_t duration_ns)
{
    return wait_sleep(duration_ns);
}

// ---- sockets --------------------------------------------------------------------------

int direct_socket(int domain, int type, int protocol)
{
    int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        return -errno;
    descriptor_forget(scheduler_here, fd);
    return fd;
}

static int await_connection(struct scheduler *scheduler, int fd)
{
    struct descriptor *descriptor = descriptor_at(&scheduler->descriptors, fd);
    if (descriptor == NULL)
        return -EMFILE;
    int error = descriptor_wait(scheduler, descriptor, fd, EV_WRITE);
    if (error != 0)
        return error;
    socklen_t size = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return -errno;
    return -error;
}

int direct_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    // An AF_UNIX socket whose listener has a full backlog says EAGAIN, and there is no
    // event for "there is room again"; a blocking connect() would wait in the kernel.
    static const uint64_t backlog_retry_ns = 1000000;
    struct scheduler *scheduler = scheduler_here;
    while (connect(fd, address, length) != 0) {
        if (errno == EINPROGRESS || errno == EINTR)
            return await_connection(scheduler, fd);
        if (errno != EAGAIN || address->sa_family != AF_UNIX)
            return -errno;
        int error = wait_sleep(backlog_retry_ns);
        if (error != 0)
            return error;
    }
    return 0;
}

//DOC: coroutine-read
ssize_t direct_read(int fd, void *buffer, size_t length)
{
    struct scheduler *scheduler = scheduler_here;
    struct descriptor *descriptor = descriptor_at(&scheduler->descriptors, fd);
    if (descriptor == NULL)
        return -EBADF;
    size_t done = 0;
    // A read right after a request is doomed: the reply is not here yet. Wait first.
    bool wait = descriptor->asked;
    descriptor->asked = false;
    while (done < length) {
        int error = wait ? descriptor_wait(scheduler, descriptor, fd, EV_READ) : 0;
        if (error != 0)
            return error;
        ssize_t count = recv(fd, (char *)buffer + done, length - done, MSG_DONTWAIT);
        if (count == 0)
            break;
        if (count > 0)
            done += (size_t)count;
        else if (errno != EAGAIN && errno != EINTR)
            return -errno;
        wait = count > 0 || errno == EAGAIN;
    }
    return (ssize_t)done;
}

ssize_t direct_receive(int fd, void *buffer, size_t length)
{
    struct scheduler *scheduler = scheduler_here;
    struct descriptor *descriptor = descriptor_at(&scheduler->descriptors, fd);
    if (descriptor == NULL)
        return -EBADF;
    bool wait = descriptor->asked; // as in direct_read()
    descriptor->asked = false;
    for (;;) {
        int error = wait ? descriptor_wait(scheduler, descriptor, fd, EV_READ) : 0;
        if (error != 0)
            return error;
        ssize_t count = recv(fd, buffer, length, MSG_DONTWAIT);
        if (count >= 0)
            return count;
        if (errno != EAGAIN && errno != EINTR)
            return -errno;
        wait = errno == EAGAIN;
    }
}

ssize_t direct_write(int fd, const void *buffer, size_t length)
{
    struct scheduler *scheduler = scheduler_here;
    struct descriptor *descriptor = descriptor_at(&scheduler->descriptors, fd);
    if (descriptor == NULL)
        return -EBADF;
    size_t done = 0;
    int error = 0;
    while (done < length && error == 0) {
        ssize_t count = send(fd, (const char *)buffer + done, length - done,
                             MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0)
            done += (size_t)count;
        else if (errno == EAGAIN)
            error = descriptor_wait(scheduler, descriptor, fd, EV_WRITE);
        else if (errno != EINTR)
            error = -errno;
    }
    descriptor->asked = true;
    return error != 0 ? error : (ssize_t)done;
}

int direct_close(int fd)
{
    descriptor_forget(scheduler_here, fd);
    return close(fd) == 0 || errno == EINTR ? 0 : -errno;
}
