// SPDX-License-Identifier: MIT
//
// drift.c - see drift.h.
#include "driver/statistics/drift.h"

#include <math.h>

#define RISK   0.05
#define NORMAL 1.959964 // half a 95 % interval in standard deviations

bool drift_add(struct drift *drift, double ratio, double low, double high)
{
    if (!(ratio > 0 && low > 0 && high > low && isfinite(ratio) && isfinite(high)))
        return false;
    double error = log(high / low) / (2 * NORMAL);
    drift->n++;
    drift->sum += log(ratio);
    drift->variance += error * error;
    return true;
}

struct drift_verdict drift_judge(const struct drift *drift, double threshold, size_t rows)
{
    double rho = pow(log1p(threshold) / 5, 2);
    double alpha = RISK / (double)(rows > 0 ? rows : 1);
    double widened = drift->variance + rho;
    double border = sqrt(widened * (2 * log(1 / alpha) + log(widened / rho)));
    return (struct drift_verdict){.ratio = exp(drift->sum),
                                  .border = exp(border),
                                  .beyond = drift->n > 0 &&
                                            drift->sum > log1p(threshold) &&
                                            drift->sum > border};
}
