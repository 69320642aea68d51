// SPDX-License-Identifier: MIT
//
// One sleep in straight-line code. Compare with events.c: there, what stands on this
// stack between two lines (`began_ns`) has to be kept in a struct.
#include "runners/direct.h"
#include "lib/clock.h"
#include "workloads/sleep/sleep.h"

direct_code sleep_direct;

int sleep_direct(struct task *task)
{
    const struct sleep_parameters *parameters = task->work->parameters;
    uint64_t began_ns = clock_now_ns();
    int error = direct_sleep(parameters->delay_ns);
    if (error != 0)
        return error;
    return sleep_book(task, began_ns);
}
