// SPDX-License-Identifier: MIT
//
// run.h - one execution of one workload by one runner, and what its workers share.
//
// The path of a task is the same in every model:
//   worker: run_wait_at_gate()
//           while (run_take(run, &task))          next number from a shared counter
//               run_finish(run, &task, code(&task));
// The board and the outcomes lie in one anonymous shared mapping, so that processes,
// threads and coroutines hand out work and leave results by exactly the same means.
#ifndef QUARTET_RUNNERS_COMMON_RUN_H
#define QUARTET_RUNNERS_COMMON_RUN_H

#include "lib/error.h"
#include "workloads/workload.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_LINE 64

// State that the workers share. Each counter has a cache line of its own.
struct board {
    alignas(CACHE_LINE) _Atomic uint32_t next;      // the next task to hand out
    alignas(CACHE_LINE) _Atomic uint32_t numbered;  // workers that have taken a task
    alignas(CACHE_LINE) _Atomic uint32_t in_flight; // taken, not yet finished
    alignas(CACHE_LINE) _Atomic uint32_t peak_in_flight;
    alignas(CACHE_LINE) _Atomic uint32_t finished; // tasks; a futex for the last one
    _Atomic uint64_t finished_ns;                  // when the last task finished
    alignas(CACHE_LINE) _Atomic uint32_t waiting;  // workers at the gate; a futex
    _Atomic uint32_t gathering;                    // how many the parent waits for
    _Atomic uint32_t pinned;                       // who has asked for a CPU: placement.h
    _Atomic uint32_t refused;                      // those of them that got none
    alignas(CACHE_LINE) _Atomic uint32_t open;     // 0, then 1: the gate; a futex
    _Atomic uint64_t opened_ns;                    // when the gate was opened
    _Atomic uint64_t noticed_ns;                   // when a death was (workload->deaths)
    _Atomic uint32_t staying;                      // 1: nobody leaves yet; a futex
    _Atomic uint32_t leaving;                      // workers without a task
    _Atomic uint32_t ended; // workers of one task each whose task is done
    _Atomic int observer;   // a descriptor that ends when the observer does; 0: none
    _Atomic uint64_t late_faults; // page faults of workers after the gate; --memory only
};

// Instants of the run, CLOCK_MONOTONIC; a phase is the time between two of them.
struct milestones {
    uint64_t started_ns;   // main() began
    uint64_t set_up_ns;    // parameters checked, peers running, memory mapped
    uint64_t spawned_ns;   // all workers are waiting at the gate
    uint64_t finished_ns;  // the last task is done
    uint64_t joined_ns;    // all workers have ended and been waited for
    uint64_t torn_down_ns; // peers have ended
};

#define RUN_NOTES 8

struct run {
    struct work work;
    const char *model;      // "multithread"
    uint32_t workers;       // processes, threads or loops that carry the tasks
    uint32_t workers_asked; // --workers or --loops; 0: the model's choice
    const char *cpus;       // --cpus as given, or NULL
    bool pin;               // each worker stays on one of them: placement.h
    uint64_t timeout_ns;
    struct board *board;
    size_t shared_bytes; // of the board and the outcomes behind it
    struct milestones milestones;
    char notes[RUN_NOTES][200]; // what a reader of the record should know
    unsigned note_count;
};

// Adds a sentence to the record's notes; what does not fit is left out.
void run_note(struct run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Maps board and outcomes and touches every page; they stay until the process ends. 0,
// or -ENOMEM.
int run_map(struct run *run, struct reason *reason);

// Maps what the run shares, the program's code and the clock's page into the calling
// process, so that it pays for no first touch after the gate: a fork copies no page table
// entries of mappings that a fault can fill again. For processes, before the gate. Of a
// mapping above 2 MiB only the board, since what each of very many processes would map of
// it is hardly ever its own.
void run_populate(const struct run *run);

// For run_populate() alone: the same with what sync_alloc() has given, in mappings that are
// used up to so many bytes.
void run_populate_shared(size_t most_bytes);

// Gives the worker its next task; false when all have been handed out.
bool run_take(struct run *run, struct task *task);

// Books the end of a task: `error` is 0 or -errno.
void run_finish(struct run *run, struct task *task, int error);

// Books that a worker died with its task: it is in flight no more, and never finished.
void run_lose(struct run *run);

// The parent waits until the last task is finished, or `timeout_ns` has passed. Returns
// whether it is.
bool run_await_finish(struct run *run, uint64_t timeout_ns);

// A worker settles on its CPU (placement.h), says that it is ready, and waits until the
// gate is open. Blocks the thread.
void run_wait_at_gate(struct run *run);

// The parent waits until `workers` workers are at the gate, or until `gave_up` (may
// be NULL) says true, asked every 10 ms. Returns false when it gave up.
bool run_gather(struct run *run, uint32_t workers, bool (*gave_up)(void *context),
                void *context);

// Stamps milestones.spawned_ns and lets everybody start.
void run_open_gate(struct run *run);

// Somebody has died, which was seen at `now_ns`; the first time counts.
void run_notice(struct run *run, uint64_t now_ns);

// A worker (process, thread or loop) has no task left. Returns at once, except while a
// memory observer wants to see all workers together. One that does not come (killed?) is
// waited for until ten seconds after the last task, and no longer.
void run_leave(struct run *run);

// The parent waits until workers may leave, or `timeout_ns` has passed. Returns whether
// they may.
bool run_await_leave(const struct run *run, uint64_t timeout_ns);

// Some workers could not be created: those that exist find nothing to do, and end.
void run_abandon(struct run *run);

// The observer has seen enough.
void run_let_leave(const struct run *run);

#endif
