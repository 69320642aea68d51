// SPDX-License-Identifier: MIT
//
// events.c - a stage as callbacks. It is always in one of two states: it waits for an
// item, or for room. The loop of direct.c is cut at both places.
//
// Read next: workload.c.
#include "runners/events.h"
#include "runners/sync_events.h"
#include "workloads/pipeline/pipeline.h"

struct stage {
    struct sync_waiter waiter;
    struct task *task;
    struct sync_queue *source;
    struct sync_queue *sink;
    uint64_t number; // of items that have been passed on
    uint64_t items;
};

static void on_item(struct ev_loop *loop, struct sync_waiter *waiter);
static void on_room(struct ev_loop *loop, struct sync_waiter *waiter);

// Gets the next item into the waiter; false: on_item() will have it.
static bool stage_get(struct ev_loop *loop, struct stage *stage)
{
    if (stage->source != NULL)
        return sync_get_then(loop, stage->source, &stage->waiter, on_item);
    stage->waiter.item = pipeline_make(stage->task->work, stage->number);
    return true;
}

// Works on the item in the waiter and passes it on; false: on_room() will go on.
static bool stage_put(struct ev_loop *loop, struct stage *stage)
{
    uint64_t item = pipeline_stage(stage->task, stage->waiter.item);
    stage->number++;
    return stage->sink == NULL ||
           sync_put_then(loop, stage->sink, item, &stage->waiter, on_room);
}

// From where an item has been passed on.
static void stage_continue(struct ev_loop *loop, struct stage *stage)
{
    while (stage->number < stage->items) {
        if (!stage_get(loop, stage) || !stage_put(loop, stage))
            return;
    }
    events_done(loop, stage->task, 0);
}

static void on_item(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct stage *stage = waiter->data;
    if (stage_put(loop, stage))
        stage_continue(loop, stage);
}

static void on_room(struct ev_loop *loop, struct sync_waiter *waiter)
{
    stage_continue(loop, waiter->data);
}

static void stage_start(struct ev_loop *loop, void *state, struct task *task)
{
    const struct pipeline_parameters *parameters = task->work->parameters;
    struct stage *stage = state;
    *stage = (struct stage){.task = task,
                            .source = pipeline_source(task),
                            .sink = pipeline_sink(task),
                            .items = parameters->items};
    stage->waiter.data = stage;
    stage_continue(loop, stage);
}

const struct events_code pipeline_events = {.state_size = sizeof(struct stage),
                                            .start = stage_start};
