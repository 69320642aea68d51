// SPDX-License-Identifier: MIT
//
// calibrate.h - from a session that measured each runner beside itself to a calibration: of
// each row the noise floors, how often a gate would have called it slower, how far its links
// lie apart, and which slow-down a gate finds, after how many pairs.
//
// Read next: statistics/floor.h, layout.h and power.h for the numbers, command/calibrate.c for
// the session.
#ifndef QUARTET_DRIVER_GATE_CALIBRATE_H
#define QUARTET_DRIVER_GATE_CALIBRATE_H

#include "driver/plan/runner.h"
#include "driver/report/calibration.h"
#include "driver/report/model.h"

#include <stddef.h>

struct calibrate {
    const struct report *report;  // whose cells have each a base of the same build
    double threshold;             // of the verdicts
    const struct runner_set *set; // of the links that took turns
};

// Adds all rows of the report, and what is said of all of it. Counters that were added to
// cells before (calibrate_counters.h) stay. 0 or -ENOMEM. The report must outlive it.
int calibrate_add(const struct calibrate *calibrate, struct calibration *calibration);

// How many rows have a noise floor of their wall time.
size_t calibrate_count(const struct calibration *calibration);

#endif
