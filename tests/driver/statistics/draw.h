// SPDX-License-Identifier: MIT
//
// draw.h - random numbers of the two distributions from which simulated runs are made.
#ifndef QUARTET_TESTS_DRIVER_STATISTICS_DRAW_H
#define QUARTET_TESTS_DRIVER_STATISTICS_DRAW_H

#include "driver/statistics/random.h"

#include <math.h>

// A number between 0 and 1, but never 0, of which draw_normal() takes the logarithm: the middle
// of one of 2^53 equal parts.
static inline double draw_uniform(struct random *random)
{
    return ((double)(random_next(random) >> 11) + 0.5) / 9007199254740992.0;
}

// A number of the standard normal distribution, by the method of Box and Muller.
static inline double draw_normal(struct random *random)
{
    double radius = sqrt(-2 * log(draw_uniform(random)));
    return radius * cos(6.283185307179586 * draw_uniform(random));
}

#endif
