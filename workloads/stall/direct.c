// SPDX-License-Identifier: MIT
//
// direct.c - a heart and the one who computes, in straight-line code.
//
// Read next: events.c.
#include "runners/direct.h"
#include "lib/clock.h"
#include "runners/offload.h"
#include "runners/sync.h"
#include "workloads/stall/stall.h"

direct_code stall_direct;

//DOC: stall-offload
static int compute(struct task *task, const struct stall_parameters *parameters)
{
    uint64_t computed_ns = 0;
    int error = direct_sleep(stall_lead(task));
    if (error == 0)
        error = offload(stall_compute, &parameters->compute_ns,
                        sizeof parameters->compute_ns, &computed_ns);
    if (error == 0)
        stall_book_computation(task, computed_ns);
    return error;
}

static int live(struct task *task, const struct stall_parameters *parameters)
{
    uint64_t last_ns = clock_now_ns();
    int error = 0;
    for (uint64_t beat = 0; beat < parameters->beats && error == 0; beat++) {
        uint64_t began_ns = clock_now_ns();
        error = direct_sleep(parameters->period_ns);
        if (error == 0)
            error = stall_beat(task, began_ns, &last_ns);
    }
    return error;
}

int stall_direct(struct task *task)
{
    const struct stall_parameters *parameters = task->work->parameters;
    int error = 0;
    if (stall_arrive(task))
        sync_set(&parameters->ward->all_here);
    else
        error = sync_wait(&parameters->ward->all_here, SYNC_FOREVER);
    if (error != 0)
        return error;
    return stall_computes(task) ? compute(task, parameters) : live(task, parameters);
}
