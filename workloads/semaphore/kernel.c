// SPDX-License-Identifier: MIT
//
// kernel.c - going in and out, and counting who is inside: see semaphore.h. The count is
// kept apart from the semaphore, by those who use it: it is the witness.
//
// Read next: direct.c.
#include "workloads/semaphore/semaphore.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>

static void raise_most(struct semaphore_room *room, uint32_t inside)
{
    uint32_t most = atomic_load(&room->most);
    while (inside > most && !atomic_compare_exchange_weak(&room->most, &most, inside)) {
    }
}

int semaphore_enter(struct task *task, uint64_t began_ns)
{
    const struct semaphore_parameters *parameters = task->work->parameters;
    outcome_sample(task->outcome, clock_now_ns() - began_ns);
    uint32_t inside = atomic_fetch_add(&parameters->room->inside, 1) + 1;
    raise_most(parameters->room, inside);
    return inside > parameters->permits ? -EOVERFLOW : 0;
}

static uint64_t digest_of_round(const struct work *work, uint32_t index, uint64_t round)
{
    return mix_into(mix_into(work->seed, index), round);
}

void semaphore_leave(struct task *task, uint64_t round)
{
    const struct semaphore_parameters *parameters = task->work->parameters;
    atomic_fetch_sub(&parameters->room->inside, 1);
    task->outcome->operations++;
    task->outcome->digest += digest_of_round(task->work, task->index, round);
}

uint64_t semaphore_digest(const struct work *work, uint32_t index)
{
    const struct semaphore_parameters *parameters = work->parameters;
    uint64_t digest = 0;
    for (uint64_t round = parameters->rounds; round > 0; round--)
        digest += digest_of_round(work, index, round - 1);
    return digest;
}
