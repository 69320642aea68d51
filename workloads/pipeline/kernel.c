// SPDX-License-Identifier: MIT
//
// kernel.c - the items and what a stage does to them: see pipeline.h. A stage's digest
// depends on every item and on their order, so that one that is lost, doubled or has
// overtaken another shows.
//
// Read next: direct.c.
#include "workloads/pipeline/pipeline.h"

#include "lib/mix.h"

struct sync_queue *pipeline_source(const struct task *task)
{
    const struct pipeline_parameters *parameters = task->work->parameters;
    return task->index == 0 ? NULL : &parameters->queues[task->index - 1];
}

struct sync_queue *pipeline_sink(const struct task *task)
{
    const struct pipeline_parameters *parameters = task->work->parameters;
    return task->index == task->work->tasks - 1 ? NULL : &parameters->queues[task->index];
}

uint64_t pipeline_make(const struct work *work, uint64_t number)
{
    return mix_into(work->seed, number);
}

uint64_t pipeline_stage(struct task *task, uint64_t item)
{
    struct outcome *outcome = task->outcome;
    outcome->operations++;
    outcome->digest = outcome->digest * 31 + item;
    return mix(item);
}

uint64_t pipeline_digest(const struct work *work, uint32_t index)
{
    const struct pipeline_parameters *parameters = work->parameters;
    uint64_t digest = 0;
    for (uint64_t number = 0; number < parameters->items; number++) {
        uint64_t item = pipeline_make(work, number);
        for (uint32_t stage = 0; stage < index; stage++)
            item = mix(item);
        digest = digest * 31 + item;
    }
    return digest;
}
