// SPDX-License-Identifier: MIT
//
// tables_csv.c - one line per cell for spreadsheets and scripts: seconds and bytes, full
// precision, an empty field for what is unknown. The first line names the columns; new
// ones are only ever added at the end. Quoting: RFC 4180.
#include "driver/report/json.h"
#include "driver/report/sweeps.h"
#include "driver/show/tables.h"
#include "lib/check.h"

#include <math.h>
#include <string.h>

enum csv_kind {
    CSV_TEXT,
    CSV_NUMBER,
    CSV_SECONDS, // ns in the report
    CSV_TRUTH,
};

struct csv_column {
    const char *name;
    enum csv_kind kind;
    const char *path;
};

static const struct csv_column table_columns[] = {
    {"table", CSV_TEXT, "id"},
    {"workload", CSV_TEXT, "workload"},
    {"kind", CSV_TEXT, "kind"},
    {"setting", CSV_TEXT, "setting"},
    {"operation", CSV_TEXT, "operation"},
    {"tasks", CSV_NUMBER, "tasks"},
    {"concurrency", CSV_NUMBER, "concurrency"},
    {"cpus", CSV_TEXT, "cpus"},
    {"peer_cpus", CSV_TEXT, "peer_cpus"},
};

static const struct csv_column cell_columns[] = {
    {"model", CSV_TEXT, "model"},
    {"variant", CSV_TEXT, "variant"},
    {"status", CSV_TEXT, "status"},
    {"ranked", CSV_TRUTH, "ranked"},
    {"reason", CSV_TEXT, "unranked_reason"},
    {"runs", CSV_NUMBER, "statistics.wall_ns.n"},
    {"wall_median_s", CSV_SECONDS, "statistics.wall_ns.median"},
    {"wall_low_s", CSV_SECONDS, "statistics.wall_ns.low"},
    {"wall_high_s", CSV_SECONDS, "statistics.wall_ns.high"},
    {"wall_confidence", CSV_NUMBER, "statistics.wall_ns.confidence"},
    {"wall_mad_s", CSV_SECONDS, "statistics.wall_ns.mad"},
    {"wall_min_s", CSV_SECONDS, "statistics.wall_ns.min"},
    {"wall_max_s", CSV_SECONDS, "statistics.wall_ns.max"},
    {"wall_mean_s", CSV_SECONDS, "statistics.wall_ns.mean"},
    {"wall_stddev_s", CSV_SECONDS, "statistics.wall_ns.stddev"},
    {"setup_s", CSV_SECONDS, "statistics.phases_ns.setup"},
    {"spawn_s", CSV_SECONDS, "statistics.phases_ns.spawn"},
    {"run_s", CSV_SECONDS, "statistics.phases_ns.run"},
    {"join_s", CSV_SECONDS, "statistics.phases_ns.join"},
    {"teardown_s", CSV_SECONDS, "statistics.phases_ns.teardown"},
    {"operations", CSV_NUMBER, "statistics.operations"},
    {"run_per_operation_s", CSV_SECONDS, "statistics.ns_per_operation"},
    {"cpu_s", CSV_SECONDS, "statistics.cpu_ns.median"},
    {"cpu_user_s", CSV_SECONDS, "statistics.cpu_ns.user"},
    {"cpu_system_s", CSV_SECONDS, "statistics.cpu_ns.system"},
    {"voluntary_switches", CSV_NUMBER, "statistics.switches.voluntary"},
    {"involuntary_switches", CSV_NUMBER, "statistics.switches.involuntary"},
    {"memory_bytes", CSV_NUMBER, "statistics.memory.bytes"},
    {"memory_method", CSV_TEXT, "statistics.memory.method"},
    {"latency_kind", CSV_TEXT, "statistics.latency_ns.kind"},
    {"latency_count", CSV_NUMBER, "statistics.latency_ns.count"},
    {"latency_p50_s", CSV_SECONDS, "statistics.latency_ns.p50"},
    {"latency_p99_s", CSV_SECONDS, "statistics.latency_ns.p99"},
};

// How the cell compares with the best one of its table.
static const struct csv_column ratio_columns[] = {
    {"ratio_to_best", CSV_NUMBER, "ratio"},
    {"ratio_low", CSV_NUMBER, "low"},
    {"ratio_high", CSV_NUMBER, "high"},
    {"ratio_confidence", CSV_NUMBER, "confidence"},
    {"equal_to_best", CSV_TRUTH, "equal"},
};

static const struct csv_column report_columns[] = {
    {"for_decisions", CSV_TRUTH, "plan.for_decisions"},
    {"complete", CSV_TRUTH, "complete"},
};

// What was counted of the cell (measure/counters.h), if anything was.
static const struct csv_column counter_columns[] = {
    {"syscalls_per_operation", CSV_NUMBER, "counters.syscalls.per_operation"},
    {"instructions_per_operation", CSV_NUMBER, "counters.instructions.per_operation"},
    {"memory_bytes_per_task", CSV_NUMBER, "counters.memory_per_task.bytes"},
};

// How the cell compares with the same row at the first concurrency of a sweep.
static const struct csv_column sweep_columns[] = {
    {"wall_per_operation_s", CSV_SECONDS, "wall_ns_per_operation"},
    {"ratio_to_first", CSV_NUMBER, "ratio_to_first"},
    {"ratio_to_first_low", CSV_NUMBER, "low"},
    {"ratio_to_first_high", CSV_NUMBER, "high"},
};

static void print_text(FILE *file, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

static void print_field(FILE *file, const json_t *object, const struct csv_column *column)
{
    double number = tree_number(object, column->path);
    const json_t *value = tree_at(object, column->path);
    switch (column->kind) {
    case CSV_TEXT:
        print_text(file, tree_text(object, column->path, ""));
        break;
    case CSV_NUMBER:
        if (!isnan(number))
            fprintf(file, "%.15g", number);
        break;
    case CSV_SECONDS:
        if (!isnan(number))
            fprintf(file, "%.12g", number / 1e9);
        break;
    case CSV_TRUTH:
        if (json_is_boolean(value))
            fputs(json_is_true(value) ? "true" : "false", file);
        break;
    }
}

static void print_fields(FILE *file, const json_t *object,
                         const struct csv_column *columns, size_t n,
                         const char *separator)
{
    for (size_t i = 0; i < n; i++) {
        fputs(i == 0 ? separator : ",", file);
        print_field(file, object, &columns[i]);
    }
}

static void print_names(FILE *file, const struct csv_column *columns, size_t n,
                        const char *separator)
{
    for (size_t i = 0; i < n; i++)
        fprintf(file, "%s%s", i == 0 ? separator : ",", columns[i].name);
}

// The comparison of this cell with the first of the ranking, or NULL.
static const json_t *with_best(const json_t *table, const json_t *cell)
{
    const char *best = json_string_value(json_array_get(tree_array(table, "ranking"), 0));
    size_t index;
    json_t *comparison;
    json_array_foreach(tree_array(table, "comparisons"), index, comparison)
    {
        if (strcmp(tree_text(comparison, "a", ""), tree_text(cell, "id", "")) == 0 &&
            best != NULL && strcmp(tree_text(comparison, "b", ""), best) == 0)
            return comparison;
    }
    return NULL;
}

static void print_table(FILE *file, const json_t *report, const json_t *table)
{
    size_t index;
    json_t *cell;
    json_array_foreach(tree_array(table, "cells"), index, cell)
    {
        print_fields(file, table, table_columns, ARRAY_LEN(table_columns), "");
        print_fields(file, cell, cell_columns, ARRAY_LEN(cell_columns), ",");
        print_fields(file, with_best(table, cell), ratio_columns,
                     ARRAY_LEN(ratio_columns), ",");
        print_fields(file, report, report_columns, ARRAY_LEN(report_columns), ",");
        print_fields(file, sweeps_point(report, tree_text(cell, "id", "")), sweep_columns,
                     ARRAY_LEN(sweep_columns), ",");
        print_fields(file, cell, counter_columns, ARRAY_LEN(counter_columns), ",");
        fputc('\n', file);
    }
}

void tables_csv(FILE *file, const json_t *report)
{
    print_names(file, table_columns, ARRAY_LEN(table_columns), "");
    print_names(file, cell_columns, ARRAY_LEN(cell_columns), ",");
    print_names(file, ratio_columns, ARRAY_LEN(ratio_columns), ",");
    print_names(file, report_columns, ARRAY_LEN(report_columns), ",");
    print_names(file, sweep_columns, ARRAY_LEN(sweep_columns), ",");
    print_names(file, counter_columns, ARRAY_LEN(counter_columns), ",");
    fputc('\n', file);
    size_t index;
    json_t *table;
    json_array_foreach(tree_array(report, "tables"), index, table)
    {
        print_table(file, report, table);
    }
}
