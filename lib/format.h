// SPDX-License-Identifier: MIT
//
// format.h - figures for people. All figures of a column share one unit and, where they
// are of similar size, one number of decimals (a `scale`), so that the eye can compare
// them digit by digit. Always with a decimal point, whatever the user's locale.
#ifndef QUARTET_LIB_FORMAT_H
#define QUARTET_LIB_FORMAT_H

#include <stddef.h>

struct scale {
    const char *unit; // "ms"
    double size;      // one unit in the base unit (ns or bytes)
    int decimals;     // of the smallest figure, and the most of any
    int digits;       // a figure has at most one digit more than this
};

// The scale for times in ns (NANs are skipped): the unit such that the largest stays
// below 10,000, the decimals such that the smallest has about `digits` digits.
struct scale scale_for_times(const double *ns, size_t n, int digits);

// The same for bytes: KiB, MiB or GiB.
struct scale scale_for_sizes(const double *bytes, size_t n, int digits);

// "201.3", or "-" for NAN.
void format_scaled(char *text, size_t size, const struct scale *scale, double value);

// "200.1–204.4", or "-".
void format_interval(char *text, size_t size, const struct scale *scale, double low,
                     double high);

// "950", "12.3k", "4.56M", or "-".
void format_count(char *text, size_t size, double count);

// A number of something per operation: "4.4e-05", "0.24", "6.09", "264", or "-".
void format_number(char *text, size_t size, double number);

// A ratio with three or four digits: "1.034", "12.34", "123.4".
void format_ratio(char *text, size_t size, double ratio);

// A duration by itself: "250 ms", "95.2 s".
void format_duration(char *text, size_t size, double ns);

// A size by itself: "5.31 MiB", or "-".
void format_size(char *text, size_t size, double bytes);

// A confidence as one may claim it: "95 %" from 0.95 upwards, else "87.5 %".
void format_confidence(char *text, size_t size, double confidence);

// How many columns UTF-8 text takes, each letter counted as one.
size_t format_width(const char *text);

#endif
