// SPDX-License-Identifier: MIT
//
// Listeners and doors: see accept_from.h.
#define _GNU_SOURCE // accept4()
#include "runners/common/accept_from.h"

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/socket.h>

// A listener is by far the more frequent, so it is tried first; a door is no socket. Of a
// door's listeners the kernel names the one whose turn it is.
int accept_from(int fd, int flags)
{
    for (;;) {
        struct epoll_event event;
        int connection = accept4(fd, NULL, NULL, flags);
        if (connection >= 0 || errno != ENOTSOCK)
            return connection >= 0 ? connection : -errno;
        int ready = epoll_wait(fd, &event, 1, 0);
        if (ready <= 0)
            return ready == 0 ? -EAGAIN : -errno;
        fd = event.data.fd;
    }
}
