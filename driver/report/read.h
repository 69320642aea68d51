// SPDX-License-Identifier: MIT
//
// read.h - from JSON to the structs of model.h. A report may come from another version or
// from an interrupted run, so every member may be missing, null or of another type: then
// it is unknown. (check.h has refused what cannot be read at all.)
//
// Read next: json.h for the accessors, write.h for the way back.
#ifndef QUARTET_DRIVER_REPORT_READ_H
#define QUARTET_DRIVER_REPORT_READ_H

#include "driver/report/model.h"

// Reads what was measured; nothing that was found (verdicts, statistics, rankings) is
// taken from a file: analysis.h finds it again. Takes a reference to `json`. 0 or -ENOMEM;
// report_free() in both cases.
int report_read(struct report *report, json_t *json);

// One run, as it stands in `samples`, `twins` or `warmup` of a cell; all is unknown where
// `json` is NULL.
struct sample read_sample(const json_t *json);

// The status of that name; CELL_FAILED for any other.
enum cell_status read_status(const char *name);

// What of the environment is compared or shown; NULL or NAN where it is not known.
const char *environment_text(const json_t *environment, const char *name);
double environment_number(const json_t *environment, const char *name);

#endif
