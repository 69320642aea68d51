// SPDX-License-Identifier: MIT
//
// Off-loading with a callback: see ../offload_events.h.
#include "runners/eventloop/offload.h"

#include <errno.h>

_Thread_local struct executor *executor_here;

bool offload_then(struct ev_loop *loop, struct executor_job *job)
{
    (void)loop;
    if (executor_here == NULL) {
        job->error = job->argument_size > EXECUTOR_ARGUMENT_BYTES ? -E2BIG : 0;
        job->result = job->error == 0 ? job->code(job->argument) : 0;
        return true;
    }
    job->error = executor_submit(executor_here, job);
    return job->error != 0;
}
