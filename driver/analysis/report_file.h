// SPDX-License-Identifier: MIT
//
// report_file.h - a stored report, read with suspicion: its size, its schema and its
// parts are looked at before anything is believed, and the analysis is made anew from
// the raw samples, so that an older report profits from newer statistics and a figure in
// the file that does not follow from them counts for nothing.
#ifndef QUARTET_DRIVER_ANALYSIS_REPORT_FILE_H
#define QUARTET_DRIVER_ANALYSIS_REPORT_FILE_H

#include "driver/report/model.h"
#include "lib/error.h"

#include <jansson.h>

// Reads a report.json, or that in a folder, with what its journal adds (journal.h), and
// analyses it. 0, or -errno with one sentence; report_free() in both cases.
int report_file_load(const char *named, struct report *report, struct reason *reason);

// The same for JSON that is in memory already: checks it and analyses it. 0, or -errno with
// what is wrong in it.
int report_file_accept(json_t *json, struct report *report, struct reason *reason);

#endif
