// SPDX-License-Identifier: MIT
//
// walsh.c - the list of all averages, and finding one of them without it: see walsh.h.
#include "driver/statistics/walsh.h"

#include "driver/statistics/random.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

// ---- the list ----------------------------------------------------------------------

static int compare_walsh(const void *left, const void *right)
{
    const struct walsh *a = left;
    const struct walsh *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

struct walsh *walsh_list(const double *d, size_t n)
{
    struct walsh *list = malloc((walsh_count(n) + 1) * sizeof *list);
    if (list == NULL)
        return NULL;
    size_t length = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            list[length++] = (struct walsh){.value = (d[i] + d[j]) / 2,
                                            .i = (uint16_t)i,
                                            .j = (uint16_t)j};
    qsort(list, length, sizeof *list, compare_walsh);
    return list;
}

// ---- one of them -------------------------------------------------------------------
// Row i of a triangle holds the averages of i with i, i+1, ... n-1. Rows ascend, and so do
// columns, so what is smaller than a value forms a staircase, whose steps are found in one
// walk along it. Each walk, with the value of a random candidate, narrows the candidates of
// each row to one side of its step.

struct staircase {
    const double *sorted;
    size_t n;
    size_t *first; // candidates of row i: columns first[i] to end[i] - 1
    size_t *end;
    size_t *less;  // in row i, columns below less[i] are less than the value in question,
    size_t *equal; // and those below equal[i] are not greater
};

static double average(const struct staircase *stairs, size_t i, size_t j)
{
    return (stairs->sorted[i] + stairs->sorted[j]) / 2;
}

// The value of a candidate that is drawn at random; `count` > 0 is how many there are.
static double draw_candidate(const struct staircase *stairs, size_t count,
                             struct random *random)
{
    size_t number = (size_t)random_below(random, count);
    size_t row = 0;
    while (number >= stairs->end[row] - stairs->first[row]) {
        number -= stairs->end[row] - stairs->first[row];
        row++;
    }
    return average(stairs, row, stairs->first[row] + number);
}

// Walks along the steps for `value`; counts what is less, and what is not greater.
static void walk(const struct staircase *stairs, double value, size_t *less,
                 size_t *equal)
{
    size_t n = stairs->n;
    size_t less_column = n;
    size_t equal_column = n;
    *less = *equal = 0;
    for (size_t i = 0; i < n; i++) {
        while (less_column > i && average(stairs, i, less_column - 1) >= value)
            less_column--;
        while (equal_column > i && average(stairs, i, equal_column - 1) > value)
            equal_column--;
        stairs->less[i] = less_column > i ? less_column : i;
        stairs->equal[i] = equal_column > i ? equal_column : i;
        *less += stairs->less[i] - i;
        *equal += stairs->equal[i] - i;
    }
}

// Keeps the candidates that are less than the value of the last walk, or greater; returns
// how many.
static size_t narrow(const struct staircase *stairs, bool keep_less)
{
    size_t count = 0;
    for (size_t i = 0; i < stairs->n; i++) {
        if (keep_less && stairs->end[i] > stairs->less[i])
            stairs->end[i] = stairs->less[i];
        else if (!keep_less && stairs->first[i] < stairs->equal[i])
            stairs->first[i] = stairs->equal[i];
        if (stairs->first[i] > stairs->end[i])
            stairs->first[i] = stairs->end[i];
        count += stairs->end[i] - stairs->first[i];
    }
    return count;
}

int walsh_select(const double *sorted, size_t n, size_t rank, double *value)
{
    size_t *room = malloc(4 * n * sizeof *room);
    if (room == NULL)
        return -ENOMEM;
    struct staircase stairs = {.sorted = sorted,
                               .n = n,
                               .first = room,
                               .end = room + n,
                               .less = room + 2 * n,
                               .equal = room + 3 * n};
    for (size_t i = 0; i < n; i++) {
        stairs.first[i] = i;
        stairs.end[i] = n;
    }
    struct random random;
    random_init(&random, n); // any seed finds the same value
    size_t count = walsh_count(n);
    for (;;) {
        size_t less;
        size_t equal;
        *value = draw_candidate(&stairs, count, &random);
        walk(&stairs, *value, &less, &equal);
        if (less < rank && rank <= equal)
            break;
        count = narrow(&stairs, rank <= less);
    }
    free(room);
    return 0;
}
