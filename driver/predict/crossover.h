// SPDX-License-Identifier: MIT
//
// crossover.h - which model is the better one for a program of the reader's: so many tasks at
// once, each of which waits once and then computes; and from which numbers on it is another
// one. The prices are those of `mixed`. A model is better where its interval lies wholly below
// that of the other one; else it is a tie.
//
// Read next: formula_waiting.c, mixed.
#ifndef QUARTET_DRIVER_PREDICT_CROSSOVER_H
#define QUARTET_DRIVER_PREDICT_CROSSOVER_H

#include "driver/predict/book.h"

#include <stdint.h>
#include <stdio.h>

struct crossover_wish {
    uint64_t tasks;
    uint64_t wait_ns;
    uint64_t compute_ns;
    uint64_t cpus;
};

// Reads --tasks, --wait, --compute and --cpus. 0, or -EINVAL with the reason.
int crossover_parse(struct crossover_wish *wish, int argc, char **argv,
                    struct reason *reason);

// The run of `mixed` that is meant. 0, or -ENOENT: this build lacks it.
int crossover_situation(const struct crossover_wish *wish, const struct runner *oracle,
                        struct situation *situation, struct reason *reason);

// Prints what it takes in each model, then the crossovers.
void crossover_print(FILE *file, const struct crossover_wish *wish,
                     const struct runner *oracle, const struct book *book);

#endif
