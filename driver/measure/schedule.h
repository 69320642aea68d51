// SPDX-License-Identifier: MIT
//
// schedule.h - in which order the cells of a table run, round by round: rows that are ranked
// against each other by a Williams square, rows that have a base next to that base. It
// follows from the seed, so that a session that goes on is the one that was begun.
//
// Read next: statistics/order.h for both orders.
#ifndef QUARTET_DRIVER_MEASURE_SCHEDULE_H
#define QUARTET_DRIVER_MEASURE_SCHEDULE_H

#include "driver/plan/plan.h"

#include <stddef.h>
#include <stdint.h>

// Some rounds of all tables that are not settled.
struct batch {
    unsigned number; // 1; 2: to confirm what the first one said
    uint64_t seed;
    unsigned first; // round, from 1
    unsigned last;
};

// The order of rounds 1 to batch.last of one table: round r begins at
// order[(r - 1) * count]. Numbers of its cells, with BLOCK_TWIN (block.h) added to a second
// run.
struct schedule {
    size_t count;   // runs in a round
    uint8_t *order; // owned
};

// free() its order.
struct schedule schedule_make(const struct batch *batch, const struct table *table);

#endif
