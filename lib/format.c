// SPDX-License-Identifier: MIT
//
// format.c - see format.h.
#include "lib/format.h"

#include "lib/check.h"

#include <math.h>
#include <stdio.h>

#define DECIMALS_MAX 4

static const struct scale time_units[] = {
    {"ns", 1, 0, 0}, {"µs", 1e3, 0, 0}, {"ms", 1e6, 0, 0}, {"s", 1e9, 0, 0}};

static const struct scale size_units[] = {{"KiB", 1024, 0, 0},
                                          {"MiB", 1048576, 0, 0},
                                          {"GiB", 1073741824, 0, 0}};

// How many decimals show `digits` digits of `value`.
static int decimals_for(double value, int digits)
{
    if (!(value > 0))
        return 0;
    double decimals = digits - 1 - floor(log10(value));
    return (int)fmin(DECIMALS_MAX, fmax(0, decimals));
}

// `next`: how many of one unit are better said in the next one.
static struct scale scale_for(const struct scale *units, size_t unit_count, double next,
                              const double *values, size_t n, int digits)
{
    double largest = 0;
    double smallest = (double)INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (!(values[i] > 0))
            continue;
        largest = fmax(largest, values[i]);
        smallest = fmin(smallest, values[i]);
    }
    size_t unit = 0;
    while (unit + 1 < unit_count && largest >= next * units[unit].size)
        unit++;
    struct scale scale = units[unit];
    scale.digits = digits;
    if (largest > 0)
        scale.decimals = decimals_for(smallest / scale.size, digits);
    return scale;
}

struct scale scale_for_times(const double *ns, size_t n, int digits)
{
    return scale_for(time_units, ARRAY_LEN(time_units), 10000, ns, n, digits);
}

struct scale scale_for_sizes(const double *bytes, size_t n, int digits)
{
    return scale_for(size_units, ARRAY_LEN(size_units), 1024, bytes, n, digits);
}

// Decimals of one figure: those of the column, but no more than make sense beside it.
static int decimals_of(const struct scale *scale, double figure)
{
    if (!(figure > 0))
        return scale->decimals;
    int most = decimals_for(figure, scale->digits + 1);
    return scale->decimals < most ? scale->decimals : most;
}

void format_scaled(char *text, size_t size, const struct scale *scale, double value)
{
    double figure = value / scale->size;
    if (isnan(value))
        snprintf(text, size, "-");
    else
        snprintf(text, size, "%.*f", decimals_of(scale, figure), figure);
}

void format_interval(char *text, size_t size, const struct scale *scale, double low,
                     double high)
{
    char low_text[64];
    char high_text[64];
    format_scaled(low_text, sizeof low_text, scale, low);
    format_scaled(high_text, sizeof high_text, scale, high);
    if (isnan(low) || isnan(high))
        snprintf(text, size, "-");
    else
        snprintf(text, size, "%s–%s", low_text, high_text);
}

void format_count(char *text, size_t size, double count)
{
    static const char *const suffixes[] = {"", "k", "M", "G", "T"};
    if (isnan(count)) {
        snprintf(text, size, "-");
        return;
    }
    size_t suffix = 0;
    while (suffix + 1 < ARRAY_LEN(suffixes) && count >= 999.5) {
        count /= 1000;
        suffix++;
    }
    int decimals = suffix == 0 || count >= 99.95 ? 0 : count >= 9.995 ? 1 : 2;
    snprintf(text, size, "%.*f%s", decimals, count, suffixes[suffix]);
}

void format_number(char *text, size_t size, double number)
{
    if (isnan(number))
        snprintf(text, size, "-");
    else
        snprintf(text, size,
                 number < 0.1 && number > 0 ? "%.2g"
                 : number < 100             ? "%.2f"
                                            : "%.0f",
                 number);
}

void format_ratio(char *text, size_t size, double ratio)
{
    if (isnan(ratio))
        snprintf(text, size, "-");
    else
        snprintf(text, size, "%.*f", ratio < 10 ? 3 : ratio < 100 ? 2 : 1, ratio);
}

void format_duration(char *text, size_t size, double ns)
{
    struct scale scale = scale_for(time_units, ARRAY_LEN(time_units), 1000, &ns, 1, 3);
    char figure[64];
    format_scaled(figure, sizeof figure, &scale, ns);
    snprintf(text, size, "%s %s", figure, scale.unit);
}

void format_size(char *text, size_t size, double bytes)
{
    struct scale scale = scale_for_sizes(&bytes, 1, 3);
    char figure[32];
    format_scaled(figure, sizeof figure, &scale, bytes);
    snprintf(text, size, isnan(bytes) ? "-" : "%s %s", figure, scale.unit);
}

void format_confidence(char *text, size_t size, double confidence)
{
    if (isnan(confidence))
        snprintf(text, size, "-");
    else if (confidence >= 0.95)
        snprintf(text, size, "95 %%");
    else // cut, not rounded: 93.75 % must not become 93.8 %
        snprintf(text, size, "%.3g %%", floor(confidence * 1000 + 1e-9) / 10);
}

size_t format_width(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}
