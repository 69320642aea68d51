// SPDX-License-Identifier: MIT
//
// uring.c - the engine io_uring by liburing: see ../files.h. One ring for a session, as
// one has a connection, so that processes, threads and loops can do it alike; a program
// that only had a loop would give all sessions one ring and save submissions.
#include "workloads/files/files.h"

#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdlib.h>

enum { ENTRIES = 2 }; // one request is under way

struct files_ring {
    struct io_uring ring;
};

struct files_ring *files_ring_open(int *error)
{
    struct files_ring *ring = malloc(sizeof *ring);
    *error = ring == NULL ? -ENOMEM : io_uring_queue_init(ENTRIES, &ring->ring, 0);
    if (*error == 0)
        return ring;
    free(ring);
    return NULL;
}

void files_ring_close(struct files_ring *ring)
{
    if (ring == NULL)
        return;
    io_uring_queue_exit(&ring->ring);
    free(ring);
}

int files_ring_fd(const struct files_ring *ring)
{
    return ring->ring.ring_fd;
}

static void prepare(struct io_uring_sqe *entry, const struct files_request *request)
{
    unsigned size = (unsigned)request->size;
    switch (request->call) {
    case FILES_OPEN:
        io_uring_prep_openat(entry, AT_FDCWD, request->path, request->flags, 0600);
        break;
    case FILES_WRITE:
        io_uring_prep_write(entry, request->fd, request->buffer, size, request->offset);
        break;
    case FILES_READ:
        io_uring_prep_read(entry, request->fd, request->buffer, size, request->offset);
        break;
    case FILES_SYNC:
        io_uring_prep_fsync(entry, request->fd,
                            request->flags != 0 ? IORING_FSYNC_DATASYNC : 0);
        break;
    case FILES_DROP:
        io_uring_prep_fadvise(entry, request->fd, 0, 0, POSIX_FADV_DONTNEED);
        break;
    case FILES_RENAME:
        io_uring_prep_renameat(entry, AT_FDCWD, request->path, AT_FDCWD, request->to, 0);
        break;
    default:
        io_uring_prep_close(entry, request->fd);
        break;
    }
}

//DOC: files-uring
int files_ring_submit(struct files_ring *ring, const struct files_request *request)
{
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring->ring);
    if (entry == NULL)
        return -EBUSY;
    prepare(entry, request);
    int count = io_uring_submit(&ring->ring);
    return count < 0 ? count : count == 1 ? 0 : -EBUSY;
}

bool files_ring_result(struct files_ring *ring, int64_t *result)
{
    struct io_uring_cqe *entry;
    if (io_uring_peek_cqe(&ring->ring, &entry) != 0)
        return false;
    *result = entry->res;
    io_uring_cqe_seen(&ring->ring, entry);
    return true;
}
