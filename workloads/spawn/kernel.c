// SPDX-License-Identifier: MIT
//
// kernel.c - the few instructions that a child executes, and how a parent adds up what
// its children return.
//
// Read next: direct.c.
#include "workloads/spawn/kernel.h"

#include "lib/mix.h"

struct spawn_argument spawn_argument(const struct task *task, uint64_t number)
{
    return (struct spawn_argument){.seed = task->work->seed,
                                   .number = number,
                                   .task = task->index};
}

uint64_t spawn_child(const void *argument)
{
    const struct spawn_argument *mine = argument;
    return mix_into(mix_into(mine->seed, mine->task), mine->number);
}

void spawn_book(struct outcome *outcome, uint64_t result)
{
    outcome->digest = mix_into(outcome->digest, result);
    outcome->operations++;
}
