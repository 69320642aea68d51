// SPDX-License-Identifier: MIT
//
// shorten.c - a library to be preloaded: every send() and recv() moves a few bytes at
// most, and on non-blocking sockets each third call says "not now". What a busy
// network does once in a million calls happens here at once, to both ends. Makes the
// file $SHORTENED, without which nobody would know that it was really there.
#define _GNU_SOURCE // SOCK_NONBLOCK's fcntl() flag and the glibc prototypes
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEND_MOST = 7, RECV_MOST = 5 };

static int not_now(int fd)
{
    static _Thread_local unsigned calls;
    const char *witness = calls == 0 ? getenv("SHORTENED") : NULL;
    if (witness != NULL)
        close(open(witness, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
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
