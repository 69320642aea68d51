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

struct tables_style {
    bool colour; // may escape sequences be used?
    int width;   // in columns; less important figures are left out to fit. 0: no limit
};

// The style that suits what `file` is connected to.
void tables_style_detect(struct tables_style *style, FILE *file);

void tables_text(FILE *file, const struct report *report,
                 const struct tables_style *style);
void tables_markdown(FILE *file, const struct report *report);
void tables_csv(FILE *file, const struct report *report);

#endif
