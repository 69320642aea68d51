// SPDX-License-Identifier: MIT
//
// gather.h - many members do something that takes time, one gatherer waits for all of
// them: asyncio.gather(), wait_for(), and the cancelling of what is no longer wanted.
//
// The last task is the gatherer, all others are members. Member k of M sleeps (M - k)/M
// of --delay, so that they end in the reverse of their order; --failing of them, evenly
// spread, fail in the end. What the gatherer does about a failure is --on-failure:
//   wait    the first failure is the answer, at once; the other members go on
//   stop    the same, but the other members are cancelled
//   return  failures are results like others: the answer comes when all have ended
// With --within, the answer is "too late" after that time, and all members that are still
// there are cancelled.
//
// To cancel is to ask: a member sleeps by waiting for an event with a time limit, and ends
// when the event is set. So it works alike for tasks that nobody could stop from outside.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_GATHER_H
#define QUARTET_WORKLOADS_GATHER_H

#include "runners/sync_objects.h"
#include "workloads/workload.h"

enum gather_policy { GATHER_WAIT, GATHER_STOP, GATHER_RETURN };

// How a member has ended, or what the gatherer answers.
enum gather_end {
    GATHER_RUNNING, // it has not
    GATHER_FINISHED,
    GATHER_FAILED,
    GATHER_CANCELLED,
    GATHER_TOO_LATE, // as an answer only
};

struct gather_member {
    _Atomic uint32_t end; // an enum gather_end
    _Atomic uint64_t value;
};

// State that all tasks share.
struct gather_table {
    struct sync_semaphore ended;   // released by each member at its end
    struct sync_event stop;        // set to cancel
    _Atomic uint32_t first_failed; // 1 + the member that failed first; 0: none
    _Atomic uint64_t began_ns;     // the first task did
    _Atomic uint64_t answered_ns;  // the gatherer had its answer
    _Atomic uint64_t gone_ns;      // the last member had ended
    _Atomic uint32_t answer;       // an enum gather_end
    struct gather_member members[];
};

struct gather_parameters {
    uint64_t delay_ns;
    uint64_t failing;
    uint64_t on_failure;
    uint64_t within_ns; // 0: no limit
    struct gather_table *table;
};

// Every task begins with this.
void gather_begin(const struct task *task);

bool gather_gathers(const struct task *task);

// ---- a member -----------------------------------------------------------------------

// How long this member sleeps.
uint64_t gather_delay(const struct task *task);

// Ends the member: it has slept, or was cancelled.
void gather_member_end(struct task *task, bool cancelled);

// ---- the gatherer -------------------------------------------------------------------

// How long it may still wait for its answer; UINT64_MAX: as long as it takes, or it has
// its answer and only waits for the members to go.
uint64_t gather_patience(const struct task *task);

// One more member has ended; `heard` of them so far. Answers if that decides it.
void gather_heard(const struct task *task, uint64_t heard);

// The patience is over.
void gather_too_late(const struct task *task);

// All members have ended: folds their results, in the order of the members.
void gather_end(struct task *task);

// ---- for the check ------------------------------------------------------------------

bool gather_fails(const struct work *work, uint32_t member);
uint64_t gather_value(const struct work *work, uint32_t member);

#endif
