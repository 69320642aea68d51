// SPDX-License-Identifier: MIT
//
// pipeline.h - a chain of tasks with a bounded queue between each two: the first task
// makes --items, each in the middle changes every item, the last one takes them in. A
// queue that is full makes those in front wait ("back pressure"), one that is empty those
// behind.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_PIPELINE_H
#define QUARTET_WORKLOADS_PIPELINE_H

#include "runners/sync_objects.h"
#include "workloads/workload.h"

struct pipeline_parameters {
    uint64_t items;
    uint64_t capacity;
    struct sync_queue *queues; // number i leads from task i to task i+1
};

// The queue that this task gets from; NULL for the first one.
struct sync_queue *pipeline_source(const struct task *task);

// The queue that it puts to; NULL for the last one.
struct sync_queue *pipeline_sink(const struct task *task);

// The first task's item number `number`.
uint64_t pipeline_make(const struct work *work, uint64_t number);

// Does this task's work on an item and books it. What the next task gets.
uint64_t pipeline_stage(struct task *task, uint64_t item);

// The digest of a task that has worked on all items once, in their order.
uint64_t pipeline_digest(const struct work *work, uint32_t index);

#endif
