// SPDX-License-Identifier: MIT
//
// workload.c - `stall` as the runners see it.
//
// Read next: stall.h.
#include "workloads/stall/stall.h"

#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <inttypes.h>

extern const struct workload stall_workload;

static const struct option_spec stall_options[] = {
    {
        .name = "compute",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct stall_parameters, compute_ns),
        .fallback = "200ms",
        .maximum = 60 * NS_PER_SECOND,
        .help = "CPU time that task 0 computes in one piece",
    },
    {
        .name = "period",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct stall_parameters, period_ns),
        .fallback = "10ms",
        .minimum = 1000,
        .maximum = 60 * NS_PER_SECOND,
        .help = "the others sleep this long between two beats",
    },
    {
        .name = "beats",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct stall_parameters, beats),
        .fallback = "30",
        .minimum = 1,
        .maximum = 100000,
        .help = "how often each of the others beats",
    },
    {0},
};

static int stall_setup(struct work *work, struct reason *reason)
{
    struct stall_parameters *parameters = work->parameters;
    if (work->tasks < 2) {
        return reason_set(reason, -EINVAL,
                          "--tasks %u: give 2 or more, one to compute and one to notice",
                          work->tasks);
    }
    parameters->ward = sync_alloc(sizeof *parameters->ward);
    if (parameters->ward == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the tasks");
    sync_event_init(&parameters->ward->all_here);
    return 0;
}

static uint32_t one_per_beat(const struct work *work)
{
    const struct stall_parameters *parameters = work->parameters;
    return (uint32_t)parameters->beats;
}

static void stall_expect(const struct work *work, struct ledger *expected)
{
    const struct stall_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = 1 + (work->tasks - 1) * parameters->beats};
}

// Task 0 computes, and the others beat.
static void stall_expect_task(const struct work *work, uint32_t index,
                              struct ledger *share)
{
    const struct stall_parameters *parameters = work->parameters;
    share->operations = index == 0 ? 1 : parameters->beats;
}

static int stall_verify(const struct work *work, struct reason *reason)
{
    const struct stall_parameters *parameters = work->parameters;
    uint64_t computed_ns = atomic_load(&parameters->ward->computed_ns);
    if (computed_ns < parameters->compute_ns) {
        return reason_set(reason, -EBADMSG,
                          "task 0 computed for %" PRIu64 " ns instead of %" PRIu64,
                          computed_ns, parameters->compute_ns);
    }
    for (uint32_t i = 0; i < work->tasks; i++) {
        const struct outcome *outcome = outcome_at(work, i);
        if (outcome->digest != stall_digest(work, i) ||
            outcome->samples != (i == 0 ? 0 : parameters->beats))
            return reason_set(reason, -EBADMSG, "task %u has not done its part", i);
    }
    return 0;
}

static int stall_results(const struct work *work, struct named_number *out, int room)
{
    const struct stall_parameters *parameters = work->parameters;
    struct stall_ward *ward = parameters->ward;
    CHECK(room >= 2);
    out[0] = (struct named_number){"longest_silence_ns", atomic_load(&ward->silence_ns)};
    out[1] = (struct named_number){"computed_ns", atomic_load(&ward->computed_ns)};
    return 2;
}

static uint64_t stall_least_run_ns(const struct work *work)
{
    const struct stall_parameters *parameters = work->parameters;
    return parameters->period_ns * parameters->beats;
}

const struct workload stall_workload = {
    .name = "stall",
    .kind = WORKLOAD_IO,
    .summary = "one task computes in one piece while others wait: who notices?",
    .operation = "beats",
    .default_tasks = 1000,
    .default_concurrency = 1000,
    .together = true,
    .options = stall_options,
    .parameters_size = sizeof(struct stall_parameters),
    .latency = "lateness",
    .samples = one_per_beat,
    .setup = stall_setup,
    .expect = stall_expect,
    .expect_task = stall_expect_task,
    .digest = stall_digest,
    .least_run_ns = stall_least_run_ns,
    .verify = stall_verify,
    .results = stall_results,
};
