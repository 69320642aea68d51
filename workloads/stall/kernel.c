// SPDX-License-Identifier: MIT
//
// kernel.c - heartbeats, and the computation that may silence them: see stall.h.
//
// Read next: direct.c.
#include "workloads/stall/stall.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>

static const struct stall_parameters *parameters_of(const struct task *task)
{
    return task->work->parameters;
}

bool stall_arrive(const struct task *task)
{
    return atomic_fetch_add(&parameters_of(task)->ward->here, 1) + 1 == task->work->tasks;
}

bool stall_computes(const struct task *task)
{
    return task->index == 0;
}

uint64_t stall_lead(const struct task *task)
{
    const struct stall_parameters *parameters = parameters_of(task);
    return parameters->period_ns * parameters->beats / 3;
}

// ---- the computation -----------------------------------------------------------------

// The CPU time of this thread: whoever shares a CPU with others computes as much as
// whoever has one to itself.
static uint64_t cpu_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

//DOC: stall-compute
uint64_t stall_compute(const void *compute_ns)
{
    enum { STEPS = 10000 }; // between two looks at the clock
    const uint64_t *wanted_ns = compute_ns;
    volatile uint64_t value = 1; // volatile: or nothing would be computed at all
    uint64_t began_ns = cpu_now_ns();
    uint64_t spent_ns = 0;
    while (spent_ns < *wanted_ns) {
        for (int i = 0; i < STEPS; i++)
            value = mix(value);
        spent_ns = cpu_now_ns() - began_ns;
    }
    return spent_ns;
}

void stall_book_computation(struct task *task, uint64_t computed_ns)
{
    atomic_store(&parameters_of(task)->ward->computed_ns, computed_ns);
    task->outcome->operations = 1;
    task->outcome->digest = stall_digest(task->work, task->index);
}

// ---- heartbeats ----------------------------------------------------------------------

static void raise_silence(struct stall_ward *ward, uint64_t silence_ns)
{
    uint64_t longest_ns = atomic_load(&ward->silence_ns);
    while (silence_ns > longest_ns &&
           !atomic_compare_exchange_weak(&ward->silence_ns, &longest_ns, silence_ns)) {
    }
}

int stall_beat(struct task *task, uint64_t began_ns, uint64_t *last_ns)
{
    const struct stall_parameters *parameters = parameters_of(task);
    uint64_t now_ns = clock_now_ns();
    uint64_t slept_ns = now_ns - began_ns;
    if (slept_ns < parameters->period_ns)
        return -ETIME;
    raise_silence(parameters->ward, now_ns - *last_ns);
    *last_ns = now_ns;
    outcome_sample(task->outcome, slept_ns - parameters->period_ns);
    task->outcome->operations++;
    if (task->outcome->operations == parameters->beats)
        task->outcome->digest = stall_digest(task->work, task->index);
    return 0;
}

uint64_t stall_digest(const struct work *work, uint32_t index)
{
    return mix_into(work->seed, index);
}
