// SPDX-License-Identifier: MIT
//
// kernel.c - the token and its way round the ring: see switch.h. A turn is a few
// instructions, because it is the way from one turn to the next that is measured.
//
// Read next: direct.c.
#include "workloads/switch/switch.h"

#include "lib/mix.h"

#include <errno.h>

uint64_t switch_share(const struct work *work, uint32_t index)
{
    const struct switch_parameters *parameters = work->parameters;
    return parameters->switches / work->tasks +
           (index < parameters->switches % work->tasks);
}

// Relaxed: the hand-over itself is what orders one turn before the next. Where it does
// not (a model that cannot yield), this finds a wrong number and says so.
int switch_turn(struct task *task)
{
    const struct switch_parameters *parameters = task->work->parameters;
    struct switch_ring *ring = parameters->ring;
    struct outcome *outcome = task->outcome;
    uint64_t token = atomic_load_explicit(&ring->token, memory_order_relaxed);
    if (token != outcome->operations * task->work->tasks + task->index)
        return -EOPNOTSUPP;
    atomic_store_explicit(&ring->token, token + 1, memory_order_relaxed);
    outcome->operations++;
    outcome->digest += token;
    return 0;
}

bool switch_sit(const struct task *task)
{
    const struct switch_parameters *parameters = task->work->parameters;
    return atomic_fetch_add(&parameters->ring->seated, 1) + 1 == task->work->tasks;
}

struct switch_seat *switch_next(const struct task *task)
{
    const struct switch_parameters *parameters = task->work->parameters;
    return &parameters->ring->seats[(task->index + 1) % task->work->tasks];
}

// The numbers of a task's turns are an arithmetic progression, so their sum is known.
uint64_t switch_digest(const struct work *work, uint32_t index)
{
    uint64_t share = switch_share(work, index);
    uint64_t last = share == 0 ? 0 : index + (share - 1) * work->tasks;
    return share % 2 == 0 ? share / 2 * (index + last) : share * ((index + last) / 2);
}
