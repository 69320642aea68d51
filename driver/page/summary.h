// SPDX-License-Identifier: MIT
//
// summary.h - the top of the page: the answer in sentences, and a table of all tables. Who
// reads no further knows the fastest and slowest rows, what is a tie, which table is the
// noisiest, and the heaviest row.
#ifndef QUARTET_DRIVER_PAGE_SUMMARY_H
#define QUARTET_DRIVER_PAGE_SUMMARY_H

#include "driver/report/gate.h"
#include "driver/report/model.h"

#include <stdio.h>

// The verdict of a check (`gate` may be NULL), or the conclusion of a session.
void summary_answer(FILE *file, const struct report *report,
                    const struct report_gate *gate);

// A line for each table, with links to them ("t1", "t2", ...).
void summary_tables(FILE *file, const struct report *report);

#endif
