// SPDX-License-Identifier: MIT
//
// workload.c - `switch` as the runners see it. The result is the time per hand-over, so
// no clock is read between two of them.
//
// Read next: switch.h.
#include "workloads/switch/switch.h"

#include <errno.h>
#include <inttypes.h>

extern const struct workload switch_workload;

static const struct option_spec switch_options[] = {
    {
        .name = "switches",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct switch_parameters, switches),
        .fallback = "100k",
        .minimum = 1,
        .maximum = UINT64_C(1000000000000),
        .help = "how often the token is handed on, in all",
    },
    {
        .name = "by",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct switch_parameters, by),
        .fallback = "semaphore",
        .choices = "semaphore|yield",
        .help = "wake the next one, or let the others run",
    },
    {0},
};

static int switch_setup(struct work *work, struct reason *reason)
{
    struct switch_parameters *parameters = work->parameters;
    if (work->tasks < 2)
        return reason_set(reason, -EINVAL, "--tasks %u: give 2 or more", work->tasks);
    if (parameters->switches < work->tasks) {
        return reason_set(reason, -EINVAL,
                          "--switches %" PRIu64
                          ": give at least %u, so that each task gets the token",
                          parameters->switches, work->tasks);
    }
    size_t size = sizeof(struct switch_ring) + work->tasks * sizeof(struct switch_seat);
    parameters->ring = sync_alloc(size);
    if (parameters->ring == NULL)
        return reason_set(reason, -ENOMEM, "no memory for a ring of %u", work->tasks);
    sync_event_init(&parameters->ring->full);
    for (uint32_t i = 0; i < work->tasks; i++)
        sync_semaphore_init(&parameters->ring->seats[i].turn, 0);
    return 0;
}

static void switch_expect(const struct work *work, struct ledger *expected)
{
    const struct switch_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks, .operations = parameters->switches};
}

static void switch_expect_task(const struct work *work, uint32_t index,
                               struct ledger *share)
{
    share->operations = switch_share(work, index);
}

static int switch_verify(const struct work *work, struct reason *reason)
{
    uint32_t wrong = work_first_wrong(work);
    if (wrong == work->tasks)
        return 0;
    return reason_set(reason, -EBADMSG, "task %" PRIu32 " had other turns than its own",
                      wrong);
}

const struct workload switch_workload = {
    .name = "switch",
    .kind = WORKLOAD_COST,
    .summary = "hand a token round a ring of tasks: what passing control costs",
    .operation = "hand-overs",
    .default_tasks = 2,
    .default_concurrency = 2,
    .together = true,
    .options = switch_options,
    .parameters_size = sizeof(struct switch_parameters),
    .setup = switch_setup,
    .expect = switch_expect,
    .expect_task = switch_expect_task,
    .digest = switch_digest,
    .verify = switch_verify,
};
