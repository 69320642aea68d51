// SPDX-License-Identifier: MIT
//
// direct.c - a session in straight-line code, by either engine.
//
// Read next: events.c.
#include "runners/direct.h"
#include "lib/clock.h"
#include "runners/borrowed.h"
#include "runners/offload.h"
#include "workloads/files/files.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

direct_code files_direct;

//DOC: files-offload
static int by_errand(struct task *task, uint32_t number, uint64_t *digest)
{
    struct files_errand errand = {task->work, task->index, number};
    int error = offload(files_run, &errand, sizeof errand, digest);
    if (error == 0 && *digest < FILES_DIGEST_LEAST)
        error = -(int)*digest;
    return error;
}

// State that a session by the ring keeps from file to file.
struct ring_session {
    struct files_ring *ring;
    unsigned char *page;
};

static int request_await(struct files_ring *ring, const struct files_request *request,
                         int64_t *result)
{
    int error = files_ring_submit(ring, request);
    while (error == 0 && !files_ring_result(ring, result))
        error = direct_wait(files_ring_fd(ring), POLLIN);
    return error;
}

static int by_ring(struct task *task, uint32_t number, struct ring_session *session,
                   uint64_t *digest)
{
    struct files_walk walk;
    struct files_request request;
    int error = 0;
    files_begin(&walk, task->work, task->index, number, session->page);
    while (error == 0 && files_next(&walk, &request)) {
        int64_t result = 0;
        error = request_await(session->ring, &request, &result);
        if (error == 0)
            error = files_take(&walk, result);
    }
    *digest = walk.digest;
    return error;
}

static int session_open(struct task *task, struct ring_session *session)
{
    const struct files_parameters *parameters = task->work->parameters;
    int error = 0;
    if (parameters->engine == FILES_BLOCKING)
        return 0;
    session->page = files_page(task->work);
    session->ring = files_ring_open(&error);
    if (session->ring == NULL)
        return files_ring_complain(task->work, error);
    return session->page != NULL ? 0 : -ENOMEM;
}

//DOC: files-direct-session
int files_direct(struct task *task)
{
    const struct files_parameters *parameters = task->work->parameters;
    struct ring_session session = {0};
    int error = session_open(task, &session);
    for (uint32_t number = 0; number < parameters->files && error == 0; number++) {
        uint64_t digest = 0;
        uint64_t began_ns = clock_now_ns();
        error = session.ring != NULL ? by_ring(task, number, &session, &digest)
                                     : by_errand(task, number, &digest);
        if (error == 0)
            files_book(task, digest, began_ns);
        direct_yield();
    }
    files_ring_close(session.ring);
    free(session.page);
    return error;
}
