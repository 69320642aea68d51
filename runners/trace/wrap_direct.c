// SPDX-License-Identifier: MIT
//
// The verbs of direct style, in whatever model: the task waits from the call to the return.
// trace_resume() tells a wait from a verb that had what it wanted.
#include "runners/trace/trace.h"

#include "lib/clock.h"
#include "runners/borrowed.h"
#include "runners/direct.h"
#include "runners/offload.h"
#include "runners/server.h"
#include "runners/sync.h"

// NOLINTBEGIN(bugprone-macro-parentheses): types and lists of arguments cannot stand in any
// One verb: what it waits for, its type, name, parameters and arguments.
#define VERB(why, type, name, parameters, arguments)                                     \
    WRAP(type, name, parameters)                                                         \
    {                                                                                    \
        struct trace_pause pause = trace_wait(why, 0);                                   \
        type returned = REAL(name) arguments;                                            \
        trace_resume(&pause);                                                            \
        return returned;                                                                 \
    }
// NOLINTEND(bugprone-macro-parentheses)

VERB(TRACE_SOCKET, int, direct_connect,
     (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length))
VERB(TRACE_SOCKET, ssize_t, direct_read, (int fd, void *buffer, size_t length),
     (fd, buffer, length))
VERB(TRACE_SOCKET, ssize_t, direct_receive, (int fd, void *buffer, size_t length),
     (fd, buffer, length))
VERB(TRACE_SOCKET, ssize_t, direct_write, (int fd, const void *buffer, size_t length),
     (fd, buffer, length))
VERB(TRACE_SOCKET, int, direct_accept, (int listener), (listener))
VERB(TRACE_SOCKET, int, direct_wait, (int fd, int events), (fd, events))
VERB(TRACE_CHILD, int, direct_join, (struct child * child, uint64_t *result),
     (child, result))
VERB(TRACE_LOCK, int, sync_lock, (struct sync_mutex * mutex, uint64_t timeout_ns),
     (mutex, timeout_ns))
VERB(TRACE_SEMAPHORE, int, sync_acquire,
     (struct sync_semaphore * semaphore, uint64_t timeout_ns), (semaphore, timeout_ns))
VERB(TRACE_EVENT, int, sync_wait, (struct sync_event * event, uint64_t timeout_ns),
     (event, timeout_ns))
VERB(TRACE_QUEUE, int, sync_put,
     (struct sync_queue * queue, uint64_t item, uint64_t timeout_ns),
     (queue, item, timeout_ns))
VERB(TRACE_QUEUE, int, sync_get,
     (struct sync_queue * queue, uint64_t *item, uint64_t timeout_ns),
     (queue, item, timeout_ns))

WRAP(int, direct_sleep, (uint64_t duration_ns))
{
    struct trace_pause pause = trace_wait(TRACE_TIMER, clock_now_ns() + duration_ns);
    int error = REAL(direct_sleep)(duration_ns);
    trace_resume(&pause);
    return error;
}

WRAP(void, direct_yield, (void))
{
    struct trace_pause pause = trace_wait(TRACE_TURN, 0);
    REAL(direct_yield)();
    trace_resume(&pause);
}

// Computes on the spot, unless there is a pool: then the task waits from its submission on.
WRAP(int, offload,
     (executor_code * code, const void *argument, size_t size, uint64_t *result))
{
    uint32_t task = trace_task;
    int error = REAL(offload)(code, argument, size, result);
    if (trace_task != task)
        trace_continue(task);
    return error;
}

void trace_submitted(void)
{
    trace_wait(TRACE_POOL, 0);
}
