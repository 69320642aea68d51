// SPDX-License-Identifier: MIT
//
// direct.c - what a session of `mixed` does with a reply, in straight-line code. The rest
// of the session is workloads/fetch/direct.c.
//
// Read next: events.c.
#include "runners/direct.h"
#include "runners/offload.h"
#include "workloads/mixed/mixed.h"

direct_code mixed_direct; // the generated list looks for this name

//DOC: mixed-offload
static int on_reply(struct task *task)
{
    struct mixed_job job;
    uint64_t computed_ns = 0;
    if (!mixed_take_reply(task, &job))
        return 0;
    int error = offload(mixed_compute, &job, sizeof job, &computed_ns);
    if (error == 0)
        mixed_book(task, computed_ns);
    return error;
}

int mixed_direct(struct task *task)
{
    return fetch_session_run(task, on_reply);
}
