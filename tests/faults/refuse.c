// SPDX-License-Identifier: MIT
//
// refuse.c - a library to be preloaded: the system says no. REFUSE=malloc:7 makes the
// seventh call of malloc() in a process fail, all others work. With every number in
// turn, each error path is walked at least once. The file $REFUSED gets a line for each
// refusal. See refuse.bats.
#define _GNU_SOURCE // RTLD_NEXT is a GNU extension
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

// Those of the C library behind the names that are replaced here.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

// By system calls alone: nothing in here may be refused.
static void testify(const char *function, size_t length)
{
    const char *path = getenv("REFUSED");
    int fd =
        path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    if (write(fd, function, length) < 0 || write(fd, "\n", 1) < 0)
        abort();
    close(fd);
}

static bool refused(const char *function, int error)
{
    static _Atomic int calls;
    const char *wanted = getenv("REFUSE");
    size_t length = strlen(function);
    if (wanted == NULL || strncmp(wanted, function, length) != 0 || wanted[length] != ':')
        return false;
    if (atomic_fetch_add(&calls, 1) + 1 != atoi(wanted + length + 1))
        return false;
    testify(function, length);
    errno = error;
    return true;
}

void *malloc(size_t size)
{
    return refused("malloc", ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refused("calloc", ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return refused("realloc", ENOMEM) ? NULL : __libc_realloc(memory, size);
}

// Defines a function that sometimes returns `failure` and else calls the real one.
// NOLINTBEGIN(bugprone-macro-parentheses): a type cannot stand in parentheses
#define REFUSABLE(result, name, parameters, arguments, failure, error)                   \
    result name parameters                                                               \
    {                                                                                    \
        result(*real) parameters;                                                        \
        *(void **)&real = dlsym(RTLD_NEXT, #name);                                       \
        return refused(#name, error) ? (failure) : real arguments;                       \
    }

// NOLINTEND(bugprone-macro-parentheses)

REFUSABLE(void *, mmap,
          (void *address, size_t length, int protection, int flags, int fd, off_t offset),
          (address, length, protection, flags, fd, offset), MAP_FAILED, ENOMEM)
REFUSABLE(int, mprotect, (void *address, size_t length, int protection),
          (address, length, protection), -1, ENOMEM)
REFUSABLE(pid_t, fork, (void), (), -1, EAGAIN)
REFUSABLE(int, pthread_create,
          (pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
           void *(*start)(void *), void *restrict argument),
          (thread, attributes, start, argument), EAGAIN, EAGAIN)
REFUSABLE(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1,
          EMFILE)
REFUSABLE(int, socketpair, (int domain, int type, int protocol, int ends[2]),
          (domain, type, protocol, ends), -1, EMFILE)
REFUSABLE(int, listen, (int fd, int backlog), (fd, backlog), -1, EADDRINUSE)

// glibc declares the address as a union of all kinds of them, if asked for GNU's ways.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
REFUSABLE(int, bind, (int fd, const struct sockaddr *address, socklen_t length),
          (fd, address, length), -1, EADDRINUSE)
REFUSABLE(int, connect, (int fd, const struct sockaddr *address, socklen_t length),
          (fd, address, length), -1, ECONNREFUSED)
#pragma GCC diagnostic pop

REFUSABLE(ssize_t, send, (int fd, const void *bytes, size_t length, int flags),
          (fd, bytes, length, flags), -1, ECONNRESET)
REFUSABLE(ssize_t, recv, (int fd, void *bytes, size_t length, int flags),
          (fd, bytes, length, flags), -1, ECONNRESET)
REFUSABLE(int, epoll_create1, (int flags), (flags), -1, EMFILE)
REFUSABLE(int, epoll_ctl, (int epoll, int operation, int fd, struct epoll_event *event),
          (epoll, operation, fd, event), -1, ENOSPC)
REFUSABLE(int, timerfd_create, (int clock, int flags), (clock, flags), -1, EMFILE)
REFUSABLE(FILE *, fopen, (const char *restrict path, const char *restrict mode),
          (path, mode), NULL, EMFILE)
REFUSABLE(ssize_t, pwrite, (int fd, const void *bytes, size_t length, off_t at),
          (fd, bytes, length, at), -1, EDQUOT)
REFUSABLE(int, fsync, (int fd), (fd), -1, EDQUOT)
REFUSABLE(int, mkstemps, (char *path, int end), (path, end), -1, EACCES)
REFUSABLE(int, rename, (const char *from, const char *to), (from, to), -1, EACCES)
