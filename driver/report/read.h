// SPDX-License-Identifier: MIT
//
// read.h - from JSON to the structs of model.h. A report may come from another version or
// from an interrupted run, so every member may be missing, null or of another type: then
// it is unknown. (check.h has refused what cannot be read at all.)
//
// Read next: tree.h for the accessors, write.h for the way back.
#ifndef QUARTET_DRIVER_REPORT_READ_H
#define QUARTET_DRIVER_REPORT_READ_H

#include "driver/report/model.h"

// Reads what was measured; nothing that was found (verdicts, statistics, rankings) is
// taken from a file: analysis.h finds it again. Takes a reference to `json`. 0 or -ENOMEM;
// report_free() in both cases.
int report_read(struct report *report, json_t *json);

// One run, as it stands in `samples`, `twins` or `warmup` of a cell; the record of a run;
// a block; the plan of a report; and a workload that it lacks. All is unknown where `json` is NULL. Texts and values are borrowed from it.
struct sample read_sample(json_t *json);
struct record read_run_record(json_t *json);
struct report_block read_block(json_t *json);
struct report_plan read_plan(json_t *json);
struct left_out read_left_out(const json_t *json);

// Members of the environment; NULL or NAN where they are not known.
const char *environment_text(const json_t *environment, const char *name);
double environment_number(const json_t *environment, const char *name);

// Is this member true? Unknown, if it is neither true nor false.
enum truth environment_truth(const json_t *environment, const char *name);

// The sha256 of this model's runner, or NULL.
const char *environment_runner(const json_t *environment, const char *model);

// Have both the same member, or neither?
bool environment_agrees(const json_t *one, const json_t *other, const char *name);

#endif
