// SPDX-License-Identifier: MIT
//
// The workload `sleep`: options, expectation, check. See sleep.h and README.md.
#include "workloads/sleep/sleep.h"

#include <errno.h>

static const struct option_spec options[] = {
    {"delay", OPTION_DURATION, offsetof(struct sleep_parameters, delay_ns), "500ms", 0,
     UINT64_C(3600000000000), NULL, "how long each task waits"},
    {0}};

static uint32_t one_sample(const struct work *work)
{
    (void)work;
    return 1;
}

static void expect(const struct work *work, struct ledger *expected)
{
    *expected = (struct ledger){.tasks = work->tasks, .operations = work->tasks};
}

static int verify(const struct work *work, struct reason *reason)
{
    const struct sleep_parameters *parameters = work->parameters;
    for (uint32_t i = 0; i < work->tasks; i++) {
        const struct outcome *outcome = outcome_at(work, i);
        if (outcome->digest != sleep_digest(work, i))
            return reason_set(reason, -EBADMSG, "task %u left a wrong digest", i);
        if (outcome->samples != 1 || outcome->latency_ns[0] < parameters->delay_ns)
            return reason_set(reason, -EBADMSG, "task %u woke up too early", i);
    }
    return 0;
}

// Tasks wait in turns of C.
static uint64_t least_run_ns(const struct work *work)
{
    const struct sleep_parameters *parameters = work->parameters;
    return work_turns(work) * parameters->delay_ns;
}

const struct workload sleep_workload = {
    .name = "sleep",
    .kind = WORKLOAD_IO,
    .summary = "tasks that only wait: the textbooks' stand-in for I/O",
    .operation = "sleeps",
    .default_tasks = 10000,
    .default_concurrency = 10000,
    .options = options,
    .parameters_size = sizeof(struct sleep_parameters),
    .latency = "service",
    .samples = one_sample,
    .expect = expect,
    .digest = sleep_digest,
    .least_run_ns = least_run_ns,
    .verify = verify,
};
