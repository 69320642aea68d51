// SPDX-License-Identifier: MIT
//
// load.h - who asks: the back end of `serve`, as its parent sees it. A process on a CPU of
// its own opens the connections, asks what each of them is to ask, and compares every byte
// of every answer (but the date) with what it must be. What it has counted and measured is
// in shared memory.
//
//   own      client.h: closed loop, or open loop by a schedule (--rate)
//   h2load   the generator of nghttp2: somebody else's client. By a schedule (its --rps) it
//            says the service time of each request, else nothing
//
// Its latencies, of each request number i:
//   service    done - sent: what a client sees that has asked
//   response   done - due: what a user sees who wanted to ask at due(i) = start + i / rate.
//              If the server stops for a moment, those who could not even ask are counted.
//
// Source of the distinction: G. Tene, "How not to measure latency", 2013 ("coordinated
// omission").
//
// Read next: client.h, then load.c.
#ifndef QUARTET_WORKLOADS_SERVE_LOAD_H
#define QUARTET_WORKLOADS_SERVE_LOAD_H

#include "lib/error.h"
#include "lib/helper.h"
#include "lib/histogram.h"
#include "workloads/serve/server.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// In the order of the choices of --load.
enum load_kind { LOAD_OWN, LOAD_H2LOAD };

// The requests to be made; constant while the load runs.
struct load_plan {
    enum load_kind kind;
    bool by_hand;   // nobody asks: wait for `for_ns`, then end
    bool elsewhere; // the server shares no memory with the load: somebody else's
    uint64_t for_ns;
    uint32_t connections;
    uint32_t clients;   // connections open at once
    uint32_t pipeline;  // requests of a connection without an answer
    uint64_t requests;  // of each connection
    uint64_t rate;      // requests a second in all; 0: closed loop
    uint64_t burst;     // so many of them are due at the same moment
    const char *target; // "/work?us=100"
    const char *answer; // the body that it must be answered with
    const char *cpus;   // where to run, or NULL
};

// Findings of the load. Written by the load alone; read when it has ended.
struct load_ledger {
    uint64_t connections; // that were opened
    uint64_t answers;     // that were right
    uint64_t bytes_out;   // of requests
    uint64_t bytes_in;    // of answers
    uint64_t first_ns;    // the first request was sent, or due
    uint64_t last_ns;     // the last answer was complete
    uint64_t behind_ns; // by how much the last request of the schedule was answered late
    double
        in_flight_ns; // time that requests were without an answer, added up as it passed
    uint64_t cpu_ns;  // user and system time of the load
    char fault[200];  // what was wrong first; "": nothing
    _Atomic int32_t failure;   // -errno that ended the load, or 0
    struct histogram service;  // empty where somebody else measures
    struct histogram response; // of an open loop
};

struct load {
    struct helper helper;
    struct load_ledger *ledger; // NULL: never started
};

// Starts the load, which waits until a task is ready to accept. When it has ended, however
// that came, it orders the server to stop (SIGIO). 0, or -errno with the reason.
int load_start(struct load *load, const struct load_plan *plan, struct server *server,
               struct reason *reason);

// When request `number` is due, from the beginning of the schedule.
uint64_t load_due_ns(const struct load_plan *plan, uint64_t number);

// Compares the ledger with the plan. 0, or -EBADMSG with the first difference.
int load_verify(const struct load *load, const struct load_plan *plan,
                struct reason *reason);

// The schedule was not kept: when the last request was answered, a part of the whole time
// had passed since it was due that no passing disturbance explains.
bool load_overloaded(const struct load_ledger *ledger);

// Ends and reaps the load. 0, or -errno with the reason when it did not end well.
int load_stop(struct load *load, struct reason *reason);

// Bytes that a connection sends and receives in all, from the plan alone. Own load only.
void load_expect(const struct load_plan *plan, uint64_t *requests_bytes,
                 uint64_t *answers_bytes);

#endif
