// SPDX-License-Identifier: MIT
//
// sample_check.h - is a sample to be believed? Whatever a runner, a stop-watch or a file
// says of a run is held against all else that is known about it:
//
//   identity   the record's workload, kind, operation, model, tasks, concurrency, and each
//              option that stands on the cell's command line; the build of all other runs
//              of the cell and, of one of our own runners, that of the report
//   clocks     wall >= setup + spawn + run + join + teardown; run >= the least time that
//              the workload states (workload.h); what the stop-watch has seen of CPU time
//              is that of the record, and what fits into the time outside of its run phase
//   width      1 <= most tasks in flight <= concurrency; workers <= concurrency; Little's
//              law (J. D. C. Little, Operations Research 9, 1961): rate x mean latency is
//              at most what was in flight, within 3 %
//   copies     no two runs of a table have the same five phases and CPU times, where these
//              are finer than a microsecond
//
// Tolerances are wide: a lie that is missed is one row too good, and a right run that is
// refused is the end of a session.
//
// Unknown figures are held against nobody. There is no other judge: `run` asks after
// each run (measure/run_status.h), and whoever reads a report before its samples are collected
// (analysis.h).
//
// Read next: samples.h, which leaves out what is refused here.
#ifndef QUARTET_DRIVER_ANALYSIS_SAMPLE_CHECK_H
#define QUARTET_DRIVER_ANALYSIS_SAMPLE_CHECK_H

#include "driver/report/model.h"
#include "lib/error.h"

// How much the product of rate and mean latency may exceed what was in flight.
#define SAMPLE_LITTLE_SLACK 0.03

// All of this but the copies, of one run that ended well. 0, or -EBADMSG with what does not
// fit.
int sample_check(const struct report *report, const struct report_table *table,
                 const struct report_cell *cell, const struct sample *sample,
                 struct reason *reason);

// Sets `refused` of each sample and twin of the report that is not to be believed. 0 or
// -ENOMEM.
int sample_check_all(struct report *report);

// Is there a run that is not believed? 0, or -EBADMSG with the first one's row and why.
int sample_check_refused(const struct report *report, struct reason *reason);

// Tasks in flight on average, by Little's law; NAN where there are no service times that
// the tasks took themselves.
double sample_in_flight(const struct sample *sample);

#endif
