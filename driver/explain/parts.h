// SPDX-License-Identifier: MIT
//
// parts.h - what the making of parts shares with that of prices for starting: which price a
// call has, and how often a row makes it.
//
// Read next: parts.c.
#ifndef QUARTET_DRIVER_EXPLAIN_PARTS_H
#define QUARTET_DRIVER_EXPLAIN_PARTS_H

#include "driver/explain/explain.h"

#define PRICE_START_THREAD    "start/thread"
#define PRICE_START_PROCESS   "start/process"
#define PRICE_START_COROUTINE "start/coroutine"

// Does this call start or end a thread or process? It is in the price of that.
bool part_is_start(const char *call);

// The price of one call, over TCP if `inet` and where that is known; or NULL.
const struct price *part_price_of_call(const struct prices *prices, const char *call,
                                       bool inet);

// Coroutines that the row has alive at once, per operation.
double part_coroutines(const struct explained_row *row);

// How often the row makes this call, per operation.
double part_calls_of(const struct explained_row *row, const char *name);

#endif
