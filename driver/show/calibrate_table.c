// SPDX-License-Identifier: MIT
//
// calibrate_table.c - see calibrate_table.h.
#include "driver/show/calibrate_table.h"

#include "driver/report/counter_verdict.h"
#include "driver/show/gate_table.h"
#include "driver/statistics/floor.h"
#include "driver/statistics/power.h"
#include "lib/format.h"
#include "lib/plain.h"

#include <math.h>
#include <string.h>

static void print_heading(FILE *file, const char *table)
{
    char plain[80];
    plain_copy(plain, sizeof plain, table);
    fprintf(file, "\n%-22s %8s %5s %8s %8s %8s   %-23s %s\n", plain, "median", "pairs",
            "wall", "CPU", "links", "finds", "false alarms");
}

// Prints counters, where they were counted, in a line below the row.
static void print_counters(FILE *file, const struct calibration_cell *cell)
{
    const char *before = "    counts apart by at most:";
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++) {
        enum metric metric = metric_find(counter_name(counter));
        double floor = cell->metrics[metric].floor;
        if (isnan(floor))
            continue;
        fprintf(file, "%s %s %.3g %%", before, gate_words_metric(metric), 100 * floor);
        before = ",";
    }
    if (before[0] == ',')
        fputc('\n', file);
}

static void write_percent(char text[16], const char *before, double part)
{
    snprintf(text, 16, "-");
    if (!isnan(part))
        snprintf(text, 16, "%s%.2f %%", before, 100 * part);
}

// "5.0 % in 9, 2.7 s": pairs, and how long they take.
static void write_finds(char *text, size_t size, const struct calibration_finds *finds)
{
    char time[24];
    snprintf(text, size, "-");
    if (isnan(finds->slowdown))
        return;
    format_duration(time, sizeof time, finds->duration_ns);
    snprintf(text, size, "%.1f %% in %.0f, %s", 100 * finds->slowdown, finds->pairs,
             time);
}

static void print_row(FILE *file, const struct calibration_cell *cell)
{
    char row[80], median[24] = "-", wall[16], cpu[16], links[16], finds[64];
    const struct calibration_metric *whole = &cell->metrics[METRIC_WALL];
    const struct calibration_layout *layout = &cell->layout;
    plain_copy(row, sizeof row, cell->row);
    if (!cell->measured) {
        char why[400];
        plain_copy(why, sizeof why,
                   cell->reason == NULL ? "it did not run" : cell->reason);
        fprintf(file, "  %-20s %s\n", row, why);
        return;
    }
    if (!isnan(whole->median))
        format_duration(median, sizeof median, whole->median);
    write_percent(wall, "", whole->floor);
    write_percent(cpu, "", cell->metrics[METRIC_CPU].floor);
    write_percent(links, isnan(layout->floor) ? "<" : "",
                  isnan(layout->floor) ? layout->limit : layout->floor);
    write_finds(finds, sizeof finds, &cell->finds);
    fprintf(file, "  %-20s %8s %5.0f %8s %8s %8s   %-23s %.0f of %.0f\n", row, median,
            isnan(whole->n) ? 0 : whole->n, wall, cpu, links, finds,
            isnan(whole->confirmed) ? 0 : whole->confirmed,
            isnan(whole->sessions) ? 0 : whole->sessions);
    print_counters(file, cell);
}

static void print_legend(FILE *file, const struct calibration *calibration)
{
    char testbed[40];
    plain_copy(testbed, sizeof testbed, calibration->testbed);
    fprintf(
        file,
        "testbed %s\n"
        "wall, CPU      noise floor: %.0f %% of comparisons of a row with itself show "
        "less\n"
        "links          layout floor: so far links of the same objects lie apart, by "
        "the time\n"
        "               that decides (<: no more than noise does)\n"
        "finds          slow-down that a gate finds in %.0f %% of cases, after how "
        "many pairs,\n"
        "               and how long they take if this row is measured alone\n"
        "false alarms   of %d drawn gates at threshold %.1f %%: REGRESSION\n",
        testbed, 100 * FLOOR_LEVEL, 100 * POWER_LEVEL, FLOOR_SESSIONS,
        100 * calibration->threshold);
}

void calibrate_print(FILE *file, const struct calibration *calibration)
{
    const char *table = NULL;
    print_legend(file, calibration);
    for (size_t i = 0; i < calibration->count; i++) {
        const struct calibration_cell *cell = &calibration->cells[i];
        if (table == NULL || cell->table == NULL || strcmp(cell->table, table) != 0)
            print_heading(file, cell->table);
        table = cell->table;
        print_row(file, cell);
    }
}
