// SPDX-License-Identifier: MIT
//
// write_sweeps.h - the part of write.h that spans tables. Both: 0 or -ENOMEM.
#ifndef QUARTET_DRIVER_REPORT_WRITE_SWEEPS_H
#define QUARTET_DRIVER_REPORT_WRITE_SWEEPS_H

#include "driver/report/model.h"

int write_summaries(const struct report *report);

// Without a sweep, the member is not there.
int write_sweeps(const struct report *report);

#endif
