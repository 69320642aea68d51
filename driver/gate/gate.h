// SPDX-License-Identifier: MIT
//
// gate.h - how `quartet check` measures: two builds in one session, and as many rounds
// as it takes to know.
//
//  1. Warm-up. Any wrong answer, failure or other work ends it: no time is looked at.
//  2. Counters (counters.h): they decide by themselves, and times are measured all
//     the same, to tell what became of them.
//  3. Rounds. Of each row head and base are neighbours in a block; each block draws the
//     order anew. From round ANYTIME_PAIRS_LEAST on, one looks again and again
//     (statistics/anytime.h); a table whose rows are all decided, or will hardly ever be, is
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

#include "driver/gate/budget.h"
#include "lib/error.h"

#include <jansson.h>

// Measures, judges, and sets `gate` in session->report, whatever comes in between. 0;
// -EINTR: the user wants to stop; another -errno: tools or disk failed.
int gate_measure(struct session *session, const struct gate *gate, struct reason *reason);

// The exit code that the report's `gate` asks for.
int gate_exit_code(const json_t *report);

#endif
