// SPDX-License-Identifier: MIT
//
// analysis_bench.c - how long do the statistics of a report of 10,000 runs take? Makes
// such reports in memory, in shapes from many short tables to a few long ones, with run
// records as long as real ones, and holds the stop-watch to analysis_add() alone. (Reading
// such a file of some 30 MB is jansson's work, and shown beside it.)
//
// Exit 1 if one shape takes longer than the limit. Read next: tests/bench/README.md.
#include "driver/analysis/analysis.h"
#include "driver/page/page.h"
#include "driver/report/read.h"
#include "driver/report/write.h"
#include "driver/statistics/random.h"
#include "lib/check.h"
#include "tests/driver/statistics/draw.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS    10000
#define LIMIT_S 1.0
#define BUCKETS 60 // of a latency histogram

// How 10,000 runs may be spread.
struct shape {
    unsigned tables;
    unsigned models;
    unsigned rounds;
};

static const struct shape shapes[] = {
    {128, 5, 16}, {125, 4, 20}, {100, 5, 20}, {50, 5, 40},  {33, 5, 60},   {25, 4, 100},
    {10, 5, 200}, {10, 4, 250}, {2, 5, 1000}, {1, 5, 2000}, {1, 10, 1000},
};

// ---- an invented report ------------------------------------------------------------

static json_t *latency(struct random *random)
{
    json_t *buckets = json_array();
    for (json_int_t i = 0; i < BUCKETS; i++)
        json_array_append_new(buckets,
                              json_pack("[I, I]", 50000000 + (i << 15),
                                        (json_int_t)random_below(random, 40) + 1));
    return json_pack("{s:s, s:o}", "kind", "service", "buckets", buckets);
}

static json_t *record(struct random *random, double run_ns)
{
    return json_pack(
        "{s:s, s:s, s:n, s:{s:i, s:i}, s:i, s:{s:i, s:i, s:i, s:i, s:i, s:s}, "
        "s:{s:i, s:i, s:i, s:i}, s:{s:i, s:i, s:f, s:i, s:i}, s:o, s:{s:f, s:f}, "
        "s:{s:i, s:i}, s:{s:i, s:i}, s:n}",
        "schema", "quartet.run/1", "status", "ok", "reason", "parameters", "limit", 100,
        "delay_ns", 50000, "seed", 1, "ledger", "tasks", 1000, "operations", 4000,
        "bytes_in", 256000, "bytes_out", 256000, "errors", 0, "checksum",
        "0123456789abcdef", "expected", "tasks", 1000, "operations", 4000, "bytes_in",
        256000, "bytes_out", 256000, "phases_ns", "setup", 1000, "spawn", 2000, "run",
        run_ns, "join", 3000, "teardown", 4000, "latency_ns", latency(random), "cpu_ns",
        "user", 0.2 * run_ns, "system", 0.1 * run_ns, "context_switches", "voluntary",
        (int)random_below(random, 4000), "involuntary", 3, "page_faults", "minor", 2000,
        "major", 0, "memory");
}

static json_t *sample(struct random *random, unsigned block, double level)
{
    double wall_ns = 200e6 * level * exp(0.01 * draw_normal(random));
    return json_pack("{s:I, s:f, s:i, s:o}", "block", (json_int_t)block, "wall_ns",
                     floor(wall_ns), "exit_code", 0, "record",
                     record(random, 0.95 * wall_ns));
}

static json_t *cell(struct random *random, const struct shape *shape, unsigned number)
{
    char name[32];
    snprintf(name, sizeof name, "model-%u", number);
    json_t *samples = json_array();
    json_t *twins = json_array();
    for (unsigned block = 1; block <= shape->rounds; block++) {
        double level = 1 + 0.02 * number;
        json_array_append_new(samples, sample(random, block, level));
        if (block % shape->models == number)
            json_array_append_new(twins, sample(random, block, level));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:n}", "id", name, "model", name,
                     "label", name, "status", "ok", "samples", samples, "twins", twins,
                     "warmup");
}

static json_t *table(struct random *random, const struct shape *shape, unsigned number)
{
    char name[32];
    snprintf(name, sizeof name, "table-%u", number);
    json_t *blocks = json_array();
    json_t *cells = json_array();
    for (unsigned block = 1; block <= shape->rounds; block++)
        json_array_append_new(blocks, json_pack("{s:I, s:b}", "number", (json_int_t)block,
                                                "valid", 1));
    for (unsigned i = 0; i < shape->models; i++)
        json_array_append_new(cells, cell(random, shape, i));
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", name, "workload", name, "kind",
                     "cpu", "blocks", blocks, "cells", cells);
}

static json_t *make_report(const struct shape *shape)
{
    struct random random;
    random_init(&random, 1);
    json_t *tables = json_array();
    for (unsigned i = 0; i < shape->tables; i++)
        json_array_append_new(tables, table(&random, shape, i));
    return json_pack("{s:s, s:b, s:{s:i}, s:o}", "schema", "quartet.report/1", "complete",
                     1, "plan", "seed", 1, "tables", tables);
}

// ---- the stop-watch ----------------------------------------------------------------

// CPU time of this process, which has one thread and waits for nothing: what others run on
// the machine meanwhile does not count.
static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// Writes the page with all its plots; how long it took, and its size in bytes.
static double page_s(const struct report *report, long *size)
{
    FILE *file = tmpfile();
    CHECK(file != NULL);
    double begin_s = cpu_s();
    page_print(file, report);
    CHECK(fflush(file) == 0);
    double took_s = cpu_s() - begin_s;
    *size = ftell(file);
    fclose(file);
    return took_s;
}

// Prints a line; true if it was within the limit.
static bool measure(const struct shape *shape)
{
    struct reason reason;
    json_t *report = make_report(shape);
    double begin_s = cpu_s();
    struct report read;
    report_read(&read, report);
    CHECK(report_analyse(&read, &reason) == 0);
    json_t *written = report_write(&read);
    double analysis_s = cpu_s() - begin_s;

    char *text = json_dumps(written, JSON_INDENT(1));
    CHECK(text != NULL);
    begin_s = cpu_s();
    json_t *again = json_loads(text, 0, NULL);
    double reading_s = cpu_s() - begin_s;
    CHECK(again != NULL);
    long size;
    double drawing_s = page_s(&read, &size);
    printf("%6u %6u %6u %6u   %9.3f s %9.3f s %9.3f s %8ld kB\n", shape->tables,
           shape->models, shape->rounds, shape->tables * shape->models * shape->rounds,
           analysis_s, reading_s, drawing_s, size / 1000);
    free(text);
    json_decref(again);
    json_decref(written);
    report_free(&read);
    json_decref(report);
    return analysis_s <= LIMIT_S && drawing_s <= LIMIT_S;
}

// In a process of its own, as `quartet report` is: the heap of one that has built up and
// taken down other reports before is slower.
static bool measure_apart(const struct shape *shape)
{
    fflush(stdout);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0)
        exit(measure(shape) ? 0 : 1);
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(void)
{
    bool fine = true;
    printf("tables models rounds   runs    statistics     reading        page\n");
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
        fine = measure_apart(&shapes[i]) && fine;
    printf("limit %38.3f s   %s\n", LIMIT_S, fine ? "kept" : "MISSED");
    return fine ? 0 : 1;
}
