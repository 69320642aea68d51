// SPDX-License-Identifier: MIT
//
// client.h - the load generator of this project: one thread on epoll, which opens
// connections, asks, and compares the answers byte by byte.
//
// Closed loop: each connection asks again as soon as it has been answered; with a pipeline
// of P, it has P requests under way. Open loop: request i is due at start + i / rate, on
// connection i mod N, whatever became of those before. If that connection still waits for
// an answer, the request is sent late, and the time it was late is part of its response.
//
// The last request of a connection says "Connection: close". So the server ends it, and the
// port of the client is free for the next run at once (RFC 9293, section 3.3.2: who closes
// first waits).
//
// Read next: client.c; message.h, what is said and what is expected.
#ifndef QUARTET_WORKLOADS_SERVE_CLIENT_H
#define QUARTET_WORKLOADS_SERVE_CLIENT_H

#include "workloads/serve/load.h"

// Asks all that the plan says and fills the ledger. 0, or -errno; -EBADMSG: an answer was
// wrong, and ledger->fault says how. Ends early, with -ECANCELED, when the peer of
// `control` shuts it down.
int client_run(const struct load_plan *plan, struct server *server, int control,
               struct load_ledger *ledger);

#endif
