// SPDX-License-Identifier: MIT
//
// no_uring.c - in place of uring.c where liburing is missing: the engine cannot be had.
#include "workloads/files/files.h"

#include <errno.h>

struct files_ring *files_ring_open(int *error)
{
    *error = -ENOTSUP;
    return NULL;
}

void files_ring_close(struct files_ring *ring)
{
    (void)ring;
}

int files_ring_fd(const struct files_ring *ring)
{
    (void)ring;
    return -1;
}

int files_ring_submit(struct files_ring *ring, const struct files_request *request)
{
    (void)ring;
    (void)request;
    return -ENOTSUP;
}

bool files_ring_result(struct files_ring *ring, int64_t *result)
{
    (void)ring;
    *result = -ENOTSUP;
    return true;
}
