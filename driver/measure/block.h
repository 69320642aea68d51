// SPDX-License-Identifier: MIT
//
// block.h - one block: every live cell of a table once, in a given order, timed by one
// call of hyperfine. The results go into the report: a sample per cell,
// and the block with its order and its noise.
//
// In each block one cell runs twice, now this one, now that: the ratio of such twins is
// what chance and the machine make of no difference at all.
//
// A cell that fails leaves its reason and does not run again; a block that cannot be
// run at all (hyperfine failed, or did not end in time) or was disturbed from outside is
// kept as invalid, with the reason. Nothing disappears.
//
// Read next: run_status.h, which decides what a cell's end means.
#ifndef QUARTET_DRIVER_MEASURE_BLOCK_H
#define QUARTET_DRIVER_MEASURE_BLOCK_H

#include "driver/plan/plan.h"
#include "driver/system/janitor.h"
#include "lib/error.h"

#include <stddef.h>
#include <stdint.h>

struct block_setting {
    struct janitor *janitor;     // whose folder takes the files of a block
    const char *prepare;         // command before each run, untimed, or NULL
    uint64_t run_timeout_ns;     // of each run
    uint64_t begin_ns;           // of the session, on the clock of lib/clock.h
    void (*tick)(void *context); // called about once a second, or NULL
    void *context;
};

// Runs all live cells once with memory measured (which disturbs times, so these are
// kept apart, as `warmup`), drops those that cannot go on, and notes how long each takes.
// 0; -EINTR: the user wants to stop; another -errno: the tools failed.
int block_warm_up(const struct block_setting *setting, struct table *table,
                  struct reason *reason);

#define BLOCK_TWIN      0x80 // added to a cell's number: its second run in this block
#define BLOCK_DISTURBED 1

struct block_plan {
    unsigned round;       // which this block is meant to be, from 1
    unsigned batch;       // 1; 2 for rounds that are to confirm what the first ones said
    bool keep;            // also when it was disturbed
    bool accepted;        // and the user does not mind
    const uint8_t *order; // numbers of cells
    size_t count;
};

// Runs one block; cells that are no longer live are left out. Returns as block_warm_up()
// does, or BLOCK_DISTURBED: it does not count, and the reason says why.
int block_measure(const struct block_setting *setting, struct table *table,
                  const struct block_plan *plan, struct reason *reason);

// How long one block of the cells that are live now takes, if they take what they took
// when they ran last. (The warm-up measures memory, and takes longer.)
uint64_t block_length_ns(const struct table *table);

#endif
