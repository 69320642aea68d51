// SPDX-License-Identifier: MIT
//
// read_record.c - the run record that a runner leaves: judged as after each run, and then
// as the only one of a report, through all statistics.
#include "driver/analysis/report_file.h"
#include "driver/measure/run_status.h"
#include "driver/report/begin.h"
#include "driver/report/read.h"
#include "lib/check.h"
#include "lib/json_file.h"
#include "tests/fuzz/readers.h"

// A report of one run of one cell, as driver/measure/block.c puts it together.
static json_t *report_of(json_t *record)
{
    json_t *report =
        json_pack("{s:s, s:b, s:[{s:s, s:s, s:[{s:i, s:b}], s:[{s:s, s:s, s:s, s:s, s:n,"
                  " s:[{s:i, s:i, s:i, s:O}]}]}]}",
                  "schema", "quartet.report/1", "complete", 1, "tables", "id", "t",
                  "workload", "w", "blocks", "number", 1, "valid", 1, "cells", "id", "c",
                  "model", "coroutine", "label", "coroutine", "status", "ok", "reason",
                  "samples", "block", 1, "exit_code", 0, "wall_ns", 1000000, "record",
                  record);
    CHECK(report != NULL);
    return report;
}

static void judge(json_t *record)
{
    struct report report;
    report_begin(&report, 1);
    struct report_table *table = report_add_table(&report, 1);
    struct report_cell *cell = report_add_cell(&report, table);
    for (int exit_code = 0; exit_code < 2; exit_code++) {
        const struct sample sample = {.exit_code = exit_code,
                                      .record = read_run_record(record)};
        run_status_set(&report, table, cell, &sample, "said");
    }
    report_free(&report);
}

void read_record(const char *text, size_t size)
{
    json_t *record;
    struct reason reason;
    if (json_text_load(text, size, "input", &record, &reason) != 0)
        return;
    judge(record);
    json_t *report = report_of(record);
    struct report accepted;
    report_file_accept(report, &accepted,
                       &reason); // a record that is no object is refused
    report_free(&accepted);
    json_decref(report);
    json_decref(record);
}
