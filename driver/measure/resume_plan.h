// SPDX-License-Identifier: MIT
//
// resume_plan.h - the plan of an interrupted session, read back from its report: the
// tables with their commands are the report's own, and what the driver keeps beside them
// (which cells still run, how many rounds are done) follows from what was measured.
#ifndef QUARTET_DRIVER_MEASURE_RESUME_PLAN_H
#define QUARTET_DRIVER_MEASURE_RESUME_PLAN_H

#include "driver/measure/session.h"
#include "driver/plan/runner.h"
#include "lib/error.h"

// Fills in plan, rounds, seed, accept_noise and begin_ns of a session whose report is
// there; session->begin_ns must be now. A model that `set` does not have gets no runner.
// -EBADMSG: the report contradicts itself, or is larger than a session can be.
int resume_plan(struct session *session, const struct runner_set *set,
                struct reason *reason);

#endif
