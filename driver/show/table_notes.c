// SPDX-License-Identifier: MIT
//
// table_notes.c - see table_notes.h.
#include "driver/show/table_notes.h"

#include "driver/measure/environment.h"
#include "driver/report/json.h"
#include "driver/report/table_noise.h"
#include "driver/statistics/verdict.h"
#include "lib/format.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LINE_SIZE 1000

const char *const words_legend[] = {
    ("wall: median time of a whole run, from starting the program to its exit, and the "
     "interval that holds the true median with the confidence that stands above it."),
    ("ratio to best: how many times as long as the best row took in the same rounds, and "
     "the interval of that ratio. ~ it contains 1: no difference can be told. ? too few "
     "rounds to say. Fewer than 6 rounds cannot promise an interval of 95 %."),
    "run: from the first task to the end of the last; per op: run divided by operations.",
    "CPU: user and system time of all processes of the runner, without the back end.",
    "switches: voluntary (it waited) and involuntary (it was interrupted).",
    "calls, instr.: system calls and instructions of an operation, counted in more runs.",
    "memory: peak of all processes of the runner, from one more run that is not timed.",
    "p50, p99: half and 99 % of the operations took no longer; all runs put together.",
    "DNF: the limits of this machine do not allow it. Rows with a reason are not ranked.",
    "Compare rows of one table only; times of another day or machine say nothing.",
    NULL,
};

// Appends a formatted line; what is out of memory or out of UTF-8 never ends a report.
__attribute__((format(printf, 2, 3))) static void add_line(json_t *lines,
                                                           const char *format, ...)
{
    char line[LINE_SIZE];
    char plain[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    format_plain(plain, sizeof plain, line);
    json_array_append_new(lines, tree_string(plain));
}

// Appends to a line in the making, cut to its size.
__attribute__((format(printf, 2, 3))) static void extend(char *line, const char *format,
                                                         ...)
{
    size_t used = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + used, LINE_SIZE - used, format, arguments);
    va_end(arguments);
}

// ---- the whole report ------------------------------------------------------------

static void describe_machine(char *line, const json_t *environment)
{
    const char *cpu = tree_text(environment, "cpu_model", NULL);
    char kernel[ENVIRONMENT_KERNEL_SIZE];
    const char *virtual = tree_text(environment, "virtualisation", NULL);
    double cpus = tree_number(environment, "cpus_online");
    environment_kernel(environment, kernel);
    if (cpu != NULL)
        extend(line, "%.100s", cpu);
    if (!isnan(cpus))
        extend(line, "%s%.0f CPUs", line[0] == '\0' ? "" : ", ", cpus);
    if (kernel[0] != '\0')
        extend(line, "%sLinux %s", line[0] == '\0' ? "" : ", ", kernel);
    if (virtual != NULL)
        extend(line, "%s%.40s", line[0] == '\0' ? "" : ", ", virtual);
}

// What was cut, so that the session ended in time.
static void describe_budget(json_t *lines, const json_t *budget)
{
    char text[32];
    char line[LINE_SIZE] = "";
    double left_out = tree_number(budget, "blocks_left_out");
    double detectable = tree_number(budget, "detectable");
    if (isnan(tree_number(budget, "rounds_fit")))
        return; // none, or it was not known yet what fits
    format_duration(text, sizeof text, tree_number(budget, "ns"));
    extend(line, "time budget %s: %.0f of %.0f rounds fit", text,
           tree_number(budget, "rounds_fit"), tree_number(budget, "rounds_wanted"));
    if (left_out > 0)
        extend(line, ", of which %.0f blocks were left out at the end", left_out);
    if (detectable >= 0)
        extend(line, "; expected to tell differences of about %.1f %% (by %.80s)",
               100 * detectable, tree_text(budget, "detectable_from", "?"));
    add_line(lines, "%s", line);
}

json_t *words_heading(const json_t *report)
{
    json_t *lines = json_array();
    char line[LINE_SIZE] = "";
    extend(line, "quartet %.40s",
           tree_text(report, "tool.version", "of unknown version"));
    const char *commit = tree_text(report, "tool.commit", NULL);
    if (commit != NULL)
        extend(line, " (%.40s)", commit);
    extend(line, ", profile %.40s", tree_text(report, "plan.profile", "unknown"));
    double seed = tree_number(report, "plan.seed");
    if (!isnan(seed))
        extend(line, ", seed %.0f", seed);
    extend(line, ", %.40s", tree_text(report, "started_utc", "at an unknown time"));
    double duration_ns = tree_number(report, "duration_ns");
    if (!isnan(duration_ns)) {
        char duration[80];
        format_duration(duration, sizeof duration, duration_ns);
        extend(line, ", took %s", duration);
    }
    size_t resumed = json_array_size(tree_array(report, "resumed"));
    if (resumed > 0)
        extend(line, ", in %zu parts", resumed + 1);
    add_line(lines, "%s", line);
    line[0] = '\0';
    describe_machine(line, tree_at(report, "environment"));
    if (line[0] != '\0')
        add_line(lines, "%s", line);
    describe_budget(lines, tree_at(report, "plan.time_budget"));
    return lines;
}

json_t *words_warnings(const json_t *report)
{
    json_t *lines = json_array();
    if (!tree_true(report, "complete"))
        add_line(lines, "INCOMPLETE: %s",
                 tree_text(report, "incomplete_reason",
                           "the session did not end normally"));
    if (json_is_false(tree_at(report, "plan.optimised")))
        add_line(lines,
                 "NOT OPTIMISED: the runners are a debug or sanitizer build; times "
                 "mean nothing.");
    if (!tree_true(report, "plan.for_decisions"))
        add_line(lines, "Not for decisions: too few rounds. To decide, use "
                        "'quartet run --profile default'.");
    return lines;
}

// ---- one table -------------------------------------------------------------------

// How many blocks of the table are valid, or how many are not.
static size_t count_blocks(const json_t *table, bool valid)
{
    size_t count = 0;
    size_t index;
    json_t *block;
    json_array_foreach(tree_array(table, "blocks"), index, block)
    {
        count += tree_true(block, "valid") == valid;
    }
    return count;
}

static void describe_cpus(char *line, const json_t *table)
{
    const char *cpus = tree_text(table, "cpus", NULL);
    const char *peer = tree_text(table, "peer_cpus", NULL);
    if (cpus != NULL)
        extend(line, "; on CPU %.60s", cpus);
    else
        extend(line, "; not pinned to CPUs");
    if (peer != NULL)
        extend(line, ", back end on CPU %.60s", peer);
}

static void describe_arguments(char *line, const json_t *table)
{
    size_t index;
    json_t *word;
    json_array_foreach(tree_array(table, "arguments"), index, word)
    {
        const char *text = json_string_value(word);
        extend(line, "%s%.100s", index == 0 ? "; " : " ", text == NULL ? "?" : text);
    }
}

json_t *words_captions(const json_t *report, const json_t *table)
{
    json_t *lines = json_array();
    char line[LINE_SIZE] = "";
    double tasks = tree_number(table, "tasks");
    double concurrency = tree_number(table, "concurrency");
    size_t valid = count_blocks(table, true);
    if (!isnan(tasks))
        extend(line, "%.0f tasks, ", tasks);
    if (!isnan(concurrency))
        extend(line, "at most %.0f at a time, ", concurrency);
    extend(line, "%zu round%s", valid, valid == 1 ? "" : "s");
    describe_cpus(line, table);
    describe_arguments(line, table);
    add_line(lines, "%s", line);

    const char *operation = tree_text(table, "operation", NULL);
    if (operation != NULL)
        add_line(lines, "operations: %s%s", operation,
                 tree_true(report, "plan.for_decisions") ? "" : "; not for decisions");
    else if (!tree_true(report, "plan.for_decisions"))
        add_line(lines, "not for decisions");
    return lines;
}

static void describe_verification(json_t *lines, const json_t *table)
{
    const json_t *equal = tree_at(table, "verification.equal_work");
    const char *checksum = tree_text(table, "verification.checksum", NULL);
    if (json_is_true(equal))
        add_line(lines, "equal work: all ranked rows have the same ledger, checksum %s",
                 checksum == NULL ? "unknown" : checksum);
    else if (json_is_false(equal))
        add_line(lines, "UNEQUAL WORK: rows that differ are not ranked%s%s",
                 checksum == NULL ? "" : "; checksum of the others: ",
                 checksum == NULL ? "" : checksum);
}

// The sum of a figure over all runs of a cell.
static double sum_over_samples(const json_t *cell, const char *path)
{
    double sum = 0;
    size_t index;
    json_t *sample;
    json_array_foreach(tree_array(cell, "samples"), index, sample)
    {
        double figure = tree_number(sample, path);
        sum += isnan(figure) ? 0 : figure;
    }
    return sum;
}

// Lost connection attempts cost a second each and say nothing about a model. The kernel
// counts them for the whole machine, so only cells that use sockets are asked.
static void describe_network(json_t *lines, const json_t *cell)
{
    double overflows = sum_over_samples(cell, "record.network.listen_overflows");
    double segments = sum_over_samples(cell, "record.network.retransmitted_segments");
    bool uses_sockets = sum_over_samples(cell, "record.ledger.bytes_out") > 0;
    if (uses_sockets && (overflows > 0 || segments > 0))
        add_line(
            lines,
            "%.80s: during its runs this machine sent %.0f segments again and had %.0f "
            "listen overflows",
            tree_text(cell, "label", "?"), segments, overflows);
}

// What the runner itself found worth saying; the same in all runs, so once.
static void describe_remarks(json_t *lines, const json_t *cell)
{
    const json_t *first = json_array_get(tree_array(cell, "samples"), 0);
    size_t index;
    json_t *remark;
    json_array_foreach(tree_array(first, "record.notes"), index, remark)
    {
        const char *text = json_string_value(remark);
        if (text != NULL)
            add_line(lines, "%.80s: %.400s", tree_text(cell, "label", "?"), text);
    }
}

// Where most of the wall time is the start and the end of a program, the ratio says
// more about those than about the model.
static void describe_short_runs(json_t *lines, const json_t *table)
{
    char names[LINE_SIZE] = "";
    size_t index;
    json_t *cell;
    json_array_foreach(tree_array(table, "cells"), index, cell)
    {
        double model_ns = tree_number(cell, "statistics.phases_ns.spawn") +
                          tree_number(cell, "statistics.phases_ns.run") +
                          tree_number(cell, "statistics.phases_ns.join");
        if (model_ns < tree_number(cell, "statistics.wall_ns.median") / 2)
            extend(names, "%s%.80s", names[0] == '\0' ? "" : ", ",
                   tree_text(cell, "label", "?"));
    }
    if (names[0] != '\0')
        add_line(lines,
                 "%s: most of the wall time is the start and the end of the program; "
                 "compare by 'per op', not by the ratio",
                 names);
}

// How much the figures move although nothing differs.
static void describe_noise(json_t *lines, const json_t *table)
{
    double floor = tree_number(table, "noise.floor");
    double drift = tree_number(table, "noise.drift");
    if (tree_true(table, "noise.noisy"))
        add_line(lines,
                 "NOISY: some rounds were disturbed from outside and count all the "
                 "same, since no re-runs were left: conclude nothing from this");
    if (floor >= 0)
        add_line(lines,
                 "noise floor: rows against themselves differ by up to %.1f %% (%.0f "
                 "pairs); less than that is no difference",
                 100 * floor, tree_number(table, "noise.twins"));
    if (fabs(drift) > TABLE_NOISE_DRIFT)
        add_line(lines,
                 "drift: times %s during the session (rank correlation with the round "
                 "%+.2f); ratios within rounds are not touched by that",
                 drift > 0 ? "grew" : "fell", drift);
}

json_t *words_notes(const json_t *table)
{
    json_t *lines = json_array();
    double decided_after = tree_number(table, "decided_after");
    if (decided_after > 0)
        add_line(lines,
                 "decided after %.0f rounds: each two rows are told apart, or equal "
                 "within %.0f %%",
                 decided_after, 100 * VERDICT_THRESHOLD);
    describe_verification(lines, table);
    describe_short_runs(lines, table);
    describe_noise(lines, table);
    size_t index;
    json_t *cell;
    json_array_foreach(tree_array(table, "cells"), index, cell)
    {
        describe_network(lines, cell);
        describe_remarks(lines, cell);
    }
    json_t *block;
    json_array_foreach(tree_array(table, "blocks"), index, block)
    {
        if (!tree_true(block, "valid"))
            add_line(lines, "round %.0f was disturbed and is left out: %s",
                     tree_number(block, "number"),
                     tree_text(block, "invalid_reason", "no reason given"));
    }
    return lines;
}
