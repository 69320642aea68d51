// SPDX-License-Identifier: MIT
//
// budget.h - what the user asks of a gate, and what there is time for: how many rounds the
// least decision needs, how many fit into a time budget, and when no other block begins.
//
// Read next: gate.h, which measures.
#ifndef QUARTET_DRIVER_GATE_BUDGET_H
#define QUARTET_DRIVER_GATE_BUDGET_H

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

// Is there time for the rounds that a decision needs? They come before counters, which may
// have what is left. 0, or -ERANGE with what to give.
int gate_check_budget(const struct session *session, const struct gate *gate,
                      struct reason *reason);

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

#endif
