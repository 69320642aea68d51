// SPDX-License-Identifier: MIT
//
// workload.c - `spawn` as the runners see it. What the children must have returned is
// what plain function calls return, so that is how the answer is checked; the tests
// compare these calls with values from a Python script.
//
// By default one task is in flight: a single parent that creates and joins, as the loop
// of a textbook would. --concurrency makes several parents do it side by side.
//
// Read next: kernel.h.
#include "workloads/spawn/kernel.h"

#include <errno.h>
#include <inttypes.h>

static const struct option_spec spawn_options[] = {
    {
        .name = "children",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct spawn_parameters, children),
        .fallback = "100",
        .minimum = 1,
        .maximum = 1000000000,
        .help = "how many children each task creates and joins",
    },
    {0},
};

static void spawn_expect(const struct work *work, struct ledger *expected)
{
    const struct spawn_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->children};
}

// By plain function calls.
static uint64_t spawn_digest(const struct work *work, uint32_t index)
{
    const struct spawn_parameters *parameters = work->parameters;
    const struct task task = {.work = work, .index = index};
    struct outcome expected = {0};
    for (uint64_t number = 0; number < parameters->children; number++) {
        struct spawn_argument argument = spawn_argument(&task, number);
        spawn_book(&expected, spawn_child(&argument));
    }
    return expected.digest;
}

static int spawn_verify(const struct work *work, struct reason *reason)
{
    for (uint32_t index = 0; index < work->tasks; index++) {
        uint64_t found = outcome_at(work, index)->digest;
        uint64_t expected = spawn_digest(work, index);
        if (found != expected)
            return reason_set(reason, -EBADMSG,
                              "the children of task %" PRIu32
                              " left the digest %016" PRIx64
                              ", but plain calls leave %016" PRIx64,
                              index, found, expected);
    }
    return 0;
}

const struct workload spawn_workload = {
    .name = "spawn",
    .kind = WORKLOAD_COST,
    .summary = "create a child, join it, again: what a new worker costs",
    .operation = "children",
    .default_tasks = 100,
    .default_concurrency = 1,
    .children = 1,
    .options = spawn_options,
    .parameters_size = sizeof(struct spawn_parameters),
    .expect = spawn_expect,
    .digest = spawn_digest,
    .verify = spawn_verify,
};
