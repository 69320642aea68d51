// SPDX-License-Identifier: MIT
//
// gate.h - how `quartet check` measures: two builds in one session, and as many rounds
// as it takes to know.
//
//  1. Warm-up. Any wrong answer, failure or other work ends it: no time is looked at.
//  2. Counters (counters.h): they decide by themselves, and times are measured all
//     the same, to tell what became of them.
//  3. Rounds. Of each row head and base are neighbours in a block; each block draws the
//     order anew. From round STREAM_PAIRS_LEAST on, one looks again and again
//     (statistics/stream.h); a table whose rows are all decided, or will hardly ever be, is
//     measured no further. There is no second batch: that the same is seen in ever new
//     orders is the confirmation.
//
// A plan that could never say REGRESSION is refused: with too few rounds before anything
// is run, with too short a time as soon as the warm-up has shown how long a round takes.
//
// Everything it finds goes into `gate` of the report; results/README.md describes it.
//
// Read next: judge.h for the verdicts.
#ifndef QUARTET_DRIVER_GATE_GATE_H
#define QUARTET_DRIVER_GATE_GATE_H

#include "driver/measure/session.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>

// Which system calls, memory and instructions are compared before any time.
enum gate_counting {
    GATE_COUNT_QUICK, // what takes about as long as a run; or what a stored base has
    GATE_COUNT_ALL,   // instructions, too, where only valgrind can count them
    GATE_COUNT_NONE,
};

struct gate {
    double threshold;     // 0.05 for 5 %
    uint64_t budget_ns;   // for the whole session; 0: as long as it takes
    bool need_conclusion; // UNDECIDED is exit 4
    bool need_base;       // a row without a base is exit 5
    enum gate_counting counting;
};

// Measures, judges, and sets `gate` in session->report, whatever comes in between. 0;
// -EINTR: the user wants to stop; another -errno: tools or disk failed.
int gate_measure(struct session *session, const struct gate *gate, struct reason *reason);

// Could this many rounds say REGRESSION of any row, when all that are compared are
// corrected for? 0, or -ERANGE with how many it takes.
int gate_check_rounds(const struct session *session, struct reason *reason);

// How long the rounds take that the least decision needs: what of a time budget is kept
// for them.
uint64_t gate_needed_ns(const struct session *session);

// How many more rounds there is time for within a budget for the whole session (0: no
// limit, UINT32_MAX).
unsigned gate_affordable(const struct session *session, uint64_t budget_ns);

// From now on no block begins that would not end within the budget (0: no limit), also
// when the machine has become slower than it was when the rounds were counted.
void gate_set_deadline(struct session *session, uint64_t budget_ns);

// The exit code that the report's `gate` asks for.
int gate_exit_code(const json_t *report);

#endif
