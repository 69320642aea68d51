// SPDX-License-Identifier: MIT
//
// plots.c - what all plots share: the series of the rows, and the legend. See plots.h.
#include "driver/page/plots.h"

#include "driver/page/svg.h"
#include "driver/page/theme.h"
#include "lib/format.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LEGEND_LINE 18.0 // units
#define LEGEND_GAP  14.0
#define LEGEND_MARK 12.0
#define LABEL_MOST  44 // letters

// ---- series ------------------------------------------------------------------------

static size_t find(const struct plot_rows *rows, const char *label)
{
    size_t index = 0;
    while (index < rows->count && strcmp(rows->labels[index], label) != 0)
        index++;
    return index;
}

int plot_rows_collect(struct plot_rows *rows, const struct report *report)
{
    size_t most = 1;
    for (size_t i = 0; i < report->table_count; i++)
        most += report->tables[i].cell_count;
    *rows = (struct plot_rows){.labels = calloc(most, sizeof *rows->labels)};
    if (rows->labels == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].cell_count; j++) {
            const char *label = report->tables[i].cells[j].label;
            if (find(rows, label) == rows->count)
                rows->labels[rows->count++] = label;
        }
    return 0;
}

void plot_rows_free(struct plot_rows *rows)
{
    free(rows->labels);
}

size_t plot_row_series(const struct plot_rows *rows, const char *label)
{
    return find(rows, label);
}

// ---- the legend --------------------------------------------------------------------

static double label_width(const char *label)
{
    size_t letters = format_width(label);
    return LEGEND_MARK + LEGEND_GAP +
           (double)(letters < LABEL_MOST ? letters : LABEL_MOST) * THEME_LETTER;
}

// Moves `at` behind a label, into the next line if it does not fit; returns where it is.
static struct point place(struct point *at, const char *label)
{
    double width = label_width(label);
    if (at->x > 0 && at->x + width - LEGEND_GAP > SVG_WIDTH)
        *at = (struct point){0, at->y + LEGEND_LINE};
    struct point found = *at;
    at->x += width;
    return found;
}

double plot_legend_height(const struct plot_subject *subject, plot_shown_function *shown)
{
    struct point at = {0, 0};
    for (size_t i = 0; i < subject->rows->count; i++)
        if (shown(subject, subject->rows->labels[i]))
            place(&at, subject->rows->labels[i]);
    return at.y + LEGEND_LINE;
}

void plot_legend(FILE *file, const struct plot_subject *subject, double top,
                 plot_shown_function *shown)
{
    struct point at = {0, top};
    for (size_t i = 0; i < subject->rows->count; i++) {
        const char *label = subject->rows->labels[i];
        if (!shown(subject, label))
            continue;
        struct point found = place(&at, label);
        svg_mark(file, i, false, (struct point){found.x + 6, found.y + 8});
        svg_text_fit(file, "note",
                     (struct point){found.x + LEGEND_MARK + 3, found.y + 12},
                     LABEL_MOST * THEME_LETTER, label);
    }
}
