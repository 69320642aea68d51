// SPDX-License-Identifier: MIT
//
// workload.h - the whole contract of a workload.
//
// A workload is a folder with four files:
//   kernel.c    the arithmetic or the protocol, once, the same for every model
//   direct.c    a task in straight-line code: int NAME_direct(struct task *)
//   events.c    the same task as libev callbacks: const struct events_code NAME_events
//   workload.c  what this header asks for: const struct workload NAME_workload
// Adding a folder adds a workload; nothing else is edited (the Makefile generates
// the lists that main.c and the runners look into). One that uses an optional library
// says so in a fifth file, `needs` (scripts/needs), and is left out where that is missing.
//
// A task reads its `struct work`, writes its own `struct outcome`, and touches
// nothing else: an outcome lives in memory that every model shares between its
// workers in the same way, so a workload must not have writable globals, which
// would silently be one copy per process. `make honesty` looks for them.
//
// Read next: primes/ for the smallest example, then runners/direct.h.
#ifndef QUARTET_WORKLOADS_WORKLOAD_H
#define QUARTET_WORKLOADS_WORKLOAD_H

#include "lib/error.h"
#include "lib/histogram.h"
#include "lib/limits.h"
#include "lib/options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum workload_kind {
    WORKLOAD_IO,   // mostly waits
    WORKLOAD_CPU,  // mostly computes
    WORKLOAD_COST, // measures what a model itself costs
};

// The outcome of one task. Zero until the task has been started; every count is
// written by the task itself, so nothing here is shared between tasks.
struct outcome {
    uint64_t digest;       // of the result; its meaning is the workload's own
    uint64_t operations;   // how many `workload->operation` it did
    uint64_t bytes_in;     // received or read
    uint64_t bytes_out;    // sent or written
    int32_t error;         // 0, or -errno: set by the runner from what the task returned
    uint32_t runs;         // how often the task ended; the runner insists on exactly 1
    uint32_t samples;      // how many of latency_ns[] are filled
    uint32_t reserved;     // keeps latency_ns aligned
    uint64_t latency_ns[]; // `workload->samples()` places, in the order of the operations
};

// A workload with its parameters: what every task may read. Constant while tasks run.
struct work {
    const struct workload *workload;
    void *parameters;      // the workload's own struct, filled from its options
    uint32_t tasks;        // N
    uint32_t concurrency;  // C
    uint64_t seed;         // --seed
    pid_t peer;            // a back-end process that setup() started, or 0
    const char *peer_cpus; // where such a process should run ("1"), or NULL: anywhere
    uint64_t lasts_ns;     // how long the run goes on by design, before --timeout counts;
                           // UINT64_MAX: until it is told to stop; set by setup()
    unsigned char *outcomes; // read by outcome_at()
    size_t outcome_stride;   // bytes from one outcome to the next
};

// One task in flight. The runner owns it and keeps it valid until the task is done.
//
// A task ends with 0 or -errno. Two of them say that its model cannot do this at all; the
// run is then one that did not finish (exit code 77), not one that failed:
//   -EDEADLK     it waits for a task that its worker could only run afterwards
//   -EOPNOTSUPP  its model has no such thing
struct task {
    const struct work *work;
    uint32_t index;  // 0 ... tasks-1
    uint32_t worker; // which process, thread or loop carries it: 0, 1, ... as they begin
    struct outcome *outcome;
};

// The sum of all outcomes of a run.
struct ledger {
    uint64_t tasks;
    uint64_t operations;
    uint64_t bytes_in;
    uint64_t bytes_out;
};

// A figure that only this workload has, beside those that every run record holds. The
// name says the unit, as in "noticed_ns".
struct named_number {
    const char *name;
    uint64_t value; // NUMBER_UNKNOWN becomes null
};

#define NUMBER_UNKNOWN UINT64_MAX
#define RESULTS_MAX    16

// Of a workload whose tasks may take their worker down, and that is the result: the model
// runs in a process of its own.
struct workload_deaths {
    // How long such a run may last; then it is ended.
    uint64_t (*patience_ns)(const struct work *work);
    // Books tasks that were lost, before outcomes are added up. `noticed_ns` says when the
    // runner saw that somebody had died; 0: nobody has.
    void (*conclude)(struct work *work, uint64_t noticed_ns);
};

struct workload {
    const char *name;
    enum workload_kind kind;
    const char *summary;    // one line for --list
    const char *operation;  // what one operation is, plural: "exchanges"
    double floor_cpu_ns;    // less CPU time per operation than this is impossible
                            // for work that was really done; 0 where nothing is computed
    uint32_t default_tasks; // N unless --tasks
    uint32_t default_concurrency; // C unless --concurrency
    bool together;                // tasks wait for one another: all must be in flight
    bool peer;                    // setup() starts a back end: it gets a CPU of its own
    uint32_t descriptors;         // how many descriptors one task holds open at once
    uint32_t children; // how many children one task has alive at once (direct_spawn)
    const struct option_spec *options; // ended by a spec without a name
    size_t parameters_size;
    const char *latency; // what latency_ns holds: "service", "lateness"; NULL if nothing

    // How many latency samples a task leaves. NULL: none.
    uint32_t (*samples)(const struct work *work);
    // Latencies that a peer has measured instead of the tasks, borrowed, and what they are
    // (in place of `latency`). NULL: there are none, or, as a member, the samples are taken.
    const struct histogram *(*latencies)(const struct work *work, const char **kind);
    // Checks parameters against each other and starts peers (process_fork_apart());
    // runs once, in the parent, before any worker exists. 0, or -errno with the reason:
    // -EINVAL is a usage error, -EAGAIN/-EMFILE/-ENOMEM/-ENOENT mean "cannot here".
    int (*setup)(struct work *work, struct reason *reason);
    // Computes the sum of the outcomes from the parameters alone.
    void (*expect)(const struct work *work, struct ledger *expected);
    // Computes what task `index` adds to that sum. `share` holds an equal part of it, and
    // what differs is written over; NUMBER_UNKNOWN: what this task does is open, and only the
    // sum is known. Runs after the clock has stopped. NULL: all tasks do the same.
    void (*expect_task)(const struct work *work, uint32_t index, struct ledger *share);
    // The digest that task `index` must leave, from parameters and seed alone, before or
    // without setup(); for what computes this means to compute it. NULL: not known.
    uint64_t (*digest)(const struct work *work, uint32_t index);
    // The least time of the run phase, however fast the machine. NULL: 0.
    uint64_t (*least_run_ns)(const struct work *work);
    // Are the answers right, by a known value or an independent oracle? Runs after
    // the clock has stopped. 0, or -EBADMSG with the reason.
    int (*verify)(const struct work *work, struct reason *reason);
    // Writes at most `room` figures of its own to `out`, once verify() has found the
    // answers right. How many. NULL: none.
    int (*results)(const struct work *work, struct named_number *out, int room);
    // Ends and reaps what setup() started. 0, or -errno with the reason when a peer
    // did not end well; limits of a disk (lib/limits.h) mean "cannot here". NULL: nothing to do.
    int (*teardown)(struct work *work, struct reason *reason);
    const struct workload_deaths *deaths; // of `crash`; NULL: no task dies on purpose
};

static inline struct outcome *outcome_at(const struct work *work, uint32_t index)
{
    return (struct outcome *)(void *)(work->outcomes +
                                      (size_t)index * work->outcome_stride);
}

// How many tasks one after another there must be, with C in flight: ceil(N / C).
static inline uint64_t work_turns(const struct work *work)
{
    return (work->tasks + (uint64_t)work->concurrency - 1) / work->concurrency;
}

// Has each task run once, and without an error?
static inline bool work_went_well(const struct work *work)
{
    for (uint32_t task = 0; task < work->tasks; task++) {
        if (outcome_at(work, task)->runs != 1 || outcome_at(work, task)->error != 0)
            return false;
    }
    return true;
}

// The -errno of a task that has met a limit of a disk; else 0.
static inline int work_disk_limit(const struct work *work)
{
    for (uint32_t task = 0; task < work->tasks; task++) {
        int error = outcome_at(work, task)->error;
        if (limits_is_disk(error))
            return error;
    }
    return 0;
}

// The first task that has left another digest than the workload's own; work->tasks: none.
static inline uint32_t work_first_wrong(const struct work *work)
{
    uint32_t task = 0;
    while (task < work->tasks &&
           outcome_at(work, task)->digest == work->workload->digest(work, task))
        task++;
    return task;
}

// Leaves one latency sample; the caller never leaves more than samples() allows.
static inline void outcome_sample(struct outcome *outcome, uint64_t latency_ns)
{
    outcome->latency_ns[outcome->samples++] = latency_ns;
}

// All workloads that are linked in, ended by NULL; generated by the Makefile.
extern const struct workload *const workload_list[];

// A workload that this build lacks, because what its file `needs` names was not there.
struct left_out {
    const char *name;
    const char *reason;  // "zstd.h is missing"
    const char *package; // what brings it on Debian, or "": installing is no help
};

// All of them, ended by a NULL name; generated by scripts/needs.
extern const struct left_out left_out_list[];

// Workloads whose library has no form for static linking: where runners are linked so, they
// are in others of the same names, in the folder shared/ beside them (scripts/shared.mk).
// Ended by NULL; generated by scripts/needs.
extern const char *const shared_list[];

#endif
