// SPDX-License-Identifier: MIT
//
// serve_peer.h - the frame of the plain servers that the runners are measured against. Each
// of serve_epoll.c and serve_pthread.c is what one would write for `serve` by hand, without
// a model; the request path, the load and what is checked are the same objects.
//
//   serve_epoll [--tasks N] [--cpus LIST] [--peer-cpus LIST] [--seed S] [--record FILE]
//               [--requests R] [--pipeline P] [--work D] ...
//
// The record holds cpu_ns (user, system) of the server alone, and "run", its time.
#ifndef QUARTET_TESTS_PEERS_SERVE_PEER_H
#define QUARTET_TESTS_PEERS_SERVE_PEER_H

#include "workloads/serve/session.h"

// The server itself: serves all connections. What came out right is in the outcomes.
void peer_run(const struct work *work);

// Computes what an answer needs, if that is the step. Returns whether it was.
static inline bool peer_compute(struct session *session, enum session_step step)
{
    if (step == SESSION_COMPUTE)
        session_computed(session, site_compute(&session->answer.work));
    return step == SESSION_COMPUTE;
}

static inline struct task peer_task(const struct work *work, uint32_t index)
{
    return (
        struct task){.work = work, .index = index, .outcome = outcome_at(work, index)};
}

#endif
