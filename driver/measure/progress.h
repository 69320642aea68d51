// SPDX-License-Identifier: MIT
//
// progress.h - where the session is and how long it will take, on stderr. On a terminal
// one line is written over and over; otherwise, and where CI or TERM=dumb say so, one
// line per block, without any control characters.
#ifndef QUARTET_DRIVER_MEASURE_PROGRESS_H
#define QUARTET_DRIVER_MEASURE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool live;         // rewrite one line
    unsigned blocks;   // in all, warm-ups included
    unsigned done;     // blocks that have ended
    char what[160];    // what is running
    uint64_t begin_ns; // when that began
    uint64_t needs_ns; // how long it will take; 0: not known yet
    uint64_t left_ns;  // how long all that comes after it will take; 0: not known yet
};

void progress_init(struct progress *progress, unsigned blocks);

// A block begins. `needs_ns` and `left_ns` are estimates; 0: not known yet.
void progress_begin(struct progress *progress, const char *what, uint64_t needs_ns,
                    uint64_t left_ns);

// Time goes by: `context` is a struct progress. Redraws the line on a terminal.
void progress_tick(void *context);

// The block has ended.
void progress_end(struct progress *progress);

// Something worth a line of its own has happened meanwhile.
void progress_remark(const struct progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Clears the line, so that something else can be printed.
void progress_clear(const struct progress *progress);

#endif
