// SPDX-License-Identifier: MIT
//
// conclude.h - the end of a gate, whatever it compares with: the verdict and exit code of all
// comparisons, as judge.h, counters.h and analysis/compare.h make them.
//
// Read next: gate.h and report.h, who end so.
#ifndef QUARTET_DRIVER_GATE_CONCLUDE_H
#define QUARTET_DRIVER_GATE_CONCLUDE_H

#include "driver/gate/budget.h"
#include "driver/report/comparison.h"

#include <jansson.h>
#include <stdbool.h>

struct findings {
    json_t *missing;                   // rows that the base lacks; taken over
    const struct comparisons *times;   // what times say
    const struct comparisons *counted; // what counters say
    int error;                         // what has stopped the gate, or 0
    const char *refused; // why nothing was measured: the plan cannot decide; or NULL
};

// Sets `gate` of the report, and keeps what it already says of the base. The first of
// these that holds is the verdict:
//   WRONG       exit 1; head failed, or did other work
//   REGRESSION  exit 3
//   SUSPECT     exit 4, always: a time lies wholly above the border
//   UNDECIDED   a primary or a counter is open, the plan could not decide (exit 4), or the
//               base lacks a row (exit 5 with need_base); exit 4 with need_conclusion, else 0
//   PASS        exit 0: all primaries and all counters are decided
void gate_conclude(struct report *report, const struct gate *gate,
                   const struct findings *findings);

#endif
