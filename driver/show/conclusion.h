// SPDX-License-Identifier: MIT
//
// conclusion.h - what a report says, in at most a dozen lines: for each table which rows
// cannot be told apart from the fastest, and which take longer, how many times, and at what
// cost in CPU time and memory. A sentence that one row takes longer than another stands only
// where pair_is_equal() (report/model.h) says TRUTH_NO; where it cannot say, neither do we.
//
// Read next: table_notes.h for what stands beside the tables.
#ifndef QUARTET_DRIVER_SHOW_CONCLUSION_H
#define QUARTET_DRIVER_SHOW_CONCLUSION_H

#include "driver/report/model.h"

#include <jansson.h>

#define CONCLUSION_LINES 12

enum conclusion_length {
    CONCLUSION_FULL,
    CONCLUSION_SHORT, // ratios alone, and of many equal rows the first: a line of a terminal
};

// A new array of lines, at most CONCLUSION_LINES; one names the number of
// tables that found no room, and tables that say nothing for the same reason share one. Empty: no table has two ranked rows, or the
// session was one of `check` or `calibrate`.
json_t *conclusion_lines(const struct report *report, enum conclusion_length length);

#endif
