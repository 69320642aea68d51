// SPDX-License-Identifier: MIT
//
// Waiting for a library's descriptor in processes and threads: see ../borrowed.h.
#include "runners/borrowed.h"

#include "runners/blocking/worker_lock.h"

#include <errno.h>
#include <poll.h>

int direct_wait(int fd, int events)
{
    struct pollfd waiting = {.fd = fd, .events = (short)events};
    int ready;
    worker_blocks();
    do {
        ready = poll(&waiting, 1, -1);
    } while (ready < 0 && errno == EINTR);
    worker_resumes();
    if (ready < 0)
        return -errno;
    return waiting.revents & POLLNVAL ? -EBADF : 0;
}
