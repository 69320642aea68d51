// SPDX-License-Identifier: MIT
//
// serve.h - the parameters of `serve`.
//
// A task is a connection that is served: taken from the listener, answered until its client
// has had its share of requests, closed. The client is the workload's back end, a process on
// a CPU of its own (load.h). By hand (--listen) there is none, and a task is a place that
// serves one connection after another until the server is told to stop.
//
// Read next: http.h for the request path, session.h, direct.c and events.c for a connection,
// load.h for who asks.
#ifndef QUARTET_WORKLOADS_SERVE_SERVE_H
#define QUARTET_WORKLOADS_SERVE_SERVE_H

#include "workloads/serve/load.h"
#include "workloads/serve/server.h"
#include "workloads/workload.h"

#include <stdint.h>

struct serve_parameters {
    uint64_t requests;  // of each connection
    uint64_t clients;   // connections that the load has open at once; 0: --concurrency
    uint64_t pipeline;  // requests of a connection that may be without an answer
    uint64_t rate;      // requests a second in all, by a schedule; 0: as fast as it goes
    uint64_t burst;     // of the schedule: so many requests are due at once
    uint64_t work_ns;   // to be computed for each request
    uint64_t load_kind; // enum load_kind
    uint64_t idle_limit_ns;    // between two requests
    uint64_t request_limit_ns; // from the first byte of a request to its last
    const char *listen;        // --listen, or NULL
    uint64_t for_ns;           // --for; 0: until told to stop
    uint64_t listeners;        // with the same address: 1, or SO_REUSEPORT
    struct server *server;     // set up by setup(), like what follows
    struct load load;
};

static inline const struct serve_parameters *serve_parameters(const struct task *task)
{
    return task->work->parameters;
}

// Does the task serve whoever comes, until the server stops?
static inline bool serve_by_hand(const struct serve_parameters *parameters)
{
    return parameters->listen != NULL;
}

#endif
