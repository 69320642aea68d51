// SPDX-License-Identifier: MIT
//
// situation.h - one run that is to be predicted: a workload with its options, and what follows
// from them for any model: how many tasks are in flight, how many rounds of waiting there are.
//
// Read next: formula.h, which counts with these numbers.
#ifndef QUARTET_DRIVER_PREDICT_SITUATION_H
#define QUARTET_DRIVER_PREDICT_SITUATION_H

#include "driver/plan/runner.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>

#define SITUATION_OPTIONS     24
#define SITUATION_CHOICE_SIZE 160

struct situation {
    const struct described_workload *workload;
    struct option_spec specs[SITUATION_OPTIONS + 1]; // of the workload, and of every run
    uint64_t values[SITUATION_OPTIONS];
    double tasks;
    double in_flight;     // at most so many at the same time
    double cpus;          // that computing tasks may use
    const char *cpu_list; // of --cpus, "0,2-3"; NULL: nobody said. Borrowed
    double parallel;      // of them, that the model can use: situation_for_model()
};

// Reads the words of a runner's command line ("--tasks", "20", "--delay", "5ms"). 0; or -EINVAL
// with the option, its value and the range in the reason.
int situation_parse(struct situation *situation, const struct runner *oracle,
                    const char *workload, int argc, char **argv, struct reason *reason);

// The same for a text, which has no quotes and no escapes.
int situation_parse_text(struct situation *situation, const struct runner *oracle,
                         const char *workload, const char *text, struct reason *reason);

// The CPUs that a model uses: processes and threads take as many as they have workers,
// a loop takes one.
void situation_for_model(struct situation *situation, const char *model);

// The value of an option: a count, bytes, nanoseconds, or the number of a choice; 0 where the
// workload has no such option.
double situation_value(const struct situation *situation, const char *option);

// The options that are a choice, which make other work of it: "transport=unix"; "" for none.
void situation_choices(const struct situation *situation,
                       char text[SITUATION_CHOICE_SIZE]);

#endif
