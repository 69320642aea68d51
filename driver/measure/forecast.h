// SPDX-License-Identifier: MIT
//
// forecast.h - what a session will take and what it will be able to tell, judged by the
// report of an earlier one. What that report does not hold may stand in the plan, as its
// author's figure for one run; nothing is guessed beyond that.
//
// A row is looked up by its name and its command, so that only the same work counts. How
// long an earlier session was in all, warm-up and reference load included, and how long
// the runs in it, tells what comes on top of the runs.
#ifndef QUARTET_DRIVER_MEASURE_FORECAST_H
#define QUARTET_DRIVER_MEASURE_FORECAST_H

#include "driver/plan/plan.h"
#include "driver/report/model.h"

#include <stdbool.h>
#include <stddef.h>

struct forecast {
    struct report report; // its json is NULL: there is no earlier one
    char source[4096];    // where it lies
    double stretch;       // length of that session / that of all its runs
};

// Takes the newest report (report/results.h), if there is one that can be read.
void forecast_open(struct forecast *forecast);
void forecast_close(struct forecast *forecast);

// Was it measured on a machine such as this one (a hash of environment.h)?
bool forecast_same_testbed(const struct forecast *forecast, const char *testbed);

// How long warm-up and `rounds` rounds of this table take, in ns; NAN: not known.
double forecast_table_ns(const struct forecast *forecast, const struct table *table,
                         unsigned rounds);

// The same by what the plan says a run takes on a machine like its author's.
double forecast_usual_ns(const struct table *table, unsigned rounds);

// The median, over all comparisons of these tables, of the smallest difference (0.02: 2 %)
// that `rounds` rounds would nearly always show if they are as noisy as those of the
// earlier session: intervals shrink with the square root of the number of rounds. NAN:
// not known, or too few rounds for an interval of 95 %.
double forecast_detectable(const struct forecast *forecast, const struct plan *plan,
                           unsigned rounds);

#endif
