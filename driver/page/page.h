// SPDX-License-Identifier: MIT
//
// page.h - a report as one page for a browser, report.html: conclusion first, then what
// each table says at a glance, then each table with its plots, their numbers, its notes and
// where it comes from. The page is one file: no script, no request to anywhere, light and
// dark, for narrow screens and for paper.
//
// Read next: plots.h for the plots, theme.h for how it looks.
#ifndef QUARTET_DRIVER_PAGE_PAGE_H
#define QUARTET_DRIVER_PAGE_PAGE_H

#include "driver/report/model.h"

#include <stdio.h>

// Prints the page of any report that was analysed (analysis/analysis.h). Its raw data are a
// link to report.json in the same folder. Whatever comes from the report is text, never
// markup.
void page_print(FILE *file, const struct report *report);

// The beginning of any page: its head with the style sheet, the shapes of marks, and the heading
// in a <header> that is still open.
void page_open(FILE *file, const char *title);

#endif
