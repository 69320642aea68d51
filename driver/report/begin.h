// SPDX-License-Identifier: MIT
//
// begin.h - a report that is about to be measured: empty tables and cells, in which all is
// unknown.
//
// Read next: model.h for what grows in them.
#ifndef QUARTET_DRIVER_REPORT_BEGIN_H
#define QUARTET_DRIVER_REPORT_BEGIN_H

#include "driver/report/model.h"

// An empty report with room for so many tables, which will not move.
void report_begin(struct report *report, size_t tables);

// Appends an empty table with room for so many cells, which will not move; and an empty
// cell. There must be room.
struct report_table *report_add_table(struct report *report, size_t cells);
struct report_cell *report_add_cell(struct report *report, struct report_table *table);

#endif
