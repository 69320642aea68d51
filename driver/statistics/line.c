// SPDX-License-Identifier: MIT
//
// line.c - see line.h.
#include "driver/statistics/line.h"

#include "lib/check.h"

#include <math.h>

struct line line_through(const double *x, const double *y, size_t n)
{
    double count = (double)n;
    double mean_x = 0, mean_y = 0, sxx = 0, sxy = 0, residuals = 0;
    CHECK(n >= 3);
    for (size_t i = 0; i < n; i++) {
        mean_x += x[i] / count;
        mean_y += y[i] / count;
    }
    for (size_t i = 0; i < n; i++) {
        sxx += (x[i] - mean_x) * (x[i] - mean_x);
        sxy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    double slope = sxy / sxx;
    for (size_t i = 0; i < n; i++) {
        double off = y[i] - mean_y - slope * (x[i] - mean_x);
        residuals += off * off;
    }
    return (struct line){.slope = slope, .error = sqrt(residuals / (count - 2) / sxx)};
}
