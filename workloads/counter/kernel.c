// SPDX-License-Identifier: MIT
//
// kernel.c - the halves of an addition: see counter.h.
//
// In C, two threads that touch a plain variable at the same time, one of them writing,
// are a data race, and the language then promises nothing at all: a compiler might even
// add a thousand times in a register. So each half is an atomic access of its own, and
// the race is the one that is to be shown: between the halves.
//
// Read next: direct.c.
#include "workloads/counter/counter.h"

#include "lib/mix.h"

static struct counter_board *board_of(const struct task *task)
{
    const struct counter_parameters *parameters = task->work->parameters;
    return parameters->board;
}

//DOC: counter-halves
uint64_t counter_read(const struct task *task)
{
    return atomic_load_explicit(&board_of(task)->value, memory_order_relaxed);
}

void counter_write(const struct task *task, uint64_t value)
{
    atomic_store_explicit(&board_of(task)->value, value, memory_order_relaxed);
}

void counter_add(const struct task *task, uint64_t amount)
{
    atomic_fetch_add_explicit(&board_of(task)->value, amount, memory_order_relaxed);
}

void counter_book(struct task *task)
{
    task->outcome->digest = mix_into(task->outcome->digest, task->outcome->operations++);
}

uint64_t counter_messages(const struct work *work)
{
    const struct counter_parameters *parameters = work->parameters;
    return (work->tasks - UINT64_C(1)) * parameters->additions;
}
