// SPDX-License-Identifier: MIT
//
// events.c - both kinds of task of `wordcount` in the event-loop style. One who counts
// takes a chunk in each round of the loop, by an idle watcher; the queue has room for all,
// so that the put at its end never waits. The one who adds up waits for the queue.
//
// Read next: workload.c.
#include "runners/events.h"
#include "runners/sync_events.h"
#include "workloads/wordcount/wordcount.h"

struct counting {
    ev_idle turn; // must be first: libev hands its address to the callback
    struct sync_waiter waiter;
    struct task *task;
    struct wordcount_part part;
    uint32_t added; // tables that have been added up
    int error;
};

static void counting_end(struct ev_loop *loop, struct counting *counting)
{
    wordcount_end(counting->task, &counting->part);
    events_done(loop, counting->task, counting->error);
}

// ---- map -----------------------------------------------------------------------------

static void on_room(struct ev_loop *loop, struct sync_waiter *waiter)
{
    counting_end(loop, waiter->data);
}

static void on_turn(struct ev_loop *loop, ev_idle *watcher, int events)
{
    (void)events;
    struct counting *counting = (struct counting *)watcher;
    const struct wordcount_parameters *parameters = counting->task->work->parameters;
    int more = wordcount_count(counting->task, &counting->part);
    if (more > 0)
        return;
    ev_idle_stop(loop, &counting->turn);
    counting->error =
        more < 0 ? more : wordcount_deliver(counting->task, &counting->part);
    // Also after an error: the other side counts on it.
    if (sync_put_then(loop, parameters->finished, counting->task->index,
                      &counting->waiter, on_room))
        counting_end(loop, counting);
}

// ---- reduce --------------------------------------------------------------------------

static void on_table(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct counting *counting = waiter->data;
    const struct wordcount_parameters *parameters = counting->task->work->parameters;
    do {
        counting->error =
            wordcount_add(counting->task, &counting->part, counting->waiter.item);
        counting->added++;
        if (counting->error != 0 ||
            counting->added == wordcount_parts(counting->task->work)) {
            counting_end(loop, counting);
            return;
        }
    } while (sync_get_then(loop, parameters->finished, &counting->waiter, on_table));
}

// ---- both ----------------------------------------------------------------------------

static void wordcount_start(struct ev_loop *loop, void *memory, struct task *task)
{
    const struct wordcount_parameters *parameters = task->work->parameters;
    struct counting *counting = memory;
    *counting = (struct counting){.task = task};
    counting->waiter.data = counting;
    int error = wordcount_begin(task, &counting->part);
    if (error != 0) {
        events_done(loop, task, error);
    } else if (!wordcount_reduces(task)) {
        ev_idle_init(&counting->turn, on_turn);
        ev_idle_start(loop, &counting->turn);
    } else if (sync_get_then(loop, parameters->finished, &counting->waiter, on_table)) {
        on_table(loop, &counting->waiter);
    }
}

const struct events_code wordcount_events = {
    .state_size = sizeof(struct counting),
    .start = wordcount_start,
};
