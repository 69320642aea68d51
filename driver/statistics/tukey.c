// SPDX-License-Identifier: MIT
//
// tukey.c - see tukey.h.
#include "driver/statistics/tukey.h"

#include <math.h>
#include <stdbool.h>

// ---- the studentized range -----------------------------------------------------------

#define NORMAL_MOST   6.5 // standard deviations: beyond, there is nothing
#define NORMAL_STEPS  32  // of a quadrature by trapezoids, which is exact for such curves
#define SPREAD_STEPS  64
#define DENSITY_LEAST 1e-14 // adds nothing

// The standard normal distribution at the points of the quadrature.
struct normal {
    double z[NORMAL_STEPS + 1];
    double density[NORMAL_STEPS + 1]; // times the width of a step
    double below[NORMAL_STEPS + 1];
};

static double normal_below(double z)
{
    return erfc(-z / sqrt(2)) / 2;
}

static void normal_tabulate(struct normal *normal)
{
    double step = 2 * NORMAL_MOST / NORMAL_STEPS;
    for (int i = 0; i <= NORMAL_STEPS; i++) {
        double z = -NORMAL_MOST + step * i;
        normal->z[i] = z;
        normal->density[i] = step * exp(-z * z / 2) / sqrt(8 * atan(1));
        normal->below[i] = normal_below(z);
    }
}

// The probability that k standard normal numbers span more than w: that the others do not
// all lie within w below the largest.
static double range_above(const struct normal *normal, double w, size_t k)
{
    double within = 0;
    if (k == 2)
        return erfc(w / 2);
    for (int i = 0; i <= NORMAL_STEPS; i++) {
        double one = normal->below[i] - normal_below(normal->z[i] - w);
        double others = 1;
        for (size_t j = 1; j < k; j++)
            others *= one;
        within += normal->density[i] * others;
    }
    return fmax(0, 1 - (double)k * within);
}

// The density of s, an estimate of a standard deviation of 1.
static double spread_density(double s, double df)
{
    double half = df / 2;
    return s <= 0 ? 0
                  : exp(log(2) + half * log(half) - lgamma(half) + (df - 1) * log(s) -
                        half * s * s);
}

double tukey_p(double q, size_t k, size_t df)
{
    struct normal normal;
    double step = (1 + 10 / sqrt(2.0 * (double)df)) / SPREAD_STEPS;
    double sum = 0;
    if (isnan(q) || k < 2 || df == 0)
        return (double)NAN;
    normal_tabulate(&normal);
    for (int i = 1; i <= SPREAD_STEPS; i++) {
        double density = spread_density(step * i, (double)df);
        if (density > DENSITY_LEAST)
            sum += density * range_above(&normal, q * step * i, k);
    }
    return fmin(1, sum * step);
}

// ---- a table -------------------------------------------------------------------------

struct layout {
    const double *logs;
    size_t blocks;
    size_t rows;
};

static double at(const struct layout *layout, size_t block, size_t row)
{
    return layout->logs[block * layout->rows + row];
}

static double row_mean(const struct layout *layout, size_t row)
{
    double sum = 0;
    for (size_t block = 0; block < layout->blocks; block++)
        sum += at(layout, block, row);
    return sum / (double)layout->blocks;
}

static double block_mean(const struct layout *layout, size_t block)
{
    double sum = 0;
    for (size_t row = 0; row < layout->rows; row++)
        sum += at(layout, block, row);
    return sum / (double)layout->rows;
}

static double grand_mean(const struct layout *layout)
{
    double sum = 0;
    for (size_t row = 0; row < layout->rows; row++)
        sum += row_mean(layout, row);
    return sum / (double)layout->rows;
}

// The variance that neither rows nor blocks explain.
static double residual_variance(const struct layout *layout)
{
    double grand = grand_mean(layout);
    double sum = 0;
    for (size_t row = 0; row < layout->rows; row++) {
        double mean = row_mean(layout, row);
        for (size_t block = 0; block < layout->blocks; block++) {
            double rest =
                at(layout, block, row) - mean - block_mean(layout, block) + grand;
            sum += rest * rest;
        }
    }
    return sum / (double)((layout->rows - 1) * (layout->blocks - 1));
}

// Of the differences of two rows.
static double pair_variance(const struct layout *layout, size_t a, size_t b)
{
    double mean = row_mean(layout, a) - row_mean(layout, b);
    double sum = 0;
    for (size_t block = 0; block < layout->blocks; block++) {
        double rest = at(layout, block, a) - at(layout, block, b) - mean;
        sum += rest * rest;
    }
    return sum / (double)(layout->blocks - 1);
}

// |difference| in standard errors. Where nothing varies, any difference is infinite.
static double studentized(double difference, double variance, size_t blocks)
{
    if (difference == 0)
        return 0;
    return fabs(difference) / sqrt(variance / (double)blocks);
}

static double compare(const struct layout *layout, double variance, size_t tables,
                      size_t a, size_t b)
{
    size_t n = layout->blocks;
    size_t k = layout->rows;
    double difference = row_mean(layout, a) - row_mean(layout, b);
    double own = pair_variance(layout, a, b);
    double of_table = tukey_p(studentized(difference, variance, n), k, (k - 1) * (n - 1));
    double of_pair = tukey_p(studentized(difference, own / 2, n), 2, n - 1);
    double pairs = (double)k * (double)(k - 1) / 2;
    return fmin(1, fmax((double)tables * of_table, pairs * of_pair));
}

void tukey_compare(const double *logs, size_t blocks, size_t rows, size_t tables,
                   double *p)
{
    const struct layout layout = {.logs = logs, .blocks = blocks, .rows = rows};
    bool enough = blocks >= TUKEY_BLOCKS_LEAST && rows >= 2;
    double variance = enough ? residual_variance(&layout) : (double)NAN;
    for (size_t a = 0; a < rows; a++)
        for (size_t b = 0; b <= a; b++) {
            double one =
                enough && a != b ? compare(&layout, variance, tables, a, b) : (double)NAN;
            p[a * rows + b] = one;
            p[b * rows + a] = one;
        }
}
