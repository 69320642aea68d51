// SPDX-License-Identifier: MIT
//
// calibrate_table.h - a calibration for people: a line per row with its noise floors, its
// layout floor, the slow-down that a gate finds, and how many drawn gates called it slower.
#ifndef QUARTET_DRIVER_SHOW_CALIBRATE_TABLE_H
#define QUARTET_DRIVER_SHOW_CALIBRATE_TABLE_H

#include "driver/report/calibration.h"

#include <stdio.h>

void calibrate_print(FILE *file, const struct calibration *calibration);

#endif
