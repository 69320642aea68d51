// SPDX-License-Identifier: MIT
//
// summaries.c - see summaries.h.
#include "driver/analysis/summaries.h"

#include "driver/statistics/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double ranked_ns(const struct report_table *table, const struct report_cell *cell)
{
    return table->by_run ? cell->statistics.run_ns.median
                         : cell->statistics.wall_ns.median;
}

// The median of the row with this label, divided by that of the best row; NAN: it is not
// ranked here.
static double ratio_to_best(const struct report_table *table, const char *label)
{
    double own = (double)NAN;
    for (size_t i = 0; i < table->cell_count; i++)
        if (strcmp(table->cells[i].label, label) == 0)
            own =
                table->cells[i].ranked ? ranked_ns(table, &table->cells[i]) : (double)NAN;
    if (table->ranked == 0)
        return (double)NAN;
    return own / ranked_ns(table, &table->cells[table->ranking[0]]);
}

// The mean over all tables of this one's class, or NAN where the row is missing in one.
static double mean_ratio(const struct report *report, const struct report_table *first,
                         const char *label, double *scratch)
{
    size_t n = 0;
    for (size_t i = 0; i < report->table_count; i++)
        if (report_same_class(&report->tables[i], first))
            scratch[n++] = ratio_to_best(&report->tables[i], label);
    return statistics_geometric_mean(scratch, n);
}

static int summarise_class(const struct report *report, const struct report_table *first,
                           double *scratch, struct class_summary *own)
{
    *own =
        (struct class_summary){.first = first,
                               .rows = calloc(first->cell_count + 1, sizeof *own->rows)};
    if (own->rows == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < first->cell_count; i++) {
        const char *label = first->cells[i].label;
        double ratio = mean_ratio(report, first, label, scratch);
        if (isfinite(ratio))
            own->rows[own->row_count++] = (struct class_row){label, ratio};
    }
    return 0;
}

// Is this the first table of its class, and not the only one?
static bool begins_class(const struct report *report, size_t number)
{
    const struct report_table *table = &report->tables[number];
    size_t others = 0;
    for (size_t i = 0; i < report->table_count; i++) {
        if (!report_same_class(&report->tables[i], table))
            continue;
        if (i < number)
            return false;
        others += i > number;
    }
    return others > 0;
}

int summaries_find(struct report *report)
{
    double *scratch = calloc(report->table_count + 1, sizeof *scratch);
    report->classes = calloc(report->table_count + 1, sizeof *report->classes);
    int error = scratch == NULL || report->classes == NULL ? -ENOMEM : 0;
    for (size_t i = 0; error == 0 && i < report->table_count; i++)
        if (begins_class(report, i))
            error = summarise_class(report, &report->tables[i], scratch,
                                    &report->classes[report->class_count++]);
    free(scratch);
    return error;
}
