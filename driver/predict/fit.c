// SPDX-License-Identifier: MIT
//
// fit.c - see fit.h.
#include "driver/predict/fit.h"

#include "lib/check.h"

#include <math.h>

#define SWEEPS_MOST 200000
#define ENOUGH      1e-12
#define PASSES_MOST 200  // weights, and the prices for them
#define SETTLED     1e-9 // relative change of the weights
#define DISTURBED   0.1  // relative error from which on a run counts for less

// The normal equations, columns scaled to length 1: then all unknowns are of one size,
// whether a term is counted in millions or in ones.
struct normal {
    double matrix[TERMS_MOST][TERMS_MOST];
    double right[TERMS_MOST];
    double length[TERMS_MOST]; // of the column; 0: no row counts it
};

static void make_normal(const struct fit_row *rows, const double *weights,
                        size_t row_count, size_t n, struct normal *normal)
{
    *normal = (struct normal){.right = {0}};
    for (size_t r = 0; r < row_count; r++)
        for (size_t i = 0; i < n; i++)
            normal->length[i] += weights[r] * pow(rows[r].counts[i] / rows[r].scale, 2);
    for (size_t i = 0; i < n; i++)
        normal->length[i] = sqrt(normal->length[i]);
    for (size_t r = 0; r < row_count; r++)
        for (size_t i = 0; i < n; i++) {
            if (!(normal->length[i] > 0))
                continue;
            double left =
                weights[r] * rows[r].counts[i] / rows[r].scale / normal->length[i];
            normal->right[i] += left * rows[r].value / rows[r].scale;
            for (size_t j = 0; j < n; j++)
                if (normal->length[j] > 0)
                    normal->matrix[i][j] +=
                        left * rows[r].counts[j] / rows[r].scale / normal->length[j];
        }
}

// Makes each unknown in turn the best one for the others as they are; the largest change.
static double sweep(const struct normal *normal, size_t n, double *unknowns)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        double slope = normal->right[i];
        if (!(normal->length[i] > 0))
            continue;
        for (size_t j = 0; j < n; j++)
            slope -= normal->matrix[i][j] * unknowns[j];
        double better = fmax(0, unknowns[i] + slope / normal->matrix[i][i]);
        largest = fmax(largest, fabs(better - unknowns[i]));
        unknowns[i] = better;
    }
    return largest;
}

// The prices for these weights.
static void fit_weighted(const struct fit_row *rows, const double *weights,
                         size_t row_count, size_t term_count, double prices[TERMS_MOST])
{
    struct normal normal;
    double unknowns[TERMS_MOST] = {0};
    make_normal(rows, weights, row_count, term_count, &normal);
    for (unsigned i = 0; i < SWEEPS_MOST; i++)
        if (sweep(&normal, term_count, unknowns) < ENOUGH)
            break;
    for (size_t i = 0; i < TERMS_MOST; i++)
        prices[i] =
            i < term_count && normal.length[i] > 0 ? unknowns[i] / normal.length[i] : 0;
}

// The weight of a run, of which these prices explain `found`. Its error is relative to what it
// took, or to what it should have taken if that is more: else a run that was cut short, or
// observed too late, would weigh as many times more.
static double weight_of(const struct fit_row *row, double found)
{
    double growth = fmax(1, 1 + (found - row->value) / row->scale);
    double error = fabs(found - row->value) / row->scale / growth;
    return (error > DISTURBED ? DISTURBED / error : 1) / (growth * growth);
}

// The weights that these prices give; the largest change of one.
static double weigh(const struct fit_row *rows, size_t row_count, size_t term_count,
                    const double *prices, double *weights)
{
    double largest = 0;
    for (size_t r = 0; r < row_count; r++) {
        double found = 0;
        for (size_t i = 0; i < term_count; i++)
            found += rows[r].counts[i] * prices[i];
        double weight = weight_of(&rows[r], found);
        largest = fmax(largest, fabs(weight / weights[r] - 1));
        weights[r] = weight;
    }
    return largest;
}

void fit_prices(const struct fit_row *rows, size_t row_count, size_t term_count,
                double prices[TERMS_MOST])
{
    double weights[FIT_ROWS_MOST];
    CHECK(term_count <= TERMS_MOST && row_count <= FIT_ROWS_MOST);
    for (size_t r = 0; r < row_count; r++)
        weights[r] = 1;
    for (unsigned i = 0; i < PASSES_MOST; i++) {
        fit_weighted(rows, weights, row_count, term_count, prices);
        if (weigh(rows, row_count, term_count, prices, weights) < SETTLED)
            break;
    }
}
