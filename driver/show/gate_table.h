// SPDX-License-Identifier: MIT
//
// gate_table.h - what the gate found, for people and for CI services: text, Markdown, and
// the lines and files by which GitHub Actions shows it beside the code.
#ifndef QUARTET_DRIVER_SHOW_GATE_TABLE_H
#define QUARTET_DRIVER_SHOW_GATE_TABLE_H

#include "driver/report/metric.h"

#include <jansson.h>
#include <stdio.h>

// Both print nothing for a report without a `gate`.
void gate_words_text(FILE *file, const json_t *report);
void gate_words_markdown(FILE *file, const json_t *report);

// A metric (report/metric.h) in a word, for headings: "wall", "CPU", "switches".
const char *gate_words_metric(enum metric metric);

// In GitHub Actions: "::error" and "::warning" lines on stdout, and the Markdown appended
// to $GITHUB_STEP_SUMMARY. Elsewhere nothing.
void gate_words_announce(const json_t *report);

#endif
