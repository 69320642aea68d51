// SPDX-License-Identifier: MIT
//
// workload.c - `park` as the runners see it.
//
// Read next: park.h.
#include "workloads/park/park.h"

#include "lib/clock.h"

#include <errno.h>

extern const struct workload park_workload;

static const struct option_spec park_options[] = {
    {
        .name = "hold",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct park_parameters, hold_ns),
        .fallback = "100ms",
        .maximum = 3600 * NS_PER_SECOND,
        .help = "how long all of them stay parked together",
    },
    {0},
};

static int park_setup(struct work *work, struct reason *reason)
{
    struct park_parameters *parameters = work->parameters;
    parameters->lot = sync_alloc(sizeof *parameters->lot);
    if (parameters->lot == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the gate");
    sync_event_init(&parameters->lot->gate);
    return 0;
}

static uint32_t one_sample(const struct work *work)
{
    (void)work;
    return 1;
}

static void park_expect(const struct work *work, struct ledger *expected)
{
    *expected = (struct ledger){.tasks = work->tasks, .operations = work->tasks};
}

// That all were parked at the same time, each task has seen itself when it left.
static int park_verify(const struct work *work, struct reason *reason)
{
    for (uint32_t i = 0; i < work->tasks; i++) {
        if (outcome_at(work, i)->digest != park_digest(work, i))
            return reason_set(reason, -EBADMSG, "task %u left a wrong digest", i);
    }
    return 0;
}

const struct workload park_workload = {
    .name = "park",
    .kind = WORKLOAD_COST,
    .summary = "tasks that wait until all are there: what a waiting task weighs",
    .operation = "tasks parked",
    .default_tasks = 1000,
    .default_concurrency = 1000,
    .together = true,
    .options = park_options,
    .parameters_size = sizeof(struct park_parameters),
    .latency = "wake-up",
    .samples = one_sample,
    .setup = park_setup,
    .expect = park_expect,
    .verify = park_verify,
};
