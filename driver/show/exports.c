// SPDX-License-Identifier: MIT
//
// exports.c - times in the formats of hyperfine, Go and Google Benchmark: see exports.h.
// JUnit is in export_junit.c.
#include "driver/show/exports.h"

#include "driver/analysis/samples.h"
#include "driver/report/counter_verdict.h"
#include "driver/report/read.h"
#include "driver/report/tree.h"
#include "lib/json_file.h"
#include "lib/plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// One row on its way out.
struct row {
    const struct report_table *table;
    const struct report_cell *cell;
    const struct samples *samples; // those that count; NULL: the row is not ranked
    json_t *out;                   // where JSON goes, or NULL
    FILE *file;
};

// Calls `visit` for each cell that is ranked, and `refuse`, if there is one, for the others.
static void each_cell(const struct report *report, json_t *out, FILE *file,
                      void (*visit)(const struct row *row),
                      void (*refuse)(const struct row *row))
{
    for (size_t i = 0; i < report->table_count; i++) {
        const struct report_table *table = &report->tables[i];
        for (size_t j = 0; j < table->cell_count; j++) {
            const struct report_cell *cell = &table->cells[j];
            struct samples samples;
            struct row row = {table, cell, NULL, out, file};
            if (!cell->ranked) {
                if (refuse != NULL)
                    refuse(&row);
                continue;
            }
            row.samples = &samples;
            if (samples_collect(table, &cell->samples, &samples) == 0)
                visit(&row);
            samples_free(&samples);
        }
    }
}

// The mean of a figure of all runs, in seconds; 0, which hyperfine writes too, where it
// is not known.
static double mean_seconds(const struct samples *samples,
                           double (*value)(const struct sample *sample))
{
    double sum = 0;
    for (size_t i = 0; i < samples->blocks; i++) {
        const struct sample *sample = samples->by_block[i];
        sum += sample == NULL || isnan(value(sample)) ? 0 : value(sample);
    }
    return samples->n == 0 ? 0 : sum / (double)samples->n / 1e9;
}

static double user_ns(const struct sample *sample)
{
    return sample->user_ns;
}

static double system_ns(const struct sample *sample)
{
    return sample->system_ns;
}

static json_t *seconds(double ns)
{
    return tree_real(ns / 1e9);
}

// As hyperfine writes a --parameter-scan: names and values are strings.
static json_t *sweep_parameters(const struct row *row)
{
    char concurrency[32];
    if (row->table->sweep == NULL)
        return NULL;
    snprintf(concurrency, sizeof concurrency, "%.0f", row->table->concurrency);
    return json_pack("{s:s}", "concurrency", concurrency);
}

static void add_hyperfine(const struct row *row)
{
    const struct report_cell *cell = row->cell;
    const struct samples *samples = row->samples;
    const struct summary *wall = &cell->statistics.wall_ns;
    json_t *times = json_array();
    json_t *codes = json_array();
    for (size_t i = 0; i < samples->blocks; i++) {
        if (samples->by_block[i] == NULL)
            continue;
        json_array_append_new(times, seconds(samples->by_block[i]->wall_ns));
        json_array_append_new(codes, json_integer(0));
    }
    json_array_append_new(
        row->out,
        json_pack("{s:s, s:o, s:o, s:o, s:f, s:f, s:o, s:o, s:o, s:o, s:o*}", "command",
                  cell->id, "mean", seconds(wall->mean), "stddev", seconds(wall->stddev),
                  "median", seconds(wall->median), "user", mean_seconds(samples, user_ns),
                  "system", mean_seconds(samples, system_ns), "min", seconds(wall->min),
                  "max", seconds(wall->max), "times", times, "exit_codes", codes,
                  "parameters", sweep_parameters(row)));
}

static void print_json(FILE *file, json_t *json)
{
    json_print_style(file, json, JSON_INDENT(2));
    json_decref(json);
}

void export_hyperfine(FILE *file, const struct report *report)
{
    json_t *results = json_array();
    each_cell(report, results, file, add_hyperfine, NULL);
    print_json(file, json_pack("{s:o}", "results", results));
}

// "Primes/one-cpu/coroutine/loops=2": a name may not have blanks.
static void benchmark_name(const struct report_cell *cell, char *name, size_t size)
{
    plain_copy(name, size, cell->id);
    if (name[0] >= 'a' && name[0] <= 'z')
        name[0] = (char)(name[0] - 'a' + 'A');
    for (char *letter = name; *letter != '\0'; letter++)
        if (strchr(" \t\r\n", *letter) != NULL)
            *letter = '_';
}

static void print_unit(FILE *file, double value, const char *unit)
{
    if (!isnan(value))
        fprintf(file, " %.6g %s", value, unit);
}

// A run is as many iterations as it has operations; a unit ends in "/op" where it is a mean.
static void print_run(const struct row *row, const char *name,
                      const struct sample *sample)
{
    double operations = sample->record.operations > 0 ? sample->record.operations : 1;
    fprintf(row->file, "Benchmark%s %.0f", name, operations);
    print_unit(row->file, sample->wall_ns / operations, "ns/op");
    print_unit(row->file, sample_cpu_ns(sample) / operations, "cpu-ns/op");
    print_unit(row->file, counter_shown(row->cell->counters, COUNTER_SYSCALLS),
               "calls/op");
    print_unit(row->file, sample->record.p50_ns, "p50-ns");
    print_unit(row->file, sample->record.p99_ns, "p99-ns");
    fputc('\n', row->file);
}

static void print_gobench(const struct row *row)
{
    char name[200];
    benchmark_name(row->cell, name, sizeof name);
    for (size_t i = 0; i < row->samples->blocks; i++)
        if (row->samples->by_block[i] != NULL)
            print_run(row, name, row->samples->by_block[i]);
}

void export_gobench(FILE *file, const struct report *report)
{
    const char *cpu = environment_text(report->environment, "cpu_model");
    fputs("goos: linux\n", file);
    if (cpu != NULL)
        plain_line(file, "cpu: %s", cpu);
    each_cell(report, NULL, file, print_gobench, NULL);
}

// A row without a time is there all the same, and says why: a comparison must not lose it.
static void add_gbench_error(const struct row *row)
{
    char name[200];
    char why[400];
    const char *reason = row->cell->reason;
    benchmark_name(row->cell, name, sizeof name);
    if (reason == NULL)
        reason = row->cell->unranked_reason;
    plain_copy(why, sizeof why, reason[0] == '\0' ? "it is not ranked" : reason);
    json_array_append_new(row->out,
                          json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:b, s:s}", "name",
                                    name, "run_name", name, "run_type", "iteration",
                                    "repetitions", 0, "repetition_index", 0, "threads", 1,
                                    "error_occurred", 1, "error_message", why));
}

static void add_gbench(const struct row *row)
{
    const struct samples *samples = row->samples;
    char name[200];
    size_t index = 0;
    benchmark_name(row->cell, name, sizeof name);
    for (size_t i = 0; i < samples->blocks; i++) {
        const struct sample *sample = samples->by_block[i];
        if (sample == NULL)
            continue;
        json_array_append_new(
            row->out, json_pack("{s:s, s:s, s:s, s:I, s:I, s:i, s:i, s:o, s:o, s:s}",
                                "name", name, "run_name", name, "run_type", "iteration",
                                "repetitions", (json_int_t)samples->n, "repetition_index",
                                (json_int_t)index++, "threads", 1, "iterations", 1,
                                "real_time", tree_real(sample->wall_ns), "cpu_time",
                                tree_real(sample_cpu_ns(sample)), "time_unit", "ns"));
    }
}

// "32K" or "1024K" of /sys in bytes.
static json_int_t cache_bytes(const char *text)
{
    char *end;
    json_int_t size = strtoll(text, &end, 10);
    return *end == 'K' ? size * 1024 : *end == 'M' ? size * 1048576 : size;
}

static json_t *gbench_caches(const json_t *environment)
{
    json_t *list = json_array();
    size_t index;
    json_t *own;
    json_array_foreach(tree_array(environment, "caches"), index, own)
    {
        int level;
        char type[16];
        char size[16];
        const char *text = json_string_value(own); // "L1 Data 32K"
        if (text == NULL || sscanf(text, "L%d %15s %15s", &level, type, size) != 3)
            continue;
        json_array_append_new(list, json_pack("{s:s, s:i, s:I, s:i}", "type", type,
                                              "level", level, "size", cache_bytes(size),
                                              "num_sharing", 1));
    }
    return list;
}

void export_gbench(FILE *file, const struct report *report)
{
    json_t *benchmarks = json_array();
    each_cell(report, benchmarks, file, add_gbench, add_gbench_error);
    const char *date = report->started_utc;
    const char *host = environment_text(report->environment, "testbed");
    // Caches are an empty list where they are not known, as where Google's library finds none: its own tools
    // take the members for granted. The host is named by its testbed, as everywhere.
    json_t *context = json_pack("{s:s, s:s, s:s, s:O?, s:o, s:o, s:s, s:i}", "date",
                                date == NULL ? "" : date, "host_name",
                                host == NULL ? "unknown" : host, "executable", "quartet",
                                "num_cpus", tree_at(report->environment, "cpus_online"),
                                "caches", gbench_caches(report->environment), "load_avg",
                                json_array(), "library_build_type",
                                report->plan.optimised == TRUTH_YES ? "release" : "debug",
                                "json_schema_version", 1);
    print_json(file,
               json_pack("{s:o, s:o}", "context", context, "benchmarks", benchmarks));
}
