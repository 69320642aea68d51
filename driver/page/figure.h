// SPDX-License-Identifier: MIT
//
// figure.h - a plot with all that belongs to it: in a page with a heading, what it shows,
// and the table of its numbers; as a file of its own with the theme.
#ifndef QUARTET_DRIVER_PAGE_FIGURE_H
#define QUARTET_DRIVER_PAGE_FIGURE_H

#include "driver/page/plots.h"

// Prints the plot as a <figure>, or nothing if it does not apply. `id`: that of the section.
void figure_print(FILE *file, const struct plot *plot, const struct plot_subject *subject,
                  const char *id);

// Prints the plot as an SVG file. false: it does not apply.
bool figure_print_alone(FILE *file, const struct plot *plot,
                        const struct plot_subject *subject);

// Prints one plot of a report as an SVG file, of the first table or sweep that it applies to.
// false: there is none.
bool figure_print_report(FILE *file, const struct report *report,
                         const struct plot *plot);

// All plots, and their names as choices of an option, in the same order.
extern const struct plot *const figure_plots[];
#define FIGURE_PLOTS "ratios|rounds|latency|sweep|gate|strips"

#endif
