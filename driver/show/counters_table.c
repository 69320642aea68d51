// SPDX-License-Identifier: MIT
//
// counters_table.c - see counters_table.h.
#include "driver/show/counters_table.h"

#include "driver/report/counter_verdict.h"
#include "driver/report/members.h"
#include "lib/check.h"
#include "lib/format.h"
#include "lib/plain.h"

#include <math.h>
#include <string.h>

#define PER_OPERATION_LEAST 0.05  // what is less is mostly the start of the program
#define WAITS_LEAST         0.005 // but a program waits seldom
#define LINE_WIDTH          88

// A column: one number of the `counters` of a cell.
struct column {
    const char *heading;
    double (*value)(const json_t *counters);
    void (*format)(char *text, size_t size, double value);
};

// ---- numbers -----------------------------------------------------------------------

static double calls_of(const json_t *counters)
{
    return counter_value(counters, COUNTER_SYSCALLS) /
           counter_read(counters, COUNTER_SYSCALLS).operations;
}

static double waits_of(const json_t *counters)
{
    const struct counted calls = counter_read(counters, COUNTER_SYSCALLS);
    return calls.waits / calls.operations;
}

static double instructions_of(const json_t *counters)
{
    return counter_read(counters, COUNTER_INSTRUCTIONS).per_operation;
}

static double memory_of(const json_t *counters)
{
    return counter_read(counters, COUNTER_MEMORY).bytes;
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

void counters_table_heading(FILE *file, const struct report_table *table, unsigned repeat)
{
    const char *id = table->id;
    if (repeat > 1)
        plain_line(file, "%s: spread of %u counts", id, repeat);
    else
        plain_line(file, "%s, per operation (%s)", id, table->operation);
    fprintf(file, "  %-22s", "");
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        fprintf(file, " %12s", columns[i].heading);
    fputc('\n', file);
}

static void print_spreads(FILE *file, json_t *const *counts, unsigned repeat)
{
    double values[COUNTER_REPEAT_MAXIMUM];
    double apart;
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        char text[32] = "-";
        for (unsigned n = 0; n < repeat; n++)
            values[n] = columns[i].value(counts[n]);
        double spread = counter_spread(values, repeat, &apart);
        if (!isnan(spread))
            snprintf(text, sizeof text,
                     spread < 1e-4 && spread > 0 ? "%.1g %%" : "%.2f %%", 100 * spread);
        fprintf(file, " %12s", text);
    }
    fputc('\n', file);
}

// As the gate sees it: what is apart by less than counter_least() is the same.
static void note_spreads(struct count_spreads *spreads, const struct report_cell *cell,
                         json_t *const *counts, unsigned repeat)
{
    double values[COUNTER_REPEAT_MAXIMUM];
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++) {
        double apart;
        for (unsigned n = 0; n < repeat; n++)
            values[n] = counter_value(counts[n], counter);
        double spread = counter_spread(values, repeat, &apart);
        if (!(spread > spreads->largest[counter]) || apart < counter_least(counter))
            continue;
        spreads->largest[counter] = spread;
        plain_copy(spreads->where[counter], sizeof spreads->where[counter], cell->id);
    }
}

void counters_table_summary(FILE *file, const struct count_spreads *spreads)
{
    fputs("largest spread of what decides, and the tolerance that is built in\n", file);
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++)
        fprintf(file, "  %-22s %10.4f %% %10.4f %%  %s\n", counter_name(counter),
                100 * spreads->largest[counter], 100 * counter_tolerance_builtin(counter),
                spreads->where[counter]);
}

// "sendto 1.00, recvfrom 1.00, ...", broken into lines.
static void print_names(FILE *file, const json_t *counters)
{
    const struct counted counted = counter_read(counters, COUNTER_SYSCALLS);
    const char *name;
    json_t *calls;
    size_t used = 0;
    json_object_foreach(counted.by_name, name, calls)
    {
        char text[64];
        double each = json_number_value(calls) / counted.operations;
        if (!(each >= (counter_is_wait(name) ? WAITS_LEAST : PER_OPERATION_LEAST)))
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

struct switches {
    double operations, voluntary, involuntary;
};

#define OF(field) MEMBER_AS("switches." #field, struct switches, field, MEMBER_PLAIN)
static const struct member switches_list[] = {OF(operations), OF(voluntary),
                                              OF(involuntary)};
MEMBERS_OF(switches);
#undef OF

// They repeat too badly for a column, and for the gate.
static void print_switches(FILE *file, const json_t *counters)
{
    struct switches own;
    members_read(counters, &switches_members, &own);
    double voluntary = own.voluntary / own.operations;
    double involuntary = own.involuntary / own.operations;
    if (voluntary + involuntary >= WAITS_LEAST)
        fprintf(file, "    context switches: voluntary %.2f, involuntary %.2f\n",
                voluntary, involuntary);
}

static void print_missing(FILE *file, const json_t *counters)
{
    // Why there is neither: a tool that is missing. The others say what makes no sense.
    static const enum counter needed[] = {COUNTER_SYSCALLS, COUNTER_MEMORY};
    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        char plain[400];
        const char *why = counter_missing(counters, needed[i]);
        if (why == NULL)
            continue;
        plain_copy(plain, sizeof plain, why);
        fprintf(file, "    no %s: %s\n", counter_name(needed[i]), plain);
    }
}

void counters_table_row(FILE *file, const struct report_cell *cell, json_t *const *counts,
                        unsigned repeat, struct count_spreads *spreads)
{
    fprintf(file, "  %-22s", cell->label);
    if (repeat > 1) {
        print_spreads(file, counts, repeat);
        note_spreads(spreads, cell, counts, repeat);
    } else {
        for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
            char text[32];
            columns[i].format(text, sizeof text, columns[i].value(counts[0]));
            fprintf(file, " %12s", text);
        }
        fputc('\n', file);
        print_names(file, counts[0]);
        print_switches(file, counts[0]);
    }
    print_missing(file, counts[0]);
}
