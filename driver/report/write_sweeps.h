// SPDX-License-Identifier: MIT
//
// write_sweeps.h - the part of write.h that spans tables. Both give a new array.
#ifndef QUARTET_DRIVER_REPORT_WRITE_SWEEPS_H
#define QUARTET_DRIVER_REPORT_WRITE_SWEEPS_H

#include "driver/report/model.h"

json_t *write_summaries(const struct report *report);
json_t *write_sweeps(const struct report *report);

#endif
