// SPDX-License-Identifier: MIT
//
// stall.h - many tasks have a heartbeat: sleep for --period, beat, again. One task, number
// 0, computes for --compute in one piece, without letting anybody else run. Who notices?
// How late the beats are is the latency; the longest time between two beats of a task is
// the longest silence.
//
// The computation goes through offload(): a coroutine or event loop with --offload
// threads|processes gives it to somebody else; all others do it where they are.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_STALL_H
#define QUARTET_WORKLOADS_STALL_H

#include "runners/sync_objects.h"
#include "workloads/workload.h"

#include <stdalign.h>

// State that all tasks share.
struct stall_ward {
    alignas(64) _Atomic uint32_t here; // tasks that have begun
    struct sync_event all_here;
    _Atomic uint64_t silence_ns;  // the longest one of any task
    _Atomic uint64_t computed_ns; // CPU time that the computation took
};

struct stall_parameters {
    uint64_t compute_ns;
    uint64_t period_ns;
    uint64_t beats;
    struct stall_ward *ward;
};

// Everybody waits until all have come; true for the last one, who sets ward->all_here.
bool stall_arrive(const struct task *task);

// Is it this task that computes?
bool stall_computes(const struct task *task);

// When it begins to, counted from when all were there.
uint64_t stall_lead(const struct task *task);

// The computation: an executor_code; the argument is a uint64_t, how long in nanoseconds
// of CPU time. How long it really took.
uint64_t stall_compute(const void *compute_ns);

void stall_book_computation(struct task *task, uint64_t computed_ns);

// A beat after a sleep that began at `began_ns`; `*last_ns` is when the one before was.
// 0, or -ETIME: it comes too early.
int stall_beat(struct task *task, uint64_t began_ns, uint64_t *last_ns);

// The digest that each task must leave.
uint64_t stall_digest(const struct work *work, uint32_t index);

#endif
