// SPDX-License-Identifier: MIT
//
// base_rows.h - programs of anybody in a gate: which program of the base stands for a row of
// head. A git revision has its own lanes and, at the same place in its tree, its own copy of
// what --runner names; of anything else --base-runner says which it is.
//
// Read next: base.h for the base, plan/lanes.h for the lanes.
#ifndef QUARTET_DRIVER_GATE_BASE_ROWS_H
#define QUARTET_DRIVER_GATE_BASE_ROWS_H

#include "driver/gate/base.h"
#include "driver/plan/lanes.h"
#include "lib/error.h"
#include "lib/options.h"

struct base_rows {
    const struct runner_set *head;         // which has them already
    const struct option_list *runners;     // --runner
    const struct option_list *substitutes; // --base-runner
    struct lanes lanes;                    // list NULL: none
};

// Adds them to the base that was opened. Rows that an older revision does not have are left
// out, and the gate says so of each. 0; -EINVAL: the user has to say more, or something else;
// -EINTR; with the reason.
int base_rows_add(struct base *base, const struct base_rows *rows,
                  const struct janitor *janitor, struct reason *reason);

#endif
