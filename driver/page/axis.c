// SPDX-License-Identifier: MIT
//
// axis.c - see axis.h.
#include "driver/page/axis.h"

#include <math.h>

#define MARGIN 0.04

struct range range_empty(void)
{
    return (struct range){(double)NAN, (double)NAN};
}

void range_add(struct range *range, double value)
{
    if (!isfinite(value))
        return;
    range->low = fmin(isnan(range->low) ? value : range->low, value);
    range->high = fmax(isnan(range->high) ? value : range->high, value);
}

struct axis axis_make(struct range range, bool logarithmic, double from, double to)
{
    struct axis axis = {logarithmic, range.low, range.high, from, to};
    if (isnan(range.low)) {
        axis.low = 1;
        axis.high = 2;
    }
    if (logarithmic) {
        double margin = fmax(pow(axis.high / axis.low, MARGIN), 1.01);
        axis.low /= margin;
        axis.high *= margin;
    } else {
        double margin = fmax((axis.high - axis.low) * MARGIN, fabs(axis.high) * 0.005);
        margin = margin > 0 ? margin : 1;
        axis.low -= margin;
        axis.high += margin;
    }
    return axis;
}

double axis_at(const struct axis *axis, double value)
{
    double part = (value - axis->low) / (axis->high - axis->low);
    if (axis->logarithmic)
        part = value > 0 ? log(value / axis->low) / log(axis->high / axis->low) : 0;
    return axis->from + (axis->to - axis->from) * fmin(1, fmax(0, part));
}

static size_t linear_ticks(const struct axis *axis, size_t most, double *ticks)
{
    static const double steps[] = {1, 2, 5, 10};
    double wish = (axis->high - axis->low) / (double)most;
    double power = pow(10, floor(log10(wish)));
    double step = 10 * power;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i] * power >= wish) {
            step = steps[i] * power;
            break;
        }
    size_t n = 0;
    long first = (long)ceil(axis->low / step);
    for (long i = first; (double)i * step <= axis->high && n < most; i++)
        ticks[n++] = (double)i * step;
    return n;
}

// Marks at these multiples of the powers of ten.
static size_t power_ticks(const struct axis *axis, const double *multiples, size_t count,
                          double *ticks)
{
    size_t n = 0;
    int last = (int)ceil(log10(axis->high));
    for (int power = (int)floor(log10(axis->low)); power <= last; power++)
        for (size_t i = 0; i < count; i++) {
            double value = multiples[i] * pow(10, power);
            if (value >= axis->low && value <= axis->high && n < AXIS_TICKS)
                ticks[n++] = value;
        }
    return n;
}

size_t axis_ticks(const struct axis *axis, size_t most, double ticks[AXIS_TICKS])
{
    static const double multiples[] = {1, 2, 5};
    size_t n = 0;
    most = most < AXIS_TICKS ? most : AXIS_TICKS;
    if (!axis->logarithmic)
        return linear_ticks(axis, most, ticks);
    n = power_ticks(axis, multiples, 3, ticks);
    if (n > most)
        n = power_ticks(axis, multiples, 1, ticks);
    if (n < 3) // less than a decade or so
        n = linear_ticks(axis, most, ticks);
    for (size_t keep = 1; n > most; keep++) { // every second power
        size_t kept = 0;
        for (size_t i = 0; i < n; i += 2)
            ticks[kept++] = ticks[i];
        n = kept;
    }
    return n;
}
