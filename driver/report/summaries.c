// SPDX-License-Identifier: MIT
//
// summaries.c - see summaries.h.
#include "driver/report/summaries.h"

#include "driver/report/json.h"
#include "driver/statistics/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool same_class(const json_t *one, const json_t *other)
{
    return strcmp(tree_text(one, "kind", ""), tree_text(other, "kind", "")) == 0 &&
           strcmp(tree_text(one, "setting", ""), tree_text(other, "setting", "")) == 0;
}

// The median of the row with this label, divided by that of the best row; NAN: it is not
// ranked here.
static double ratio_to_best(const json_t *table, const char *label)
{
    double own = (double)NAN;
    double best = (double)NAN;
    size_t index;
    json_t *cell;
    json_array_foreach(tree_array(table, "cells"), index, cell)
    {
        double median = tree_number(cell, "statistics.wall_ns.median");
        best = fmin(best, median); // fmin() passes NAN over
        if (strcmp(tree_text(cell, "label", ""), label) == 0)
            own = median;
    }
    return own / best;
}

// The mean over all tables of this one's class, or NAN where the row is missing in one.
static double mean_ratio(json_t *tables, const json_t *first, const char *label,
                         double *scratch)
{
    size_t n = 0;
    size_t index;
    json_t *table;
    json_array_foreach(tables, index, table)
    {
        if (same_class(table, first))
            scratch[n++] = ratio_to_best(table, label);
    }
    return statistics_geometric_mean(scratch, n);
}

static json_t *summarise_class(json_t *tables, const json_t *first, double *scratch)
{
    json_t *ids = json_array();
    json_t *rows = json_array();
    size_t index;
    json_t *entry;
    json_array_foreach(tables, index, entry)
    {
        if (same_class(entry, first))
            json_array_append(ids, tree_at(entry, "id"));
    }
    json_array_foreach(tree_array(first, "cells"), index, entry)
    {
        const char *label = tree_text(entry, "label", "");
        double mean = mean_ratio(tables, first, label, scratch);
        if (isfinite(mean))
            json_array_append_new(rows,
                                  json_pack("{s:s, s:f}", "label", label, "ratio", mean));
    }
    return json_pack("{s:O?, s:O?, s:o, s:o}", "kind", tree_at(first, "kind"), "setting",
                     tree_at(first, "setting"), "tables", ids, "rows", rows);
}

// Is this the first table of its class, and not the only one?
static bool begins_class(json_t *tables, size_t number)
{
    const json_t *table = json_array_get(tables, number);
    size_t others = 0;
    for (size_t i = 0; i < json_array_size(tables); i++) {
        if (!same_class(json_array_get(tables, i), table))
            continue;
        if (i < number)
            return false;
        others += i > number;
    }
    return others > 0;
}

int summaries_add(json_t *report)
{
    json_t *tables = tree_array(report, "tables");
    json_t *summaries = json_array();
    double *scratch = calloc(json_array_size(tables) + 1, sizeof *scratch);
    int failed = summaries == NULL || scratch == NULL;
    for (size_t i = 0; !failed && i < json_array_size(tables); i++)
        if (begins_class(tables, i))
            failed = json_array_append_new(
                summaries, summarise_class(tables, json_array_get(tables, i), scratch));
    free(scratch);
    return json_object_set_new(report, "summaries", summaries) != 0 || failed ? -ENOMEM
                                                                              : 0;
}
