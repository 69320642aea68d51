// SPDX-License-Identifier: MIT
//
// read_report.c - a stored report: checked, analysed, printed in all formats, and compared
// with itself.
#include "driver/analysis/compare.h"
#include "driver/analysis/report_file.h"
#include "driver/report/write.h"
#include "driver/show/exports.h"
#include "driver/show/tables.h"
#include "lib/check.h"
#include "lib/json_file.h"
#include "tests/fuzz/readers.h"

#include <stdio.h>

static void print_all(FILE *file, const struct report *report)
{
    static const int widths[] = {0, 20, 80};
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        const struct tables_style style = {.colour = i == 1, .width = widths[i]};
        tables_text(file, report, &style);
    }
    tables_markdown(file, report);
    tables_csv(file, report);
    json_t *json = report_write(report);
    json_file_print(file, json);
    json_decref(json);
    export_junit(file, report);
    export_hyperfine(file, report);
    export_gobench(file, report);
    export_gbench(file, report);
}

static void use(const struct report *report)
{
    struct compared compared;
    FILE *file = fopen("/dev/null", "we");
    CHECK(file != NULL);
    print_all(file, report);
    fclose(file);
    compare_same_testbed(report, report);
    json_decref(compare_environments(report, report));
    compare_reports(&compared, report, report, 0.05, 0);
    compare_free(&compared);
}

void read_report(const char *text, size_t size)
{
    struct reason reason;
    struct report report;
    json_t *json;
    if (json_text_load(text, size, "input", &json, &reason) != 0)
        return;
    if (report_file_accept(json, &report, &reason) == 0)
        use(&report);
    report_free(&report);
    json_decref(json);
}
