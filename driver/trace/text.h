// SPDX-License-Identifier: MIT
//
// text.h - strips for terminals and lessons, 80 columns wide.
#ifndef QUARTET_DRIVER_TRACE_TEXT_H
#define QUARTET_DRIVER_TRACE_TEXT_H

#include "driver/trace/strip.h"

#include <stdio.h>

// Prints all strips on one time axis. With few tasks each has its letter; with more than
// STRIP_DETAIL tasks or lanes it is shown how many run and wait.
#define STRIP_DETAIL 24
void strip_text(FILE *file, const struct strips *strips);

// The parts of a picture of something else than workers: the axis of time, and the row of a
// task with a label of at most 12 columns.
void strip_text_axis(FILE *file, double end_ns);
void strip_text_task(FILE *file, const struct strip *strip, uint32_t task,
                     const char *label);

#endif
