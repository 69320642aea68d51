// SPDX-License-Identifier: MIT
//
// calibrate.h - from a session that measured each runner beside itself to what
// calibration.h reads: floors, and how often the gate would have called it slower.
//
// Read next: statistics/floor.h for the numbers, command/calibrate.c for the session.
#ifndef QUARTET_DRIVER_GATE_CALIBRATE_H
#define QUARTET_DRIVER_GATE_CALIBRATE_H

#include "driver/report/model.h"
#include "lib/error.h"

#include <jansson.h>
#include <stddef.h>

// A new quartet.calibration/1 (results/README.md) of a report whose cells have each a
// base of the same build; `threshold` is that of the verdicts. NULL: out of memory.
json_t *calibrate_make(const struct report *report, double threshold);

// How many rows have a noise floor of their wall time.
size_t calibrate_count(const json_t *calibration);

// Stores it for its testbed. Cells that are stored already, are not outdated and have not
// been measured this time stay. Writes the path of the file. 0, or -errno with the reason.
int calibrate_store(json_t *calibration, char *path, size_t size, struct reason *reason);

#endif
