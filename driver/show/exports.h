// SPDX-License-Identifier: MIT
//
// exports.h - an analysed report in the formats of other tools. They know less than the
// report does: none of them has blocks, so what is compared there is compared unpaired.
#ifndef QUARTET_DRIVER_SHOW_EXPORTS_H
#define QUARTET_DRIVER_SHOW_EXPORTS_H

#include "driver/report/model.h"

#include <stdio.h>

// JUnit XML: a case per row of each table. One that failed, was wrong, did other work or
// became slower is a failure; one that could not run or be decided is skipped.
void export_junit(FILE *file, const struct report *report);

// The form of hyperfine's --export-json: seconds, a result per ranked row.
void export_hyperfine(FILE *file, const struct report *report);

// Text of Go's benchmarks, for benchstat: a line per run.
void export_gobench(FILE *file, const struct report *report);

// JSON of Google Benchmark: an entry per run.
void export_gbench(FILE *file, const struct report *report);

// A script for gnuplot with its data: `gnuplot FILE >plot.svg`. Ratios of each table.
void export_gnuplot(FILE *file, const struct report *report);

// A specification for Vega-Lite with its data: the same, a facet per table.
void export_vega_lite(FILE *file, const struct report *report);

// JSON of github-action-benchmark ("customSmallerIsBetter"): an entry per row, its median in
// ns and the interval of that.
void export_github_action(FILE *file, const struct report *report);

#endif
