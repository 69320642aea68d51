// SPDX-License-Identifier: MIT
//
// backend.h - the back end of `fetch` as its parent sees it: a process that is started
// before any worker exists, counts what it served in shared memory, and is told to end
// when the run is over.
//
//   start   bind and listen here, then fork: a client can connect at once, there is no
//           moment at which the back end is "not ready yet"
//   stop    shut the control socket down; the back end sees the end of the stream and
//           leaves; its exit is awaited with a time limit, then enforced
//
// The back end never outlives its parent, not even one killed by SIGKILL.
//
// Read next: server.h, what the process does.
#ifndef QUARTET_WORKLOADS_FETCH_BACKEND_H
#define QUARTET_WORKLOADS_FETCH_BACKEND_H

#include "lib/error.h"
#include "lib/helper.h"
#include "workloads/fetch/endpoint.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// The plan of the back end; constant while it runs.
struct fetch_plan {
    enum fetch_transport transport;
    uint32_t tasks;
    uint32_t concurrency; // sessions that may be open at once
    uint64_t exchanges;   // per session
    uint64_t delay_ns;
    size_t payload;
    uint64_t seed;
    const char *cpus; // where to run, or NULL: where the parent runs
    // Of a back end that serves several runs, all with this plan, at an address that others
    // are told of; 0 and NULL: one run, whose runner alone knows the address.
    uint32_t runs;
    const unsigned char *tokens; // runs x FETCH_TOKEN_SIZE bytes
    const char *listen;          // see fetch_endpoint_parse(); NULL: the kernel chooses
};

// The back end's ledger of one run. Written by the back end alone, in relaxed order: each
// counter is raised before the send() that the client waits for, so a client that has
// its reply also finds it counted.
struct fetch_counters {
    _Atomic uint64_t sessions;      // that have said hello or begun a request
    _Atomic uint64_t open;          // of them, now
    _Atomic uint64_t most_open;     // and at most
    _Atomic uint64_t requests;      // received whole and right
    _Atomic uint64_t replies;       // begun to be sent
    _Atomic uint64_t bytes_in;      // received
    _Atomic uint64_t bytes_out;     // of the replies that were begun
    _Atomic uint64_t left_early;    // sessions whose client went before its last exchange
    _Atomic uint64_t refused;       // messages that were wrong
    _Atomic uint32_t first_fault;   // enum fetch_fault of the first of them
    _Atomic uint32_t faulty_task;   // the task that its session was for
    _Atomic uint64_t least_held_ns; // the shortest time between a request and its reply;
                                    // UINT64_MAX: there was no reply
    _Atomic uint64_t first_ns;  // when the first session came, CLOCK_MONOTONIC; 0: none
    _Atomic uint64_t last_ns;   // when the last reply was begun
    _Atomic uint64_t strangers; // in the first run's: sessions of others, closed or not
    _Atomic int32_t failure;    // in the first run's: -errno that stopped the back end
};

struct fetch_backend {
    struct helper helper;
    uint32_t endpoint_count;
    struct fetch_endpoint *endpoints;
    size_t counters_size;            // of all of them, in bytes
    struct fetch_counters *counters; // one per run, shared with the back end; NULL: never
                                     // started
};

// Starts a back end. 0, or -errno with the reason, and then nothing is left of it.
int fetch_backend_start(struct fetch_backend *backend, const struct fetch_plan *plan,
                        struct reason *reason);

// Takes the addresses of one that others have started, separated by commas. 0, or -EINVAL
// with the reason. fetch_backend_stop() then has nothing to do.
int fetch_backend_join(struct fetch_backend *backend, const char *addresses,
                       struct reason *reason);

// The endpoint of a task.
static inline const struct fetch_endpoint *fetch_backend_endpoint(
    const struct fetch_backend *backend, uint32_t task)
{
    return &backend->endpoints[task % backend->endpoint_count];
}

// Compares the counters with what tasks x exchanges come to. 0, or -EBADMSG with the
// first difference. Callable when all clients are done, before and after the stop.
int fetch_backend_verify(const struct fetch_backend *backend,
                         const struct fetch_plan *plan, struct reason *reason);

// Ends and reaps the back end. 0; or -EIO when it had ended before (the reason names the
// signal or exit code), -EBADMSG when it had refused a message, -ETIMEDOUT when it had to
// be killed. The counters stay. Does nothing if none is running.
int fetch_backend_stop(struct fetch_backend *backend, struct reason *reason);

// Gives the counters back; the back end must have been stopped.
void fetch_backend_destroy(struct fetch_backend *backend);

#endif
