// SPDX-License-Identifier: MIT
//
// direct.c - a session in straight-line code. All that blocks goes through offload(): in
// processes and threads that is a plain call; in coroutines it is one, too, and then
// everybody waits, unless there is a pool (--offload threads).
//
// Read next: events.c.
#include "runners/direct.h"
#include "lib/clock.h"
#include "runners/offload.h"
#include "workloads/lite/lite.h"

#include <errno.h>

direct_code lite_direct;

//DOC: lite-offload
static int run_step(struct lite_session *session, enum lite_step step, uint32_t number)
{
    struct lite_errand errand = lite_errand(session, step, number);
    uint64_t result = 0;
    int error = offload(lite_run, &errand, sizeof errand, &result);
    return error != 0 ? error : -(int)result;
}

static int transact(struct lite_session *session, uint32_t number)
{
    const struct lite_parameters *parameters = session->task->work->parameters;
    enum lite_step step = lite_first_step(session->task, number);
    int error = run_step(session, step, number);
    if (error == 0 && step == LITE_BEGIN) {
        error = direct_sleep(parameters->hold_ns);
        if (error == 0)
            error = run_step(session, LITE_COMMIT, number);
    }
    return error;
}

static int think(const struct lite_parameters *parameters)
{
    if (parameters->think_ns > 0)
        return direct_sleep(parameters->think_ns);
    direct_yield();
    return 0;
}

int lite_direct(struct task *task)
{
    const struct lite_parameters *parameters = task->work->parameters;
    struct lite_session session;
    lite_session_init(&session, task);
    int error = run_step(&session, LITE_OPEN, 0);
    for (uint32_t i = 0; i < parameters->transactions && error == 0; i++) {
        uint64_t due_ns = clock_now_ns() + parameters->think_ns;
        error = think(parameters);
        lite_woke(task, due_ns);
        if (error == 0)
            error = transact(&session, i);
        if (error == 0)
            lite_book(&session, due_ns);
    }
    int close_error = run_step(&session, LITE_CLOSE, 0);
    return error != 0 ? error : close_error;
}
