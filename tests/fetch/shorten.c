// SPDX-License-Identifier: MIT
//
// shorten.c - a library to be preloaded: every send() and recv() moves a few bytes at
// most, and on non-blocking sockets each third call says "not now". What a busy
// network does once in a million calls happens here at once, to both ends.
#define _GNU_SOURCE // SOCK_NONBLOCK's fcntl() flag and the glibc prototypes
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>

enum { SEND_MOST = 7, RECV_MOST = 5 };

static int not_now(int fd)
{
    static _Thread_local unsigned calls;
    if (++calls % 3 != 0 || (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0)
        return 0;
    errno = EAGAIN;
    return 1;
}

ssize_t send(int fd, const void *buffer, size_t size, int flags)
{
    if (not_now(fd))
        return -1;
    return sendto(fd, buffer, size < SEND_MOST ? size : SEND_MOST, flags, NULL, 0);
}

ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
    if (not_now(fd))
        return -1;
    return recvfrom(fd, buffer, size < RECV_MOST ? size : RECV_MOST, flags, NULL, NULL);
}
