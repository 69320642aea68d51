// SPDX-License-Identifier: MIT
//
// The part that both styles of the cases share: pauses and counts.
#include "lib/check.h"
#include "lib/mix.h"
#include "tests/sync/sync.h"

uint64_t sync_pause_ns(const struct task *task, uint64_t round)
{
    uint64_t dice = mix(mix(task->work->seed + task->index) + round);
    return dice % 4 == 0 ? dice / 4 % 200000 : 0;
}

struct sync_errand sync_errand_make(uint32_t task, uint64_t round)
{
    struct sync_errand errand = {.task = task};
    for (size_t i = 0; i < ARRAY_LEN(errand.numbers); i++)
        errand.numbers[i] = round;
    return errand;
}

uint64_t sync_errand_run(const void *argument)
{
    const struct sync_errand *errand = argument;
    uint64_t digest = mix(errand->task);
    for (size_t i = 0; i < ARRAY_LEN(errand->numbers); i++)
        digest = mix(digest + errand->numbers[i]);
    return digest;
}

void sync_enter(struct sync_shared *shared)
{
    uint32_t inside = 1 + atomic_fetch_add(&shared->inside, 1);
    uint32_t most = atomic_load(&shared->most);
    while (inside > most && !atomic_compare_exchange_weak(&shared->most, &most, inside)) {
    }
}

void sync_leave(struct sync_shared *shared)
{
    atomic_fetch_sub(&shared->inside, 1);
}

uint64_t sync_take_ticket(struct sync_shared *shared)
{
    return shared->came++;
}

void sync_show_ticket(struct sync_shared *shared, uint64_t ticket)
{
    shared->overtaken += ticket != shared->served;
    shared->served++;
}

void sync_book_item(const struct task *task, uint64_t item)
{
    const struct sync_parameters *parameters = sync_parameters_of(task);
    uint64_t items = parameters->rounds * (task->work->tasks / 2);
    if (item < items)
        atomic_fetch_add(&parameters->shared->seen[item], 1);
}
