// SPDX-License-Identifier: MIT
//
// plots.h - the plots of a report. Each is one entry of plots_of_tables[], of a sweep or of
// a gate: whether there is anything to show, how it is called, what it shows in a sentence,
// the drawing, and all its numbers as a table. A new kind of plot is a new entry; page.c and
// `quartet export --format svg` know none by name.
//
// Read next: figure.h, page.h.
#ifndef QUARTET_DRIVER_PAGE_PLOTS_H
#define QUARTET_DRIVER_PAGE_PLOTS_H

#include "driver/report/gate.h"
#include "driver/report/model.h"
#include "driver/trace/strip.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// The labels of a report's rows: the same label has the same colour and mark everywhere.
struct plot_rows {
    size_t count;
    const char **labels; // owned; the texts are the report's
};

// The subject of a plot. `table` or `sweep` is NULL where the plot needs none.
struct plot_subject {
    const struct report *report;
    const struct report_gate *gate; // NULL: there is none
    const struct report_table *table;
    const struct sweep *sweep;
    const struct strips *strips; // of the table; NULL or empty: it was not traced
    const struct plot_rows *rows;
};

#define PLOT_TEXT 600 // bytes of a title or description

struct plot {
    const char *name; // "ratios": part of ids, and what the user names
    const char *title;
    bool (*applies)(const struct plot_subject *subject);
    void (*describe)(char text[PLOT_TEXT], const struct plot_subject *subject);
    double (*height)(const struct plot_subject *subject);
    void (*draw)(FILE *file, const struct plot_subject *subject);
    void (*numbers)(FILE *file, const struct plot_subject *subject);
};

extern const struct plot plot_ratios;  // of a table: each row beside the best
extern const struct plot plot_rounds;  // of a table: each run by the time of day
extern const struct plot plot_latency; // of a table: percentiles
extern const struct plot plot_sweep;   // of a sweep
extern const struct plot plot_gate;    // of a table of a check: head beside base
extern const struct plot plot_strips;  // of a table that was traced: who ran when

// 0 or -ENOMEM. plot_rows_free() in both cases.
int plot_rows_collect(struct plot_rows *rows, const struct report *report);
void plot_rows_free(struct plot_rows *rows);

// The strips of a table, from the files beside the report. strips_free() afterwards.
void plot_strips_load(struct strips *strips, const struct report *report,
                      const struct report_table *table);

// The number of this row's series.
size_t plot_row_series(const struct plot_rows *rows, const char *label);

// A line of marks and labels at this height, in as many lines as plot_legend_height() has
// room for, of the rows for which `shown` holds.
typedef bool plot_shown_function(const struct plot_subject *subject, const char *label);
double plot_legend_height(const struct plot_subject *subject, plot_shown_function *shown);
void plot_legend(FILE *file, const struct plot_subject *subject, double top,
                 plot_shown_function *shown);

#endif
