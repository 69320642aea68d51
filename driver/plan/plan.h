// SPDX-License-Identifier: MIT
//
// plan.h - what a session will measure: tables, the cells of each, and the command of
// each cell. The plan is made of three things only: a document (file.h) with sizes, what
// the runners say of themselves, and what the user chose.
//
// Read next: types.h for its structs, measure/block.h, which runs one block of a table.
#ifndef QUARTET_DRIVER_PLAN_PLAN_H
#define QUARTET_DRIVER_PLAN_PLAN_H

#include "driver/plan/types.h"
#include "lib/error.h"

// Makes the plan for the CPUs that this process may use, and begins a report with its
// tables. -EINVAL: the user chose what is not there, or what cannot be; the reason lists
// what is. -ENOENT: it is there, but this build lacks all of it; the reason says what to
// install. Set and report must outlive the plan; report_free() in all cases.
int plan_make(struct plan *plan, struct report *report, const struct runner_set *set,
              const struct plan_choice *choice, struct reason *reason);

#endif
