// SPDX-License-Identifier: MIT
//
// fetch_peer.h - the frame of the plain clients that the runners are measured against.
// Each of fetch_epoll.c, fetch_pthread.c and fetch_fork.c is what one would write for
// `fetch` by hand, without a model, a gate or a shared hand-out. The work is the same:
// sessions with the same back end, by the same messages, each reply checked, timed and
// folded into a digest by the same code, which leaves it in an outcome; the outcomes must
// add up to the same ledger as a runner's.
//
//   fetch_epoll [--tasks N] [--cpus LIST] [--peer-cpus LIST] [--seed S] [--record FILE]
//               [--exchanges R] [--delay D] [--payload B] [--transport tcp|unix]
//
// The record holds cpu_ns (user, system) of the client alone, counted like that of the
// runners: the whole process with all its waited-for children, but not the back end.
#ifndef QUARTET_TESTS_PEERS_FETCH_PEER_H
#define QUARTET_TESTS_PEERS_FETCH_PEER_H

#include "workloads/fetch/fetch.h"
#include "workloads/fetch/kernel.h"

#include <stdint.h>

// The client itself: runs all sessions at once. What came out right is in the outcomes.
void peer_run(const struct work *work);

// The task with this number, as fetch_request() and fetch_book() want it.
struct task peer_task(const struct work *work, uint32_t index);

// One whole session by blocking calls, for threads and processes.
void peer_session(const struct work *work, uint32_t index);

#endif
