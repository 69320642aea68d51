// SPDX-License-Identifier: MIT
//
// workload.c - `broadcast` as the runners see it.
//
// Read next: broadcast.h.
#include "workloads/broadcast/broadcast.h"

#include "lib/mix.h"

#include <errno.h>

extern const struct workload broadcast_workload;

static const struct option_spec broadcast_options[] = {
    {
        .name = "rounds",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct broadcast_parameters, rounds),
        .fallback = "10",
        .minimum = 1,
        .maximum = 10000,
        .help = "how often everybody is woken",
    },
    {0},
};

static int broadcast_setup(struct work *work, struct reason *reason)
{
    struct broadcast_parameters *parameters = work->parameters;
    if (work->tasks < 2) {
        return reason_set(
            reason, -EINVAL,
            "--tasks %u: give 2 or more, one who speaks and one who listens",
            work->tasks);
    }
    struct broadcast_hall *hall = sync_alloc(sizeof *hall);
    if (hall == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the event");
    sync_semaphore_init(&hall->all_here, 0);
    sync_event_init(&hall->news[0]);
    sync_event_init(&hall->news[1]);
    parameters->hall = hall;
    return 0;
}

static uint32_t one_per_round(const struct work *work)
{
    const struct broadcast_parameters *parameters = work->parameters;
    return (uint32_t)parameters->rounds;
}

static void broadcast_expect(const struct work *work, struct ledger *expected)
{
    const struct broadcast_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->rounds};
}

// Every round in its order, by everybody; and every listener says how long it took.
static int broadcast_verify(const struct work *work, struct reason *reason)
{
    const struct broadcast_parameters *parameters = work->parameters;
    uint64_t digest = 0;
    for (uint64_t round = 0; round < parameters->rounds; round++)
        digest = mix_into(digest, round);
    for (uint32_t i = 0; i < work->tasks; i++) {
        const struct outcome *outcome = outcome_at(work, i);
        if (outcome->digest != digest || outcome->operations != parameters->rounds)
            return reason_set(reason, -EBADMSG, "task %u has not heard every round once",
                              i);
        if (outcome->samples != (i == 0 ? 0 : parameters->rounds))
            return reason_set(reason, -EBADMSG, "task %u lacks a latency", i);
    }
    return 0;
}

const struct workload broadcast_workload = {
    .name = "broadcast",
    .kind = WORKLOAD_COST,
    .summary = "one event wakes all tasks: how long until everybody has heard?",
    .operation = "wake-ups",
    .default_tasks = 1000,
    .default_concurrency = 1000,
    .together = true,
    .options = broadcast_options,
    .parameters_size = sizeof(struct broadcast_parameters),
    .latency = "wake-up",
    .samples = one_per_round,
    .setup = broadcast_setup,
    .expect = broadcast_expect,
    .verify = broadcast_verify,
};
