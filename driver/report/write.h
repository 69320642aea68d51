// SPDX-License-Identifier: MIT
//
// write.h - what analysis.h found goes into the JSON of a report, beside what stands there
// already. results/README.md describes the members.
#ifndef QUARTET_DRIVER_REPORT_WRITE_H
#define QUARTET_DRIVER_REPORT_WRITE_H

#include "driver/report/model.h"

// Sets in each table `verification`, `ranking`, `comparisons` and `noise`, in each cell
// `ranked`, `unranked_reason` and `statistics` (null for cells that are not ranked), and in
// the report `summaries` and `sweeps`. 0 or -ENOMEM.
int report_write(const struct report *report);

// The part of it that verification.h found, for one table.
int report_write_verification(const struct report_table *table);

#endif
