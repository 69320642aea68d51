// SPDX-License-Identifier: MIT
//
// workload.c - `semaphore` as the runners see it.
//
// Read next: semaphore.h.
#include "workloads/semaphore/semaphore.h"

#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <inttypes.h>

extern const struct workload semaphore_workload;

static const struct option_spec semaphore_options[] = {
    {
        .name = "permits",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct semaphore_parameters, permits),
        .fallback = "10",
        .minimum = 1,
        .maximum = 1000000,
        .help = "how many tasks may be inside at once",
    },
    {
        .name = "rounds",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct semaphore_parameters, rounds),
        .fallback = "2",
        .minimum = 1,
        .maximum = 10000,
        .help = "how often each task goes in",
    },
    {
        .name = "hold",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct semaphore_parameters, hold_ns),
        .fallback = "1ms",
        .maximum = 60 * NS_PER_SECOND,
        .help = "how long it stays inside",
    },
    {0},
};

static int semaphore_setup(struct work *work, struct reason *reason)
{
    struct semaphore_parameters *parameters = work->parameters;
    parameters->room = sync_alloc(sizeof *parameters->room);
    if (parameters->room == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the semaphore");
    sync_semaphore_init(&parameters->room->permits, (uint32_t)parameters->permits);
    return 0;
}

static uint32_t one_per_round(const struct work *work)
{
    const struct semaphore_parameters *parameters = work->parameters;
    return (uint32_t)parameters->rounds;
}

static void semaphore_expect(const struct work *work, struct ledger *expected)
{
    const struct semaphore_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->rounds};
}

static int semaphore_verify(const struct work *work, struct reason *reason)
{
    const struct semaphore_parameters *parameters = work->parameters;
    uint32_t inside = atomic_load(&parameters->room->inside);
    uint32_t most = atomic_load(&parameters->room->most);
    if (most > parameters->permits || most == 0) {
        return reason_set(reason, -EBADMSG,
                          "at most %" PRIu32 " were inside, with %" PRIu64 " permits",
                          most, parameters->permits);
    }
    if (inside != 0)
        return reason_set(reason, -EBADMSG, "%" PRIu32 " have never left", inside);
    for (uint32_t i = 0; i < work->tasks; i++) {
        if (outcome_at(work, i)->digest != semaphore_digest(work, i))
            return reason_set(reason, -EBADMSG, "task %u was not inside as it should", i);
    }
    return 0;
}

static int semaphore_results(const struct work *work, struct named_number *out, int room)
{
    const struct semaphore_parameters *parameters = work->parameters;
    CHECK(room >= 1);
    out[0] = (struct named_number){"most_inside", atomic_load(&parameters->room->most)};
    return 1;
}

static uint64_t semaphore_least_run_ns(const struct work *work)
{
    const struct semaphore_parameters *parameters = work->parameters;
    uint64_t visits = work->tasks * parameters->rounds;
    return (visits + parameters->permits - 1) / parameters->permits * parameters->hold_ns;
}

const struct workload semaphore_workload = {
    .name = "semaphore",
    .kind = WORKLOAD_COST,
    .summary = "tasks share a few permits: never more inside than there are",
    .operation = "visits",
    .default_tasks = 1000,
    .default_concurrency = 1000,
    .options = semaphore_options,
    .parameters_size = sizeof(struct semaphore_parameters),
    .latency = "wait for a permit",
    .samples = one_per_round,
    .setup = semaphore_setup,
    .expect = semaphore_expect,
    .digest = semaphore_digest,
    .least_run_ns = semaphore_least_run_ns,
    .verify = semaphore_verify,
    .results = semaphore_results,
};
