// SPDX-License-Identifier: MIT
//
// exports.c - times in the formats of hyperfine, Go and Google Benchmark: see exports.h.
// JUnit is in export_junit.c.
#include "driver/show/exports.h"

#include "driver/analysis/samples.h"
#include "driver/report/json.h"
#include "driver/report/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Calls `visit` for each ranked cell with the runs that count.
static void each_cell(const struct report *report, json_t *out, FILE *file,
                      void (*visit)(const struct report_cell *cell,
                                    const struct samples *samples, json_t *out,
                                    FILE *file))
{
    for (size_t i = 0; i < report->table_count; i++) {
        const struct report_table *table = &report->tables[i];
        for (size_t j = 0; j < table->cell_count; j++) {
            const struct report_cell *cell = &table->cells[j];
            struct samples samples;
            if (!cell->ranked)
                continue;
            if (samples_collect(table, &cell->samples, &samples) == 0)
                visit(cell, &samples, out, file);
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

static void add_hyperfine(const struct report_cell *cell, const struct samples *samples,
                          json_t *out, FILE *file)
{
    (void)file;
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
        out,
        json_pack("{s:s, s:o, s:o, s:o, s:f, s:f, s:o, s:o, s:o, s:o}", "command",
                  cell->id, "mean", seconds(wall->mean), "stddev", seconds(wall->stddev),
                  "median", seconds(wall->median), "user", mean_seconds(samples, user_ns),
                  "system", mean_seconds(samples, system_ns), "min", seconds(wall->min),
                  "max", seconds(wall->max), "times", times, "exit_codes", codes));
}

static void print_json(FILE *file, json_t *json)
{
    json_dumpf(json, file, JSON_INDENT(2));
    fputc('\n', file);
    json_decref(json);
}

void export_hyperfine(FILE *file, const struct report *report)
{
    json_t *results = json_array();
    each_cell(report, results, file, add_hyperfine);
    print_json(file, json_pack("{s:o}", "results", results));
}

// "Primes/one-cpu/coroutine/loops=2": a name may not have blanks.
static void benchmark_name(const struct report_cell *cell, char *name, size_t size)
{
    snprintf(name, size, "%s", cell->id);
    if (name[0] >= 'a' && name[0] <= 'z')
        name[0] = (char)(name[0] - 'a' + 'A');
    for (char *letter = name; *letter != '\0'; letter++)
        if (strchr(" \t\r\n", *letter) != NULL)
            *letter = '_';
}

static void print_gobench(const struct report_cell *cell, const struct samples *samples,
                          json_t *out, FILE *file)
{
    (void)out;
    char name[200];
    benchmark_name(cell, name, sizeof name);
    for (size_t i = 0; i < samples->blocks; i++)
        if (samples->by_block[i] != NULL)
            fprintf(file, "Benchmark%s 1 %.0f ns/op\n", name,
                    samples->by_block[i]->wall_ns);
}

void export_gobench(FILE *file, const struct report *report)
{
    const char *cpu = environment_text(report->environment, "cpu_model");
    fputs("goos: linux\n", file);
    if (cpu != NULL && strpbrk(cpu, "\r\n") == NULL)
        fprintf(file, "cpu: %s\n", cpu);
    each_cell(report, NULL, file, print_gobench);
}

static void add_gbench(const struct report_cell *cell, const struct samples *samples,
                       json_t *out, FILE *file)
{
    (void)file;
    char name[200];
    size_t index = 0;
    benchmark_name(cell, name, sizeof name);
    for (size_t i = 0; i < samples->blocks; i++) {
        const struct sample *sample = samples->by_block[i];
        if (sample == NULL)
            continue;
        json_array_append_new(
            out, json_pack("{s:s, s:s, s:s, s:I, s:I, s:i, s:i, s:o, s:o, s:s}", "name",
                           name, "run_name", name, "run_type", "iteration", "repetitions",
                           (json_int_t)samples->n, "repetition_index",
                           (json_int_t)index++, "threads", 1, "iterations", 1,
                           "real_time", tree_real(sample->wall_ns), "cpu_time",
                           tree_real(sample_cpu_ns(sample)), "time_unit", "ns"));
    }
}

void export_gbench(FILE *file, const struct report *report)
{
    json_t *benchmarks = json_array();
    each_cell(report, benchmarks, file, add_gbench);
    const char *date = report->started_utc;
    json_t *context =
        json_pack("{s:s, s:s, s:O?, s:s}", "date", date == NULL ? "" : date, "executable",
                  "quartet", "num_cpus", tree_at(report->environment, "cpus_online"),
                  "library_build_type",
                  report->plan.optimised == TRUTH_YES ? "release" : "debug");
    print_json(file,
               json_pack("{s:o, s:o}", "context", context, "benchmarks", benchmarks));
}
