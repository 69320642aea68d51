// SPDX-License-Identifier: MIT
//
// kernel.c - announcing and hearing: see broadcast.h.
//
// Read next: direct.c.
#include "workloads/broadcast/broadcast.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>

struct broadcast_hall *broadcast_hall(const struct task *task)
{
    const struct broadcast_parameters *parameters = task->work->parameters;
    return parameters->hall;
}

bool broadcast_speaks(const struct task *task)
{
    return task->index == 0;
}

struct sync_event *broadcast_event(const struct task *task, uint64_t round)
{
    return &broadcast_hall(task)->news[round % 2];
}

void broadcast_announce(struct task *task, uint64_t round)
{
    struct broadcast_hall *hall = broadcast_hall(task);
    sync_clear(broadcast_event(task, round + 1));
    atomic_store(&hall->here, 0);
    atomic_store(&hall->round, round + 1);
    task->outcome->operations++;
    task->outcome->digest = mix_into(task->outcome->digest, round);
    atomic_store(&hall->announced_ns, clock_now_ns());
    sync_set(broadcast_event(task, round));
}

void broadcast_come(const struct task *task)
{
    struct broadcast_hall *hall = broadcast_hall(task);
    if (atomic_fetch_add(&hall->here, 1) + 2 == task->work->tasks) // but the speaker
        sync_release(&hall->all_here);
}

int broadcast_hear(struct task *task, uint64_t round)
{
    struct broadcast_hall *hall = broadcast_hall(task);
    uint64_t now_ns = clock_now_ns();
    if (atomic_load(&hall->round) != round + 1)
        return -EPROTO;
    task->outcome->operations++;
    task->outcome->digest = mix_into(task->outcome->digest, round);
    outcome_sample(task->outcome, now_ns - atomic_load(&hall->announced_ns));
    return 0;
}
