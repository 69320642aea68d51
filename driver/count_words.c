// SPDX-License-Identifier: MIT
//
// count_words.c - see count_words.h.
#include "driver/count_words.h"

#include "driver/counter_verdict.h"
#include "driver/format.h"
#include "driver/statistics.h"
#include "driver/tree.h"
#include "lib/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PER_OPERATION_LEAST 0.05 // what is less is mostly the start of the program
#define LINE_WIDTH          88

// What is shown of a count: one number of its `counters`.
struct column {
    const char *heading;
    double (*value)(const json_t *counters);
    void (*format)(char *text, size_t size, double value);
};

// ---- numbers -----------------------------------------------------------------------

static double calls_of(const json_t *counters)
{
    return counter_value(counters, COUNTER_SYSCALLS) /
           tree_number(counters, "syscalls.operations");
}

static double waits_of(const json_t *counters)
{
    return tree_number(counters, "syscalls.waits") /
           tree_number(counters, "syscalls.operations");
}

static double instructions_of(const json_t *counters)
{
    return tree_number(counters, "instructions.per_operation");
}

static double memory_of(const json_t *counters)
{
    return tree_number(counters, "memory.bytes");
}

static double per_task_of(const json_t *counters)
{
    return counter_value(counters, COUNTER_MEMORY_PER_TASK);
}

static const struct column columns[] = {
    {"calls", calls_of, format_number},
    {"waits", waits_of, format_number},
    {"instructions", instructions_of, format_number},
    {"memory", memory_of, format_size},
    {"per task", per_task_of, format_size},
};

// ---- lines -------------------------------------------------------------------------

void count_words_heading(FILE *file, const json_t *table, unsigned repeat)
{
    fprintf(file, "%s, per operation (%s)", tree_text(table, "id", "?"),
            tree_text(table, "operation", "?"));
    if (repeat > 1)
        fprintf(file, "; below, the spread of %u counts", repeat);
    fprintf(file, "\n  %-22s", "");
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        fprintf(file, " %12s", columns[i].heading);
    fputc('\n', file);
}

// The values of one column that are known, sorted. Returns how many.
static size_t collect(const struct column *column, json_t *const *counts, unsigned repeat,
                      double *values)
{
    size_t n = 0;
    for (unsigned i = 0; i < repeat; i++) {
        double value = column->value(counts[i]);
        if (!isnan(value))
            values[n++] = value;
    }
    statistics_sort(values, n);
    return n;
}

static void print_spreads(FILE *file, json_t *const *counts, unsigned repeat)
{
    double values[COUNT_REPEAT_MAXIMUM];
    fprintf(file, "  %-22s", "");
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        char text[32] = "";
        size_t n = collect(&columns[i], counts, repeat, values);
        if (n > 1)
            snprintf(text, sizeof text, "%.3g %%",
                     100 * (values[n - 1] - values[0]) /
                         statistics_quantile(values, n, 0.5));
        fprintf(file, " %12s", text);
    }
    fputc('\n', file);
}

// "sendto 1.00, recvfrom 1.00, ...", broken into lines.
static void print_names(FILE *file, const json_t *counters)
{
    double operations = tree_number(counters, "syscalls.operations");
    const char *name;
    json_t *calls;
    size_t used = 0;
    json_object_foreach(tree_at(counters, "syscalls.by_name"), name, calls)
    {
        char text[64];
        double each = json_number_value(calls) / operations;
        if (!(each >= PER_OPERATION_LEAST))
            continue;
        int length = snprintf(text, sizeof text, "%.40s %.2f", name, each);
        if (used == 0 || used + (size_t)length + 2 > LINE_WIDTH) {
            fprintf(file, "%s    ", used == 0 ? "" : ",\n");
            used = 4;
        } else {
            fputs(", ", file);
            used += 2;
        }
        fputs(text, file);
        used += (size_t)length;
    }
    if (used > 0)
        fputc('\n', file);
}

static void print_missing(FILE *file, const json_t *counters)
{
    // Why there is neither: a tool that is missing. The others say what makes no sense.
    static const char *const needed[] = {"syscalls", "memory"};
    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        char plain[400];
        const char *why = tree_text(tree_at(counters, "missing"), needed[i], NULL);
        if (why == NULL)
            continue;
        format_plain(plain, sizeof plain, why);
        fprintf(file, "    no %s: %s\n", needed[i], plain);
    }
}

void count_words_row(FILE *file, const json_t *cell, json_t *const *counts,
                     unsigned repeat)
{
    double values[COUNT_REPEAT_MAXIMUM];
    fprintf(file, "  %-22s", tree_text(cell, "label", "?"));
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        char text[32];
        size_t n = collect(&columns[i], counts, repeat, values);
        columns[i].format(text, sizeof text,
                          n == 0 ? (double)NAN : statistics_quantile(values, n, 0.5));
        fprintf(file, " %12s", text);
    }
    fputc('\n', file);
    if (repeat > 1)
        print_spreads(file, counts, repeat);
    print_names(file, counts[0]);
    print_missing(file, counts[0]);
}
