// SPDX-License-Identifier: MIT
//
// direct.c - the cases in straight-line code. The same object file is linked with each
// runner of direct style.
//
// Read next: events.c.
#include "runners/direct.h"
#include "runners/offload.h"
#include "runners/sync.h"

#include "lib/clock.h"
#include "tests/sync/sync.h"

#include <errno.h>

direct_code sync_direct;

static void pause_in(const struct task *task, uint64_t round)
{
    uint64_t ns = sync_pause_ns(task, round);
    if (ns > 0)
        direct_sleep(ns);
    else
        direct_yield();
}

static int round_semaphore(const struct task *task, uint64_t round)
{
    struct sync_shared *shared = sync_parameters_of(task)->shared;
    int error = sync_acquire(&shared->semaphore, SYNC_FOREVER);
    if (error != 0)
        return error;
    sync_enter(shared);
    pause_in(task, round);
    sync_leave(shared);
    sync_release(&shared->semaphore);
    return 0;
}

static int round_mutex(const struct task *task, uint64_t round)
{
    struct sync_shared *shared = sync_parameters_of(task)->shared;
    int error = sync_lock(&shared->mutex, SYNC_FOREVER);
    if (error != 0)
        return error;
    uint64_t counter = shared->counter;
    pause_in(task, round);
    shared->counter = counter + 1;
    sync_unlock(&shared->mutex);
    return 0;
}

// Even tasks put, odd ones get.
static int round_queue(const struct task *task, uint64_t round)
{
    const struct sync_parameters *parameters = sync_parameters_of(task);
    struct sync_queue *queue = &parameters->shared->queue;
    uint64_t item = task->index / 2 * parameters->rounds + round;
    int error;
    pause_in(task, round);
    if (task->index % 2 == 0)
        return sync_put(queue, item, SYNC_FOREVER);
    error = sync_get(queue, &item, SYNC_FOREVER);
    if (error == 0)
        sync_book_item(task, item);
    return error;
}

static int round_broadcast(const struct task *task, uint64_t round)
{
    struct sync_shared *shared = sync_parameters_of(task)->shared;
    int error = 0;
    if (!sync_is_setter(task)) {
        sync_release(&shared->arrived);
        error = sync_wait(&shared->events[round], SYNC_FOREVER);
        if (error == 0)
            atomic_fetch_add(&shared->seen[round], 1);
        return error;
    }
    for (uint32_t i = 1; i < task->work->tasks && error == 0; i++)
        error = sync_acquire(&shared->arrived, SYNC_FOREVER);
    pause_in(task, round);
    sync_set(&shared->events[round]);
    return error;
}

// Waits a little while for a permit; most of the time that is too short.
static int round_limit(const struct task *task, uint64_t round)
{
    struct sync_shared *shared = sync_parameters_of(task)->shared;
    uint64_t limit_ns = sync_pause_ns(task, round + 1000000);
    uint64_t began_ns = clock_now_ns();
    int error = sync_acquire(&shared->semaphore, limit_ns);
    if (error == -ETIMEDOUT) {
        atomic_fetch_add(&shared->given_up, 1);
        return clock_now_ns() - began_ns >= limit_ns ? 0 : -EPROTO;
    }
    if (error != 0)
        return error;
    sync_enter(shared);
    pause_in(task, round);
    sync_leave(shared);
    sync_release(&shared->semaphore);
    return 0;
}

static int round_offload(const struct task *task, uint64_t round)
{
    const struct sync_errand errands[2] = {sync_errand_make(task->index, round)};
    const struct sync_errand errand = errands[0];
    uint64_t result = 0;
    if (offload(sync_errand_run, errands, sizeof errand + 1, &result) != -E2BIG)
        return -EPROTO;
    int error = offload(sync_errand_run, &errand, sizeof errand, &result);
    return error == 0 && result != sync_errand_run(&errand) ? -EPROTO : error;
}

// All but one pass permits round without end, until the one who sleeps rings.
static int round_fair(const struct task *task, uint64_t round)
{
    struct sync_shared *shared = sync_parameters_of(task)->shared;
    int error = 0;
    if (sync_is_setter(task)) {
        error = direct_sleep(2000000);
        atomic_store(&shared->bell, round + 1);
        return error;
    }
    while (error == 0 && atomic_load(&shared->bell) <= round) {
        error = sync_acquire(&shared->semaphore, SYNC_FOREVER);
        if (error == 0) {
            sync_enter(shared);
            direct_yield();
            sync_leave(shared);
            sync_release(&shared->semaphore);
        }
    }
    return error;
}

// A task that comes back stands in line behind those that have come meanwhile.
static int round_order(const struct task *task, uint64_t round)
{
    struct sync_shared *shared = sync_parameters_of(task)->shared;
    uint64_t ticket = sync_take_ticket(shared);
    int error = sync_acquire(&shared->semaphore, SYNC_FOREVER);
    if (error != 0)
        return error;
    sync_show_ticket(shared, ticket);
    pause_in(task, round);
    sync_release(&shared->semaphore);
    return 0;
}

int sync_direct(struct task *task)
{
    static int (*const rounds[])(const struct task *, uint64_t) = {
        [SYNC_SEMAPHORE] = round_semaphore, [SYNC_MUTEX] = round_mutex,
        [SYNC_QUEUE] = round_queue,         [SYNC_BROADCAST] = round_broadcast,
        [SYNC_LIMIT] = round_limit,         [SYNC_OFFLOAD] = round_offload,
        [SYNC_FAIR] = round_fair,           [SYNC_ORDER] = round_order,
    };
    const struct sync_parameters *parameters = sync_parameters_of(task);
    int error = 0;
    for (uint64_t i = 0; i < parameters->rounds && error == 0; i++) {
        error = rounds[parameters->test](task, i);
        task->outcome->operations += error == 0;
    }
    return error;
}
