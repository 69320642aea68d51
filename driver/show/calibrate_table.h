// SPDX-License-Identifier: MIT
//
// calibrate_table.h - a calibration (gate/calibration.h) for people: a line per row with
// the noise floor of each metric, and how many drawn gates called the row slower.
#ifndef QUARTET_DRIVER_SHOW_CALIBRATE_TABLE_H
#define QUARTET_DRIVER_SHOW_CALIBRATE_TABLE_H

#include <jansson.h>
#include <stdio.h>

// Prints a quartet.calibration/1 (results/README.md).
void calibrate_print(FILE *file, const json_t *calibration);

#endif
