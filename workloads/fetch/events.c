// SPDX-License-Identifier: MIT
//
// One client session as libev callbacks. The functions stand in order of life:
//
//   start -> on_connected -> next -> on_readable -> ... -> end
//                              |          ^
//                              +- on_writable   (the socket was full)
//
// The watcher's callback is the state: whatever the session waits for, it is the one
// function that the loop will call. The descriptor is registered for reading once and
// stays so; a reply is never there right after the request, so it is not asked for
// before the loop says so.
//
// Compare with direct.c: the fields in session.h are what lies on its stack.
#define _GNU_SOURCE // SOCK_NONBLOCK and SOCK_CLOEXEC in older C libraries
#include "runners/events.h"
#include "lib/clock.h"
#include "workloads/fetch/fetch.h"
#include "workloads/fetch/session.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static void on_connected(struct ev_loop *loop, ev_io *io, int events);
static void on_writable(struct ev_loop *loop, ev_io *io, int events);
static void on_readable(struct ev_loop *loop, ev_io *io, int events);

static uint64_t session_payload(const struct fetch_session *session)
{
    const struct fetch_parameters *parameters = session->task->work->parameters;
    return parameters->payload;
}

static bool would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// Ends the session with 0 or -errno. The session must not be touched afterwards.
void fetch_session_end(struct ev_loop *loop, struct fetch_session *session, int error)
{
    ev_io_stop(loop, &session->io);
    close(session->io.fd);
    events_done(loop, session->task, error);
}

// Sets the next wait of the session: events and callback.
static void session_await(struct ev_loop *loop, struct fetch_session *session, int events,
                          void (*callback)(struct ev_loop *, ev_io *, int))
{
    ev_set_cb(&session->io, callback);
    if (ev_is_active(&session->io) &&
        (session->io.events & (EV_READ | EV_WRITE)) == events)
        return; // already registered for it
    ev_io_stop(loop, &session->io);
    ev_io_set(&session->io, session->io.fd, events);
    ev_io_start(loop, &session->io);
}

// Sends what is left of the request; then, or when the socket is full, waits.
static void request_send(struct ev_loop *loop, struct fetch_session *session)
{
    struct fetch_exchange *exchange = &session->exchange;
    while (exchange->bytes_out < session->size) {
        ssize_t count = send(session->io.fd, session->message + exchange->bytes_out,
                             session->size - exchange->bytes_out, MSG_NOSIGNAL);
        if (count < 0 && would_block(errno)) {
            session_await(loop, session, EV_WRITE, on_writable);
            return;
        }
        if (count < 0) {
            fetch_session_end(loop, session, -errno);
            return;
        }
        exchange->bytes_out += (uint32_t)count;
    }
    session_await(loop, session, EV_READ, on_readable);
}

// Begins the exchange with this number, or ends the session after the last.
void fetch_session_next(struct ev_loop *loop, struct fetch_session *session,
                        uint32_t sequence)
{
    const struct fetch_parameters *parameters = session->task->work->parameters;
    if (sequence == parameters->exchanges) {
        fetch_session_end(loop, session, 0);
        return;
    }
    session->size = (uint32_t)fetch_request(session->task, sequence, session->message);
    session->exchange =
        (struct fetch_exchange){.sent_ns = clock_now_ns(), .sequence = sequence};
    request_send(loop, session);
}

//DOC: fetch-events-start
void fetch_session_start(struct ev_loop *loop, struct fetch_session *session,
                         struct task *task, fetch_session_callback *on_reply)
{
    const struct fetch_endpoint *endpoint = fetch_task_endpoint(task);
    int family = endpoint->address.any.sa_family;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        events_done(loop, task, -errno);
        return;
    }
    session->task = task;
    session->on_reply = on_reply;
    ev_io_init(&session->io, on_connected, fd, EV_WRITE);

    int error = fetch_endpoint_tune(endpoint, fd);
    if (error == 0 && connect(fd, &endpoint->address.any, endpoint->length) != 0)
        error = -errno;
    if (error == 0)
        fetch_session_next(loop, session, 0); // AF_UNIX connects at once
    else if (error == -EINPROGRESS)
        ev_io_start(loop, &session->io);
    else
        fetch_session_end(loop, session, error);
}

// A connection that failed is writable too, and SO_ERROR tells why: see connect(2).
static void on_connected(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    struct fetch_session *session = (struct fetch_session *)io;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(io->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    if (error == 0)
        fetch_session_next(loop, session, 0);
    else
        fetch_session_end(loop, session, -error);
}

static void on_writable(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    request_send(loop, (struct fetch_session *)io);
}

//DOC: fetch-events-reply
static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    struct fetch_session *session = (struct fetch_session *)io;
    uint64_t size = session_payload(session);
    struct fetch_exchange *exchange = &session->exchange;
    ssize_t count =
        recv(io->fd, session->message + exchange->bytes_in, size - exchange->bytes_in, 0);
    if (count < 0 && would_block(errno))
        return;
    if (count <= 0) { // 0: the back end has ended the stream
        fetch_session_end(loop, session, count == 0 ? -ECONNRESET : -errno);
        return;
    }
    exchange->bytes_in += (uint32_t)count;
    if (exchange->bytes_in < size)
        return; // a short read: the loop calls again when more is there

    int error = fetch_book(session->task, exchange, session->message);
    if (error == 0)
        session->on_reply(loop, session, exchange->sequence + 1);
    else
        fetch_session_end(loop, session, error);
}

static void fetch_start(struct ev_loop *loop, void *state, struct task *task)
{
    fetch_session_start(loop, state, task, fetch_session_next);
}

extern const struct events_code fetch_events;
const struct events_code fetch_events = {.state_size = sizeof(struct fetch_session),
                                         .start = fetch_start};
