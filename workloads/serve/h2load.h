// SPDX-License-Identifier: MIT
//
// h2load.h - somebody else's client: the load generator of nghttp2 (package
// nghttp2-client), with HTTP/1.1. It opens all connections at once, shares the requests out
// among them evenly, and counts; it does not compare the bytes of answers, and its
// latencies stay with it.
#ifndef QUARTET_WORKLOADS_SERVE_H2LOAD_H
#define QUARTET_WORKLOADS_SERVE_H2LOAD_H

#include "workloads/serve/load.h"

// Is there such a program? 0, or -ENOENT with the reason.
int h2load_check(struct reason *reason);

// Runs it once a task is ready to accept, and fills in the ledger what it has counted. 0, or
// -errno, with ledger->fault if there is more to be said.
int h2load_run(const struct load_plan *plan, struct server *server,
               struct load_ledger *ledger);

#endif
