// SPDX-License-Identifier: MIT
//
// table_notes.c - see table_notes.h.
#include "driver/show/table_notes.h"

#include "driver/report/json.h"
#include "driver/report/read.h"
#include "driver/report/table_noise.h"
#include "driver/statistics/verdict.h"
#include "lib/check.h"
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
     "the interval of that ratio. ~ no difference can be told: p, corrected for all "
     "pairs "
     "of all tables, is 0.05 or more, or the twins differ as much. ? too few rounds to "
     "say. Fewer than 6 rounds cannot promise an interval of 95 %."),
    "run: from the first task to the end of the last; per op: run divided by operations.",
    ("CPU: user and system time of all processes of the runner. peer CPU: that of its "
     "back "
     "end, server or load generator during the run; CPU sum: both, all that the row "
     "causes. "
     "A model that blocks makes its peer pay for waking it."),
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

// Of "6.1.0-18-amd64" only "6.1": the rest changes with every update.
static int kernel_length(const char *release)
{
    size_t length = strcspn(release, ".");
    if (release[length] == '.')
        length += 1 + strspn(release + length + 1, "0123456789");
    return (int)(length < 31 ? length : 31);
}

static void describe_machine(char *line, const json_t *environment)
{
    const char *cpu = environment_text(environment, "cpu_model");
    const char *kernel = environment_text(environment, "kernel");
    const char *virtual = environment_text(environment, "virtualisation");
    double cpus = environment_number(environment, "cpus_online");
    if (cpu != NULL)
        extend(line, "%.100s", cpu);
    if (!isnan(cpus))
        extend(line, "%s%.0f CPUs", line[0] == '\0' ? "" : ", ", cpus);
    if (kernel != NULL && kernel_length(kernel) > 0)
        extend(line, "%sLinux %.*s", line[0] == '\0' ? "" : ", ", kernel_length(kernel),
               kernel);
    if (virtual != NULL)
        extend(line, "%s%.40s", line[0] == '\0' ? "" : ", ", virtual);
}

// Describes what was cut, so that the session ended in time.
static void describe_budget(json_t *lines, const struct report_budget *budget)
{
    char text[32];
    char line[LINE_SIZE] = "";
    if (isnan(budget->rounds_fit))
        return; // none, or it was not known yet what fits
    format_duration(text, sizeof text, budget->ns);
    extend(line, "time budget %s: %.0f of %.0f rounds fit", text, budget->rounds_fit,
           budget->rounds_wanted);
    if (budget->blocks_left_out > 0)
        extend(line, ", of which %.0f blocks were left out at the end",
               budget->blocks_left_out);
    if (budget->detectable >= 0)
        extend(line, "; expected to tell differences of about %.1f %% (by %.80s)",
               100 * budget->detectable,
               budget->detectable_from == NULL ? "?" : budget->detectable_from);
    add_line(lines, "%s", line);
}

static void describe_session(char *line, const struct report *report)
{
    const char *version = report->version;
    const char *profile = report->plan.profile;
    const char *started = report->started_utc;
    char duration[80];
    extend(line, "quartet %.40s", version == NULL ? "of unknown version" : version);
    if (report->commit != NULL)
        extend(line, " (%.40s)", report->commit);
    extend(line, ", profile %.40s", profile == NULL ? "unknown" : profile);
    if (!isnan(report->plan.seed_shown))
        extend(line, ", seed %.0f", report->plan.seed_shown);
    extend(line, ", %.40s", started == NULL ? "at an unknown time" : started);
    if (!isnan(report->duration_ns)) {
        format_duration(duration, sizeof duration, report->duration_ns);
        extend(line, ", took %s", duration);
    }
    if (report->resumed != NULL)
        extend(line, ", in %zu parts", json_array_size(report->resumed) + 1);
}

// Workloads that were asked for and could not be built.
static void describe_left_out(json_t *lines, const struct report_plan *plan)
{
    for (size_t i = 0; i < plan->left_out_count; i++) {
        const struct left_out *absent = &plan->left_out[i];
        add_line(lines, "SKIP %.60s: left out of this build: %.300s%s%.100s",
                 absent->name, absent->reason,
                 absent->package != NULL ? "; install " : "",
                 absent->package != NULL ? absent->package : "");
    }
}

json_t *words_heading(const struct report *report)
{
    json_t *lines = json_array();
    char line[LINE_SIZE] = "";
    describe_session(line, report);
    add_line(lines, "%s", line);
    line[0] = '\0';
    describe_machine(line, report->environment);
    if (line[0] != '\0')
        add_line(lines, "%s", line);
    describe_budget(lines, &report->plan.budget);
    describe_left_out(lines, &report->plan);
    return lines;
}

json_t *words_warnings(const struct report *report)
{
    json_t *lines = json_array();
    if (!report->complete)
        add_line(lines, "INCOMPLETE: %s",
                 report->incomplete_reason == NULL ? "the session did not end normally"
                                                   : report->incomplete_reason);
    if (report->plan.optimised == TRUTH_NO)
        add_line(lines,
                 "NOT OPTIMISED: the runners are a debug or sanitizer build; times "
                 "mean nothing.");
    if (!report->plan.for_decisions)
        add_line(lines, "Not for decisions: too few rounds. To decide, use "
                        "'quartet run --profile default'.");
    return lines;
}

// ---- one table -------------------------------------------------------------------

static size_t count_valid(const struct report_table *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->block_count; i++)
        count += table->blocks[i].valid;
    return count;
}

static void describe_cpus(char *line, const struct report_table *table)
{
    if (table->cpus != NULL)
        extend(line, "; on CPU %.60s", table->cpus);
    else
        extend(line, "; not pinned to CPUs");
    if (table->peer_cpus != NULL)
        extend(line, ", back end on CPU %.60s", table->peer_cpus);
}

static void describe_arguments(char *line, const json_t *arguments)
{
    size_t index;
    json_t *word;
    json_array_foreach(arguments, index, word)
    {
        const char *text = json_string_value(word);
        extend(line, "%s%.100s", index == 0 ? "; " : " ", text == NULL ? "?" : text);
    }
}

json_t *words_captions(const struct report *report, const struct report_table *table)
{
    json_t *lines = json_array();
    char line[LINE_SIZE] = "";
    size_t valid = count_valid(table);
    bool many = table->tasks > 1; // false also where it is not known
    if (many)
        extend(line, "%.0f tasks, ", table->tasks);
    if (many && !isnan(table->concurrency))
        extend(line, "at most %.0f at a time, ", table->concurrency);
    extend(line, "%zu round%s", valid, valid == 1 ? "" : "s");
    describe_cpus(line, table);
    describe_arguments(line, table->arguments);
    add_line(lines, "%s", line);
    if (table->operation != NULL)
        add_line(lines, "operations: %s%s", table->operation,
                 report->plan.for_decisions ? "" : "; not for decisions");
    else if (!report->plan.for_decisions)
        add_line(lines, "not for decisions");
    return lines;
}

static void describe_verification(json_t *lines, const struct verification *own)
{
    const char *checksum = own->checksum;
    if (own->equal_work == TRUTH_YES)
        add_line(lines, "equal work: all ranked rows have the same ledger, checksum %s",
                 checksum == NULL ? "unknown" : checksum);
    else if (own->equal_work == TRUTH_NO)
        add_line(lines, "UNEQUAL WORK: rows that differ are not ranked%s%s",
                 checksum == NULL ? "" : "; checksum of the others: ",
                 checksum == NULL ? "" : checksum);
}

// The sum of a figure of the records over all runs of a cell.
static double sum_over_samples(const struct report_cell *cell, const char *path)
{
    double sum = 0;
    for (size_t i = 0; i < cell->samples.count; i++) {
        double figure = tree_number(cell->samples.list[i].record.json, path);
        sum += isnan(figure) ? 0 : figure;
    }
    return sum;
}

// Lost connection attempts cost a second each and say nothing about a model. The kernel
// counts them for the whole machine, so only cells that use sockets are asked.
static void describe_network(json_t *lines, const struct report_cell *cell)
{
    double overflows = sum_over_samples(cell, "network.listen_overflows");
    double segments = sum_over_samples(cell, "network.retransmitted_segments");
    bool uses_sockets = sum_over_samples(cell, "ledger.bytes_out") > 0;
    if (uses_sockets && (overflows > 0 || segments > 0))
        add_line(
            lines,
            "%.80s: during its runs this machine sent %.0f segments again and had %.0f "
            "listen overflows",
            cell->label, segments, overflows);
}

// Notes of the runner itself; the same in all runs, so once.
static void describe_remarks(json_t *lines, const struct report_cell *cell)
{
    size_t index;
    json_t *remark;
    if (cell->samples.count == 0)
        return;
    json_array_foreach(tree_array(cell->samples.list[0].record.json, "notes"), index,
                       remark)
    {
        const char *text = json_string_value(remark);
        if (text != NULL)
            add_line(lines, "%.80s: %.400s", cell->label, text);
    }
}

// Where most of the wall time is the start and the end of a program, the ratio says
// more about those than about the model.
static void describe_short_runs(json_t *lines, const struct report_table *table)
{
    char names[LINE_SIZE] = "";
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        const double *phases_ns = cell->statistics.phases_ns;
        double model_ns =
            phases_ns[PHASE_SPAWN] + phases_ns[PHASE_RUN] + phases_ns[PHASE_JOIN];
        if (cell->ranked && model_ns < cell->statistics.wall_ns.median / 2)
            extend(names, "%s%.80s", names[0] == '\0' ? "" : ", ", cell->label);
    }
    if (names[0] != '\0')
        add_line(lines,
                 "%s: most of the wall time is the start and the end of the program; "
                 "compare by 'per op', not by the ratio",
                 names);
}

// The row that causes least CPU time stands first, the others follow in their order.
static size_t order_caused(const struct report_table *table,
                           const struct report_cell **cells, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < table->cell_count && n < room; i++) {
        const struct report_cell *cell = &table->cells[i];
        double caused_ns = cell->statistics.caused_cpu_ns;
        if (!cell->ranked || cell->base_of != NULL || isnan(caused_ns))
            continue;
        size_t place = n++;
        for (; place > 0 && cells[place - 1]->statistics.caused_cpu_ns > caused_ns;
             place--)
            cells[place] = cells[place - 1];
        cells[place] = cell;
    }
    return n;
}

// A model that leaves work to its peer is not cheap: rows are compared by the sum.
static void describe_caused(json_t *lines, const struct report_table *table)
{
    const struct report_cell *cells[64];
    size_t n = order_caused(table, cells, ARRAY_LEN(cells));
    if (n < 2)
        return;
    char line[LINE_SIZE] = "";
    extend(line, "CPU sum: %.80s causes least;", cells[0]->label);
    for (size_t i = 1; i < n; i++) {
        const struct ratio *ratio = &cells[i]->statistics.caused_ratio;
        char text[3][24];
        format_ratio(text[0], sizeof text[0], ratio->estimate);
        format_ratio(text[1], sizeof text[1], ratio->interval.low);
        format_ratio(text[2], sizeof text[2], ratio->interval.high);
        extend(line, "%s %.80s %s times as much (%s–%s)", i == 1 ? "" : ",",
               cells[i]->label, text[0], text[1], text[2]);
    }
    add_line(lines, "%s", line);
}

// How much the figures move although nothing differs.
static void describe_noise(json_t *lines, const struct table_noise *noise)
{
    if (noise->noisy)
        add_line(lines,
                 "NOISY: some rounds were disturbed from outside and count all the "
                 "same, since no re-runs were left: conclude nothing from this");
    if (noise->floor >= 0)
        add_line(lines,
                 "noise floor: rows against themselves differ by up to %.1f %% (%zu "
                 "pairs); less than that is no difference",
                 100 * noise->floor, noise->twins.n);
    if (fabs(noise->drift) > TABLE_NOISE_DRIFT)
        add_line(lines,
                 "drift: times %s during the session (rank correlation with the round "
                 "%+.2f); ratios within rounds are not touched by that",
                 noise->drift > 0 ? "grew" : "fell", noise->drift);
}

static void describe_blocks(json_t *lines, const struct report_table *table)
{
    for (size_t i = 0; i < table->block_count; i++) {
        const struct report_block *block = &table->blocks[i];
        if (!block->valid)
            add_line(lines, "round %.0f was disturbed and is left out: %s", block->number,
                     block->invalid_reason == NULL ? "no reason given"
                                                   : block->invalid_reason);
    }
}

json_t *words_notes(const struct report_table *table)
{
    json_t *lines = json_array();
    if (table->decided_after > 0)
        add_line(lines,
                 "decided after %.0f rounds: each two rows are told apart, or equal "
                 "within %.0f %%",
                 table->decided_after, 100 * VERDICT_THRESHOLD);
    describe_verification(lines, &table->verification);
    describe_caused(lines, table);
    describe_short_runs(lines, table);
    describe_noise(lines, &table->noise);
    for (size_t i = 0; i < table->cell_count; i++) {
        describe_network(lines, &table->cells[i]);
        describe_remarks(lines, &table->cells[i]);
    }
    describe_blocks(lines, table);
    return lines;
}
