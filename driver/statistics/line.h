// SPDX-License-Identifier: MIT
//
// line.h - a straight line through points. Memory over the number of tasks is one: its
// slope is what a task weighs, and what a program needs anyway is in its offset.
//
// Read next: measure/counters_memory.c and tools/bytes_per_task.c, which use it.
#ifndef QUARTET_DRIVER_STATISTICS_LINE_H
#define QUARTET_DRIVER_STATISTICS_LINE_H

#include <stddef.h>

struct line {
    double slope;
    double error; // the standard error of the slope
};

// Ordinary least squares: slope = Sxy / Sxx; its standard error is the root of the
// residuals' variance, with n - 2 degrees of freedom, over Sxx. n must be 3 at least, and
// not all x alike.
// Source: N. Draper and H. Smith, "Applied Regression Analysis", 3rd ed., chapter 1.
struct line line_through(const double *x, const double *y, size_t n);

#endif
