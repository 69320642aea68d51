// SPDX-License-Identifier: MIT
//
// check.h - is this JSON a report that this program understands? Looks at what
// the analysis and the tables build on: schema, types of the main members, known status
// words, sizes. The complete description is results/schemas/report.schema.json.
#ifndef QUARTET_DRIVER_REPORT_CHECK_H
#define QUARTET_DRIVER_REPORT_CHECK_H

#include "lib/error.h"

#include <jansson.h>

#define REPORT_SCHEMA     "quartet.report/1"
#define REPORT_TABLES_MAX 1000
#define REPORT_BLOCKS_MAX 2000 // of one table: 1000 rounds and their re-runs
#define REPORT_CELLS_MAX  100  // of one table

// Ids of tables, and those of the cells of one table, must be different.
//
// 0; -EBADMSG with the place and what is wrong there ("tables[2].cells[0].samples must
// be an array").
int report_check(const json_t *report, struct reason *reason);

#endif
