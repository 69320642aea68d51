// SPDX-License-Identifier: MIT
//
// row.c - see row.h.
#include "driver/trace/row.h"

bool row_has(const struct row *row, const struct strip_span *span)
{
    return (row->lane < 0 || (uint32_t)row->lane == span->lane) &&
           (row->task < 0 || (uint32_t)row->task == span->task) &&
           (row->cpu < 0 || (uint32_t)row->cpu == span->cpu) &&
           (!row->only_runs || span->state == STRIP_RUNS);
}

bool strip_has_loops(const struct strip *strip)
{
    size_t workers = 0;
    for (size_t i = 0; i < strip->lane_count; i++)
        workers += !strip->lanes[i].pool;
    return strip->tasks > workers && strip->concurrency > workers;
}

bool strip_uses_cpu(const struct strip *strip, uint32_t cpu)
{
    const struct row row = {-1, -1, (int)cpu, true};
    for (size_t i = 0; i < strip->span_count; i++)
        if (row_has(&row, &strip->spans[i]))
            return true;
    return false;
}

uint32_t strip_cpu_end(const struct strip *strip)
{
    uint32_t end = 0;
    for (size_t i = 0; i < strip->span_count; i++)
        if (strip->spans[i].cpu >= end)
            end = strip->spans[i].cpu + 1;
    return end;
}
