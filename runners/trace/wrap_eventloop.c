// SPDX-License-Identifier: MIT
//
// Tasks that are callbacks. libev tells nobody when it calls which, so each callback that
// is due is replaced by ours for that one call (on_pending), and ours calls it: between its
// beginning and its end the task of its watcher runs. Whose a watcher is says its address:
// it lies in the slot of a task, or was started by the task that runs.
//
// Afterwards a task waits for whatever it last asked for.
//
// Read next: wrap_waiters.c for callbacks that are none of libev's.
#include "runners/trace/wrap_eventloop.h"

#include "lib/allocate.h"
#include "lib/clock.h"
#include "runners/eventloop/eventloop.h"

#include <stdlib.h>

struct asked {
    uint64_t due_ns;
    uint8_t why;
};

static struct asked *asked; // by task
static const struct events_code *untraced;
static _Thread_local const struct carrier *carrier_here;
static _Thread_local struct table watchers;
_Thread_local bool trace_inside_runner;

// ---- tasks -----------------------------------------------------------------------------

void trace_ask(enum trace_why why, uint64_t due_ns)
{
    if (trace_task != TRACE_NO_TASK && asked != NULL)
        asked[trace_task] = (struct asked){.why = (uint8_t)why, .due_ns = due_ns};
}

void trace_submitted(void)
{
    trace_ask(TRACE_POOL, 0);
}

void trace_suspend(void)
{
    if (trace_task != TRACE_NO_TASK && asked != NULL)
        trace_wait((enum trace_why)asked[trace_task].why, asked[trace_task].due_ns);
    trace_task = TRACE_NO_TASK;
}

static void traced_start(struct ev_loop *loop, void *state, struct task *task)
{
    untraced->start(loop, state, task);
    trace_suspend();
}

WRAP(int, carrier_init,
     (struct carrier * carrier, struct run *run, const struct events_code *code,
      uint32_t slots, struct reason *reason))
{
    static struct events_code traced;
    if (!trace_on())
        return REAL(carrier_init)(carrier, run, code, slots, reason);
    if (asked == NULL)
        asked = allocate(run->work.tasks, sizeof *asked);
    untraced = code;
    traced = (struct events_code){.state_size = code->state_size, .start = traced_start};
    return REAL(carrier_init)(carrier, run, &traced, slots, reason);
}

WRAP(void, carrier_run, (struct carrier * carrier))
{
    carrier_here = carrier;
    REAL(carrier_run)(carrier);
}

// ---- watchers --------------------------------------------------------------------------

// A slot begins with its task.
static uint32_t owner_of(const void *watcher)
{
    const struct carrier *carrier = carrier_here;
    uintptr_t at = (uintptr_t)watcher;
    uintptr_t first = carrier == NULL ? 0 : (uintptr_t)carrier->memory;
    if (carrier == NULL || at < first ||
        at >= first + (size_t)carrier->slots * carrier->slot_size)
        return trace_task;
    size_t slot = (at - first) / carrier->slot_size;
    const struct task *task =
        (const struct task *)(const void *)(carrier->memory + slot * carrier->slot_size);
    return task->index;
}

static void on_watcher(struct ev_loop *loop, ev_watcher *watcher, int events)
{
    struct table_entry *entry = table_find(&watchers, watcher);
    uint32_t task = entry->task;
    watcher->cb = (void (*)(struct ev_loop *, ev_watcher *, int))entry->callback;
    entry->callback = NULL;
    if (!ev_is_active(watcher))
        table_remove(&watchers, watcher);
    trace_continue(task);
    watcher->cb(loop, watcher, events);
    trace_suspend();
}

// A watcher that is pending gets our callback. One that is stopped by another before its turn
// gets its own back.
static void replace_callback(struct table_entry *entry)
{
    ev_watcher *watcher = entry == NULL ? NULL : entry->key;
    if (watcher == NULL || !ev_is_pending(watcher) || entry->callback != NULL)
        return;
    entry->callback = (table_function *)watcher->cb;
    watcher->cb = on_watcher;
}

static void on_pending(struct ev_loop *loop)
{
    trace_suspend();
    for (size_t i = 0; i < watchers.room; i++)
        replace_callback(&watchers.entries[i]);
    ev_invoke_pending(loop);
}

WRAP(struct ev_loop *, ev_loop_new, (unsigned flags))
{
    struct ev_loop *loop = REAL(ev_loop_new)(flags);
    if (loop != NULL && trace_on())
        ev_set_invoke_pending_cb(loop, on_pending);
    return loop;
}

static void know(void *watcher, enum trace_why why, uint64_t due_ns)
{
    if (trace_inside_runner || !trace_on())
        return;
    uint32_t task = owner_of(watcher);
    if (task == TRACE_NO_TASK)
        return;
    table_at(&watchers, watcher)->task = task;
    if (task == trace_task)
        trace_ask(why, due_ns);
}

static void forget(void *watcher)
{
    const struct table_entry *entry = table_find(&watchers, watcher);
    if (entry == NULL)
        return;
    if (entry->callback != NULL)
        ((ev_watcher *)watcher)->cb =
            (void (*)(struct ev_loop *, ev_watcher *, int))entry->callback;
    table_remove(&watchers, watcher);
}

WRAP(void, ev_io_start, (struct ev_loop * loop, ev_io *io))
{
    know(io, TRACE_SOCKET, 0);
    REAL(ev_io_start)(loop, io);
}

WRAP(void, ev_io_stop, (struct ev_loop * loop, ev_io *io))
{
    forget(io);
    REAL(ev_io_stop)(loop, io);
}

// Not yet started, it holds the time from now.
WRAP(void, ev_timer_start, (struct ev_loop * loop, ev_timer *timer))
{
    know(timer, TRACE_TIMER, clock_now_ns() + (uint64_t)(timer->at * 1e9));
    REAL(ev_timer_start)(loop, timer);
}

WRAP(void, ev_timer_stop, (struct ev_loop * loop, ev_timer *timer))
{
    forget(timer);
    REAL(ev_timer_stop)(loop, timer);
}

WRAP(void, ev_idle_start, (struct ev_loop * loop, ev_idle *idle))
{
    know(idle, TRACE_TURN, 0);
    REAL(ev_idle_start)(loop, idle);
}

WRAP(void, ev_idle_stop, (struct ev_loop * loop, ev_idle *idle))
{
    forget(idle);
    REAL(ev_idle_stop)(loop, idle);
}

// Somebody else's watcher may be fed: then that one goes on, not the caller. Who is fed by a
// callback is called without another look at what is pending.
WRAP(void, ev_feed_event, (struct ev_loop * loop, void *watcher, int events))
{
    know(watcher, TRACE_TURN, 0);
    REAL(ev_feed_event)(loop, watcher, events);
    if (trace_on())
        replace_callback(table_find(&watchers, watcher));
}
