// SPDX-License-Identifier: MIT
//
// row.h - the rows of a picture of a strip, whatever it is drawn with: a lane, a task of a
// loop, or a CPU.
#ifndef QUARTET_DRIVER_TRACE_ROW_H
#define QUARTET_DRIVER_TRACE_ROW_H

#include "driver/trace/strip.h"

// Which spans of a strip belong to a row.
struct row {
    int lane, task, cpu; // -1: any
    bool only_runs;
};

bool row_has(const struct row *row, const struct strip_span *span);

// Has it workers with many tasks in flight, so that tasks need rows of their own?
bool strip_has_loops(const struct strip *strip);

// Has any task run on this CPU?
bool strip_uses_cpu(const struct strip *strip, uint32_t cpu);

// One more than the highest CPU of the spans.
uint32_t strip_cpu_end(const struct strip *strip);

#endif
