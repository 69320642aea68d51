// SPDX-License-Identifier: MIT
//
// tables_csv.c - one line per cell for spreadsheets and scripts: seconds and bytes, full
// precision, an empty field for what is unknown. The columns have their names below, in
// the order in which print_row() prints them; new ones are only ever added at the end.
// Quoting: RFC 4180.
#include "driver/report/counter_verdict.h"
#include "driver/show/tables.h"
#include "lib/check.h"
#include "lib/plain.h"

#include <math.h>
#include <string.h>

static const char *const names[] = {
    // of the table
    "table", "workload", "kind", "setting", "operation", "tasks", "concurrency", "cpus",
    "peer_cpus",
    // of the cell
    "model", "variant", "status", "ranked", "reason", "runs", "wall_median_s",
    "wall_low_s", "wall_high_s", "wall_confidence", "wall_mad_s", "wall_min_s",
    "wall_max_s", "wall_mean_s", "wall_stddev_s", "setup_s", "spawn_s", "run_s", "join_s",
    "teardown_s", "operations", "run_per_operation_s", "cpu_s", "cpu_user_s",
    "cpu_system_s", "voluntary_switches", "involuntary_switches", "memory_bytes",
    "memory_method", "latency_kind", "latency_count", "latency_p50_s", "latency_p99_s",
    // beside the best of its table
    "ratio_to_best", "ratio_low", "ratio_high", "ratio_confidence", "equal_to_best",
    // of the report
    "for_decisions", "complete",
    // beside the same row at the first concurrency of a sweep
    "wall_per_operation_s", "ratio_to_first", "ratio_to_first_low", "ratio_to_first_high",
    // what was counted of the cell, if anything was
    "syscalls_per_operation", "instructions_per_operation", "memory_bytes_per_task",
    // CPU time with that of the peer, beside the row of the table that causes least
    "peer_cpu_s", "caused_cpu_s", "caused_ratio_to_least", "caused_ratio_low",
    "caused_ratio_high",
    // how much of it is proved, and the model that a row of anybody corresponds to
    "row", "beside", "ranked_by"};

// ---- fields ------------------------------------------------------------------------

// A line in the making.
struct line {
    FILE *file;
    size_t fields; // printed so far
};

static void separate(struct line *line)
{
    if (line->fields++ > 0)
        fputc(',', line->file);
}

static void add_text(struct line *line, const char *text)
{
    separate(line);
    if (text == NULL)
        return;
    if (strpbrk(text, ",\"\r\n") == NULL) {
        plain_print(line->file, text);
        return;
    }
    fputc('"', line->file);
    for (size_t bytes; *text != '\0'; text += bytes) {
        uint32_t letter = plain_letter(text, &bytes);
        if (letter == '"')
            fputs("\"\"", line->file);
        else if (plain_is_harmful(letter))
            fputc('?', line->file);
        else
            fwrite(text, 1, bytes, line->file);
    }
    fputc('"', line->file);
}

static void add_number(struct line *line, double number)
{
    separate(line);
    if (!isnan(number))
        fprintf(line->file, "%.15g", number);
}

static void add_seconds(struct line *line, double ns)
{
    separate(line);
    if (!isnan(ns))
        fprintf(line->file, "%.12g", ns / 1e9);
}

static void add_truth(struct line *line, enum truth truth)
{
    static const char *const words[] = {"", "false", "true"};
    separate(line);
    fputs(words[truth], line->file);
}

static void add_bool(struct line *line, bool truth)
{
    add_truth(line, truth ? TRUTH_YES : TRUTH_NO);
}

// ---- rows --------------------------------------------------------------------------

static void add_table(struct line *line, const struct report_table *table)
{
    add_text(line, table->id);
    add_text(line, table->workload);
    add_text(line, table->kind);
    add_text(line, table->setting);
    add_text(line, table->operation);
    add_number(line, table->tasks);
    add_number(line, table->concurrency);
    add_text(line, table->cpus);
    add_text(line, table->peer_cpus);
}

static void add_wall(struct line *line, const struct summary *wall)
{
    add_number(line, wall->n == 0 ? (double)NAN : (double)wall->n);
    add_seconds(line, wall->median);
    add_seconds(line, wall->interval.low);
    add_seconds(line, wall->interval.high);
    add_number(line, wall->interval.confidence);
    add_seconds(line, wall->mad);
    add_seconds(line, wall->min);
    add_seconds(line, wall->max);
    add_seconds(line, wall->mean);
    add_seconds(line, wall->stddev);
}

static void add_latency(struct line *line, const struct cell_statistics *own)
{
    bool known = own->latency_count > 0;
    add_text(line, known ? own->latency_kind : NULL);
    add_number(line, known ? (double)own->latency_count : (double)NAN);
    add_seconds(line, known ? own->p50_ns : (double)NAN);
    add_seconds(line, known ? own->p99_ns : (double)NAN);
}

static void add_statistics(struct line *line, const struct cell_statistics *own)
{
    add_wall(line, &own->wall_ns);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        add_seconds(line, own->phases_ns[phase]);
    add_number(line, own->operations);
    add_seconds(line, own->ns_per_operation);
    add_seconds(line, own->cpu_ns);
    add_seconds(line, isnan(own->cpu_ns) ? (double)NAN : own->user_ns);
    add_seconds(line, isnan(own->cpu_ns) ? (double)NAN : own->system_ns);
    add_number(line, own->voluntary);
    add_number(line, own->involuntary);
    add_number(line, own->memory_bytes);
    add_text(line, own->memory_method);
    add_latency(line, own);
}

// Fields of which nothing is known.
static void add_empty(struct line *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_text(line, NULL);
}

static void add_cell(struct line *line, const struct report_cell *cell)
{
    size_t before = line->fields;
    add_text(line, cell->model);
    add_text(line, cell->variant);
    add_text(line, cell_status_name(cell->status));
    add_bool(line, cell->ranked);
    add_text(line, cell->ranked ? NULL : cell->unranked_reason);
    if (cell->ranked)
        add_statistics(line, &cell->statistics);
    else
        add_empty(line, 33 - (line->fields - before));
}

static void add_ratio(struct line *line, const struct pair *pair)
{
    if (pair == NULL) {
        add_empty(line, 5);
        return;
    }
    add_number(line, pair->ratio.estimate);
    add_number(line, pair->ratio.interval.low);
    add_number(line, pair->ratio.interval.high);
    add_number(line, pair->ratio.interval.confidence);
    add_truth(line, pair_is_equal(pair));
}

static void add_point(struct line *line, const struct sweep_point *point)
{
    if (point == NULL) {
        add_empty(line, 4);
        return;
    }
    add_seconds(line, point->ns_per_operation);
    add_number(line, point->to_first.estimate);
    add_number(line, point->to_first.interval.low);
    add_number(line, point->to_first.interval.high);
}

static void add_caused(struct line *line, const struct report_cell *cell)
{
    const struct cell_statistics *own = &cell->statistics;
    if (!cell->ranked) {
        add_empty(line, 5);
        return;
    }
    bool compared = !isnan(own->caused_ratio.estimate);
    add_seconds(line, own->peer_cpu_ns);
    add_seconds(line, own->caused_cpu_ns);
    add_number(line, own->caused_ratio.estimate);
    add_number(line, compared ? own->caused_ratio.interval.low : (double)NAN);
    add_number(line, compared ? own->caused_ratio.interval.high : (double)NAN);
}

static void print_row(FILE *file, const struct report *report,
                      const struct report_table *table, const struct report_cell *cell)
{
    struct line line = {.file = file};
    add_table(&line, table);
    add_cell(&line, cell);
    add_ratio(&line, report_pair_with_best(table, cell));
    add_bool(&line, report->plan.for_decisions);
    add_bool(&line, report->complete);
    add_point(&line, report_find_point(report, cell));
    add_number(&line, counter_shown(cell->counters, COUNTER_SYSCALLS));
    add_number(&line, counter_shown(cell->counters, COUNTER_INSTRUCTIONS));
    add_number(&line, counter_shown(cell->counters, COUNTER_MEMORY_PER_TASK));
    add_caused(&line, cell);
    add_text(&line, cell->row);
    add_text(&line, cell->beside);
    add_text(&line, table->by_run ? "run" : "wall");
    CHECK(line.fields == ARRAY_LEN(names));
    fputc('\n', file);
}

void tables_csv(FILE *file, const struct report *report)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        fprintf(file, "%s%s", i == 0 ? "" : ",", names[i]);
    fputc('\n', file);
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].cell_count; j++)
            print_row(file, report, &report->tables[i], &report->tables[i].cells[j]);
}
