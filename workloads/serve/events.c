// SPDX-License-Identifier: MIT
//
// A connection served by libev callbacks. The functions stand in order of life:
//
//   connection_start -> on_accepted -> connection_go -> on_readable -> connection_go ...
//                                          |  ^     -> on_lingering -> connection_end
//                                          +--+  on_writable, on_computed
//
// The watcher's callback is the state: whatever the connection waits for, it is the one
// function that the loop will call. The timer is lazy, as the libev manual recommends ("Be
// smart about timeouts"): a wait notes its deadline and lets the timer run; when that goes
// off, it looks whether there has been a later one.
//
// Compare with direct.c: connection_go() is its loop, left at each wait and entered again.
#define _GNU_SOURCE // MSG_NOSIGNAL in older C libraries
#include "runners/events.h"

#include "runners/offload_events.h"
#include "runners/server_events.h"
#include "workloads/serve/session.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection {
    ev_io io;       // first, so that a pointer to it is a pointer to the connection
    ev_timer timer; // goes off at `deadline` or before
    struct accept_waiter waiter;
    struct executor_job job;
    struct task *task;
    ev_tstamp deadline; // of the current wait
    uint64_t limit_ns;  // that the timer was started with
    uint32_t sent;      // bytes of the output
    struct session session;
};

static void on_accepted(struct ev_loop *loop, struct accept_waiter *waiter, int fd);
static void on_readable(struct ev_loop *loop, ev_io *io, int events);
static void on_writable(struct ev_loop *loop, ev_io *io, int events);
static void on_lingering(struct ev_loop *loop, ev_io *io, int events);
static void on_timer(struct ev_loop *loop, ev_timer *timer, int events);
static void on_computed(struct ev_loop *loop, struct executor_job *job);

static bool would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static void accept_next(struct ev_loop *loop, struct connection *connection)
{
    const struct task *task = connection->task;
    int door = server_door(serve_parameters(task)->server, task->index, task->worker);
    accept_then(loop, door, &connection->waiter, on_accepted);
}

// Closes; then the task is done, or by hand takes the next connection.
static void connection_end(struct ev_loop *loop, struct connection *connection, int error)
{
    const struct serve_parameters *parameters = serve_parameters(connection->task);
    ev_io_stop(loop, &connection->io);
    ev_timer_stop(loop, &connection->timer);
    server_occupy(parameters->server, connection->task->index, -1);
    close(connection->io.fd);
    if (error == 0 && serve_by_hand(parameters))
        accept_next(loop, connection);
    else
        events_done(loop, connection->task, error);
}

// ---- waiting -------------------------------------------------------------------------

// Sets the next wait of the connection: events, callback, time limit.
static void connection_await(struct ev_loop *loop, struct connection *connection,
                             int events, void (*callback)(struct ev_loop *, ev_io *, int))
{
    uint64_t limit_ns = connection->session.limit_ns;
    connection->deadline = ev_now(loop) + (double)limit_ns / 1e9;
    if (!ev_is_active(&connection->timer) || limit_ns != connection->limit_ns) {
        connection->limit_ns = limit_ns;
        ev_timer_stop(loop, &connection->timer);
        ev_timer_set(&connection->timer, (double)limit_ns / 1e9, 0.);
        ev_timer_start(loop, &connection->timer);
    }
    ev_set_cb(&connection->io, callback);
    if (ev_is_active(&connection->io) &&
        (connection->io.events & (EV_READ | EV_WRITE)) == events)
        return; // already registered for it
    ev_io_stop(loop, &connection->io);
    ev_io_set(&connection->io, connection->io.fd, events);
    ev_io_start(loop, &connection->io);
}

// The connection waits for something else: neither bytes nor time concern it.
static void connection_rest(struct ev_loop *loop, struct connection *connection)
{
    ev_io_stop(loop, &connection->io);
    ev_timer_stop(loop, &connection->timer);
}

// ---- steps that may have to wait: each returns whether the connection goes on at once ----

static bool output_send(struct ev_loop *loop, struct connection *connection, int *error)
{
    struct session *session = &connection->session;
    while (connection->sent < session->written) {
        ssize_t count = send(connection->io.fd, session->output + connection->sent,
                             session->written - connection->sent, MSG_NOSIGNAL);
        if (count < 0 && would_block(errno)) {
            connection_await(loop, connection, EV_WRITE, on_writable);
            return false;
        }
        if (count < 0) {
            *error = session_sent(session, -errno);
            return true;
        }
        connection->sent += (uint32_t)count;
    }
    connection->sent = 0;
    *error = session_sent(session, session->written);
    return true;
}

static bool answer_compute(struct ev_loop *loop, struct connection *connection,
                           int *error)
{
    struct executor_job *job = &connection->job;
    *job = (struct executor_job){.code = site_compute,
                                 .argument = &connection->session.answer.work,
                                 .argument_size = sizeof(struct site_work),
                                 .on_done = on_computed,
                                 .data = connection};
    if (!offload_then(loop, job)) {
        connection_rest(loop, connection);
        return false;
    }
    *error = job->error;
    if (job->error == 0)
        session_computed(&connection->session, job->result);
    return true;
}

//DOC: serve-events-go
// Goes from step to step until one has to wait, or the connection has ended.
static void connection_go(struct ev_loop *loop, struct connection *connection, int error)
{
    bool at_once = true;
    while (at_once && error == 0) {
        switch (session_next(&connection->session)) {
        case SESSION_RECEIVE:
            connection_await(loop, connection, EV_READ, on_readable);
            return;
        case SESSION_COMPUTE:
            at_once = answer_compute(loop, connection, &error);
            break;
        case SESSION_SEND:
            at_once = output_send(loop, connection, &error);
            break;
        case SESSION_LINGER:
            shutdown(connection->io.fd, SHUT_WR);
            connection->session.limit_ns = SESSION_LINGER_NS;
            connection_await(loop, connection, EV_READ, on_lingering);
            return;
        case SESSION_END:
            connection_end(loop, connection, 0);
            return;
        }
    }
    if (error != 0)
        connection_end(loop, connection, error);
}

// ---- callbacks -----------------------------------------------------------------------

static void connection_start(struct ev_loop *loop, void *state, struct task *task)
{
    struct connection *connection = state;
    connection->task = task;
    ev_io_init(&connection->io, on_readable, -1, 0);
    ev_timer_init(&connection->timer, on_timer, 0., 0.);
    connection->timer.data = connection;
    accept_next(loop, connection);
}

static void on_accepted(struct ev_loop *loop, struct accept_waiter *waiter, int fd)
{
    struct connection *connection =
        (struct connection *)(void *)((char *)waiter -
                                      offsetof(struct connection, waiter));
    struct server *server = serve_parameters(connection->task)->server;
    if (fd < 0) {
        events_done(loop, connection->task, server_stopping(server) ? 0 : fd);
        return;
    }
    ev_io_set(&connection->io, fd, EV_READ);
    connection->sent = 0;
    session_init(&connection->session, connection->task);
    server_occupy(server, connection->task->index, fd);
    connection_go(loop, connection, 0);
}

//DOC: serve-events-readable
static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    struct connection *connection = (struct connection *)io;
    struct session *session = &connection->session;
    ssize_t count = recv(io->fd, session->input, sizeof session->input, 0);
    if (count < 0 && would_block(errno))
        return;
    connection_go(loop, connection,
                  session_received(session, count < 0 ? -errno : count));
}

static void on_writable(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    connection_go(loop, (struct connection *)io, 0); // the step is still to send
}

static void on_computed(struct ev_loop *loop, struct executor_job *job)
{
    struct connection *connection = job->data;
    if (job->error == 0)
        session_computed(&connection->session, job->result);
    connection_go(loop, connection, job->error);
}

// Throws away what the client has sent too much. The deadline stays that of the beginning.
static void on_lingering(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    struct connection *connection = (struct connection *)io;
    ssize_t count = recv(io->fd, connection->session.input, SESSION_INPUT, 0);
    if (count == 0 || (count < 0 && !would_block(errno)))
        connection_end(loop, connection, 0);
}

//DOC: serve-events-timer
static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct connection *connection = timer->data;
    struct session *session = &connection->session;
    ev_tstamp left = connection->deadline - ev_now(loop);
    if (left > 0) {
        ev_timer_set(timer, left, 0.);
        ev_timer_start(loop, timer);
    } else if (ev_cb(&connection->io) == on_readable) {
        connection_go(loop, connection, session_received(session, -ETIMEDOUT));
    } else if (ev_cb(&connection->io) == on_writable) {
        connection_go(loop, connection, session_sent(session, -ETIMEDOUT));
    } else {
        connection_end(loop, connection, 0);
    }
}

extern const struct events_code serve_events;
const struct events_code serve_events = {.state_size = sizeof(struct connection),
                                         .start = connection_start};
