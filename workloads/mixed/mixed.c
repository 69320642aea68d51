// SPDX-License-Identifier: MIT
//
// mixed.c - who computes, what, and how it is booked: see mixed.h.
//
// Read next: direct.c.
#include "workloads/mixed/mixed.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <stdatomic.h>

static const struct mixed_parameters *parameters_of(const struct work *work)
{
    return work->parameters;
}

// How many of the first `count` sessions are light: the share, rounded down.
static uint64_t light_before(const struct work *work, uint64_t count)
{
    return count * parameters_of(work)->light_percent / 100;
}

bool mixed_is_heavy(const struct work *work, uint32_t index)
{
    return light_before(work, (uint64_t)index + 1) == light_before(work, index);
}

uint32_t mixed_heavy_tasks(const struct work *work)
{
    return work->tasks - (uint32_t)light_before(work, work->tasks);
}

bool mixed_take_reply(struct task *task, struct mixed_job *job)
{
    if (!mixed_is_heavy(task->work, task->index))
        return false;
    task->outcome->samples = 0; // the latency is that of the light sessions
    *job =
        (struct mixed_job){parameters_of(task->work)->compute_ns, task->outcome->digest};
    return job->compute_ns > 0;
}

// The CPU time of this thread: whoever shares a CPU with others computes as much as
// whoever has one to itself.
static uint64_t cpu_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

//DOC: mixed-compute
uint64_t mixed_compute(const void *argument)
{
    enum { STEPS = 500 }; // between two looks at the clock: a few microseconds
    const struct mixed_job *job = argument;
    volatile uint64_t value = job->digest; // volatile: or nothing would be computed
    uint64_t began_ns = cpu_now_ns();
    uint64_t spent_ns = 0;
    while (spent_ns < job->compute_ns) {
        for (int i = 0; i < STEPS; i++)
            value = mix(value);
        spent_ns = cpu_now_ns() - began_ns;
    }
    return spent_ns;
}

void mixed_book(struct task *task, uint64_t computed_ns)
{
    struct mixed_board *board = parameters_of(task->work)->board;
    atomic_fetch_add_explicit(&board->computations, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&board->computed_ns, computed_ns, memory_order_relaxed);
}
