// SPDX-License-Identifier: MIT
//
// metric.c - see metric.h.
#include "driver/report/metric.h"

#include "driver/report/json.h"

#include <math.h>

const char *metric_name(enum metric metric)
{
    static const char *const names[METRIC_COUNT] = {"wall_ns", "cpu_ns",
                                                    "voluntary_switches", "minor_faults"};
    return names[metric];
}

bool metric_is_time(enum metric metric)
{
    return metric == METRIC_WALL || metric == METRIC_CPU;
}

static double number_of(const json_t *sample, enum metric metric)
{
    switch (metric) {
    case METRIC_WALL:
        return tree_number(sample, "wall_ns");
    case METRIC_CPU:
        return tree_number(sample, "record.cpu_ns.user") +
               tree_number(sample, "record.cpu_ns.system");
    case METRIC_SWITCHES:
        return tree_number(sample, "record.context_switches.voluntary");
    case METRIC_FAULTS:
        return tree_number(sample, "record.page_faults.minor");
    case METRIC_COUNT:
        break;
    }
    return (double)NAN;
}

double metric_of(const json_t *sample, enum metric metric)
{
    double number = number_of(sample, metric);
    return isfinite(number) && number > 0 ? number : (double)NAN;
}
