// SPDX-License-Identifier: MIT
//
// calibrate_counters.c - see calibrate_counters.h.
#include "driver/gate/calibrate_counters.h"

#include "driver/measure/counters.h"
#include "driver/report/counter_verdict.h"
#include "driver/statistics/statistics.h"

#include <math.h>
#include <stdio.h>

// The calibration that gets the counters, and how often each is counted.
struct calibrate_counts {
    struct calibration *calibration;
    unsigned repeat;
};

// A counter has no ratio, and nothing is drawn from it.
static struct calibration_metric make_floor(double *values, unsigned n, double floor)
{
    const double unknown = (double)NAN;
    return (struct calibration_metric){.n = n,
                                       .median = statistics_median(values, n),
                                       .ratio = unknown,
                                       .low = unknown,
                                       .high = unknown,
                                       .floor = floor};
}

static void add_floors(struct calibration_cell *cell, json_t *const *counts,
                       unsigned repeat)
{
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++) {
        double values[COUNTER_REPEAT_MAXIMUM];
        double apart;
        unsigned known = 0;
        for (unsigned i = 0; i < repeat; i++) {
            values[known] = counter_value(counts[i], counter);
            known += isnan(values[known]) ? 0 : 1;
        }
        double floor = counter_spread(values, known, &apart);
        if (isfinite(floor))
            cell->metrics[METRIC_SYSCALLS + counter] = make_floor(values, known, floor);
    }
}

static int count_cell(const struct extra_setting *setting, const struct table *table,
                      const struct cell *cell, struct calibrate_counts *into,
                      struct reason *reason)
{
    json_t *counts[COUNTER_REPEAT_MAXIMUM] = {0};
    int error = 0;
    for (unsigned i = 0; error == 0 && i < into->repeat; i++)
        error = counters_take(setting, table, cell, &counts[i], reason);
    if (error == 0)
        add_floors(calibration_add(into->calibration, cell->result->id), counts,
                   into->repeat);
    for (unsigned i = 0; i < into->repeat; i++)
        json_decref(counts[i]);
    return error;
}

int calibrate_counters(struct session *session, unsigned repeat,
                       struct calibration *calibration, struct reason *reason)
{
    const struct extra_setting setting = {.janitor = &session->janitor};
    struct calibrate_counts into = {calibration, repeat};
    int error = 0;
    for (size_t i = 0; i < session->plan.count; i++) {
        const struct table *table = &session->plan.list[i];
        progress_remark(&session->progress, "counting %u times: %s", repeat,
                        table->result->id);
        for (size_t j = 0; error == 0 && j < table->count; j++)
            if (table->cells[j].live && table->cells[j].base != NULL)
                error = count_cell(&setting, table, &table->cells[j], &into, reason);
    }
    return error;
}
