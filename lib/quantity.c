// SPDX-License-Identifier: MIT
//
// Quantities with units, as typed and as printed: see options.h. One table of units
// per kind serves both directions.
#include "lib/options.h"

#include "lib/check.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// Units that may follow the number. Only the first name of a factor is ever printed.
struct unit {
    const char *suffix;
    uint64_t factor;
};

// Smallest first; the last row ends the table. A letter has one meaning: k and M count in
// thousands, KiB and MiB are bytes, ms and min are time. Bare letters stand for bytes where
// a size is meant, and counts may be typed in small letters.
static const struct unit count_units[] = {{"", 1},           {"k", 1000},
                                          {"M", 1000000},    {"m", 1000000},
                                          {"G", 1000000000}, {"g", 1000000000},
                                          {NULL, 0}};
static const struct unit size_units[] = {{"", 1},
                                         {"B", 1},
                                         {"KiB", UINT64_C(1) << 10},
                                         {"k", UINT64_C(1) << 10},
                                         {"MiB", UINT64_C(1) << 20},
                                         {"m", UINT64_C(1) << 20},
                                         {"M", UINT64_C(1) << 20},
                                         {"GiB", UINT64_C(1) << 30},
                                         {"g", UINT64_C(1) << 30},
                                         {"G", UINT64_C(1) << 30},
                                         {NULL, 0}};
static const struct unit duration_units[] = {{"ns", 1},
                                             {"us", 1000},
                                             {"ms", 1000000},
                                             {"s", 1000000000},
                                             {"min", UINT64_C(60000000000)},
                                             {"h", UINT64_C(3600000000000)},
                                             {NULL, 0}};

static const struct unit *units_of(enum option_kind kind)
{
    switch (kind) {
    case OPTION_SIZE:
        return size_units;
    case OPTION_DURATION:
        return duration_units;
    default:
        return count_units;
    }
}

static const struct unit *unit_find(const struct unit *units, const char *suffix)
{
    for (const struct unit *unit = units; unit->suffix != NULL; unit++) {
        if (strcmp(unit->suffix, suffix) == 0)
            return unit;
    }
    return NULL;
}

// Decimal fractions are taken where the unit makes them whole: "1.5ms", not "0.5ns".
int quantity_parse(enum option_kind kind, const char *text, uint64_t *value)
{
    if (!isdigit((unsigned char)text[0]))
        return -EINVAL;
    char *end;
    errno = 0;
    uint64_t whole = strtoull(text, &end, 10);
    if (errno != 0)
        return -EINVAL;
    uint64_t fraction = 0;
    uint64_t denominator = 1;
    if (*end == '.') {
        end++;
        if (!isdigit((unsigned char)*end))
            return -EINVAL;
        for (; isdigit((unsigned char)*end); end++) {
            if (denominator >= UINT64_C(1000000000))
                return -EINVAL;
            fraction = fraction * 10 + (uint64_t)(*end - '0');
            denominator *= 10;
        }
    }
    if (kind == OPTION_DURATION && *end == '\0' && whole == 0 && fraction == 0) {
        *value = 0;
        return 0;
    }
    if (*end == ' ' && end[1] != '\0')
        end++; // as it is printed: "24 h"
    const struct unit *unit = unit_find(units_of(kind), end);
    if (unit == NULL || whole > UINT64_MAX / unit->factor / 2)
        return -EINVAL;
    if (fraction * unit->factor % denominator != 0)
        return -EINVAL;
    *value = whole * unit->factor + fraction * unit->factor / denominator;
    return 0;
}

// The largest unit that divides the value, so that nothing is rounded.
void quantity_format(enum option_kind kind, uint64_t value, char *text, size_t size)
{
    const struct unit *best = units_of(kind); // the first of them is 1
    if (value == 0) {
        snprintf(text, size, "0");
        return;
    }
    for (const struct unit *unit = best + 1; unit->suffix != NULL; unit++) {
        if (value % unit->factor == 0 && unit->factor > best->factor)
            best = unit;
    }
    CHECK(best->suffix != NULL);
    // A count's letter belongs to its number; a unit stands apart.
    const char *gap = kind == OPTION_COUNT || best->suffix[0] == '\0' ? "" : " ";
    snprintf(text, size, "%" PRIu64 "%s%s", value / best->factor, gap, best->suffix);
}
