// SPDX-License-Identifier: MIT
//
// workload.c - `pipeline` as the runners see it.
//
// Read next: pipeline.h.
#include "workloads/pipeline/pipeline.h"

#include <errno.h>
#include <inttypes.h>

extern const struct workload pipeline_workload;

static const struct option_spec pipeline_options[] = {
    {
        .name = "items",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct pipeline_parameters, items),
        .fallback = "10k",
        .minimum = 1,
        .maximum = 1000000000,
        .help = "how many go through all stages",
    },
    {
        .name = "capacity",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct pipeline_parameters, capacity),
        .fallback = "16",
        .minimum = 1,
        .maximum = 1000000,
        .help = "items that a queue between two stages holds",
    },
    {0},
};

static int pipeline_setup(struct work *work, struct reason *reason)
{
    struct pipeline_parameters *parameters = work->parameters;
    uint32_t capacity = (uint32_t)parameters->capacity;
    if (work->tasks < 2)
        return reason_set(reason, -EINVAL, "--tasks %u: give 2 stages or more",
                          work->tasks);
    parameters->queues = sync_alloc((work->tasks - 1) * sizeof *parameters->queues);
    for (uint32_t i = 0; i < work->tasks - 1; i++) {
        uint64_t *ring = sync_alloc(capacity * sizeof *ring);
        if (parameters->queues == NULL || ring == NULL) {
            return reason_set(reason, -ENOMEM,
                              "no memory for queues of %u; lower --capacity", capacity);
        }
        sync_queue_init(&parameters->queues[i], ring, capacity);
    }
    return 0;
}

static void pipeline_expect(const struct work *work, struct ledger *expected)
{
    const struct pipeline_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->items};
}

static int pipeline_verify(const struct work *work, struct reason *reason)
{
    uint32_t wrong = work_first_wrong(work);
    if (wrong == work->tasks)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "stage %" PRIu32 " has lost, doubled or reordered items", wrong);
}

const struct workload pipeline_workload = {
    .name = "pipeline",
    .kind = WORKLOAD_COST,
    .summary = "items through a chain of tasks with bounded queues between them",
    .operation = "items passed",
    .default_tasks = 4,
    .default_concurrency = 4,
    .together = true,
    .options = pipeline_options,
    .parameters_size = sizeof(struct pipeline_parameters),
    .setup = pipeline_setup,
    .expect = pipeline_expect,
    .digest = pipeline_digest,
    .verify = pipeline_verify,
};
