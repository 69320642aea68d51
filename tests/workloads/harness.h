// SPDX-License-Identifier: MIT
//
// harness.h - runs the tasks of a workload one after another in a test, without any
// runner: a `struct work` with outcomes, and a function that does one task.
#ifndef QUARTET_TESTS_WORKLOADS_HARNESS_H
#define QUARTET_TESTS_WORKLOADS_HARNESS_H

#include "lib/check.h"
#include "workloads/workload.h"

#include <stdlib.h>
#include <string.h>

// Fills `work` and runs `code` for each task. `parameters` is borrowed.
static inline void harness_run(struct work *work, const struct workload *workload,
                               void *parameters, uint32_t tasks,
                               void (*code)(struct task *task))
{
    size_t stride = sizeof(struct outcome);
    uint64_t seed = work->seed;
    *work = (struct work){.workload = workload,
                          .parameters = parameters,
                          .tasks = tasks,
                          .concurrency = 1,
                          .seed = seed,
                          .outcomes = calloc(tasks, stride),
                          .outcome_stride = stride};
    CHECK(work->outcomes != NULL);
    for (uint32_t index = 0; index < tasks; index++) {
        struct task task = {.work = work,
                            .index = index,
                            .outcome = outcome_at(work, index)};
        code(&task);
    }
}

// Operations that the workload expects, and operations that were done.
static inline uint64_t harness_expected(const struct work *work)
{
    struct ledger expected;
    work->workload->expect(work, &expected);
    CHECK(expected.tasks == work->tasks);
    return expected.operations;
}

static inline uint64_t harness_operations(const struct work *work)
{
    uint64_t operations = 0;
    for (uint32_t index = 0; index < work->tasks; index++)
        operations += outcome_at(work, index)->operations;
    return operations;
}

static inline void harness_free(struct work *work)
{
    free(work->outcomes);
    work->outcomes = NULL;
}

#endif
