// SPDX-License-Identifier: MIT
//
// details.h - what became slower inside of a row: its phases, and the tail of its
// latencies. Looked at once, when measuring has ended: the primary metric says how long to
// measure (gate.h), and these explain, or warn.
//
//   spawn, run, join   told where they moved by more than twice the threshold, and by some
//                      part of the wall time; they only explain
//   p99                of service times (statistics/tail.h), from DETAILS_TAIL_BLOCKS blocks
//                      with DETAILS_TAIL_OPERATIONS in each run on. Its threshold is
//                      DETAILS_TAIL_THRESHOLD or the user's, if that is larger. A tail that
//                      is slower warns, and fails the gate from DETAILS_TAIL_DECIDES blocks on
//
// Read next: judge.h for all that decides.
#ifndef QUARTET_DRIVER_GATE_DETAILS_H
#define QUARTET_DRIVER_GATE_DETAILS_H

#include "driver/report/comparison.h"
#include "driver/report/model.h"

#define DETAILS_PHASE_LEAST     0.01 // of the wall time: so much a phase must have moved
#define DETAILS_TAIL_THRESHOLD  0.25
#define DETAILS_TAIL_BLOCKS     20
#define DETAILS_TAIL_OPERATIONS 1000
#define DETAILS_TAIL_DECIDES    40

// Adds to *found, which has been judged, what there is to say of each row that was compared
// with its base. 0 or -ENOMEM.
int gate_judge_details(const struct report *report, double threshold,
                       struct comparisons *found);

#endif
