// SPDX-License-Identifier: MIT
//
// axis.h - from values to places in a plot: a range of values, linear or logarithmic, is
// laid over a range of units, and gets marks at round values.
//
// Read next: svg.h, which draws them.
#ifndef QUARTET_DRIVER_PAGE_AXIS_H
#define QUARTET_DRIVER_PAGE_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#define AXIS_TICKS 12

struct axis {
    bool logarithmic;
    double low; // values; > 0 if logarithmic
    double high;
    double from; // where `low` and `high` lie in the plot
    double to;
};

// The range of values in the making: NAN at both ends holds none.
struct range {
    double low;
    double high;
};
struct range range_empty(void);

// Widens the range to the value; what is not finite is passed over.
void range_add(struct range *range, double value);

// An axis over the values with a margin of 4 %; a range that is empty or one point gets
// some width. Logarithmic ones need values above 0.
struct axis axis_make(struct range range, bool logarithmic, double from, double to);

// The place of a value. One beyond the ends lies at the end.
double axis_at(const struct axis *axis, double value);

// Round values within the axis, ascending, at most `most` (and AXIS_TICKS); returns how
// many. Logarithmic: powers of 10, with their multiples 2 and 5 where few of them fit.
size_t axis_ticks(const struct axis *axis, size_t most, double ticks[AXIS_TICKS]);

#endif
