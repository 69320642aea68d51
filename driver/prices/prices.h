// SPDX-License-Identifier: MIT
//
// prices.h - what single things cost on this machine, now: a system call of each kind, a
// context switch, a wake-up, a page fault, a byte that is copied, a thread, a process, a
// coroutine's switch. A few seconds of short loops, in turn, so that a slow moment of the
// machine meets all of them.
//
// Each price has two times: the wall-clock time of somebody who does it over and over, and
// the CPU time of all who take part. All loops run on one CPU, the first that may be used:
// to be woken from another CPU is another thing, and has a price of its own.
//
// A price of a call is that of one which need not wait and wakes nobody: what waiting and
// waking cost stands in `switch` and `wakeup`, so that prices add up.
//
// Read next: probe.h for how one is measured; prices_measure() is in prices.c.
#ifndef QUARTET_DRIVER_PRICES_PRICES_H
#define QUARTET_DRIVER_PRICES_PRICES_H

#include "driver/plan/runner.h"
#include "driver/statistics/statistics.h"
#include "lib/error.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define PRICES_SCHEMA  "quartet.prices/1"
#define PRICES_MAXIMUM 96
#define PRICES_THREADS 48 // as many that the caches feel it
#define PRICES_ROUNDS  9  // as many as the interval of a median needs, and some

// The names that programs ask for. Those of system calls are "call/" and strace's name.
#define PRICE_CALL             "call/getppid" // one that does next to nothing
#define PRICE_SWITCH           "switch" // from one thread to another one that can run
#define PRICE_SWITCH_ELSEWHERE "switch/elsewhere" // to one that another CPU has woken
#define PRICE_WAKEUP           "wakeup"           // what waking a sleeper adds to a call
#define PRICE_HANDOVER_FUTEX   "handover/futex"   // a thread wakes another one and sleeps
#define PRICE_HANDOVER_PIPE    "handover/pipe"
#define PRICE_FAULT            "fault"      // the first touch of a page of memory
#define PRICE_FAULT_COPY       "fault/copy" // the first write to a page after a fork
#define PRICE_THREAD           "thread"     // start and join of a thread
#define PRICE_PROCESS          "process"    // fork, exit and wait
#define PRICE_SLEEP            "sleep"      // a timer of 1 us: setting, waiting, waking
#define PRICE_EVENT            "event"      // each further event of an epoll_wait()
#define PRICE_EXCHANGE_UNIX    "exchange/unix" // 64 bytes sent and received, same thread
#define PRICE_EXCHANGE_TCP     "exchange/tcp"
#define PRICE_BYTE             "byte" // sent and received over AF_UNIX, beyond 64
#define PRICE_BYTE_MEMCPY      "byte/memcpy"
// As the runners pay, by the cost workloads of the project.
#define PRICE_RUNNER_THREAD      "multithread/spawn"
#define PRICE_RUNNER_PROCESS     "multiprocess/spawn"
#define PRICE_RUNNER_COROUTINE   "coroutine/spawn"
#define PRICE_RUNNER_CALLBACK    "eventloop/spawn"
#define PRICE_RUNNER_SWITCH      "coroutine/switch"
#define PRICE_RUNNER_SWITCH_LOOP "eventloop/switch"

// A median over rounds and its interval, in ns for each; NAN: not known.
struct price_time {
    double ns;
    struct interval interval;
};

struct price {
    char name[40];
    char what[120]; // one line for people
    struct price_time cpu;
    struct price_time wall;
    char missing[160]; // why it is not known; "" of one that is
};

struct prices {
    size_t count;
    struct price list[PRICES_MAXIMUM];
    unsigned rounds;
    double took_ns; // to measure them
};

// Measures all prices but those of runners. A switch and a wake-up are those among so many
// threads, from PRICES_THREADS to 1,000: the more there are, the less of each is in the caches.
// A price that cannot be measured here has a reason and no time. 0; -EINTR: the user wants to stop; or
// another -errno when nothing could be measured at all, with the reason. The caller has one
// thread.
int prices_measure(struct prices *prices, double threads, struct reason *reason);

// Adds what `spawn` and `switch` tell about each runner of the set. 0, or -EINTR. The caller
// has called tool_adopt_orphans().
int prices_add_runners(struct prices *prices, const struct runner_set *set,
                       struct reason *reason);

// Adds one of these. 0, also where it cannot be known; or -EINTR.
int prices_add_runner(struct prices *prices, const struct runner_set *set,
                      const char *name, struct reason *reason);

// Adds one, whose times are not known yet.
struct price *prices_add(struct prices *prices, const char *name, const char *what);

// The median of values and its interval; unknown if there is none, or one of them is NAN.
// Sorts them.
struct price_time price_time_of(double *values, size_t n);

// The price of that name, or NULL: there is none, or it is not known.
const struct price *prices_find(const struct prices *prices, const char *name);

// As JSON (results/schemas/prices.schema.json), which the caller owns.
json_t *prices_json(const struct prices *prices);

// Reads that JSON. 0, or -EBADMSG with the reason.
int prices_read(struct prices *prices, const json_t *json, struct reason *reason);

#endif
