// SPDX-License-Identifier: MIT
//
// table_view.h - one table of a report as strings in rows and columns, ready to be put
// into a frame by tables_text.c or tables_markdown.c. What is shown, in which unit and
// in which order is decided here, once.
//
// Ranked cells come first, fastest median on top; then all others, each with the reason
// why it is not ranked.
#ifndef QUARTET_DRIVER_SHOW_TABLE_VIEW_H
#define QUARTET_DRIVER_SHOW_TABLE_VIEW_H

#include "driver/report/model.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum view_column {
    VIEW_MODEL,
    VIEW_ROW,
    VIEW_WALL,
    VIEW_WALL_INTERVAL,
    VIEW_RATIO,
    VIEW_RATIO_INTERVAL,
    VIEW_START,
    VIEW_RUN,
    VIEW_OPERATION,
    VIEW_CPU,
    VIEW_PEER_CPU,
    VIEW_CAUSED_CPU,
    VIEW_SWITCHES,
    VIEW_CALLS,
    VIEW_INSTRUCTIONS,
    VIEW_MEMORY,
    VIEW_P50,
    VIEW_P99,
    VIEW_COLUMNS,
};

struct view_heading {
    const char *name; // "wall"
    char unit[24];    // "ms", below the name
    bool present;     // does any row have something to show here?
    int importance;   // the lowest is left out first where space is short
};

struct view_row {
    bool ranked;
    bool best;
    char cells[VIEW_COLUMNS][64];
    char verdict[16]; // "DNF", "failed", ... for a row that is not ranked
    char reason[512]; // why it is not
};

struct view {
    char title[200];
    json_t *captions; // lines above the table, strings; owned
    json_t *notes;    // lines below it; owned
    struct view_heading headings[VIEW_COLUMNS];
    size_t row_count;
    struct view_row *rows; // owned
};

// 0 or -ENOMEM. view_destroy() afterwards in both cases.
int view_init(struct view *view, const struct report *report,
              const struct report_table *table);
void view_destroy(struct view *view);

#endif
