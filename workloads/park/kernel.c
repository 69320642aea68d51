// SPDX-License-Identifier: MIT
//
// kernel.c - coming and going: see park.h.
//
// Read next: direct.c.
#include "workloads/park/park.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>

static struct park_lot *lot_of(const struct task *task)
{
    const struct park_parameters *parameters = task->work->parameters;
    return parameters->lot;
}

bool park_arrive(const struct task *task)
{
    return atomic_fetch_add(&lot_of(task)->parked, 1) + 1 == task->work->tasks;
}

void park_open(const struct task *task)
{
    struct park_lot *lot = lot_of(task);
    atomic_store(&lot->opened_ns, clock_now_ns());
    sync_set(&lot->gate);
}

uint64_t park_digest(const struct work *work, uint32_t index)
{
    return mix_into(work->seed, index);
}

int park_leave(struct task *task)
{
    struct park_lot *lot = lot_of(task);
    uint64_t opened_ns = atomic_load(&lot->opened_ns);
    if (opened_ns == 0 || atomic_load(&lot->parked) != task->work->tasks)
        return -EPROTO;
    task->outcome->operations = 1;
    task->outcome->digest = park_digest(task->work, task->index);
    outcome_sample(task->outcome, clock_now_ns() - opened_ns);
    return 0;
}
