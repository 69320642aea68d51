// SPDX-License-Identifier: MIT
//
// events.c - a session as callbacks. The functions stand in order of life:
//
//   session_start -> file_start -> (pool)  on_errand                 -> file_end
//                        ^         (ring)  request_next <-> on_result -> file_end
//                        +-------------- on_turn <---------------------+
//
// Read next: workload.c.
#include "runners/events.h"
#include "lib/clock.h"
#include "runners/offload_events.h"
#include "workloads/files/files.h"

#include <errno.h>
#include <stdlib.h>

struct session {
    ev_io watcher; // first: libev hands its address to the callback
    ev_timer turn; // lets others run between two files
    struct ev_loop *loop;
    struct task *task;
    struct executor_job job;
    struct files_errand errand;
    struct files_ring *ring; // NULL: the errand does it
    struct files_walk walk;
    unsigned char *page;
    uint64_t began_ns; // the file
    uint32_t number;   // of it
};

static void file_start(struct session *session);

static void session_end(struct session *session, int error)
{
    ev_io_stop(session->loop, &session->watcher);
    files_ring_close(session->ring);
    free(session->page);
    events_done(session->loop, session->task, error);
}

static void on_turn(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop;
    (void)events;
    file_start(timer->data);
}

static void file_end(struct session *session, int error, uint64_t digest)
{
    const struct files_parameters *parameters = session->task->work->parameters;
    if (error == 0)
        files_book(session->task, digest, session->began_ns);
    if (error != 0 || ++session->number == parameters->files)
        session_end(session, error);
    else // others first, as direct_yield() does it
        ev_feed_event(session->loop, &session->turn, EV_CUSTOM);
}

// ---- by the pool -----------------------------------------------------------------------

static void on_errand(struct ev_loop *loop, struct executor_job *job)
{
    (void)loop;
    bool digest = job->error == 0 && job->result >= FILES_DIGEST_LEAST;
    file_end(job->data,
             digest            ? 0
             : job->error != 0 ? job->error
                               : -(int)job->result,
             job->result);
}

//DOC: files-offload-then
static void errand_start(struct session *session)
{
    session->errand =
        (struct files_errand){session->task->work, session->task->index, session->number};
    session->job = (struct executor_job){.code = files_run,
                                         .argument = &session->errand,
                                         .argument_size = sizeof session->errand,
                                         .on_done = on_errand,
                                         .data = session};
    if (offload_then(session->loop, &session->job))
        on_errand(session->loop, &session->job);
}

// ---- by the ring -----------------------------------------------------------------------

// The watcher stays as it is: the ring is readable when a result is there.
static void request_next(struct session *session)
{
    struct files_request request;
    int error = 0;
    if (!files_next(&session->walk, &request))
        file_end(session, 0, session->walk.digest);
    else if ((error = files_ring_submit(session->ring, &request)) != 0)
        file_end(session, error, 0);
}

static void on_result(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)loop;
    (void)events;
    struct session *session = (struct session *)watcher;
    int64_t result;
    if (!files_ring_result(session->ring, &result))
        return;
    int error = files_take(&session->walk, result);
    if (error != 0)
        file_end(session, error, 0);
    else
        request_next(session);
}

// ---- both ------------------------------------------------------------------------------

static void file_start(struct session *session)
{
    session->began_ns = clock_now_ns();
    if (session->ring == NULL) {
        errand_start(session);
        return;
    }
    files_begin(&session->walk, session->task->work, session->task->index,
                session->number, session->page);
    request_next(session);
}

static int ring_start(struct session *session)
{
    int error = 0;
    session->page = files_page(session->task->work);
    session->ring = files_ring_open(&error);
    if (session->ring == NULL)
        return files_ring_complain(session->task->work, error);
    if (session->page == NULL)
        return -ENOMEM;
    ev_io_set(&session->watcher, files_ring_fd(session->ring), EV_READ);
    ev_io_start(session->loop, &session->watcher);
    return 0;
}

static void session_start(struct ev_loop *loop, void *state, struct task *task)
{
    const struct files_parameters *parameters = task->work->parameters;
    struct session *session = state;
    int error = 0;
    *session = (struct session){.loop = loop, .task = task};
    ev_init(&session->watcher, on_result);
    ev_timer_init(&session->turn, on_turn, 0., 0.);
    session->turn.data = session;
    if (parameters->engine == FILES_URING)
        error = ring_start(session);
    if (error != 0)
        session_end(session, error);
    else
        file_start(session);
}

extern const struct events_code files_events;
const struct events_code files_events = {.state_size = sizeof(struct session),
                                         .start = session_start};
