// SPDX-License-Identifier: MIT
//
// direct.c - a stage in straight-line code: get, work, put.
//
// Read next: events.c.
#include "runners/direct.h"
#include "runners/sync.h"
#include "workloads/pipeline/pipeline.h"

direct_code pipeline_direct;

//DOC: pipeline-stage
int pipeline_direct(struct task *task)
{
    const struct pipeline_parameters *parameters = task->work->parameters;
    struct sync_queue *source = pipeline_source(task);
    struct sync_queue *sink = pipeline_sink(task);
    int error = 0;
    for (uint64_t number = 0; number < parameters->items && error == 0; number++) {
        uint64_t item = pipeline_make(task->work, number);
        if (source != NULL)
            error = sync_get(source, &item, SYNC_FOREVER);
        if (error != 0)
            break;
        item = pipeline_stage(task, item);
        if (sink != NULL)
            error = sync_put(sink, item, SYNC_FOREVER);
    }
    return error;
}
