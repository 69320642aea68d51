// SPDX-License-Identifier: MIT
//
// analysis.c - see analysis.h.
#include "driver/analysis/analysis.h"

#include "driver/analysis/cell_statistics.h"
#include "driver/analysis/sample_check.h"
#include "driver/analysis/samples.h"
#include "driver/analysis/summaries.h"
#include "driver/analysis/sweeps.h"
#include "driver/analysis/table_noise.h"
#include "driver/analysis/table_order.h"
#include "driver/analysis/verification.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/walsh.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// A table in work.
struct analysis {
    struct report_table *table;
    struct samples *samples; // of each cell; by_block is NULL where it is not ranked
    double *scratch;         // room for two numbers per block
    struct resamples *shared;
    uint64_t seed;
};

// ---- the ranking -------------------------------------------------------------------

// The start of an interpreter is no cost of a model: tables with rows of anybody are ranked by
// what comes after it, unless the user wants something else.
static bool ranks_by_run(const struct report *report, const struct report_table *table)
{
    const char *rank = report->plan.rank;
    return rank == NULL ? report_has_foreign(table) : strcmp(rank, "run") == 0;
}

static double ranked_ns(const struct report_table *table, size_t index)
{
    const struct cell_statistics *own = &table->cells[index].statistics;
    return table->by_run ? own->run_ns.median : own->wall_ns.median;
}

// Moves the cell up to its place among those that are ranked. Of equal medians, the one
// that stands first in the table comes first.
static void rank(struct report_table *table, size_t index)
{
    double median = ranked_ns(table, index);
    size_t place = table->ranked++;
    for (; place > 0; place--) {
        size_t before = table->ranking[place - 1];
        if (!(ranked_ns(table, before) > median))
            break;
        table->ranking[place] = before;
    }
    table->ranking[place] = index;
}

static int make_ranking(struct analysis *analysis)
{
    struct report_table *table = analysis->table;
    for (size_t i = 0; i < table->cell_count; i++) {
        struct report_cell *cell = &table->cells[i];
        if (!cell->ranked)
            continue;
        int error = samples_collect(table, &cell->samples, &analysis->samples[i]);
        if (error == 0)
            error = cell_statistics_make(cell, &analysis->samples[i]);
        if (error != 0)
            return error;
        rank(table, i);
    }
    return 0;
}

// ---- pairs -------------------------------------------------------------------------

// Puts what `value` gives of two cells, in the blocks in which both have a run that counts
// and a positive value, into the two halves of the scratch space. How many blocks.
static size_t collect_pair(struct analysis *analysis, size_t one, size_t other,
                           double (*value)(const struct sample *sample))
{
    const struct samples *a = &analysis->samples[one];
    const struct samples *b = &analysis->samples[other];
    size_t n = 0;
    for (size_t i = 0; i < a->blocks; i++) {
        if (a->by_block[i] == NULL || b->by_block[i] == NULL)
            continue;
        double value_a = value(a->by_block[i]);
        double value_b = value(b->by_block[i]);
        if (!(value_a > 0) || !(value_b > 0))
            continue;
        analysis->scratch[n] = value_a;
        analysis->scratch[a->blocks + n] = value_b;
        n++;
    }
    return n;
}

// Compares two cells over the blocks in which both have a run that counts. 0 or -ENOMEM.
static int compare_pair(struct analysis *analysis, struct pair *pair)
{
    double *times_a = analysis->scratch;
    double *times_b = analysis->scratch + analysis->table->block_count;
    size_t n = collect_pair(analysis, pair->a, pair->b,
                            analysis->table->by_run ? sample_run_ns : sample_wall_ns);
    int error = statistics_ratio_shared(times_a, times_b, n, analysis->seed,
                                        &analysis->shared, &pair->ratio);
    for (size_t i = 0; i < n; i++)
        times_a[i] = log(times_a[i]) - log(times_b[i]);
    // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): times_b is the second half of scratch
    pair->p = significance_sign_flip(times_a, n, analysis->seed);
    pair->detectable = statistics_detectable(&pair->ratio.interval, 1) - 1;
    return error == 0 && isnan(pair->p) ? -ENOMEM : error;
}

// A cell of another build is compared by the gate (gate/gate.h), and not here.
static bool is_base(const struct report_table *table, size_t rank)
{
    return table->cells[table->ranking[rank]].base_of != NULL;
}

// Every ranked cell against every one that is ahead of it.
static int make_pairs(struct analysis *analysis)
{
    struct report_table *table = analysis->table;
    size_t most = table->ranked * (table->ranked + 1) / 2;
    table->pairs = calloc(most + 1, sizeof *table->pairs);
    int error = table->pairs == NULL ? -ENOMEM : 0;
    for (size_t a = 1; a < table->ranked && error == 0; a++)
        for (size_t b = 0; b < a && error == 0; b++) {
            if (is_base(table, a) || is_base(table, b))
                continue;
            struct pair *pair = &table->pairs[table->pair_count++];
            *pair = (struct pair){.a = table->ranking[a], .b = table->ranking[b]};
            error = compare_pair(analysis, pair);
        }
    return error;
}

// ---- CPU time that a row causes ----------------------------------------------------

// The row that causes least, itself and its peer together. SIZE_MAX: there is no peer.
static size_t find_least(const struct report_table *table)
{
    size_t least = SIZE_MAX;
    for (size_t rank = 0; rank < table->ranked; rank++) {
        size_t index = table->ranking[rank];
        double caused_ns = table->cells[index].statistics.caused_cpu_ns;
        if (is_base(table, rank) || isnan(caused_ns))
            continue;
        if (least == SIZE_MAX || caused_ns < table->cells[least].statistics.caused_cpu_ns)
            least = index;
    }
    return least;
}

// Compares what the others cause with that, within blocks as times are. 0 or -ENOMEM.
static int make_caused(struct analysis *analysis)
{
    struct report_table *table = analysis->table;
    size_t least = find_least(table);
    int error = 0;
    for (size_t rank = 0; rank < table->ranked && error == 0; rank++) {
        size_t index = table->ranking[rank];
        struct cell_statistics *own = &table->cells[index].statistics;
        if (is_base(table, rank) || isnan(own->caused_cpu_ns) || index == least)
            continue;
        size_t n = collect_pair(analysis, index, least, sample_caused_ns);
        // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): both are halves of scratch
        error = statistics_ratio_shared(analysis->scratch,
                                        analysis->scratch + table->block_count, n,
                                        analysis->seed, &analysis->shared,
                                        &own->caused_ratio);
    }
    return error;
}

// ---- a table, a report -------------------------------------------------------------

static int analyse_table(struct report_table *table, uint64_t seed, size_t tables)
{
    struct analysis analysis = {
        .table = table,
        .samples = calloc(table->cell_count + 1, sizeof *analysis.samples),
        .scratch = calloc(2 * table->block_count + 1, sizeof *analysis.scratch),
        .seed = seed};
    table->ranking = calloc(table->cell_count + 1, sizeof *table->ranking);
    int error = -ENOMEM;
    if (analysis.samples != NULL && analysis.scratch != NULL && table->ranking != NULL)
        error = verification_find(table);
    if (error == 0)
        error = make_ranking(&analysis);
    if (error == 0)
        error = make_pairs(&analysis);
    if (error == 0)
        error = make_caused(&analysis);
    if (error == 0)
        error = table_noise_find(table, seed);
    if (error == 0)
        error = table_order_find(table, analysis.samples, tables);
    for (size_t i = 0; analysis.samples != NULL && i < table->cell_count; i++)
        samples_free(&analysis.samples[i]);
    free(analysis.samples);
    free(analysis.scratch);
    resamples_free(analysis.shared);
    return error;
}

// Corrects the p-values of all pairs of the report for being so many.
static int correct_all(struct report *report)
{
    size_t n = 0;
    for (size_t i = 0; i < report->table_count; i++)
        n += report->tables[i].pair_count;
    double *p = calloc(n + 1, sizeof *p);
    if (p == NULL)
        return -ENOMEM;
    n = 0;
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].pair_count; j++)
            p[n++] = report->tables[i].pairs[j].p;
    int error = significance_holm(p, n);
    n = 0;
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].pair_count; j++)
            report->tables[i].pairs[j].p_holm = p[n++];
    free(p);
    return error;
}

int report_analyse(struct report *report, struct reason *reason)
{
    report_forget(report);
    if (sample_check_all(report) != 0)
        return reason_set(reason, -ENOMEM, "cannot check the report: out of memory");
    for (size_t i = 0; i < report->table_count; i++) {
        report->tables[i].by_run = ranks_by_run(report, &report->tables[i]);
        int error =
            analyse_table(&report->tables[i], report->plan.seed, report->table_count);
        if (error != 0)
            return reason_set(reason, error,
                              "cannot analyse table '%.100s': out of memory",
                              report->tables[i].id);
    }
    if (correct_all(report) != 0 || summaries_find(report) != 0 ||
        sweeps_find(report) != 0)
        return reason_set(reason, -ENOMEM, "cannot analyse the report: out of memory");
    return 0;
}

int report_verify(struct report *report)
{
    int error = sample_check_all(report);
    for (size_t i = 0; error == 0 && i < report->table_count; i++)
        error = verification_find(&report->tables[i]);
    return error;
}
