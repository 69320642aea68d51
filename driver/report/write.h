// SPDX-License-Identifier: MIT
//
// write.h - from the structs of model.h to the JSON of a file: what was measured, what was
// found, and what another version has written. results/README.md describes the members.
//
// Read next: model_members.h for the names.
#ifndef QUARTET_DRIVER_REPORT_WRITE_H
#define QUARTET_DRIVER_REPORT_WRITE_H

#include "driver/report/model.h"

// All of it, as report.json holds it: a new value.
json_t *report_write(const struct report *report);

// One block; and a new array of the runs in it, which are the last ones of the list.
json_t *report_write_block(const struct report_block *block);
json_t *report_write_runs(const struct sample_list *list, double block);

#endif
