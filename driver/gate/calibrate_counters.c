// SPDX-License-Identifier: MIT
//
// calibrate_counters.c - see calibrate_counters.h.
#include "driver/gate/calibrate_counters.h"

#include "driver/measure/counters.h"
#include "driver/report/counter_verdict.h"
#include "driver/statistics/statistics.h"

#include <math.h>
#include <stdio.h>

// As a metric of calibration.h, of which a counter has only these three.
static json_t *make_floor(double *values, unsigned n, double floor)
{
    return json_pack("{s:i, s:f, s:n, s:n, s:n, s:f, s:i, s:i, s:i}", "n", (int)n,
                     "median", statistics_median(values, n), "ratio", "low", "high",
                     "floor", floor, "sessions", 0, "suspected", 0, "confirmed", 0);
}

static json_t *make_floors(json_t *const *counts, unsigned repeat)
{
    json_t *floors = json_object();
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
            json_object_set_new(floors, counter_name(counter),
                                make_floor(values, known, floor));
    }
    return floors;
}

static int count_cell(struct session *session, const struct table *table,
                      const struct cell *cell, unsigned repeat, struct reason *reason)
{
    const struct extra_setting setting = {.janitor = &session->janitor};
    json_t *counts[COUNTER_REPEAT_MAXIMUM] = {0};
    int error = 0;
    for (unsigned i = 0; error == 0 && i < repeat; i++)
        error = counters_take(&setting, table, cell, &counts[i], reason);
    if (error == 0)
        json_object_set_new(cell->result->json, "counter_floors",
                            make_floors(counts, repeat));
    for (unsigned i = 0; i < repeat; i++)
        json_decref(counts[i]);
    return error;
}

int calibrate_counters(struct session *session, unsigned repeat, struct reason *reason)
{
    int error = 0;
    for (size_t i = 0; i < session->plan.count; i++) {
        const struct table *table = &session->plan.list[i];
        progress_remark(&session->progress, "counting %u times: %s", repeat,
                        table->result->id);
        for (size_t j = 0; error == 0 && j < table->count; j++)
            if (table->cells[j].live && table->cells[j].base != NULL)
                error = count_cell(session, table, &table->cells[j], repeat, reason);
    }
    return error;
}
