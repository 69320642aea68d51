// SPDX-License-Identifier: MIT
//
// read_record.c - the run record that a runner leaves: judged as after each run, and then
// as the only one of a report, through all statistics.
#include "driver/measure/judge.h"
#include "driver/report/file.h"
#include "lib/check.h"
#include "lib/json_file.h"
#include "tests/fuzz/readers.h"

// A report of one run of one cell, as driver/measure/block.c puts it together. Takes the record.
static json_t *report_of(json_t *record, json_t **cell)
{
    json_t *report =
        json_pack("{s:s, s:b, s:[{s:s, s:s, s:[{s:i, s:b}], s:[{s:s, s:s, s:s, s:s, s:n,"
                  " s:[{s:i, s:i, s:i, s:o}]}]}]}",
                  "schema", "quartet.report/1", "complete", 1, "tables", "id", "t",
                  "workload", "w", "blocks", "number", 1, "valid", 1, "cells", "id", "c",
                  "model", "coroutine", "label", "coroutine", "status", "ok", "reason",
                  "samples", "block", 1, "exit_code", 0, "wall_ns", 1000000, "record",
                  record);
    CHECK(report != NULL);
    json_t *table = json_array_get(json_object_get(report, "tables"), 0);
    *cell = json_array_get(json_object_get(table, "cells"), 0);
    return report;
}

void read_record(const char *text, size_t size)
{
    json_t *record;
    json_t *cell;
    struct reason reason;
    if (json_text_load(text, size, "input", &record, &reason) != 0)
        return;
    json_t *report = report_of(record, &cell);
    for (int exit_code = 0; exit_code < 2; exit_code++)
        judge_run(cell, exit_code, record, "said");
    json_object_set_new(cell, "status", json_string("ok"));
    struct report accepted;
    report_file_accept(report, &accepted,
                       &reason); // a record that is no object is refused
    report_free(&accepted);
    json_decref(report);
}
