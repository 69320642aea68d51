// SPDX-License-Identifier: MIT
//
// explain.h - why one row of a table takes more CPU time than another one: the difference per
// operation, as parts that each have a number and a price. Numbers come from the counters
// (system calls of one run under strace) and from the records of timed runs (context switches,
// page faults); prices from short loops on the same machine, minutes ago.
//
//   difference = sum over parts of (count of a - count of b) x price  +  unexplained
//
// The last term is what is left, whatever its sign; nothing is fitted. So the parts always
// add up, and how large the last one is says how good the explanation is.
//
// Read next: rows.c, which measures; parts.c, which multiplies.
#ifndef QUARTET_DRIVER_EXPLAIN_EXPLAIN_H
#define QUARTET_DRIVER_EXPLAIN_EXPLAIN_H

#include "driver/measure/counters_strace.h"
#include "driver/measure/extra_run.h"
#include "driver/prices/prices.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define EXPLAIN_SCHEMA     "quartet.explain/1"
#define EXPLAIN_ROUNDS_MAX 100
#define EXPLAIN_PARTS_MAX  (STRACE_NAMES + 16)

// One of the two rows.
struct explained_row {
    const char *label; // borrowed
    const char *model;
    const struct cell *cell;
    unsigned rounds;
    double cpu_ns[EXPLAIN_ROUNDS_MAX]; // per operation, of each round
    double switches;                   // per operation, the median of the rounds
    double faults;
    double in_flight;            // tasks at once, the most, per operation
    double operations;           // of a timed run
    double counted_operations;   // of the one whose calls were counted
    struct strace_counts counts; // of that run
};

enum part_kind {
    PART_CALL,      // system calls of one kind
    PART_SWITCH,    // context switches of the kernel
    PART_WAKEUP,    // sleepers woken
    PART_FAULT,     // page faults
    PART_EVENT,     // events that a loop is given
    PART_BYTE,      // bytes moved by calls
    PART_THREAD,    // threads started, beyond their calls, switches and faults
    PART_PROCESS,   // processes likewise
    PART_COROUTINE, // coroutines alive together, beyond the page faults of their stacks
    PART_MACHINE,   // tasks of an event loop likewise
    PART_HANDOVER,  // from one task to the next within the program
};

const char *part_kind_name(enum part_kind kind); // "call", "switch", ...

struct part {
    enum part_kind kind;
    char name[64];
    double a, b;             // how many per operation
    char price_name[40];     // in prices.h
    struct price_time price; // of one
    bool assumed; // no loop measures this call: priced as an empty one, so at the least
    double ns;    // (a - b) x price
    double half;  // half the width of its interval
};

struct explanation {
    const char *table; // its id; all texts are borrowed
    const char *title;
    const char *workload;
    const char *operation;
    struct explained_row rows[2];
    bool elsewhere;    // a back end on another CPU wakes who waits
    double difference; // CPU ns per operation
    struct interval interval;
    bool told; // the interval does not contain 0
    size_t count;
    struct part parts[EXPLAIN_PARTS_MAX]; // largest first
    double unexplained;
    struct interval unexplained_interval;
    struct prices prices;
};

// Measures both rows: a round that does not count, then `rounds` in turn, then their calls.
// `tasks` and `concurrency`: of each run. 0; -EINTR; another -errno with the reason.
struct explain_size {
    uint64_t tasks;
    uint64_t concurrency;
    unsigned rounds;
    uint64_t seed; // which of both is first in a round
};
int explain_rows(struct explanation *explanation, const struct extra_setting *setting,
                 const struct explain_size *size, struct reason *reason);

// Prices of starting a thread, a process and a coroutine, beyond the calls, switches and
// faults that a start consists of, which have prices of their own: from runs of `sleep` or
// `spawn`, many alive at the same time or one after another as in the table, and on its CPUs. Adds
// "start/thread" and so on to the prices, for rows that start any. 0; -EINTR; another -errno
// with the reason.
int explain_starts(struct explanation *explanation, const struct extra_setting *setting,
                   const struct runner_set *set, const struct report_table *table,
                   struct reason *reason);

// Adds the price of resuming a coroutine after a wait for a socket, beyond that of a callback,
// if the rows are one of each: `fetch` over AF_UNIX with as many in flight as they have, and on
// the CPUs of their table. Not to explain that workload itself. 0; -EINTR; or another -errno with
// the reason.
int explain_resumes(struct explanation *explanation, const struct extra_setting *setting,
                    const struct runner_set *set, const struct report_table *table,
                    struct reason *reason);

// Makes the parts, and what they leave.
void explain_parts(struct explanation *explanation);

// For people, for programs, and for a browser.
void explain_text(FILE *file, const void *explanation);
void explain_json(FILE *file, const void *explanation);
void explain_html(FILE *file, const void *explanation);

#endif
