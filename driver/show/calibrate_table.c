// SPDX-License-Identifier: MIT
//
// calibrate_table.c - see calibrate_table.h.
#include "driver/show/calibrate_table.h"

#include "driver/report/counter_verdict.h"
#include "driver/report/json.h"
#include "driver/report/metric.h"
#include "driver/show/gate_table.h"
#include "driver/statistics/floor.h"
#include "lib/format.h"

#include <math.h>
#include <string.h>

#define COLUMN 9 // wide, of a floor

static const json_t *metric_at(const json_t *cell, enum metric metric)
{
    return json_object_get(tree_at(cell, "metrics"), metric_name(metric));
}

// A column of figures that nobody knows only takes room.
static bool is_known(const json_t *cells, enum metric metric)
{
    size_t index;
    json_t *cell;
    json_array_foreach(cells, index, cell)
    {
        if (!isnan(tree_number(metric_at(cell, metric), "floor")))
            return true;
    }
    return false;
}

static void print_heading(FILE *file, const json_t *cells, const char *table)
{
    fprintf(file, "\n%-24s %9s %5s", table, "median", "pairs");
    for (enum metric metric = 0; metric < METRIC_COUNT; metric++)
        if (is_known(cells, metric))
            fprintf(file, " %*.*s", COLUMN, COLUMN, gate_words_metric(metric));
    fputs("  false alarms\n", file);
}

// Prints counters, where they were counted, in a line below the row.
static void print_counters(FILE *file, const json_t *cell)
{
    const char *before = "    counts apart by at most:";
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++) {
        const char *name = counter_name(counter);
        const json_t *metric = json_object_get(tree_at(cell, "metrics"), name);
        double floor = tree_number(metric, "floor");
        if (isnan(floor))
            continue;
        fprintf(file, "%s %s %.3g %%", before, gate_words_metric(metric_find(name)),
                100 * floor);
        before = ",";
    }
    if (before[0] == ',')
        fputc('\n', file);
}

static void print_floor(FILE *file, double floor)
{
    char text[24] = "-";
    if (!isnan(floor))
        snprintf(text, sizeof text, "%.2f %%", 100 * floor);
    fprintf(file, " %*s", COLUMN, text);
}

static void print_row(FILE *file, const json_t *cells, const json_t *cell)
{
    char row[80];
    char median[24] = "-";
    const json_t *wall = metric_at(cell, METRIC_WALL);
    double middle = tree_number(wall, "median");
    double confirmed = tree_number(wall, "confirmed");
    format_plain(row, sizeof row, tree_text(cell, "row", "?"));
    if (!json_is_object(tree_at(cell, "metrics"))) {
        char why[400];
        format_plain(why, sizeof why, tree_text(cell, "reason", "it did not run"));
        fprintf(file, "  %-22s %s\n", row, why);
        return;
    }
    if (!isnan(middle))
        format_duration(median, sizeof median, middle);
    fprintf(file, "  %-22s %9s %5.0f", row, median, tree_number(wall, "n"));
    for (enum metric metric = 0; metric < METRIC_COUNT; metric++)
        if (is_known(cells, metric))
            print_floor(file, tree_number(metric_at(cell, metric), "floor"));
    fprintf(file, "  %.0f of %.0f\n", isnan(confirmed) ? 0 : confirmed,
            isnan(confirmed) ? 0 : tree_number(wall, "sessions"));
    print_counters(file, cell);
}

void calibrate_print(FILE *file, const json_t *calibration)
{
    const json_t *cells = tree_array(calibration, "cells");
    const char *table = "";
    size_t index;
    json_t *cell;
    fprintf(file,
            "testbed %s: the smallest effect that can be told from nothing, in %.0f %% "
            "of\nall comparisons; of %d drawn gates at threshold %.1f %%, how many "
            "called a row slower\n",
            tree_text(calibration, "testbed", "?"), 100 * FLOOR_LEVEL, FLOOR_SESSIONS,
            100 * tree_number(calibration, "threshold"));
    json_array_foreach(cells, index, cell)
    {
        const char *own = tree_text(cell, "table", "?");
        if (strcmp(own, table) != 0)
            print_heading(file, cells, own);
        table = own;
        print_row(file, cells, cell);
    }
}
