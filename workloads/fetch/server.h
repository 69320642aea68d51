// SPDX-License-Identifier: MIT
//
// server.h - what the back-end process does: accept sessions, check each request, and
// answer it when its delay is over. One thread, epoll, and as few system calls as
// possible, because the clients are what is measured: each connection is registered
// once, a request costs one recv() and one send(), and replies are looked after
// together.
//
// All delays are the same, so replies fall due in the order in which their requests
// came: a queue does what would otherwise need a heap. One timer stands for the first
// of the queue. It is set a thousandth of the delay late (at most 250 us), so that
// replies that are due at nearly the same time cost one wake-up; none is ever early.
//
// Read next: server.c, then connection.h for one connection.
#ifndef QUARTET_WORKLOADS_FETCH_SERVER_H
#define QUARTET_WORKLOADS_FETCH_SERVER_H

#include "workloads/fetch/backend.h"

// Serves until the peer of `control` shuts it down. 0, or -errno when it cannot go on.
int fetch_server_run(const struct fetch_plan *plan,
                     const struct fetch_endpoint *endpoints, uint32_t endpoint_count,
                     int control, struct fetch_counters *counters);

#endif
