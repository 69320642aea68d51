// SPDX-License-Identifier: MIT
//
// The control: one task after another, in the main thread. Nothing is concurrent here;
// what the other models add to this time is their cost, and what they take from it is
// their gain.
//
// Read next: ../multithread/multithread.c, which does the same C times.
#include "runners/common/placement.h"
#include "runners/direct/worker.h"
#include "runners/model.h"

#include <errno.h>

// Nobody waits at the gate: the worker is the one who opens it. The concurrency that
// was asked for cannot be had and is not: peak_in_flight will say 1.
static int sequential_prepare(struct run *run, struct reason *reason)
{
    if (run->workers_asked > 1) {
        return reason_set(reason, -EINVAL,
                          "--workers %u: sequential has exactly 1 worker; leave it out",
                          run->workers_asked);
    }
    run->workers = 1;
    return 0;
}

//DOC: sequential-run
static int sequential_run(struct run *run, struct reason *reason)
{
    (void)reason;
    direct_code *code = worker_code(run);
    placement_pin(run);
    run_open_gate(run);
    worker_loop(run, code);
    run_leave(run);
    return 0;
}

// A child of a task is a call: it has ended before direct_spawn returns.
int direct_spawn(struct child *child, child_code *code, const void *argument)
{
    child->result = code(argument);
    return 0;
}

int direct_join(struct child *child, uint64_t *result)
{
    *result = child->result;
    return 0;
}

static const struct option_spec no_options[] = {{0}};

const struct model model = {
    .name = "sequential",
    .summary = "one task after another in one thread: the control",
    .options = no_options,
    .prepare = sequential_prepare,
    .run = sequential_run,
};
