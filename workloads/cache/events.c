// SPDX-License-Identifier: MIT
//
// events.c - a session with Redis as callbacks of hiredis, whose adapter for libev watches
// the socket. The functions stand in order of life:
//
//   session_start -> batch_send -> on_reply ... on_reply -> batch_send -> ... -> on_closed
//
// hiredis owns the connection: it frees its context after on_closed(), which is therefore
// the one place where a session ends. Nothing of it may be touched afterwards, and nobody
// else may free it from inside of a callback.
//
// Read next: server.c.
#include "runners/events.h"
#include "lib/clock.h"
#include "workloads/cache/cache.h"

#include <errno.h>
#include <hiredis/alloc.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <string.h>

#include <hiredis/adapters/libev.h>

struct session {
    ev_timer timer; // first, as everywhere: unused, hiredis has the watchers
    struct ev_loop *loop;
    struct task *task;
    redisAsyncContext *context;
    uint64_t sent_ns; // when the current batch was given to hiredis
    uint32_t batch;   // that is to be sent next
    uint32_t awaited; // replies of the batch before
    int error;        // what ends the session, once it is closed
};

static void on_reply(redisAsyncContext *context, void *answer, void *unused);

// Gives the next batch to hiredis, which sends it when the socket is writable.
static int batch_send(struct session *session)
{
    const struct cache_parameters *parameters = session->task->work->parameters;
    uint32_t first = session->batch * (uint32_t)parameters->pipeline;
    session->awaited = cache_batch_size(parameters, session->batch);
    session->batch++;
    session->sent_ns = clock_now_ns();
    for (uint32_t i = 0; i < session->awaited; i++) {
        char *command;
        int length = cache_format(session->task, first + i, &command);
        if (length < 0)
            return length;
        int code = redisAsyncFormattedCommand(session->context, on_reply, NULL, command,
                                              (size_t)length);
        redisFreeCommand(command);
        if (code != REDIS_OK)
            return -ECONNRESET;
    }
    return 0;
}

// hiredis disconnects when all replies are there; what comes after a fault is not looked at.
static void session_close(struct session *session, int error)
{
    session->error = error;
    redisAsyncDisconnect(session->context);
}

//DOC: cache-events-reply
static void on_reply(redisAsyncContext *context, void *answer, void *unused)
{
    (void)unused;
    struct session *session = context->data;
    const struct cache_parameters *parameters = session->task->work->parameters;
    if (session->error != 0 || answer == NULL)
        return; // it is over; on_closed() comes
    uint32_t number = (uint32_t)session->task->outcome->operations;
    int error = cache_take(session->task, number, answer);
    if (error == 0 && --session->awaited > 0)
        return;
    if (error == 0) {
        cache_book_batch(session->task, session->sent_ns);
        if (session->batch < cache_batches(parameters)) {
            error = batch_send(session);
            if (error == 0)
                return;
        }
    }
    session_close(session, error);
}

// The end of the connection, wanted or not.
static void on_closed(const redisAsyncContext *context, int status)
{
    struct session *session = context->data;
    const struct cache_parameters *parameters = session->task->work->parameters;
    if (session->error == 0 &&
        session->task->outcome->operations < parameters->commands) {
        bool closed = status == REDIS_OK || context->err == REDIS_ERR_EOF ||
                      errno == EPIPE || errno == ECONNRESET;
        session->error =
            cache_complain(session->task, -ECONNRESET,
                           closed ? "has closed the connection" : context->errstr);
    }
    events_done(session->loop, session->task, session->error);
}

// hiredis calls this one alone when the connection could not be made.
static void on_connected(const redisAsyncContext *context, int status)
{
    struct session *session = context->data;
    if (status == REDIS_OK)
        return;
    int error = cache_complain(session->task, -ECONNREFUSED, context->errstr);
    events_done(session->loop, session->task, error);
}

static int session_connect(struct session *session)
{
    const struct cache_parameters *parameters = session->task->work->parameters;
    redisAsyncContext *context = redisAsyncConnectUnix(parameters->address.sun_path);
    session->context = context;
    if (context == NULL)
        return -ENOMEM;
    if (context->err != 0)
        return cache_complain(session->task, -ECONNREFUSED, context->errstr);
    context->data = session;
    if (redisLibevAttach(session->loop, context) != REDIS_OK)
        return -ENOMEM;
    redisAsyncSetConnectCallback(context, on_connected);
    redisAsyncSetDisconnectCallback(context, on_closed);
    return 0;
}

//DOC: cache-events-start
static void session_start(struct ev_loop *loop, void *state, struct task *task)
{
    struct session *session = state;
    *session = (struct session){.loop = loop, .task = task};
    session->error = session_connect(session);
    if (session->error == 0)
        session->error = batch_send(session);
    if (session->error == 0)
        return;
    if (session->context != NULL) // not connected yet: on_closed() is not called
        redisAsyncFree(session->context);
    events_done(loop, task, session->error);
}

extern const struct events_code cache_events;
const struct events_code cache_events = {.state_size = sizeof(struct session),
                                         .start = session_start};
