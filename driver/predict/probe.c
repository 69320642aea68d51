// SPDX-License-Identifier: MIT
//
// probe.c - prices from runs: see probe.h.
#include "driver/predict/probe.h"

#include "driver/predict/estimate.h"
#include "driver/predict/fit.h"
#include "driver/statistics/statistics.h"
#include "driver/system/utc.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include "build_info.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZES_MOST (PROBES_MOST + CHECKS_MOST + 1)

// ---- runs ------------------------------------------------------------------------------

// One size of the workload: a probe, a check, or the probe of the turn.
struct size {
    const char *words;
    bool is_check;
    struct situation situation;
    double values[BOOK_MODELS][QUANTITY_COUNT][PROBE_RUNS_MOST];
    double turns[BOOK_MODELS][PROBE_RUNS_MOST];
};

struct probing {
    const struct probe_setting *setting;
    const struct situation *wanted;
    struct book *book;
    const struct runner *runners[BOOK_MODELS];
    size_t size_count;
    struct size sizes[SIZES_MOST];
    const struct size *turn; // NULL: none
};

static int add_size(struct probing *probing, const char *words, bool is_check,
                    struct reason *reason)
{
    const struct situation *wanted = probing->wanted;
    struct size *size = &probing->sizes[probing->size_count++];
    *size = (struct size){.words = words, .is_check = is_check};
    // The choices have no part in the counts, and are added by probe_run().
    return situation_parse_text(&size->situation, &probing->setting->set->list[0],
                                wanted->workload->name, words, reason);
}

static int add_sizes(struct probing *probing, struct reason *reason)
{
    const struct formula *formula = probing->book->formula;
    int error = 0;
    for (size_t i = 0; error == 0 && formula->probes[i] != NULL; i++)
        error = add_size(probing, formula->probes[i], false, reason);
    for (size_t i = 0; error == 0 && formula->checks[i] != NULL; i++)
        error = add_size(probing, formula->checks[i], true, reason);
    for (size_t i = 0; formula->turn != NULL && i < probing->size_count; i++)
        if (strcmp(probing->sizes[i].words, formula->turn) == 0)
            probing->turn = &probing->sizes[i];
    if (error == 0 && formula->turn != NULL && probing->turn == NULL) {
        error = add_size(probing, formula->turn, false, reason);
        probing->turn = &probing->sizes[probing->size_count - 1];
    }
    return error;
}

// All sizes once, by all models; the last time with memory observed, and not timed.
static int run_all(struct probing *probing, unsigned turn, struct reason *reason)
{
    bool memory = turn == probing->setting->runs;
    for (size_t s = 0; s < probing->size_count; s++)
        for (size_t m = 0; m < probing->book->model_count; m++) {
            struct size *size = &probing->sizes[s];
            struct probe_result result;
            const struct probe probe = {probing->runners[m], probing->wanted, size->words,
                                        memory};
            int error = probe_run(probing->setting, &probe, &result, reason);
            if (error != 0)
                return error;
            if (memory) {
                size->values[m][QUANTITY_MEMORY][0] = result.of[QUANTITY_MEMORY];
                continue;
            }
            size->values[m][QUANTITY_WALL][turn] = result.of[QUANTITY_WALL];
            size->values[m][QUANTITY_CPU][turn] = result.of[QUANTITY_CPU];
            size->turns[m][turn] = result.turn_ns;
        }
    return 0;
}

// ---- prices ----------------------------------------------------------------------------

static unsigned runs_of(const struct probing *probing, enum quantity quantity)
{
    return quantity == QUANTITY_MEMORY ? 1 : probing->setting->runs;
}

static double median_of(const double *values, unsigned count)
{
    double copy[PROBE_RUNS_MOST];
    memcpy(copy, values, count * sizeof *values);
    return statistics_median(copy, count);
}

// How far runs with the same options are apart: the standard deviation of the logarithms.
static double find_spread(const struct probing *probing, size_t m, enum quantity quantity)
{
    unsigned runs = runs_of(probing, quantity);
    double squares = 0;
    size_t n = 0;
    for (size_t s = 0; s < probing->size_count && runs > 1; s++) {
        const double *values = probing->sizes[s].values[m][quantity];
        double mean = 0;
        for (unsigned i = 0; i < runs; i++)
            mean += log(values[i]) / runs;
        for (unsigned i = 0; i < runs; i++)
            squares += pow(log(values[i]) - mean, 2);
        n += runs - 1;
    }
    return n == 0 ? 0 : sqrt(squares / (double)n);
}

static void find_prices(struct probing *probing, size_t m, enum quantity quantity)
{
    struct fit_row rows[FIT_ROWS_MOST];
    struct book_model *model = &probing->book->models[m];
    const struct formula *formula = probing->book->formula;
    size_t row_count = 0, terms = 0;
    while (formula->terms[quantity][terms].name != NULL)
        terms++;
    for (size_t s = 0; s < probing->size_count; s++) {
        const struct size *size = &probing->sizes[s];
        struct estimate nothing; // all prices are still 0: what remains is the waiting
        if (size->is_check)
            continue;
        CHECK(row_count < FIT_ROWS_MOST);
        struct fit_row *row = &rows[row_count++];
        row->scale = median_of(size->values[m][quantity], runs_of(probing, quantity));
        estimate_find(probing->book, model, &size->situation, quantity, &nothing);
        row->value = row->scale - nothing.waiting;
        memcpy(row->counts, nothing.counts, sizeof row->counts);
    }
    fit_prices(rows, row_count, terms, model->of[quantity].prices);
    model->of[quantity].spread = find_spread(probing, m, quantity);
}

// The mean square of how far off the predictions of the checks are.
static double check_model(const struct probing *probing, size_t m, enum quantity quantity)
{
    double squares = 0;
    unsigned n = 0;
    for (size_t s = 0; s < probing->size_count; s++) {
        const struct size *size = &probing->sizes[s];
        struct estimate estimate;
        if (!size->is_check)
            continue;
        estimate_find(probing->book, &probing->book->models[m], &size->situation,
                      quantity, &estimate);
        squares +=
            pow(log(median_of(size->values[m][quantity], runs_of(probing, quantity)) /
                    estimate.value),
                2);
        n++;
    }
    return n == 0 ? 0 : squares / n;
}

// Two checks say little of one model, so half of its misfit is that of all models.
static void find_misfits(struct probing *probing, enum quantity quantity)
{
    struct book *book = probing->book;
    double own[BOOK_MODELS];
    double all = 0;
    for (size_t m = 0; m < book->model_count; m++) {
        own[m] = check_model(probing, m, quantity);
        all += own[m] / (double)book->model_count;
    }
    for (size_t m = 0; m < book->model_count; m++)
        book->models[m].of[quantity].misfit = sqrt((own[m] + all) / 2);
}

static void find_turn(struct probing *probing, size_t m)
{
    struct book_model *model = &probing->book->models[m];
    const struct formula *formula = probing->book->formula;
    if (probing->turn != NULL)
        model->turn_ns = median_of(probing->turn->turns[m], probing->setting->runs);
    for (size_t i = 0; formula->turn_price != NULL && i < TERMS_MOST; i++)
        if (formula->terms[QUANTITY_CPU][i].name != NULL &&
            strcmp(formula->terms[QUANTITY_CPU][i].name, formula->turn_price) == 0)
            model->turn_ns = model->of[QUANTITY_CPU].prices[i];
}

static void find_all(struct probing *probing)
{
    for (size_t m = 0; m < probing->book->model_count; m++) {
        find_prices(probing, m, QUANTITY_CPU);
        find_turn(probing, m);
        find_prices(probing, m, QUANTITY_WALL);
        find_prices(probing, m, QUANTITY_MEMORY);
    }
    for (int q = 0; q < QUANTITY_COUNT; q++)
        find_misfits(probing, (enum quantity)q);
}

// ---- the book --------------------------------------------------------------------------

// The control, which runs one task after the other, has no model of its own to predict.
static void choose_models(struct probing *probing)
{
    const struct runner_set *set = probing->setting->set;
    struct book *book = probing->book;
    for (size_t i = 0; i < set->count && book->model_count < BOOK_MODELS; i++) {
        const struct runner *runner = &set->list[i];
        if (strcmp(runner->name, "sequential") == 0 || runner->foreign ||
            runner_workload(runner, probing->wanted->workload->name) == NULL)
            continue;
        probing->runners[book->model_count] = runner;
        struct book_model *model = &book->models[book->model_count++];
        snprintf(model->name, sizeof model->name, "%s", runner->name);
    }
}

static void begin_book(const struct situation *situation, struct book *book)
{
    *book = (struct book){.formula = formula_find(situation->workload->name)};
    situation_choices(situation, book->choices);
    utc_now(book->measured_utc);
    snprintf(book->version, sizeof book->version, "%s", QUARTET_VERSION);
}

int probe_book(const struct probe_setting *setting, const struct situation *situation,
               struct book *book, struct reason *reason)
{
    struct probing *probing = allocate(1, sizeof *probing);
    probing->setting = setting;
    probing->wanted = situation;
    probing->book = book;
    begin_book(situation, book);
    choose_models(probing);
    int error = add_sizes(probing, reason);
    for (unsigned turn = 0; error == 0 && turn <= setting->runs; turn++)
        error = run_all(probing, turn, reason);
    if (error == 0)
        find_all(probing);
    free(probing);
    return error;
}
