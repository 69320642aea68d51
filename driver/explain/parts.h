// SPDX-License-Identifier: MIT
//
// parts.h - what the making of parts shares with that of prices for starting: which price a
// call has, and how often a row makes it.
//
// Read next: parts.c.
#ifndef QUARTET_DRIVER_EXPLAIN_PARTS_H
#define QUARTET_DRIVER_EXPLAIN_PARTS_H

#include "driver/explain/explain.h"
#include "driver/report/read.h"
#include "driver/system/words.h"

#define PRICE_START_THREAD    "start/thread"
#define PRICE_START_PROCESS   "start/process"
#define PRICE_START_COROUTINE "start/coroutine"
#define PRICE_START_MACHINE   "start/eventloop"
#define PRICE_RESUME          "coroutine/resume"

// Does this call start or end a thread or process? It is in the price of that.
bool part_is_start(const char *call);

// The price of one call, over TCP if `inet` and where that is known; or NULL.
const struct price *part_price_of_call(const struct prices *prices, const char *call,
                                       bool inet);

// Tasks that a row of this model has alive at once, per operation; 0 for other rows.
double part_alive(const struct explained_row *row, const char *model);

// Are the rows coroutines and callbacks, in either order?
bool part_both_loops(const struct explanation *explanation);

// Runs this command of a runner, with a record; under strace if `counts` is not NULL. 0; -EINTR;
// another -errno with the reason.
int part_run(const struct extra_setting *setting, const struct words *words,
             struct record *record, struct strace_counts *counts, struct reason *reason);

// So many at that price; 0 if it is not known.
double part_worth(const struct prices *prices, const char *name, double number);

// So many calls of that name at their price, and all calls of a run; 0 for those that start.
double part_call_worth(const struct prices *prices, const char *name, double number);
double part_calls_worth(const struct prices *prices, const struct strace_counts *counts);

// How often the row makes this call, per operation.
double part_calls_of(const struct explained_row *row, const char *name);

#endif
