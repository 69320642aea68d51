// SPDX-License-Identifier: MIT
//
// tables.h - an analysed report as text, Markdown or CSV. Text and Markdown show the
// same cells (table_view.h decides what stands in them) in different frames; CSV gives
// all figures in SI units for other programs.
//
// All three accept any report that was analysed (analysis/analysis.h); what is unknown is
// left empty or shown as "-".
#ifndef QUARTET_DRIVER_SHOW_TABLES_H
#define QUARTET_DRIVER_SHOW_TABLES_H

#include "driver/report/model.h"

#include <stdbool.h>
#include <stdio.h>

#define TABLES_COLUMNS 6

struct tables_style {
    bool colour; // may escape sequences be used?
    int width;   // in columns; less important figures are left out to fit. 0: no limit
    int height;  // in lines: a conclusion that does not fit says less. 0: no limit
    bool wide;   // all figures; else the TABLES_COLUMNS most important ones
    bool legend; // and how to read them
};

// The style that suits what `file` is connected to, neither wide nor with a legend.
void tables_style_detect(struct tables_style *style, FILE *file);

void tables_text(FILE *file, const struct report *report,
                 const struct tables_style *style);
void tables_markdown(FILE *file, const struct report *report);
void tables_csv(FILE *file, const struct report *report);

#endif
