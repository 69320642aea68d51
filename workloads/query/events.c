// SPDX-License-Identifier: MIT
//
// events.c - a session with PostgreSQL as libev callbacks. The functions stand in order of
// life:
//
//   session_start -> on_connecting ... -> step_begin -> on_ready ... -> step_begin -> ...
//
// One watcher on libpq's socket. While it connects, that may be another socket after each
// call, so the watcher is stopped before and set anew after it. Later it watches for
// reading all the time, and for writing while something is left to be sent.
//
// Read next: workload.c.
#include "runners/events.h"
#include "workloads/query/query.h"

#include <errno.h>
#include <libpq-fe.h>

struct visit {
    ev_io io; // must be first: libev hands its address to the callback
    struct query_session session;
};

static void on_connecting(struct ev_loop *loop, ev_io *io, int events);
static void on_ready(struct ev_loop *loop, ev_io *io, int events);

static void visit_end(struct ev_loop *loop, struct visit *visit, int error)
{
    ev_io_stop(loop, &visit->io); // before libpq closes the socket
    PQfinish(visit->session.connection);
    events_done(loop, visit->session.task, error);
}

static void watch(struct ev_loop *loop, struct visit *visit, int events,
                  void (*callback)(struct ev_loop *, ev_io *, int))
{
    int fd = PQsocket(visit->session.connection);
    ev_set_cb(&visit->io, callback);
    if (ev_is_active(&visit->io) && visit->io.fd == fd &&
        (visit->io.events & (EV_READ | EV_WRITE)) == events)
        return; // already registered for it
    ev_io_stop(loop, &visit->io);
    ev_io_set(&visit->io, fd, events);
    ev_io_start(loop, &visit->io);
}

// Sends what is left and waits for answers; for room as well, if there is none.
static void flush_then_wait(struct ev_loop *loop, struct visit *visit)
{
    int left = PQflush(visit->session.connection);
    if (left < 0)
        visit_end(loop, visit, query_complain(&visit->session, -ECONNRESET));
    else
        watch(loop, visit, left > 0 ? EV_READ | EV_WRITE : EV_READ, on_ready);
}

static void step_begin(struct ev_loop *loop, struct visit *visit)
{
    int more = query_next(&visit->session);
    if (more <= 0)
        visit_end(loop, visit, more);
    else
        flush_then_wait(loop, visit);
}

static void on_ready(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    struct visit *visit = (struct visit *)io;
    int done = query_take(&visit->session);
    if (done < 0)
        visit_end(loop, visit, done);
    else if (done > 0)
        step_begin(loop, visit);
    else
        flush_then_wait(loop, visit);
}

static void on_connecting(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    struct visit *visit = (struct visit *)io;
    ev_io_stop(loop, io); // the call may close the socket
    switch (PQconnectPoll(visit->session.connection)) {
    case PGRES_POLLING_READING:
        watch(loop, visit, EV_READ, on_connecting);
        return;
    case PGRES_POLLING_WRITING:
        watch(loop, visit, EV_WRITE, on_connecting);
        return;
    case PGRES_POLLING_OK:
        break;
    default:
        visit_end(loop, visit, query_complain(&visit->session, -ECONNREFUSED));
        return;
    }
    int error = query_connected(&visit->session);
    if (error != 0)
        visit_end(loop, visit, error);
    else
        step_begin(loop, visit);
}

static void visit_start(struct ev_loop *loop, void *state, struct task *task)
{
    struct visit *visit = state;
    query_session_init(&visit->session, task);
    ev_io_init(&visit->io, on_connecting, -1, EV_WRITE);
    int error = query_connect(&visit->session);
    if (error != 0)
        visit_end(loop, visit, error);
    else
        watch(loop, visit, EV_WRITE, on_connecting);
}

extern const struct events_code query_events;
const struct events_code query_events = {.state_size = sizeof(struct visit),
                                         .start = visit_start};
