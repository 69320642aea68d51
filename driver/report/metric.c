// SPDX-License-Identifier: MIT
//
// metric.c - see metric.h.
#include "driver/report/metric.h"

#include <math.h>
#include <string.h>

const char *const metric_names[METRIC_UNKNOWN + 1] = {
    [METRIC_WALL] = "wall_ns",
    [METRIC_CPU] = "cpu_ns",
    [METRIC_SWITCHES] = "voluntary_switches",
    [METRIC_FAULTS] = "minor_faults",
    [METRIC_RELATIVE] = "relative",
    [METRIC_SYSCALLS] = "syscalls",
    [METRIC_INSTRUCTIONS] = "instructions",
    [METRIC_MEMORY] = "memory",
    [METRIC_MEMORY_PER_TASK] = "memory_per_task",
    [METRIC_RUN] = "run_ns",
    [METRIC_SPAWN] = "spawn_ns",
    [METRIC_JOIN] = "join_ns",
    [METRIC_P99] = "p99_ns",
    [METRIC_UNKNOWN] = "?",
};

const char *metric_name(enum metric metric)
{
    return metric_names[metric];
}

enum metric metric_find(const char *name)
{
    enum metric metric = 0;
    while (metric < METRIC_UNKNOWN && strcmp(metric_names[metric], name) != 0)
        metric++;
    return metric;
}

bool metric_is_counter(enum metric metric)
{
    return metric >= METRIC_SYSCALLS && metric <= METRIC_MEMORY_PER_TASK;
}

bool metric_is_time(enum metric metric)
{
    return metric == METRIC_WALL || metric == METRIC_CPU;
}

bool metric_is_duration(enum metric metric)
{
    return metric_is_time(metric) || (metric >= METRIC_RUN && metric <= METRIC_P99);
}

static double number_of(const struct sample *sample, enum metric metric)
{
    switch (metric) {
    case METRIC_WALL:
        return sample->wall_ns;
    case METRIC_CPU:
        return sample->record.user_ns + sample->record.system_ns;
    case METRIC_SWITCHES:
        return sample->record.voluntary;
    case METRIC_FAULTS:
        return sample->record.minor_faults;
    case METRIC_RUN:
        return sample->record.phases_ns[PHASE_RUN];
    case METRIC_SPAWN:
        return sample->record.phases_ns[PHASE_SPAWN];
    case METRIC_JOIN:
        return sample->record.phases_ns[PHASE_JOIN];
    default:
        return (double)NAN;
    }
}

double metric_of(const struct sample *sample, enum metric metric)
{
    double number = sample == NULL ? (double)NAN : number_of(sample, metric);
    return isfinite(number) && number > 0 ? number : (double)NAN;
}
