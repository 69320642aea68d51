// SPDX-License-Identifier: MIT
//
// Callbacks that the runner itself calls: of those who wait for one another, for a
// connection, for a pool. Ours stands in their place until it is called.
#include "runners/trace/wrap_eventloop.h"

#include "runners/offload_events.h"
#include "runners/server_events.h"
#include "runners/sync_events.h"

static _Thread_local struct table waiters;

static void remember(void *waiter, table_function *callback)
{
    struct table_entry *entry = table_at(&waiters, waiter);
    entry->callback = callback;
    entry->task = trace_task;
}

static struct table_entry recall(void *waiter)
{
    struct table_entry entry = *table_find(&waiters, waiter);
    table_remove(&waiters, waiter);
    return entry;
}

// ---- one another -----------------------------------------------------------------------

static void on_waiter(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct table_entry entry = recall(waiter);
    waiter->callback = (sync_callback *)entry.callback;
    trace_continue(entry.task);
    waiter->callback(loop, waiter);
    trace_suspend();
}

static sync_callback *before(struct sync_waiter *waiter, sync_callback *callback)
{
    if (trace_task == TRACE_NO_TASK)
        return callback;
    remember(waiter, (table_function *)callback);
    return on_waiter;
}

// `got` it at once: then the callback is the caller's business.
static bool after(struct sync_waiter *waiter, sync_callback *callback, bool got,
                  enum trace_why why)
{
    if (got) {
        table_remove(&waiters, waiter);
        waiter->callback = callback;
    } else {
        trace_ask(why, 0);
    }
    return got;
}

// NOLINTBEGIN(bugprone-macro-parentheses): a type cannot stand in any
#define VERB(why, name, type)                                                            \
    WRAP(bool, name,                                                                     \
         (struct ev_loop * loop, type * object, struct sync_waiter * waiter,             \
          sync_callback * callback))                                                     \
    {                                                                                    \
        bool got = REAL(name)(loop, object, waiter, before(waiter, callback));           \
        return after(waiter, callback, got, why);                                        \
    }
// NOLINTEND(bugprone-macro-parentheses)

VERB(TRACE_LOCK, sync_lock_then, struct sync_mutex)
VERB(TRACE_SEMAPHORE, sync_acquire_then, struct sync_semaphore)
VERB(TRACE_EVENT, sync_wait_then, struct sync_event)
VERB(TRACE_QUEUE, sync_get_then, struct sync_queue)

WRAP(bool, sync_put_then,
     (struct ev_loop * loop, struct sync_queue *queue, uint64_t item,
      struct sync_waiter *waiter, sync_callback *callback))
{
    bool got = REAL(sync_put_then)(loop, queue, item, waiter, before(waiter, callback));
    return after(waiter, callback, got, TRACE_QUEUE);
}

WRAP(bool, sync_forget, (struct sync_waiter * waiter))
{
    bool gone = REAL(sync_forget)(waiter);
    if (gone)
        table_remove(&waiters, waiter);
    return gone;
}

// ready.c starts watchers while the task that gives runs.
struct ready;
void ready_push(struct ready *ready, struct sync_waiter *waiter);
WRAP(void, ready_push, (struct ready * ready, struct sync_waiter *waiter))
{
    trace_inside_runner = true;
    REAL(ready_push)(ready, waiter);
    trace_inside_runner = false;
}

// ---- a connection ----------------------------------------------------------------------

static void on_connection(struct ev_loop *loop, struct accept_waiter *waiter, int fd)
{
    struct table_entry entry = recall(waiter);
    waiter->callback = (accept_callback *)entry.callback;
    trace_continue(entry.task);
    waiter->callback(loop, waiter, fd);
    trace_suspend();
}

WRAP(void, accept_then,
     (struct ev_loop * loop, int listener, struct accept_waiter *waiter,
      accept_callback *callback))
{
    bool traced = trace_task != TRACE_NO_TASK;
    if (traced) {
        remember(waiter, (table_function *)callback);
        trace_ask(TRACE_SOCKET, 0);
    }
    trace_inside_runner = true;
    REAL(accept_then)(loop, listener, waiter, traced ? on_connection : callback);
    trace_inside_runner = false;
}

// ---- a pool ----------------------------------------------------------------------------

static void on_job(struct ev_loop *loop, struct executor_job *job)
{
    struct table_entry entry = recall(job);
    job->on_done = (void (*)(struct ev_loop *, struct executor_job *))entry.callback;
    trace_continue(entry.task);
    job->on_done(loop, job);
    trace_suspend();
}

// Without a pool the job is done at once, by the caller.
WRAP(bool, offload_then, (struct ev_loop * loop, struct executor_job *job))
{
    void (*on_done)(struct ev_loop *, struct executor_job *) = job->on_done;
    if (trace_task != TRACE_NO_TASK) {
        remember(job, (table_function *)on_done);
        job->on_done = on_job;
    }
    bool done = REAL(offload_then)(loop, job);
    if (done) {
        table_remove(&waiters, job);
        job->on_done = on_done;
    }
    return done;
}
