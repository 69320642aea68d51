// SPDX-License-Identifier: MIT
//
// events.c - what a session of `mixed` does with a reply, as callbacks. The rest of the
// session is workloads/fetch/events.c. Without a pool (--offload) the computation runs
// right inside the callback, and everybody else on this loop waits for it.
//
// Read next: workload.c.
#include "runners/events.h"
#include "runners/offload_events.h"
#include "workloads/fetch/session.h"
#include "workloads/mixed/mixed.h"

struct mixed_session {
    struct fetch_session fetch; // must be first: it begins with the watcher
    struct mixed_job argument;
    struct executor_job job;
};

static void on_computed(struct ev_loop *loop, struct executor_job *job)
{
    struct mixed_session *session = job->data;
    if (job->error != 0) {
        fetch_session_end(loop, &session->fetch, job->error);
        return;
    }
    mixed_book(session->fetch.task, job->result);
    fetch_session_next(loop, &session->fetch, session->fetch.exchange.sequence + 1);
}

static void on_reply(struct ev_loop *loop, struct fetch_session *fetch, uint32_t sequence)
{
    struct mixed_session *session = (struct mixed_session *)fetch;
    if (!mixed_take_reply(fetch->task, &session->argument)) {
        fetch_session_next(loop, fetch, sequence);
        return;
    }
    session->job = (struct executor_job){.code = mixed_compute,
                                         .argument = &session->argument,
                                         .argument_size = sizeof session->argument,
                                         .on_done = on_computed,
                                         .data = session};
    if (offload_then(loop, &session->job))
        on_computed(loop, &session->job);
}

static void mixed_start(struct ev_loop *loop, void *state, struct task *task)
{
    struct mixed_session *session = state;
    fetch_session_start(loop, &session->fetch, task, on_reply);
}

const struct events_code mixed_events = {.state_size = sizeof(struct mixed_session),
                                         .start = mixed_start};
