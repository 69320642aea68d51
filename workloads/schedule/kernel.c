// SPDX-License-Identifier: MIT
//
// kernel.c - when calls are due, and how late they were: see schedule.h. Each instant
// follows from the seed and the number of the task, so that all models have the same ones.
//
// Read next: direct.c.
#include "lib/clock.h"
#include "lib/mix.h"
#include "workloads/schedule/schedule.h"

#include <errno.h>

uint64_t schedule_offset(const struct work *work, uint32_t index)
{
    const struct schedule_parameters *parameters = work->parameters;
    return mix_into(work->seed, index) % (parameters->span_ns + 1);
}

// Several tasks may find that there is no zero yet; one of them wins, and all use its.
uint64_t schedule_due(const struct task *task)
{
    const struct schedule_parameters *parameters = task->work->parameters;
    _Atomic uint64_t *zero = &parameters->board->zero_ns;
    uint64_t zero_ns = atomic_load_explicit(zero, memory_order_relaxed);
    if (zero_ns == 0) {
        uint64_t mine_ns = clock_now_ns() + parameters->lead_ns;
        if (atomic_compare_exchange_strong(zero, &zero_ns, mine_ns))
            zero_ns = mine_ns;
    }
    return zero_ns + schedule_offset(task->work, task->index);
}

uint64_t schedule_wait(uint64_t due_ns)
{
    uint64_t now_ns = clock_now_ns();
    return due_ns > now_ns ? due_ns - now_ns : 0;
}

uint64_t schedule_digest(const struct work *work, uint32_t index, uint64_t offset_ns)
{
    return mix_into(mix_into(work->seed, index), offset_ns);
}

int schedule_book(struct task *task, uint64_t due_ns)
{
    const struct schedule_parameters *parameters = task->work->parameters;
    uint64_t now_ns = clock_now_ns();
    if (now_ns < due_ns)
        return -ETIME;
    task->outcome->operations = 1;
    task->outcome->digest =
        schedule_digest(task->work, task->index,
                        due_ns - atomic_load(&parameters->board->zero_ns));
    outcome_sample(task->outcome, now_ns - due_ns);
    return 0;
}
