// SPDX-License-Identifier: MIT
//
// resume.h - going on with a session that was interrupted (`quartet run --resume DIR`).
//
// Nothing is planned anew: tables, commands, CPUs, rounds and seed are those of the
// report, which so becomes what the uninterrupted session would have left. This is only
// possible for the very programs that it has measured, on the machine where it did; all
// else is refused. The order of the rounds follows from the seed, and that the rounds
// which are there already follow it, too, is looked at.
//
// Read next: resume_plan.h, which makes a plan out of the report; session.h.
#ifndef QUARTET_DRIVER_MEASURE_RESUME_H
#define QUARTET_DRIVER_MEASURE_RESUME_H

#include "driver/measure/session.h"
#include "driver/plan/runner.h"
#include "lib/error.h"

// The first word of the command line that cannot stand beside --resume, or NULL. Borrowed.
const char *resume_conflict(int argc, char **argv);

#define RESUME_COMPLETE 1

// Fills in the session from the report in the folder `named` (or the report.json itself)
// and saves it once, so that one knows at once whether that can be done. Call it with the
// lock of the machine held and the janitor running. 0; RESUME_COMPLETE: there is nothing
// left to do, and the plan may be looked at; -EINTR; or another -errno: it cannot go on,
// the reason says why. report_free(&session->report) in every case.
int resume_open(struct session *session, const struct runner_set *set,
                const char *hyperfine, const char *named, struct reason *reason);

#endif
