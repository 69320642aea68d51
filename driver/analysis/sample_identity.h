// SPDX-License-Identifier: MIT
//
// sample_identity.h - is a run record that of its cell? See sample_check.h, its only user.
#ifndef QUARTET_DRIVER_ANALYSIS_SAMPLE_IDENTITY_H
#define QUARTET_DRIVER_ANALYSIS_SAMPLE_IDENTITY_H

#include "driver/report/model.h"
#include "lib/error.h"

// 0, or -EBADMSG with the first thing that differs.
int sample_identity(const struct report *report, const struct report_table *table,
                    const struct report_cell *cell, const struct record *record,
                    struct reason *reason);

#endif
