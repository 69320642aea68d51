// SPDX-License-Identifier: MIT
//
// show.h - a history for people and programs. One of another tool is printed by
// action_data.h.
#ifndef QUARTET_DRIVER_HISTORY_SHOW_H
#define QUARTET_DRIVER_HISTORY_SHOW_H

#include "driver/history/history.h"

#include <stdio.h>

// A table of all series, then each change with what else changed there.
void history_text(FILE *file, const struct history *history);

// The same as JSON (schema quartet.history/1), with all values.
void history_json(FILE *file, const struct history *history);

// The same as a page: one file, a plot for each series, no scripts and no requests.
void history_page(FILE *file, const struct history *history);

// A value with its unit, "212 ms"; and a ratio as a change, "+5.1 %".
void history_format_value(char *text, size_t size, const struct history_series *series,
                          double value);
void history_format_change(char *text, size_t size, double ratio);

// A commit as it is shown, and the day: "1af0267, 2026-01-31".
void history_format_entry(char *text, size_t size, const struct history_entry *entry);

// One line of what a change is: "+5.1 % at ..., 212 ms -> 223 ms (20 and 40 reports), p 0.0002".
void history_format_line(char *text, size_t size, const struct history *history,
                         const struct history_series *series,
                         const struct history_change *change);

#endif
