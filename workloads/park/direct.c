// SPDX-License-Identifier: MIT
//
// direct.c - one parked task in straight-line code. While it waits, this function's few
// words stand on a stack of their own: that stack is what is measured.
//
// Read next: events.c, where nothing of it is needed.
#include "runners/direct.h"
#include "runners/sync.h"
#include "workloads/park/park.h"

direct_code park_direct;

//DOC: park-direct
int park_direct(struct task *task)
{
    const struct park_parameters *parameters = task->work->parameters;
    int error;
    if (park_arrive(task)) {
        error = direct_sleep(parameters->hold_ns);
        park_open(task);
    } else {
        error = sync_wait(&parameters->lot->gate, SYNC_FOREVER);
    }
    return error != 0 ? error : park_leave(task);
}
