// SPDX-License-Identifier: MIT
//
// select.h - some tables of a report. Their figures stay as they are: p-values were
// corrected for all pairs of the whole report, and nobody gets smaller ones by looking at
// fewer tables.
#ifndef QUARTET_DRIVER_ANALYSIS_SELECT_H
#define QUARTET_DRIVER_ANALYSIS_SELECT_H

#include "driver/report/model.h"
#include "lib/error.h"

// Keeps the tables of these ids and of these workloads (or ids), lists with commas; NULL
// takes all. 0, -ENOMEM, or -EINVAL with what there is: nothing of that name is left. The
// report must have been analysed.
int report_select(struct report *report, const char *tables, const char *workloads,
                  struct reason *reason);

#endif
