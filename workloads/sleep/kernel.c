// SPDX-License-Identifier: MIT
//
// The outcome of a sleep: see sleep.h.
#include "lib/clock.h"
#include "lib/mix.h"
#include "workloads/sleep/sleep.h"

#include <errno.h>

uint64_t sleep_digest(const struct work *work, uint32_t index)
{
    return mix_into(work->seed, index);
}

int sleep_book(struct task *task, uint64_t began_ns)
{
    const struct sleep_parameters *parameters = task->work->parameters;
    uint64_t slept_ns = clock_now_ns() - began_ns;
    task->outcome->operations = 1;
    task->outcome->digest = sleep_digest(task->work, task->index);
    outcome_sample(task->outcome, slept_ns);
    return slept_ns < parameters->delay_ns ? -ETIME : 0;
}
