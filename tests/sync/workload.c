// SPDX-License-Identifier: MIT
//
// workload.c - the cases as the runners see them: shared memory, and what must have
// happened in it when all tasks are done.
#include "tests/sync/sync.h"

#include <errno.h>
#include <inttypes.h>

extern const struct workload sync_workload;

static const struct option_spec sync_options[] = {
    {
        .name = "case",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct sync_parameters, test),
        .fallback = "semaphore",
        .choices = "semaphore|mutex|queue|broadcast|limit|offload|fair|order",
        .help = "what to put under stress",
    },
    {
        .name = "rounds",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct sync_parameters, rounds),
        .fallback = "20",
        .minimum = 1,
        .maximum = 1000000,
        .help = "how often each task does it",
    },
    {
        .name = "permits",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct sync_parameters, permits),
        .fallback = "3",
        .minimum = 1,
        .maximum = 1000000,
        .help = "of the semaphore, and places in the queue",
    },
    {0},
};

// All tasks of these cases need one another, so all must be in flight.
static int check_concurrency(const struct work *work, struct reason *reason)
{
    const struct sync_parameters *parameters = work->parameters;
    if (parameters->test != SYNC_QUEUE && parameters->test != SYNC_BROADCAST &&
        parameters->test != SYNC_FAIR)
        return 0;
    if (work->concurrency != work->tasks || work->tasks % 2 != 0) {
        return reason_set(reason, -EINVAL,
                          "--concurrency %" PRIu32 ": must be --tasks, an even number",
                          work->concurrency);
    }
    return 0;
}

static int sync_setup(struct work *work, struct reason *reason)
{
    struct sync_parameters *parameters = work->parameters;
    int error = check_concurrency(work, reason);
    if (error != 0)
        return error;
    uint64_t rounds = parameters->rounds;
    struct sync_shared *shared = sync_alloc(sizeof *shared);
    uint64_t *ring = sync_alloc(parameters->permits * sizeof *ring);
    if (shared == NULL || ring == NULL)
        return reason_set(reason, -ENOMEM, "no shared memory");
    shared->seen = sync_alloc(rounds * work->tasks * sizeof *shared->seen);
    shared->events = sync_alloc(rounds * sizeof *shared->events);
    if (shared->seen == NULL || shared->events == NULL)
        return reason_set(reason, -ENOMEM, "no shared memory");
    sync_semaphore_init(&shared->semaphore, (uint32_t)parameters->permits);
    sync_semaphore_init(&shared->arrived, 0);
    sync_mutex_init(&shared->mutex);
    sync_queue_init(&shared->queue, ring, (uint32_t)parameters->permits);
    for (uint64_t i = 0; i < rounds; i++)
        sync_event_init(&shared->events[i]);
    parameters->shared = shared;
    return 0;
}

static void sync_expect(const struct work *work, struct ledger *expected)
{
    const struct sync_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->rounds};
}

static int check_seen(const struct sync_shared *shared, uint64_t count, uint32_t wanted,
                      const char *what, struct reason *reason)
{
    for (uint64_t i = 0; i < count; i++) {
        uint32_t seen = atomic_load(&shared->seen[i]);
        if (seen != wanted) {
            return reason_set(reason, -EBADMSG,
                              "%s %" PRIu64 ": %" PRIu32 " times instead of %" PRIu32,
                              what, i, seen, wanted);
        }
    }
    return 0;
}

static int check_semaphore(const struct sync_parameters *parameters,
                           struct reason *reason)
{
    struct sync_shared *shared = parameters->shared;
    uint32_t most = atomic_load(&shared->most);
    uint32_t left = atomic_load(&shared->semaphore.value);
    if (most > parameters->permits || left != parameters->permits) {
        return reason_set(reason, -EBADMSG,
                          "%" PRIu64 " permits, %" PRIu32 " inside at once, %" PRIu32
                          " permits at the end",
                          parameters->permits, most, left);
    }
    return 0;
}

static int sync_verify(const struct work *work, struct reason *reason)
{
    const struct sync_parameters *parameters = work->parameters;
    struct sync_shared *shared = parameters->shared;
    uint64_t rounds = parameters->rounds;
    switch ((enum sync_case)parameters->test) {
    case SYNC_SEMAPHORE:
    case SYNC_LIMIT:
    case SYNC_FAIR:
        return check_semaphore(parameters, reason);
    case SYNC_MUTEX:
        if (shared->counter == rounds * work->tasks)
            return 0;
        return reason_set(reason, -EBADMSG, "counted to %" PRIu64, shared->counter);
    case SYNC_QUEUE:
        return check_seen(shared, rounds * (work->tasks / 2), 1, "item", reason);
    case SYNC_BROADCAST:
        return check_seen(shared, rounds, work->tasks - 1, "wakes of event", reason);
    case SYNC_ORDER:
        if (shared->overtaken == 0 && shared->served == rounds * work->tasks)
            return 0;
        return reason_set(reason, -EBADMSG,
                          "%" PRIu64 " served, %" PRIu64 " of them out of turn",
                          shared->served, shared->overtaken);
    case SYNC_OFFLOAD:
        return 0; // each task has looked at its own results
    }
    return reason_set(reason, -EBADMSG, "no such case");
}

const struct workload sync_workload = {
    .name = "sync",
    .kind = WORKLOAD_COST,
    .summary = "what mutex, semaphore, event and queue promise (a test)",
    .operation = "rounds",
    .default_tasks = 20,
    .default_concurrency = 20,
    .options = sync_options,
    .parameters_size = sizeof(struct sync_parameters),
    .setup = sync_setup,
    .expect = sync_expect,
    .verify = sync_verify,
};
