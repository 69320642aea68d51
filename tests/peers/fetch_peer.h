// SPDX-License-Identifier: MIT
//
// fetch_peer.h - the frame of the plain clients that the runners are measured against.
// Each of fetch_epoll.c, fetch_pthread.c and fetch_fork.c is what one would write for
// `fetch` by hand, without a model, a shared hand-out or outcomes: only sessions with
// the same back end, by the same messages, checked in the same way.
//
//   fetch_epoll [--tasks N] [--cpus LIST] [--peer-cpus LIST] [--seed S] [--record FILE]
//               [--exchanges R] [--delay D] [--payload B] [--transport tcp|unix]
//
// The record holds cpu_ns (user, system) of the client alone, counted like that of the
// runners: the whole process with all its waited-for children, but not the back end.
#ifndef QUARTET_TESTS_PEERS_FETCH_PEER_H
#define QUARTET_TESTS_PEERS_FETCH_PEER_H

#include "workloads/fetch/backend.h"
#include "workloads/fetch/kernel.h"

#include <stdint.h>

struct peer {
    struct fetch_plan plan;
    struct fetch_backend backend;
};

// The client itself: runs all sessions at once and returns how many exchanges came out
// right.
uint64_t peer_run(const struct peer *peer);

// Fills `message` with a request.
void peer_request(const struct peer *peer, uint32_t task, uint32_t sequence,
                  unsigned char *message);

// Is `message` the right reply?
int peer_reply_right(const struct peer *peer, uint32_t task, uint32_t sequence,
                     const unsigned char *message);

// One whole session by blocking calls, for threads and processes. Returns the number of
// right exchanges.
uint64_t peer_session(const struct peer *peer, uint32_t task);

#endif
